"""Opening a connection to the first address of a host that answers."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections import deque
from collections.abc import Callable, Iterable
from itertools import chain, zip_longest
from typing import TypeVar

from ._resolve import Address, known_addresses, resolve

# How long one address of a host may keep the next from being tried (RFC 8305).
_HEAD_START_SECONDS = 0.25

ProtocolT = TypeVar("ProtocolT", bound=asyncio.Protocol)


class Dialer:
    """Opens the connections of one event loop; all that want the same host at once ask for it once."""

    def __init__(self) -> None:
        self._asked: dict[tuple[str, int], asyncio.Future[list[Address]]] = {}

    async def dial(
        self, make: Callable[[], ProtocolT], host: str, port: int, local_address: str | None = None
    ) -> ProtocolT:
        """Return a protocol that is connected to ``host``; cancelled, it leaves neither a socket nor a task.

        Args:
            make: Makes the protocol.
            host: A name or an address.
            port: Where to.
            local_address: The address of this machine to call from, if that matters.

        Raises:
            OSError: There is no connecting to any of its addresses.
            UnicodeError: It is no name of a host.
        """
        addresses = known_addresses(host, port) or await self._look_up(host, port)
        # asyncio can race addresses as well, but leaves tasks behind if it is cancelled, and uvloop cannot.
        connected = await _first_to_answer(_mixed(addresses), local_address)
        try:
            _, line = await asyncio.get_running_loop().create_connection(make, sock=connected)
        except BaseException:
            connected.close()
            raise
        return line

    async def _look_up(self, host: str, port: int) -> list[Address]:
        loop = asyncio.get_running_loop()
        asked = self._asked.get((host, port))
        if asked is None:
            asked = loop.create_future()
            resolve(host, port, lambda found: _tell(loop, asked, found))
            self._asked[host, port] = asked
            asked.add_done_callback(lambda _: self._asked.pop((host, port)))
        return await asyncio.shield(asked)


def _tell(
    loop: asyncio.AbstractEventLoop,
    asked: asyncio.Future[list[Address]],
    found: list[Address] | Exception,
) -> None:
    def tell() -> None:
        if isinstance(found, Exception):
            asked.set_exception(found)
            asked.exception()  # or asyncio would report it if nobody waits any longer
        else:
            asked.set_result(found)

    # The event loop may have ended meanwhile.
    with contextlib.suppress(RuntimeError):
        loop.call_soon_threadsafe(tell)


def _mixed(addresses: Iterable[Address]) -> deque[Address]:
    """Return the addresses with the families by turns, so that one that leads nowhere costs little time."""
    families: dict[int, list[Address]] = {}
    for address in addresses:
        families.setdefault(address[0], []).append(address)
    return deque(address for address in chain(*zip_longest(*families.values())) if address is not None)


async def _first_to_answer(addresses: deque[Address], local_address: str | None) -> socket.socket:
    """Return a socket that is connected to one of ``addresses``; each has a head start over the next."""
    if len(addresses) == 1:
        return await _try(addresses[0], local_address)
    loop = asyncio.get_running_loop()
    trying: set[asyncio.Task[socket.socket]] = set()
    failure: BaseException = OSError("the host has no address")
    connected: socket.socket | None = None
    try:
        while addresses or trying:
            if addresses:
                trying.add(loop.create_task(_try(addresses.popleft(), local_address)))
            patience = _HEAD_START_SECONDS if addresses else None
            done, _ = await asyncio.wait(trying, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                if task.exception() is None:
                    trying.discard(task)
                    connected = task.result()
                    return connected
                failure = task.exception() or failure
                trying.discard(task)
        raise failure
    finally:
        try:
            await _give_up(trying)
        except BaseException:
            if connected is not None:
                connected.close()
            raise


async def _give_up(trying: set[asyncio.Task[socket.socket]]) -> None:
    """Leave nothing behind, also of what answered too late."""
    for task in trying:
        task.add_done_callback(_hang_up)
        task.cancel()
    if trying:
        await asyncio.wait(trying)


def _hang_up(task: asyncio.Task[socket.socket]) -> None:
    if not task.cancelled() and task.exception() is None:
        task.result().close()


async def _try(address: Address, local_address: str | None) -> socket.socket:
    family, kind, protocol, _, where = address
    trying = socket.socket(family, kind, protocol)
    try:
        trying.setblocking(False)
        if local_address is not None:
            trying.bind((local_address, 0))
        await asyncio.get_running_loop().sock_connect(trying, where)
    except BaseException:
        trying.close()
        raise
    return trying

"""Connections of an event loop as httpcore wants them, straight on asyncio.

httpcore's own way goes through anyio and costs half of an async call. Closing needs no waiting here, so that
a cancelled call can leave nothing half closed.
"""

from __future__ import annotations

import asyncio
import contextlib
import select
import ssl
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any, cast

import httpcore

from ._dial import Dialer

# More than this is not taken from the socket before what there is has been read. Whoever reads an answer
# takes all that there is each time the event loop goes round, so only a server that sends unasked gets so
# far; an answer must not, since uvloop loses the end of one that is paused, encrypted, and then hung up on.
_MOST_UNREAD = 16 * 1024 * 1024
# Less than this waits for what comes next, so that a request is one packet and wakes its server once.
_MOST_UNSENT = 64 * 1024


class LineBackend(httpcore.AsyncNetworkBackend):
    """Opens the connections of httpcore's classes, in one event loop."""

    def __init__(self) -> None:
        self._dialer = Dialer()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's way
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Open a connection; see httpcore."""
        with _as_connect_errors():
            async with asyncio.timeout(timeout):
                line = await self._dialer.dial(Line, host, port, local_address)
        for option in socket_options or ():
            line.get_extra_info("socket").setsockopt(*option)
        return line

    async def sleep(self, seconds: float) -> None:
        """Wait; see httpcore."""
        await asyncio.sleep(seconds)


class Line(asyncio.Protocol, httpcore.AsyncNetworkStream):
    """Collects what arrives, and wakes whoever waits for it."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._chunks: deque[bytes] = deque()
        self._unread = 0
        self._unsent = bytearray()
        self._request_has_left = False
        self._answer_has_come = False
        self._reading_paused = False
        self._writing_paused = False
        self._ended = False
        self._failure: Exception | None = None
        self._waiter: asyncio.Future[None] | None = None
        self._poll: Any = None

    # --- what the event loop calls ------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See asyncio.Protocol."""
        # uvloop's transports are none of asyncio's classes.
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """See asyncio.Protocol."""
        self._chunks.append(data)
        self._unread += len(data)
        if self._unread > _MOST_UNREAD and not self._reading_paused and self._transport is not None:
            self._reading_paused = True
            self._transport.pause_reading()
        self._wake()

    def eof_received(self) -> None:
        """See asyncio.Protocol; returning nothing lets the event loop close the connection."""
        self._ended = True
        self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        """See asyncio.Protocol."""
        self._ended = True
        self._failure = exc or self._failure
        self._wake()

    def pause_writing(self) -> None:
        """See asyncio.Protocol."""
        self._writing_paused = True

    def resume_writing(self) -> None:
        """See asyncio.Protocol."""
        self._writing_paused = False
        self._wake()

    # --- what httpcore calls ------------------------------------------------------------------------

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109
        """Return what has arrived, all of it that came in one piece; nothing if the other side has ended.

        Raises:
            httpcore.ConnectError: The connection had ended before a byte of the request was sent.
            httpcore.ReadTimeout: Nothing came in time.
            httpcore.ReadError: The connection broke.
        """
        self._send()
        while not self._chunks:
            if self._ended:
                if self._failure is not None:
                    raise httpcore.ReadError(str(self._failure)) from self._failure
                return b""
            await self._wait(timeout, httpcore.ReadTimeout)
        self._answer_has_come = True
        chunk = self._chunks.popleft()
        self._unread -= len(chunk)
        if self._reading_paused and self._unread <= _MOST_UNREAD // 2 and self._transport is not None:
            self._reading_paused = False
            if not self._ended:
                self._transport.resume_reading()
        return chunk

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109
        """Send ``buffer``; little goes out with what comes next, and at the latest when an answer is awaited.

        Raises:
            httpcore.ConnectError: The connection had ended before a byte of the request was sent.
            httpcore.WriteTimeout: The other side did not read in time.
        """
        if self._answer_has_come:
            self._answer_has_come = self._request_has_left = False
        self._unsent += buffer
        if len(self._unsent) < _MOST_UNSENT:
            return
        self._send()
        # Servers answer before they have read everything if they refuse the request.
        while self._writing_paused and not self._ended and not self._chunks:
            await self._wait(timeout, httpcore.WriteTimeout)

    def _send(self) -> None:
        if not self._unsent:
            return
        if self._ended or self._transport is None:
            if not self._request_has_left:
                raise httpcore.ConnectError("the connection had ended before anything was sent")
        else:
            self._request_has_left = True
            self._transport.write(bytes(self._unsent))
        self._unsent.clear()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109
    ) -> httpcore.AsyncNetworkStream:
        """Encrypt from here on; see httpcore."""
        try:
            with _as_connect_errors():
                if self._ended or self._transport is None:
                    raise ConnectionAbortedError("the other side hung up")
                async with asyncio.timeout(timeout):
                    self._transport = await self._loop.start_tls(
                        self._transport, self, ssl_context, server_hostname=server_hostname
                    )
                # After a hang-up in the middle, uvloop returns as if all were well, and asyncio nothing.
                secured = self.get_extra_info("ssl_object")
                if secured is None or secured.cipher() is None:
                    raise ConnectionAbortedError("the other side hung up")
        except Exception as exc:
            self.close()
            if isinstance(exc, httpcore.ConnectError | httpcore.ConnectTimeout):
                raise
            # asyncio's TLS inside of TLS fails in ways of its own.
            raise httpcore.ConnectError(f"{type(exc).__name__}: {exc}") from exc
        except BaseException:
            self.close()
            raise
        return self

    async def aclose(self) -> None:
        """Close the connection at once, without a wait that could be cancelled."""
        self.close()

    def close(self) -> None:
        """Close the connection at once."""
        if self._transport is not None:
            self._transport.abort()
        if not self._ended:
            self._ended = True
            self._failure = ConnectionAbortedError("the client closed the connection")
        self._chunks.clear()
        self._wake()

    def get_extra_info(self, info: str) -> Any:
        """Return what httpcore may want to know."""
        if info == "is_readable":
            return not self._is_quiet()
        names = {"socket": "socket", "ssl_object": "ssl_object", "client_addr": "sockname"}
        name = "peername" if info == "server_addr" else names.get(info)
        return None if name is None or self._transport is None else self._transport.get_extra_info(name)

    # --- and what both need -------------------------------------------------------------------------

    def _is_quiet(self) -> bool:
        """Tell whether the connection is open, with nothing to read and nothing left to send."""
        transport = self._transport
        if transport is None or self._ended or self._chunks or transport.is_closing():
            return False
        if self._unsent or transport.get_write_buffer_size():
            return False
        # The event loop may not have had the time to notice that the other side has closed. A request sent
        # now would be lost, and nobody could tell whether it had been carried out.
        return not self._is_readable(transport.get_extra_info("socket"))

    def _is_readable(self, connected: Any) -> bool:
        if connected is None or connected.fileno() < 0:
            return True
        if not hasattr(select, "poll"):  # Windows
            with contextlib.suppress(OSError, ValueError):
                return bool(select.select([connected], [], [], 0)[0])
            return True
        if self._poll is None:
            self._poll = select.poll()
            self._poll.register(connected.fileno(), select.POLLIN)
        return bool(self._poll.poll(0))

    def _wake(self) -> None:
        waiter, self._waiter = self._waiter, None
        if waiter is not None and not waiter.done():
            waiter.set_result(None)

    async def _wait(self, timeout: float | None, error: Callable[[str], Exception]) -> None:  # noqa: ASYNC109
        waiter = self._waiter = self._loop.create_future()
        # Cheaper than asyncio.timeout(), and no task is cancelled.
        timer = None if timeout is None else self._loop.call_later(timeout, _give_up, waiter, error)
        try:
            await waiter
        finally:
            self._waiter = None
            if timer is not None:
                timer.cancel()


def _give_up(waiter: asyncio.Future[None], error: Callable[[str], Exception]) -> None:
    if not waiter.done():
        waiter.set_exception(error("the time allowed is over"))


@contextlib.contextmanager
def _as_connect_errors() -> Any:
    try:
        yield
    except TimeoutError as exc:
        raise httpcore.ConnectTimeout("connecting took too long") from exc
    except (OSError, UnicodeError) as exc:
        raise httpcore.ConnectError(str(exc)) from exc

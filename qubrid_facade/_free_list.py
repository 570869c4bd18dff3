"""Connections of an event loop under httpx, the free ones in a list.

httpx's own pool looks at every connection and every waiting request whenever one of them comes or goes, so
that each of 64 calls at once costs twice what one alone costs. Here a request takes the free connection that
was used last, and leaves the others alone. The connections are httpcore's, which speak HTTP.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator
from typing import Any, NamedTuple, TypeAlias

import httpcore
import httpx

from ._doubles import is_original
from ._insides import pooled_transports
from ._line import LineBackend

_Origin: TypeAlias = tuple[bytes, bytes, int]


def with_free_lists(client: httpx.AsyncClient, max_connections: int, keepalive_expiry: float) -> None:
    """Give ``client``, which has not been used yet, pools with a free list, also for its proxies.

    Args:
        client: A client that is only ever used in one event loop of asyncio.
        max_connections: How many connections each pool may have; further requests wait in a queue.
        keepalive_expiry: The seconds after which a connection that nobody used is not used again.

    httpx has no public way to another pool that keeps its proxies and certificates, hence the private names;
    a test holds that they are still there. Where they are not, the client stays as it is.
    """
    for transport in pooled_transports(client):
        pool = transport._pool
        if isinstance(pool, httpcore.AsyncConnectionPool) and hasattr(pool, "_network_backend"):
            pool._network_backend = LineBackend()
            transport._pool = FreeListPool(pool, max_connections, keepalive_expiry)


class _Idle(NamedTuple):
    connection: httpcore.AsyncConnectionInterface
    expires: float


class FreeListPool:
    """What httpx expects of httpcore's pool, for HTTP/1.1 on asyncio.

    Args:
        maker: httpcore's pool, which makes the connections, by proxies or without.
        max_connections: How many there may be; further requests wait in a queue.
        keepalive_expiry: The seconds after which a connection that nobody used is not used again.
    """

    def __init__(
        self, maker: httpcore.AsyncConnectionPool, max_connections: int, keepalive_expiry: float
    ) -> None:
        self._maker = maker
        self._most = max_connections
        self._expiry = keepalive_expiry
        # A request may only begin with one of these; they are served first come, first served.
        self._turns = asyncio.Semaphore(max_connections)
        self._connections: set[httpcore.AsyncConnectionInterface] = set()
        self._idle: dict[_Origin, deque[_Idle]] = {}
        self._next_look = 0.0

    async def handle_async_request(self, request: httpcore.Request) -> httpcore.Response:
        """Send ``request`` on a connection of its own and return the answer, whose body is yet to come.

        Raises:
            httpcore.PoolTimeout: No connection became free in time; nothing was sent.
            httpcore.UnsupportedProtocol: The URL is neither http nor https; nothing was sent.
            Exception: As httpcore's connections.
        """
        if not is_original(httpcore.AsyncConnectionPool.handle_async_request, "httpcore"):
            # A test's double (vcrpy's or respx's) has the place of httpcore's pool, and so of this one.
            return await self._maker.handle_async_request(request)
        if request.url.scheme not in (b"http", b"https"):
            raise httpcore.UnsupportedProtocol(f"not http, nor https: {request.url.scheme!r}")
        await self._wait_for_turn(request.extensions.get("timeout", {}).get("pool"))
        connection = None
        try:
            connection, origin = await self._take(request.url)
            response = await connection.handle_async_request(request)
        except BaseException:
            self._turns.release()
            if connection is not None:
                await self._discard(connection)
            raise
        response.stream = _Body(response.stream, self, connection, origin)
        return response

    async def give_back(self, connection: httpcore.AsyncConnectionInterface, origin: _Origin) -> None:
        """Take ``connection`` back; it is closed unless its answer has been read to the end."""
        self._turns.release()
        if connection in self._connections and connection.is_idle():
            _unlock(connection)
            idle = _Idle(connection, time.monotonic() + self._expiry)
            self._idle.setdefault(origin, deque()).append(idle)
        else:
            await self._discard(connection)

    async def aclose(self) -> None:
        """Close all connections, also those in use."""
        self._idle.clear()
        for connection in list(self._connections):
            await self._discard(connection)
        await self._maker.aclose()
        # The event loop closes the sockets in its next round.
        await asyncio.sleep(0)

    async def __aenter__(self) -> FreeListPool:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        idle = sum(map(len, self._idle.values()))
        return f"<{type(self).__name__} {len(self._connections)} connections, {idle} idle>"

    async def _wait_for_turn(self, timeout: float | None) -> None:  # noqa: ASYNC109 - httpcore's way
        if not self._turns.locked():
            await self._turns.acquire()  # at once
            return
        try:
            async with asyncio.timeout(timeout):
                await self._turns.acquire()
        except TimeoutError as exc:
            raise httpcore.PoolTimeout("no connection became free in time") from exc

    async def _take(self, url: httpcore.URL) -> tuple[httpcore.AsyncConnectionInterface, _Origin]:
        leads_to = url.origin
        origin = (leads_to.scheme, leads_to.host, leads_to.port)
        if self._idle:
            await self._discard_expired()
        idle = self._idle.get(origin)
        while idle:
            connection = idle.pop().connection
            if not connection.has_expired():
                return connection, origin
            await self._discard(connection)
        if len(self._connections) >= self._most:
            await self._discard_one_idle()
        connection = self._maker.create_connection(leads_to)
        _unlock(connection)
        self._connections.add(connection)
        return connection, origin

    async def _discard_expired(self) -> None:
        now = time.monotonic()
        if now < self._next_look:
            return
        self._next_look = now + self._expiry / 8
        for origin, idle in list(self._idle.items()):
            # The oldest are at the left.
            while idle and idle[0].expires <= now:
                await self._discard(idle.popleft().connection)
            if not idle:
                del self._idle[origin]

    async def _discard_one_idle(self) -> None:
        """Make room: whoever has a turn may have a connection, and then some other is idle."""
        for idle in self._idle.values():
            if idle:
                await self._discard(idle.popleft().connection)
                return

    async def _discard(self, connection: httpcore.AsyncConnectionInterface) -> None:
        self._connections.discard(connection)
        # It waits for nothing, so that no cancelling can come between; see Line.aclose.
        await connection.aclose()


class _NoLock:
    async def __aenter__(self) -> None:
        pass

    async def __aexit__(self, *_: object) -> None:
        pass


_NO_LOCK = _NoLock()


def _unlock(connection: httpcore.AsyncConnectionInterface) -> None:
    """Take the locks from ``connection``, which serves one request at a time here anyway.

    httpcore's locks let the event loop go round once for each, so that of many calls at once every request
    waits for all the others before it is sent. Where they have other names by now, it is only slower.
    """
    inner = getattr(connection, "_connection", None)
    for owner, name in ((connection, "_request_lock"), (inner, "_state_lock")):
        if hasattr(owner, name):
            setattr(owner, name, _NO_LOCK)


class _Body:
    """An answer's body, as httpx reads and closes it."""

    def __init__(
        self,
        stream: Any,
        pool: FreeListPool,
        connection: httpcore.AsyncConnectionInterface,
        origin: _Origin,
    ) -> None:
        self._stream = stream
        self._pool: FreeListPool | None = pool
        self._connection = connection
        self._origin = origin

    def __aiter__(self) -> AsyncIterator[bytes]:
        chunks: AsyncIterator[bytes] = self._stream.__aiter__()
        return chunks

    async def aclose(self) -> None:
        """Give the connection back."""
        pool, self._pool = self._pool, None
        if pool is None:
            return
        try:
            await self._stream.aclose()
        finally:
            await pool.give_back(self._connection, self._origin)

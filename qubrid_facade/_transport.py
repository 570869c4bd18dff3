"""The httpx clients under the facade: made when first needed, bounded in time, none shared by processes."""

from __future__ import annotations

import contextlib
import os
from collections.abc import AsyncGenerator, Iterator
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import httpx

from ._errors import ConfigurationError
from ._insides import pooled_transports
from ._locks import bear_interrupts, unlock

if TYPE_CHECKING:
    import asyncio  # at run time only where it is needed: it is slow, and the sync client does without

CONNECT_SECONDS = 10.0
"""How long making a connection may take within an attempt's time. Ours; the service publishes nothing."""

# Servers close idle connections, many after 5 s. A request that goes out in that moment is lost, and nobody
# can tell whether it was carried out; so a connection that is nearly as old is not used again.
_IDLE_SECONDS = 4.0
_MOST_CONNECTIONS = 1000
_LIMITS = httpx.Limits(
    max_connections=_MOST_CONNECTIONS, max_keepalive_connections=100, keepalive_expiry=_IDLE_SECONDS
)

HttpT = TypeVar("HttpT", bound=httpx.Client | httpx.AsyncClient)


def timeouts(seconds: float) -> dict[str, float]:
    """Return httpx's four timeouts for an attempt that may take ``seconds`` altogether."""
    return {"connect": min(CONNECT_SECONDS, seconds), "read": seconds, "write": seconds, "pool": seconds}


class _Held(Generic[HttpT]):
    """An httpx client of our own, and the exchanges that are on it.

    It is closed once it is no longer wanted and the last exchange has ended: an answer that is on its way
    has been paid for. Sets are what threads may share without a lock, which a fork could leave locked.
    """

    def __init__(self, client: HttpT) -> None:
        self.client = client
        self.exchanges: set[object] = set()
        self.unwanted = False
        self.guard: AsyncGenerator[None, None] | None = None

    @property
    def finished(self) -> bool:
        """Whether it is to be closed now."""
        return self.unwanted and not self.exchanges


def _made(kind: type[HttpT]) -> HttpT:
    """Return a new httpx client of our own, by the environment's proxies and certificates."""
    try:
        return kind(timeout=None, limits=_LIMITS)  # each request has its own timeouts
    except Exception as exc:
        from ._environment import unusable_environment  # not sooner: it hardly ever is needed

        raise unusable_environment(exc) from exc


class SyncPool:
    """The httpx client that a Qubrid client and its copies share."""

    def __init__(self, http_client: httpx.Client | None) -> None:
        self.given = http_client
        self.closed = False
        self._made: dict[int, _Held[httpx.Client]] = {}

    @property
    def gone(self) -> bool:
        """Whether there is nothing left to call with."""
        return self.closed if self.given is None else self.given.is_closed

    @contextlib.contextmanager
    def lease(self) -> Iterator[httpx.Client]:
        """Give the client of this process for one exchange, made if need be."""
        from ._bounded import bound_in_time  # not sooner: httpcore is slow to import

        if self.given is not None:
            # Outside of our own attempts this changes nothing for the client that the caller gave.
            bound_in_time(self.given)
            yield self.given
            return
        exchange = object()
        held = self._held()
        held.exchanges.add(exchange)
        try:
            yield held.client
        except Exception:
            raise
        except BaseException:
            # An interrupt may have struck between any two lines of httpx's bookkeeping.
            unlock(held.client)
            self._drop()
            raise
        finally:
            held.exchanges.discard(exchange)
            if held.finished:
                held.client.close()

    def _held(self) -> _Held[httpx.Client]:
        from ._bounded import bound_in_time

        # A forked child gets a client of its own: two processes must never speak on one socket.
        held = self._made.get(os.getpid())
        if held is None:
            check_open(self)
            client = _made(httpx.Client)
            bound_in_time(client)
            bear_interrupts(client)
            held = self._made.setdefault(os.getpid(), _Held(client))
        return held

    def _drop(self) -> None:
        held = self._made.pop(os.getpid(), None)
        if held is not None:
            held.unwanted = True
            if held.finished:
                held.client.close()

    def close(self) -> None:
        """Close the connections, as soon as no call is on them; no further call can be made.

        A client that the caller gave stays the caller's to close.
        """
        self.closed = True
        self._drop()


class _Lease(contextlib.AbstractAsyncContextManager[httpx.AsyncClient]):
    """The client of an event loop for one exchange; written out, since a generator costs more."""

    __slots__ = ("_held",)

    def __init__(self, held: _Held[httpx.AsyncClient]) -> None:
        self._held = held

    async def __aenter__(self) -> httpx.AsyncClient:
        self._held.exchanges.add(self)
        return self._held.client

    async def __aexit__(self, *_: object) -> None:
        self._held.exchanges.discard(self)
        if self._held.finished:
            await _close_async(self._held)


class AsyncPool:
    """The httpx clients that an AsyncQubrid client and its copies share, one for each event loop."""

    def __init__(self, http_client: httpx.AsyncClient | None) -> None:
        self.given = http_client
        self.closed = False
        self._made: dict[asyncio.AbstractEventLoop, _Held[httpx.AsyncClient]] = {}
        self._home: asyncio.AbstractEventLoop | None = None
        self._own_on_httpcore = False

    @property
    def gone(self) -> bool:
        """Whether there is nothing left to call with."""
        return self.closed if self.given is None else self.given.is_closed

    def lease(self) -> contextlib.AbstractAsyncContextManager[httpx.AsyncClient]:
        """Give the client of the running event loop for one exchange, made if need be."""
        import asyncio

        loop = asyncio.get_running_loop()
        if self.given is not None:
            self._check_home(self.given, loop)
            return contextlib.nullcontext(self.given)
        return _Lease(self._held(loop))

    def on_httpcore(self) -> bool:
        """Tell whether the leased client keeps its connections in httpcore's pool; see the function."""
        return self._own_on_httpcore if self.given is None else on_httpcore(self.given)

    def _check_home(self, given: httpx.AsyncClient, loop: asyncio.AbstractEventLoop) -> None:
        # Connections belong to their event loop, and httpx keeps them in one pool for all loops. Transports
        # of another kind (a mock, for one) may well be at home everywhere.
        if self._home is None:
            self._home = loop
        elif self._home is not loop and on_httpcore(given):
            raise ConfigurationError(
                "The http_client that this client was given belongs to another event loop",
                hint="Make both anew in each event loop, or give no http_client: a client of our own has "
                "connections for each loop; nothing was sent",
                outcome="not_sent",
            )

    def _held(self, loop: asyncio.AbstractEventLoop) -> _Held[httpx.AsyncClient]:
        from ._free_list import with_free_lists  # not sooner: httpcore is slow to import

        held = self._made.get(loop)
        if held is None:
            check_open(self)
            for other in list(self._made):
                if other.is_closed():
                    self._made.pop(other, None)  # another thread may be at it
            client = _made(httpx.AsyncClient)
            with_free_lists(client, _MOST_CONNECTIONS, _IDLE_SECONDS)
            self._own_on_httpcore = on_httpcore(client)
            held = self._made[loop] = _Held(client)
            held.guard = _closing_with_its_loop(client)
            # Its first step, which does not wait, makes the running loop know it.
            with contextlib.suppress(StopIteration):
                held.guard.asend(None).send(None)
        return held

    async def aclose(self) -> None:
        """Close the running loop's connections, as soon as no call is on them; no further call can be made.

        A client that the caller gave stays the caller's to close.
        """
        import asyncio

        self.closed = True
        held = self._made.pop(asyncio.get_running_loop(), None)
        if held is not None:
            held.unwanted = True
            if held.finished:
                await _close_async(held)


async def _closing_with_its_loop(client: httpx.AsyncClient) -> AsyncGenerator[None, None]:
    # asyncio.run closes every asynchronous generator at its end, while the loop still runs: that is the one
    # moment at which connections can be closed properly if nobody has closed the client.
    try:
        yield
    finally:
        await client.aclose()


async def _close_async(held: _Held[httpx.AsyncClient]) -> None:
    if held.guard is not None:
        await held.guard.aclose()


def check_open(pool: SyncPool | AsyncPool) -> None:
    """Raise ConfigurationError if no call can be made any more."""
    if pool.closed or pool.gone:
        raise ConfigurationError(
            f"{'This client' if pool.closed else 'The http_client that this client was given'} is closed",
            hint="Make a new one, or call inside the with block; nothing was sent",
            outcome="not_sent",
        )


def on_httpcore(client: httpx.AsyncClient) -> bool:
    """Tell whether ``client`` keeps its connections in httpcore's pool, as httpx does by itself."""
    import httpcore  # not sooner: it is slow to import

    return any(
        isinstance(transport._pool, httpcore.AsyncConnectionPool) for transport in pooled_transports(client)
    )


def proxy_of(client: httpx.Client | httpx.AsyncClient, url: httpx.URL) -> str:
    """Return the address of the proxy by which ``client`` reaches ``url``, as it may be shown, or nothing."""
    pool = getattr(client._transport_for_url(url), "_pool", None)
    proxy = getattr(getattr(pool, "_maker", pool), "_proxy_url", None)
    if proxy is None:
        return ""
    port = "" if proxy.port is None else f":{proxy.port}"
    return f"{proxy.scheme.decode()}://{proxy.host.decode()}{port}"


def anything_after(response: httpx.Response) -> bool:
    """Tell whether the server has sent more than the answer.

    httpx keeps what follows an answer, and takes it for the answer to the next request on the connection:
    somebody else's picture. There is no public way to see it, hence the private names; a test holds them.
    """
    # httpx's client wraps the transport's stream once more.
    link: Any = getattr(response.stream, "_stream", response.stream)
    for name in ("_httpcore_stream", "_stream", "_connection", "_h11_state", "trailing_data"):
        link = getattr(link, name, None)
    return bool(link and link[0])

"""The httpx clients under the facade: made when first needed, bounded in time, none shared by processes."""

from __future__ import annotations

import asyncio
import os
import weakref

import httpx

from ._errors import ConfigurationError

CONNECT_SECONDS = 10.0
"""How long making a connection may take within an attempt's time. Ours; the service publishes nothing."""

_LIMITS = httpx.Limits(max_connections=1000, max_keepalive_connections=100, keepalive_expiry=15.0)


def timeouts(seconds: float) -> dict[str, float]:
    """Return httpx's four timeouts for an attempt that may take ``seconds`` altogether."""
    return {"connect": min(CONNECT_SECONDS, seconds), "read": seconds, "write": seconds, "pool": seconds}


class SyncPool:
    """The httpx client that a Qubrid client and its copies share."""

    def __init__(self, http_client: httpx.Client | None) -> None:
        self.given = http_client
        self.closed = False
        self._made: dict[int, httpx.Client] = {}

    @property
    def gone(self) -> bool:
        """Whether there is nothing left to call with."""
        return self.closed if self.given is None else self.given.is_closed

    def client(self) -> httpx.Client:
        """Return the client of this process, made if need be."""
        from ._bounded import bound_in_time  # not sooner: httpcore is slow to import

        if self.given is not None:
            # Outside of our own attempts this changes nothing for the client that the caller gave.
            bound_in_time(self.given)
            return self.given
        # A forked child gets a client of its own: two processes must never speak on one socket.
        process = os.getpid()
        found = self._made.get(process)
        if found is None or found.is_closed:
            made = httpx.Client(timeout=None, limits=_LIMITS)  # noqa: S113 - each request has its own timeouts
            bound_in_time(made)
            if found is None:
                found = self._made.setdefault(process, made)
            else:
                self._made[process] = found = made
        return found

    def close(self) -> None:
        """Close the connections; a client that the caller gave stays the caller's to close."""
        self.closed = True
        found = self._made.pop(os.getpid(), None)
        if found is not None:
            found.close()


class AsyncPool:
    """The httpx clients that an AsyncQubrid client and its copies share, one for each event loop."""

    def __init__(self, http_client: httpx.AsyncClient | None) -> None:
        self.given = http_client
        self.closed = False
        self._made: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, httpx.AsyncClient] = (
            weakref.WeakKeyDictionary()
        )

    @property
    def gone(self) -> bool:
        """Whether there is nothing left to call with."""
        return self.closed if self.given is None else self.given.is_closed

    def client(self) -> httpx.AsyncClient:
        """Return the client of the running event loop, made if need be."""
        if self.given is not None:
            return self.given
        loop = asyncio.get_running_loop()
        found = self._made.get(loop)
        if found is None or found.is_closed:
            found = self._made[loop] = httpx.AsyncClient(timeout=None, limits=_LIMITS)  # noqa: S113 - as above
        return found

    async def aclose(self) -> None:
        """Close the running loop's connections; a client that the caller gave stays the caller's to close."""
        self.closed = True
        found = self._made.pop(asyncio.get_running_loop(), None)
        if found is not None:
            await found.aclose()


def check_open(pool: SyncPool | AsyncPool) -> None:
    """Raise ConfigurationError if no call can be made any more."""
    if pool.closed or pool.gone:
        whose = "This client" if pool.closed else "The http_client that this client was given"
        raise ConfigurationError(
            f"{whose} is closed", hint="Make a new one, or call inside the with block; nothing was sent"
        )

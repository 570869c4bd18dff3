"""Sockets whose every wait ends when the running attempt must (sync clients)."""

from __future__ import annotations

import queue
import time
from collections.abc import Iterable
from typing import Any

import httpcore
import httpx

from ._insides import pooled_transports
from ._resolve import Address, known_addresses, resolve
from ._wire import attempt_ends

# Written in slices so that a peer that reads slowly cannot hold one write beyond the attempt's end: each goes
# into the socket at once, or waits once.
_SLICE = 16 * 1024


def bound_in_time(client: httpx.Client) -> None:
    """Make every wait of ``client`` on a socket end when the running attempt must.

    httpx's own timeouts bound each read; an answer that arrives a byte at a time passes all of them. httpcore
    has a public interface for network backends, but httpx none to pass one on, hence the private names;
    a test holds that they are still there. Transports of another kind are left as they are.
    """
    for transport in pooled_transports(client):
        pool = transport._pool
        backend = getattr(pool, "_network_backend", None)
        if isinstance(backend, httpcore.NetworkBackend) and not isinstance(backend, _BoundedBackend):
            pool._network_backend = _BoundedBackend(backend)


def _bounded(timeout: float | None, error: type[Exception]) -> float | None:
    ends = attempt_ends.get()
    if ends is None:
        return timeout
    remaining = ends - time.monotonic()
    if remaining <= 0:
        raise error("the time allowed is over")
    return remaining if timeout is None else min(timeout, remaining)


def _addresses(host: str, port: int, seconds: float) -> list[str]:
    """Return the addresses of ``host``, found out in at most so many seconds."""
    if known_addresses(host, port):
        return [host]
    found: queue.SimpleQueue[list[Address] | Exception] = queue.SimpleQueue()
    try:
        resolve(host, port, found.put)
        answer = found.get(timeout=seconds)
    except OSError as exc:
        raise httpcore.ConnectError(str(exc)) from exc
    except queue.Empty:
        raise httpcore.ConnectTimeout(f"the name {host} was not resolved in time") from None
    if isinstance(answer, Exception):
        raise httpcore.ConnectError(str(answer))
    return list(dict.fromkeys(str(address[4][0]) for address in answer))


class _BoundedBackend(httpcore.NetworkBackend):
    def __init__(self, inner: httpcore.NetworkBackend) -> None:
        self._inner = inner

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        seconds = _bounded(timeout, httpcore.ConnectTimeout)
        if attempt_ends.get() is None or seconds is None:
            return self._inner.connect_tcp(host, port, timeout, local_address, socket_options)
        # The socket module gives each of a name's addresses the whole time, and its resolver no bound.
        ends = time.monotonic() + seconds
        addresses = _addresses(host, port, seconds)
        failure: Exception = httpcore.ConnectTimeout("the time allowed is over")
        for number, address in enumerate(addresses):
            share = (ends - time.monotonic()) / (len(addresses) - number)
            if share <= 0:
                break
            try:
                stream = self._inner.connect_tcp(address, port, share, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as exc:
                failure = exc
            else:
                return _BoundedStream(stream)
        raise failure

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore.NetworkStream:
        timeout = _bounded(timeout, httpcore.ConnectTimeout)
        return _BoundedStream(self._inner.connect_unix_socket(path, timeout, socket_options))

    def sleep(self, seconds: float) -> None:
        self._inner.sleep(seconds)


class _BoundedStream(httpcore.NetworkStream):
    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, _bounded(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for start in range(0, len(buffer), _SLICE):
            piece = buffer if len(buffer) <= _SLICE else buffer[start : start + _SLICE]
            self._inner.write(piece, _bounded(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        timeout = _bounded(timeout, httpcore.ConnectTimeout)
        return _BoundedStream(self._inner.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)

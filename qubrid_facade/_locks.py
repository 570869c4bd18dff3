"""Locks that an interrupt does not leave locked for ever (sync clients).

An interrupt may strike between a ``with`` statement's last line and its end, and then nobody unlocks.
httpcore takes its pool's lock again while the interrupt passes through, and so does whoever closes the
client.
"""

from __future__ import annotations

import contextlib
import threading

import httpx

from ._insides import pooled_transports

# What a thread may hold twice does not keep itself waiting.
_RLOCK = type(threading.RLock())


def bear_interrupts(client: httpx.Client) -> None:
    """Let an interrupted call on ``client``, which has not been used yet, not wait for itself.

    The names are httpx's private ones, for want of others. Where they are gone by now, ``client`` is left as
    it is.
    """
    for transport in pooled_transports(client):
        if hasattr(transport._pool, "_optional_thread_lock"):
            transport._pool._optional_thread_lock = threading.RLock()


def unlock(client: httpx.Client) -> None:
    """Unlock what this thread has left locked, now that it is in no call on ``client`` any more."""
    for transport in pooled_transports(client):
        lock = getattr(transport._pool, "_optional_thread_lock", None)
        with contextlib.suppress(RuntimeError):  # it is not locked, or not by this thread
            while isinstance(lock, _RLOCK):
                lock.release()

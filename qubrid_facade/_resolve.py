"""Finding out a host's addresses, without having to wait for a resolver that does not answer."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable
from typing import Any, TypeAlias

Address: TypeAlias = tuple[int, int, int, str, Any]
"""Family, type, protocol, canonical name, and where to connect to: as getaddrinfo gives it."""


def known_addresses(host: str, port: int) -> list[Address] | None:
    """Return what ``host`` is if it is an address already, else nothing."""
    for family in (socket.AF_INET, socket.AF_INET6):
        with contextlib.suppress(OSError, ValueError):
            socket.inet_pton(family, host.partition("%")[0])
            return _ask(host, port, socket.AI_NUMERICHOST)
    return None


def resolve(host: str, port: int, tell: Callable[[list[Address] | Exception], object]) -> None:
    """Look up ``host`` in a thread of its own, which tells what it found, or why not.

    A resolver cannot be interrupted. It is left to itself when nobody wants to wait any longer, and keeps no
    program from ending.

    Raises:
        OSError: There can be no more threads.
    """

    def ask() -> None:
        try:
            found: list[Address] | Exception = _ask(host, port)
        except Exception as exc:  # noqa: BLE001 - told, or whoever asked would wait for ever
            found = (
                exc if isinstance(exc, OSError | UnicodeError) else OSError(f"{type(exc).__name__}: {exc}")
            )
        tell(found)

    try:
        threading.Thread(target=ask, name="qubrid-resolver", daemon=True).start()
    except RuntimeError as exc:
        raise OSError(f"{host} cannot be looked up: {exc}") from exc


def _ask(host: str, port: int, flags: int = 0) -> list[Address]:
    return list(dict.fromkeys(socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM, 0, flags)))

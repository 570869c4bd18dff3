"""What a call asks of the outside world, and what it gets back.

A call is written once, as a generator that yields the effects below and is sent their results; ``_drive``
performs them, once with plain calls and once with ``await``.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias, TypeVar

import httpx

from ._unpack import ERROR_BODY_BYTES, unpack

_SMALL = 4096


class Sink(Protocol):
    """Where an answer goes while it arrives."""

    def begin(self, response: httpx.Response) -> None:
        """Take the status and the headers; called once, before any of the body."""

    def feed(self, chunk: bytes) -> bool:
        """Take a piece of the body as it came over the wire; return False to read no further."""


@dataclass(slots=True, eq=False, repr=False)
class Exchange:
    """Send ``request`` and read the answer into ``sink``; the result is an :class:`Answer`."""

    request: httpx.Request
    sink: Sink
    ends: float
    """The moment of the monotonic clock by which the whole exchange must be over."""
    with_auth: bool = True
    """Whether the ``auth`` of a client that the caller gave is for this host, too."""

    def __repr__(self) -> str:
        # Tracebacks with locals print the fields of dataclasses, and an address may be signed.
        return f"<Exchange {self.request.method} {self.request.url.host}>"


@dataclass(slots=True, eq=False)
class Pause:
    """Wait for ``seconds``."""

    seconds: float


@dataclass(slots=True, eq=False)
class Work:
    """Do something that may block on the disk or the processor; the result is what ``function`` returns."""

    function: Callable[[], Any]


@dataclass(slots=True, eq=False)
class Answer:
    """How an exchange ended: with a response, with a failure, or with both if the body was cut."""

    response: httpx.Response | None
    failure: Exception | None


attempt_ends: ContextVar[float | None] = ContextVar("attempt_ends", default=None)
"""The moment of the monotonic clock at which the running attempt must be over (sync clients)."""

Effect: TypeAlias = Exchange | Pause | Work
T = TypeVar("T")
Road: TypeAlias = Generator[Effect, Any, T]


class MemorySink:
    """Keeps the body, as long as it is no longer than ``limit`` bytes.

    Attributes:
        too_long: Whether it is longer.
        fault: What is wrong with its compression, or nothing.
        cut: Whether its compressed form ended too soon.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.too_long = False
        self.fault = ""
        self.cut = False
        self._chunks: list[bytes] = []
        self._small = bytearray()
        self._size = 0
        self._coding = ""

    def begin(self, response: httpx.Response) -> None:
        """See :class:`Sink`."""
        self._coding = response.headers.get("content-encoding", "")
        if not response.is_success:
            self.limit = min(self.limit, ERROR_BODY_BYTES)

    def feed(self, chunk: bytes) -> bool:
        """See :class:`Sink`."""
        self._size += len(chunk)
        if self._size > self.limit:
            self.too_long = True
            return False
        if len(chunk) >= _SMALL:
            self._keep_small()
            self._chunks.append(chunk)
        else:
            # Millions of tiny chunks would take many times the room of what is in them.
            self._small += chunk
            if len(self._small) >= 16 * _SMALL:
                self._keep_small()
        return True

    def _keep_small(self) -> None:
        if self._small:
            self._chunks.append(bytes(self._small))
            self._small.clear()

    def body(self) -> bytes:
        """Return the body, decompressed if it was compressed as its header says, else as it came.

        Of a body that is too long only the beginning is returned.
        """
        self._keep_small()
        if self.too_long:
            return _beginning(self._chunks)
        body = self._chunks[0] if len(self._chunks) == 1 else b"".join(self._chunks)
        if self._coding:
            body, self.fault, self.cut, self.too_long = unpack(body, self._coding, self.limit)
        return body


def _beginning(chunks: list[bytes]) -> bytes:
    kept = b""
    for chunk in chunks:
        kept += chunk[: ERROR_BODY_BYTES - len(kept)]
        if len(kept) == ERROR_BODY_BYTES:
            break
    return kept

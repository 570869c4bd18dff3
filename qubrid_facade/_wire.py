"""What a call asks of the outside world, and what it gets back.

A call is written once, as a generator that yields the effects below and is sent their results; ``_drive``
performs them, once with plain calls and once with ``await``.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Generator
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias, TypeVar

import httpx


class Sink(Protocol):
    """Where an answer goes while it arrives."""

    def begin(self, response: httpx.Response) -> None:
        """Take the status and the headers; called once, before any of the body."""

    def feed(self, chunk: bytes) -> bool:
        """Take a piece of the body as it came over the wire; return False to read no further."""


@dataclass(slots=True, eq=False)
class Exchange:
    """Send ``request`` and read the answer into ``sink``; the result is an :class:`Answer`."""

    request: httpx.Request
    sink: Sink
    ends: float
    """The moment of the monotonic clock by which the whole exchange must be over."""
    follow_redirects: bool = False


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
    """Keeps the body, as long as it is no longer than ``limit`` bytes."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.too_long = False
        self._chunks: list[bytes] = []
        self._size = 0
        self._encoding = ""

    def begin(self, response: httpx.Response) -> None:
        """See :class:`Sink`."""
        self._encoding = response.headers.get("content-encoding", "").strip().lower()

    def feed(self, chunk: bytes) -> bool:
        """See :class:`Sink`."""
        self._size += len(chunk)
        if self._size > self.limit:
            self.too_long = True
            return False
        self._chunks.append(chunk)
        return True

    def body(self) -> bytes:
        """Return the body, decompressed if it was compressed as its header says, else as it came."""
        raw = self._chunks[0] if len(self._chunks) == 1 else b"".join(self._chunks)
        if self._encoding in {"", "identity"} or not raw:
            return raw
        plain = self._decompress(raw)
        return raw if plain is None else plain

    def _decompress(self, raw: bytes) -> bytes | None:
        # A few bytes can stand for gigabytes, so no more than the limit is ever unpacked. Raw deflate is
        # what some servers send as "deflate"; gzip and zlib announce themselves.
        for window in (47, -15):
            unpacker = zlib.decompressobj(window)
            try:
                plain = unpacker.decompress(raw, self.limit + 1)
            except zlib.error:
                continue
            if len(plain) > self.limit:
                self.too_long = True
                return plain[: self.limit]
            return plain
        return None

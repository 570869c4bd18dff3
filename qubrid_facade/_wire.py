"""What a call asks of the outside world, and what it gets back.

A call is written once, as a generator that yields the effects below and is sent their results; ``_drive``
performs them, once with plain calls and once with ``await``.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextvars import ContextVar
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Protocol, TypeAlias, TypeVar

import httpx

from ._unpack import ERROR_BODY_BYTES, unpack


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
    proxy: str = ""
    """The address of the proxy that was in use, if it failed and there was one."""


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
        # One buffer, which can be handed over without a copy.
        self._buffer = BytesIO()
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
        self._buffer.write(chunk)
        return True

    def body(self) -> bytes:
        """Hand over the body, decompressed if it was compressed as its header says, else as it came.

        Of a body that is too long only the beginning is returned.
        """
        # Not kept here: who reads it decides how long it lives.
        buffer, self._buffer = self._buffer, BytesIO()
        body = buffer.getvalue()
        if self.too_long:
            return body[:ERROR_BODY_BYTES]
        if self._coding:
            body, self.fault, self.cut, self.too_long = unpack(body, self._coding, self.limit)
        return body

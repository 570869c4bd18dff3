"""Where a fetched image goes while it arrives: to its target, unless it turns out to be something else."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

import httpx

from ._formats import HEAD_BYTES, is_no_picture, sniff
from ._unpack import Unpacker, codings
from ._whole import TAIL_BYTES

_ERROR_BYTES = 16 * 1024
_REDIRECTS = {301, 302, 303, 307, 308}


class Target(Protocol):
    """Where an image goes; ``Memory`` and ``Draft`` are some."""

    def write(self, chunk: bytes) -> None:
        """Take a piece."""

    def restart(self) -> None:
        """Forget what was written, since it comes once more."""


@dataclass(slots=True, eq=False)
class ImageSink:
    """Passes an image on to its target, and keeps the beginning of anything else for the message.

    Attributes:
        head: The beginning of what came, enough to tell what it is.
        tail: Its last bytes.
        size: How many bytes of the image there are.
        received: How many bytes came over the wire for it.
        expected: How many should come, if the host said so.
        page: Whether it is a page or a message instead of a picture.
        fault: What is wrong with its compression, or nothing.
    """

    target: Target
    limit: int
    status: int = 0
    headers: httpx.Headers = field(default_factory=httpx.Headers)
    head: bytes = b""
    tail: bytes = b""
    size: int = 0
    received: int = 0
    expected: int | None = None
    page: bool = False
    fault: str = ""
    _passing: bool = False
    _coded: bool = False
    _start: bytes = b""
    _unpacker: Unpacker | None = None

    @property
    def redirected(self) -> bool:
        """Whether the answer says that the image is elsewhere."""
        return self.status in _REDIRECTS

    def begin(self, response: httpx.Response) -> None:
        """See :class:`~qubrid_facade._wire.Sink`; called once for each answer of a chain of redirects."""
        self.status, self.headers = response.status_code, response.headers
        self.head = b""
        self._coded = bool(codings(response.headers.get("content-encoding", "")))
        length = response.headers.get("content-length", "")
        # A body that a hook of the caller's client has read is no longer as the header says.
        told = length.isascii() and length.isdigit() and not response.is_stream_consumed
        self.expected = int(length[:18]) if told else None

    def feed(self, chunk: bytes) -> bool:
        """See :class:`~qubrid_facade._wire.Sink`."""
        if self.status != 200:
            self.head += chunk[: _ERROR_BYTES - len(self.head)]
            return len(self.head) < _ERROR_BYTES and not self.redirected
        self.received += len(chunk)
        try:
            return all(self._take(piece) for piece in self._plain(chunk))
        except zlib.error as exc:
            self.fault = f"its compressed form is damaged ({exc})"
            return False

    def finish(self) -> None:
        """Judge what is left when the whole body has arrived."""
        if self._start:
            start, self._start = self._start, b""
            self._take(start)
        if not self._passing and not self.page and self.head and self.size <= self.limit:
            self._decide()
        if self._unpacker is not None and not self._unpacker.whole and not self.fault:
            self.fault = "its compressed form ends too soon"

    def _plain(self, chunk: bytes) -> Iterator[bytes]:
        """Give ``chunk`` without the compression that was not asked for but may be there all the same."""
        if not self._coded:
            yield from [chunk] if self._unpacker is None else self._unpacker.pieces(chunk)
            return
        self._start += chunk
        if len(self._start) >= 2:
            start, self._start, self._coded = self._start, b"", False
            if start.startswith(b"\x1f\x8b") or (start[0] == 0x78 and int.from_bytes(start[:2]) % 31 == 0):
                self._unpacker = Unpacker()
            yield from self._plain(start)

    def _take(self, piece: bytes) -> bool:
        self.size += len(piece)
        if self.size > self.limit:
            return False
        self.tail = (self.tail + piece[-TAIL_BYTES:])[-TAIL_BYTES:]
        if self._passing:
            self.target.write(piece)
            return True
        self.head += piece
        return len(self.head) < HEAD_BYTES or self._decide()

    def _decide(self) -> bool:
        picture = sniff(self.head[:HEAD_BYTES]) is not None
        coding = self.headers.get("content-encoding", "")
        if codings(coding) and self._unpacker is None and not picture:
            self.fault = f"it is said to be compressed in a way not asked for ({coding[:20]!r})"
            return False
        self.page = is_no_picture(self.head, self.headers.get("content-type"))
        self._passing = not self.page
        if self._passing:
            self.target.write(self.head)
        self.head = self.head[: HEAD_BYTES if self._passing else _ERROR_BYTES]
        return self._passing

"""Undoing the compression of answers, a bounded piece at a time: a few bytes can stand for gigabytes."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import NamedTuple

ERROR_BODY_BYTES = 1024 * 1024
"""As much is kept of the body of an error, and of an answer that is too long to be read."""

# Both at once: zlib tells gzip and zlib apart by their first bytes.
_GZIP_OR_ZLIB = 47
_RAW_DEFLATE = -15
_PIECE = 256 * 1024
# One is what servers send; each more multiplies what a few bytes can stand for.
_MOST_CODINGS = 2
_KNOWN = {"gzip", "x-gzip", "deflate"}


class Unpacker:
    """Unpacks gzip (of one part or several) and zlib while it arrives."""

    def __init__(self, window: int = _GZIP_OR_ZLIB) -> None:
        self._window = window
        self._inner = zlib.decompressobj(window)
        self._done = False

    @property
    def whole(self) -> bool:
        """Whether the end has been reached, and not the middle."""
        return self._inner.eof

    def pieces(self, chunk: bytes) -> Iterator[bytes]:
        """Give what ``chunk`` stands for.

        Raises:
            zlib.error: It is something else, or damaged.
        """
        piece = b""
        while (chunk or len(piece) == _PIECE) and not self._done:
            if self._inner.eof:
                # What follows a gzip stream is another, or padding.
                if chunk[:1] != b"\x1f":
                    self._done = True
                    return
                self._inner = zlib.decompressobj(self._window)
            piece = self._inner.decompress(chunk, _PIECE)
            if piece:
                yield piece
            chunk = self._inner.unused_data if self._inner.eof else self._inner.unconsumed_tail


class Unpacked(NamedTuple):
    """A body without its compression, what was wrong with that, and whether its end is missing.

    Of one that is too long, ``body`` is no more than the beginning.
    """

    body: bytes
    fault: str = ""
    cut: bool = False
    too_long: bool = False


def codings(header: str) -> list[str]:
    """Return the codings that a Content-Encoding names, in the order in which they are to be undone."""
    names = [name.strip().lower() for name in header.split(",")]
    return [name for name in reversed(names) if name not in {"", "identity"}]


def unpack(raw: bytes, header: str, limit: int) -> Unpacked:
    """Return what ``raw`` stands for, if that is no more than ``limit`` bytes.

    A body that is not compressed as its header says is returned as it is: it may be good all the same.
    """
    body = raw
    names = codings(header)
    for name in names:
        if name not in _KNOWN or len(names) > _MOST_CODINGS:
            return Unpacked(body, f"it is said to be compressed in a way not asked for ({name[:20]!r})")
        found = _unpack_one(body, _GZIP_OR_ZLIB, limit)
        if found is None and name == "deflate":
            # Some servers leave zlib's frame away. Nothing marks such data, so only a clean end counts.
            bare = _unpack_one(body, _RAW_DEFLATE, limit)
            found = None if bare is None or bare.cut else bare
        if found is None:
            return Unpacked(body, f"it is said to be compressed ({name}), and is not, or is damaged")
        if found.too_long:
            return found
        if found.cut:
            return Unpacked(found.body or body, f"its compressed form ({name}) ends too soon", cut=True)
        body = found.body
    return Unpacked(body)


def _unpack_one(raw: bytes, window: int, limit: int) -> Unpacked | None:
    unpacker = Unpacker(window)
    plain = BytesIO()
    try:
        for piece in unpacker.pieces(raw):
            plain.write(piece)
            if plain.tell() > limit:
                return Unpacked(plain.getvalue()[:ERROR_BODY_BYTES], too_long=True)
    except zlib.error:
        return None
    return Unpacked(plain.getvalue(), cut=not unpacker.whole)

"""Telling a whole picture from a cut one, for answers whose length nobody has told."""

from __future__ import annotations

import httpx

from ._formats import JPEG, PNG, WEBP, sniff

# Behind the end of a picture there may be more: a thumbnail, a maker's notes.
TAIL_BYTES = 4096


def is_whole(head: bytes, tail: bytes, size: int) -> bool | None:
    """Tell whether the picture with this beginning, end and size is all there; None if nothing tells."""
    found = sniff(head)
    if found is PNG:
        return b"IEND" in tail
    if found is JPEG:
        return tail.endswith(b"\xff\xd9") or (None if b"\xff\xd9" in tail else False)
    if found is WEBP:
        return size >= int.from_bytes(head[4:8], "little") + 8
    return None


def tells_length(headers: httpx.Headers) -> bool:
    """Tell whether an answer with these headers says where it ends; else the closed connection is its end."""
    return "content-length" in headers or "chunked" in headers.get("transfer-encoding", "").lower()

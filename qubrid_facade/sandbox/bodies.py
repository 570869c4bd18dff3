"""Reading the body of a request: of a known length, or in chunks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import Message
from io import BufferedIOBase

from .errors import Fault


class BodyError(Exception):
    """A request body that cannot be taken; the connection is of no further use."""

    def __init__(self, fault: Fault, unread: int = 0) -> None:
        super().__init__(fault.message)
        self.fault = fault
        self.unread = unread


def read_body(stream: BufferedIOBase, headers: Message, most: int) -> bytes:
    """Read a request's body, of a known length or in chunks.

    Raises:
        BodyError: It is longer than ``most``, or its length makes no sense.
    """
    too_large = Fault(413, f"The body is larger than {most} bytes.", code="request_too_large")
    if "chunked" in (headers.get("Transfer-Encoding") or "").lower():
        body = bytearray()
        for chunk in _chunks(stream):
            body += chunk
            if len(body) > most:
                raise BodyError(too_large)
        return bytes(body)
    text = headers.get("Content-Length") or "0"
    if not re.fullmatch(r"\d{1,18}", text.strip()):
        raise BodyError(Fault(400, "The Content-Length is no number.", code="bad_request"))
    length = int(text)
    if length > most:
        raise BodyError(too_large, length)
    body_read = stream.read(length)
    if len(body_read) < length:
        raise ConnectionAbortedError("the client left in the middle of its body")
    return body_read


def _chunks(stream: BufferedIOBase) -> Iterator[bytes]:
    while True:
        line = stream.readline(1024)
        try:
            size = int(line.partition(b";")[0].strip() or b"x", 16)
        except ValueError:
            raise BodyError(Fault(400, "A chunk of the body has no length.", code="bad_request")) from None
        if size < 0:
            raise BodyError(Fault(400, "A chunk of the body has no length.", code="bad_request"))
        if size == 0:
            while stream.readline(65536).strip():
                pass
            return
        yield stream.read(size)
        stream.readline(8)

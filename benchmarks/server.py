"""The server that is measured against: on loopback, with ready-made answers, far cheaper than any client.

It runs in a process of its own. The first segment of a path chooses the answer, so that one port serves all
jobs: ``/fast/v1/images/generations``, ``/slow/...``, ``/base64-10/...``, ``/link-50/...``, ``/picture-50``.
"""

from __future__ import annotations

import asyncio
import base64
import json
import random
import ssl
import sys
import time
from functools import cache

from benchmarks.peers import SMALL

SLOW_SECONDS = 0.2
MEGABYTE = 1_000_000
PIECE = 2**18
SMALL_PICTURE = 100_000
URL = "https://cdn.example.invalid/generated/0123456789abcdef.webp?signature=0123456789abcdef"
_BLOCK = b"\x89PNG\r\n\x1a\n" + random.Random(0).randbytes(2**16)


@cache
def picture(size: int) -> bytes:
    """Return ``size`` bytes that begin as a PNG does and that no compression would shrink."""
    return (_BLOCK * (size // len(_BLOCK) + 1))[:size]


def _answer(body: bytes, content_type: str = "application/json") -> bytes:
    head = (
        "HTTP/1.1 200 OK\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\nServer: loopback\r\n"
        f"Content-Type: {content_type}\r\nContent-Length: {len(body)}\r\n"
        "X-Request-Id: req_0123456789abcdef\r\n\r\n"
    )
    return head.encode() + body


def _answer_with(**image: str) -> bytes:
    return _answer(json.dumps({"created": 1767225600, "data": [image]}).encode())


@cache
def answer(kind: str, port: int, *, small: bool) -> bytes:
    """Return the whole answer of this kind; large ones are made when first asked for."""
    name, _, megabytes = kind.partition("-")
    if small:
        # The large one is asked for next, and is not to be made in the time of whoever comes first.
        answer(f"picture-{megabytes}" if name == "link" else kind, port, small=False)
    size = SMALL_PICTURE if small else int(megabytes or 0) * MEGABYTE
    if name in {"fast", "slow"}:
        return _answer_with(url=URL)
    if name == "base64":
        return _answer_with(b64_json=base64.b64encode(picture(size)).decode())
    if name == "link":
        path = f"picture-{megabytes}" if not small else "small"
        return _answer_with(url=f"http://127.0.0.1:{port}/{path}")
    return _answer(picture(SMALL_PICTURE if name == "small" else size), "image/png")


class Connection(asyncio.Protocol):
    """One connection: finds where a request ends and sends the answer that its path names."""

    opened = 0
    requests = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        Connection.opened += 1
        self.transport = transport
        self.port: int = transport.get_extra_info("sockname")[1]
        self.buffer = b""
        self.rest = memoryview(b"")
        self.paused = False

    def data_received(self, data: bytes) -> None:
        data = self.buffer + data
        while (end := data.find(b"\r\n\r\n") + 4) > 3:
            # A body's length is all that has to be known; no client here sends a chunked one.
            found = data[:end].lower().partition(b"\r\ncontent-length:")[2]
            total = end + int(found.partition(b"\r\n")[0] or 0)
            if len(data) < total:
                break
            kind = data[:end].split(b"/", 2)[1].partition(b" ")[0].decode()
            small = SMALL.encode() in data[end:total]
            data = data[total:]
            Connection.requests += 1
            made = answer(kind, self.port, small=small)
            if kind == "slow":
                asyncio.get_running_loop().call_later(SLOW_SECONDS, self.send, made)
            else:
                self.send(made)
        self.buffer = data

    def send(self, made: bytes) -> None:
        """Send an answer, large ones in pieces that the transport need not copy."""
        if len(made) > PIECE:
            self.rest = memoryview(made)
            self.resume_writing()
        elif not self.transport.is_closing():
            self.transport.write(made)

    def pause_writing(self) -> None:
        self.paused = True

    def resume_writing(self) -> None:
        self.paused = False
        while self.rest and not self.paused and not self.transport.is_closing():
            piece, self.rest = self.rest[:PIECE], self.rest[PIECE:]
            self.transport.write(piece)


async def serve(certificate: str) -> None:
    """Serve until standard input ends; print the ports, and at each line what was counted so far."""
    loop = asyncio.get_running_loop()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    listeners = [
        await loop.create_server(Connection, "127.0.0.1", 0, ssl=tls, backlog=1024) for tls in (None, context)
    ]
    _print([listener.sockets[0].getsockname()[1] for listener in listeners])
    ended = asyncio.Event()

    def asked() -> None:
        if sys.stdin.readline():
            _print(
                {
                    "connections": Connection.opened,
                    "requests": Connection.requests,
                    "cpu": time.process_time(),
                }
            )
        else:
            loop.remove_reader(sys.stdin)
            ended.set()

    loop.add_reader(sys.stdin, asked)
    await ended.wait()
    for listener in listeners:
        listener.close()


def _print(value: object) -> None:
    print(json.dumps(value), flush=True)


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1]))

"""What the wire alone costs: ready-made requests on bare sockets, and answers that are not parsed."""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
from pathlib import Path
from urllib.parse import urlsplit

from . import KEY, MODEL, PATH, PROMPT

CHUNK = 256 * 1024


def _request(host: str, path: str, prompt: str) -> bytes:
    body = json.dumps({"model": MODEL, "prompt": prompt}).encode()
    head = (
        f"POST {path}{PATH} HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {KEY}\r\naccept: */*\r\n"
        f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


class Sync:
    def __init__(self, base: str) -> None:
        parts = urlsplit(base)
        self.host, self.path = parts.netloc, parts.path
        self.request = _request(self.host, self.path, PROMPT)
        self.socket = socket.create_connection((parts.hostname, parts.port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if parts.scheme == "https":
            context = ssl.create_default_context()
            self.socket = context.wrap_socket(self.socket, server_hostname=parts.hostname)

    def call(self) -> None:
        self.socket.sendall(self.request)
        assert self.socket.recv(CHUNK).startswith(b"HTTP/1.1 200")

    def image(self, prompt: str) -> bytes:
        self.socket.sendall(_request(self.host, self.path, prompt))
        rest, _ = self._head()
        while rest:
            rest -= len(self.socket.recv(min(rest, CHUNK)))
        return b""

    def link(self, prompt: str) -> str:
        self.socket.sendall(_request(self.host, self.path, prompt))
        url: str = json.loads(self._head()[1])["data"][0]["url"]
        return url

    def download(self, link: str, path: str) -> None:
        self.socket.sendall(f"GET {urlsplit(link).path} HTTP/1.1\r\nhost: {self.host}\r\n\r\n".encode())
        rest, start = self._head()
        with Path(path).open("wb", buffering=0) as file:
            file.write(start)
            while rest:
                chunk = self.socket.recv(min(rest, CHUNK))
                file.write(chunk)
                rest -= len(chunk)

    def _head(self) -> tuple[int, bytes]:
        """Read the beginning of an answer; return how much of its body is to come, and what is here."""
        head, _, start = self.socket.recv(CHUNK).partition(b"\r\n\r\n")
        length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
        return int(length) - len(start), start


class Async:
    def __init__(self, base: str) -> None:
        parts = urlsplit(base)
        assert parts.hostname
        assert parts.port
        self.address = (parts.hostname, parts.port)
        self.request = _request(parts.netloc, parts.path, PROMPT)
        self.tls = ssl.create_default_context() if parts.scheme == "https" else None
        self.idle: list[_Line] = []

    async def call(self) -> None:
        if self.idle:
            line = self.idle.pop()
        else:
            loop = asyncio.get_running_loop()
            _, line = await loop.create_connection(_Line, *self.address, ssl=self.tls)
        assert (await line.ask(self.request)).startswith(b"HTTP/1.1 200")
        self.idle.append(line)

    async def close(self) -> None:
        for line in self.idle:
            line.transport.close()


class _Line(asyncio.Protocol):
    """One connection; the answers are short enough to come in one piece."""

    transport: asyncio.Transport
    answer: asyncio.Future[bytes]

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.answer.set_result(data)

    async def ask(self, request: bytes) -> bytes:
        self.answer = asyncio.get_running_loop().create_future()
        self.transport.write(request)
        return await self.answer

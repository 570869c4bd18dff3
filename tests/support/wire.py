"""A loopback HTTP server made of sockets: it sends exactly the bytes that a test tells it to."""

from __future__ import annotations

import contextlib
import json
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

JSON = {"content-type": "application/json"}


@dataclass(frozen=True)
class Received:
    """A request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Wait:
    """Send nothing for so long (or until the server stops)."""

    seconds: float = 3600.0


class Reset:
    """Cut the connection with a RST."""


class Close:
    """Close the connection in the ordinary way."""


Action = bytes | Wait | Reset | Close
Handler = Callable[[Received], bytes | Iterable[Action]]


def reply(
    status: int = 200,
    body: bytes | str | dict[str, Any] | list[Any] = b"",
    headers: dict[str, str] | None = None,
    reason: str = "",
) -> bytes:
    """Return a whole HTTP answer with the right Content-Length, unless ``headers`` say otherwise."""
    fields = {}
    if isinstance(body, dict | list):
        body, fields = json.dumps(body).encode(), dict(JSON)
    elif isinstance(body, str):
        body = body.encode()
    fields |= {"content-length": str(len(body))} | {k.lower(): v for k, v in (headers or {}).items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items() if value != "")
    return f"HTTP/1.1 {status} {reason or 'X'}\r\n{lines}\r\n".encode("latin-1") + body


@dataclass
class WireServer:
    """Answers each request with what ``handler`` returns for it, on as many connections as come."""

    handler: Handler
    requests: list[Received] = field(default_factory=list)
    connections: int = 0
    tls: ssl.SSLContext | None = None

    def __post_init__(self) -> None:
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self._accepting = threading.Thread(target=self._accept, daemon=True)

    def __enter__(self) -> WireServer:
        self._accepting.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        # Closing alone does not wake a thread that accepts.
        with socket.create_connection(self._listener.getsockname()[:2]):
            self._accepting.join(5)
        self._listener.close()
        with self._lock:
            for connection in self._open:
                try:
                    connection.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue  # the other side was faster
        for thread in self._threads:
            thread.join(5)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    @property
    def base_url(self) -> str:
        return self.url + "/v1"

    def _accept(self) -> None:
        while True:
            connection, _ = self._listener.accept()
            if self._stop.is_set():
                connection.close()
                return
            thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
            with self._lock:
                self.connections += 1
                self._open.add(connection)
                self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            with contextlib.ExitStack() as stack:
                stack.enter_context(connection)
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                if self.tls is not None:
                    # The socket below is no longer this object's then, but the new one's to close.
                    connection = stack.enter_context(self.tls.wrap_socket(connection, server_side=True))
                    with self._lock:
                        self._open.add(connection)
                stream = _Lines(connection)
                while (request := _read_request(stream)) is not None:
                    with self._lock:
                        self.requests.append(request)
                    answer = self.handler(request)
                    for action in [answer] if isinstance(answer, bytes) else answer:
                        if not self._act(connection, action):
                            return
        except OSError:
            return  # the client went away, which is part of what is tested
        finally:
            with self._lock:
                self._open.discard(connection)

    def _act(self, connection: socket.socket, action: Action) -> bool:
        if isinstance(action, bytes):
            connection.sendall(action)
            return True
        if isinstance(action, Wait):
            return not self._stop.wait(action.seconds)
        if isinstance(action, Reset):
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return False


class _Lines:
    """Reads lines and counted bytes from a socket; a file object would keep the socket open after a reset."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._buffer = bytearray()

    def readline(self) -> bytes:
        while (end := self._buffer.find(b"\n")) < 0:
            if not self._more():
                return b""
        return self._take(end + 1)

    def read(self, size: int) -> bytes:
        while len(self._buffer) < size:
            if not self._more():
                break
        return self._take(size)

    def _more(self) -> bool:
        chunk = self._connection.recv(65536)
        self._buffer += chunk
        return bool(chunk)

    def _take(self, size: int) -> bytes:
        taken = bytes(self._buffer[:size])
        del self._buffer[:size]
        return taken


def _read_request(stream: _Lines) -> Received | None:
    line = stream.readline().decode("latin-1").strip()
    if not line:
        return None
    method, path, _ = line.split(" ", 2)
    headers: dict[str, str] = {}
    while field_line := stream.readline().decode("latin-1").strip():
        name, _, value = field_line.partition(":")
        headers[name.lower()] = value.strip()
    body = b""
    if headers.get("transfer-encoding") == "chunked":
        while size := int(stream.readline().split(b";")[0], 16):
            body += stream.read(size)
            stream.readline()
        stream.readline()
    else:
        length = int(headers.get("content-length", "0"))
        body = stream.read(length)
        if len(body) < length:
            return None  # whoever was asking has gone in the middle
    return Received(method, path, headers, body)

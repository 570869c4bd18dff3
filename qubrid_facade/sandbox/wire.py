"""HTTP on a socket: reading requests, and sending answers whole, cut or not at all.

Built on http.server rather than on werkzeug's: that one closes the connection after every answer, and clients
are to be tested with connections that stay open.
"""

from __future__ import annotations

import logging
import re
import socket
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import formatdate
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any, Final

from werkzeug.datastructures import Headers

from .behaviour import Step
from .bodies import BodyError, read_body
from .contract import Question
from .errors import Fault, Reply, phrase
from .problems import strict_json
from .service import FILES

if TYPE_CHECKING:
    from .listener import Listener

MARK: Final = "Qubrid-Sandbox-Answer"
_SECRET: Final = ("authorization", "proxy-authorization", "cookie", "x-api-key", "api-key")
_HIDDEN: Final = "hidden"
_DRAINED: Final = 64 * 1024 * 1024
_HOST = re.compile(r"[A-Za-z0-9.-]+(:\d{1,5})?|\[[0-9A-Fa-f:.]+\](:\d{1,5})?")

logger = logging.getLogger("qubrid_facade.sandbox")


@dataclass(frozen=True)
class RecordedRequest:
    """A request that arrived.

    Attributes:
        method: The method, in capitals.
        path: The path as it was sent, with its query.
        headers: The headers, to be looked up in any case, without those that carry keys.
        body: The body's bytes.
        had_key: Whether an Authorization header came with it. The key itself is not kept.
    """

    method: str
    path: str
    headers: Headers = field(repr=False)
    body: bytes = field(repr=False)
    had_key: bool

    @property
    def json(self) -> Any:
        """The body read as JSON."""
        return strict_json(self.body)


Answered = Callable[[RecordedRequest, int | None, float], object]
"""Called after each request with it, the status of the answer (None where there was none) and the seconds."""


class Handler(BaseHTTPRequestHandler):
    """One connection, for as long as the client keeps it."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Listener

    def handle_one_request(self) -> None:
        """Read a request and answer it; unlike the base class with no difference between methods."""
        self.raw_requestline = self.rfile.readline(65537)
        if not self.raw_requestline:
            self.close_connection = True
            return
        if len(self.raw_requestline) > 65536:
            self.requestline = self.request_version = self.command = ""
            self.send_error(HTTPStatus.REQUEST_URI_TOO_LONG)
            return
        if self.parse_request():
            self._handle()

    def _handle(self) -> None:
        started = time.monotonic()
        service = self.server.service
        question, key = self._question()
        try:
            body = read_body(self.rfile, self.headers, self.server.max_body)
        except BodyError as error:
            self.close_connection = True
            self._transmit(service.refuse(error.fault, question), Step())
            self._drain(error.unread)
            return
        question = Question(question.method, question.target, question.headers, body)
        recorded = _recorded(question)
        self.server.record(recorded)
        reply, step = self._reply(question, key)
        status = reply.status if self._act(reply, step) else None
        self.server.answered(recorded, status, time.monotonic() - started)

    def _reply(self, question: Question, key: str | None) -> tuple[Reply, Step]:
        service = self.server.service
        try:
            if question.path.startswith(FILES):
                return service.file(question)
            return service.respond(question, key, self._host())
        except Exception:
            logger.exception("the sandbox failed at %s %s", question.method, question.path)
            return service.refuse(Fault(500), question), Step()

    def _act(self, reply: Reply, step: Step) -> bool:
        """Let an answer travel as the script has it; tell whether the client was given a status."""
        if step.no_answer:
            self._hang()
            return False
        if step.delay and self.server.stopping.wait(step.delay):
            self.close_connection = True
            return False
        if step.cut == "reset":
            self._reset()
            return False
        if step.empty:
            reply = Reply(reply.status, b"", reply.content_type, reply.headers)
        return self._transmit(reply, step)

    def _transmit(self, reply: Reply, step: Step) -> bool:
        is_file = self.command in ("GET", "HEAD") and _in_origin_form(self.path).startswith(FILES)
        truncated = is_file and step.truncate_image and reply.status == HTTPStatus.OK
        cut = None if is_file else step.cut
        self.close_connection = self.close_connection or truncated or cut is not None
        bodiless = reply.status in (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)
        head = self._head(reply, bodiless=bodiless)
        body = b"" if bodiless or self.command == "HEAD" else reply.body
        if cut == "start":
            head, body = b"", b""
        elif cut == "headers":
            head, body = head[: len(head) // 2], b""
        elif cut == "body" or truncated:
            body = body[: len(body) // 2]
        self.connection.sendall(head + body)
        return cut not in ("start", "headers")

    def _head(self, reply: Reply, *, bodiless: bool) -> bytes:
        headers = {"Server": "qubrid-sandbox", "Date": formatdate(usegmt=True), MARK: "1"}
        if reply.content_type:
            headers["Content-Type"] = reply.content_type
        if not bodiless:
            headers["Content-Length"] = str(len(reply.body))
        headers |= reply.headers
        if self.close_connection:
            headers["Connection"] = "close"
        lines = [f"HTTP/1.1 {reply.status} {phrase(reply.status)}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")

    def _hang(self) -> None:
        """Say nothing until the client leaves or the sandbox stops, which shuts the socket down."""
        self.close_connection = True
        while not self.server.stopping.is_set():
            if not self.connection.recv(1, socket.MSG_PEEK):
                return
            self.server.stopping.wait(0.1)

    def _drain(self, unread: int) -> None:
        """Take in what a client is still sending: closing at once would cost it the answer."""
        left = min(unread, _DRAINED)
        while left > 0 and (part := self.rfile.read1(min(left, 65536))):
            left -= len(part)

    def _reset(self) -> None:
        """Break the connection off so that the other side is told of a reset, not of an end."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        socket.close(self.connection.detach())

    def _question(self) -> tuple[Question, str | None]:
        """Read what came before the body, and part the key from it."""
        scheme, _, key = (self.headers.get("Authorization") or "").partition(" ")
        is_bearer = scheme.lower() == "bearer" and bool(key.strip())
        headers = Headers()
        for name, value in self.headers.items():
            if name.lower() == "authorization":
                headers.add(name, f"Bearer {_HIDDEN}" if is_bearer else _HIDDEN)
            else:
                headers.add(name, _HIDDEN if name.lower() in _SECRET else _one_line(value))
        question = Question(self.command, _in_origin_form(self.path), headers, b"")
        return question, key.strip() if is_bearer else None

    def _host(self) -> str:
        """Return where the client reached the sandbox, which is where it can fetch pictures too."""
        host = self.headers.get("Host") or ""
        return host if _HOST.fullmatch(host) else self.server.netloc

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Refuse what is no request, in the envelope instead of the base class's HTML."""
        self.close_connection = True
        self.path = getattr(self, "path", "/")
        reply = self.server.service.refuse(Fault(int(code), f"{phrase(int(code))}.", code="bad_request"))
        self._transmit(reply, Step())

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Keep the base class from writing request lines to stderr."""


def _recorded(question: Question) -> RecordedRequest:
    headers = Headers([(name, value) for name, value in question.headers if name.lower() not in _SECRET])
    return RecordedRequest(
        question.method, question.target, headers, question.body, had_key="Authorization" in question.headers
    )


def _in_origin_form(target: str) -> str:
    """Return a request's target as a path with its query: proxies are asked for whole addresses."""
    if not target.startswith("/"):
        target = re.sub(r"^[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*", "", target)
    return target.partition("#")[0] or "/"


def _one_line(value: str) -> str:
    """Join a folded header: what keeps headers here refuses line breaks."""
    return " ".join(value.split("\r\n")).replace("\n", " ").replace("\r", " ")

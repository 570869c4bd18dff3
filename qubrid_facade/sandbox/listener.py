"""The listening socket of a sandbox, its connections and their threads."""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import socketserver
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from .service import Service
from .wire import Answered, Handler, RecordedRequest

_JOIN_SECONDS = 0.35

logger = logging.getLogger("qubrid_facade.sandbox")


class Listener(socketserver.TCPServer):
    """A listening socket that gives each connection a thread."""

    allow_reuse_address = os.name == "posix"  # elsewhere it would let two sandboxes share a port
    request_queue_size = 512

    def __init__(
        self,
        where: tuple[str, int],
        service: Service,
        max_body: int,
        record: Callable[[RecordedRequest], None],
        on_request: Answered | None,
    ) -> None:
        self.address_family = socket.AF_INET6 if ":" in where[0] else socket.AF_INET
        self.service = service
        self.max_body = max_body
        self.record = record
        self.stopping = threading.Event()
        self._on_request = on_request
        self._guard = threading.Lock()
        self._connections: dict[socket.socket, threading.Thread] = {}
        super().__init__(where, Handler)

    @property
    def address(self) -> tuple[str, int]:
        """The host and port that it listens on."""
        host, port = self.socket.getsockname()[:2]
        return str(host), int(port)

    @property
    def netloc(self) -> str:
        """The address as it stands in a URL; a wildcard address is reached over loopback."""
        host, port = self.address
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared with, not bound to
        return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"

    def process_request(self, request: Any, client_address: Any) -> None:
        """Give a connection a thread of its own."""
        thread = threading.Thread(
            target=self._serve, args=(request, client_address), name="qubrid-sandbox-connection", daemon=True
        )
        with self._guard:
            self._connections[request] = thread
        thread.start()

    def _serve(self, request: socket.socket, client_address: Any) -> None:
        try:
            self.finish_request(request, client_address)
        except OSError as error:
            logger.debug("a connection ended: %s", error)  # clients that leave are everyday life
        except Exception:
            logger.exception("the sandbox failed at a connection")
        finally:
            with self._guard:
                self._connections.pop(request, None)
            self.shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Log what went wrong while accepting a connection, instead of writing it to stderr."""
        logger.error("the sandbox could not take a connection", exc_info=sys.exc_info())

    def answered(self, request: RecordedRequest, status: int | None, seconds: float) -> None:
        """Tell whoever wants to know that a request is done with."""
        logger.debug("%s %s: %s in %.3f s", request.method, request.path.partition("?")[0], status, seconds)
        if self._on_request is not None:
            try:
                self._on_request(request, status, seconds)
            except Exception:
                logger.exception("on_request failed")

    def close(self) -> None:
        """Stop listening, hang up on everybody, and wait for the threads."""
        self.stopping.set()
        self.shutdown()
        self.server_close()
        with self._guard:
            open_now = dict(self._connections)
        for connection in open_now:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        # A thread that is just drawing ends a moment later by itself.
        until = time.monotonic() + _JOIN_SECONDS
        for thread in open_now.values():
            thread.join(max(0.0, until - time.monotonic()))

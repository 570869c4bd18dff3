"""The sandbox as a server: start, address, stop."""

from __future__ import annotations

import contextlib
import ipaddress
import logging
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Self

from .behaviour import Script
from .contract import Contract
from .document import load
from .listener import Listener
from .service import FILES, Service
from .wire import Answered, RecordedRequest

DEFAULT_PORT = 4010
_POLL_SECONDS = 0.05

logger = logging.getLogger("qubrid_facade.sandbox")


class Sandbox:
    """A server on this machine that answers like the service and draws its pictures itself.

    Use it as a context manager, or with :meth:`start` and :meth:`stop`.

    Args:
        host: Where to listen: loopback, unless told otherwise.
        port: The port; 0 takes any that is free.
        script: How to misbehave from the start, in the language of :meth:`misbehave`.
        document: The OpenAPI document to serve, as a file or a mapping; the library's own by default.
        clock: The time of answers, in seconds since 1970.
        max_body: The largest request body taken, in bytes.
        keep_requests: How many of the latest :attr:`requests` and :attr:`downloads` are remembered each.
        on_request: Called after each request with it, the answer's status (None where there was no answer)
            and the seconds that it took; from the request's own thread.

    Raises:
        ValueError: The script breaks its grammar.
    """

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        script: str | None = None,
        document: Mapping[str, Any] | str | os.PathLike[str] | None = None,
        clock: Callable[[], float] = time.time,
        max_body: int = 32 * 1024 * 1024,
        keep_requests: int = 1000,
        on_request: Answered | None = None,
    ) -> None:
        self._host = host
        self._port = port
        self._script = Script([script] if script is not None else [])
        self._contract = Contract(load(document))
        self._service = Service(self._contract, self._script, clock)
        self._max_body = max_body
        self._requests: deque[RecordedRequest] = deque(maxlen=keep_requests)
        self._downloads: deque[RecordedRequest] = deque(maxlen=keep_requests)
        self._on_request = on_request
        self._lock = threading.Lock()
        self._listener: Listener | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> Self:
        """Listen, and answer in threads of its own; does nothing when it is running already.

        Raises:
            OSError: The address cannot be had; the message says which.
        """
        with self._lock:
            if self._listener is None:
                self._listener = self._listen()
                self._thread = threading.Thread(
                    target=self._listener.serve_forever,
                    args=(_POLL_SECONDS,),
                    name="qubrid-sandbox",
                    daemon=True,
                )
                self._thread.start()
                logger.debug("listening on %s", self._listener.netloc)
        return self

    def stop(self) -> None:
        """Close every connection, waiting or not, and free the port; does nothing when it is stopped."""
        with self._lock:
            listener, thread = self._listener, self._thread
            self._listener = self._thread = None
        if listener is not None and thread is not None:
            listener.close()
            thread.join()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    def __repr__(self) -> str:
        listener = self._listener
        return f"<Sandbox at {listener.netloc}>" if listener is not None else "<Sandbox, stopped>"

    @property
    def address(self) -> tuple[str, int]:
        """The host and port that it listens on."""
        return self._running().address

    @property
    def base_url(self) -> str:
        """What clients take for their base URL."""
        return f"http://{self._running().netloc}{self._contract.prefix}"

    @property
    def requests(self) -> list[RecordedRequest]:
        """The requests to the API that arrived, in order."""
        return list(self._requests)

    @property
    def downloads(self) -> list[RecordedRequest]:
        """The requests for image files that arrived, in order."""
        return list(self._downloads)

    def misbehave(self, *scripts: str) -> None:
        """Say how the next requests are to be treated, in place of whatever was said before.

        Args:
            scripts: Steps, as ``docs/sandbox.md`` describes them; none at all brings back good behaviour.

        Raises:
            ValueError: A script breaks the grammar; the message names the piece. Nothing is changed then.
        """
        self._script.replace(scripts)

    def _running(self) -> Listener:
        listener = self._listener
        if listener is None:
            raise RuntimeError("the sandbox is not running: start it first, or use it in a with statement")
        return listener

    def _listen(self) -> Listener:
        if not _is_loopback(self._host):
            logger.warning("listening on %s: other machines may reach the sandbox", self._host)
        where = (self._host, self._port)
        try:
            return Listener(where, self._service, self._max_body, self._record, self._on_request)
        except OSError as error:
            message = f"the sandbox cannot listen on {self._host}:{self._port}: {error.strerror or error}"
            raise OSError(error.errno, message) from error

    def _record(self, request: RecordedRequest) -> None:
        (self._downloads if request.path.startswith(FILES) else self._requests).append(request)


def serve(
    host: str = "127.0.0.1",
    port: int = DEFAULT_PORT,
    script: str | None = None,
    on_request: Answered | None = None,
    *,
    on_start: Callable[[Sandbox], object] | None = None,
) -> None:
    """Run a sandbox until Ctrl-C.

    Args:
        host: Where to listen.
        port: The port; 0 takes any that is free.
        script: How to misbehave, in the language of :meth:`Sandbox.misbehave`.
        on_request: Called after each request, as for :class:`Sandbox`.
        on_start: Called once with the running sandbox, to tell people its address.

    Raises:
        ValueError: The script breaks its grammar.
        OSError: The address cannot be had; the message says which.
    """
    sandbox = Sandbox(host, port, script=script, keep_requests=0, on_request=on_request)
    with sandbox, contextlib.suppress(KeyboardInterrupt):
        if on_start is not None:
            on_start(sandbox)
        # With a timeout, since Windows does not let Ctrl-C end a wait without one.
        while not threading.Event().wait(1):
            pass


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"

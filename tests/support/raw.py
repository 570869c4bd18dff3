"""Listeners that speak less than HTTP, for what a server of answers cannot do."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator


@contextlib.contextmanager
def listening(
    serve: Callable[[socket.socket, threading.Event], None], *, receive_buffer: int | None = None
) -> Iterator[int]:
    """Give the port of a listener that hands each connection, and an event to stop at, to ``serve``."""
    stop = threading.Event()
    threads: list[threading.Thread] = []
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)
    if receive_buffer is not None:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)

    def run(connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):  # the other side may go first
            serve(connection, stop)

    def accept() -> None:
        while True:
            connection, _ = listener.accept()
            if stop.is_set():
                connection.close()
                return
            threads.append(threading.Thread(target=run, args=(connection,), daemon=True))
            threads[-1].start()

    accepting = threading.Thread(target=accept, daemon=True)
    accepting.start()
    try:
        yield listener.getsockname()[1]
    finally:
        stop.set()
        with socket.create_connection(listener.getsockname()[:2]):
            accepting.join(5)
        listener.close()
        for thread in threads:
            thread.join(5)


def mute(_connection: socket.socket, stop: threading.Event) -> None:
    """Neither read nor write."""
    stop.wait(60)


def sip(connection: socket.socket, stop: threading.Event) -> None:
    """Read a little now and then, and never answer."""
    while not stop.wait(0.05):
        connection.recv(2000)


def drip_noise(connection: socket.socket, stop: threading.Event) -> None:
    """Begin a TLS record and send on a byte at a time."""
    connection.sendall(b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc\x03\x03")
    while not stop.wait(0.05):
        connection.sendall(b"\0")


@contextlib.contextmanager
def refusing_to_accept(*addresses: str) -> Iterator[int]:
    """Give a port at which connecting, to each of ``addresses``, never ends: its queue is full."""
    with contextlib.ExitStack() as stack:
        port = 0
        for address in addresses:
            family = socket.AF_INET6 if ":" in address else socket.AF_INET
            listener = stack.enter_context(socket.socket(family))
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((address, port))
            listener.listen(0)
            port = listener.getsockname()[1]
            for _ in range(4):
                waiting = stack.enter_context(socket.socket(family))
                waiting.setblocking(False)
                with contextlib.suppress(BlockingIOError):
                    waiting.connect((address, port))
        yield port


def free_port() -> int:
    """Return a port at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port

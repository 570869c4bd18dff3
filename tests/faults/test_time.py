"""Silence: whatever a server does not do, a call ends within its time and half a second."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest

import qubrid_facade as q
from qubrid_facade import QubridError, RetryPolicy
from tests.support.clients import KEY, Handle, World, client_of
from tests.support.raw import drip_noise, listening, mute, refusing_to_accept, sip
from tests.support.wire import Action, Received, Wait, WireServer, reply

BOUND = 0.3
SLACK = 0.5


@contextlib.contextmanager
def within(seconds: float) -> Iterator[None]:
    """Hold that what is inside takes no longer, but for what a busy machine keeps everybody waiting."""
    late = 0.0
    done = threading.Event()

    def doze() -> None:
        nonlocal late
        while not done.is_set():
            dozed_off = time.monotonic()
            done.wait(0.01)
            late += max(0.0, time.monotonic() - dozed_off - 0.02)

    other = threading.Thread(target=doze)
    other.start()
    started = time.monotonic()
    try:
        yield
        took = time.monotonic() - started
    finally:
        done.set()
        other.join()
    assert took < seconds + SLACK + late


def dripping(start: bytes, drop: bytes) -> Callable[[Received], Iterable[Action]]:
    def handler(_: Received) -> Iterable[Action]:
        yield start
        while True:
            yield drop
            yield Wait(0.02)

    return handler


PICTURE = b"\x89PNG\r\n\x1a\n"
OK = b"HTTP/1.1 200 OK\r\n"
SLOW: dict[str, tuple[Callable[[Received], Iterable[Action]], type[QubridError], str]] = {
    "no answer": (lambda _: [Wait()], q.APITimeoutError, "unknown"),
    "headers, a line at a time": (dripping(OK, b"x-y: z\r\n"), q.APITimeoutError, "unknown"),
    "a header, a byte at a time": (dripping(OK, b"x"), q.APITimeoutError, "unknown"),
    "interim answers for ever": (dripping(b"", b"HTTP/1.1 102 X\r\n\r\n"), q.APITimeoutError, "unknown"),
    "headers, then nothing": (lambda _: [OK + b"\r\n", Wait()], q.APITimeoutError, "unknown"),
    "a body, a byte at a time": (
        dripping(OK + b"content-length: 9999\r\n\r\n{", b" "),
        q.APITimeoutError,
        "unknown",
    ),
    "chunks of a byte": (
        dripping(OK + b"transfer-encoding: chunked\r\n\r\n", b"1\r\n{\r\n"),
        q.APITimeoutError,
        "unknown",
    ),
    "a picture without end": (dripping(OK + b"\r\n" + PICTURE, b"x"), q.APITimeoutError, "unknown"),
    "an error, a byte at a time": (
        dripping(b"HTTP/1.1 402 X\r\ncontent-length: 9999\r\n\r\n", b"x"),
        q.InsufficientCreditsError,
        "rejected",
    ),
}


@pytest.mark.parametrize("name", SLOW)
@pytest.mark.parametrize("bound", ["timeout", "deadline"])
def test_a_slow_answer_is_waited_for_no_longer_than_asked(
    lasting: Callable[[str], Handle], name: str, bound: str
) -> None:
    handler, kind, outcome = SLOW[name]
    with WireServer(handler) as server, within(BOUND):
        with pytest.raises(kind) as caught:
            lasting(server.base_url).generate("fox", **{bound: BOUND})
    assert (type(caught.value), caught.value.outcome, caught.value.attempts) == (kind, outcome, 1)
    assert len(server.requests) == 1


@pytest.mark.parametrize("serve", [mute, sip])
def test_a_server_that_does_not_read_the_request_holds_nobody_up(
    lasting: Callable[[str], Handle], serve: Any
) -> None:
    body = {"padding": "x" * 16_000_000}
    with listening(serve, receive_buffer=4096) as port:
        client = lasting(f"http://127.0.0.1:{port}/v1")
        with within(0.5), pytest.raises(q.APITimeoutError) as caught:
            client.generate("fox", extra_body=body, timeout=0.5)
    assert caught.value.outcome == "unknown"


@pytest.mark.parametrize("serve", [mute, drip_noise])
def test_a_handshake_that_never_ends_has_sent_nothing(lasting: Callable[[str], Handle], serve: Any) -> None:
    with listening(serve) as port, within(BOUND):
        with pytest.raises(q.APITimeoutError, match="Could not connect") as caught:
            lasting(f"https://127.0.0.1:{port}/v1").generate("fox", deadline=BOUND)
    assert caught.value.outcome == "not_sent"


def test_a_server_that_does_not_accept_has_been_sent_nothing(lasting: Callable[[str], Handle]) -> None:
    with refusing_to_accept("127.0.0.1") as port, within(BOUND):
        with pytest.raises(q.APITimeoutError, match="Could not connect") as caught:
            lasting(f"http://127.0.0.1:{port}/v1").generate("fox", deadline=BOUND)
    assert caught.value.outcome == "not_sent"


@pytest.fixture
def two_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let two.invalid be this machine, by IPv6 first."""
    known = socket.getaddrinfo
    if not socket.has_dualstack_ipv6():
        pytest.skip("this system has no IPv6")

    def both(host: Any, port: Any, *args: Any, **kwargs: Any) -> Any:
        if host not in {"two.invalid", b"two.invalid"}:
            return known(host, port, *args, **kwargs)
        return [*known("::1", port, *args, **kwargs), *known("127.0.0.1", port, *args, **kwargs)]

    monkeypatch.setattr(socket, "getaddrinfo", both)


@pytest.mark.usefixtures("two_addresses")
def test_many_addresses_share_the_time_of_one_attempt(lasting: Callable[[str], Handle]) -> None:
    with refusing_to_accept("127.0.0.1", "::1") as port, within(0.8):
        with pytest.raises(q.APITimeoutError) as caught:
            lasting(f"http://two.invalid:{port}/v1").generate("fox", max_retries=0, timeout=0.8)
    assert caught.value.outcome == "not_sent"


@pytest.mark.usefixtures("two_addresses")
def test_a_second_address_is_tried_when_the_first_is_dead(lasting: Callable[[str], Handle]) -> None:
    with WireServer(lambda _: reply(401)) as server:
        url = server.base_url.replace("127.0.0.1", "two.invalid")
        with pytest.raises(q.AuthenticationError):
            lasting(url).generate("fox")


def test_a_resolver_that_does_not_answer_is_left_to_itself(
    lasting: Callable[[str], Handle], monkeypatch: pytest.MonkeyPatch
) -> None:
    done = threading.Event()
    known = socket.getaddrinfo

    def hang(host: Any, *args: Any, **kwargs: Any) -> Any:
        if host in {"127.0.0.1", b"127.0.0.1"}:
            return known(host, *args, **kwargs)
        done.wait(30)
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    try:
        with within(BOUND), pytest.raises(q.APITimeoutError, match="Could not connect") as caught:
            lasting("http://slow.invalid/v1").generate("fox", deadline=BOUND)
    finally:
        done.set()
    assert caught.value.outcome == "not_sent"


def test_a_name_that_could_not_be_looked_up_once_is_looked_up_again(
    lasting: Callable[[str], Handle], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(thread: threading.Thread) -> None:
        if thread.name == "qubrid-resolver":
            raise RuntimeError("can't start new thread")
        start(thread)

    start = threading.Thread.start
    with WireServer(lambda _: reply(401)) as server:
        client = lasting(server.base_url.replace("127.0.0.1", "localhost"))
        with monkeypatch.context() as patch:
            patch.setattr(threading.Thread, "start", full)
            with pytest.raises(QubridError) as caught:
                client.generate("fox", max_retries=0)
            # httpx's own async way asks asyncio, which needs no thread that has our name.
            assert caught.value.outcome == "not_sent" or isinstance(caught.value, q.AuthenticationError)
        with pytest.raises(q.AuthenticationError):
            client.generate("fox")


def test_a_resolver_that_does_not_answer_does_not_keep_the_program_from_ending(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    done = threading.Event()
    asked: list[object] = []

    def hang(host: Any, *_: Any, **__: Any) -> Any:
        asked.append(host)
        done.wait(30)
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    async def main() -> list[QubridError]:
        async with q.AsyncQubrid(KEY, base_url="http://slow.invalid/v1", deadline=BOUND) as client:
            calls = (client.images.generate("fox") for _ in range(5))
            answers: list[Any] = await asyncio.gather(*calls, return_exceptions=True)
            return answers

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    try:
        with within(BOUND):
            errors = asyncio.run(main())
    finally:
        done.set()
    assert {(type(error), error.outcome) for error in errors} == {(q.APITimeoutError, "not_sent")}
    assert asked == ["slow.invalid"]


@pytest.mark.parametrize("host", ["nowhere.invalid", "x..y", "a" * 64 + ".invalid"])
def test_a_name_that_means_nothing_is_tried_again_and_nothing_was_sent(
    lasting: Callable[[str], Handle], host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = socket.getaddrinfo

    def unknown(name: Any, *args: Any, **kwargs: Any) -> Any:
        text = name.decode("ascii") if isinstance(name, bytes) else name
        if not text.endswith(".invalid") or len(text) > 60:
            return known(name, *args, **kwargs)  # what is malformed is refused without asking anybody
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(q.APIConnectionError, match="Could not connect to") as caught:
        lasting(f"http://{host}/v1").generate("fox")
    assert type(caught.value) is q.APIConnectionError
    assert (caught.value.outcome, caught.value.attempts) == ("not_sent", 3)


def test_a_deadline_bounds_attempts_and_waits_together(world: World) -> None:
    with WireServer(lambda _: reply(429, b"", {"retry-after": "0.1"})) as server:
        with client_of(world, server.base_url, max_retries=1000) as client, within(0.6):
            with pytest.raises(q.RateLimitError, match="deadline leaves no time") as caught:
                client.generate("fox", deadline=0.6)
    assert 2 <= caught.value.attempts <= 6
    assert len(server.requests) == caught.value.attempts


def test_a_deadline_bounds_attempts_that_each_time_out(world: World) -> None:
    policy = RetryPolicy(max_retries=1000, backoff=0, retry_unknown_outcome=True)
    with WireServer(lambda _: [Wait()]) as server:
        with client_of(world, server.base_url, retry=policy) as client, within(0.6):
            with pytest.raises(q.QubridError) as caught:
                client.generate("fox", timeout=0.25, deadline=0.6)
    assert isinstance(caught.value, TimeoutError)
    assert caught.value.attempts >= 2


def test_time_that_is_over_before_it_began_sends_nothing(world: World) -> None:
    with WireServer(lambda _: reply(500)) as server, client_of(world, server.base_url) as client:
        with pytest.raises(q.APITimeoutError, match="before anything was sent") as caught:
            client.generate("fox", deadline=1e-9)
    assert (caught.value.outcome, server.requests) == ("not_sent", [])


def test_without_being_told_a_call_still_ends(world: World) -> None:
    from qubrid_facade._download import DOWNLOAD_TIMEOUT

    with client_of(world, "http://127.0.0.1:9/v1") as client:
        assert 0 < client.client._settings.timeout < 3600
    assert 0 < DOWNLOAD_TIMEOUT < 3600

"""Money: no request that may have been carried out is sent twice, and no answer is taken for another's."""

from __future__ import annotations

import asyncio
import pickle
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

import qubrid_facade as q
from qubrid_facade import AsyncQubrid, Qubrid, QubridError, RetryPolicy, _images
from qubrid_facade._answer import FoundImages, Reply
from tests.support.clients import KEY, World, client_of
from tests.support.pictures import b64, picture
from tests.support.wire import Action, Close, Received, Reset, WireServer, reply

PNG = picture()
OK = reply(200, {"created": 1, "data": [{"b64_json": b64(PNG)}]})
AMBIGUOUS: list[list[Action]] = [
    [Reset()],
    [Close()],
    [b"HTTP/1.1 200 OK\r\ncontent-le", Close()],
    [OK[:-20], Close()],
    [OK[:-20], Reset()],
    [reply(504)],
    [reply(524)],
    [reply(200, b"<html>")],
    [b"garbage\r\n\r\n", Close()],
]
CALLS = 1000


class Painter:
    """A service that counts what it has painted, and loses every fifth answer in one of many ways."""

    def __init__(self) -> None:
        self.painted: Counter[int] = Counter()
        self.asked: Counter[int] = Counter()
        self.lock = threading.Lock()

    def handle(self, request: Received) -> Iterable[Action]:
        number = int(request.json["prompt"])
        with self.lock:
            self.asked[number] += 1
            if number % 5 == 1 and self.asked[number] == 1:
                return [reply(503)]  # refused, so it may be repeated
            self.painted[number] += 1
        return AMBIGUOUS[number // 5 % len(AMBIGUOUS)] if number % 5 == 0 else [OK]


def judged(number: int, error: QubridError | None) -> None:
    assert (error is None) == (number % 5 != 0), number
    assert error is None or error.outcome == "unknown", number


def a_thousand_calls(url: str, policy: RetryPolicy, calls: int) -> None:
    with Qubrid(KEY, base_url=url, retry=policy) as client, ThreadPoolExecutor(8) as threads:

        def call(number: int) -> QubridError | None:
            try:
                client.images.generate(str(number))
            except QubridError as exc:
                return exc
            return None

        for number, error in enumerate(threads.map(call, range(calls))):
            judged(number, error)


def a_thousand_tasks(url: str, policy: RetryPolicy, calls: int) -> None:
    async def main() -> None:
        gate = asyncio.Semaphore(16)
        async with AsyncQubrid(KEY, base_url=url, retry=policy) as client:

            async def call(number: int) -> QubridError | None:
                async with gate:
                    try:
                        await client.images.generate(str(number))
                    except QubridError as exc:
                        return exc
                    return None

            for number, error in enumerate(await asyncio.gather(*map(call, range(calls)))):
                judged(number, error)

    asyncio.run(main())


@pytest.mark.parametrize("go", [a_thousand_calls, a_thousand_tasks])
def test_in_a_thousand_calls_nothing_is_painted_twice(go: Any) -> None:
    painter = Painter()
    with WireServer(painter.handle) as server:
        go(server.base_url, RetryPolicy(backoff=0), CALLS)
    twice = [number for number, times in painter.painted.items() if times > 1]
    assert twice == []
    assert sum(painter.painted.values()) == CALLS
    assert sum(painter.asked.values()) == CALLS + CALLS // 5


@pytest.mark.parametrize("go", [a_thousand_calls, a_thousand_tasks])
def test_whoever_allows_repeats_gets_them(go: Any) -> None:
    painter = Painter()
    with WireServer(painter.handle) as server:
        go(server.base_url, RetryPolicy(backoff=0, max_retries=1, retry_unknown_outcome=True), 50)
    assert [times for number, times in sorted(painter.painted.items()) if number % 5 == 0] == [2] * 10


def test_what_follows_an_answer_is_not_taken_for_the_next_one(world: World) -> None:
    red, blue = picture(colour="red"), picture(colour="blue")

    def answer(content: bytes) -> bytes:
        return reply(200, {"data": [{"b64_json": b64(content)}]})

    def handle(request: Received) -> bytes:
        # Both in one packet: the second would be read as the answer to whatever is asked next.
        return answer(red) + (answer(blue) if request.json["prompt"] == "first" else b"")

    with WireServer(handle) as server, client_of(world, server.base_url) as client:
        assert client.read(client.generate("first").data[0]) == red
        assert client.read(client.generate("second").data[0]) == red
    assert len(server.requests) == 2
    assert server.connections == 2


def test_a_connection_that_the_server_has_closed_is_not_used_again(world: World) -> None:
    gone = threading.Event()

    def handle(_: Received) -> Iterable[Action]:
        yield OK  # which promises nothing about the connection ...
        yield Close()

    with WireServer(handle) as server:
        hang_up = server._act

        def act(connection: socket.socket, action: Action) -> bool:
            more = hang_up(connection, action)
            if isinstance(action, Close):
                connection.close()  # ... and yet it is closed
                gone.set()
            return more

        server._act = act  # type: ignore[method-assign]
        with client_of(world, server.base_url, max_retries=0) as client:
            for _ in range(20):
                gone.clear()
                client.generate("fox")
                assert gone.wait(5)
                world.run(asyncio.sleep(0) if world.name == "async" else None)
    assert len(server.requests) == server.connections == 20


@pytest.mark.parametrize("status", [429, 503])
def test_those_who_fail_together_do_not_come_back_together(world: World, status: int) -> None:
    waits: list[float] = []

    class Stop(Exception):  # noqa: N818 - not an error, the end of this test's interest
        pass

    def note(_error: QubridError, _attempt: int, wait: float) -> None:
        waits.append(wait)
        raise Stop

    with WireServer(lambda _: reply(status, b"", {"retry-after": "2"} if status == 429 else {})) as server:
        with client_of(world, server.base_url, on_retry=note, retry=RetryPolicy(backoff=4)) as client:
            for _ in range(40):
                with pytest.raises(Stop) as caught:
                    client.generate("fox")
                assert isinstance(caught.value.__context__, QubridError)
    least, most = (2.0, 2.5) if status == 429 else (0.0, 4.0)
    assert least <= min(waits) < least + (most - least) / 3
    assert most - (most - least) / 3 < max(waits) <= most
    assert len(set(waits)) > 35


ALLOWING = RetryPolicy(backoff=0, max_retries=2, retry_unknown_outcome=True)
AFTER_504: dict[str, tuple[list[Action], type[QubridError], str]] = {
    "401": ([reply(401)], q.AuthenticationError, "An earlier attempt may have been"),
    "429": ([reply(429, b"", {"retry-after": "3600"})], q.RateLimitError, "An earlier attempt may have been"),
    "503, 401": ([reply(503), reply(401)], q.AuthenticationError, "An earlier attempt may have been"),
    "504, 401": ([reply(504), reply(401)], q.AuthenticationError, "2 earlier attempts may have been"),
    "503, 504": ([reply(503), reply(504)], q.GatewayTimeoutError, "and billed, up to 2 times."),
}


@pytest.mark.parametrize("then", AFTER_504)
def test_what_an_earlier_attempt_may_have_cost_is_not_forgotten(world: World, then: str) -> None:
    answers, kind, words = AFTER_504[then]
    playing = iter([reply(504), *answers])
    with WireServer(lambda _: [next(playing)]) as server:
        with client_of(world, server.base_url, retry=ALLOWING) as client:
            with pytest.raises(kind, match=words) as caught:
                client.generate("fox")
    assert caught.value.outcome == "unknown"
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)  # noqa: S301


def test_nor_is_it_where_the_next_attempt_never_begins(world: World) -> None:
    with WireServer(lambda _: reply(504)) as server:

        def close(*_: object) -> None:
            pool = client.client._pool
            pool.closed = True

        with client_of(world, server.base_url, retry=ALLOWING, on_retry=close) as client:
            with pytest.raises(q.ConfigurationError, match="closed") as caught:
                client.generate("fox")
    error = caught.value
    assert (error.outcome, error.attempts, len(server.requests)) == ("unknown", 1, 1)
    assert "nothing was sent" not in str(error)


def test_nor_is_it_where_on_retry_ends_the_call(world: World) -> None:
    playing = iter([reply(504), reply(503)])

    def stop(_error: QubridError, attempt: int, _wait: float) -> None:
        told.append(_error.outcome)
        if attempt == 2:
            raise LookupError

    told: list[str | None] = []
    with WireServer(lambda _: next(playing)) as server:
        with client_of(world, server.base_url, retry=ALLOWING, on_retry=stop) as client:
            with pytest.raises(LookupError) as caught:
                client.generate("fox")
    assert told == ["unknown", "rejected"]
    error = caught.value.__context__
    assert isinstance(error, q.BackendUnavailableError)
    assert error.outcome == "unknown"


@pytest.mark.parametrize("status", [503, 504])
def test_time_that_on_retry_takes_is_not_the_services_silence(world: World, status: int) -> None:
    with WireServer(lambda _: reply(status)) as server:
        options: dict[str, Any] = {"retry": ALLOWING, "on_retry": lambda *_: time.sleep(0.4), "deadline": 0.3}
        with client_of(world, server.base_url, **options) as client:
            with pytest.raises(q.ServerError) as caught:
                client.generate("fox")
    error = caught.value
    assert (error.status_code, error.attempts, len(server.requests)) == (status, 1, 1)
    assert "The deadline leaves no time" in error.gave_up


def test_an_answer_that_we_stumble_over_is_kept(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble(_: Reply) -> FoundImages:
        raise ZeroDivisionError(f"with {KEY}")

    monkeypatch.setattr(_images, "find_images", stumble)
    with WireServer(lambda _: OK) as server, client_of(world, server.base_url, retry=ALLOWING) as client:
        with pytest.raises(q.InvalidResponseError, match="ZeroDivisionError") as caught:
            client.generate("fox")
    error = caught.value
    assert (error.outcome, error.attempts, len(server.requests)) == ("unknown", 1, 1)
    assert OK.endswith(error.body)
    assert isinstance(error.__cause__, ZeroDivisionError)
    assert KEY not in f"{error} {error.__cause__}"

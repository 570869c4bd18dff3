"""An httpx client of the caller's own: proxies, private CAs, hooks, mocks, and what can go wrong there."""

from __future__ import annotations

import asyncio
import gzip
import json
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import httpx
import pytest
import trustme

import qubrid_facade as q
from qubrid_facade import QubridError, RetryPolicy
from tests.support.clients import KEY, World, client_of
from tests.support.pictures import b64, picture
from tests.support.raw import free_port, listening, mute
from tests.support.wire import Action, Received, Wait, WireServer, reply

PNG = picture()
ANSWER = {"created": 1, "data": [{"b64_json": b64(PNG)}]}
OK = reply(200, ANSWER)
AT_ONCE = RetryPolicy(backoff=0)


def hook(world: World, do: Callable[[Any], None]) -> Any:
    """Return ``do`` as an event hook of this world's kind."""
    if world.name == "sync":
        return do

    async def hooked(thing: Any) -> None:
        do(thing)

    return hooked


def failure(world: World, url: str, http: Any, **options: Any) -> BaseException:
    with client_of(world, url, http_client=http, retry=AT_ONCE) as client:
        with pytest.raises(BaseException) as caught:
            client.generate("fox", **options)
        world.close_http(http)
    return caught.value


@pytest.mark.parametrize("own", [False, True])
def test_the_key_follows_no_redirect(world: World, own: bool) -> None:
    with WireServer(lambda _: OK) as elsewhere:
        moved = reply(307, b"", {"location": f"{elsewhere.base_url}/images/generations"})
        with WireServer(lambda _: moved) as server:
            options = {"http_client": world.http_client(follow_redirects=True)} if own else {}
            with client_of(world, server.base_url, **options) as client:
                with pytest.raises(q.APIStatusError, match=r"307 .*check the base URL") as caught:
                    client.generate("fox")
                if own:
                    world.close_http(options["http_client"])
    assert (caught.value.outcome, len(server.requests), elsewhere.requests) == ("rejected", 1, [])


def test_a_private_ca_is_trusted_if_the_caller_does(world: World) -> None:
    ca = trustme.CA()
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert("127.0.0.1").configure_cert(server_side)
    client_side = ssl.create_default_context()
    ca.configure_trust(client_side)
    with WireServer(lambda _: OK, tls=server_side) as server:
        http = world.http_client(verify=client_side)
        url = server.base_url.replace("http:", "https:")
        with client_of(world, url, http_client=http) as client:
            for _ in range(2):
                assert client.read(client.generate("fox").data[0]) == PNG
            world.close_http(http)
    assert server.connections == 1


def test_a_proxy_carries_the_call(world: World) -> None:
    with WireServer(lambda _: OK) as proxy:
        http = world.http_client(proxy=proxy.url)
        with client_of(world, "http://service.invalid/v1", http_client=http) as client:
            assert client.read(client.generate("fox").data[0]) == PNG
            world.close_http(http)
    assert proxy.requests[0].path == "http://service.invalid/v1/images/generations"


@pytest.mark.parametrize(("status", "attempts"), [(407, 1), (403, 1), (502, 3)])
def test_a_proxy_that_refuses_has_sent_nothing_on(world: World, status: int, attempts: int) -> None:
    with WireServer(lambda _: reply(status)) as proxy:
        url = proxy.url
        error = failure(world, "https://service.invalid/v1", world.http_client(proxy=url))
    assert type(error) is q.APIConnectionError
    assert str(error).startswith(f"The proxy {url} did not connect to service.invalid: {status}")
    assert (error.outcome, error.attempts) == ("not_sent", attempts)
    assert all(request.method == "CONNECT" and KEY not in repr(request) for request in proxy.requests)


def test_a_proxy_that_is_not_there_has_been_sent_nothing(world: World) -> None:
    port = free_port()
    error = failure(
        world, "http://x.invalid/v1", world.http_client(proxy=f"http://u:secret@127.0.0.1:{port}")
    )
    assert isinstance(error, q.APIConnectionError)
    assert error.outcome == "not_sent"
    assert f"Could not connect to x.invalid through the proxy http://127.0.0.1:{port}: " in str(error)


def test_time_is_bounded_through_a_proxy_as_well(world: World) -> None:
    with listening(mute) as port:
        started = time.monotonic()
        http = world.http_client(proxy=f"http://127.0.0.1:{port}", timeout=None)
        error = failure(world, "https://service.invalid/v1", http, deadline=0.2)
    assert time.monotonic() - started < 0.7
    assert isinstance(error, q.APITimeoutError)


def test_no_free_connection_is_not_sent(world: World) -> None:
    waiting, release = threading.Event(), threading.Event()

    def handle(request: Received) -> Iterable[Action]:
        if request.json["prompt"] == "first":
            waiting.set()
            release.wait(20)
        yield OK

    async def both(client: Any) -> None:
        first = asyncio.ensure_future(client.images.generate("first"))
        await asyncio.to_thread(waiting.wait, 20)
        try:
            await client.images.generate("second", timeout=0.1, max_retries=0)
        finally:
            release.set()
            await first

    def both_in_threads(client: Any) -> None:
        first = threading.Thread(target=client.images.generate, args=("first",))
        first.start()
        waiting.wait(20)
        try:
            client.images.generate("second", timeout=0.1, max_retries=0)
        finally:
            release.set()
            first.join(20)

    http = world.http_client(limits=httpx.Limits(max_connections=1))
    with WireServer(handle) as server, client_of(world, server.base_url, http_client=http) as client:
        with pytest.raises(q.APITimeoutError, match="No connection became free") as caught:
            world.run((both if world.name == "async" else both_in_threads)(client.client))
        world.close_http(http)
    assert caught.value.outcome == "not_sent"
    assert [request.json["prompt"] for request in server.requests] == ["first"]


@pytest.mark.parametrize("when", ["request", "response"])
def test_what_a_hook_raises_comes_out_as_it_is(world: World, when: str) -> None:
    def complain(_: Any) -> None:
        raise LookupError("the hook's own")

    with WireServer(lambda _: OK) as server:
        http = world.http_client(event_hooks={when: [hook(world, complain)]})
        error = failure(world, server.base_url, http)
    assert type(error) is LookupError
    assert len(server.requests) == (when == "response")


def own_calls() -> dict[str, Callable[[], Any]]:
    """Return calls of a hook's own that fail, as those that write an audit log may."""
    nobody = f"http://127.0.0.1:{free_port()}/audit"

    def refused() -> None:
        httpx.Response(503, request=httpx.Request("POST", nobody)).raise_for_status()

    def by_hand() -> None:
        raise httpx.ConnectError("no request is named")

    return {
        "no connection": lambda: httpx.post(nobody),
        "503": refused,
        "no address": lambda: httpx.post("http://[::x"),
        "no file": lambda: open("/no-such/log", "a"),  # noqa: PTH123
        "by hand": by_hand,
    }


@pytest.mark.parametrize("name", own_calls())
def test_a_hook_that_fails_in_a_call_of_its_own_buys_no_second_picture(world: World, name: str) -> None:
    fail = own_calls()[name]
    with WireServer(lambda _: OK) as server:
        http = world.http_client(event_hooks={"response": [hook(world, lambda _: fail())]})
        error = failure(world, server.base_url, http)
    assert not isinstance(error, QubridError)
    assert isinstance(error, httpx.HTTPError | httpx.InvalidURL | FileNotFoundError)
    assert len(server.requests) == 1


def test_a_hook_that_asks_for_the_same_again_and_fails_buys_no_third_picture(world: World) -> None:
    def again(response: httpx.Response) -> None:
        httpx.post(response.request.url, timeout=0.1)

    answers: Iterator[list[Action]] = iter([[OK], [Wait()]])
    with WireServer(lambda _: next(answers)) as server:
        http = world.http_client(event_hooks={"response": [hook(world, again)]})
        error = failure(world, server.base_url, http)
    assert type(error) is httpx.ReadTimeout
    assert len(server.requests) == 2


def test_a_transport_that_stops_iterating_returns_no_nothing(world: World) -> None:
    http = world.http_client(transport=httpx.MockTransport(lambda _: next(iter(()))))
    error = failure(world, "http://service.invalid/v1", http)
    assert type(error) is RuntimeError
    assert "StopIteration" in str(error)


def test_a_header_of_the_callers_client_that_cannot_be_sent_is_refused_before(world: World) -> None:
    with WireServer(lambda _: OK) as server:
        error = failure(world, server.base_url, world.http_client(headers={"x-team": "a\nb"}))
    assert isinstance(error, q.InputError)
    assert (error.outcome, server.requests) == ("not_sent", [])


@pytest.mark.parametrize(
    ("status", "kind", "outcome", "requests"),
    [
        (401, q.AuthenticationError, "rejected", 1),
        (429, q.RateLimitError, "rejected", 3),
        (504, q.GatewayTimeoutError, "unknown", 1),
    ],
)
def test_a_hook_that_raises_for_the_status_changes_nothing(
    world: World, status: int, kind: type[QubridError], outcome: str, requests: int
) -> None:
    with WireServer(lambda _: reply(status, {"message": "Not now."})) as server:
        http = world.http_client(
            event_hooks={"response": [hook(world, lambda response: response.raise_for_status())]}
        )
        error = failure(world, server.base_url, http)
    assert type(error) is kind
    assert (error.outcome, len(server.requests)) == (outcome, requests)


def test_a_hook_may_read_the_answer_first(world: World) -> None:
    async def read_async(response: httpx.Response) -> None:
        await response.aread()

    def read(response: httpx.Response) -> None:
        response.read()

    body = gzip.compress(json.dumps(ANSWER).encode())
    with WireServer(lambda _: reply(200, body, {"content-encoding": "gzip"})) as server:
        http = world.http_client(event_hooks={"response": [read if world.name == "sync" else read_async]})
        with client_of(world, server.base_url, http_client=http) as client:
            assert client.read(client.generate("fox").data[0]) == PNG
            world.close_http(http)


@pytest.mark.parametrize(
    ("raised", "kind", "outcome", "attempts"),
    [
        (httpx.ConnectError("no"), q.APIConnectionError, "not_sent", 3),
        (httpx.ReadError("no"), q.APIConnectionError, "unknown", 1),
        (httpx.WriteTimeout("no"), q.APITimeoutError, "unknown", 1),
        (httpx.PoolTimeout("no"), q.APITimeoutError, "not_sent", 3),
        (httpx.RemoteProtocolError(""), q.APIConnectionError, "unknown", 1),
        (httpx.DecodingError("no"), q.APIConnectionError, "unknown", 1),
        (ConnectionResetError(104, "reset"), q.APIConnectionError, "unknown", 1),
        (TimeoutError(), q.APITimeoutError, "unknown", 1),
        # h2 says so of what a server has done when it had the whole request.
        (httpx.LocalProtocolError("no"), q.APIConnectionError, "unknown", 1),
        (EOFError(), q.APIConnectionError, "unknown", 1),
    ],
)
def test_a_transport_of_ones_own_may_fail_as_httpx_does(
    world: World, raised: Exception, kind: type[QubridError], outcome: str, attempts: int
) -> None:
    def handle(_: httpx.Request) -> httpx.Response:
        raise raised

    http = world.http_client(transport=httpx.MockTransport(handle))
    error = failure(world, "http://service.invalid/v1", http)
    assert type(error) is kind
    assert (error.outcome, error.attempts) == (outcome, attempts)
    assert error.__cause__ is raised or type(raised) is TimeoutError


def test_what_nobody_foresaw_is_an_error_of_ours_and_not_repeated(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", surprise)
    monkeypatch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", surprise)
    with client_of(world, "http://127.0.0.1:9/v1", retry=RetryPolicy(retry_unknown_outcome=True)) as client:
        with pytest.raises(q.APIConnectionError, match="unexpected way: ZeroDivisionError") as caught:
            client.generate("fox")
    assert (caught.value.outcome, caught.value.attempts) == ("unknown", 1)
    assert isinstance(caught.value.__cause__, ZeroDivisionError)


def surprise(*_: Any) -> Any:
    raise ZeroDivisionError


def test_a_slow_answer_through_a_client_of_ones_own_ends_in_time(world: World) -> None:
    with WireServer(lambda _: [OK[:-9], Wait()]) as server:
        http = world.http_client(timeout=None)
        started = time.monotonic()
        error = failure(world, server.base_url, http, timeout=0.2)
    assert time.monotonic() - started < 0.7
    assert isinstance(error, q.APITimeoutError)


@pytest.mark.parametrize("name", ["Content-Length", "transfer-encoding"])
def test_a_header_that_would_break_the_request_is_refused(world: World, name: str) -> None:
    with WireServer(lambda _: OK) as server, client_of(world, server.base_url) as client:
        with pytest.raises(q.InputError, match=f"extra_headers: {name} says how long the body is"):
            client.generate("fox", extra_headers={name: "5"})
    assert server.requests == []

"""What a failure says: no more than is known, at a length to read, and nothing about what is the caller's."""

from __future__ import annotations

import ssl
from typing import Any

import pytest

import qubrid_facade as q
from qubrid_facade import QubridError, RetryPolicy, _network, _transport
from tests.support.clients import KEY, Handle, World, client_of
from tests.support.raw import free_port, refusing_to_accept
from tests.support.wire import Reset, Wait, WireServer, reply

FAST = RetryPolicy(backoff=0.0)


def failure(world: World, answer: bytes) -> QubridError:
    with WireServer(lambda _: answer) as server, client_of(world, server.base_url, retry=FAST) as client:
        with pytest.raises(QubridError) as caught:
            client.generate("fox")
    return caught.value


def while_handling(own: Exception, client: Handle, **options: Any) -> None:
    """Make a call while ``own`` is being handled."""

    def call() -> None:
        try:
            raise own
        except LookupError:
            client.client.images.generate("fox", **options)

    async def call_async() -> None:
        # Inside of the event loop: what comes out of one gets a context anew.
        try:
            raise own
        except LookupError:
            await client.client.images.generate("fox", **options)

    if client.world.name == "async":
        client.world.run(call_async())
    else:
        call()


@pytest.mark.parametrize("fault", [reply(400), [Reset()], [Wait()]])
def test_what_the_caller_was_handling_stays_as_it_was(world: World, fault: Any) -> None:
    own = LookupError(f"mine, with {KEY}")
    with WireServer(lambda _: fault) as server, client_of(world, server.base_url) as client:
        with pytest.raises(QubridError) as caught:
            while_handling(own, client, timeout=0.2)
    assert own.__traceback__ is not None
    assert own.args == (f"mine, with {KEY}",)
    assert caught.value.__context__ is own


def test_nor_is_it_lost_if_on_retry_fails(world: World) -> None:
    def stop(*_: object) -> None:
        raise ValueError("enough")

    own = LookupError("mine")
    with WireServer(lambda _: reply(503)) as server:
        with client_of(world, server.base_url, on_retry=stop) as client:
            with pytest.raises(ValueError, match="enough") as caught:
                while_handling(own, client)
    told = caught.value.__context__
    assert isinstance(told, q.BackendUnavailableError)
    assert told.__context__ is own


def test_nor_is_it_taken_for_the_reason(world: World) -> None:
    def call() -> None:
        try:
            raise ssl.SSLCertVerificationError("of something else")
        except ssl.SSLCertVerificationError:
            with client_of(world, f"http://127.0.0.1:{free_port()}/v1", retry=FAST) as client:
                client.generate("fox")

    with pytest.raises(q.APIConnectionError, match="Could not connect") as caught:
        call()
    assert caught.value.attempts == 3


@pytest.mark.parametrize("bound", ["timeout", "deadline"])
def test_out_of_time_names_what_bound_it_and_the_time_there_was(world: World, bound: str) -> None:
    other = {"timeout": "deadline", "deadline": "timeout"}[bound]
    with WireServer(lambda _: [Wait()]) as server, client_of(world, server.base_url) as client:
        with pytest.raises(q.APITimeoutError) as caught:
            client.generate("fox", **{bound: 0.2, other: 50})
    left = {"timeout": "", "deadline": " that the deadline left"}[bound]
    assert caught.value.message.endswith(f" within 0.2 s{left}")
    assert caught.value.hint == f"A longer {bound}= waits longer"


def test_connecting_that_takes_too_long_names_its_own_bound(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_network, "CONNECT_SECONDS", 0.2)
    monkeypatch.setattr(_transport, "CONNECT_SECONDS", 0.2)
    with refusing_to_accept("127.0.0.1") as port:
        with client_of(world, f"http://127.0.0.1:{port}/v1", max_retries=0) as client:
            with pytest.raises(q.APITimeoutError, match=rf"127\.0\.0\.1:{port} within 0\.2 s\. ") as caught:
                client.generate("fox")
    assert "connecting may take 0.2 s of an attempt" in caught.value.hint


# --- words that are not ours ----------------------------------------------------------------------------

LONG = "a\ud800\n\x1b[31m" + "z y" * 3000


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        ({"detail": [{"loc": ["body", LONG], "msg": "no"}]}, {}),
        ({"error": {"message": "no", "code": LONG, "type": LONG, "param": LONG, "request_id": LONG}}, {}),
        ({"message": "no"}, {"x-request-id": "r" * 20_000}),
    ],
)
def test_names_that_the_service_gives_are_short_and_printable(
    world: World, body: Any, headers: dict[str, str]
) -> None:
    error = failure(world, reply(422, body, headers))
    assert isinstance(error, q.APIStatusError)
    for name in (error.param, error.code, error.type, error.request_id):
        assert name is None or (name.isprintable() and len(name) <= 200)
    assert len(str(error)) < 600


def test_of_an_empty_answer_it_is_not_said_that_it_is_kept(world: World) -> None:
    assert "kept" not in str(failure(world, reply(200, b"")))
    assert "kept" in str(failure(world, reply(200, b"x")))

"""Failures: which class, whether it may be billed, whether it is repeated, and what is said."""

from __future__ import annotations

import copy
import logging
import pickle
import socket
import ssl
import time
from collections.abc import Iterable
from typing import Any

import pytest

import qubrid_facade as q
from qubrid_facade import QubridError, RetryPolicy
from tests.support.clients import KEY, World, client_of
from tests.support.document import ERROR_STATUSES, documented_error
from tests.support.pictures import b64, picture
from tests.support.wire import Action, Close, Received, Reset, Wait, WireServer, reply

OK = reply(200, {"created": 1, "data": [{"b64_json": b64(picture())}]})
FAST = RetryPolicy(backoff=0.0)

# What the document's statuses mean: class, outcome, and how many requests a call makes with two retries.
DOCUMENTED: dict[int, tuple[type[QubridError], str, int]] = {
    400: (q.BadRequestError, "rejected", 1),
    401: (q.AuthenticationError, "rejected", 1),
    402: (q.InsufficientCreditsError, "rejected", 1),
    403: (q.PermissionDeniedError, "rejected", 1),
    404: (q.ModelNotFoundError, "rejected", 1),
    429: (q.RateLimitError, "rejected", 3),
    500: (q.ServerError, "failed", 3),
    502: (q.BackendUnavailableError, "failed", 3),
    504: (q.GatewayTimeoutError, "unknown", 1),
}
UNDOCUMENTED: dict[int, tuple[type[QubridError], str, int]] = {
    302: (q.APIStatusError, "rejected", 1),
    405: (q.APIStatusError, "rejected", 1),
    408: (q.APIStatusError, "rejected", 3),
    409: (q.APIStatusError, "rejected", 1),
    422: (q.BadRequestError, "rejected", 1),
    503: (q.BackendUnavailableError, "rejected", 3),
    520: (q.ServerError, "unknown", 1),
    524: (q.ServerError, "unknown", 1),
    529: (q.ServerError, "failed", 3),
}


def test_every_status_of_the_document_is_covered() -> None:
    assert sorted(DOCUMENTED) == sorted(ERROR_STATUSES)


def failure(world: World, answer: bytes, **options: Any) -> tuple[QubridError, WireServer]:
    with WireServer(lambda _: answer) as server:
        with client_of(world, server.base_url, retry=FAST, **options) as client:
            with pytest.raises(QubridError) as caught:
                client.generate("fox")
    return caught.value, server


@pytest.mark.parametrize("status", DOCUMENTED)
def test_a_documented_error_is_told_as_the_document_has_it(world: World, status: int) -> None:
    body = documented_error(status)
    error, server = failure(world, reply(status, body))
    kind, outcome, requests = DOCUMENTED[status]
    assert type(error) is kind
    assert isinstance(error, q.APIStatusError)
    told = {name: getattr(error, name) for name in ("message", "type", "code", "param", "request_id")}
    assert told == body["error"]
    assert (error.status_code, error.outcome, error.attempts) == (status, outcome, requests)
    assert len(server.requests) == requests
    assert body["error"]["message"] in str(error)
    assert body["error"]["request_id"] in str(error)
    assert ("may have been carried out" in str(error)) == (outcome == "unknown")


@pytest.mark.parametrize("status", UNDOCUMENTED)
@pytest.mark.parametrize(
    "body", [b"", b"<html><head><title>Bad\ngateway</title></head></html>", b"\xff\xfe\x00"]
)
def test_an_undocumented_answer_is_told_as_well(world: World, status: int, body: bytes) -> None:
    error, server = failure(world, reply(status, body, {"location": "http://127.0.0.1:9/"}))
    kind, outcome, requests = UNDOCUMENTED[status]
    assert type(error) is kind
    assert isinstance(error, q.APIStatusError)
    assert (error.status_code, error.outcome, error.body, len(server.requests)) == (
        status,
        outcome,
        body,
        requests,
    )
    assert error.message
    assert "<" not in error.message
    assert str(status) in str(error)


ENVELOPES: list[tuple[Any, dict[str, Any]]] = [
    ({"error": "Bad input", "message": "Give a prompt."}, {"message": "Bad input: Give a prompt."}),
    ({"message": "Give a prompt.", "code": 40001}, {"message": "Give a prompt.", "code": "40001"}),
    ({"detail": "Not today"}, {"message": "Not today"}),
    (
        {"detail": [{"loc": ["body", "prompt"], "msg": "Field required", "type": "missing"}]},
        {"message": "Field required", "param": "prompt"},
    ),
    ({"error": {"message": {"detail": "Deep"}}}, {"message": "Deep"}),
    ({"error": {"message": None, "type": 5}}, {"message": "Bad Request", "type": "5"}),
    ("Plain words", {"message": "Plain words"}),
    ([1, 2], {"message": "[1, 2]"}),
    (b'"A JSON string"', {"message": "A JSON string"}),
]


@pytest.mark.parametrize(("body", "told"), ENVELOPES)
def test_every_known_envelope_gives_its_message(world: World, body: Any, told: dict[str, Any]) -> None:
    error, _ = failure(world, reply(400, body, {"x-request-id": "req-from-header"}))
    assert {name: getattr(error, name) for name in told} == told
    assert error.request_id == "req-from-header"


def test_the_code_decides_between_classes_of_one_status(world: World) -> None:
    policy = {"error": {"message": "No.", "type": "t", "code": "content_policy_violation", "request_id": "r"}}
    assert type(failure(world, reply(400, policy))[0]) is q.ContentPolicyError
    assert type(failure(world, reply(404, b""))[0]) is q.NotFoundError


# --- no answer ------------------------------------------------------------------------------------------

LOST: dict[str, list[Action]] = {
    "reset after sending": [Reset()],
    "closed without an answer": [Close()],
    "cut in the headers": [b"HTTP/1.1 200 OK\r\ncontent-le", Close()],
    "cut in the body": [b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{", Close()],
    "chunked and cut": [b'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{"da', Close()],
    "no http": [b"SSH-2.0-OpenSSH_9.9\r\n", Close()],
}


@pytest.mark.parametrize("fault", LOST)
def test_a_line_that_breaks_after_sending_is_not_called_again(world: World, fault: str) -> None:
    with WireServer(lambda _: LOST[fault]) as server, client_of(world, server.base_url, retry=FAST) as client:
        with pytest.raises(q.APIConnectionError) as caught:
            client.generate("fox")
        with pytest.raises(q.APIConnectionError) as repeated:
            client.with_options(retry=RetryPolicy(backoff=0, retry_unknown_outcome=True)).generate("fox")
    assert (caught.value.outcome, caught.value.attempts) == ("unknown", 1)
    assert "retry_unknown_outcome" in str(caught.value)
    assert repeated.value.attempts == 3
    assert len(server.requests) == 4


def test_nobody_listening_is_tried_again_and_nothing_was_sent(world: World) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with client_of(world, f"http://127.0.0.1:{port}/v1", retry=FAST) as client:
        with pytest.raises(q.APIConnectionError, match=r"Could not connect to 127\.0\.0\.1") as caught:
            client.generate("fox")
    assert (caught.value.outcome, caught.value.attempts) == ("not_sent", 3)


def drip(_request: Received) -> Iterable[Action]:
    yield b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n"
    for _ in range(1000):
        yield b"x"
        yield Wait(0.05)


def drip_headers(_request: Received) -> Iterable[Action]:
    yield b"HTTP/1.1 200 OK\r\n"
    for number in range(1000):
        yield f"x-{number}: y\r\n".encode()
        yield Wait(0.05)


def silence(_: Received) -> Iterable[Action]:
    yield Wait()


@pytest.mark.parametrize("handler", [silence, drip, drip_headers])
@pytest.mark.parametrize("bound", ["timeout", "deadline"])
@pytest.mark.parametrize("own_client", [False, True])
def test_time_is_bounded_whatever_arrives(world: World, handler: Any, bound: str, own_client: bool) -> None:
    options: dict[str, Any] = {"http_client": world.http_client()} if own_client else {}
    with WireServer(handler) as server, client_of(world, server.base_url, **options) as client:
        started = time.monotonic()
        with pytest.raises(q.APITimeoutError) as caught:
            client.generate("fox", **{bound: 0.4})
        took = time.monotonic() - started
        if own_client:
            world.close_http(options["http_client"])
    assert isinstance(caught.value, TimeoutError)
    assert (caught.value.outcome, len(server.requests)) == ("unknown", 1)
    assert 0.3 < took < 0.9


def test_a_certificate_that_is_refused_is_not_tried_again(world: World, tmp_path: Any) -> None:
    import trustme

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    with WireServer(lambda _: OK, tls=context) as server:
        with client_of(world, server.base_url.replace("http:", "https:"), retry=FAST) as client:
            with pytest.raises(
                q.APIConnectionError, match=r"certificate of 127\.0\.0\.1:\d+ was refused"
            ) as caught:
                client.generate("fox")
    assert (caught.value.outcome, caught.value.attempts, server.requests) == ("not_sent", 1, [])


# --- retries --------------------------------------------------------------------------------------------


def test_a_rate_limit_passes_and_is_told_of(world: World, caplog: pytest.LogCaptureFixture) -> None:
    answers = iter([reply(429, documented_error(429), {"retry-after": "0.2"}), OK])
    told: list[tuple[Any, ...]] = []
    caplog.set_level(logging.INFO, "qubrid_facade")
    with WireServer(lambda _: next(answers)) as server:
        with client_of(world, server.base_url, on_retry=lambda *facts: told.append(facts)) as client:
            started = time.monotonic()
            result = client.generate("fox")
            took = time.monotonic() - started
    assert (result.attempts, len(server.requests)) == (2, 2)
    error, attempt, wait = told[0]
    assert (type(error), error.retry_after, attempt) == (q.RateLimitError, 0.2, 1)
    assert 0.2 <= wait <= 0.4
    assert took >= wait
    assert "attempt 1 failed (RateLimitError)" in caplog.text
    assert server.requests[0].body == server.requests[1].body


def test_asked_to_wait_too_long_the_call_gives_up_at_once(world: World) -> None:
    error, server = failure(world, reply(429, b"", {"retry-after": "3600"}))
    assert isinstance(error, q.RateLimitError)
    assert (error.retry_after, error.attempts, len(server.requests)) == (3600.0, 1, 1)
    assert "asked to wait 3600 s" in str(error)


def test_a_deadline_leaves_no_wait_that_cannot_end_well(world: World) -> None:
    started = time.monotonic()
    error, server = failure(world, reply(429, b"", {"retry-after": "5"}), deadline=1.0)
    assert time.monotonic() - started < 0.9
    assert len(server.requests) == 1
    assert "deadline" in str(error)


def test_a_calls_own_settings_win_over_the_clients(world: World) -> None:
    with WireServer(lambda _: reply(500, b"")) as server:
        with client_of(world, server.base_url, retry=FAST, max_retries=4) as client:
            for retries in (0, 1):
                with pytest.raises(q.ServerError) as caught:
                    client.generate("fox", max_retries=retries)
                assert caught.value.attempts == retries + 1
            with pytest.raises(q.ServerError) as caught:
                client.generate("fox")
            assert caught.value.attempts == 5


def test_a_closed_client_says_so(world: World) -> None:
    with WireServer(lambda _: OK) as server:
        with client_of(world, server.base_url) as client:
            copy_of = client.with_options(timeout=5)
            world.run(copy_of.client.close())
            client.generate("closing a copy leaves its original open")
        for closed in (client, copy_of):
            with pytest.raises(q.ConfigurationError, match="closed"):
                closed.generate("fox")
    assert len(server.requests) == 1


# --- errors as objects ----------------------------------------------------------------------------------


def test_an_error_survives_pickle_and_copy_and_never_has_the_key(world: World) -> None:
    echo = reply(401, {"error": {"message": f"Incorrect key: {KEY}", "code": KEY}}, {"x-echo": KEY})
    errors = [failure(world, answer)[0] for answer in (echo, reply(200, {"error": KEY}), reply(200, KEY))]
    with client_of(world, "http://127.0.0.1:9/v1", max_retries=0) as client:
        with pytest.raises(QubridError) as caught:
            client.generate("fox")
    for error in [*errors, caught.value]:
        for again in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):  # noqa: S301
            assert type(again) is type(error)
            assert str(again) == str(error)
            assert vars(again) == vars(error)
        assert KEY not in repr(error) + str(error) + repr(vars(error))
        assert KEY.encode() not in pickle.dumps(error)

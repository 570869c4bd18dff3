"""Waiting: what the service asks for is kept to, in whatever form it asks."""

from __future__ import annotations

import logging
import math
import time
from typing import Any

import pytest

import qubrid_facade as q
from qubrid_facade import QubridError, RetryPolicy
from tests.support.clients import World, client_of
from tests.support.pictures import b64, picture
from tests.support.wire import WireServer, reply

OK = reply(200, {"data": [{"b64_json": b64(picture())}]})


class Stop(Exception):  # noqa: N818 - not an error, the end of a test's interest
    pass


def first_wait(world: World, headers: dict[str, str], **policy: Any) -> float | QubridError:
    """Return how long a call waits after its first failure, or the error if it does not wait at all."""
    waits: list[float] = []

    def note(_error: QubridError, _attempt: int, wait: float) -> None:
        waits.append(wait)
        raise Stop

    with WireServer(lambda _: reply(429, b"", headers)) as server:
        with client_of(world, server.base_url, on_retry=note, retry=RetryPolicy(**policy)) as client:
            try:
                client.generate("fox")
            except QubridError as exc:
                return exc
            except Stop:
                return waits[0]
    raise AssertionError


IN_20_S = "Sun, 22 Nov 2026 12:00:20 GMT"
NOON = "Sun, 22 Nov 2026 12:00:00 GMT"


@pytest.mark.parametrize(
    ("asked", "least", "most"),
    [
        ("3", 3.0, 3.5),
        ("0.25", 0.25, 0.35),
        ("0", 0.0, 0.1),
        ("  7 ", 7.0, 7.5),
        # Asked for twice, by the service and by a gateway.
        ("1, 2", 2.0, 2.5),
        (IN_20_S, 20.0, 20.5),
        ("Sunday, 22-Nov-26 12:00:20 GMT", 20.0, 20.5),
        ("Sun Nov 22 12:00:20 2026", 20.0, 20.5),
        ("2026-11-22T12:00:20Z", 20.0, 20.5),
        ("Sun, 22 Nov 2006 12:00:20 GMT", 0.0, 0.1),
        # What makes no sense is as good as nothing: the ordinary backoff.
        ("-5", 0.0, 0.5),
        ("soon", 0.0, 0.5),
        ("Sun, 99 Nov 2026 12:00:20 GMT", 0.0, 0.5),
        ("nan", 0.0, 0.5),
        ("1_0", 0.0, 0.5),
        ("2, soon", 0.0, 0.5),
        ("inf", 0.0, 0.5),
        ("\xb2", 0.0, 0.5),
        ("9" * 4000, 0.0, 0.5),
        ("", 0.0, 0.5),
    ],
)
def test_every_form_of_retry_after_is_understood(world: World, asked: str, least: float, most: float) -> None:
    found = first_wait(world, {"retry-after": asked, "date": NOON})
    assert isinstance(found, float)
    assert least <= found <= most


@pytest.mark.parametrize("asked", ["61", "1e9", "Mon, 23 Nov 2026 12:00:00 GMT"])
def test_whoever_is_asked_to_wait_too_long_is_told_at_once(world: World, asked: str) -> None:
    started = time.monotonic()
    error = first_wait(world, {"retry-after": asked, "date": NOON})
    assert time.monotonic() - started < 2
    assert isinstance(error, q.RateLimitError)
    assert error.retry_after is not None
    assert error.retry_after > 60
    assert "The service asked to wait" in str(error)
    assert (error.attempts, error.outcome) == (1, "rejected")


def test_the_longest_wait_is_a_setting(world: World) -> None:
    patient = first_wait(world, {"retry-after": "3600"}, max_retry_after=math.inf)
    assert isinstance(patient, float)
    assert patient >= 3600
    assert isinstance(first_wait(world, {"retry-after": "2"}, max_retry_after=1), q.RateLimitError)


@pytest.mark.parametrize(
    ("headers", "policy"),
    [
        ({"retry-after": "Fri, 31 Dec 9999 23:59:59 GMT"}, {"max_retry_after": math.inf}),
        ({}, {"backoff": math.inf, "max_backoff": math.inf}),
    ],
)
def test_a_wait_longer_than_anything_can_sleep_is_not_begun(
    world: World, headers: dict[str, str], policy: dict[str, float]
) -> None:
    error = first_wait(world, headers, **policy)
    assert isinstance(error, q.RateLimitError)
    assert (error.attempts, "longer than a year" in error.gave_up) == (1, True)


def test_each_retry_is_told_and_logged_with_its_number(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "qubrid_facade")
    told: list[tuple[str, int, str | None]] = []
    answers = iter([reply(500), reply(503), reply(429), OK])

    def note(error: QubridError, attempt: int, _wait: float) -> None:
        told.append((type(error).__name__, attempt, error.outcome))

    with WireServer(lambda _: next(answers)) as server:
        policy = RetryPolicy(backoff=0, max_retries=0)
        with client_of(world, server.base_url, on_retry=note, retry=policy) as client:
            # The call's own number wins over the client's.
            assert client.generate("fox", max_retries=5).attempts == 4
    assert told == [
        ("ServerError", 1, "failed"),
        ("BackendUnavailableError", 2, "rejected"),
        ("RateLimitError", 3, "rejected"),
    ]
    lines = [record.getMessage() for record in caplog.records if record.name == "qubrid_facade"]
    assert [line.split(";")[0] for line in lines] == [
        f"attempt {attempt} failed ({name})" for name, attempt, _ in told
    ]

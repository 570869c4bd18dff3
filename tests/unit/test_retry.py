"""The decision whether, and how long to wait, before another attempt."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qubrid_facade import APIConnectionError, ConfigurationError, QubridError, RetryPolicy
from qubrid_facade._retry import judge, parse_retry_after

NOW = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0.0),
        ("2", 2.0),
        (" 1.5 ", 1.5),
        ("1e3", 1000.0),
        ("Sun, 22 Nov 2026 12:00:30 GMT", 30.0),
        ("Sunday, 22-Nov-26 12:00:30 GMT", 30.0),
        ("2026-11-22T12:00:30Z", 30.0),
        ("Sun, 22 Nov 2026 11:00:00 GMT", 0.0),
        ("999999999", 999999999.0),
        ("-1", None),
        ("nan", None),
        ("inf", None),
        ("soon", None),
        ("12", 12.0),
        ("in 5 minutes, perhaps", None),
        ("", None),
        ("9" * 5000, None),
    ],
)
def test_retry_after_is_read_in_every_form(value: str, seconds: float | None) -> None:
    assert parse_retry_after({"retry-after": value}, NOW) == seconds


def test_a_date_counts_from_the_servers_own_clock() -> None:
    headers = {"retry-after": "Sun, 22 Nov 2026 12:00:30 GMT", "date": "Sun, 22 Nov 2026 12:00:25 GMT"}
    assert parse_retry_after(headers, NOW) == 5.0


@given(st.text())
def test_nonsense_is_no_error(value: str) -> None:
    found = parse_retry_after({"retry-after": value}, NOW)
    assert found is None or found >= 0


def passing() -> QubridError:
    error = APIConnectionError("down", outcome="not_sent")
    error.transient = True
    return error


def test_waits_double_up_to_a_bound_and_are_spread_over_all_of_it() -> None:
    policy = RetryPolicy(max_retries=2000, backoff=0.5, max_backoff=8.0)
    draw = random.Random(7)
    for attempt, bound in [(1, 0.5), (2, 1.0), (3, 2.0), (5, 8.0), (1500, 8.0)]:
        waits = [judge(policy, passing(), attempt, None, draw).wait or 0.0 for _ in range(400)]
        assert 0.0 <= min(waits) < 0.1 * bound
        assert 0.9 * bound < max(waits) <= bound


def test_those_who_were_told_the_same_do_not_come_back_together() -> None:
    from qubrid_facade import RateLimitError

    error = RateLimitError("slow", status_code=429, retry_after=2.0, outcome="rejected")
    error.transient = True
    waits = {judge(RetryPolicy(), error, 1, None).wait or 0.0 for _ in range(50)}
    assert len(waits) > 40
    assert min(waits) >= 2.0
    assert max(waits) <= 2.5


@pytest.mark.parametrize(
    "bad", [{"max_retries": True}, {"max_retries": "2"}, {"backoff": -1}, {"max_retry_after": "x"}]
)
def test_a_policy_that_makes_no_sense_is_refused(bad: dict[str, object]) -> None:
    with pytest.raises(ConfigurationError, match=next(iter(bad))):
        RetryPolicy(**bad)  # type: ignore[arg-type]

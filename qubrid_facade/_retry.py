"""Whether, and how long to wait, before a call is tried again: pure functions of what happened."""

from __future__ import annotations

import logging
import math
import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import NamedTuple

from ._errors import APIStatusError, ConfigurationError, QubridError

logger = logging.getLogger("qubrid_facade")

# Retry-After and Date are short; nothing longer is worth a parser's time.
_LONGEST_DATE = 64
_SECONDS = re.compile(r"\+?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
# Nothing that sleeps takes more than some centuries; longer than a year nobody means.
_LONGEST_WAIT = 365 * 86400.0
_ONLY_IF_ALLOWED = "Such a request is repeated only with RetryPolicy(retry_unknown_outcome=True)"


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """When a failed call is tried again.

    A request that may already have been carried out, and billed, is not repeated by default, whatever the
    number of retries; see ``QubridError.outcome``.

    Attributes:
        max_retries: How many further attempts a call may make after its first.
        backoff: The upper bound of the first wait, in seconds; it doubles with each attempt. Each wait is
            drawn evenly between 0 and its bound (full jitter), so that clients that failed together do not
            come back together.
        max_backoff: The bound that the doubling stops at, in seconds.
        max_retry_after: The longest Retry-After that is waited for, in seconds; if the service asks for more,
            the call gives up at once and says so.
        retry_unknown_outcome: Also repeat requests that may have been carried out: a picture may then be
            made, and billed, twice.

    Raises:
        ConfigurationError: A value is out of its range.
    """

    max_retries: int = 2
    backoff: float = 0.5
    max_backoff: float = 8.0
    max_retry_after: float = 60.0
    retry_unknown_outcome: bool = False

    def __post_init__(self) -> None:
        retries = self.max_retries
        if isinstance(retries, bool) or not isinstance(retries, int) or retries < 0:
            raise ConfigurationError(f"max_retries must be a whole number from 0 up, not {retries!r}")
        for name in ("backoff", "max_backoff", "max_retry_after"):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int | float) or not value >= 0:
                raise ConfigurationError(f"{name} must be a number of seconds from 0 up, not {value!r}")


class Verdict(NamedTuple):
    """The seconds to wait before the next attempt, or None and, where it helps, why there is none."""

    wait: float | None
    reason: str = ""


def judge(
    policy: RetryPolicy,
    error: QubridError,
    attempt: int,
    remaining: float | None,
    draw: random.Random | None = None,
) -> Verdict:
    """Decide what follows attempt number ``attempt`` (from 1), which ended in ``error``.

    Args:
        policy: The rules.
        error: How the attempt ended; its outcome and whether it is transient decide.
        attempt: How many attempts there were.
        remaining: The seconds left before the call's deadline, or None.
        draw: The source of the jitter; the module-level one if None.
    """
    if not error.transient:
        return Verdict(None)
    if attempt > policy.max_retries:
        return Verdict(None)
    if error.outcome == "unknown" and not policy.retry_unknown_outcome:
        return Verdict(None, _ONLY_IF_ALLOWED)
    retry_after = error.retry_after if isinstance(error, APIStatusError) else None
    if retry_after is not None and retry_after > policy.max_retry_after:
        return Verdict(
            None,
            f"The service asked to wait {retry_after:.6g} s, longer than max_retry_after "
            f"({policy.max_retry_after:.6g} s)",
        )
    uniform = (draw or random).uniform
    # The exponent is bounded because 2.0**1024 overflows.
    bound = min(policy.max_backoff, policy.backoff * 2.0 ** min(attempt - 1, 60))
    if retry_after is None:
        wait = uniform(0.0, bound)
    else:
        # Never earlier than asked; a little later, so that all who were told the same do not return at once.
        wait = retry_after + uniform(0.0, min(bound, max(0.1, retry_after / 4)))
    return in_time(wait, remaining)


def in_time(wait: float, remaining: float | None) -> Verdict:
    """Decide whether a wait of so many seconds is worth beginning with ``remaining`` before the deadline."""
    if remaining is not None and not wait < remaining:
        after = f" after a wait of {wait:.3g} s" if wait else ""
        return Verdict(None, f"The deadline leaves no time for another attempt{after}")
    if not wait <= _LONGEST_WAIT:
        return Verdict(None, f"A wait of {wait:.3g} s, before another attempt, is longer than a year")
    return Verdict(wait)


def log_retry(what: str, error: QubridError, attempt: int, wait: float) -> None:
    """Log that another attempt follows; ``what`` is the thing attempted."""
    logger.info(
        "%s %d failed (%s); trying again in %.2f s: %s", what, attempt, type(error).__name__, wait, error
    )


def parse_retry_after(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """Return the seconds that ``Retry-After`` asks for, or None if it is absent or makes no sense.

    Whole and fractional seconds and dates are understood. A date is taken relative to the answer's own
    ``Date``, where there is one, since the caller's clock may be off. A date that is past means 0. If it is
    asked for several times (a gateway adds its own), the longest wait counts.
    """
    told = headers.get("retry-after", "").strip()
    moment = _parse_date(told)
    if moment is not None:
        base = _parse_date(headers.get("date", "")) or now or datetime.now(UTC)
        return max(0.0, (moment - base).total_seconds())
    texts = [text.strip() for text in told.split(",")]
    waits = [float(text) for text in texts if _SECONDS.fullmatch(text)]
    return max(filter(math.isfinite, waits), default=None) if len(waits) == len(texts) else None


def _parse_date(text: str) -> datetime | None:
    # Anything shorter than "1 Jan 1970" is no date, though a parser might complete it with today's.
    if not 10 <= len(text) <= _LONGEST_DATE:
        return None
    for parse in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            moment = parse(text)
        except (ValueError, OverflowError):
            continue
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None

"""The one road of every call: send, judge the answer, wait, send again; pure but for what it yields."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import httpx

from ._answer import Reply, request_id_of, status_error, unreadable
from ._errors import ConfigurationError, QubridError, error_from_exception
from ._formats import HEAD_BYTES
from ._ready import json_request
from ._request import unsendable
from ._retry import RetryPolicy, judge, log_retry
from ._secrets import redact_chain
from ._settings import USER_AGENT, OnRetry, Settings, checked_headers, checked_seconds, with_retries
from ._transport import AsyncPool, SyncPool, check_open
from ._whole import TAIL_BYTES, is_whole, tells_length
from ._wire import Answer, Exchange, MemorySink, Pause, Road

T = TypeVar("T")

_OWN_HEADERS = {"user-agent": USER_AGENT, "accept": "*/*", "accept-encoding": "gzip, deflate"}


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a call may take, and how often it may be tried."""

    timeout: float
    deadline: float | None
    retry: RetryPolicy
    on_retry: OnRetry | None

    @classmethod
    def of(
        cls,
        settings: Settings,
        timeout: float | None = None,
        deadline: float | None = None,
        max_retries: int | None = None,
    ) -> Limits:
        """Return the client's limits, with what the call itself asks for laid over them."""
        return cls(
            timeout=settings.timeout if timeout is None else checked_seconds("timeout", timeout),
            deadline=settings.deadline if deadline is None else checked_seconds("deadline", deadline),
            retry=with_retries(settings.retry, max_retries),
            on_retry=settings.on_retry,
        )


@dataclass(slots=True, eq=False)
class Outcome(Generic[T]):
    """What a call came to: what was read from the answer, and how many attempts it took."""

    value: T
    attempts: int


def _build_request(
    settings: Settings,
    kwargs: Mapping[str, Any],
    extra_headers: Mapping[str, str] | None,
    client: httpx.Client | httpx.AsyncClient | None,
) -> httpx.Request:
    kwargs = dict(kwargs)
    url = settings.base_url + kwargs.pop("url")
    headers = {
        **_OWN_HEADERS,
        **{name.lower(): str(value) for name, value in kwargs.pop("headers", {}).items()},
        "authorization": f"Bearer {settings.api_key.reveal()}",
        **{name.lower(): value for name, value in checked_headers(extra_headers).items()},
    }
    if kwargs.get("files"):
        # The boundary is httpx's to choose, and so is the header that names it.
        headers.pop("content-type", None)
    method = kwargs.pop("method").upper()
    make = httpx.Request if client is None else client.build_request
    try:
        if client is None and kwargs.keys() == {"json"}:
            return json_request(method, url, headers, kwargs["json"])
        return make(method, url, headers=headers, **kwargs)
    except (TypeError, ValueError, RecursionError) as exc:
        raise unsendable(kwargs.get("json"), exc) from None


def travel(
    settings: Settings,
    pool: SyncPool | AsyncPool,
    kwargs: Mapping[str, Any],
    read: Callable[[Reply], T],
    limits: Limits,
    extra_headers: Mapping[str, str] | None = None,
) -> Road[Outcome[T]]:
    """Go the whole road of a call.

    Args:
        settings: For the base URL, the key, which no error may show, and the size limit.
        pool: For the caller's own httpx client, whose headers, cookies and parameters are then included.
        kwargs: What the generated operation would pass to httpx; it is sent as often as need be.
        read: Makes the result from an answer with a status of success, or raises an InvalidResponseError.
        limits: Time and retries.
        extra_headers: Laid over all other headers.

    Raises:
        ConfigurationError: The client is closed.
        InputError: An argument cannot be sent.
        QubridError: As the last attempt ended; ``attempts`` and ``outcome`` are set.
        Exception: What ``on_retry`` raised; the error that it was told of is its context.
    """
    check_open(pool)
    request = _build_request(settings, kwargs, extra_headers, pool.given)
    started = time.monotonic()
    deadline = None if limits.deadline is None else started + limits.deadline
    attempt = 0
    while True:
        attempt += 1
        ends = time.monotonic() + limits.timeout
        if deadline is not None:
            ends = min(ends, deadline)
        sink = MemorySink(settings.max_response_bytes)
        answer: Answer = yield Exchange(request, sink, ends)
        result = _judge_answer(answer, sink, request, settings, limits, read)
        if not isinstance(result, QubridError):
            return Outcome(result, attempt)
        error = result
        error.attempts = attempt
        remaining = None if deadline is None else deadline - time.monotonic()
        verdict = judge(limits.retry, error, attempt, remaining)
        if verdict.wait is None:
            error.gave_up = verdict.reason
            raise error
        log_retry("attempt", error, attempt, verdict.wait)
        if limits.on_retry is not None:
            _tell(limits.on_retry, error, attempt, verdict.wait)
        outcome = error.outcome
        # Held no longer than needed: an error refers to its answer's body.
        del error, result, answer, sink
        yield Pause(verdict.wait)
        try:
            check_open(pool)
        except ConfigurationError as exc:
            exc.attempts, exc.outcome = attempt, outcome
            raise


def _tell(on_retry: OnRetry, error: QubridError, attempt: int, wait: float) -> None:
    try:
        on_retry(error, attempt, wait)
    except BaseException as exc:
        # Two errors at once: neither may hide the other, nor what the caller may have been handling.
        if exc is not error and exc.__context__ is not error:
            error.__context__ = exc.__context__
            exc.__context__ = error
        raise


def _judge_answer(
    answer: Answer,
    sink: MemorySink,
    request: httpx.Request,
    settings: Settings,
    limits: Limits,
    read: Callable[[Reply], T],
) -> T | QubridError:
    """Return what the answer came to; errors are returned, so that they are raised where the call ends."""
    if answer.response is None:
        return _lost(answer, request, settings, limits)
    body = sink.body()
    reply = Reply(answer.response.status_code, answer.response.headers, body, settings.api_key, sink.fault)
    if not answer.response.is_success:
        # The status has arrived, so it is known what became of the request, even if the body was cut.
        return status_error(reply)
    if sink.too_long:
        error: QubridError = unreadable(
            reply, f"The answer is longer than max_response_bytes ({settings.max_response_bytes} bytes)"
        )
        error.transient = False
        return error
    try:
        value = read(reply)
    except QubridError as exc:
        if answer.failure is None:
            return exc.with_traceback(None)
        return _lost(answer, request, settings, limits, reply)
    whole = _is_whole(reply)
    if answer.failure is not None and not whole:
        return _lost(answer, request, settings, limits, reply)
    if (sink.cut and not whole) or (whole is False and not tells_length(reply.headers)):
        return unreadable(reply, "The service reported success, but its answer was cut short")
    return value


def _is_whole(reply: Reply) -> bool | None:
    # A JSON document that parses is whole, though the line broke behind it.
    if reply.body[:HEAD_BYTES].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"{", b"[", b'"'}:
        return True
    return is_whole(reply.body[:HEAD_BYTES], reply.body[-TAIL_BYTES:], len(reply.body))


def _lost(
    answer: Answer, request: httpx.Request, settings: Settings, limits: Limits, reply: Reply | None = None
) -> QubridError:
    assert answer.failure is not None  # noqa: S101 - an answer is a response, a failure, or both
    error = error_from_exception(
        answer.failure, request.url.host, min(limits.timeout, limits.deadline or 1e9)
    )
    error.message = settings.api_key.redact(error.message)
    error.args = (error.message,)
    redact_chain(answer.failure, settings.api_key)
    error.__cause__ = answer.failure
    if reply is not None:
        error.status_code = reply.status
        error.body = settings.api_key.redact_bytes(reply.body)
        error.request_id = settings.api_key.redact_any(request_id_of(reply.headers))
    return error

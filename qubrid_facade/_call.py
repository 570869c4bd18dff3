"""The one road of every call: send, judge the answer, wait, send again; pure but for what it yields."""

from __future__ import annotations

import inspect
import re
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

import httpx

from ._answer import Reply, request_id_of, status_error, unreadable
from ._chains import links, redact_chain
from ._errors import ConfigurationError, InputError, QubridError
from ._formats import HEAD_BYTES
from ._network import Circumstances, error_from_exception
from ._ready import json_request
from ._request import unsendable
from ._retry import RetryPolicy, in_time, judge, log_retry
from ._settings import USER_AGENT, OnRetry, Settings, checked_headers, checked_seconds, with_retries
from ._transport import AsyncPool, SyncPool, check_open
from ._whole import TAIL_BYTES, is_whole, tells_length
from ._wire import Answer, Exchange, MemorySink, Pause, Road

T = TypeVar("T")

# What h11 would refuse when it is too late to tell whether anything was sent.
_UNSENDABLE_HEADER = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]|^[ \t]|[ \t]\Z")
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


class _Allowed(NamedTuple):
    """How long an attempt may take, and what allows it no more."""

    ends: float
    seconds: float
    bound: str

    @classmethod
    def of(cls, limits: Limits, deadline: float | None) -> _Allowed:
        now = time.monotonic()
        if deadline is not None and deadline < now + limits.timeout:
            return cls(deadline, deadline - now, "deadline")
        return cls(now + limits.timeout, limits.timeout, "timeout")


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
        request = make(method, url, headers=headers, **kwargs)
    except (TypeError, ValueError, RecursionError) as exc:
        raise unsendable(kwargs.get("json"), exc) from None
    for name, value in request.headers.raw if client is not None else ():
        if _UNSENDABLE_HEADER.search(value):
            raise InputError(
                f"The http_client adds a header that cannot be sent: {name.decode('ascii', 'replace')}",
                hint="Its value has a line break, a control character or white space around it",
                outcome="not_sent",
            )
    return request


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
    deadline = None if limits.deadline is None else time.monotonic() + limits.deadline
    attempt = 0
    doubtful = 0  # how many attempts before this one may have been carried out
    while True:
        attempt += 1
        allowed = _Allowed.of(limits, deadline)
        sink = MemorySink(settings.max_response_bytes)
        try:
            answer: Answer = yield Exchange(request, sink, allowed.ends)
        except QubridError as exc:
            # There was nothing to send it with.
            exc.attempts = attempt - 1
            exc.add_doubt(doubtful)
            raise
        result = _judge_answer(answer, sink, request, settings, allowed, read)
        if not isinstance(result, QubridError):
            return Outcome(result, attempt)
        error = result
        error.attempts = attempt
        wait, reason = judge(limits.retry, error, attempt, _left(deadline))
        if wait is not None and limits.on_retry is not None:
            _tell(limits.on_retry, error, attempt, wait, doubtful)
            wait, reason = in_time(wait, _left(deadline))  # it may have taken its time
        if wait is None:
            raise _given_up(error, reason, doubtful)
        log_retry("attempt", error, attempt, wait)
        # Held no longer than needed: they refer to the answer's body.
        del result, answer, sink
        yield Pause(wait)
        _check_open_still(pool, error, doubtful)
        wait, reason = in_time(0.0, _left(deadline))  # a machine may sleep, and an event loop be busy
        if wait is None:
            raise _given_up(error, reason, doubtful)
        doubtful += error.outcome == "unknown"
        del error


def _left(deadline: float | None) -> float | None:
    return None if deadline is None else deadline - time.monotonic()


def _given_up(error: QubridError, reason: str, doubtful: int) -> QubridError:
    error.gave_up = reason
    error.add_doubt(doubtful)
    return error


def _check_open_still(pool: SyncPool | AsyncPool, error: QubridError, doubtful: int) -> None:
    try:
        check_open(pool)
    except ConfigurationError as exc:
        exc.attempts, exc.outcome = error.attempts, error.outcome
        exc.hint = "It was closed between two attempts"
        exc.add_doubt(doubtful)
        raise exc from error


def _tell(on_retry: OnRetry, error: QubridError, attempt: int, wait: float, doubtful: int) -> None:
    try:
        said = on_retry(error, attempt, wait)
        if inspect.iscoroutine(said):
            said.close()
            raise TypeError("on_retry returned a coroutine, which nobody awaits: it must be a plain function")
    except BaseException as exc:
        error.add_doubt(doubtful)
        # Two errors at once: neither may hide the other, nor what the caller may have been handling.
        if not any(link is error for link in links(exc, None)):
            error.__context__ = exc.__context__
            exc.__context__ = error
        raise


def _judge_answer(
    answer: Answer,
    sink: MemorySink,
    request: httpx.Request,
    settings: Settings,
    allowed: _Allowed,
    read: Callable[[Reply], T],
) -> T | QubridError:
    """Return what the answer came to; errors are returned, so that they are raised where the call ends."""
    if answer.response is None:
        return _lost(answer, request, settings, allowed)
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
    handled = sys.exception()
    try:
        value = read(reply)
    except QubridError as exc:
        if answer.failure is None:
            return exc.with_traceback(None)
        return _lost(answer, request, settings, allowed, reply)
    except Exception as exc:  # noqa: BLE001 - whatever we stumble over, the answer was paid for and is kept
        redact_chain(exc, settings.api_key, handled)
        error = unreadable(reply, f"The answer could not be read ({type(exc).__name__}: {exc})")
        error.transient = False
        error.__cause__ = exc
        return error
    whole = _is_whole(reply)
    if answer.failure is not None and not whole:
        return _lost(answer, request, settings, allowed, reply)
    if (sink.cut and not whole) or (whole is False and not tells_length(reply.headers)):
        return unreadable(reply, "The service reported success, but its answer was cut short")
    return value


def _is_whole(reply: Reply) -> bool | None:
    # A JSON document that parses is whole, though the line broke behind it.
    if reply.body[:HEAD_BYTES].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"{", b"[", b'"'}:
        return True
    return is_whole(reply.body[:HEAD_BYTES], reply.body[-TAIL_BYTES:], len(reply.body))


def _lost(
    answer: Answer, request: httpx.Request, settings: Settings, allowed: _Allowed, reply: Reply | None = None
) -> QubridError:
    assert answer.failure is not None  # noqa: S101 - an answer is a response, a failure, or both
    where = request.url.netloc.decode("ascii", "replace")
    error = error_from_exception(
        answer.failure, Circumstances(where, allowed.seconds, allowed.bound, answer.proxy)
    )
    error.message = settings.api_key.redact(error.message)
    error.args = (error.message,)
    redact_chain(answer.failure, settings.api_key, sys.exception())
    error.__cause__ = answer.failure
    if reply is not None:
        error.status_code = reply.status
        error.body = settings.api_key.redact_bytes(reply.body)
        error.request_id = settings.api_key.redact_any(request_id_of(reply.headers))
    return error

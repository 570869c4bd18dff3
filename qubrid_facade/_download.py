"""Fetching a result's image: without the key, straight to its place, and again if need be (it is free)."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

import httpx

from ._answer import Reply, status_error
from ._errors import DownloadError, QubridError, error_from_exception, rule_for
from ._formats import looks_like_text
from ._retry import RetryPolicy, judge
from ._secrets import Secret
from ._settings import USER_AGENT, checked_seconds
from ._wire import Answer, Exchange, Pause, Road

DOWNLOAD_TIMEOUT = 120.0
"""Seconds for one attempt at fetching an image; ours, and free to repeat."""

DOWNLOAD_POLICY = RetryPolicy(max_retries=3, retry_unknown_outcome=True, max_retry_after=30.0)
"""Fetching again costs nothing, so nothing speaks against it but time."""

# Compressing a picture gains nothing, and its length could not be checked.
_HEADERS = {"user-agent": USER_AGENT, "accept": "image/*, */*;q=0.5", "accept-encoding": "identity"}
_NO_SECRET = Secret("")
_ERROR_BYTES = 16 * 1024


class Target(Protocol):
    """Where an image goes; :class:`Memory` and :class:`~qubrid_facade._saving.Draft` are some."""

    def write(self, chunk: bytes) -> None:
        """Take a piece."""

    def restart(self) -> None:
        """Forget what was written, since it comes once more."""


class Memory:
    """Keeps what is written to it."""

    def __init__(self) -> None:
        self._chunks: list[bytes] = []

    def write(self, chunk: bytes) -> None:
        """See :class:`Target`."""
        self._chunks.append(chunk)

    def restart(self) -> None:
        """See :class:`Target`."""
        self._chunks.clear()

    def content(self) -> bytes:
        """Return what was written."""
        return b"".join(self._chunks)


@dataclass(slots=True, eq=False)
class _ImageSink:
    """Passes an image on to its target, and keeps the beginning of anything else for the message."""

    target: Target
    status: int = 0
    headers: httpx.Headers | None = None
    expected: int | None = None
    received: int = 0
    head: bytes = b""
    passing: bool = False

    def begin(self, response: httpx.Response) -> None:
        self.status, self.headers = response.status_code, response.headers
        length = response.headers.get("content-length", "")
        self.expected = int(length) if length.isascii() and length.isdigit() else None
        self.passing = response.status_code == 200

    def feed(self, chunk: bytes) -> bool:
        if not self.received:
            self.passing = self.passing and not looks_like_text(chunk)
        self.received += len(chunk)
        if self.passing:
            self.target.write(chunk)
            return True
        self.head += chunk[: _ERROR_BYTES - len(self.head)]
        return len(self.head) < _ERROR_BYTES


def fetch(url: str, target: Target, timeout: float | None = None) -> Road[str | None]:
    """Fetch the image at ``url`` into ``target``; the result is its Content-Type.

    Args:
        url: An http or https address.
        target: Where the bytes go while they arrive.
        timeout: The seconds for one attempt.

    Raises:
        DownloadError: The image could not be fetched; it can be tried again.
        SaveError: The target could not be written.
    """
    seconds = DOWNLOAD_TIMEOUT if timeout is None else checked_seconds("timeout", timeout)
    request = _request(url)
    attempt = 0
    while True:
        attempt += 1
        sink = _ImageSink(target)
        answer: Answer = yield Exchange(request, sink, time.monotonic() + seconds, follow_redirects=True)
        error = _judge(url, answer, sink, seconds)
        if error is None:
            return sink.headers.get("content-type") if sink.headers is not None else None
        error.attempts = attempt
        verdict = judge(DOWNLOAD_POLICY, error, attempt, None)
        failure = _as_download_error(url, error, sink)
        if verdict.wait is None:
            failure.gave_up = verdict.reason
            raise failure
        target.restart()
        yield Pause(verdict.wait)


def _request(url: str) -> httpx.Request:
    shown = "The service named an address that cannot be fetched"
    try:
        scheme = urlsplit(url).scheme.lower()
        if scheme not in {"http", "https"}:
            raise DownloadError(f"{shown}: it is neither http nor https", url=url)
        # Made here and not by the client: a client of the caller's own may carry headers and cookies that
        # are none of the image host's business.
        return httpx.Request("GET", url, headers=_HEADERS)
    except (httpx.InvalidURL, ValueError) as exc:
        raise DownloadError(f"{shown}: {exc}", url=url) from None


def _judge(url: str, answer: Answer, sink: _ImageSink, seconds: float) -> QubridError | None:
    if answer.failure is not None:
        error = error_from_exception(answer.failure, urlsplit(url).hostname or "the image host", seconds)
        error.__cause__ = answer.failure
        if answer.response is not None and not answer.response.is_success:
            error.transient = rule_for(sink.status).retried
        return error
    headers = sink.headers if sink.headers is not None else httpx.Headers()
    if sink.status != 200:
        status = status_error(Reply(sink.status, headers, sink.head, _NO_SECRET))
        status.transient = status.transient or sink.status >= 500
        return status
    if sink.received == 0:
        return _odd("The image host sent nothing", transient=True)
    if not sink.passing:
        kind = headers.get("content-type", "text").partition(";")[0]
        return _odd(f"The image host sent a page ({kind}) instead of a picture", transient=False)
    if sink.expected is not None and sink.received != sink.expected and "content-encoding" not in headers:
        return _odd(f"The image host sent {sink.received} of {sink.expected} bytes", transient=True)
    return None


def _odd(message: str, *, transient: bool) -> QubridError:
    error = QubridError(message, outcome="failed")
    error.transient = transient
    return error


def _as_download_error(url: str, error: QubridError, sink: _ImageSink) -> DownloadError:
    message = error.message
    if sink.status and sink.status != 200:
        rule_text = f"{sink.status} {error.message}".strip()
        message = f"The image host answered {rule_text}"
    hint = "The image was made; fetching it again is free: call read() or save() once more"
    if sink.status in {401, 403, 404, 410}:
        hint = "The address has probably expired: such addresses are short-lived, so save images at once"
    result = DownloadError(
        message,
        url=url,
        status_code=sink.status or None,
        hint=hint,
        outcome="rejected" if error.outcome == "rejected" else "failed",
        attempts=error.attempts,
    )
    result.transient = error.transient
    result.__cause__ = error.__cause__
    return result

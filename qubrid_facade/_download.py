"""Fetching a result's image: without the key, straight to its place, and again if need be (it is free)."""

from __future__ import annotations

import logging
import time
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

import httpx

from ._answer import Reply, read_envelope, status_error
from ._errors import APIStatusError, DownloadError, QubridError
from ._image_sink import ImageSink, Target
from ._network import Circumstances, error_from_exception
from ._retry import RetryPolicy, judge, log_retry
from ._secrets import Secret, redact_query, without_query
from ._settings import USER_AGENT, checked_seconds
from ._whole import is_whole, tells_length
from ._wire import Answer, Exchange, Pause, Road

DOWNLOAD_TIMEOUT = 120.0
"""Seconds for one attempt at fetching an image; ours, and free to repeat."""

DOWNLOAD_POLICY = RetryPolicy(max_retries=3, retry_unknown_outcome=True, max_retry_after=30.0)
"""Fetching again costs nothing, so nothing speaks against it but time."""

# Compressing a picture gains nothing, and its length could not be checked.
_HEADERS = {"user-agent": USER_AGENT, "accept": "image/*, */*;q=0.5", "accept-encoding": "identity"}
_NO_SECRET = Secret("")
_MOST_REDIRECTS = 10


class Patience(NamedTuple):
    """How long fetching may take, and how much may come."""

    timeout: float
    """The seconds for one attempt."""
    ends: float | None
    """The moment of the monotonic clock by which all attempts must be over."""
    most_bytes: int

    @classmethod
    def of(cls, timeout: float | None, deadline: float | None, most_bytes: int) -> Patience:
        """Return the patience that these arguments of a user ask for."""
        return cls(
            timeout=DOWNLOAD_TIMEOUT if timeout is None else checked_seconds("timeout", timeout),
            ends=None if deadline is None else time.monotonic() + checked_seconds("deadline", deadline),
            most_bytes=most_bytes,
        )

    def remaining(self) -> float | None:
        """Return the seconds left for all attempts."""
        return None if self.ends is None else self.ends - time.monotonic()


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


def fetch(url: str, target: Target, patience: Patience) -> Road[str | None]:
    """Fetch the image at ``url`` into ``target``; the result is its Content-Type.

    Args:
        url: An http or https address.
        target: Where the bytes go while they arrive.
        patience: How long it may take, and how much may come.

    Raises:
        DownloadError: The image could not be fetched; it can be tried again.
        SaveError: The target could not be written.
    """
    attempt = 0
    while True:
        attempt += 1
        sink = ImageSink(target, patience.most_bytes)
        last = yield from _attempt(url, sink, patience)
        error = last.error
        if error is None:
            kind: str | None = sink.headers.get("content-type")
            return kind
        error.attempts = attempt
        verdict = judge(DOWNLOAD_POLICY, error, attempt, patience.remaining())
        failure = _as_download_error(url, last.url, error, sink)
        if verdict.wait is None:
            failure.gave_up = verdict.reason
            raise failure
        log_retry("fetching attempt", failure, attempt, verdict.wait)
        target.restart()
        yield Pause(verdict.wait)


class _Last(NamedTuple):
    """The last address of a chain of redirects, and what went wrong there, if anything."""

    url: str
    error: QubridError | None


def _attempt(url: str, sink: ImageSink, patience: Patience) -> Road[_Last]:
    ends = time.monotonic() + patience.timeout
    if patience.ends is not None:
        ends = min(ends, patience.ends)
    allowed = ends - time.monotonic()
    where = url
    for _ in range(_MOST_REDIRECTS + 1):
        # Redirects are followed here and not by httpx, which would read their bodies whole, whatever their
        # size, and take cookies and credentials along.
        sink.status = 0
        answer: Answer = yield Exchange(_request(where, url), sink, ends, with_auth=False)
        following = sink.headers.get("location") if sink.redirected else None
        if following is None:
            return _Last(where, _judge(where, answer, sink, allowed))
        where = joined(where, following)
    return _Last(where, _odd(f"The image host redirected more than {_MOST_REDIRECTS} times"))


def joined(where: str, following: str) -> str:
    """Return the address that ``following`` is, as found at ``where``; one that is none stays as it is."""
    try:
        return urljoin(where, following)
    except ValueError:
        return following  # which is refused as an address


class SignedURL(httpx.URL):
    """An address whose query may be a signature, and which no log shows whole."""


class _HideSigned(logging.Filter):
    """Leaves the queries of such addresses out of what httpx logs."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(
                without_query(str(value)) if isinstance(value, SignedURL) else value for value in record.args
            )
        return True


# httpx logs the address of every request at level INFO, which many programs turn on.
logging.getLogger("httpx").addFilter(_HideSigned())


def _request(where: str, url: str) -> httpx.Request:
    shown = "The service named an address that cannot be fetched"
    attempts = int(where != url)
    if attempts:
        shown = "The image host redirected to an address that cannot be fetched"
    try:
        scheme = urlsplit(where).scheme.lower()
        if scheme not in {"http", "https"}:
            raise ValueError("it is neither http nor https")
        # Made here and not by the client: a client of the caller's own may carry headers and cookies that
        # are none of the image host's business.
        request = httpx.Request("GET", where, headers=_HEADERS)
        request.url = SignedURL(request.url)
    except (httpx.InvalidURL, ValueError) as exc:
        raise DownloadError(f"{shown}: {exc}", url=url, attempts=attempts) from None
    return request


def _judge(url: str, answer: Answer, sink: ImageSink, seconds: float) -> QubridError | None:
    if sink.status not in {0, 200}:
        # The status has arrived, so it is known what is the matter, even if the line broke behind it.
        status = status_error(Reply(sink.status, sink.headers, sink.head, _NO_SECRET))
        status.transient = status.transient or sink.status >= 500
        status.__cause__ = answer.failure
        return status
    if answer.failure is not None:
        error = error_from_exception(
            answer.failure,
            Circumstances(urlsplit(url).hostname or "the image host", seconds, proxy=answer.proxy),
        )
        error.__cause__ = answer.failure
        return error
    sink.finish()
    if sink.size > sink.limit:
        return _odd(f"The image is longer than max_response_bytes ({sink.limit} bytes)")
    if sink.fault:
        return _odd(f"The image host sent a body that cannot be read: {sink.fault}", transient=True)
    if not sink.size:
        return _odd("The image host sent nothing", transient=True)
    if sink.page:
        return _odd(_page(sink))
    if sink.expected not in {None, sink.received}:
        return _odd(f"The image host sent {sink.received} of {sink.expected} bytes", transient=True)
    if not tells_length(sink.headers) and is_whole(sink.head, sink.tail, sink.size) is False:
        return _odd("The image host sent a picture that is cut short", transient=True)
    return None


def _page(sink: ImageSink) -> str:
    named = sink.headers.get("content-type", "text").partition(";")[0][:80]
    kind = "".join(character for character in named if character.isprintable())
    said = read_envelope(sink.head).message
    text = f"The image host sent a page or a message ({kind}) instead of a picture"
    return f"{text}: {said}" if said else text


def _odd(message: str, *, transient: bool = False) -> QubridError:
    error = QubridError(message)
    error.transient = transient
    return error


def _as_download_error(url: str, where: str, error: QubridError, sink: ImageSink) -> DownloadError:
    message = error.message
    if isinstance(error, APIStatusError):
        message = f"The image host answered {error._summary()}"
    hint = "The image was made; fetching it again is free: call read() or save() once more"
    if sink.status in {401, 403, 404, 410}:
        hint = "The address has probably expired: such addresses are short-lived, so save images at once"
    result = DownloadError(
        redact_query(redact_query(message, url), where),
        url=url,
        status_code=sink.status or None,
        hint=hint,
        attempts=error.attempts,
    )
    result.transient = error.transient
    result.__cause__ = error.__cause__
    return result

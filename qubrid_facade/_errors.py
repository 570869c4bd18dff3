"""The exceptions of qubrid-facade, and the one table that says what a status means.

QubridError
├─ ConfigurationError (also ValueError)     no key, a bad base URL
├─ InputError (also ValueError)             an argument that cannot be sent
├─ APIConnectionError                       no answer
│  └─ APITimeoutError (also TimeoutError)
├─ APIStatusError                           an answer that is an error
│  ├─ BadRequestError 400, 422
│  │  └─ ContentPolicyError
│  ├─ AuthenticationError 401
│  ├─ InsufficientCreditsError 402
│  ├─ PermissionDeniedError 403
│  ├─ NotFoundError 404
│  │  └─ ModelNotFoundError
│  ├─ RateLimitError 429
│  └─ ServerError 5xx
│     ├─ BackendUnavailableError 502, 503
│     └─ GatewayTimeoutError 504
├─ InvalidResponseError                     a success that cannot be read; carries the body
│  └─ NoImageError
├─ DownloadError                            the image exists, fetching it failed; carries the URL
└─ SaveError (also OSError)                 the image exists, writing it failed
   └─ ImageExistsError (also FileExistsError)

Classes are chosen by status and the error's ``code``, never by the names of generated models: the vendor
renames those.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Literal, NamedTuple

import httpx

from ._secrets import without_query
from ._text import sentence

Outcome = Literal["not_sent", "rejected", "failed", "unknown"]
"""May the request have been carried out, and so billed?

``not_sent``: no, it never left. ``rejected``: no, the service refused it. ``failed``: the service says that
it failed. ``unknown``: nobody can tell, so it is not repeated unless you allow it.
"""

_MAY_BE_BILLED = "The request may have been carried out, and billed"


class QubridError(Exception):
    """The base of every failure that qubrid-facade reports.

    Attributes:
        message: What happened, without the advice that ``str()`` adds.
        hint: What to do next.
        outcome: Whether the request may have been carried out; ``None`` where no request was involved, or
            where it was, and fetching or saving the image is what failed.
        attempts: How many attempts the call made, counting from 1; 0 where none was made.
        request_id: The service's id of the request, for its support, if it gave one.
        transient: Whether the same request could succeed another time.
        gave_up: Why no further attempt was made although there could have been one, or nothing.
        doubt: What may have been billed, in words, if ``outcome`` is ``unknown``; else nothing.
    """

    message: str
    hint: str
    outcome: Outcome | None
    attempts: int
    request_id: str | None
    transient: bool
    gave_up: str
    _doubt: str

    def __init__(
        self,
        message: str,
        *,
        hint: str = "",
        outcome: Outcome | None = None,
        attempts: int = 0,
        request_id: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.outcome = outcome
        self.attempts = attempts
        self.request_id = request_id
        self.transient = False
        self.gave_up = ""
        self._doubt = _MAY_BE_BILLED

    @property
    def doubt(self) -> str:
        """What may have been billed, in words, if ``outcome`` is ``unknown``; else nothing."""
        return self._doubt if self.outcome == "unknown" else ""

    def add_doubt(self, earlier: int) -> None:
        """Let the error also tell of so many earlier attempts of its call that may have been carried out."""
        if earlier and self.outcome == "unknown":
            self._doubt = f"{_MAY_BE_BILLED}, up to {earlier + 1} times"
        elif earlier:
            self.outcome = "unknown"
            which = "An earlier attempt" if earlier == 1 else f"{earlier} earlier attempts"
            self._doubt = f"{which} may have been carried out, and billed"

    def _summary(self) -> str:
        return self.message

    def __str__(self) -> str:
        parts = [sentence(text) for text in (self._summary(), self.doubt, self.hint, self.gave_up)]
        facts = []
        if self.request_id:
            facts.append(f"request id {self.request_id}")
        if self.attempts > 1:
            facts.append(f"{self.attempts} attempts")
        if facts:
            parts.append(f"[{', '.join(facts)}]")
        return " ".join(part for part in parts if part)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r})"

    def __reduce__(self) -> tuple[Any, ...]:
        # The plain way calls the class with ``args`` and loses what was given by keyword.
        return (_rebuild, (type(self), self.args, self.__dict__.copy()))


def _rebuild(cls: type[QubridError], args: tuple[Any, ...], state: dict[str, Any]) -> QubridError:
    error = cls.__new__(cls, *args)
    error.args = args
    error.__dict__.update(state)
    return error


class ConfigurationError(QubridError, ValueError):
    """The client cannot be used as it is set up: no key, a bad base URL, a closed client."""


class InputError(QubridError, ValueError):
    """An argument of a call cannot be sent; nothing was sent."""


class APIConnectionError(QubridError):
    """There is no (whole) answer.

    Attributes:
        status_code: The status, if the answer got that far.
        body: What arrived of the body before the connection failed.
    """

    status_code: int | None = None
    body: bytes = b""


class APITimeoutError(APIConnectionError, TimeoutError):
    """There was no (whole) answer in the time allowed."""


class APIStatusError(QubridError):
    """The service answered with an error.

    Attributes:
        status_code: The HTTP status.
        code: The service's machine-readable code, if it gave one.
        type: The service's category of the error, if it gave one.
        param: The request field that caused the error, if the service named one.
        message: The service's own words, or the status's name.
        body: The answer's body as it arrived.
        headers: The answer's headers.
        retry_after: The seconds that the service asked to wait, if it did.
    """

    status_code: int
    code: str | None
    type: str | None
    param: str | None
    body: bytes
    headers: httpx.Headers
    retry_after: float | None

    def __init__(
        self,
        message: str,
        *,
        status_code: int,
        code: str | None = None,
        type: str | None = None,  # noqa: A002 - the document's name for it
        param: str | None = None,
        body: bytes = b"",
        headers: httpx.Headers | Mapping[str, str] | None = None,
        retry_after: float | None = None,
        hint: str = "",
        outcome: Outcome | None = None,
        attempts: int = 0,
        request_id: str | None = None,
    ) -> None:
        super().__init__(message, hint=hint, outcome=outcome, attempts=attempts, request_id=request_id)
        self.status_code = status_code
        self.code = code
        self.type = type
        self.param = param
        self.body = body
        self.headers = httpx.Headers(headers)
        self.retry_after = retry_after

    def _summary(self) -> str:
        name = status_name(self.status_code)
        text = f"{self.status_code} {name}".strip()
        # Gateways' pages say what the status says: "504 Gateway Time-out".
        if self.message and _bare(self.message) not in {_bare(name), _bare(text)}:
            text += f": {self.message}"
        if self.param and self.param not in self.message:
            text = f"{sentence(text)} Parameter: {self.param}"
        return text


class BadRequestError(APIStatusError):
    """400 or 422: the service does not accept the request as it is."""


class ContentPolicyError(BadRequestError):
    """The service's content policy forbids the prompt or the picture."""


class AuthenticationError(APIStatusError):
    """401: the key is missing, wrong or revoked."""


class InsufficientCreditsError(APIStatusError):
    """402: the account has not enough credits."""


class PermissionDeniedError(APIStatusError):
    """403: the key is valid, but may not use this model or resource."""


class NotFoundError(APIStatusError):
    """404: there is nothing at this address."""


class ModelNotFoundError(NotFoundError):
    """404: the model does not exist or is not available."""


class RateLimitError(APIStatusError):
    """429: too many requests; ``retry_after`` tells how long to wait, if the service said so."""


class ServerError(APIStatusError):
    """5xx: the service failed."""


class BackendUnavailableError(ServerError):
    """502 or 503: what stands behind the service is unavailable."""


class GatewayTimeoutError(ServerError):
    """504: what stands behind the service took too long. It may still have made, and billed, the picture."""


class InvalidResponseError(QubridError):
    """The service reported success, but its answer cannot be read.

    Attributes:
        status_code: The HTTP status.
        body: The answer's body as it arrived (cut at the size limit, if that was the reason).
        headers: The answer's headers.
    """

    status_code: int
    body: bytes
    headers: httpx.Headers

    def __init__(
        self,
        message: str,
        *,
        status_code: int = 200,
        body: bytes = b"",
        headers: httpx.Headers | Mapping[str, str] | None = None,
        hint: str = "",
        outcome: Outcome | None = None,
        attempts: int = 0,
        request_id: str | None = None,
    ) -> None:
        super().__init__(message, hint=hint, outcome=outcome, attempts=attempts, request_id=request_id)
        self.status_code = status_code
        self.body = body
        self.headers = httpx.Headers(headers)


class NoImageError(InvalidResponseError):
    """The service reported success, but there is no image in its answer."""


class DownloadError(QubridError):
    """The image exists, but fetching it failed. Fetching again is free: call ``read()`` or ``save()`` again.

    Attributes:
        url: The image's whole address; ``str()`` leaves out its query, which may be a signature.
        status_code: The status of the last answer, if there was one.
    """

    url: str
    status_code: int | None

    def __init__(
        self,
        message: str,
        *,
        url: str,
        status_code: int | None = None,
        hint: str = "",
        outcome: Outcome | None = None,
        attempts: int = 0,
        request_id: str | None = None,
    ) -> None:
        super().__init__(message, hint=hint, outcome=outcome, attempts=attempts, request_id=request_id)
        self.url = url
        self.status_code = status_code

    def _summary(self) -> str:
        return f"{self.message} ({without_query(self.url)})"


class SaveError(QubridError, OSError):
    """The image exists, but could not be written where it was asked for.

    Attributes:
        filename: The path that could not be written.
        errno: The operating system's number of the error, if there was one.
        strerror: The operating system's words for it.
        saved: The paths that were written before, where several images were saved.
    """

    def __init__(
        self,
        message: str,
        *,
        filename: str | None = None,
        errno: int | None = None,
        strerror: str | None = None,
        hint: str = "",
    ) -> None:
        super().__init__(message, hint=hint)
        self.filename = filename
        self.errno = errno
        self.strerror = strerror
        self.saved: list[Any] = []

    def __reduce__(self) -> tuple[Any, ...]:
        # These live in OSError's own slots, not in __dict__.
        slots = {name: getattr(self, name) for name in ("filename", "errno", "strerror")}
        state = {**self.__dict__, **slots}
        return (_rebuild_save_error, (type(self), self.args, state))


def _rebuild_save_error(cls: type[SaveError], args: tuple[Any, ...], state: dict[str, Any]) -> SaveError:
    error = cls.__new__(cls, *args)
    error.args = args
    for name, value in state.items():
        setattr(error, name, value)
    return error


class ImageExistsError(SaveError, FileExistsError):
    """There is a file at the path already, and overwriting was not asked for."""


class StatusRule(NamedTuple):
    """What a status means: the error's class, whether it may be billed, whether to repeat, what to do."""

    error: type[APIStatusError]
    outcome: Outcome
    retried: bool
    hint: str


_KEY_HINT = "Check the key (QUBRID_API_KEY, or api_key=); keys are made on the platform's API-keys page."
_LATER_HINT = "Try again later"
_RULES: dict[int, StatusRule] = {
    400: StatusRule(BadRequestError, "rejected", False, "Correct the request; nothing was generated."),
    401: StatusRule(AuthenticationError, "rejected", False, _KEY_HINT),
    402: StatusRule(InsufficientCreditsError, "rejected", False, "Recharge the account, then call again."),
    403: StatusRule(
        PermissionDeniedError,
        "rejected",
        False,
        "Use a model that this key's account may use, or ask for access on the platform.",
    ),
    404: StatusRule(NotFoundError, "rejected", False, "Check the base URL and the model's id."),
    405: StatusRule(
        APIStatusError,
        "rejected",
        False,
        "The service does not offer this operation now; it answered so while image models were withdrawn.",
    ),
    408: StatusRule(APIStatusError, "rejected", True, _LATER_HINT),
    422: StatusRule(BadRequestError, "rejected", False, "Correct the request; nothing was generated."),
    429: StatusRule(
        RateLimitError, "rejected", True, "Wait before you call again, or allow more with max_retries."
    ),
    500: StatusRule(ServerError, "failed", True, _LATER_HINT),
    502: StatusRule(BackendUnavailableError, "failed", True, _LATER_HINT),
    503: StatusRule(BackendUnavailableError, "rejected", True, _LATER_HINT),
    504: StatusRule(GatewayTimeoutError, "unknown", True, ""),
    529: StatusRule(ServerError, "failed", True, _LATER_HINT),
}
# 520 to 527 are a gateway's words for 'the origin's answer did not reach me': nobody knows what it did.
_GATEWAY_LOST = StatusRule(ServerError, "unknown", True, "")
_OTHER_5XX = StatusRule(ServerError, "unknown", False, "")
_REDIRECT = StatusRule(
    APIStatusError,
    "rejected",
    False,
    "The key follows no redirect: check the base URL, and give the address that the service moved to.",
)
_OTHER_4XX = StatusRule(APIStatusError, "rejected", False, "Correct the request; nothing was generated.")
_NO_SUCH_STATUS = StatusRule(APIStatusError, "unknown", False, "This is no status that HTTP knows.")

_MODEL_HINT = "Models come and go: choose another with model=, or see the platform's list."
_CODES: dict[tuple[int, str], tuple[type[APIStatusError], str]] = {
    (400, "content_policy_violation"): (ContentPolicyError, "Change the prompt; nothing was generated."),
    (422, "content_policy_violation"): (ContentPolicyError, "Change the prompt; nothing was generated."),
    (403, "content_policy_violation"): (PermissionDeniedError, "Change the prompt; nothing was generated."),
    (404, "model_not_found"): (ModelNotFoundError, _MODEL_HINT),
}


def rule_for(status: int, code: str | None = None) -> StatusRule:
    """Return what ``status`` (and the service's ``code``) mean. This is the only place that knows."""
    rule = _RULES.get(status)
    if rule is None:
        if 520 <= status <= 527:
            rule = _GATEWAY_LOST
        elif 500 <= status <= 599:
            rule = _OTHER_5XX
        elif 300 <= status <= 399:
            rule = _REDIRECT
        else:
            rule = _OTHER_4XX if 400 <= status <= 499 else _NO_SUCH_STATUS
    special = _CODES.get((status, code)) if code else None
    return rule._replace(error=special[0], hint=special[1]) if special else rule


def _bare(text: str) -> str:
    return re.sub(r"\W+", "", text).lower()


def status_name(status: int) -> str:
    """Return the name of ``status``, or nothing if it has none."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""

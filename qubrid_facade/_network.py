"""What it means when an exchange ends in an exception instead of an answer."""

from __future__ import annotations

import re
import socket
import ssl
import sys
from typing import NamedTuple

import httpx

from ._chains import links
from ._errors import APIConnectionError, APITimeoutError, Outcome
from ._secrets import shortened
from ._transport import CONNECT_SECONDS

# What httpx and what it stands on raise when an exchange fails.
_EXCEPTIONS = (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, OSError, EOFError, UnicodeError)
# Of the operating system's errors, those that a connection ends in; any other is about a file, or the like.
_CONNECTION_ERRORS = (ConnectionError, TimeoutError, socket.gaierror, ssl.SSLError)

# What httpx raises before a byte of the request can have left. Not so LocalProtocolError: h2 raises that
# also for what a server has done once it had the whole request.
_NOT_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    httpx.InvalidURL,
)
# What another attempt cannot mend.
_POINTLESS = (httpx.UnsupportedProtocol, httpx.LocalProtocolError, httpx.InvalidURL)

_LONGEST_REASON = 300


class TooLateError(httpx.PoolTimeout):
    """There was no time left to begin with (never seen by users)."""


class Circumstances(NamedTuple):
    """What is said about an exchange that failed, beside how."""

    where: str
    """The host that was called, with its port if that is unusual."""
    seconds: float
    """The time that the attempt was allowed."""
    bound: str = "timeout"
    """The argument that allowed no more: ``timeout`` or ``deadline``."""
    proxy: str = ""
    """The address of the proxy that was in use, without its password, or nothing."""


def is_callers_own(exc: Exception, request: httpx.Request, *, arrived: bool) -> bool:
    """Tell whether ``exc`` comes from code of the caller's own http_client: a hook, an auth, a transport.

    Such code may fail in an exchange of its own, of which nothing follows for ours.

    Args:
        exc: What came out of a client that the caller gave.
        request: Our request.
        arrived: Whether the answer's status and headers have arrived.
    """
    if isinstance(exc, httpx.HTTPStatusError):
        return not _is_about(exc.response, request)
    if isinstance(exc, httpx.RequestError):
        # httpx says which request it is about, except while a body arrives.
        return not (arrived or _is_about(exc, request))
    if isinstance(exc, OSError):
        return not isinstance(exc, _CONNECTION_ERRORS)
    return isinstance(exc, httpx.InvalidURL) or not isinstance(exc, _EXCEPTIONS)


def _is_about(thing: httpx.RequestError | httpx.Response, request: httpx.Request) -> bool:
    # The very one: a hook may have sent its like again, and then ours has been answered already.
    try:
        return thing.request is request
    except RuntimeError:
        return False  # httpx's way to say that it is about none


def error_from_exception(exc: Exception, at: Circumstances) -> APIConnectionError:
    """Return the error for an exchange that ended in ``exc`` instead of an answer.

    Not from an except block: what is being handled is taken for the caller's.
    """
    sent = not isinstance(exc, _NOT_SENT)
    expected = isinstance(exc, _EXCEPTIONS)
    certificate = _is_certificate_problem(exc)
    transient = expected and not isinstance(exc, _POINTLESS) and not certificate
    reason = _one_line(str(exc)) or type(exc).__name__
    outcome: Outcome = "unknown" if sent else "not_sent"
    kind = APIConnectionError
    hint = ""
    through = f" through the proxy {at.proxy}" if at.proxy else ""
    if isinstance(exc, httpx.TimeoutException):
        kind = APITimeoutError
        message, hint = _out_of_time(exc, at, through)
    elif certificate:
        message = f"The certificate of {at.where} was refused: {reason}"
        hint = "For a private CA, pass http_client=httpx.Client(verify=<ssl context>)"
    elif not expected:
        message = f"The exchange with {at.where} failed in an unexpected way: {type(exc).__name__}: {reason}"
    elif _is_bad_redirect(exc):
        message, hint = f"{at.where} redirected to an address that is none: {reason}", "Check the base URL"
        outcome, transient = "rejected", False
    elif isinstance(exc, httpx.ProxyError):
        message = f"The proxy {at.proxy}".rstrip() + f" did not connect to {at.where}: {reason}"
        refused = re.match(r"[34]\d\d\b", reason)
        transient = refused is None
        hint = "Check the proxy's address, user and password" if refused else "Check the proxy"
    elif sent:
        message = f"The connection to {at.where} was lost before the answer was whole: {reason}"
    else:
        message = f"Could not connect to {at.where}{through}: {reason}"
        hint = "Check the base URL, the network and any proxy"
    error = kind(message, hint=hint, outcome=outcome)
    error.transient = transient
    return error


def _out_of_time(exc: httpx.TimeoutException, at: Circumstances, through: str) -> tuple[str, str]:
    """Return what happened and what to do when time was over, by what it was over for."""
    longer = f"A longer {at.bound}= waits longer"
    left = " that the deadline left" if at.bound == "deadline" else ""
    if isinstance(exc, TooLateError):
        return f"The time allowed was over before anything was sent to {at.where}", longer
    if isinstance(exc, httpx.PoolTimeout):
        return (
            f"No connection became free within {_rounded(at.seconds)} s{left}",
            f"Use fewer calls at once, or a longer {at.bound}",
        )
    if isinstance(exc, httpx.ConnectTimeout):
        seconds = min(CONNECT_SECONDS, at.seconds)
        hint = "Check the network and any proxy"
        if at.seconds > CONNECT_SECONDS:
            hint += f"; connecting may take {_rounded(CONNECT_SECONDS)} s of an attempt, whatever its time"
        return f"Could not connect to {at.where}{through} within {_rounded(seconds)} s", hint
    return f"No whole answer from {at.where} within {_rounded(at.seconds)} s{left}", longer


def _rounded(seconds: float) -> str:
    return f"{seconds:.2g}" if seconds < 10 else f"{seconds:.0f}"


def _one_line(text: str) -> str:
    # It may quote a server's nonsense at whatever length.
    text = shortened(" ".join(text[: 2 * _LONGEST_REASON].split()))
    return text if len(text) <= _LONGEST_REASON else text[: _LONGEST_REASON - 1] + "…"


def _is_bad_redirect(exc: Exception) -> bool:
    # httpx reads where a redirect leads, even if it is not to be followed, and drops the answer if it cannot.
    return isinstance(exc, httpx.RemoteProtocolError) and "location header" in str(exc)


def _is_certificate_problem(exc: Exception) -> bool:
    # What the caller is handling meanwhile may well be such a problem, of another connection.
    return any(isinstance(link, ssl.SSLCertVerificationError) for link in links(exc, sys.exception()))

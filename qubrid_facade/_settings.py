"""What a client is set up with: arguments, else the environment, else the document's own values."""

from __future__ import annotations

import math
import os
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypedDict, Unpack
from urllib.parse import urlsplit

import httpx
from qubrid_api.spec import BASE_URL, DEFAULT_MODEL, SPEC_VERSION

from ._errors import ConfigurationError, InputError, QubridError
from ._retry import RetryPolicy
from ._secrets import Secret, hidden
from ._version import __version__

DEFAULT_TIMEOUT = 300.0
"""Seconds for one attempt. The service publishes no figure; a timeout that is too short costs money, since a
picture that nobody waits for may still be billed."""

DEFAULT_MAX_RESPONSE_BYTES = 256 * 1024 * 1024
"""The longest answer that is read into memory, compressed or not: room for a hundred large pictures."""

USER_AGENT = (
    f"qubrid-facade/{__version__} qubrid-spec/{SPEC_VERSION} "
    f"python/{sys.version.split()[0]} httpx/{httpx.__version__}"
)

OnRetry = Callable[[QubridError, int, float], object]
"""Called before each wait with the error, the number of the attempt that failed, and the wait in seconds."""

_KEY_FAULT = re.compile(r"[^\x21-\x7e]")
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_FRAMING = {"content-length", "transfer-encoding"}
_HEADER_FAULT = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of a client; every field is checked and complete."""

    api_key: Secret
    base_url: str
    model: str
    timeout: float
    deadline: float | None
    retry: RetryPolicy
    on_retry: OnRetry | None
    max_response_bytes: int


class Changes(TypedDict, total=False):
    """The settings that :func:`evolve` changes; None leaves one as it is."""

    model: str | None
    timeout: float | None
    deadline: float | None
    max_retries: int | None
    retry: RetryPolicy | None
    on_retry: OnRetry | None
    max_response_bytes: int | None


def resolve(api_key: Secret | None, base_url: str | None, **changes: Unpack[Changes]) -> Settings:
    """Return the settings that these arguments and the environment amount to.

    Raises:
        ConfigurationError: There is no key, or a value cannot be used.
    """
    unset = Settings(
        api_key=checked_key(api_key if api_key is not None else hidden(os.environ.get("QUBRID_API_KEY"))),
        base_url=checked_url(base_url or os.environ.get("QUBRID_BASE_URL") or BASE_URL),
        model=os.environ.get("QUBRID_MODEL") or DEFAULT_MODEL,
        timeout=DEFAULT_TIMEOUT,
        deadline=None,
        retry=RetryPolicy(),
        on_retry=None,
        max_response_bytes=DEFAULT_MAX_RESPONSE_BYTES,
    )
    return evolve(unset, **changes)


def evolve(
    settings: Settings,
    *,
    api_key: Secret | None = None,
    base_url: str | None = None,
    model: str | None = None,
    timeout: float | None = None,
    deadline: float | None = None,
    max_retries: int | None = None,
    retry: RetryPolicy | None = None,
    on_retry: OnRetry | None = None,
    max_response_bytes: int | None = None,
) -> Settings:
    """Return ``settings`` with what is given laid over them.

    Raises:
        ConfigurationError: A value cannot be used.
    """
    return Settings(
        api_key=settings.api_key if api_key is None else checked_key(api_key),
        base_url=settings.base_url if base_url is None else checked_url(base_url),
        model=model or settings.model,
        timeout=settings.timeout if timeout is None else checked_seconds("timeout", timeout),
        deadline=settings.deadline if deadline is None else checked_seconds("deadline", deadline),
        retry=with_retries(retry or settings.retry, max_retries),
        on_retry=settings.on_retry if on_retry is None else checked_on_retry(on_retry),
        max_response_bytes=(
            settings.max_response_bytes if max_response_bytes is None else checked_size(max_response_bytes)
        ),
    )


def with_retries(policy: RetryPolicy, max_retries: int | None) -> RetryPolicy:
    """Return ``policy`` with another number of retries, if one is given."""
    if not isinstance(policy, RetryPolicy):
        raise ConfigurationError(f"retry must be a RetryPolicy, not {type(policy).__name__}")
    return policy if max_retries is None else replace(policy, max_retries=max_retries)


def checked_key(key: Secret | None) -> Secret:
    """Return ``key``; its value is in no message, and in no frame of a traceback."""
    if key is not None and key.kind != "str":
        raise ConfigurationError(f"api_key must be a string, not {key.kind}")
    if not key:
        raise ConfigurationError(
            "There is no API key",
            hint="Set the environment variable QUBRID_API_KEY, or pass api_key=; "
            "keys are made on the API-keys page of platform.qubrid.com",
        )
    fault = _fault_of(key)
    if fault:
        raise ConfigurationError(
            f"The API key has {fault} it",
            hint="Copy the key alone, with nothing around it (api_key= or QUBRID_API_KEY); nothing was sent",
        )
    if _says_bearer(key):
        raise ConfigurationError(
            "The API key begins with the word Bearer", hint="Give the key alone; the client adds the rest"
        )
    return key


def _fault_of(key: Secret) -> str:
    text = key.reveal()
    if text[0] in "\"'" or text[-1] in "\"'":
        return "quotes around"
    fault = _KEY_FAULT.search(text)
    if fault is None:
        return ""
    at_end = fault.start() == 0 or fault.start() >= len(text.rstrip())
    character = fault.group()
    what = {" ": "a space", "\n": "a line break", "\r": "a line break", "\t": "a tab"}.get(
        character, "a control character" if ord(character) < 32 else "a character that no key has"
    )
    return f"{what} {'around' if at_end else 'in'}"


def _says_bearer(key: Secret) -> bool:
    return key.reveal().lower().startswith("bearer")


def checked_url(url: str) -> str:
    """Return the base URL ``url`` without a trailing slash."""
    url = str(url)
    hint = f"It looks like {BASE_URL} (base_url= or QUBRID_BASE_URL)"
    # What a user name or a query is may be a secret.
    shown = repr(re.sub(r"([?#]).*", r"\1…", re.sub(r"//[^/@]*@", "//***@", url), flags=re.DOTALL))
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - reading it checks it
    except ValueError as exc:
        raise ConfigurationError(f"The base URL {shown} is not valid: {exc}", hint=hint) from None
    if parts.scheme.lower() not in {"http", "https"} or "://" not in url:
        raise ConfigurationError(f"The base URL {shown} does not begin with https:// or http://", hint=hint)
    if not parts.hostname:
        raise ConfigurationError(f"The base URL {shown} has no host", hint=hint)
    if parts.username is not None or parts.password is not None:
        raise ConfigurationError(f"The base URL {shown} has a user name in it", hint=hint)
    home = urlsplit(BASE_URL)
    if (parts.scheme.lower(), home.scheme) == ("http", "https") and parts.hostname == home.hostname:
        raise ConfigurationError(f"The base URL {shown} would send the key unencrypted", hint=hint)
    if parts.query or parts.fragment or url != url.strip() or re.search(r"\s", url):
        raise ConfigurationError(
            f"The base URL {shown} has a query, a fragment or white space in it", hint=hint
        )
    try:
        httpx.URL(url)
    except (httpx.InvalidURL, ValueError) as exc:
        raise ConfigurationError(f"The base URL {shown} is not valid: {exc}", hint=hint) from None
    return url.rstrip("/")


def checked_on_retry(on_retry: OnRetry) -> OnRetry:
    """Return ``on_retry`` if it can be called, and does its work when it is."""
    import inspect  # not sooner: it is slow to import

    if not callable(on_retry):
        raise ConfigurationError(f"on_retry must be a function, not {on_retry!r}")
    if inspect.iscoroutinefunction(on_retry) or inspect.iscoroutinefunction(type(on_retry).__call__):
        raise ConfigurationError(
            "on_retry must be a plain function, not an async one, which nobody would await",
            hint="It may start a task: asyncio.create_task(...)",
        )
    return on_retry


def checked_seconds(name: str, value: float) -> float:
    """Return ``value`` if it is a number of seconds above 0 (``math.inf`` means no bound)."""
    if isinstance(value, bool) or not isinstance(value, int | float) or math.isnan(value) or value <= 0:
        raise ConfigurationError(
            f"{name} must be a number of seconds above 0, not {value!r}", hint="math.inf means no bound"
        )
    # Sockets take no infinity; a year bounds nothing.
    return min(float(value), 365 * 86400.0)


def checked_size(value: int) -> int:
    """Return ``value`` if it is a number of bytes above 0."""
    if isinstance(value, bool) or not isinstance(value, int) or value <= 0:
        raise ConfigurationError(f"max_response_bytes must be a whole number above 0, not {value!r}")
    return value


def checked_headers(headers: Mapping[str, str] | None) -> dict[str, str]:
    """Return ``headers`` if they can be sent.

    Raises:
        InputError: One cannot; its value, which may be a secret, is not in the message.
    """
    checked: dict[str, str] = {}
    if headers is not None and not isinstance(headers, Mapping):
        raise InputError(
            f"extra_headers must be a mapping of names to values, not {type(headers).__name__}",
            hint="Nothing was sent",
        )
    for name, value in (headers or {}).items():
        if not isinstance(name, str) or not _HEADER_NAME.fullmatch(name):
            raise InputError(f"extra_headers: {name!r} is no name of a header", hint="Nothing was sent")
        if name.lower() in _FRAMING:
            raise InputError(
                f"extra_headers: {name} says how long the body is, which is for the client to say",
                hint="Nothing was sent",
            )
        if not isinstance(value, str):
            raise InputError(
                f"extra_headers: the value of {name} must be a string, not {type(value).__name__}",
                hint="Nothing was sent",
            )
        if _HEADER_FAULT.search(value) or not value.isascii():
            raise InputError(
                f"extra_headers: the value of {name} has a line break or a character that a header cannot "
                "carry",
                hint="Nothing was sent",
            )
        # White space around a value is none of it, and h11 would refuse it when it is too late.
        checked[name] = value.strip(" \t")
    return checked

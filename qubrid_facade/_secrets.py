"""Keeping the key, and the signatures in result URLs, out of everything that a person may read."""

from __future__ import annotations

import re
import weakref
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

MASK = "***"
# A shorter "key" is a placeholder; replacing it would garble ordinary words.
_SHORTEST_REDACTED = 6
# Of an address's query, a shorter value is a width or a flag, no signature.
_SHORTEST_SIGNATURE = 8
_URL_WITH_QUERY = re.compile(r"https?://[^\s\"'<>?]+\?[^\s\"'<>]*")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{160,}={0,2}")
_BASE64_SHOWN = 24


class Secret:
    """A key that shows itself to nobody who does not ask with :meth:`reveal`.

    Deliberately neither a dataclass nor an attrs class: tracebacks with locals print the fields of those.
    """

    __slots__ = ("__weakref__", "_value", "kind")

    def __init__(self, value: object) -> None:
        self.kind = type(value).__name__
        self._value = value if isinstance(value, str) else ""
        known = weakref.ref(self, _forget)
        _living[id(known)] = known

    def __bool__(self) -> bool:
        return bool(self._value)

    def reveal(self) -> str:
        """Return the key itself."""
        return self._value

    def redact(self, text: str) -> str:
        """Return ``text`` with every appearance of the key masked, plain or percent-encoded."""
        for form in self._forms():
            if form in text:
                text = text.replace(form, MASK)
        return text

    def redact_bytes(self, data: bytes) -> bytes:
        """Return ``data`` with every appearance of the key masked, plain or percent-encoded."""
        for form in self._forms():
            if form.encode() in data:
                data = data.replace(form.encode(), MASK.encode())
        return data

    def _forms(self) -> set[str]:
        short = len(self._value) < _SHORTEST_REDACTED
        return set() if short else {self._value, quote(self._value, safe="")}

    def redact_any(self, value: Any) -> Any:
        """Return ``value`` masked if it is a string, otherwise as it is."""
        return self.redact(value) if isinstance(value, str) else value

    def __repr__(self) -> str:
        return f"Secret('{MASK}')"

    __str__ = __repr__

    def __reduce__(self) -> tuple[type[Secret], tuple[str]]:
        # The key travels because the user pickled the client that holds it.
        return (Secret, (self._value,))


def hidden(value: object) -> Secret | None:
    """Return ``value`` as a secret, whatever it is, or None if there is none."""
    return None if value is None else Secret(value)


# A dict and not a WeakSet, which cannot be read while another thread adds to it; no lock, which a fork could
# leave locked. list() copies the values in one step.
_living: dict[int, weakref.ref[Secret]] = {}


def _forget(known: weakref.ref[Secret]) -> None:
    _living.pop(id(known), None)


def redact_all(text: str) -> str:
    """Return ``text`` with every key that this process knows of masked."""
    for known in list(_living.values()):
        secret = known()
        if secret is not None:
            text = secret.redact(text)
    return text


def without_password(address: str) -> str:
    """Return ``address``, which need not be a proper one, without the user and the password in it."""
    return re.sub(r"^([^/@]*//)?.*@", rf"\1{MASK}@", address, flags=re.DOTALL)


def redact_query(text: str, url: str) -> str:
    """Return ``text`` without what the query of ``url`` says: hosts repeat signatures in their errors."""
    query = url.partition("#")[0].partition("?")[2]
    values = {value for _, value in parse_qsl(query)} | {part.partition("=")[2] for part in query.split("&")}
    for value in sorted(values | {query}, key=len, reverse=True):
        if len(value) >= _SHORTEST_SIGNATURE:
            text = text.replace(value, MASK)
    return text


def shortened(text: str) -> str:
    """Return ``text`` without the queries of addresses, and with long runs of base64 cut."""
    text = _URL_WITH_QUERY.sub(lambda match: without_query(match.group()), text)
    return _BASE64.sub(
        lambda match: f"{match.group()[:_BASE64_SHOWN]}…({len(match.group())} characters)", text
    )


def without_query(url: str) -> str:
    """Return ``url`` as it may be shown: user information, query and fragment left out, data shortened."""
    if url[:5].lower() == "data:":
        return url[:32] + ("…" if len(url) > 32 else "")
    try:
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
        query = parts.query
        shown = parts._replace(netloc=host, query="", fragment="").geturl()
    except ValueError:
        shown, _, query = url.partition("?")
    shown = "".join(character if character.isprintable() else "?" for character in shown)
    return f"{shown}?…" if query else shown

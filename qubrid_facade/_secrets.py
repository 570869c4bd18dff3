"""Keeping the key, and the signatures in result URLs, out of everything that a person may read."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlsplit

MASK = "***"
# A shorter "key" is a placeholder; replacing it would garble ordinary words.
_SHORTEST_REDACTED = 4


class Secret:
    """A key that shows itself to nobody who does not ask with :meth:`reveal`.

    Deliberately neither a dataclass nor an attrs class: tracebacks with locals print the fields of those.
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the key itself."""
        return self._value

    def redact(self, text: str) -> str:
        """Return ``text`` with every appearance of the key masked, plain or percent-encoded."""
        if len(self._value) < _SHORTEST_REDACTED:
            return text
        for form in (self._value, quote(self._value, safe="")):
            if form in text:
                text = text.replace(form, MASK)
        return text

    def redact_bytes(self, data: bytes) -> bytes:
        """Return ``data`` with every appearance of the key masked."""
        key = self._value.encode()
        if len(key) < _SHORTEST_REDACTED or key not in data:
            return data
        return data.replace(key, MASK.encode())

    def redact_any(self, value: Any) -> Any:
        """Return ``value`` masked if it is a string, otherwise as it is."""
        return self.redact(value) if isinstance(value, str) else value

    def __repr__(self) -> str:
        return f"Secret('{MASK}')"

    __str__ = __repr__

    def __reduce__(self) -> tuple[type[Secret], tuple[str]]:
        # The key travels because the user pickled the client that holds it.
        return (Secret, (self._value,))


def without_query(url: str) -> str:
    """Return ``url`` as it may be shown: user information, query and fragment left out, data shortened."""
    if url[:5].lower() == "data:":
        return url[:32] + ("…" if len(url) > 32 else "")
    try:
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
    except ValueError:
        return url.split("?", 1)[0]
    shown = parts._replace(netloc=host, query="", fragment="").geturl()
    return f"{shown}?…" if parts.query else shown

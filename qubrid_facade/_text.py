"""Words, and nothing that has to be imported to have them."""

from __future__ import annotations


def sentence(text: str) -> str:
    """Return ``text`` with a full stop, unless it has an end of its own or is empty."""
    text = text.strip()
    # Also one inside of brackets or quotes, but not where an address in them has been cut short.
    ended = text.endswith("…") or text.rstrip(")]\"'").endswith((".", "!", "?"))
    return text if ended or not text else text + "."

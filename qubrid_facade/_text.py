"""Words, and nothing that has to be imported to have them."""

from __future__ import annotations


def sentence(text: str) -> str:
    """Return ``text`` with a full stop, unless it has an end of its own or is empty."""
    text = text.strip()
    return text if not text or text.rstrip(")]\"'")[-1:] in set(".!?…") else text + "."

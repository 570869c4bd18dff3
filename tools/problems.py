"""The one exception of the tools, and how a place in a document is written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

Pointer = tuple[str | int, ...]
"""A place in a document: the keys and indexes that lead to it."""

_PLAIN = re.compile(r"[A-Za-z_$][\w$-]*")


class ToolError(Exception):
    """Something that a person has to look at; its text is meant for them."""

    def __init__(self, message: str, details: Iterable[str] = ()) -> None:
        self.message = message
        self.details = tuple(details)
        super().__init__("\n".join([message, *(f"  - {_indented(detail)}" for detail in self.details)]))


def place(pointer: Sequence[str | int]) -> str:
    """Write a place as a JSON path: ``paths["/images/generations"].post.tags[0]``."""
    if not pointer:
        return "the document"
    parts: list[str] = []
    for step in pointer:
        if isinstance(step, int):
            parts.append(f"[{step}]")
        elif _PLAIN.fullmatch(step):
            parts.append(f".{step}" if parts else step)
        else:
            parts.append(f'["{step}"]')
    return "".join(parts)


def _indented(text: str) -> str:
    return text.strip().replace("\n", "\n    ")

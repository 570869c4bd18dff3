"""Finding the OpenAPI document on a page of Markdown, whatever its fence looks like."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tools import settings
from tools.document import Document, parse_document
from tools.finding import find_operation
from tools.problems import ToolError

_FENCE = re.compile(r"(?P<indent>[ \t]*)(?P<ticks>`{3,}|~{3,})(?P<info>[^\n]*)$")
_OPENAPI_KEY = re.compile(r"""^\s*\{?\s*["']?openapi["']?\s*:""", re.MULTILINE)


@dataclass(frozen=True)
class Fence:
    """A fenced block of a page.

    Attributes:
        line: The number of its first line on the page.
        content: What is between the fences, without their indentation.
        closed: Whether it has an end.
    """

    line: int
    content: str
    closed: bool


@dataclass(frozen=True)
class Found:
    """A document, as text that ends in one line break, and as what the text says."""

    text: str
    document: Document


def find_document(page: str, name: str) -> Found:
    """Return the OpenAPI document on ``page``, which came from ``name``; the page may be the document itself.

    Raises:
        ToolError: There is none, or more than one, or it cannot be read.
    """
    text = page.removeprefix("\ufeff").replace("\r\n", "\n")
    found: list[Found] = []
    for fence in _fences(text):
        meant = _OPENAPI_KEY.search(fence.content)
        if meant and not fence.closed:
            raise ToolError(f"{name}: the fence in line {fence.line} has no end; is the page cut off?")
        try:
            found.append(_found(fence.content, f"{name}, line {fence.line}"))
        except ToolError:
            if meant:
                raise
    if found:
        return _chosen(found, name)
    if _OPENAPI_KEY.search(text) and not text.lstrip().startswith("<"):
        return _found(text, name)
    raise ToolError(f"{name} {_without(text)}")


def _fences(text: str) -> Iterator[Fence]:
    """Yield the blocks that CommonMark calls fenced, and those that are indented inside other things."""
    opened: re.Match[str] | None = None
    start = 0
    lines: list[str] = []
    for number, line in enumerate(text.split("\n"), 1):
        match = _FENCE.match(line)
        if opened is None:
            if match and "`" not in match["info"]:
                opened, start, lines = match, number, []
        elif match and _closes(opened, match):
            yield Fence(start, "\n".join(lines), closed=True)
            opened = None
        else:
            lines.append(_without_indent(line, len(opened["indent"])))
    if opened is not None:
        yield Fence(start, "\n".join(lines), closed=False)


def _closes(opened: re.Match[str], match: re.Match[str]) -> bool:
    same = match["ticks"][0] == opened["ticks"][0] and len(match["ticks"]) >= len(opened["ticks"])
    # A fence that is indented by four more is part of the content: one in a description, say.
    return same and not match["info"].strip() and len(match["indent"]) < len(opened["indent"]) + 4


def _without_indent(line: str, width: int) -> str:
    leading = len(line) - len(line.lstrip(" \t"))
    return line[min(width, leading) :]


def _found(text: str, name: str) -> Found:
    return Found(text.rstrip("\n") + "\n", parse_document(text, name))


def _chosen(found: list[Found], name: str) -> Found:
    """Return the one document, or of several the one that has the operation behind ``images.generate``."""
    method, path = settings.IMAGE_OPERATION
    fitting = (
        [one for one in found if find_operation(one.document, method, path)] if len(found) > 1 else found
    )
    if len(fitting) == 1:
        return fitting[0]
    raise ToolError(
        f"{name} has {len(found)} OpenAPI documents, and {len(fitting)} of them with {method.upper()} "
        f"{path}: save the right one as a file and give that as SOURCE"
    )


def _without(text: str) -> str:
    start = text.lstrip()[:200].lower()
    if start.startswith("<"):
        return "is HTML and not the page's Markdown: the vendor has it at the page's address plus .md"
    if not start:
        return "is empty"
    return "has no OpenAPI document: no fence on it has 'openapi' at the top of its content"

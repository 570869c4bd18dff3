"""Pictures that stand in a JSON answer as long base64 texts, decoded where they stand.

A picture of 10 MB is 13 MB of text, of which json would first make a string that hardly anybody asks for. So
the texts are cut out of the answer, and json reads what is left.
"""

from __future__ import annotations

import binascii
import os
import re
from base64 import b64encode
from collections.abc import Callable
from functools import cache, partial
from typing import Any

from ._formats import split_data_uri

KEY = "b64_json"

_QUOTED_KEY = f'"{KEY}"'.encode()
# From the key to the beginning of the base64. What is written in any other way is left to json.
_SPACE = rb"[ \r\n\t]{0,16}"
_OPENING = re.compile(_QUOTED_KEY + _SPACE + b":" + _SPACE + rb'"((?:data:image/[a-z+]{1,16};base64,)?)')
# Shorter texts are not worth it.
_SHORTEST = 4096
# So many keys are looked at; only who wants to waste our time sends more.
_MOST_KEYS = 1000


class Embedded:
    """A base64 text of an answer, kept as the bytes that it stands for.

    Attributes:
        content: The bytes.
        prefix: What the text has before its base64: the beginning of a ``data:`` URI, or nothing.
    """

    __slots__ = ("_text", "content", "prefix")

    def __init__(self, content: bytes, prefix: str = "") -> None:
        self.content = content
        self.prefix = prefix
        self._text: str | None = None

    @property
    def text(self) -> str:
        """The text exactly as it came; made when it is first asked for."""
        if self._text is None:
            self._text = self.prefix + b64encode(self.content).decode("ascii")
        return self._text

    @property
    def media_type(self) -> str | None:
        """What the prefix says that the bytes are."""
        parts = split_data_uri(self.prefix)
        return parts[0] if parts else None

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {len(self.content)} bytes>"

    def __reduce__(self) -> tuple[type[Embedded], tuple[bytes, str]]:
        # Without the text, which can be made again.
        return (Embedded, (self.content, self.prefix))


def read_lean(body: bytes, parse: Callable[..., Any]) -> Any:
    """Return the JSON value in ``body``, with an :class:`Embedded` for each long base64 text of a picture.

    Args:
        body: The answer.
        parse: What reads JSON; it takes ``object_hook`` as ``json.loads`` does.

    Raises:
        ValueError: ``parse`` raised it for the whole of ``body``.
    """
    shell, found = _cut_out(body)
    if not found:
        return parse(body)

    def put_back(item: dict[str, Any]) -> dict[str, Any]:
        text = item.get(KEY)
        if isinstance(text, str) and text in found:
            item[KEY] = found[text]
        return item

    try:
        return parse(shell, object_hook=put_back)
    except ValueError:
        # What is wrong is to be told of the answer as it came.
        found.clear()
    return parse(body)


def write_out(value: Any) -> None:
    """Put the texts in the place of every :class:`Embedded` in the JSON value ``value``."""
    items = [value]
    # No recursion, as json reads what is nested more deeply than Python's calls can be.
    while items:
        item = items.pop()
        if isinstance(item, dict):
            found = item.get(KEY)
            if isinstance(found, Embedded):
                item[KEY] = found.text
            items.extend(item.values())
        elif isinstance(item, list):
            items.extend(item)


def _cut_out(body: bytes) -> tuple[bytes, dict[str, Embedded]]:
    """Return ``body`` with a stand-in for each long base64 text, and what the stand-ins stand for.

    In valid JSON an unescaped ``"b64_json":"`` is this key and the beginning of its value, whose end is the
    next quote, as there is no backslash in base64. If ``body`` is not valid, neither is what is left of it.
    Without any such text, nothing is returned.
    """
    if len(body) < _SHORTEST:
        return b"", {}
    # Nothing that a service sends can be taken for it.
    name = os.urandom(16).hex()
    view = memoryview(body)
    found: dict[str, Embedded] = {}
    shell = bytearray()
    copied = end = 0
    for _ in range(_MOST_KEYS):
        key = body.find(_QUOTED_KEY, end)
        if key < 0:
            break
        end = key + len(_QUOTED_KEY)
        opening = _OPENING.match(body, key)
        if opening is None or body[key - 1 : key] == b"\\":
            continue
        start = opening.end()
        end = body.find(b'"', start)
        if end < 0:
            break
        if end - start >= _SHORTEST and (content := _decoded(view[start:end])):
            stand_in = f"{name}-{len(found)}"
            found[stand_in] = Embedded(content, opening[1].decode("ascii"))
            shell += view[copied : opening.start(1)]
            shell += stand_in.encode("ascii")
            copied = end
    shell += view[copied:] if found else b""
    return bytes(shell), found


def _decoded(text: memoryview) -> bytes | None:
    """Return what ``text`` stands for, if it is just what encoding that would give; else None."""
    if len(text) % 4:
        return None
    try:
        content = fastest_decoder()(text)
    except ValueError:
        return None
    # The last characters may say too much: bits that decoding drops.
    last = binascii.b2a_base64(content[len(text) // 4 * 3 - 3 :], newline=False)
    return content if last == text[-4:] else None


@cache
def fastest_decoder() -> Callable[[memoryview], bytes]:
    """Return the fastest decoder of strict base64 that is installed."""
    try:
        from pybase64 import b64decode
    except ImportError:
        return partial(binascii.a2b_base64, strict_mode=True)
    return partial(b64decode, validate=True)

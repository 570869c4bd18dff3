"""File names made from prompts."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_LONGEST: Final = 60
_LONGEST_BYTES: Final = 180
_EMPTY: Final = "picture"
# Windows keeps these for devices, whatever the suffix.
_DEVICES: Final = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)")


def name_from_prompt(prompt: str) -> str:
    """Return a file name without a suffix, such as ``a-red-fox-in-snow``; long prompts are cut at a word."""
    text = unicodedata.normalize("NFKD", prompt[:1000]).casefold()
    # Accents go; letters of other scripts stay.
    text = unicodedata.normalize("NFC", "".join(sign for sign in text if not unicodedata.combining(sign)))
    words = re.findall(r"[^\W_]+", text.replace("'", "").replace("’", ""))
    name = ""
    for word in words:
        longer = f"{name}-{word}" if name else word[:_LONGEST]
        if len(longer) > _LONGEST or len(longer.encode()) > _LONGEST_BYTES:
            break
        name = longer
    name = name or _cut(words[0]) if words else _EMPTY
    return f"{name}-{_EMPTY}" if _DEVICES.fullmatch(name) else name


def _cut(word: str) -> str:
    """Return the beginning of a word that is longer than a name may be."""
    return word.encode()[:_LONGEST_BYTES].decode(errors="ignore")

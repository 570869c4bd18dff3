"""Small helpers for writing to people."""

from __future__ import annotations

import json
import sys
from typing import Any


def as_json(value: Any, limit: int = 80) -> str:
    """Return a value as JSON has it, cut if it is long."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= limit else f"{text[: limit - 2]} …"


def counted(number: int, noun: str) -> str:
    """Return "1 file", "2 files"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def tolerate_narrow_terminals() -> None:
    """Print signs that the terminal's encoding lacks as question marks, in place of failing."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")

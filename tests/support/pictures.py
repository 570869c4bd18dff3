"""Small real pictures for the tests."""

from __future__ import annotations

import base64
import io

from PIL import Image


def picture(kind: str = "png", size: tuple[int, int] = (16, 9), colour: str = "teal") -> bytes:
    """Return a picture of this format."""
    buffer = io.BytesIO()
    Image.new("RGB", size, colour).save(buffer, format=kind.upper())
    return buffer.getvalue()


def b64(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")

"""Input images: whatever form the caller has one in becomes the string that the document asks for."""

from __future__ import annotations

import base64
import io
import os
import re
from pathlib import Path
from typing import Any

from ._errors import InputError
from ._formats import HEAD_BYTES, decode_base64, sniff

_SCHEME = re.compile(r"(?:https?|data):", re.IGNORECASE)
# Longer than any path; a string of this length can only be the picture itself.
_LONGEST_PATH = 4096


def image_text(value: Any, name: str) -> str | None:
    """Return what goes on the wire for the input image ``value`` of the parameter ``name``.

    URLs (also data URIs) and base64 text go as they are; bytes, a path, an open file and a PIL image become a
    data URI, with its type read from the bytes.

    Raises:
        InputError: There is no such file, it cannot be read, or it is no image.
    """
    if value is None:
        return None
    if isinstance(value, str):
        if _SCHEME.match(value) or _is_base64_image(value):
            return value
        return _data_uri(_read_path(value, name), name, f"the file {value!r}")
    if isinstance(value, bytes | bytearray | memoryview):
        return _data_uri(bytes(value), name, "what was given as bytes")
    if isinstance(value, os.PathLike):
        path = os.fspath(value)
        return _data_uri(_read_path(path, name), name, f"the file {str(path)!r}")
    if callable(getattr(value, "read", None)):
        return _data_uri(_read_file(value, name), name, "the open file")
    if callable(getattr(value, "save", None)):
        return _data_uri(_png(value, name), name, "the image object")
    raise InputError(
        f"{name}= takes a URL, bytes, a path, an open file or a PIL image, not {type(value).__name__}"
    )


def _is_base64_image(text: str) -> bool:
    if len(text) < 64:
        return False
    try:
        return sniff(decode_base64(text[:HEAD_BYTES])) is not None
    except ValueError:
        return False


def _read_path(path: str | bytes, name: str) -> bytes:
    shown = os.fsdecode(path)
    if len(shown) > _LONGEST_PATH:
        raise InputError(f"{name}= is neither a URL nor a path nor the base64 text of an image")
    if "://" in shown:
        raise InputError(
            f"{name}={shown!r} is a URL of a kind that the service cannot fetch; use http or https"
        )
    try:
        return Path(shown).read_bytes()
    except FileNotFoundError:
        raise InputError(f"{name}={shown!r}: there is no such file", hint="Nothing was sent") from None
    except (OSError, ValueError) as exc:
        reason = getattr(exc, "strerror", None) or exc
        raise InputError(f"{name}={shown!r} cannot be read: {reason}", hint="Nothing was sent") from None


def _read_file(file: Any, name: str) -> bytes:
    try:
        data = file.read()
    except (OSError, ValueError) as exc:
        raise InputError(f"{name}= is a file that cannot be read: {exc}", hint="Nothing was sent") from None
    if isinstance(data, str):
        raise InputError(f"{name}= is a file opened as text", hint='Open it with mode "rb"')
    if not isinstance(data, bytes | bytearray):
        raise InputError(f"{name}= is a file whose read() gave {type(data).__name__}, not bytes")
    return bytes(data)


def _png(image: Any, name: str) -> bytes:
    buffer = io.BytesIO()
    try:
        image.save(buffer, format="PNG")
    except (OSError, ValueError, TypeError) as exc:
        raise InputError(f"{name}= could not be written as PNG: {exc}", hint="Nothing was sent") from None
    return buffer.getvalue()


def _data_uri(data: bytes, name: str, what: str) -> str:
    found = sniff(data[:HEAD_BYTES])
    if found is None:
        state = "an image of a known format" if data else "an image: there is nothing in it"
        raise InputError(f"{name}= takes an image, but {what} is not {state}", hint="Nothing was sent")
    return f"data:{found.media_type};base64,{base64.b64encode(data).decode('ascii')}"

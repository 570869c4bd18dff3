"""What kind of picture some bytes are, read from the bytes themselves."""

from __future__ import annotations

import base64
import binascii
import re
from typing import NamedTuple


class Format(NamedTuple):
    """A picture format: its usual name, its media type, and the suffixes that fit it, the usual one first."""

    name: str
    media_type: str
    suffixes: tuple[str, ...]


PNG = Format("png", "image/png", (".png",))
JPEG = Format("jpeg", "image/jpeg", (".jpg", ".jpeg", ".jpe", ".jfif"))
WEBP = Format("webp", "image/webp", (".webp",))
GIF = Format("gif", "image/gif", (".gif",))
BMP = Format("bmp", "image/bmp", (".bmp", ".dib"))
TIFF = Format("tiff", "image/tiff", (".tiff", ".tif"))
AVIF = Format("avif", "image/avif", (".avif",))
HEIC = Format("heic", "image/heic", (".heic", ".heif"))
JXL = Format("jxl", "image/jxl", (".jxl",))
SVG = Format("svg", "image/svg+xml", (".svg",))

FORMATS = (PNG, JPEG, WEBP, GIF, BMP, TIFF, AVIF, HEIC, JXL, SVG)
# Enough of a file's beginning to tell its format.
HEAD_BYTES = 512

_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"\xff\xd8\xff", JPEG),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
    (b"II*\x00", TIFF),
    (b"MM\x00*", TIFF),
    (b"\xff\x0a", JXL),
    (b"\x00\x00\x00\x0cJXL \r\n\x87\n", JXL),
)
_BRANDS = {b"avif": AVIF, b"avis": AVIF, b"heic": HEIC, b"heix": HEIC, b"mif1": HEIC}
# Picture formats that are text, or begin like it: PNM, PFM, XPM, XBM, Radiance, PostScript, PDF and FITS.
_TEXTUAL = re.compile(
    rb"P[1-6]\s+[#\d]|P7\s+[#W]|P[Ff]\s+\d|/\* XPM|#define \w+_width\s|#\?R|%!PS|%PDF-|SIMPLE  ="
)
_PAGE_TYPE = re.compile(r"\s*(text/|application/(json|xml|problem))", re.IGNORECASE)
_PAGE = re.compile(rb"(\xef\xbb\xbf|\s)*(<(!doctype|html|\?xml|error|head)|[{\[])", re.IGNORECASE)
# Text of any kind; pictures of all other formats have control characters soon.
_WORDS = re.compile(rb"[\t\n\f\r\x20-\x7e\x80-\xff]+")
_DATA_URI = re.compile(r"\s*data:(?P<type>[^,;]*)(?P<params>(?:;[^,;]*)*),", re.IGNORECASE)
_WHITE = str.maketrans("", "", " \t\r\n\f\v")


def sniff(head: bytes) -> Format | None:
    """Return the format of the picture that begins with ``head``, or None if it is none that is known."""
    for magic, found in _MAGIC:
        if head.startswith(magic):
            return found
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12])
    # Two letters are too few to go by: a BMP also has its header's size at byte 14.
    if head[:2] == b"BM" and head[14:18] in (b"\x28\0\0\0", b"\x0c\0\0\0", b"\x6c\0\0\0", b"\x7c\0\0\0"):
        return BMP
    text = head[:HEAD_BYTES].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith((b"<svg", b"<?xml")) and re.search(rb"<(!doctype\s+)?svg", text):
        return SVG
    return None


def format_of_media_type(media_type: str | None) -> Format | None:
    """Return the format that a Content-Type names, or None."""
    plain = (media_type or "").partition(";")[0].strip().lower()
    if plain == "image/jpg":
        return JPEG
    return next((known for known in FORMATS if known.media_type == plain), None)


def is_no_picture(head: bytes, media_type: str | None) -> bool:
    """Tell whether ``head``, where a picture should be, begins a page or a message instead.

    The bytes decide where they are clear: many hosts call everything a picture, and some call nothing one.
    """
    head = head[:HEAD_BYTES]
    if sniff(head) or _TEXTUAL.match(head):
        return False
    return bool(_PAGE_TYPE.match(media_type or "") or _PAGE.match(head) or _WORDS.fullmatch(head))


def split_data_uri(text: str) -> tuple[str, str] | None:
    """Return the media type and the base64 text of a base64 data URI, or None if ``text`` is none."""
    match = _DATA_URI.match(text)
    if match is None or ";base64" not in match["params"].lower():
        return None
    return match["type"].strip().lower(), text[match.end() :]


def decode_base64(text: str) -> bytes:
    """Decode base64 as services write it: in lines, URL-safe, or without its padding.

    Raises:
        ValueError: It is no base64, or empty.
    """
    try:
        data = binascii.a2b_base64(text, strict_mode=True)
    except (binascii.Error, ValueError):
        compact = text.translate(_WHITE).rstrip("=").replace("-", "+").replace("_", "/")
        compact += "=" * (-len(compact) % 4)
        data = base64.b64decode(compact, validate=True)
    if not data:
        raise ValueError("the base64 text is empty")
    return data

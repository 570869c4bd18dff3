"""Reading a page from a file or an address; the only place in the project's tools that uses the network."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

import httpx

from tools.problems import ToolError

TIMEOUT = 20.0
LONGEST = 20 * 1024 * 1024


class UnreachableError(ToolError):
    """The page could not be had; whether the document is another cannot be told."""


def fetch(source: str) -> str:
    """Return the text at ``source``: the path of a file, or an address with file:, http: or https:.

    Raises:
        UnreachableError: It could not be had.
        ToolError: It is no text.
    """
    parts = urlsplit(source)
    if parts.scheme in ("http", "https"):
        raw = _over_http(source)
    else:
        raw = _from_disk(Path(url2pathname(parts.path)) if parts.scheme == "file" else Path(source))
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as exc:
        raise ToolError(f"{source} is no text: {exc}") from exc


def _from_disk(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as exc:
        raise UnreachableError(f"{path} cannot be read: {exc.strerror or exc}") from exc


def _over_http(address: str) -> bytes:
    content = bytearray()
    try:
        with (
            httpx.Client(timeout=TIMEOUT, follow_redirects=True) as client,
            client.stream("GET", address, headers={"Accept": "text/markdown, text/plain, */*"}) as response,
        ):
            if not response.is_success:
                raise UnreachableError(
                    f"{address} answers {response.status_code} {response.reason_phrase}".rstrip()
                )
            for piece in response.iter_bytes():
                content += piece
                if len(content) > LONGEST:
                    raise ToolError(
                        f"{address} is longer than {LONGEST} bytes; that is no page of documentation"
                    )
    except (httpx.HTTPError, httpx.InvalidURL) as exc:
        raise UnreachableError(f"{address} cannot be reached: {exc or type(exc).__name__}") from exc
    return bytes(content)

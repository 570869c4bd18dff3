"""Single facts that the facade takes from a document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tools import settings
from tools.document import Document
from tools.finding import Part, find_operation, follow, json_media
from tools.problems import ToolError
from tools.schema import view


def image_media(document: Document) -> Part:
    """Return the media object of the image operation's JSON request, in a document that has been checked."""
    method, path = settings.IMAGE_OPERATION
    operation = find_operation(document, method, path) or {}
    return json_media(document, operation.get("requestBody")) or {}


def base_url(document: Document) -> str:
    """Return the address of the document's first server, its variables replaced by their defaults.

    Raises:
        ToolError: There is none, or it is not absolute.
    """
    servers = document.get("servers") or [{}]
    url = str(servers[0].get("url", ""))
    for name, variable in (servers[0].get("variables") or {}).items():
        url = url.replace(f"{{{name}}}", str(variable.get("default", "")))
    if not url.startswith(("https://", "http://")) or "{" in url:
        raise ToolError(
            f"servers[0].url must be an absolute address, as it is the client's default, and is {url!r}"
        )
    return url.rstrip("/")


def default_model(document: Document) -> str:
    """Return the model that the document uses in its example.

    Raises:
        ToolError: It names none, and tools/settings.py neither.
    """
    media = image_media(document)
    request = view(document, media.get("schema"))
    model = view(document, request.properties.get("model"))
    examples = [follow(document, example) for example in (media.get("examples") or {}).values()]
    bodies: list[Any] = [
        request.example,
        media.get("example"),
        *(example.get("value") for example in examples),
    ]
    candidates = [
        model.example,
        *(body.get("model") for body in bodies if isinstance(body, Mapping)),
        model.default,
        *model.enum[:1],
        settings.DEFAULT_MODEL,
    ]
    for candidate in candidates:
        if isinstance(candidate, str) and candidate:
            return candidate
    raise ToolError(
        "no example in the document names a model, and the client needs one for calls without model=: "
        "set DEFAULT_MODEL in tools/settings.py"
    )

"""What a document says and generated code does not: listed, so that nobody believes that it is enforced."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tools import settings
from tools.document import Document
from tools.facts import image_media
from tools.finding import follow, is_json, walk
from tools.prepare import enum_fits, is_condition, shared_bodies
from tools.problems import Pointer, place
from tools.schema import LIMITS, view

_SHOWN = 4
_IGNORED = (
    *("not", "if", "patternProperties", "propertyNames", "dependentSchemas", "contains"),
    *("unevaluatedProperties", "discriminator", "writeOnly", "readOnly"),
)


def losses(document: Document) -> list[str]:
    """Return one line for each kind of thing that is lost, with where it is."""
    found: dict[str, list[str]] = {}
    for kind, pointer, part in walk(document):
        for what in _LOST.get(kind, _nothing)(document, part):
            found.setdefault(what, []).append(_near(pointer))
    for what, where in _own(document):
        found.setdefault(what, []).append(where)
    return [f"{what}: {_listed(places)}" for what, places in found.items()]


def _nothing(_document: Document, _part: Mapping[str, Any]) -> Iterator[str]:
    yield from ()


def _of_schema(_document: Document, schema: Mapping[str, Any]) -> Iterator[str]:
    if "default" in schema:
        yield "defaults (told in docstrings and never sent: the service applies them)"
    if any(name in schema for name in LIMITS):
        yield "limits such as maximum or pattern (nobody enforces them here)"
    if not enum_fits(schema.get("enum") or ()):
        yield "lists of values that are neither all text nor all integers (models do not know them)"
    if is_condition(schema.get("oneOf")) or is_condition(schema.get("anyOf")):
        yield "conditions on which properties go together (ignored)"
    for name in _IGNORED:
        if name in schema:
            yield f"{name} (ignored)"


def _of_response(_document: Document, response: Mapping[str, Any]) -> Iterator[str]:
    if response.get("headers"):
        yield "headers of answers (to be read from the raw answer)"
    if response.get("links"):
        yield "links between operations (ignored)"
    content = response.get("content") or {}
    if len(content) > 1:
        yield "answers with several media types (JSON is read where there is some, otherwise the first)"
    if any(media_type.startswith("text/event-stream") for media_type in content):
        yield "event streams (read as one text, when they are over)"
    if any((media.get("schema") or {}).keys() & {"oneOf", "anyOf"} for media in content.values()):
        yield "answers that are one of several models (result.raw is of the first)"
    if any("schema" not in media for media_type, media in content.items() if is_json(media_type)):
        yield "JSON answers without a schema (not parsed)"


def _of_body(_document: Document, body: Mapping[str, Any]) -> Iterator[str]:
    if shared_bodies(body):
        yield f"further media types of a request with the same schema ({', '.join(shared_bodies(body))})"
    if any("encoding" in media for media in (body.get("content") or {}).values()):
        yield "encoding of the parts of a form (ignored)"


def _of_parameter(_document: Document, parameter: Mapping[str, Any]) -> Iterator[str]:
    if "content" in parameter and "in" in parameter:
        yield "parameters with content in place of a schema (they cannot be sent)"
    if parameter.get("style") not in (None, "form", "simple"):
        yield "style of parameters (sent in the plain style)"


def _of_operation(_document: Document, operation: Mapping[str, Any]) -> Iterator[str]:
    if operation.get("callbacks"):
        yield "callbacks (ignored)"
    if operation.get("servers"):
        yield "servers of single operations (the client's base_url is used)"


def _of_document(document: Document, _part: Mapping[str, Any]) -> Iterator[str]:
    if document.get("webhooks"):
        yield "webhooks (ignored)"
    if len(document.get("servers") or ()) > 1:
        yield "servers besides the first (base_url takes them)"


_LOST = {
    "schema": _of_schema,
    "response": _of_response,
    "body": _of_body,
    "parameter": _of_parameter,
    "operation": _of_operation,
    "path": _of_operation,
    "document": _of_document,
}


def _own(document: Document) -> Iterator[tuple[str, str]]:
    """What gets lost between the document and the facade, and who is asked for a key in another way."""
    request = view(document, image_media(document).get("schema"))
    for name in request.properties:
        if name in settings.OWN_ARGUMENTS - {"prompt"}:
            yield "parameters called like an argument of images.generate (they travel in extra_body)", name
    schemes = (document.get("components") or {}).get("securitySchemes") or {}
    for name, scheme in schemes.items():
        content = follow(document, scheme)
        if (content.get("type"), str(content.get("scheme")).lower()) != ("http", "bearer"):
            yield "ways to authenticate other than a bearer token (the client sends one)", name


def _near(pointer: Pointer) -> str:
    """Write a place without the steps that every schema's place has."""
    steps = [
        step for step in pointer if step not in ("components", "schemas", "properties", "content", "schema")
    ]
    return place(tuple(steps))


def _listed(places: list[str]) -> str:
    shown = ", ".join(places[:_SHOWN])
    return f"{shown} and {len(places) - _SHOWN} more" if len(places) > _SHOWN else shown

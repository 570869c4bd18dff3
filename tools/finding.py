"""Finding one's way in a document: its parts by kind, references, operations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from tools.problems import Pointer, ToolError

Part = dict[str, Any]

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")

_GRAMMAR: Mapping[str, Mapping[str, str]] = {
    "document": {"paths": "{path}", "webhooks": "{path}", "components": "components"},
    "components": {
        "schemas": "{schema}",
        "responses": "{response}",
        "parameters": "{parameter}",
        "requestBodies": "{body}",
        "headers": "{parameter}",
        "callbacks": "{callback}",
        "pathItems": "{path}",
    },
    "path": {**dict.fromkeys(METHODS, "operation"), "parameters": "[parameter]"},
    "operation": {
        "parameters": "[parameter]",
        "requestBody": "body",
        "responses": "{response}",
        "callbacks": "{callback}",
    },
    "callback": {},
    "parameter": {"schema": "schema", "content": "{media}"},
    "body": {"content": "{media}"},
    "response": {"content": "{media}", "headers": "{parameter}"},
    "media": {"schema": "schema"},
    "schema": {
        **dict.fromkeys(("properties", "patternProperties", "dependentSchemas", "$defs"), "{schema}"),
        **dict.fromkeys(("allOf", "anyOf", "oneOf", "prefixItems"), "[schema]"),
        **dict.fromkeys(("items", "additionalProperties", "not", "contains", "propertyNames"), "schema"),
        **dict.fromkeys(("if", "then", "else", "unevaluatedItems", "unevaluatedProperties"), "schema"),
    },
}
"""Which parts are found under which keys of a part: one of a kind, a list of them, or a mapping to them."""


def walk(part: Any, kind: str = "document", pointer: Pointer = ()) -> Iterator[tuple[str, Pointer, Part]]:
    """Yield kind, place and content of every part of a document; examples and extensions are none.

    A reference is yielded as the kind that stands in its place, and not followed.
    """
    if not isinstance(part, dict):
        return
    yield kind, pointer, part
    if "$ref" in part and kind != "schema":
        return
    if kind == "callback":
        for key, child in part.items():
            yield from walk(child, "path", (*pointer, key))
    for key, inner in _GRAMMAR[kind].items():
        content = part.get(key)
        if inner[0] == "{" and isinstance(content, dict):
            for name, child in content.items():
                yield from walk(child, inner[1:-1], (*pointer, key, name))
        elif inner[0] == "[" and isinstance(content, list):
            for index, child in enumerate(content):
                yield from walk(child, inner[1:-1], (*pointer, key, index))
        elif inner[0] not in "{[":
            yield from walk(content, inner, (*pointer, key))


def follow(document: Mapping[str, Any], node: Any) -> Any:
    """Return what ``node`` refers to, through every ``$ref``; the node itself if it is no reference.

    Raises:
        ToolError: The reference leads nowhere, in a circle or out of the document.
    """
    seen: set[str] = set()
    while isinstance(node, Mapping) and isinstance(node.get("$ref"), str):
        reference = node["$ref"]
        if reference in seen:
            raise ToolError(f"the $ref {reference!r} leads in a circle")
        seen.add(reference)
        node = _target(document, reference)
    return node


def _target(document: Mapping[str, Any], reference: str) -> Any:
    if not reference.startswith("#/"):
        raise ToolError(f"the $ref {reference!r} leads out of the document, and nobody here follows it there")
    target: Any = document
    for step in reference[2:].split("/"):
        key = unquote(step).replace("~1", "/").replace("~0", "~")
        if isinstance(target, Mapping) and key in target:
            target = target[key]
        elif isinstance(target, list) and key.isdecimal() and int(key) < len(target):
            target = target[int(key)]
        else:
            raise ToolError(f"the $ref {reference!r} leads nowhere")
    return target


def operations(document: Mapping[str, Any]) -> Iterator[tuple[str, str, Part, Pointer]]:
    """Yield method, path, operation and place of every operation, in the document's order."""
    paths = document.get("paths")
    for path, item in paths.items() if isinstance(paths, dict) else ():
        content = follow(document, item)
        for method in METHODS:
            operation = content.get(method) if isinstance(content, dict) else None
            if path.startswith("/") and isinstance(operation, dict):
                yield method, path, operation, ("paths", path, method)


def find_operation(document: Mapping[str, Any], method: str, path: str) -> Part | None:
    """Return the operation with this method and path."""
    for its_method, its_path, operation, _ in operations(document):
        if (its_method, its_path) == (method, path):
            return operation
    return None


def parameters(document: Mapping[str, Any], method: str, path: str) -> Iterator[Part]:
    """Yield the path, query, header and cookie parameters of an operation, its path's included."""
    item = follow(document, document["paths"][path])
    seen: set[tuple[str, str]] = set()
    for holder in (item[method], item):
        for parameter in holder.get("parameters") or ():
            content = follow(document, parameter)
            key = (str(content.get("in")), str(content.get("name")))
            if key not in seen:
                seen.add(key)
                yield content


def is_json(media_type: str) -> bool:
    """Tell whether a media type is JSON."""
    plain = media_type.partition(";")[0].strip()
    return plain == "application/json" or plain.endswith("+json")


def json_media(document: Mapping[str, Any], holder: Any) -> Part | None:
    """Return the media object of the JSON content of a request body or a response."""
    content = (follow(document, holder) or {}).get("content") or {}
    return next((media for name, media in content.items() if is_json(name)), None)


def places_of(node: Any, wanted: Any, pointer: Pointer = ()) -> Iterator[Pointer]:
    """Yield every place that holds ``wanted`` or something equal to it."""
    if node is wanted or node == wanted:
        yield pointer
    children: Iterable[tuple[str | int, Any]] = (
        node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    )
    for key, child in children:
        yield from places_of(child, wanted, (*pointer, key))

"""The copy of the document that the generator is given.

Each change fills a gap of the generator, and none changes what travels; metadata and the committed copy of
the document come from the original. A step can go when the generator fills its gap.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from typing import Any

from tools.document import Document
from tools.finding import follow, is_json, walk

BINARY = "application/octet-stream"
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data", BINARY)


def prepare(document: Document) -> tuple[Document, dict[str, str]]:
    """Return the document for the generator, and the media types that it is to treat as others."""
    overrides = _overrides(document)
    # Paths are the only place where the generator trips over an extension.
    paths = {path: item for path, item in (document.get("paths") or {}).items() if not path.startswith("x-")}
    prepared = copy.deepcopy({**document, "paths": paths})
    for kind, _, part in list(walk(prepared)):
        if kind == "path" and "$ref" in part:
            _inline_path(document, part)
    for kind, _, part in list(walk(prepared)):
        if kind == "schema":
            _default_into_words(part)
            _without_conditions(part)
            _enum_for_literals(part)
        elif kind == "parameter" and isinstance(part.get("schema"), dict) and "$ref" not in part["schema"]:
            # A parameter's docstring is made of its schema's description only.
            part["schema"].setdefault("description", part.get("description", ""))
        elif kind == "body":
            _one_body_per_schema(part)
            _media_by_their_bytes(part, overrides)
        elif kind == "response":
            _json_first(part)
            _media_by_their_bytes(part, overrides, text_as_it_is=True)
    return prepared, overrides


def enum_fits(values: Any) -> bool:
    """Tell whether the generator can turn these values into a Literal: all text, or all whole numbers."""
    kinds = {type(value) for value in values if value is not None}
    return kinds in ({str}, {int}) or not kinds


def shared_bodies(body: Mapping[str, Any]) -> list[str]:
    """Return the media types of a request body that have the same schema as an earlier one."""
    seen: list[Any] = []
    shared = []
    for media_type, media in _json_before_others(body.get("content") or {}).items():
        schema = media.get("schema")
        if schema is not None and schema in seen:
            shared.append(media_type)
        seen.append(schema)
    return shared


def _overrides(document: Document) -> dict[str, str]:
    """Media types that the generator does not know are bytes: sent as they are, given back as they are."""
    found: dict[str, str] = {}
    for kind, _, part in walk(document):
        for media_type in part.get("content") or {} if kind in ("body", "response") else ():
            plain = media_type.partition(";")[0].strip()
            known = is_json(plain) or plain in _FORMS or (kind == "response" and plain.startswith("text/"))
            if not known:
                found[media_type] = BINARY
    return found


def _inline_path(document: Document, part: dict[str, Any]) -> None:
    """Put what a path refers to in its place: the generator skips operations behind a path's ``$ref``."""
    target = copy.deepcopy(follow(document, part))
    part.clear()
    part.update(target)


def _default_into_words(schema: dict[str, Any]) -> None:
    """Move a default into the description, so that a model sends only what the caller set.

    The generator would fill scalar defaults in when a model is made, and they are the service's to apply.
    """
    if "default" not in schema:
        return
    words = f"Default: {json.dumps(schema.pop('default'), ensure_ascii=False)}."
    if "$ref" not in schema:
        schema["description"] = f"{schema.get('description') or ''} {words}".strip()


def is_condition(choices: Any) -> bool:
    """Tell whether a ``oneOf`` or ``anyOf`` says only which properties go together."""
    return bool(choices) and all(
        isinstance(choice, dict) and choice.keys() <= {"required", "not", "title"} for choice in choices
    )


def _without_conditions(schema: dict[str, Any]) -> None:
    """Drop what says only which properties go together: the generator would read nothing else."""
    for name in ("oneOf", "anyOf"):
        if is_condition(schema.get(name)):
            del schema[name]


def _enum_for_literals(schema: dict[str, Any]) -> None:
    """Drop lists of values that the generator cannot take, and let null be a value where it is allowed."""
    values = schema.get("enum")
    if not isinstance(values, list):
        return
    types = schema.get("type")
    if not enum_fits(values):
        del schema["enum"]
    elif (schema.get("nullable") or (isinstance(types, list) and "null" in types)) and None not in values:
        # The generator forgets nullable where there is an enum.
        schema["enum"] = [*values, None]


def _one_body_per_schema(body: dict[str, Any]) -> None:
    """Keep one media type per schema: for two with the same the generator sends both bodies at once."""
    shared = shared_bodies(body)
    if "content" in body:
        content = _json_before_others(body["content"])
        body["content"] = {name: media for name, media in content.items() if name not in shared}
        if len(body["content"]) > 1:
            # The generator writes "| Unset" for a choice of bodies, and imports Unset only for optional ones.
            body["required"] = False


def _json_first(response: dict[str, Any]) -> None:
    """Put JSON first: the generator reads an answer by the first media type that it knows."""
    if response.get("content"):
        response["content"] = _json_before_others(response["content"])


def _json_before_others(content: Mapping[str, Any]) -> dict[str, Any]:
    return dict(sorted(content.items(), key=lambda item: not is_json(item[0])))


def _media_by_their_bytes(
    holder: dict[str, Any], overrides: Mapping[str, str], *, text_as_it_is: bool = False
) -> None:
    """Give bytes the schema of bytes, and text that of text, whatever the document says they hold.

    The generator would read an object straight from the text of an event stream.
    """
    for media_type, media in (holder.get("content") or {}).items():
        plain = media_type.partition(";")[0].strip()
        if plain == BINARY or media_type in overrides:
            media["schema"] = {"type": "string", "format": "binary"}
        elif text_as_it_is and plain.startswith("text/"):
            media["schema"] = {"type": "string"}

"""Reading the OpenAPI document: where things are in it, and values that fit its schemas.

Nothing here knows what the service does. What the sandbox answers follows from the document, so that a new
revision of it is served without a line written by hand.
"""

from __future__ import annotations

import importlib.resources
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml

Schema = Mapping[str, Any]
Choose = Callable[[str, Schema], Any]
"""Says what a property is to hold, given its name and schema.

``UNDECIDED`` leaves it to the document; ``OMITTED`` leaves the property out where the document allows that.
"""

UNDECIDED: Any = object()
OMITTED: Any = object()
_DEEPEST = 12


class _Loader(yaml.SafeLoader):
    """YAML as JSON has it: dates stay strings."""


_Loader.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for letter, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def load(source: Mapping[str, Any] | str | os.PathLike[str] | None = None) -> dict[str, Any]:
    """Read a document from a mapping or a file, or else the one that this release was made from."""
    if isinstance(source, Mapping):
        return dict(_with_text_keys(source))
    if source is None:
        text = (importlib.resources.files("qubrid_api") / "openapi.yaml").read_text("utf-8")
    else:
        text = Path(source).read_text("utf-8")
    document = _with_text_keys(yaml.load(text, _Loader))  # noqa: S506 - a safe loader, with fewer types
    if not isinstance(document, dict):
        raise TypeError(f"{source} is no OpenAPI document: it holds no mapping")
    return document


def resolve(document: Schema, node: Any) -> Schema:
    """Follow ``$ref`` until there is none; anything that is no mapping counts as an empty one."""
    for _ in range(_DEEPEST):
        if not isinstance(node, Mapping):
            return {}
        reference = node.get("$ref")
        if not isinstance(reference, str):
            return node
        target: Any = document
        for part in reference.removeprefix("#/").split("/"):
            target = (
                target.get(part.replace("~1", "/").replace("~0", "~"))
                if isinstance(target, Mapping)
                else None
            )
        node = target
    return {}


def flatten(document: Schema, node: Any) -> Schema:
    """Resolve a schema and merge its ``allOf``; of ``oneOf`` and ``anyOf`` take the first but null."""
    schema = dict(resolve(document, node))
    for part in schema.pop("allOf", ()):
        merged = flatten(document, part)
        schema = {
            **merged,
            **schema,
            "properties": {**merged.get("properties", {}), **schema.get("properties", {})},
            "required": [*merged.get("required", ()), *schema.get("required", ())],
        }
    for keyword in ("oneOf", "anyOf"):
        choices = [flatten(document, choice) for choice in schema.pop(keyword, ())]
        chosen = next((choice for choice in choices if choice.get("type") != "null"), None)
        if chosen is not None:
            schema = {**chosen, **schema, "nullable": len(choices) > 1 or is_nullable(chosen)}
    return schema


def types_of(schema: Schema) -> tuple[str, ...]:
    """Return the JSON types that a schema allows, null aside; without ``type`` its other keywords tell."""
    declared = schema.get("type")
    if isinstance(declared, str):
        return (declared,)
    if isinstance(declared, list):
        return tuple(name for name in declared if name != "null")
    if "properties" in schema:
        return ("object",)
    return ("array",) if "items" in schema else ()


def is_nullable(schema: Schema) -> bool:
    """Tell whether null fits, in the spelling of OpenAPI 3.0 or of 3.1."""
    declared = schema.get("type")
    return bool(schema.get("nullable")) or (isinstance(declared, list) and "null" in declared)


def example_of(node: Schema) -> Any:
    """Return the example that a schema or media type gives, or ``UNDECIDED``."""
    if "example" in node:
        return node["example"]
    examples = node.get("examples")
    if isinstance(examples, Mapping):
        for entry in examples.values():
            if isinstance(entry, Mapping) and "value" in entry:
                return entry["value"]
    if isinstance(examples, list) and examples:
        return examples[0]
    if "const" in node:
        return node["const"]
    if "default" in node:
        return node["default"]
    values = node.get("enum")
    return values[0] if isinstance(values, list) and values else UNDECIDED


def build(document: Schema, node: Any, choose: Choose, *, name: str = "", depth: int = 0) -> Any:
    """Make a value that fits a schema.

    Each property is what ``choose`` says, else the document's example, else, where it is required, something
    plain of its type. What is neither required nor has an example is left out.
    """
    schema = flatten(document, node)
    chosen = choose(name, schema)
    if chosen is OMITTED and is_nullable(schema):
        return None
    if chosen is not UNDECIDED and chosen is not OMITTED:
        return chosen
    types = types_of(schema)
    if "object" in types and schema.get("properties") and depth < _DEEPEST:
        example = example_of(schema)
        known = example if isinstance(example, Mapping) else {}
        made: dict[str, Any] = {}
        for key, child in schema["properties"].items():
            part = flatten(document, child)
            if key in known:  # the example of the whole is more telling than that of a part
                part = {**part, "example": known[key]}
            if key in schema.get("required", ()) or _is_wanted(part, choose(key, part), depth):
                made[key] = build(document, part, choose, name=key, depth=depth + 1)
        return made
    example = example_of(schema)
    return example if example is not UNDECIDED else _plain(document, schema, choose, depth)


def _is_wanted(schema: Schema, chosen: Any, depth: int) -> bool:
    """Tell whether a property that may be left out is worth having."""
    if chosen is not UNDECIDED:
        return chosen is not OMITTED
    nested = bool({"object", "array"} & set(types_of(schema)))
    return (nested and depth < _DEEPEST // 2) or example_of(schema) is not UNDECIDED


_PLAIN_TEXT = {
    "date-time": "2024-01-01T00:00:00Z",
    "date": "2024-01-01",
    "time": "00:00:00Z",
    "uuid": "00000000-0000-4000-8000-000000000000",
    "uri": "http://127.0.0.1/",
    "email": "sandbox@example.com",
    "byte": "c2FuZGJveA==",
}


def _plain(document: Schema, schema: Schema, choose: Choose, depth: int) -> Any:
    types = types_of(schema)
    if "array" in types:
        if depth >= _DEEPEST:
            return []
        item = build(document, schema.get("items", {}), choose, depth=depth + 1)
        return [item] * max(1, int(schema.get("minItems", 1)))
    if "object" in types:
        return {}
    if "integer" in types or "number" in types:
        return schema.get("minimum", 0)
    if "boolean" in types:
        return False
    if "string" in types:
        text = _PLAIN_TEXT.get(str(schema.get("format")), "sandbox")
        return text.ljust(int(schema.get("minLength", 0)), "x")[: schema.get("maxLength")]
    return None


def _with_text_keys(node: Any) -> Any:
    """Make every key a string: YAML reads an unquoted status as a number."""
    if isinstance(node, Mapping):
        return {str(key): _with_text_keys(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_with_text_keys(item) for item in node]
    return node

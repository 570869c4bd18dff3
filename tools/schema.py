"""What a schema says, once ``$ref``, ``allOf`` and the spellings of OpenAPI 3.0 and 3.1 are done with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from tools.finding import follow

MISSING: Any = type("Missing", (), {"__repr__": lambda _: "MISSING", "__bool__": lambda _: False})()
"""Stands for a keyword that a schema does not have, where null would be a value."""

LIMITS = (
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    *("minLength", "maxLength", "pattern", "minItems", "maxItems", "uniqueItems"),
    *("minProperties", "maxProperties"),
)
"""Keywords that bound values; neither the generator nor the facade enforces them."""


@dataclass(frozen=True)
class View:
    """A schema as a caller sees it, one level deep.

    Attributes:
        types: The JSON types it allows, without null; empty if it allows any.
        nullable: Whether it allows null.
        enum: The values it allows, without null; empty if it does not list them.
        format: The format of its strings or numbers.
        items: The schema of what an array of it holds.
        properties: The schemas of what an object of it holds, in the document's order.
        required: The names of the properties that must be there.
        extra: The schema of properties without a name of their own; False if there may be none.
        alternatives: For ``oneOf`` and ``anyOf``: what it may be instead, without null.
        limits: The keywords that bound its values.
    """

    types: tuple[str, ...] = ()
    nullable: bool = False
    enum: tuple[Any, ...] = ()
    format: str | None = None
    items: Any = None
    properties: Mapping[str, Any] = field(default_factory=dict)
    required: frozenset[str] = frozenset()
    extra: Any = None
    alternatives: tuple[View, ...] = ()
    description: str = ""
    example: Any = MISSING
    default: Any = MISSING
    limits: Mapping[str, Any] = field(default_factory=dict)
    read_only: bool = False
    deprecated: bool = False


def view(document: Mapping[str, Any], schema: Any, above: tuple[str, ...] = ()) -> View:
    """Return what ``schema`` says; where it is composed of itself, that part says nothing."""
    if not isinstance(schema, Mapping):
        return View()
    reference = schema.get("$ref")
    if reference is not None:
        if reference in above:
            return View()
        return _with_own_words(view(document, _one_step(document, schema), (*above, reference)), schema)
    result = View()
    for part in schema.get("allOf") or ():
        result = _both(result, view(document, part, above))
    result = _both(result, _plain(schema))
    for keyword in ("oneOf", "anyOf"):
        choices = schema.get(keyword) or ()
        # Choices that only say what goes together are no other kinds of value.
        if any(not isinstance(one, Mapping) or one.keys() - {"required", "not", "title"} for one in choices):
            result = _either(result, [view(document, choice, above) for choice in choices])
    return _with_own_words(result, schema)


def _one_step(document: Mapping[str, Any], schema: Mapping[str, Any]) -> Any:
    return follow(document, {"$ref": schema["$ref"]})


def _plain(schema: Mapping[str, Any]) -> View:
    enum = (schema["const"],) if "const" in schema else tuple(schema.get("enum") or ())
    declared = schema.get("type")
    types = [declared] if isinstance(declared, str) else list(declared or ())
    if not types and enum:
        types = list(dict.fromkeys(json_type(value) for value in enum))
    if not types and "properties" in schema:
        types = ["object"]
    return View(
        types=tuple(name for name in types if name != "null"),
        nullable=bool(schema.get("nullable")) or "null" in types,
        enum=tuple(value for value in enum if value is not None),
        format=schema.get("format"),
        items=schema.get("items"),
        properties=schema.get("properties") or {},
        required=frozenset(schema.get("required") or ()),
        extra=schema.get("additionalProperties"),
        limits={name: schema[name] for name in LIMITS if name in schema},
    )


def _both(first: View, second: View) -> View:
    """Return what holds when both hold; where they disagree, the second has the last word."""
    return replace(
        second,
        types=second.types or first.types,
        nullable=second.nullable or (first.nullable and not second.types),
        enum=second.enum or first.enum,
        format=second.format or first.format,
        items=first.items if second.items is None else second.items,
        properties={**first.properties, **second.properties},
        required=first.required | second.required,
        extra=first.extra if second.extra is None else second.extra,
        alternatives=second.alternatives or first.alternatives,
        description=second.description or first.description,
        example=first.example if second.example is MISSING else second.example,
        default=first.default if second.default is MISSING else second.default,
        limits={**first.limits, **second.limits},
        read_only=first.read_only or second.read_only,
        deprecated=first.deprecated or second.deprecated,
    )


def _either(base: View, choices: Sequence[View]) -> View:
    """Return ``base`` narrowed to one of ``choices``; a choice of null alone makes it nullable."""
    real = [choice for choice in choices if choice.types or choice.alternatives or not choice.nullable]
    nullable = base.nullable or any(choice.nullable for choice in choices)
    if len(real) == 1:
        return replace(_both(base, real[0]), nullable=nullable)
    anything = any(not choice.types for choice in real)
    types = () if anything else tuple(dict.fromkeys(name for choice in real for name in choice.types))
    values = [value for choice in real for value in choice.enum]
    everywhere = frozenset.intersection(*(choice.required for choice in real)) if real else frozenset()
    return replace(
        base,
        properties={
            **base.properties,
            **{key: part for choice in real for key, part in choice.properties.items()},
        },
        required=base.required | everywhere,
        types=types,
        nullable=nullable,
        # One choice without a list is one that takes everything.
        enum=tuple(dict.fromkeys(values)) if real and all(choice.enum for choice in real) else (),
        alternatives=tuple(replace(choice, nullable=False) for choice in real),
    )


def _with_own_words(result: View, schema: Mapping[str, Any]) -> View:
    examples = schema.get("examples")
    first = examples[0] if isinstance(examples, list) and examples else result.example
    return replace(
        result,
        description=schema.get("description") or result.description,
        example=schema.get("example", first),
        default=schema.get("default", result.default),
        read_only=bool(schema.get("readOnly", result.read_only)),
        deprecated=bool(schema.get("deprecated", result.deprecated)),
    )


def json_type(value: Any) -> str:
    """Return the JSON type of a value."""
    if value is None:
        return "null"
    for kind, name in (
        (bool, "boolean"),
        (int, "integer"),
        (float, "number"),
        (str, "string"),
        (list, "array"),
    ):
        if isinstance(value, kind):
            return name
    return "object"

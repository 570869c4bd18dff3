"""The Python type that an editor should offer for a value of a schema."""

from __future__ import annotations

from tools.document import Document
from tools.schema import View, view

_PYTHON = {
    "string": "str",
    "integer": "int",
    "number": "float",
    "boolean": "bool",
    "object": "Mapping[str, Any]",
}
_FORMATS = {"date": "date", "date-time": "datetime", "uuid": "UUID"}

VOCABULARY = frozenset(
    {*("str", "int", "float", "bool", "date", "datetime", "UUID", "Any", "Literal", "Mapping", "Sequence")}
    | {"ImageInput", "Required"}
)
"""Every name that an annotation may use."""

_DEEPEST = 5


def annotation(document: Document, part: View, depth: int = 0) -> str:
    """Return the annotation for ``part``; an enum lists its values and stays open for any other."""
    choices = list(dict.fromkeys(_choices(document, part, depth)))
    if "Any" in choices:
        return "Any"
    return " | ".join([*choices, *(["None"] if part.nullable else [])])


def image_annotation(document: Document, part: View) -> str:
    """Return the annotation for ``part`` whose text is a picture."""
    return " | ".join(
        "ImageInput" if name == "str" else name for name in annotation(document, part).split(" | ")
    )


def one_type(part: View) -> str:
    """Return the one JSON type that a schema allows besides null, or "any"."""
    return part.types[0] if len(part.types) == 1 else "any"


def _choices(document: Document, part: View, depth: int) -> list[str]:
    if part.alternatives and not part.enum:
        return [text for choice in part.alternatives for text in _choices(document, choice, depth)]
    found: list[str] = []
    listed = [value for value in part.enum if isinstance(value, str | bool | int)]
    if listed:
        found.append(f"Literal[{', '.join(map(repr, listed))}]")
    if part.format in _FORMATS and "string" in part.types:
        found.append(_FORMATS[part.format])
    for name in part.types or ("any",):
        if name == "array":
            items = view(document, part.items)
            inner = annotation(document, items, depth + 1) if depth < _DEEPEST else "Any"
            found.append(f"Sequence[{inner}]")
        else:
            found.append(_PYTHON.get(name, "Any"))
    return found

"""The two modules that go beside the generator's output: what the facade needs to know of the document.

Gap of the generator: its templates see neither ``servers`` nor examples, and its request models are classes,
where ``images.generate(**params)`` needs a TypedDict. Once it writes both, this module can go.
"""

from __future__ import annotations

import keyword
import re
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tools import settings
from tools.annotations import VOCABULARY, annotation, image_annotation, one_type
from tools.document import Document, fingerprint
from tools.facts import base_url, default_model, image_media
from tools.generate import Names
from tools.schema import MISSING, View, view
from tools.words import as_json

MODULES = ("spec", "image_parameters")


@dataclass(frozen=True)
class Property:
    """A property of the image request, ready to be written down."""

    name: str
    annotation: str
    doc: str
    fields: Mapping[str, str]


def render(document: Document, names: Names) -> dict[str, str]:
    """Return the text of each metadata module by its file name, not yet formatted."""
    request = view(document, image_media(document)["schema"])
    views = {name: view(document, schema) for name, schema in request.properties.items()}
    properties = [
        _property(document, name, part, required=name in request.required)
        for name, part in views.items()
        if not part.read_only
    ]
    named = [part for part in properties if part.name not in settings.OWN_ARGUMENTS]
    environment = Environment(  # noqa: S701 - this writes Python, not HTML
        loader=FileSystemLoader(Path(__file__).with_name("templates")),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["literal"] = repr
    context = {
        "version": str(document["info"]["version"]),
        "sha256": fingerprint(document),
        "base_url": base_url(document),
        "default_model": default_model(document),
        "names": names,
        "operation": f"{settings.IMAGE_OPERATION[0].upper()} {settings.IMAGE_OPERATION[1]}",
        "properties": properties,
        "plain": [part for part in named if _fits_a_class(part.name)],
        "odd": [part for part in named if not _fits_a_class(part.name)],
    }
    return {f"{name}.py": environment.get_template(f"{name}.py.jinja").render(context) for name in MODULES}


def _property(document: Document, name: str, part: View, *, required: bool) -> Property:
    is_image = name in settings.IMAGE_PROPERTIES and "string" in part.types
    kind = image_annotation(document, part) if is_image else annotation(document, part)
    if required and name != "model":
        kind = f"Required[{kind}]"
    fields: dict[str, Any] = {
        "name": name,
        "type": one_type(part),
        "items": None if part.items is None else one_type(view(document, part.items)),
        "format": part.format,
        "required": required,
        "nullable": part.nullable,
        "has_default": part.default is not MISSING,
        "default": None if part.default is MISSING else part.default,
        "enum": part.enum,
        "example": None if part.example is MISSING else part.example,
        "description": _one_line(part.description),
        "is_image": is_image,
    }
    fields |= {limit: part.limits[limit] for limit in ("minimum", "maximum") if limit in part.limits}
    if name in settings.OWN_ARGUMENTS and name != "prompt":
        fields["by_name"] = False
    return Property(name, kind, _doc(part), {key: repr(value) for key, value in fields.items()})


def _doc(part: View) -> str:
    sentences = [
        "Deprecated." if part.deprecated else "",
        _one_line(part.description),
        "" if part.default is MISSING else f"Default: {as_json(part.default)}.",
        "" if part.example is MISSING else f"Example: {as_json(part.example)}.",
    ]
    text = " ".join(sentence for sentence in sentences if sentence) or "The document says nothing about it."
    # Three quotes would end the docstring, and one at its end would run into its end.
    escaped = re.sub(r'"{3,}|"$', lambda found: r"\"" * len(found[0]), text.replace("\\", "\\\\"))
    width = settings.LINE_LENGTH - 12
    return "\n    ".join(textwrap.wrap(escaped, width, break_long_words=False, break_on_hyphens=False))


def _one_line(text: str) -> str:
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def _fits_a_class(name: str) -> bool:
    """Tell whether ``name: type`` in a class body declares that very name and hides no type below it."""
    return (
        name.isascii()
        and name.isidentifier()
        and not keyword.iskeyword(name)
        and name[:2] != "__"
        and name not in VOCABULARY
    )

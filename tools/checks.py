"""What is checked in a document before anything is made of it: each fault is named with its place."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from typing import Any

from openapi_spec_validator import OpenAPIV30SpecValidator, OpenAPIV31SpecValidator

from tools import settings
from tools.document import Document
from tools.finding import find_operation, follow, json_media, operations, parameters, places_of, walk
from tools.problems import ToolError, place
from tools.schema import view

_VALIDATORS = {"3.0": OpenAPIV30SpecValidator, "3.1": OpenAPIV31SpecValidator}
_SHOWN = 10


def check_document(document: Document) -> None:
    """Check that this is a valid OpenAPI document that stands by itself.

    Raises:
        ToolError: It is not; the message names each fault and its place.
    """
    version = str(document.get("openapi"))
    validator = _VALIDATORS.get(version[:3])
    if validator is None:
        raise ToolError(f"openapi: {version} is no version that can be handled here (3.0 and 3.1 are)")
    structure = [_told(document, fault) for fault in validator.schema_validator.iter_errors(document)]
    _refuse("this is no valid OpenAPI document", structure)
    _refuse("this document has references that cannot be followed", _bad_references(document))
    # Defaults are among what this checks: they are gone from what the generator sees.
    paths = {path: item for path, item in (document.get("paths") or {}).items() if path.startswith("/")}
    try:
        # The validator trips over extensions among the paths.
        rest = [_told(document, fault) for fault in validator({**document, "paths": paths}).iter_errors()]
    except (ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError) as exc:
        raise ToolError(
            f"openapi-spec-validator fails on this document: {type(exc).__name__}: {exc}"
        ) from exc
    _refuse("this is no valid OpenAPI document", rest)


def check_image_operation(document: Document) -> None:
    """Check that ``images.generate`` has something to stand on.

    Raises:
        ToolError: The operation is gone, or its request lacks what the facade sends by name.
    """
    method, path = settings.IMAGE_OPERATION
    operation = find_operation(document, method, path)
    if operation is None:
        raise ToolError(
            f"the document has no {method.upper()} {path}, the operation behind images.generate. If it has "
            "moved, put its method and path into IMAGE_OPERATION in tools/settings.py. The document has:",
            _similar(document, f"{method.upper()} {path}") or ["none at all"],
        )
    where = ("paths", path, method)
    media = json_media(document, operation.get("requestBody"))
    if media is None:
        raise ToolError(
            f"{place(where)} takes no JSON, and images.generate sends some: its requestBody has no JSON"
        )
    request = view(document, media.get("schema"))
    missing = [name for name in ("model", "prompt") if name not in request.properties]
    if missing:
        raise ToolError(
            f"the JSON request of {place(where)} has no {' and no '.join(map(repr, missing))}, which "
            "images.generate sends by that name. It has:",
            [", ".join(request.properties) or "no properties"],
        )
    for name in sorted(request.required & settings.OWN_ARGUMENTS - {"prompt"}):
        raise ToolError(
            f"the JSON request of {place(where)} requires {name!r}, and images.generate has an argument of "
            "its own with that name: rename that in the facade and in OWN_ARGUMENTS in tools/settings.py"
        )


def check_parameters(document: Document) -> None:
    """Check that the generator can send every parameter that an operation insists on.

    Raises:
        ToolError: One of them has content in place of a schema, and the generator leaves it out.
    """
    unsendable = [
        f"{place(pointer)} ({parameter.get('name')})"
        for method, path, _, pointer in operations(document)
        for parameter in parameters(document, method, path)
        if parameter.get("required") and "schema" not in parameter
    ]
    _refuse("the generator leaves out parameters without a schema, and these are required", unsendable)


def _bad_references(document: Document) -> Iterator[str]:
    for _, pointer, part in walk(document):
        if "$ref" in part:
            try:
                follow(document, part)
            except ToolError as exc:
                yield f"{place(pointer)}: {exc.message}"


def _told(document: Document, fault: Any) -> str:
    deepest = _deepest(fault)
    pointer = tuple(deepest.absolute_path)
    if not pointer and isinstance(deepest.schema, dict):
        # A default that does not fit: the fault knows its schema, and not where that is.
        pointer = next(iter(places_of(document, deepest.schema)), ())
        if pointer:
            return f"{place(pointer)}: its default does not fit: {_cut(deepest.message)}"
    return f"{place(pointer)}: {_cut(deepest.message)}"


def _deepest(fault: Any) -> Any:
    """Return the fault inside a fault that names the place most closely."""
    while fault.context:
        fault = max(fault.context, key=lambda inner: len(inner.absolute_path))
    return fault


def _cut(text: str) -> str:
    return text if len(text) <= 200 else f"{text[:120]} … {text[-70:]}"


def _refuse(message: str, faults: Iterable[str]) -> None:
    found = list(dict.fromkeys(faults))
    if found:
        more = [f"and {len(found) - _SHOWN} more"] if len(found) > _SHOWN else []
        raise ToolError(message, [*found[:_SHOWN], *more])


def _similar(document: Document, wanted: str) -> list[str]:
    found = [f"{method.upper()} {path}" for method, path, _, _ in operations(document)]
    return sorted(found, key=lambda one: -difflib.SequenceMatcher(None, wanted, one).ratio())[:8]

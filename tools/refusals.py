"""What the generator would get wrong without a word: refused, with its place, before it is asked."""

from __future__ import annotations

from openapi_python_client.strings import PythonIdentifier

from tools.document import Document
from tools.finding import walk
from tools.problems import ToolError, place


def refuse_same_names(document: Document, prefix: str) -> None:
    """Check that the properties of each object get names of their own.

    The generator keeps capitals to tell ``goFast`` and ``go_fast`` apart. Where that is not enough it stops,
    without saying which properties it means.

    Raises:
        ToolError: Two properties of one object would get the same name.
    """
    faults: list[str] = []
    for kind, pointer, schema in walk(document):
        names = list(schema.get("properties") or ()) if kind == "schema" else []
        for index, name in enumerate(names):
            same = (other for other in names[:index] if _names(other, prefix) == _names(name, prefix))
            faults += [f"{place(pointer)}: {other!r} and {name!r}" for other in same]
    if faults:
        raise ToolError("properties that would get the same name in Python:", faults)


def refuse_dropped_parts(document: Document) -> None:
    """Check that the generator reads all of each schema.

    Of a schema with ``oneOf`` or ``anyOf`` it reads nothing else, and of what stands in place inside an
    ``allOf`` only properties.

    Raises:
        ToolError: Part of a schema would be dropped.
    """
    faults: list[str] = []
    for kind, pointer, schema in walk(document):
        if kind != "schema":
            continue
        choice = next((name for name in ("oneOf", "anyOf") if schema.get(name)), None)
        others = [name for name in ("properties", "allOf") if schema.get(name)]
        if choice and others:
            faults.append(f"{place(pointer)}: {' and '.join(others)} beside {choice}")
        for index, part in enumerate(schema.get("allOf") or ()):
            inner = [
                name for name in ("allOf", "oneOf", "anyOf") if isinstance(part, dict) and part.get(name)
            ]
            if inner and len(schema["allOf"]) > 1:
                faults.append(f"{place((*pointer, 'allOf', index))}: {' and '.join(inner)} inside allOf")
    if faults:
        raise ToolError("the generator drops part of these schemas:", faults)


def _names(name: str, prefix: str) -> list[str]:
    """Return what the generator calls a property, first as it likes to, then to tell it from another."""
    return [PythonIdentifier(name, prefix, plain) for plain in (False, True)]

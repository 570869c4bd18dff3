"""What two documents mean for a user of the library: what is gained, lost, and has to change.

PyPI has no kept library for this (the good ones are written in Go); should one appear, it can take the place
of the modules called ``…changes``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from tools.change import Change, gains, loses, must, notes
from tools.document import Document, fingerprint
from tools.facts import base_url, default_model
from tools.finding import follow, operations
from tools.generate import module_of
from tools.operation_changes import OperationComparison
from tools.problems import Pointer, ToolError, place
from tools.words import counted

_TEXTS = ("description", "summary", "title", "example", "examples", "externalDocs", "contact", "license")


def compare(old: Document, new: Document) -> list[Change]:
    """Return every difference that a person would want to know of; none if the content is the same."""
    if fingerprint(old) == fingerprint(new):
        return []
    found = [*_heads(old, new), *_operations(old, new)]
    differing = list(_differing(old, new, ()))
    texts = [pointer for pointer in differing if _is_text(pointer)]
    if texts:
        found.append(notes("texts", f"{counted(len(texts), 'change')} of descriptions, titles and examples"))
    if not found:
        where = ", ".join(place(pointer) for pointer in differing[:3])
        found.append(notes("elsewhere", f"changes that a user of the library does not see, at {where}"))
    return list(dict.fromkeys(found))


def _heads(old: Document, new: Document) -> Iterator[Change]:
    versions = [str((document.get("info") or {}).get("version")) for document in (old, new)]
    if versions[0] != versions[1]:
        yield notes("document", f"its version is {versions[1]} (was {versions[0]})")
    for fact, words in (
        (base_url, "the default base_url is"),
        (default_model, "a call without model= uses"),
    ):
        before, after = _known(fact, old), _known(fact, new)
        if after and before != after:
            yield notes("client", f"{words} {after} (was {before or 'unknown'})")
    was, now = _schemes(old), _schemes(new)
    if was != now:
        yield must("client", f"the service authenticates by {now} (was {was})")


def _schemes(document: Document) -> str:
    schemes = ((document.get("components") or {}).get("securitySchemes") or {}).values()
    return " or ".join(sorted(_scheme(document, scheme) for scheme in schemes)) or "nothing"


def _scheme(document: Document, scheme: Any) -> str:
    content = follow(document, scheme)
    return " ".join(str(content[key]) for key in ("type", "scheme", "in", "name") if key in content)


def _known(fact: Callable[[Document], str], document: Document) -> str | None:
    try:
        return fact(document)
    except ToolError:
        return None


def _operations(old: Document, new: Document) -> Iterator[Change]:
    before = {(method, path): operation for method, path, operation, _ in operations(old)}
    after = {(method, path): operation for method, path, operation, _ in operations(new)}
    for method, path in before:
        if (method, path) not in after:
            yield loses(f"{method.upper()} {path}", "the operation is gone")
    for key, operation in after.items():
        if key in before:
            yield from OperationComparison(old, new, key).changes(before[key], operation)
        else:
            module = module_of(*key, operation)
            yield gains(f"{key[0].upper()} {key[1]}", f"new operation: client.call({module})")


def _differing(old: Any, new: Any, pointer: Pointer) -> Iterator[Pointer]:
    if isinstance(old, dict) and isinstance(new, dict):
        for key in [*old, *(key for key in new if key not in old)]:
            if key in old and key in new:
                yield from _differing(old[key], new[key], (*pointer, key))
            else:
                yield (*pointer, key)
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for index, (before, after) in enumerate(zip(old, new, strict=True)):
            yield from _differing(before, after, (*pointer, index))
    elif old != new:
        yield pointer


def _is_text(pointer: Pointer) -> bool:
    return any(
        step in _TEXTS and (not index or pointer[index - 1] != "properties")
        for index, step in enumerate(pointer)
    )

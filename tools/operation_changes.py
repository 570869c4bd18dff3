"""What the change of an operation means for those who call it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tools import settings
from tools.change import Change, gains, loses, must, notes
from tools.document import Document
from tools.finding import Part, follow, parameters
from tools.generate import class_of, module_of
from tools.schema_changes import REQUEST, RESPONSE, Comparison

_NAMELESS = "one that the generator names"

Key = tuple[str, str]
"""Method and path."""


class OperationComparison:
    """Compares one operation of two documents."""

    def __init__(self, old: Document, new: Document, key: Key) -> None:
        self._old = old
        self._new = new
        self._key = key
        self._where = f"{key[0].upper()} {key[1]}"

    def changes(self, before: Part, after: Part) -> Iterator[Change]:
        """Yield what differs between the operation before and after."""
        was, now = module_of(*self._key, before), module_of(*self._key, after)
        if was != now:
            yield must(self._where, f"its module for client.call is {now} (was {was})")
        if after.get("deprecated") and not before.get("deprecated"):
            yield notes(self._where, "is deprecated")
        yield from self._parameters()
        yield from self._bodies(before.get("requestBody"), after.get("requestBody"))
        yield from self._answers(before.get("responses") or {}, after.get("responses") or {})

    def _parameters(self) -> Iterator[Change]:
        comparison = Comparison(self._old, self._new, REQUEST, lambda name: name)
        before, after = _as_object(self._old, self._key), _as_object(self._new, self._key)
        yield from comparison.schemas(before, after, self._where)

    def _bodies(self, before: Any, after: Any) -> Iterator[Change]:
        old, new = follow(self._old, before) or {}, follow(self._new, after) or {}
        if new.get("required") and not old.get("required"):
            yield must(self._where, "its request body is required now")
        contents = old.get("content") or {}, new.get("content") or {}
        yield from _media(*contents, self._where, "the request")
        word = "parameter" if self._key == settings.IMAGE_OPERATION else "request field"
        comparison = Comparison(self._old, self._new, REQUEST, lambda name: f"{word} {name!r}")
        yield from self._contents(comparison, *contents, self._where)

    def _answers(self, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
        errors: dict[str, list[str]] = {}
        for status in [*old, *(status for status in new if status not in old)]:
            before, after = _covering(old, status), _covering(new, status)
            if status.startswith("2"):
                yield from self._success(f"{self._where}, {status}", before, after)
            elif before is None:
                errors.setdefault("documented now", []).append(status)
            elif after is None:
                errors.setdefault("no longer documented", []).append(status)
            elif self._differ(before, after):
                errors.setdefault("with another body", []).append(status)
        for what, statuses in errors.items():
            yield notes(self._where, f"errors {what}, with the same exceptions: {', '.join(statuses)}")

    def _success(self, where: str, before: Any, after: Any) -> Iterator[Change]:
        if before is None:
            yield gains(where, "new answer")
        elif after is None:
            yield loses(where, "this answer is gone")
        else:
            old, new = self._content(self._old, before), self._content(self._new, after)
            yield from _media(old, new, where, "the answer")
            yield from self._contents(self._received(), old, new, where)

    def _differ(self, before: Any, after: Any) -> bool:
        old, new = self._content(self._old, before), self._content(self._new, after)
        return old.keys() != new.keys() or any(self._contents(self._received(), old, new, self._where))

    def _received(self) -> Comparison:
        return Comparison(self._old, self._new, RESPONSE, lambda name: f"field {name!r}")

    @staticmethod
    def _content(document: Document, answer: Any) -> Mapping[str, Any]:
        content: Mapping[str, Any] = follow(document, answer).get("content") or {}
        return content

    def _contents(
        self,
        comparison: Comparison,
        old: Mapping[str, Any],
        new: Mapping[str, Any],
        where: str,
    ) -> Iterator[Change]:
        for media_type in (name for name in old if name in new):
            before, after = old[media_type].get("schema"), new[media_type].get("schema")
            was, now = _model(before), _model(after)
            if was != now:
                yield must(where, f"its model is {now or _NAMELESS} (was {was or _NAMELESS})")
            yield from comparison.schemas(before, after, where)


def _covering(answers: Mapping[str, Any], status: str) -> Any:
    """Return the answer for a status, its own or that of a pattern that covers it."""
    names = [status, f"{status[0]}XX", *([] if status.startswith("2") else ["default"])]
    return next((answers[name] for name in names if name in answers), None)


def _as_object(document: Document, key: Key) -> Part:
    """Return the path, query, header and cookie parameters as if they were the properties of an object."""
    found = {f"{part.get('in')} parameter {part.get('name')!r}": part for part in parameters(document, *key)}
    return {
        "type": "object",
        "properties": {name: part.get("schema") or {} for name, part in found.items()},
        "required": [name for name, part in found.items() if part.get("required")],
    }


def _media(old: Mapping[str, Any], new: Mapping[str, Any], where: str, what: str) -> Iterator[Change]:
    for name in (name for name in old if name not in new):
        yield loses(where, f"{what} may no longer be {name}")
    for name in (name for name in new if name not in old):
        yield gains(where, f"{what} may be {name}")


def _model(schema: Any) -> str | None:
    reference = (schema or {}).get("$ref")
    return f"{settings.PACKAGE}.models.{class_of(reference.rpartition('/')[2])}" if reference else None

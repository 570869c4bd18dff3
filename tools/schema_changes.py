"""What the change of a schema means, for those who send such values and for those who get them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from tools.change import Change, gains, loses, must, notes
from tools.document import Document
from tools.finding import follow
from tools.schema import MISSING, View, view
from tools.words import as_json

REQUEST = "request"
RESPONSE = "response"

_TEMPORAL = ("date", "date-time", "uuid", "binary")


class Comparison:
    """Compares schemas of two documents."""

    def __init__(self, old: Document, new: Document, direction: str, named: Callable[[str], str]) -> None:
        self._old = old
        self._new = new
        self._sent = direction == REQUEST
        self._named = named
        self._above: set[tuple[int, int]] = set()

    def schemas(self, old: Any, new: Any, where: str) -> Iterator[Change]:
        """Yield what differs between two schemas and everything below them."""
        pair = id(follow(self._old, old)), id(follow(self._new, new))
        if pair in self._above:
            return
        self._above.add(pair)
        before, after = self._view(self._old, old), self._view(self._new, new)
        yield from self._kinds(before, after, where)
        yield from self._values(before, after, where)
        yield from self._words(before, after, where)
        yield from self._properties(before, after, where)
        if before.items is not None and after.items is not None:
            yield from self.schemas(before.items, after.items, f"{where}, each item")
        if isinstance(before.extra, dict) and isinstance(after.extra, dict):
            yield from self.schemas(before.extra, after.extra, f"{where}, each value")
        self._above.remove(pair)

    def _view(self, document: Document, schema: Any) -> View:
        """Return what a schema says, without the properties that only answers have."""
        found = view(document, schema)
        if not self._sent:
            return found
        sent = {name: part for name, part in found.properties.items() if not view(document, part).read_only}
        return replace(found, properties=sent)

    def _kinds(self, old: View, new: View, where: str) -> Iterator[Change]:
        if set(old.types) != set(new.types):
            words = f"is {_types(new)} (was {_types(old)})"
            yield gains(where, words) if self._sent and _takes_all(new, old) else must(where, words)
        if new.nullable and not old.nullable:
            yield gains(where, "may be null") if self._sent else must(where, "may be null")
        if old.nullable and not new.nullable:
            yield (
                must(where, "may no longer be null") if self._sent else notes(where, "is never null any more")
            )
        if old.format != new.format:
            words = f"has the format {new.format or 'none'} (was {old.format or 'none'})"
            typed = old.format in _TEMPORAL or new.format in _TEMPORAL
            yield must(where, words) if typed and not self._sent else notes(where, words)
        if len(old.alternatives) != len(new.alternatives) and set(old.types) == set(new.types):
            yield must(where, f"has {len(new.alternatives)} alternatives (had {len(old.alternatives)})")

    def _values(self, old: View, new: View, where: str) -> Iterator[Change]:
        gone = [value for value in old.enum if value not in new.enum]
        added = [value for value in new.enum if value not in old.enum]
        if new.enum and not old.enum:
            words = f"is one of {_listed(new.enum)}"
            yield must(where, f"{words} now") if self._sent else notes(where, words)
        elif old.enum and not new.enum:
            yield gains(where, "takes any value") if self._sent else notes(where, "may have any value")
        else:
            if gone:
                words = f"is no longer one of {_listed(gone)}"
                yield loses(where, words) if self._sent else notes(where, words)
            if added:
                words = f"may also be one of {_listed(added)}"
                yield gains(where, words) if self._sent else notes(where, words)

    def _words(self, old: View, new: View, where: str) -> Iterator[Change]:
        if self._sent and repr(old.default) != repr(new.default):
            yield notes(
                where, f"the service's default is {_or_none(new.default)} (was {_or_none(old.default)})"
            )
        for name in dict.fromkeys((*old.limits, *new.limits)):
            before, after = old.limits.get(name, MISSING), new.limits.get(name, MISSING)
            if self._sent and before != after:
                yield notes(where, f"its {name} is {_or_none(after)} (was {_or_none(before)})")
        if new.deprecated and not old.deprecated:
            yield notes(where, "is deprecated")

    def _properties(self, old: View, new: View, where: str) -> Iterator[Change]:
        gone = [name for name in old.properties if name not in new.properties]
        added = [name for name in new.properties if name not in old.properties]
        for name in gone:
            # The same schema under another name is most likely the same thing.
            heirs = [other for other in added if new.properties[other] == old.properties[name]]
            if len(heirs) == 1 and (heirs[0] in new.required) == (name in old.required):
                added.remove(heirs[0])
                yield must(where, f"{self._named(name)} is called {heirs[0]!r} now")
            else:
                yield loses(where, f"{self._named(name)} is gone")
        for name in added:
            part = view(self._new, new.properties[name])
            if self._sent and name in new.required:
                yield must(where, f"{self._named(name)} is new and required ({_types(part)})")
            else:
                yield gains(where, f"{self._named(name)} is new ({_described(part)})")
        for name in old.properties:
            if name not in new.properties:
                continue
            below = f"{where}, {self._named(name)}"
            yield from self._duty(name in old.required, name in new.required, below)
            yield from self.schemas(old.properties[name], new.properties[name], below)

    def _duty(self, old: bool, new: bool, where: str) -> Iterator[Change]:
        if new and not old:
            yield must(where, "is required now") if self._sent else notes(where, "is always there now")
        if old and not new:
            yield gains(where, "may be left out") if self._sent else must(where, "may be missing")


def _takes_all(wide: View, narrow: View) -> bool:
    if not wide.types:
        return True
    known = {*wide.types, *(("integer",) if "number" in wide.types else ())}
    return bool(narrow.types) and set(narrow.types) <= known


def _types(part: View) -> str:
    return " or ".join(part.types) or "anything"


def _described(part: View) -> str:
    words = [_types(part)]
    if part.enum:
        words.append(f"one of {_listed(part.enum)}")
    if part.default is not MISSING:
        words.append(f"default {as_json(part.default)}")
    return ", ".join(words)


def _listed(values: Any) -> str:
    return ", ".join(as_json(value) for value in values)


def _or_none(value: Any) -> str:
    return "none" if value is MISSING else as_json(value)

"""One change of the document, as a user of the library sees it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Effect(Enum):
    """What a change means for a user of the library."""

    GAINS = "gains"
    LOSES = "loses"
    MUST_CHANGE = "must change"
    NOTE = "to know"


@dataclass(frozen=True)
class Change:
    """One change.

    Attributes:
        effect: What it means for a user of the library.
        where: The operation, and below it the parameter or field.
        what: What has changed, in words.
    """

    effect: Effect
    where: str
    what: str

    @property
    def breaking(self) -> bool:
        """Whether code that worked may need a change."""
        return self.effect in (Effect.LOSES, Effect.MUST_CHANGE)

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


def gains(where: str, what: str) -> Change:
    """Something new to use."""
    return Change(Effect.GAINS, where, what)


def loses(where: str, what: str) -> Change:
    """Something that is gone."""
    return Change(Effect.LOSES, where, what)


def must(where: str, what: str) -> Change:
    """Something to be used in another way."""
    return Change(Effect.MUST_CHANGE, where, what)


def notes(where: str, what: str) -> Change:
    """Something that asks for no change."""
    return Change(Effect.NOTE, where, what)

"""The image files that answers name: drawn when somebody asks for them, and kept for a while."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass

from .behaviour import Step
from .painter import paint
from .recipe import Recipe

_MOST_RECIPES = 10_000
_MOST_BYTES = 64 * 1024 * 1024


@dataclass
class _Entry:
    recipe: Recipe
    step: Step
    downloads_left: int | None


class Gallery:
    """Pictures by file name; safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: OrderedDict[str, _Entry] = OrderedDict()
        self._drawn: OrderedDict[str, bytes] = OrderedDict()
        self._bytes = 0

    def hang(self, recipe: Recipe, step: Step) -> str:
        """Make a picture available and return its file name; the newest answer decides how downloads go."""
        with self._lock:
            self._entries[recipe.name] = _Entry(recipe, step, step.image_times)
            self._entries.move_to_end(recipe.name)
            while len(self._entries) > _MOST_RECIPES:
                self._entries.popitem(last=False)
        return recipe.name

    def visit(self, name: str, *, counted: bool) -> tuple[Recipe, Step] | None:
        """Return the recipe of a file and how this download of it is to go, or None for an unknown name."""
        with self._lock:
            entry = self._entries.get(name)
            if entry is None:
                return None
            if entry.downloads_left is None:
                return entry.recipe, entry.step
            if entry.downloads_left == 0:
                return entry.recipe, Step()
            entry.downloads_left -= counted
            return entry.recipe, entry.step

    def draw(self, recipe: Recipe) -> bytes:
        """Return a picture's bytes."""
        with self._lock:
            drawn = self._drawn.get(recipe.name)
            if drawn is not None:
                self._drawn.move_to_end(recipe.name)
                return drawn
        drawn = paint(recipe)
        with self._lock:
            if recipe.name not in self._drawn:
                self._drawn[recipe.name] = drawn
                self._bytes += len(drawn)
            while self._bytes > _MOST_BYTES and len(self._drawn) > 1:
                self._bytes -= len(self._drawn.popitem(last=False)[1])
        return drawn

"""Drawing a subject: soft flat shapes in a square of 100 by 100 whose lower edge is the ground."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from PIL import Image, ImageDraw

from ..canvas import Canvas, Point
from ..colour import Colour, times

Spot: TypeAlias = tuple[float, float] | tuple[float, float, str]
"""A point of an outline; a third part, ``"c"``, makes a corner of it."""

_SCALE = 3
_MARGIN = 25


class Pen:
    """Draws a subject on a sheet of its own.

    Args:
        size: How many pixels the square is to have.
        light: The light of the scene, which colours what is drawn.
        flip: Whether left and right change places.
    """

    def __init__(self, size: float, light: Colour, *, flip: bool = False) -> None:
        self.size = max(8.0, size)
        self._light = light
        self._flip = flip
        side = round(self.size * (100 + 2 * _MARGIN) / 100) * _SCALE
        self._image = Image.new("RGBA", (side, side))
        self._draw = ImageDraw.Draw(self._image)
        self.lamps: list[tuple[float, float, float, Colour]] = []

    def blob(self, spots: Sequence[Spot], colour: Colour) -> None:
        """Fill a smooth outline through some points."""
        self._draw.polygon([self._place(x, y) for x, y in smooth(spots)], fill=self._lit(colour))

    def poly(self, points: Sequence[Point], colour: Colour) -> None:
        """Fill a polygon."""
        self._draw.polygon([self._place(x, y) for x, y in points], fill=self._lit(colour))

    def oval(
        self, x: float, y: float, rx: float, ry: float | None = None, colour: Colour = (0, 0, 0)
    ) -> None:
        """Fill an ellipse around a point."""
        ry = rx if ry is None else ry
        (x0, y0), (x1, y1) = self._place(x - rx, y - ry), self._place(x + rx, y + ry)
        self._draw.ellipse((min(x0, x1), y0, max(x0, x1), y1), fill=self._lit(colour))

    def box(
        self, left: float, top: float, right: float, bottom: float, colour: Colour, round_by: float = 0
    ) -> None:
        """Fill a rectangle, its corners rounded if wanted."""
        (x0, y0), (x1, y1) = self._place(left, top), self._place(right, bottom)
        area = (min(x0, x1), y0, max(x0, x1), y1)
        self._draw.rounded_rectangle(area, radius=self._length(round_by), fill=self._lit(colour))

    def line(self, spots: Sequence[Spot], width: float, colour: Colour) -> None:
        """Draw a smooth line with round ends."""
        path = [self._place(x, y) for x, y in smooth(spots, closed=False)]
        thick = max(1, round(self._length(width)))
        self._draw.line(path, fill=self._lit(colour), width=thick, joint="curve")
        for x, y in (path[0], path[-1]):
            self._draw.ellipse(
                (x - thick / 2, y - thick / 2, x + thick / 2, y + thick / 2), fill=self._lit(colour)
            )

    def lamp(self, left: float, top: float, right: float, bottom: float, colour: Colour) -> None:
        """Fill a rectangle that shines in the dark, whatever the light of the scene."""
        (x0, y0), (x1, y1) = self._place(left, top), self._place(right, bottom)
        self._draw.rectangle((min(x0, x1), y0, max(x0, x1), y1), fill=(*colour, 255))
        self.lamps.append(((left + right) / 2, (top + bottom) / 2, max(right - left, bottom - top), colour))

    def put(self, canvas: Canvas, x: float, foot: float, *, shining: bool) -> None:
        """Put the sheet on the canvas, its ground's middle at a point; lamps shine only in the dark."""
        sheet = self._image.reduce(_SCALE)
        left = round(x - sheet.width / 2)
        top = round(foot - self.size * (100 + _MARGIN) / 100)
        canvas.image.paste(sheet, (left, top), sheet)
        for lx, ly, size, colour in self.lamps if shining else ():
            px = x + ((100 - lx if self._flip else lx) - 50) / 100 * self.size
            canvas.shine_disc(px, foot + (ly - 100) / 100 * self.size, size / 160 * self.size, colour)

    def _place(self, x: float, y: float) -> Point:
        x = 100 - x if self._flip else x
        return self._length(x + _MARGIN), self._length(y + _MARGIN)

    def _length(self, length: float) -> float:
        return length / 100 * self.size * _SCALE

    def _lit(self, colour: Colour) -> tuple[int, int, int, int]:
        return (*times(colour, self._light), 255)


def smooth(spots: Sequence[Spot], *, closed: bool = True, steps: int = 8) -> list[Point]:
    """Lead a curve through points (Catmull-Rom), with a corner where a point says so."""
    points = [(spot[0], spot[1]) for spot in spots]
    corners = [len(spot) > 2 for spot in spots]
    count = len(points)
    path: list[Point] = []
    for index in range(count if closed else count - 1):
        here, there = points[index], points[(index + 1) % count]
        before = points[index - 1] if (closed or index) and not corners[index] else here
        last = not closed and index + 2 >= count
        after = points[(index + 2) % count] if not last and not corners[(index + 1) % count] else there
        for step in range(steps):
            t = step / steps
            path.append(
                (
                    _spline(before[0], here[0], there[0], after[0], t),
                    _spline(before[1], here[1], there[1], after[1], t),
                )
            )
    if not closed:
        path.append(points[-1])
    return path


def _spline(a: float, b: float, c: float, d: float, t: float) -> float:
    return b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)))

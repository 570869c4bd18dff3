"""Cities: a skyline by the water, and a street in neon light."""

from __future__ import annotations

import math
from random import Random

from .canvas import Canvas, Mask, Point
from .colour import lighter, mix, rgb
from .moods import Mood

_WARM = (rgb("ffd991"), rgb("ffe9bd"), rgb("ffc46b"))
NEON = (rgb("ff3fa4"), rgb("35e0ff"), rgb("ffcf4a"), rgb("9b6bff"), rgb("ff6b4a"), rgb("4dffb8"))


def paint_skyline(canvas: Canvas, mood: Mood, chance: Random, foot: float, *, future: bool) -> None:
    """Paint three rows of buildings that stand at a level, the far ones pale."""
    unit = canvas.unit
    for row in range(3):
        depth = row / 2
        colour = mix(mood.haze, mood.near, 0.2 + 0.66 * depth)
        mask = canvas.mask(0, 0, canvas.width, canvas.height * foot + 1)
        windows: list[tuple[float, float, float, float]] = []
        x = -unit * 0.05 * chance.random()
        while x < canvas.width:
            wide = unit * (0.045 + 0.05 * chance.random()) * (1 + 0.35 * depth)
            # Taller towards the middle: a skyline has a heart.
            middle = 1 - abs((x + wide / 2) / canvas.width - 0.52) * 1.15
            tall = (
                canvas.height
                * foot
                * (0.2 + 0.42 * chance.random() ** 1.3)
                * (0.5 + 0.62 * middle)
                * (1.18 - 0.42 * depth)
            )
            _tower(mask, chance, x, canvas.height * foot, wide, tall, future=future)
            if row:
                windows += _windows(chance, x, canvas.height * foot, wide, tall, unit)
            x += wide * (0.92 + (0.5 if depth == 0 else 0.22) * chance.random())
        canvas.fill(
            mask,
            ((0.0, lighter(colour, 0.04)), (0.55, colour), (1.0, mix(colour, mood.haze, 0.5 - 0.25 * depth))),
        )
        _light(canvas, chance, windows, mood, 0.55 + 0.45 * depth)


def _tower(
    mask: Mask, chance: Random, x: float, foot: float, wide: float, tall: float, *, future: bool
) -> None:
    """Add a building with one of several tops."""
    top, kind = foot - tall, int(chance.random() * (9 if future else 6))
    right, middle = x + wide, x + wide / 2
    mask.rectangle(x, top, right, foot)
    if kind == 0:
        mask.rectangle(x + wide * 0.2, top - wide * 0.5, right - wide * 0.2, top)
        mask.rectangle(middle - wide * 0.03, top - wide * 1.5, middle + wide * 0.03, top)
    elif kind == 1:
        mask.polygon([(x, top + 1), (right, top + 1), (right, top - wide * 0.55)])
    elif kind == 2:
        for step in range(3):
            inset = wide * (0.14 + 0.13 * step)
            mask.rectangle(x + inset, top - wide * 0.34 * (step + 1), right - inset, top)
    elif kind == 3:
        mask.polygon([(x, top + 1), (right, top + 1), (middle, top - wide * 1.1)])
        mask.rectangle(middle - wide * 0.025, top - wide * 1.9, middle + wide * 0.025, top)
    elif kind == 6:
        mask.ellipse(middle, top, wide / 2, wide * 0.42)
        mask.rectangle(middle - wide * 0.03, top - wide * 1.2, middle + wide * 0.03, top)
    elif kind == 7:
        # A needle with a ring around it.
        mask.polygon([(middle - wide * 0.2, top), (middle + wide * 0.2, top), (middle, top - wide * 2.6)])
        mask.ellipse(middle, top - wide * 0.75, wide * 0.56, wide * 0.12)
        mask.ellipse(middle, top - wide * 1.2, wide * 0.34, wide * 0.08)
    elif kind == 8:
        sail: list[Point] = [(x, top + 1)]
        for step in range(13):
            t = step / 12
            sail.append(
                (
                    x + wide * t,
                    top - wide * 1.7 * math.sin(t * math.pi / 2) ** 2 + wide * 0.5 * max(0.0, t - 0.85),
                )
            )
        mask.polygon([*sail, (right, top + 1)])


def _windows(
    chance: Random, x: float, foot: float, wide: float, tall: float, unit: float
) -> list[tuple[float, float, float, float]]:
    """Return the lit windows of a building."""
    columns = max(2, round(wide / (unit * 0.0135)))
    step_x = wide / (columns + 0.6)
    step_y = unit * 0.0175
    lit = 0.18 + 0.4 * chance.random()
    found = []
    for line in range(int((tall - step_y) / step_y)):
        for column in range(columns):
            if chance.random() < lit:
                left = x + step_x * (0.55 + column)
                top = foot - tall + step_y * (0.7 + line)
                found.append((left, top, left + step_x * 0.5, top + step_y * 0.5))
    return found


def _light(
    canvas: Canvas,
    chance: Random,
    windows: list[tuple[float, float, float, float]],
    mood: Mood,
    strength: float,
) -> None:
    if not windows:
        return
    lit = strength if mood.is_dark else strength * 0.55
    for index, tone in enumerate(_WARM):
        mask = canvas.mask(
            0,
            min(window[1] for window in windows) - 1,
            canvas.width,
            max(window[3] for window in windows) + 1,
        )
        for window in windows[index :: len(_WARM)]:
            mask.rectangle(*window)
            if mood.is_dark and chance.random() < 0.3:
                canvas.shine(*window, mix((0, 0, 0), tone, 0.55 * strength))
        canvas.fill(mask, tone, lit)


def flying_cars(canvas: Canvas, chance: Random, count: int, top: float, bottom: float) -> None:
    """Let small craft cross the sky, each with a trail of light."""
    for _ in range(count):
        x, y = (
            canvas.width * (0.06 + 0.88 * chance.random()),
            canvas.height * (top + (bottom - top) * chance.random()),
        )
        size = canvas.unit * (0.014 + 0.026 * chance.random() ** 1.5)
        side = 1 if chance.random() < 0.5 else -1
        tone = NEON[int(chance.random() * len(NEON))]
        for part, share in ((9, 0.1), (6, 0.22), (3.4, 0.42)):
            points = [(x, y - size * 0.12), (x - side * size * part, y), (x, y + size * 0.12)]
            canvas.shape(points, tone, share)
        hull = [(
            x - side * size * 1.15, y + size * 0.12), (x - side * size * 0.85,
            y - size * 0.2), (x - side * size * 0.3, y - size * 0.28), (x + side * size * 0.05,
            y - size * 0.52), (x + side * size * 0.55, y - size * 0.3), (x + side * size * 1.2,
            y + size * 0.02), (x + side * size * 0.95, y + size * 0.26), (x - side * size * 0.9,
            y + size * 0.28
        )]  # fmt: skip
        canvas.shape(hull, rgb("191230"))
        canvas.shape(
            [
                (x + side * size * 0.02, y - size * 0.44),
                (x + side * size * 0.5, y - size * 0.28),
                (x - side * size * 0.2, y - size * 0.24),
            ],
            rgb("8fe8ff"),
        )
        canvas.shape(
            [
                (x - side * size * 0.8, y + size * 0.2),
                (x + side * size * 0.9, y + size * 0.18),
                (x + side * size * 0.7, y + size * 0.32),
                (x - side * size * 0.7, y + size * 0.33),
            ],
            tone,
        )
        canvas.shine_disc(x - side * size * 1.1, y + size * 0.1, size * 0.3, tone)
        canvas.shine_disc(x + side * size * 1.1, y + size * 0.1, size * 0.16, rgb("fff3d0"))
        canvas.shine(x - size * 0.8, y + size * 0.2, x + size * 0.8, y + size * 0.3, tone)

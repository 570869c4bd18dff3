"""The desert: dunes, table mountains, cacti."""

from __future__ import annotations

import itertools
import math
from random import Random

from .canvas import Canvas, Mask, Point
from .colour import Colour, mix
from .land import fill_below, line_of_hills
from .moods import Mood


def paint_dunes(canvas: Canvas, mood: Mood, chance: Random, horizon: float, layers: int) -> list[list[Point]]:
    """Paint dunes with a lit and a shaded side."""
    outlines = []
    for index in range(layers):
        depth = (index + 1) / layers
        base = horizon + (1.0 - horizon) * depth**1.3 * 0.74
        skyline = line_of_hills(
            canvas, chance, base, 0.035 + 0.06 * depth, 1.5 - 0.7 * depth, octaves=1 + (index == 0)
        )
        lit = mix(mood.haze, mood.ground, 0.35 + 0.65 * depth)
        dark = mix(lit, mood.near, 0.5)
        fill_below(canvas, skyline, lit, mix(lit, mood.near, 0.2))
        _dune_shade(canvas, skyline, dark)
        outlines.append(skyline)
    return outlines


def _dune_shade(canvas: Canvas, skyline: list[Point], dark: Colour) -> None:
    """Shade the falling side of each dune, down to a soft crease."""
    low = max(y for _, y in skyline)
    mask = canvas.mask(0, min(y for _, y in skyline), canvas.width, canvas.height)
    run: list[Point] = []
    for before, after in itertools.pairwise(skyline):
        if after[1] > before[1]:
            run.append(before)
            continue
        _dune_side(mask, run, low, canvas)
        run = []
    _dune_side(mask, run, low, canvas)
    canvas.fill(mask, dark, 0.75)


def _dune_side(mask: Mask, run: list[Point], low: float, canvas: Canvas) -> None:
    if len(run) < 8:
        return
    (x0, y0), (x1, y1) = run[0], run[-1]
    back = []
    for step in range(13):
        t = step / 12
        x = x1 + (x0 - x1) * t + canvas.unit * 0.1 * math.sin(t * math.pi) * (1 - 0.2 * t)
        back.append(
            (
                x,
                y1
                + (y0 - y1) * t
                + (low - y0 + canvas.unit * 0.05) * 0.9 * math.sin(t * math.pi) ** 1.5 * 0.6,
            )
        )
    mask.polygon([*run, *back])


def paint_mesas(canvas: Canvas, mood: Mood, chance: Random, horizon: float) -> None:
    """Paint table mountains on the horizon, in two distances."""
    for depth in (0.35, 0.6):
        colour = mix(mood.haze, mood.near, depth)
        for _ in range(2 + round(canvas.width / canvas.height)):
            x, wide = canvas.width * chance.random(), canvas.unit * (0.09 + 0.16 * chance.random())
            tall, foot = (
                canvas.height * (0.06 + 0.11 * chance.random()) * (0.7 + depth * 0.6),
                canvas.height * horizon,
            )
            left: list[Point] = [
                (x - wide * 1.35, foot + 2),
                (x - wide * 1.05, foot - tall * 0.3),
                (x - wide * 0.9, foot - tall * 0.34),
            ]
            right = [(2 * x - px, py) for px, py in reversed(left)]
            points = [
                *left,
                (x - wide * 0.8, foot - tall * 0.97),
                (x - wide * 0.74, foot - tall),
                (x + wide * 0.7, foot - tall),
                (x + wide * 0.8, foot - tall * 0.94),
                *right,
            ]
            canvas.shape(points, ((0.0, colour), (1.0, mix(colour, mood.haze, 0.55))))


def cactus(canvas: Canvas, x: float, foot: float, height: float, colour: Colour) -> None:
    """Draw a cactus with two arms."""
    mask = canvas.mask(x - height * 0.5, foot - height * 1.05, x + height * 0.5, foot + 2)
    thick = height * 0.15
    mask.line([(x, foot), (x, foot - height * 0.92)], thick)
    mask.ellipse(x, foot - height * 0.92, thick / 2)
    for side, low, high in ((-1, 0.38, 0.72), (1, 0.5, 0.82)):
        reach = side * height * 0.24
        arm = thick * 0.72
        mask.line(
            [(x, foot - height * low), (x + reach, foot - height * low), (x + reach, foot - height * high)],
            arm,
        )
        mask.ellipse(x + reach, foot - height * low, arm / 2)
        mask.ellipse(x + reach, foot - height * high, arm / 2)
    canvas.fill(mask, colour)

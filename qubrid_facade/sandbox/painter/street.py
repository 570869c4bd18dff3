"""A street canyon at night, full of signs."""

from __future__ import annotations

from random import Random

from .canvas import Canvas
from .city import NEON
from .colour import lighter, mix, rgb
from .moods import Mood


def paint_street(canvas: Canvas, mood: Mood, chance: Random, horizon: float) -> None:
    """Paint a street canyon that runs towards us, full of signs; the ground is left to be a mirror."""
    width, level = canvas.width, canvas.height * horizon
    vanish = width * (0.47 + 0.06 * chance.random())
    canvas.glow(vanish, level, canvas.unit * 0.62, rgb("ff7ab0"), 0.75, 1.1)
    canvas.glow(vanish, level, canvas.unit * 0.26, rgb("ffe2b8"), 0.8, 1.0)
    depths = 6
    for index in range(depths):
        near = (index + 1) / depths
        spread = 0.055 + 0.44 * near**1.55
        for side in (-1, 1):
            inner = vanish + side * width * spread * (0.94 + 0.1 * chance.random())
            outer = vanish + side * width * (spread + 0.13 + 0.24 * near)
            tall = level * (0.36 + 0.3 * chance.random() + 0.36 * near)
            foot = canvas.height * 0.7
            _block(canvas, mood, chance, sorted((inner, outer)), foot - tall, foot, near, inner, side)


def _block(
    canvas: Canvas,
    mood: Mood,
    chance: Random,
    ends: list[float],
    top: float,
    foot: float,
    near: float,
    inner: float,
    side: int,
) -> None:
    left, right = ends
    colour = mix(mood.haze, mood.near, 0.28 + 0.68 * near)
    mask = canvas.mask(left, top - canvas.unit * 0.1, right, foot)
    mask.rectangle(left, top, right, foot)
    wide = right - left
    if chance.random() < 0.6:
        mask.rectangle(left + wide * 0.25, top - canvas.unit * 0.035, right - wide * 0.3, top)
    mast = left + wide * (0.35 + 0.3 * chance.random())
    mask.rectangle(mast, top - canvas.unit * 0.09, mast + max(1.0, canvas.unit * 0.003), top)
    canvas.fill(mask, ((0.0, colour), (0.7, colour), (1.0, mix(colour, rgb("ff5fa2"), 0.18))))
    step = canvas.unit * (0.011 + 0.013 * near)
    tones = [NEON[int(chance.random() * len(NEON))] for _ in range(2)] + [rgb("ffd9a0")]
    rows, columns = int((foot - top) / (step * 1.5)), max(1, int(wide / (step * 1.15)))
    for index, tone in enumerate(tones):
        windows = canvas.mask(left, top, right, foot)
        for row in range(1, rows):
            strip = chance.random() < 0.16
            for column in range(columns):
                if (row + column) % 3 == index and (strip or chance.random() < 0.34):
                    x, y = left + step * (0.3 + 1.15 * column), top + step * 1.5 * row
                    windows.rectangle(
                        x, y, x + step * (1.15 if strip else 0.6), y + step * (0.5 if strip else 0.8)
                    )
        canvas.fill(windows, mix(tone, colour, 0.42), 0.4 + 0.3 * near)
    for _ in range(1 + int(chance.random() * 2.4)):
        _sign(canvas, chance, inner, side, top, foot, near)


def _sign(
    canvas: Canvas, chance: Random, inner: float, side: int, top: float, foot: float, near: float
) -> None:
    """Hang a sign over the street: upright, with bars that read like letters from afar."""
    tone = NEON[int(chance.random() * len(NEON))]
    wide = canvas.unit * (0.012 + 0.036 * near)
    tall = (foot - top) * (0.16 + 0.2 * chance.random())
    y = top + (foot - top) * (0.14 + 0.48 * chance.random())
    edge = inner - side * wide * 1.15
    left, right = sorted((inner - side * wide * 0.15, edge))
    frame = canvas.mask(left - wide * 0.1, y - wide * 0.1, right + wide * 0.1, y + tall + wide * 0.1)
    frame.rectangle(left - wide * 0.08, y - wide * 0.08, right + wide * 0.08, y + tall + wide * 0.08)
    canvas.fill(frame, tone)
    inside = canvas.mask(left, y, right, y + tall)
    inside.rectangle(left, y, right, y + tall)
    canvas.fill(inside, mix(rgb("12081f"), tone, 0.22))
    canvas.shine(left - wide * 0.1, y, left + wide * 0.06, y + tall, tone)
    canvas.shine(right - wide * 0.06, y, right + wide * 0.1, y + tall, tone)
    letters = canvas.mask(left, y, right, y + tall)
    size = (right - left) * 0.62
    for index in range(max(1, int(tall / (size * 1.5)))):
        cy = y + size * (0.55 + 1.5 * index)
        cx, thick = (left + right) / 2, max(1.0, size * 0.15)
        strokes = [
            [(cx - size / 2, cy), (cx + size / 2, cy)],
            [(cx - size / 2, cy + size), (cx + size / 2, cy + size)],
            [(cx, cy), (cx, cy + size)],
            [(cx - size / 2, cy + size / 2), (cx + size / 2, cy + size / 2)],
            [(cx - size / 2, cy), (cx - size / 2, cy + size)],
            [(cx + size / 2, cy), (cx - size / 2, cy + size)],
        ]
        for stroke in strokes:
            if chance.random() < 0.55:
                letters.line(stroke, thick)
                (x0, y0), (x1, y1) = stroke
                canvas.shine(
                    min(x0, x1),
                    min(y0, y1),
                    max(x0, x1) + thick * 0.3,
                    max(y0, y1) + thick * 0.3,
                    mix((0, 0, 0), tone, 0.4),
                )
    canvas.fill(letters, lighter(tone, 0.55))

"""Under water: sand, weeds, corals, fish and bubbles."""

from __future__ import annotations

import math
from random import Random

from .canvas import Canvas, Mask, ridge
from .colour import WHITE, Colour, lighter, mix, rgb
from .land import fill_below, places
from .moods import Mood


def paint_deep(canvas: Canvas, mood: Mood, chance: Random) -> None:
    """Paint the sea floor: sand, rocks, weeds, corals, small fish and bubbles."""
    for index in range(3):
        depth = index / 2
        xs = places(canvas, 4)
        rough = ridge(chance, [x / canvas.height for x in xs], 2.6 - depth, 3)
        outline = [
            (x, canvas.height * (0.76 + 0.075 * index - (0.09 - 0.03 * depth) * bump))
            for x, bump in zip(xs, rough, strict=True)
        ]
        colour = mix(mood.haze, mood.near, 0.25 + 0.6 * depth)
        fill_below(canvas, outline, lighter(colour, 0.06), mix(colour, mood.near, 0.5))
        _growth(canvas, chance, [y for _, y in outline], 0.35 + 0.65 * depth, colour)
    _shoal(canvas, chance)
    bubbles = canvas.mask()
    for _ in range(4):
        x, y = chance.random() * canvas.width, canvas.height * (0.4 + 0.5 * chance.random())
        for step in range(6):
            size = canvas.unit * (0.003 + 0.006 * chance.random())
            bubbles.ellipse(
                x + (chance.random() - 0.5) * canvas.unit * 0.04,
                y - step * canvas.unit * 0.035,
                size,
                value=150,
            )
    canvas.fill(bubbles, WHITE, 0.7)


def _growth(canvas: Canvas, chance: Random, floor: list[float], near: float, behind: Colour) -> None:
    for _ in range(7):
        share = chance.random()
        x, y = share * canvas.width, floor[int(share * (len(floor) - 1))]
        tall = canvas.unit * (0.09 + 0.13 * chance.random()) * near
        tone = mix(
            (rgb("ff7f6e"), rgb("f6b25a"), rgb("e25f9e"), rgb("5fc9a8"), rgb("b68be8"))[
                int(chance.random() * 5)
            ],
            behind,
            0.62 - 0.5 * near,
        )
        if chance.random() < 0.5:
            mask = canvas.mask(x - tall, y - tall * 1.5, x + tall, y + tall * 0.2)
            for blade in range(4):
                sway = tall * (chance.random() - 0.5) * 0.7
                bx, size = x + (blade - 1.5) * tall * 0.16, tall * (0.7 + 0.6 * chance.random())
                steps = [i / 10 for i in range(11)]
                left = [
                    (bx + sway * t * math.sin(t * 4) - tall * 0.045 * (1 - t), y + tall * 0.06 - size * t)
                    for t in steps
                ]
                right = [
                    (bx + sway * t * math.sin(t * 4) + tall * 0.045 * (1 - t), y + tall * 0.06 - size * t)
                    for t in reversed(steps)
                ]
                mask.polygon([*left, *right])
            canvas.fill(mask, mix(rgb("3fae86"), behind, 0.62 - 0.5 * near))
        else:
            mask = canvas.mask(x - tall, y - tall * 1.3, x + tall, y + tall * 0.2)
            _coral(mask, chance, x, y + tall * 0.05, -math.pi / 2, tall * 0.42, tall * 0.1, 4)
            canvas.fill(mask, tone)


def _coral(
    mask: Mask, chance: Random, x: float, y: float, angle: float, length: float, thick: float, depth: int
) -> None:
    if depth == 0:
        return
    x1, y1 = x + math.cos(angle) * length, y + math.sin(angle) * length
    mask.line([(x, y), (x1, y1)], thick)
    mask.ellipse(x1, y1, thick / 2)
    for turn in (-0.5, 0.45):
        _coral(
            mask,
            chance,
            x1,
            y1,
            angle + turn + (chance.random() - 0.5) * 0.3,
            length * 0.72,
            thick * 0.78,
            depth - 1,
        )


def _shoal(canvas: Canvas, chance: Random) -> None:
    """Let a few dozen small fish swim one way."""
    cx, cy = canvas.width * (0.2 + 0.6 * chance.random()), canvas.height * (0.22 + 0.25 * chance.random())
    mask = canvas.mask()
    for _ in range(34):
        angle, away = chance.random() * math.tau, math.sqrt(chance.random()) * canvas.unit * 0.22
        x, y = cx + math.cos(angle) * away * 1.5, cy + math.sin(angle) * away * 0.6
        size = canvas.unit * (0.008 + 0.006 * chance.random())
        mask.ellipse(x, y, size, size * 0.4)
        mask.polygon(
            [(x + size * 0.7, y), (x + size * 1.6, y - size * 0.45), (x + size * 1.6, y + size * 0.45)]
        )
    canvas.fill(mask, rgb("ffd9a0"), 0.75)

"""What is in the air: snow, rain, leaves, petals, birds, fireflies."""

from __future__ import annotations

import math
from random import Random

from PIL import ImageFilter

from .canvas import Canvas, Mask
from .colour import WHITE, Colour, mix, rgb
from .moods import Mood


def snowfall(canvas: Canvas, chance: Random, amount: float = 1.0) -> None:
    """Let it snow, in three distances."""
    for distance, (count, size, strength) in enumerate(
        ((190, 0.0018, 0.6), (90, 0.0034, 0.8), (26, 0.0075, 0.55))
    ):
        mask = canvas.mask()
        for _ in range(round(count * amount * max(1.0, canvas.width / canvas.height))):
            mask.ellipse(
                chance.random() * canvas.width,
                chance.random() * canvas.height,
                canvas.unit * size * (0.6 + 0.8 * chance.random()),
            )
        stencil = mask.done()
        if distance == 2:
            stencil = stencil.filter(ImageFilter.GaussianBlur(canvas.unit * 0.0025))
        canvas.stamp(stencil.point(lambda value, share=strength: value * share), mask.box, WHITE)


def rain(canvas: Canvas, chance: Random) -> None:
    """Let it rain, slanting."""
    mask = canvas.mask()
    for _ in range(round(260 * max(1.0, canvas.width / canvas.height))):
        x, y = chance.random() * canvas.width * 1.1, chance.random() * canvas.height
        long = canvas.unit * (0.02 + 0.035 * chance.random())
        mask.line(
            [(x, y), (x - long * 0.28, y + long)],
            canvas.unit * 0.0009,
            value=round(70 + 90 * chance.random()),
        )
    canvas.fill(mask, (220, 232, 240), 0.6)


def lightning(canvas: Canvas, chance: Random, horizon: float, away_from: float) -> None:
    """Strike once, on the side of the picture away from a place (a share of the width)."""
    x = canvas.width * ((0.12 + 0.2 * chance.random()) if away_from > 0.5 else (0.68 + 0.2 * chance.random()))
    top, foot = canvas.height * 0.02, canvas.height * horizon
    canvas.glow(x, canvas.height * 0.22, canvas.unit * 0.55, (214, 226, 250), 0.75, 0.7)
    path, y = [(x, top)], top
    while y < foot:
        y += canvas.unit * (0.02 + 0.035 * chance.random())
        x += canvas.unit * (chance.random() - 0.5) * 0.075
        path.append((x, min(y, foot)))
    bolt = canvas.mask()
    bolt.line(path, canvas.unit * 0.0055)
    for index in (len(path) // 4, len(path) // 2):
        bx, by = path[index]
        side = 1 if chance.random() < 0.5 else -1
        branch = [(bx, by)]
        for _ in range(5):
            bx, by = bx + side * canvas.unit * 0.035 * chance.random(), by + canvas.unit * 0.03
            branch.append((bx, by))
        bolt.line(branch, canvas.unit * 0.0026)
    canvas.fill(bolt, (246, 249, 255))
    for bx, by in path:
        canvas.shine_disc(bx, by, canvas.unit * 0.006, (190, 205, 255))


def drifting(canvas: Canvas, chance: Random, colours: list[Colour], count: int, size: float = 0.011) -> None:
    """Let leaves or petals drift through the picture."""
    for colour in colours:
        mask = canvas.mask()
        for _ in range(max(1, round(count * max(1.0, canvas.width / canvas.height) / len(colours)))):
            x, y = chance.random() * canvas.width, chance.random() ** 0.8 * canvas.height
            reach, turn = canvas.unit * size * (0.5 + 0.9 * chance.random()), chance.random() * math.tau
            wide = reach * (0.25 + 0.3 * chance.random())
            ux, uy = math.cos(turn), math.sin(turn)
            mask.polygon(
                [
                    (x - ux * reach, y - uy * reach),
                    (x - ux * reach * 0.3 - uy * wide, y - uy * reach * 0.3 + ux * wide),
                    (x + ux * reach * 0.4 - uy * wide, y + uy * reach * 0.4 + ux * wide),
                    (x + ux * reach, y + uy * reach),
                    (x + ux * reach * 0.4 + uy * wide, y + uy * reach * 0.4 - ux * wide),
                    (x - ux * reach * 0.3 + uy * wide, y - uy * reach * 0.3 - ux * wide),
                ]
            )
        canvas.fill(mask, colour, 0.92)


def birds(canvas: Canvas, chance: Random, mood: Mood, horizon: float) -> None:
    """Let a few birds fly far away, in loose formation."""
    cx, cy = (
        canvas.width * (0.15 + 0.7 * chance.random()),
        canvas.height * horizon * (0.2 + 0.3 * chance.random()),
    )
    mask = canvas.mask()
    for index in range(4 + int(chance.random() * 5)):
        size = canvas.unit * (0.009 + 0.008 * chance.random())
        x = cx + (chance.random() - 0.5) * canvas.unit * 0.32
        y = cy + abs(index - 3) * canvas.unit * 0.012 + (chance.random() - 0.5) * canvas.unit * 0.05
        _bird(mask, x, y, size, 0.5 + 0.5 * chance.random())
    canvas.fill(mask, mix(mood.near, mood.haze, 0.18))


def _bird(mask: Mask, x: float, y: float, size: float, lift: float) -> None:
    for side in (-1, 1):
        upper, lower = [], []
        for step in range(9):
            t = step / 8
            rise = math.sin(t * math.pi * 0.85) * size * 0.55 * lift
            upper.append((x + side * size * 1.5 * t, y - rise))
            lower.append((x + side * size * 1.5 * t, y - rise + size * 0.2 * (1 - t)))
        mask.polygon([*upper, *reversed(lower)])


def fireflies(canvas: Canvas, chance: Random, top: float) -> None:
    """Let small lights hover in the lower part."""
    for _ in range(round(34 * max(1.0, canvas.width / canvas.height))):
        x, y = chance.random() * canvas.width, canvas.height * (top + (1 - top) * chance.random())
        size = canvas.unit * (0.0018 + 0.0022 * chance.random())
        canvas.disc(x, y, size, rgb("fff3b0"))
        canvas.shine_disc(x, y, size * 1.6, rgb("ffe27a"))

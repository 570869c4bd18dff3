"""Outer space, and the deep sea."""

from __future__ import annotations

import math
from random import Random

from PIL import Image, ImageChops

from .canvas import Canvas, gradient, noise, ridge
from .colour import BLACK, Colour, Stops, lighter, mix, rgb
from .land import fill_below, places
from .moods import Mood

_WORLDS: tuple[Stops, ...] = (
    (
        (0.0, rgb("f7c59f")),
        (0.3, rgb("e58f65")),
        (0.45, rgb("f2d0a9")),
        (0.6, rgb("c96f53")),
        (1.0, rgb("8f4438")),
    ),
    (
        (0.0, rgb("b5e3e8")),
        (0.35, rgb("5fb3c9")),
        (0.5, rgb("8fd3d8")),
        (0.7, rgb("3c7fa8")),
        (1.0, rgb("2a5580")),
    ),
    (
        (0.0, rgb("f3d6f0")),
        (0.35, rgb("b58bd0")),
        (0.5, rgb("d9b6e3")),
        (0.7, rgb("8a5fb5")),
        (1.0, rgb("573a86")),
    ),
    (
        (0.0, rgb("fbeab8")),
        (0.4, rgb("e0b95f")),
        (0.55, rgb("f5dc9a")),
        (0.7, rgb("bd8b41")),
        (1.0, rgb("7c5a2e")),
    ),
)


def paint_nebula(canvas: Canvas, chance: Random) -> None:
    """Let clouds of gas glow between the stars."""
    small = (max(48, canvas.width // 6), max(48, canvas.height // 6))
    tones = [rgb("7b3fb5"), rgb("2f6fc4"), rgb("c4457f"), rgb("2f9c9c")]
    start = int(chance.random() * len(tones))
    for index in range(3):
        grain = noise(chance, small, (3, 3), 5)
        strong = grain.point(
            [round(min(1.0, max(0.0, (value - 118) / 105)) ** 1.4 * 190) for value in range(256)]
        )
        soft = strong.resize(canvas.image.size, Image.Resampling.BICUBIC)
        layer = Image.composite(
            Image.new("RGB", canvas.image.size, tones[(start + index) % 4]),
            Image.new("RGB", canvas.image.size),
            soft,
        )
        canvas.image = ImageChops.screen(canvas.image, layer)


def paint_planet(
    canvas: Canvas, chance: Random, kind: int, x: float, y: float, radius: float, *, ringed: bool
) -> None:
    """Hang a planet in the sky, lit from the upper left."""
    world = _WORLDS[kind % len(_WORLDS)]
    side = max(8, round(radius * 2))
    tilt = -0.32
    canvas.glow(x, y, radius * 1.7, world[1][1], 0.5)
    if ringed:
        _ring(canvas, x, y, radius, tilt, world[0][1], behind=True)
    bands = gradient((side, side), world)
    grain = noise(chance, (side, side), (2, 9), 3)
    bands = Image.composite(bands, gradient((side, side), ((0.0, world[3][1]), (1.0, world[1][1]))), grain)
    bands = bands.rotate(math.degrees(-tilt), Image.Resampling.BICUBIC, fillcolor=world[2][1])
    # Night on the lower right: a round shadow, shifted.
    shadow = Image.new("L", (side, side), 215)
    round_light = Image.radial_gradient("L").resize((round(side * 1.9),) * 2, Image.Resampling.BILINEAR)
    shadow.paste(
        round_light.point([min(215, max(0, round((value - 88) * 2.1))) for value in range(256)]),
        (round(-side * 0.68), round(-side * 0.68)),
    )
    bands.paste(mix(world[4][1], BLACK, 0.82), (0, 0), shadow)
    box = canvas.clipped(x - side / 2, y - side / 2, x + side / 2, y + side / 2)
    mask = canvas.mask(*box)
    mask.ellipse(x, y, side / 2 - 1)
    left, top = round(x - side / 2), round(y - side / 2)
    canvas.fill(mask, bands.crop((box[0] - left, box[1] - top, box[2] - left, box[3] - top)))
    if ringed:
        _ring(canvas, x, y, radius, tilt, world[0][1], behind=False)


def _ring(
    canvas: Canvas, x: float, y: float, radius: float, tilt: float, colour: Colour, *, behind: bool
) -> None:
    span = (math.pi, math.tau) if behind else (0.0, math.pi)
    for inner, outer, strength in ((1.35, 1.62, 0.75), (1.68, 1.95, 0.5), (2.0, 2.12, 0.3)):
        points = []
        for reach, backwards in ((outer, False), (inner, True)):
            arc = []
            for step in range(49):
                angle = span[0] + (span[1] - span[0]) * step / 48
                px, py = math.cos(angle) * radius * reach, math.sin(angle) * radius * reach * 0.26
                arc.append(
                    (
                        x + px * math.cos(tilt) - py * math.sin(tilt),
                        y + px * math.sin(tilt) + py * math.cos(tilt),
                    )
                )
            points += list(reversed(arc)) if backwards else arc
        canvas.shape(points, colour, strength)


def paint_moonscape(canvas: Canvas, mood: Mood, chance: Random, top: float) -> list[tuple[float, float]]:
    """Paint grey ground with craters along the bottom, and return its outline."""
    xs = places(canvas, 4)
    rough = ridge(chance, [x / canvas.height for x in xs], 1.6, 3)
    outline = [(x, canvas.height * (top - 0.03 * bump)) for x, bump in zip(xs, rough, strict=True)]
    fill_below(canvas, outline, lighter(mood.ground, 0.34), mix(mood.ground, BLACK, 0.5))
    for _ in range(16):
        near = chance.random()
        x, y = chance.random() * canvas.width, canvas.height * (top + 0.05 + (0.97 - top) * near)
        rx = canvas.unit * (0.014 + 0.05 * near * chance.random())
        for dy, tone, share in (
            (0.0, mix(mood.ground, BLACK, 0.42), 0.85),
            (0.16, lighter(mood.ground, 0.16), 0.5),
        ):
            mask = canvas.mask(x - rx, y - rx, x + rx, y + rx)
            mask.ellipse(x, y + rx * dy, rx * (1 - dy), rx * 0.3 * (1 - dy))
            canvas.fill(mask, tone, share)
    return outline

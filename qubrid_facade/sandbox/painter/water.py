"""Water, what it mirrors, and light over it."""

from __future__ import annotations

import math
from random import Random

from PIL import Image, ImageFilter

from .canvas import Canvas, gradient, ridge
from .colour import WHITE, Colour, lighter, mix
from .land import places
from .moods import Mood


def paint_water(
    canvas: Canvas,
    mood: Mood,
    chance: Random,
    level: float,
    tint: Colour,
    *,
    calm: float = 1.0,
    orb_x: float | None = None,
) -> None:
    """Turn everything below a level (a share of the height) into water that mirrors what is above it."""
    width, height = canvas.width, canvas.height
    top = round(height * level)
    depth = height - top
    if depth < 4:
        return
    above = canvas.image.crop((0, max(0, top - depth), width, top)).transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    if above.height < depth:
        above = above.resize((width, depth))
    above = above.filter(ImageFilter.BoxBlur((canvas.unit * 0.002, canvas.unit * 0.008)))
    rippled = above.copy()
    band = max(1, round(height / 512))
    phase = chance.random() * 6
    for y in range(0, depth, band):
        near = y / depth
        # Ripples are longer and stronger the nearer they are.
        turn = y / height * (300 - 190 * near)
        shift = round(
            canvas.unit * (0.002 + 0.012 * near) * calm * math.sin(turn + phase + math.sin(turn * 0.37))
        )
        if shift:
            strip = above.crop((0, y, width, min(depth, y + band)))
            rippled.paste(strip, (shift, y))
    colour = gradient((width, depth), ((0.0, mix(tint, mood.haze, 0.5)), (1.0, tint)))
    water = Image.blend(rippled, colour, 0.42)
    canvas.image.paste(water, (0, top))
    _glints(canvas, mood, chance, top, orb_x)


def _glints(canvas: Canvas, mood: Mood, chance: Random, top: int, orb_x: float | None) -> None:
    """Draw short bright strokes, most of them in the sun's path."""
    depth = canvas.height - top
    mask = canvas.mask(0, top, canvas.width, canvas.height)
    for _ in range(260):
        near = chance.random() ** 1.4
        y = top + 2 + near * (depth - 4)
        spread = canvas.unit * (0.035 + 0.2 * near)
        if orb_x is not None and chance.random() < 0.75:
            x = orb_x * canvas.width + (chance.random() + chance.random() - 1) * spread
        else:
            x = chance.random() * canvas.width
        length = canvas.unit * (0.004 + 0.03 * near) * (0.4 + chance.random())
        thick = canvas.unit * (0.0006 + 0.0016 * near)
        mask.ellipse(x, y, length, thick, value=round(70 + 150 * chance.random() * (1 - 0.4 * near)))
    canvas.fill(mask, lighter(mood.sun, 0.2), 0.8)


def paint_waves(
    canvas: Canvas, mood: Mood, chance: Random, top: float, tint: Colour, *, high: float = 1.0, rows: int = 5
) -> None:
    """Paint rows of waves with light crests, larger towards the bottom."""
    for row in range(rows):
        near = (row + 1) / rows
        base = top + (1.02 - top) * near**1.2
        xs = places(canvas, 4)
        swell = ridge(chance, [x / canvas.height for x in xs], 5.5 - 2.8 * near, 2)
        rise = canvas.height * (0.006 + 0.015 * near) * high
        skyline = [(x, canvas.height * base - rise * bump) for x, bump in zip(xs, swell, strict=True)]
        mask = canvas.mask(0, min(y for _, y in skyline) - 2, canvas.width, canvas.height)
        mask.polygon([*skyline, (canvas.width, canvas.height + 2), (0, canvas.height + 2)])
        canvas.fill(mask, ((0.0, mix(tint, mood.haze, 0.34 - 0.12 * near)), (1.0, tint)), 0.5)
        crest = canvas.mask(0, min(y for _, y in skyline) - 3, canvas.width, max(y for _, y in skyline) + 4)
        thick = canvas.unit * (0.0008 + 0.0022 * near)
        lower = [(x, y + thick * (1.0 + bump)) for (x, y), bump in zip(skyline, swell, strict=True)]
        crest.polygon([*skyline, *reversed(lower)])
        canvas.fill(crest, mix(WHITE, mood.sky[-1][1], 0.4), 0.62)


def mirror(canvas: Canvas, left: float, right: float, level: float, tall: float, tint: Colour) -> None:
    """Mirror what stands over the water in a box downwards, fading."""
    box = canvas.clipped(left, level, right, level + tall)
    height = box[3] - box[1]
    if box[1] - height < 0 or height < 3:
        return
    above = canvas.image.crop((box[0], box[1] - height, box[2], box[1])).transpose(
        Image.Transpose.FLIP_TOP_BOTTOM
    )
    above = Image.blend(
        above.filter(ImageFilter.BoxBlur((canvas.unit * 0.002, canvas.unit * 0.006))),
        Image.new("RGB", above.size, tint),
        0.3,
    )
    fade = gradient((1, height), ((0.0, (170, 170, 170)), (1.0, (0, 0, 0)))).getchannel(0).resize(above.size)
    width = box[2] - box[0]
    # Soft sides, so that the sky around the thing leaves no edge.
    edge = Image.linear_gradient("L").rotate(90).resize((max(1, width // 4), height))
    sides = Image.new("L", above.size, 255)
    sides.paste(edge, (0, 0))
    sides.paste(edge.transpose(Image.Transpose.FLIP_LEFT_RIGHT), (width - edge.width, 0))
    canvas.stamp(Image.composite(fade, Image.new("L", above.size), sides), box, above)


def beam(canvas: Canvas, x: float, y: float, side: int) -> None:
    """Let a beam of light reach out from a point."""
    for spread, strength in ((0.15, 0.2), (0.085, 0.28), (0.035, 0.34)):
        reach = canvas.width * 1.2
        mask = canvas.mask(0, y - reach * spread, canvas.width, y + reach * spread)
        mask.polygon(
            [
                (x, y),
                (x + side * reach, y - reach * spread * 1.25),
                (x + side * reach, y + reach * spread * 0.55),
            ]
        )
        soft = mask.done().filter(ImageFilter.GaussianBlur(canvas.unit * 0.006))
        ramp = Image.linear_gradient("L").rotate(90 if side > 0 else -90).resize(soft.size)
        faded = Image.composite(soft, Image.new("L", soft.size), ramp)
        canvas.stamp(faded.point(lambda value, share=strength: value * share), mask.box, (255, 244, 205))
    canvas.glow(x, y, canvas.unit * 0.12, (255, 246, 214), 0.9)

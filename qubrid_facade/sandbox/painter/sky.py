"""The sky: its gradient, what stands in it, and clouds."""

from __future__ import annotations

import math
from random import Random

from PIL import Image, ImageDraw, ImageFilter

from .canvas import Canvas, gradient, noise
from .colour import WHITE, Colour, lighter, mix
from .moods import Mood


def paint_sky(canvas: Canvas, mood: Mood, chance: Random, horizon: float, orb_x: float, orb_y: float) -> None:
    """Paint everything above the horizon; places are shares of the picture's sides."""
    width, height = canvas.width, canvas.height
    down = round(height * horizon)
    canvas.image.paste(gradient((width, max(1, down)), mood.sky), (0, 0))
    if down < height:
        canvas.image.paste(mood.sky[-1][1], (0, down, width, height))
    if mood.stars:
        paint_stars(canvas, chance, round(260 * mood.stars * max(1.0, width / height)), down)
    if mood.orb != "none":
        _orb(canvas, mood, chance, orb_x * width, orb_y * height)
    _clouds(canvas, mood, chance, down)


def paint_stars(canvas: Canvas, chance: Random, count: int, down: int | None = None) -> None:
    """Scatter stars over the sky."""
    down = canvas.height if down is None else down
    mask = canvas.mask(0, 0, canvas.width, down)
    for _ in range(count):
        # Fewer towards the horizon, and only a few bright ones.
        x, y = chance.random() * canvas.width, chance.random() ** 1.5 * down * 0.92
        bright = chance.random() ** 3
        mask.ellipse(x, y, canvas.unit * (0.0007 + 0.0014 * bright), value=round(90 + 165 * bright))
    canvas.fill(mask, (255, 250, 235))


def _orb(canvas: Canvas, mood: Mood, chance: Random, x: float, y: float) -> None:
    unit = canvas.unit
    if mood.orb == "sun":
        radius = unit * (0.075 + 0.035 * chance.random())
        canvas.glow(x, y, unit * 0.85, mood.sun, 0.5)
        canvas.glow(x, y, unit * 0.36, mood.sun, 0.75)
        canvas.disc(x, y, radius, lighter(mood.sun, 0.45))
        return
    radius = unit * (0.06 + 0.02 * chance.random())
    canvas.glow(x, y, unit * 0.6, mix(mood.sun, mood.sky[-1][1], 0.4), 0.42)
    canvas.glow(x, y, radius * 2.6, mood.sun, 0.5)
    canvas.disc(x, y, radius, mood.sun)
    shade = mix(mood.sun, mood.sky[2][1], 0.22)
    for dx, dy, size in (
        (-0.35, -0.25, 0.24),
        (0.3, 0.1, 0.32),
        (-0.12, 0.42, 0.17),
        (0.05, -0.55, 0.13),
        (0.5, -0.35, 0.1),
    ):
        canvas.disc(x + dx * radius, y + dy * radius, size * radius, shade, 0.55)


def _clouds(canvas: Canvas, mood: Mood, chance: Random, down: int) -> None:
    if mood.clouds <= 0 or down < 8:
        return
    width = canvas.width
    small = (max(32, width // 4), max(16, down // 4))
    wide = max(2, round(3 * width / max(1, down)))
    grain = noise(chance, small, (wide, 6), 5)
    # The more cloud there is, the lower the threshold over which the noise shows.
    edge = 168 - 78 * mood.clouds
    grain = grain.point([round(min(1.0, max(0.0, (value - edge) / 70)) ** 1.3 * 225) for value in range(256)])
    fade = gradient(
        small, ((0.0, (70, 70, 70)), (0.35, (255,) * 3), (0.8, (200,) * 3), (1.0, (40,) * 3))
    ).getchannel(0)
    stencil = Image.composite(grain, Image.new("L", small), fade).resize(
        (width, down), Image.Resampling.BICUBIC
    )
    under = mix(mood.cloud, mood.sky[2][1], 0.55)
    # A second, shifted coat gives the clouds a lit upper edge.
    canvas.stamp(stencil, (0, 0, width, down), under)
    lift = max(1, round(canvas.unit * 0.008))
    lit = Image.new("L", (width, down))
    lit.paste(stencil.crop((0, lift, width, down)), (0, 0))
    canvas.stamp(lit.point(lambda value: value * 0.7), (0, 0, width, down), mood.cloud)


def paint_aurora(canvas: Canvas, chance: Random, horizon: float) -> None:
    """Hang curtains of light in the sky."""
    width, down = canvas.width, round(canvas.height * horizon)
    layer = Image.new("L", (128, 64))
    for colour, share in (((96, 255, 178), 1.0), ((120, 130, 255), 0.65), ((255, 120, 210), 0.35)):
        layer.paste(0, (0, 0, 128, 64))
        shift, wave = chance.random() * 6, 1.5 + chance.random() * 2
        flicker = [chance.random() for _ in range(24)]
        for x in range(128):
            foot = 44 + 8 * math.sin(x / 128 * wave * math.pi + shift) + 5 * math.sin(x / 17 + shift * 2)
            place = x / 128 * 22
            part = place - int(place)
            strength = flicker[int(place)] * (1 - part) + flicker[int(place) + 1] * part
            for y in range(64):
                above = (foot - y) / 40
                if 0 <= above <= 1:
                    layer.putpixel((x, y), round(235 * share * strength * (1 - above) ** 1.4))
                elif -0.06 < above < 0:
                    layer.putpixel((x, y), round(235 * share * strength * (1 + above / 0.06)))
        soft = layer.filter(ImageFilter.GaussianBlur(1.2)).resize((width, down), Image.Resampling.BICUBIC)
        canvas.stamp(soft, (0, 0, width, down), colour)


def paint_rays(
    canvas: Canvas, x: float, y: float, colour: Colour, chance: Random, strength: float = 0.16
) -> None:
    """Let beams of light fan out downwards from a point."""
    small = Image.new("L", (canvas.width // 4 + 1, canvas.height // 4 + 1))
    draw = ImageDraw.Draw(small)
    reach = (canvas.width + canvas.height) / 4
    for _ in range(9):
        angle = math.pi / 2 + (chance.random() - 0.5) * 1.9
        spread = 0.02 + 0.05 * chance.random()
        ends = [
            (x / 4 + reach * math.cos(a), y / 4 + reach * math.sin(a))
            for a in (angle - spread, angle + spread)
        ]
        draw.polygon([(x / 4, y / 4), *ends], fill=round(255 * strength * (0.4 + 0.6 * chance.random())))
    soft = small.filter(ImageFilter.GaussianBlur(max(1.0, canvas.unit / 250)))
    fade = gradient(small.size, ((0.0, WHITE), (0.9, (0, 0, 0)), (1.0, (0, 0, 0)))).getchannel(0)
    stencil = Image.composite(soft, Image.new("L", small.size), fade)
    canvas.stamp(
        stencil.resize(canvas.image.size, Image.Resampling.BILINEAR), (0, 0, *canvas.image.size), colour
    )

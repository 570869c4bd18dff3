"""Ground: mountains, hills, dunes, mist and water."""

from __future__ import annotations

import math
from random import Random

from .canvas import Canvas, Mask, Point, gradient, ridge
from .colour import WHITE, Colour, lighter, mix
from .moods import Mood


def places(canvas: Canvas, step: float = 3.0) -> list[float]:
    """Return the x of points along the whole width, a few pixels apart."""
    many = max(24, min(420, round(canvas.width / step)))
    return [canvas.width * index / many for index in range(many + 1)]


def line_of_hills(
    canvas: Canvas,
    chance: Random,
    base: float,
    amplitude: float,
    features: float,
    *,
    sharp: bool = False,
    octaves: int = 5,
) -> list[Point]:
    """Return a skyline; base and amplitude are shares of the height, features the hills in a height."""
    xs = places(canvas)
    # Measured by the height, so that a wide picture has more hills, not wider ones.
    heights = ridge(chance, [x / canvas.height for x in xs], features, octaves, sharp=sharp)
    return [(x, canvas.height * (base - amplitude * height)) for x, height in zip(xs, heights, strict=True)]


def fill_below(
    canvas: Canvas, skyline: list[Point], top: Colour, bottom: Colour, until: float | None = None
) -> None:
    """Fill everything under a skyline with a gradient."""
    low = float(canvas.height) if until is None else until
    mask = canvas.mask(0, min(y for _, y in skyline) - 1, canvas.width, low)
    mask.polygon([*skyline, (canvas.width, low + 2), (0, low + 2)])
    canvas.fill(mask, ((0.0, top), (1.0, bottom)))


def paint_mountains(
    canvas: Canvas, mood: Mood, chance: Random, horizon: float, layers: int, *, snow: bool, tall: float = 1.0
) -> None:
    """Paint ranges behind each other, the far ones pale."""
    for index in range(layers):
        depth = index / max(1, layers - 1)
        amplitude = (0.21 - 0.1 * depth) * tall
        base = horizon - 0.13 * (1 - depth) * tall + 0.02 * depth
        skyline = line_of_hills(
            canvas, chance, base, amplitude, 1.5 + 1.4 * depth, sharp=index < 2 or layers < 3
        )
        colour = mix(mood.haze, mood.near, 0.16 + 0.62 * depth**1.2)
        fill_below(canvas, skyline, colour, mix(colour, mood.haze, 0.62), canvas.height * (horizon + 0.14))
        if snow and index < 2:
            _snow_caps(canvas, mood, chance, skyline, colour)


def _snow_caps(canvas: Canvas, mood: Mood, chance: Random, skyline: list[Point], rock: Colour) -> None:
    """Whiten what stands out, with a ragged lower edge."""
    ys = [y for _, y in skyline]
    top, bottom = min(ys), max(ys)
    line = top + (bottom - top) * 0.52
    jag = ridge(chance, [x / canvas.height for x, _ in skyline], 26, 3)
    mask = canvas.mask(0, top - 1, canvas.width, bottom)
    edge = []
    for (x, y), rough in zip(skyline, jag, strict=True):
        limit = line + rough * (bottom - top) * 0.17
        edge.append((x, max(y, min(limit, y + (bottom - top) * (0.28 + 0.12 * rough)) if y < limit else y)))
    mask.polygon([*skyline, *reversed(edge)])
    white = mix(mix(WHITE, mood.light, 0.35), mood.haze, 0.12)
    canvas.fill(mask, ((0.0, white), (1.0, mix(white, rock, 0.25))))
    # The side away from the light.
    shade = canvas.mask(0, top - 1, canvas.width, bottom)
    run: list[int] = []
    for index in range(1, len(skyline)):
        if ys[index] > ys[index - 1] + 0.02:
            run.append(index)
            continue
        _shade_run(shade, skyline, edge, run)
        run = []
    _shade_run(shade, skyline, edge, run)
    canvas.fill(shade, mix(white, rock, 0.6), 0.5)


def _shade_run(shade: Mask, skyline: list[Point], edge: list[Point], run: list[int]) -> None:
    """Add a facet: from its peak it widens downwards, and it closes where the skyline rises again."""
    if len(run) < 5:
        return
    start, width = skyline[run[0]][0], skyline[run[-1]][0] - skyline[run[0]][0]
    below = [edge[index] for index in run if start + width * 0.3 < skyline[index][0] < start + width * 0.86]
    shade.polygon([skyline[index] for index in run] + list(reversed(below)))


def paint_hills(
    canvas: Canvas,
    mood: Mood,
    chance: Random,
    horizon: float,
    layers: int,
    ground: Colour,
    *,
    steep: float = 1.0,
) -> list[list[Point]]:
    """Paint rolling hills from the horizon to the bottom, and return their outlines, the nearest last."""
    outlines = []
    for index in range(layers):
        depth = (index + 1) / layers
        base = horizon + (0.96 - horizon) * depth**1.25 * 0.82
        skyline = line_of_hills(
            canvas, chance, base, (0.03 + 0.035 * depth) * steep, 1.7 - 0.9 * depth, octaves=2
        )
        colour = mix(mix(mood.haze, ground, 0.3 + 0.7 * depth), mood.near, 0.1 * depth)
        fill_below(canvas, skyline, lighter(colour, 0.1), mix(colour, mood.near, 0.34 + 0.2 * depth))
        outlines.append(skyline)
    return outlines


def mound(canvas: Canvas, chance: Random, x: float, top: float, width: float) -> list[Point]:
    """Return the outline of a rise that a subject stands on; its middle is flat enough for feet."""
    xs = places(canvas, 5)
    rough = ridge(chance, [place / canvas.height for place in xs], 1.3, 3)
    points = []
    for place, bump in zip(xs, rough, strict=True):
        away = (place / canvas.width - x) * canvas.width / (width * canvas.unit)
        rise = 1 / (1 + away * away)
        y = canvas.height * (1 - (1 - top) * (0.5 + 0.5 * rise)) - bump * canvas.height * 0.02 * (1 - rise)
        points.append((place, y))
    return points


def height_at(skyline: list[Point], x: float) -> float:
    """Return the y of a skyline at an x."""
    nearest = min(range(len(skyline)), key=lambda index: abs(skyline[index][0] - x))
    return skyline[nearest][1]


def paint_mist(canvas: Canvas, y: float, thickness: float, colour: Colour, strength: float) -> None:
    """Lay a bank of mist across the picture; places are shares of the height."""
    top, bottom = round(canvas.height * (y - thickness)), round(canvas.height * (y + thickness))
    box = canvas.clipped(0, top, canvas.width, bottom)
    grey = round(255 * strength)
    ramp = gradient((1, bottom - top), ((0.0, (0, 0, 0)), (0.5, (grey,) * 3), (1.0, (0, 0, 0)))).getchannel(0)
    ramp = ramp.crop((0, box[1] - top, 1, box[3] - top)).resize((box[2] - box[0], box[3] - box[1]))
    canvas.stamp(ramp, box, colour)


def cliff(canvas: Canvas, chance: Random, x: float, top: float) -> list[Point]:
    """Return the outline of a headland that falls to the water on the side of the open sea."""
    xs = places(canvas, 4)
    rough = ridge(chance, [place / canvas.height for place in xs], 9, 4)
    side = 1 if x < 0.5 else -1
    points = []
    for place, bump in zip(xs, rough, strict=True):
        # How far out to sea, in units; the flat top ends a little beyond the subject.
        out = side * (place - x * canvas.width) / canvas.unit - 0.15
        fall = 1 / (1 + math.exp(-out * 17))
        points.append(
            (
                place,
                canvas.height
                * (
                    top
                    + 0.3 * fall
                    + 0.012 * bump * (0.5 + 2.2 * fall * (1 - fall) * 4)
                    - 0.05 * max(0.0, -out - 0.3)
                ),
            )
        )
    return points

"""Plants: conifers, round trees, trunks, grass, flowers, cacti."""

from __future__ import annotations

import math
from random import Random

from .canvas import Canvas, Mask, Point
from .colour import Colour, lighter, mix
from .land import height_at


def conifer(mask: Mask, chance: Random, x: float, foot: float, height: float, lean: float = 0.0) -> None:
    """Add a conifer: tiers of boughs with ragged ends."""
    tiers = 6 + int(chance.random() * 3)
    width = height * (0.2 + 0.06 * chance.random())
    left: list[Point] = []
    right: list[Point] = []
    for tier in range(tiers):
        share = (tier + 1) / tiers
        y = foot - height * (1 - share * 0.94)
        reach = width * share**0.9 * (0.86 + 0.28 * chance.random())
        drop = height * 0.05
        left += [(x - reach + lean * (1 - share), y + drop), (x - reach * 0.48 + lean * (1 - share), y)]
        reach = width * share**0.9 * (0.86 + 0.28 * chance.random())
        right += [(x + reach + lean * (1 - share), y + drop), (x + reach * 0.48 + lean * (1 - share), y)]
    mask.polygon([(x + lean, foot - height), *left, *reversed(right)])
    mask.rectangle(x - height * 0.014, foot - height * 0.08, x + height * 0.014, foot + height * 0.03)


def conifers(
    canvas: Canvas,
    chance: Random,
    skyline: list[Point],
    height: float,
    density: float,
    colour: Colour,
    gap: tuple[float, float] | None = None,
) -> None:
    """Plant a row of conifers along a skyline, except where a gap (shares of the width) is left.

    Args:
        canvas: The picture.
        chance: Where they stand.
        skyline: What they stand on.
        height: How tall they are, as a share of the unit.
        density: How many for each of their heights.
        colour: Their colour at the top; below they fade a little into the ground's.
        gap: Where none stands.
    """
    tall = height * canvas.unit
    top = min(y for _, y in skyline) - tall * 1.35
    bottom = max(y for _, y in skyline) + tall * 0.1
    mask = canvas.mask(0, top, canvas.width, bottom)
    count = max(3, round(canvas.width / tall * density))
    for index in range(count):
        x = canvas.width * (index + chance.random()) / count
        size = tall * (0.55 + 0.75 * chance.random() ** 1.5)
        share = x / canvas.width
        if gap is not None and gap[0] < share < gap[1]:
            continue
        conifer(mask, chance, x, height_at(skyline, x) + size * 0.02, size)
    canvas.fill(mask, colour)


def framing_conifers(
    canvas: Canvas,
    chance: Random,
    skyline: list[Point],
    colour: Colour,
    snow: Colour | None,
    clear: tuple[float, float],
) -> None:
    """Stand tall conifers at both edges of the picture, as near trees do, taller towards the edge.

    Args:
        canvas: The picture.
        chance: Where they stand.
        skyline: What they stand on.
        colour: Their colour.
        snow: The colour of snow on them, if there is any.
        clear: The part of the width, in shares, that stays free.
    """
    trees = []
    for left, right in ((-0.03, min(0.24, clear[0])), (max(0.76, clear[1]), 1.03)):
        room = right - left
        for index in range(max(0, round(room / 0.062))):
            share = left + room * (index + 0.2 + 0.6 * chance.random()) / max(1, round(room / 0.062))
            edge = 1 - min(1.0, min(share, 1 - share) / 0.26)
            trees.append(
                (share * canvas.width, canvas.unit * (0.13 + 0.3 * edge * (0.55 + 0.45 * chance.random())))
            )
    for x, tall in sorted(trees, key=lambda tree: tree[1]):
        foot = height_at(skyline, x) + canvas.unit * 0.02
        mask = canvas.mask(x - tall * 0.4, foot - tall * 1.05, x + tall * 0.4, foot + tall * 0.06)
        conifer(mask, chance, x, foot, tall)
        canvas.fill(mask, ((0.0, lighter(colour, 0.06)), (1.0, colour)))
        if snow is not None:
            pads = canvas.mask(x - tall * 0.4, foot - tall * 1.05, x + tall * 0.4, foot)
            _snow_pads(pads, chance, x, foot, tall)
            canvas.fill(pads, snow, 0.9)


def _snow_pads(mask: Mask, chance: Random, x: float, foot: float, height: float) -> None:
    """Add snow where a conifer's boughs carry it."""
    for tier in range(6):
        share = 0.2 + tier * 0.145
        y = foot - height * (1 - share * 0.94)
        reach = height * 0.21 * share
        for side in (-1, 1):
            px, wide = (
                x + side * reach * (0.42 + 0.25 * chance.random()),
                reach * (0.36 + 0.16 * chance.random()),
            )
            mask.polygon(
                [
                    (px - side * wide, y - wide * 0.5),
                    (px + side * wide, y + wide * 0.36),
                    (px + side * wide * 0.2, y + wide * 0.5),
                ]
            )
    mask.polygon(
        [
            (x, foot - height),
            (x + height * 0.022, foot - height * 0.93),
            (x - height * 0.022, foot - height * 0.93),
        ]
    )


def round_tree(
    canvas: Canvas,
    chance: Random,
    x: float,
    foot: float,
    height: float,
    trunk: Colour,
    crown: Colour,
    *,
    wide: float = 1.0,
) -> None:
    """Draw a tree with a crown of overlapping clumps, lit from above."""
    width = height * 0.42 * wide
    mask = canvas.mask(x - width * 1.6, foot - height * 1.3, x + width * 1.6, foot + height * 0.08)
    thick = height * 0.05
    mask.polygon(
        [
            (x - thick * 1.7, foot + height * 0.02),
            (x - thick * 0.7, foot - height * 0.14),
            (x - thick * 0.6, foot - height * 0.5),
            (x + thick * 0.6, foot - height * 0.5),
            (x + thick * 0.7, foot - height * 0.14),
            (x + thick * 1.7, foot + height * 0.02),
        ]
    )
    for side in (-1, 1):
        mask.line([(x, foot - height * 0.32), (x + side * width * 0.55, foot - height * 0.62)], thick * 0.7)
        mask.line([(x, foot - height * 0.42), (x + side * width * 0.25, foot - height * 0.78)], thick * 0.6)
    canvas.fill(mask, trunk)
    clumps = []
    for _ in range(26):
        angle, away = chance.random() * 2 * math.pi, math.sqrt(chance.random())
        cx = x + math.cos(angle) * away * width
        cy = foot - height * 0.7 + math.sin(angle) * away * height * 0.27
        clumps.append((cx, cy, height * (0.09 + 0.07 * chance.random())))
    for shade, lift, shrink in (
        (-0.22, 0.02, 1.06),
        (0.0, 0.0, 0.94),
        (0.16, -0.025, 0.66),
        (0.3, -0.045, 0.36),
    ):
        mask = canvas.mask(x - width * 1.6, foot - height * 1.3, x + width * 1.6, foot)
        for cx, cy, size in clumps:
            # The light comes from the upper left, so lit clumps shrink towards there.
            mask.ellipse(
                cx - size * (1 - shrink) * 0.35, cy + lift * height - size * (1 - shrink) * 0.3, size * shrink
            )
        canvas.fill(mask, lighter(crown, shade))


def trunks(
    canvas: Canvas, chance: Random, foot: float, width: float, count: int, colour: Colour, fade: Colour
) -> None:
    """Stand bare trunks across the whole height, as in a tall forest."""
    mask = canvas.mask(0, 0, canvas.width, canvas.height * foot + canvas.unit * 0.05)
    for index in range(count):
        x = canvas.width * (index + 0.15 + 0.7 * chance.random()) / count
        thick = canvas.unit * width * (0.6 + 0.8 * chance.random())
        base = canvas.height * foot + canvas.unit * 0.03 * (chance.random() - 0.3)
        bend = thick * (chance.random() - 0.5)
        mask.polygon(
            [
                (x - thick * 0.42 + bend, -5),
                (x + thick * 0.42 + bend, -5),
                (x + thick * 0.55, base - thick),
                (x + thick * 1.0, base + thick * 0.25),
                (x - thick * 1.0, base + thick * 0.25),
                (x - thick * 0.55, base - thick),
            ]
        )
        for _ in range(3):
            y = base * (0.08 + 0.5 * chance.random())
            side = 1 if chance.random() < 0.5 else -1
            reach = thick * (2 + 3 * chance.random())
            mask.line([(x, y), (x + side * reach, y - reach * 0.45)], max(1.0, thick * 0.16))
    canvas.fill(mask, ((0.0, mix(colour, fade, 0.25)), (0.6, colour), (1.0, mix(colour, fade, 0.3))))


def grass(
    canvas: Canvas,
    chance: Random,
    skyline: list[Point],
    height: float,
    colour: Colour,
    density: float = 1.0,
    depth: float = 0.0,
) -> None:
    """Let blades of grass stand along a skyline and, for some depth (a share of the unit), below it."""
    tall, depth = height * canvas.unit, depth * canvas.unit
    mask = canvas.mask(
        0, min(y for _, y in skyline) - tall * 1.4, canvas.width, max(y for _, y in skyline) + tall + depth
    )
    for _ in range(round(canvas.width / tall * 5 * density)):
        x = chance.random() * canvas.width
        y = height_at(skyline, x) + depth * chance.random()
        size = tall * (0.4 + 0.9 * chance.random())
        lean = size * (chance.random() - 0.5) * 0.8
        mask.polygon(
            [(x - size * 0.06, y + size * 0.2), (x + lean, y - size), (x + size * 0.06, y + size * 0.2)]
        )
    canvas.fill(mask, colour)


def flowers(canvas: Canvas, chance: Random, skyline: list[Point], colours: list[Colour], count: int) -> None:
    """Scatter flowers over the ground below a skyline, larger towards the bottom."""
    for colour in colours:
        mask = canvas.mask(0, min(y for _, y in skyline), canvas.width, canvas.height)
        hearts = canvas.mask(0, min(y for _, y in skyline), canvas.width, canvas.height)
        for _ in range(max(1, count // len(colours))):
            x, near = chance.random() * canvas.width, chance.random() ** 0.8
            ground = height_at(skyline, x)
            y = ground + near * (canvas.height - ground)
            size = canvas.unit * (0.003 + 0.007 * near)
            for petal in range(5):
                angle = petal * 2 * math.pi / 5 + x
                mask.ellipse(
                    x + math.cos(angle) * size * 0.8,
                    y + math.sin(angle) * size * 0.6,
                    size * 0.62,
                    size * 0.5,
                )
            hearts.ellipse(x, y, size * 0.45, size * 0.36)
        canvas.fill(mask, colour)
        canvas.fill(hearts, (250, 205, 90))

"""A tree, flowers, mushrooms; and a dragon, who likes them."""

from __future__ import annotations

import math

from ..colour import Colour, lighter, mix, rgb
from .pen import Pen, Spot

_CREAM = rgb("fff6e6")
_STEM = rgb("4d8a4a")


def tree(pen: Pen, coat: Colour | None) -> None:
    """Draw an old tree with a wide crown."""
    crown, bark = coat or rgb("5f9a4f"), rgb("5b3d2e")
    pen.blob([
        (38, 102, "c"), (43, 92), (44, 72), (38, 56, "c"), (46, 62), (49, 50, "c"), (54, 62),
        (63, 54, "c"), (57, 70), (57, 90), (64, 102, "c"), (54, 97), (50, 102, "c"), (46, 97)
    ], bark)  # fmt: skip
    pen.blob([(52, 60), (56, 72), (56, 90), (62, 101, "c"), (54, 96), (53, 80)], lighter(bark, -0.22))
    clumps = (
        (24, 44, 17), (76, 44, 17), (14, 52, 11), (87, 53, 11), (36, 28, 18), (64, 28, 18), (50, 17, 17),
        (50, 40, 22), (30, 56, 10), (70, 56, 10), (8, 42, 8), (93, 43, 8),
    )  # fmt: skip
    for shade, dx, dy, grow in (
        (-0.24, 1.5, 3.0, 1.0),
        (0.0, 0, 0, 0.96),
        (0.1, -3.0, -3.5, 0.72),
        (0.17, -5.0, -6.0, 0.36),
    ):
        for x, y, size in clumps:
            pen.oval(
                x + dx * size / 17, y + dy * size / 17, size * grow, size * grow * 0.92, lighter(crown, shade)
            )
    # Leaves that stand out from the clumps, placed by a fixed spiral.
    for index in range(64):
        angle, away = index * 2.39996, math.sqrt((index + 0.5) / 64)
        px, py = 50 + math.cos(angle) * away * 43, 38 + math.sin(angle) * away * 31
        tone = lighter(crown, (-0.1, 0.22, 0.36)[index % 3])
        pen.blob([(px - 1.8, py), (px, py - 1.1), (px + 1.8, py), (px, py + 1.1)], tone)


def flower(pen: Pen, coat: Colour | None) -> None:
    """Draw a bunch of three flowers."""
    main = coat or rgb("f2b134")
    for x, y, size, lean in ((24, 40, 13, -6), (77, 46, 12, 7), (50, 20, 17, 0)):
        pen.line([(50 + lean * 0.6, 101), (50 + (x - 50) * 0.55, 74), (x, y)], 2.4, _STEM)
        leaf = -1 if x < 50 else 1
        lx, ly = 50 + (x - 50) * 0.55, 76
        pen.blob(
            [(lx, ly, "c"), (lx + leaf * 7, ly - 7), (lx + leaf * 17, ly - 9, "c"), (lx + leaf * 11, ly)],
            lighter(_STEM, 0.12),
        )
        for ring, tone in ((1.0, lighter(main, -0.12)), (0.84, main)):
            for petal in range(14):
                angle = petal * math.tau / 14 + (0.22 if ring < 1 else 0)
                ux, uy = math.cos(angle), math.sin(angle)
                reach, wide = size * 1.25 * ring, size * 0.2
                pen.blob([
                    (x, y), (x + ux * reach * 0.55 - uy * wide, y + uy * reach * 0.55 + ux * wide),
                    (x + ux * reach, y + uy * reach, "c"),
                    (x + ux * reach * 0.55 + uy * wide, y + uy * reach * 0.55 - ux * wide)
                ], tone)  # fmt: skip
        pen.oval(x, y, size * 0.48, size * 0.48, rgb("6b4326"))
        pen.oval(x - size * 0.06, y - size * 0.06, size * 0.32, size * 0.32, rgb("8a5a34"))


def mushroom(pen: Pen, coat: Colour | None) -> None:
    """Draw toadstools."""
    cap = coat or rgb("d8402f")
    for x, foot, size in ((79, 100, 0.52), (22, 101, 0.42), (48, 100, 1.0)):

        def spot(
            dx: float, dy: float, x: float = x, foot: float = foot, size: float = size
        ) -> tuple[float, float]:
            return x + dx * size, foot + dy * size

        pen.blob(
            [
                (*spot(-9, -50), "c"),
                spot(-8, -24),
                spot(-12, -2),
                spot(0, 1.5),
                spot(12, -2),
                spot(8, -24),
                (*spot(9, -50), "c"),
            ],
            rgb("f3e6d3"),
        )
        pen.blob(
            [
                (*spot(2, -50), "c"),
                spot(3, -24),
                spot(2, 1),
                spot(12, -2),
                spot(8, -24),
                (*spot(9, -50), "c"),
            ],
            rgb("dccbb4"),
        )
        pen.blob([spot(-13, -42), spot(0, -37), spot(13, -42), spot(9, -48), spot(-9, -48)], rgb("e9d8c0"))
        pen.blob(
            [
                (*spot(-36, -47), "c"),
                spot(-31, -70),
                spot(-13, -88),
                spot(12, -89),
                spot(31, -71),
                (*spot(36, -47), "c"),
                spot(0, -42),
            ],
            cap,
        )
        pen.blob(
            [(*spot(10, -43.4), "c"), spot(18, -64), spot(12, -89), spot(31, -71), (*spot(36, -47), "c")],
            lighter(cap, -0.15),
        )
        for dx, dy, radius in (
            (-20, -62, 5),
            (0, -74, 6.4),
            (18, -60, 4.4),
            (-4, -54, 3.6),
            (-27, -51.5, 2.6),
            (17, -79, 3),
            (28, -54, 2.6),
            (-14, -80, 3),
        ):
            px, py = spot(dx, dy)
            pen.oval(px, py, radius * size, radius * size * 0.86, _CREAM)


def dragon(pen: Pen, coat: Colour | None) -> None:
    """Draw a young dragon that sits and tries out its fire."""
    scales = coat or rgb("4f9f7a")
    deep, belly = lighter(scales, -0.2), mix(scales, rgb("fbe9b0"), 0.75)
    pen.blob(
        [
            (60, 92),
            (84, 96),
            (100, 86),
            (103, 70),
            (96, 62, "c"),
            (112, 56, "c"),
            (112, 72, "c"),
            (106, 70),
            (108, 88),
            (92, 103),
            (60, 102),
        ],
        deep,
    )
    pen.blob(
        [
            (60, 56, "c"),
            (66, 30),
            (86, 10, "c"),
            (90, 26, "c"),
            (102, 28, "c"),
            (98, 40, "c"),
            (106, 48, "c"),
            (90, 54),
            (70, 64),
        ],
        mix(deep, rgb("d96a4f"), 0.55),
    )
    for tip in ((86, 10), (102, 28), (106, 48)):
        pen.line([(62, 57), tip], 1.6, deep)
    pen.blob(
        [(44, 44), (34, 60), (34, 84), (40, 100, "c"), (72, 100, "c"), (76, 86), (70, 62), (58, 46)], scales
    )
    pen.blob([(42, 50), (35, 64), (35, 84), (42, 99), (54, 99), (57, 80), (52, 60)], belly)
    for y in (62, 70, 78, 86, 93):
        pen.line([(36.5, y), (45, y + 2.2), (54.5, y)], 1, mix(belly, scales, 0.45))
    pen.oval(67, 89, 10, 10.5, lighter(scales, -0.08))
    for x in (40, 64):
        pen.blob([(x - 9, 101), (x - 8, 95), (x, 93), (x + 8, 96), (x + 9, 101)], lighter(scales, -0.08))
    pen.blob([(48, 62), (40, 72), (32, 70), (33, 66), (40, 65), (45, 57)], lighter(scales, -0.08))
    for side in ((46, 12, 52, -4), (56, 13, 65, -1)):
        pen.blob(
            [(side[0] - 3, 18), (side[0], side[1] - 2), (side[2], side[3], "c"), (side[0] + 4, 18)],
            rgb("f4e3c0"),
        )
    pen.blob(
        [(24, 32), (34, 26), (40, 16), (52, 12), (63, 20), (66, 34), (60, 46), (46, 48), (30, 46), (22, 40)],
        scales,
    )
    pen.blob([(23, 40), (34, 41), (46, 44), (46, 48), (30, 46)], belly)
    pen.oval(26, 34.5, 1.2, 1.2, deep)
    pen.oval(47, 27, 4.6, 5, rgb("f8d45c"))
    pen.oval(46, 27, 2.1, 4, rgb("2b2230"))
    pen.oval(45.2, 25.4, 0.9, 0.9, _CREAM)
    for x, y in ((64, 22), (68, 34), (67, 46)):
        pen.poly([(x - 1, y - 4), (x + 7, y - 3), (x - 1, y + 5)], rgb("d96a4f"))
    for reach, tone in ((1.0, "f2702e"), (0.7, "fbb040"), (0.42, "fff3c0")):
        tongue = ((0, 0), (-8, -5), (-24, -9), (-18, -3), (-32, 0), (-20, 3), (-25, 9), (-8, 4.5))
        flame: list[Spot] = []
        for index, (dx, dy) in enumerate(tongue):
            px, py = 22 + dx * reach, 40 + dy * reach
            flame.append((px, py) if index % 2 else (px, py, "c"))
        pen.blob(flame, rgb(tone))
    pen.lamp(8, 38, 14, 42, rgb("ffd27a"))

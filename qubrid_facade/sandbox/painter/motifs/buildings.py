"""Buildings."""

from __future__ import annotations

from ..colour import Colour, lighter, mix, rgb
from .pen import Pen

_STONE = rgb("d8d2c8")
_CREAM = rgb("fff6e6")
_WOOD = rgb("7a4f38")
_LIT = rgb("ffd98a")
_GREEN = rgb("4f7a4d")


def house(pen: Pen, coat: Colour | None) -> None:
    """Draw a cottage with lit windows and a smoking chimney."""
    wall, roof = _CREAM, coat or rgb("b9483a")
    for x, y, size in ((72.0, 16, 3.4), (76, 8, 4.4), (82, -2, 5.6), (89, -12, 6.6)):
        pen.oval(x, y, size, size * 0.86, rgb("eef0f2"))
    pen.box(66, 22, 75, 48, rgb("9a5a46"))
    pen.box(64.5, 20, 76.5, 25, rgb("7f4838"))
    pen.poly([(20, 56), (80, 56), (80, 100), (20, 100)], wall)
    pen.poly([(50, 56), (80, 56), (80, 100), (50, 100)], mix(wall, rgb("d9c5ad"), 0.45))
    pen.poly([(50, 24), (88, 60), (12, 60)], roof)
    pen.poly([(50, 24), (88, 60), (50, 60)], lighter(roof, -0.16))
    pen.poly([(50, 21), (91, 60), (86, 60), (50, 26), (14, 60), (9, 60)], lighter(roof, -0.34))
    pen.box(43, 74, 57, 100, _WOOD, 2)
    pen.oval(54, 88, 1.1, 1.1, _LIT)
    for x in (25.5, 62.5):
        pen.box(x - 1.4, 68.6, x + 13.4, 83.4, _WOOD, 0.8)
        pen.lamp(x, 70, x + 12, 82, _LIT)
        pen.box(x + 5.4, 70, x + 6.6, 82, _WOOD)
        pen.box(x, 75.4, x + 12, 76.6, _WOOD)
    pen.lamp(46, 42, 54, 50, _LIT)
    pen.box(49.5, 42, 50.5, 50, _WOOD)
    for x, size in ((18, 5), (25, 6.4), (33, 4.6), (67, 4.6), (75, 6.2), (83, 5)):
        pen.oval(x, 98, size, size * 0.86, _GREEN)


def lighthouse(pen: Pen, coat: Colour | None) -> None:
    """Draw a lighthouse with bands."""
    band, rock = coat or rgb("cf4437"), rgb("5a5560")
    pen.blob([(8, 104), (16, 93), (28, 90), (36, 84), (64, 84), (72, 88), (86, 92), (93, 104)], rock)
    pen.blob([(22, 104), (34, 93), (46, 90), (60, 93), (70, 104)], lighter(rock, 0.1))
    left, right = 38.0, 62.0
    for index in range(6):
        top, bottom = 12 + index * 12.4, 12 + (index + 1) * 12.4
        a, b = index * 1.05, (index + 1) * 1.05
        tone = _CREAM if index % 2 else band
        pen.poly(
            [(left + 5 - a, top), (right - 5 + a, top), (right - 5 + b, bottom), (left + 5 - b, bottom)], tone
        )
        pen.poly(
            [(50, top), (right - 5 + a, top), (right - 5 + b, bottom), (50, bottom)], lighter(tone, -0.13)
        )
    pen.box(47, 74, 53, 86.4, _WOOD, 2.6)
    for y in (30, 52):
        pen.lamp(48.4, y, 51.6, y + 5, _LIT)
    pen.box(37, 9, 63, 13, rgb("3a3642"), 1)
    pen.box(40, 4.6, 41, 9, rgb("3a3642"))
    pen.box(59, 4.6, 60, 9, rgb("3a3642"))
    pen.box(38.6, 4.4, 61.4, 5.4, rgb("3a3642"))
    pen.lamp(43.5, -6, 56.5, 9, rgb("fff1b8"))
    for x in (43.5, 49.6, 55.8):
        pen.box(x - 0.4, -6, x + 0.6, 9, rgb("3a3642"))
    pen.blob([(40.5, -5, "c"), (43, -11), (50, -15), (57, -11), (59.5, -5, "c")], band)
    pen.box(49.4, -20, 50.6, -13, rgb("3a3642"))


def castle(pen: Pen, coat: Colour | None) -> None:
    """Draw a castle of slender towers."""
    wall = rgb("d5cdd6")
    roof = coat or rgb("5a6fae")
    for x, top, wide in ((22, 40, 11), (78, 44, 11), (38, 22, 10), (62, 28, 10), (50, 4, 12)):
        pen.box(x - wide / 2, top, x + wide / 2, 100, wall)
        pen.box(x, top, x + wide / 2, 100, lighter(wall, -0.12))
        pen.box(x - wide / 2 - 1.2, top - 1.5, x + wide / 2 + 1.2, top + 2.5, lighter(wall, -0.2))
        pen.poly([(x - wide / 2 - 2.2, top - 1), (x + wide / 2 + 2.2, top - 1), (x, top - wide * 1.75)], roof)
        pen.poly([(x, top - 1), (x + wide / 2 + 2.2, top - 1), (x, top - wide * 1.75)], lighter(roof, -0.2))
        flag = top - wide * 1.75
        pen.box(x - 0.4, flag - 6, x + 0.4, flag + 1, rgb("4a4452"))
        pen.poly([(x + 0.4, flag - 6), (x + 6.5, flag - 4), (x + 0.4, flag - 2)], rgb("e0574a"))
        pen.lamp(x - 1.4, top + 8, x + 1.4, top + 14, _LIT)
    pen.box(16, 70, 84, 100, lighter(wall, 0.1))
    for x in range(16, 84, 8):
        pen.box(x, 65.5, x + 4.6, 71, lighter(wall, 0.1))
    pen.blob([(42, 100, "c"), (42, 86), (50, 78), (58, 86), (58, 100, "c")], rgb("55402f"))
    for x in (27, 34, 66, 73):
        pen.lamp(x - 1.2, 80, x + 1.2, 87, _LIT)


def windmill(pen: Pen, coat: Colour | None) -> None:
    """Draw a windmill."""
    wall, cap = _CREAM, coat or rgb("a9483c")
    pen.poly([(37, 36), (63, 36), (70, 100), (30, 100)], wall)
    pen.poly([(50, 36), (63, 36), (70, 100), (50, 100)], mix(wall, rgb("cbb79d"), 0.5))
    pen.blob([(33, 38, "c"), (37, 24), (50, 17), (63, 24), (67, 38, "c")], cap)
    pen.box(44.5, 80, 55.5, 100, _WOOD, 2)
    pen.lamp(47, 54, 53, 62, _LIT)
    frame = rgb("5b4437")
    for dx, dy in ((0.80, -0.60), (0.60, 0.80), (-0.80, 0.60), (-0.60, -0.80)):
        nx, ny = -dy, dx
        pen.poly([
            (50 + dx * 8, 30 + dy * 8), (50 + dx * 44, 30 + dy * 44),
            (50 + dx * 44 + nx * 11, 30 + dy * 44 + ny * 11), (50 + dx * 8 + nx * 9, 30 + dy * 8 + ny * 9)
        ], rgb("f3e7d0"))  # fmt: skip
        for step in range(1, 6):
            reach = 8 + step * 6
            pen.line(
                [
                    (50 + dx * reach, 30 + dy * reach),
                    (50 + dx * reach + nx * 9.6, 30 + dy * reach + ny * 9.6),
                ],
                0.9,
                frame,
            )
        pen.line([(50, 30), (50 + dx * 46, 30 + dy * 46)], 2, frame)
    pen.oval(50, 30, 3.6, 3.6, frame)


def tent(pen: Pen, coat: Colour | None) -> None:
    """Draw a tent that is lit from inside, and a fire before it."""
    cloth = coat or rgb("e08a3c")
    pen.poly([(44, 44), (86, 100), (96, 100), (56, 44)], lighter(cloth, -0.3))
    pen.poly([(44, 44), (86, 100), (8, 100)], cloth)
    pen.poly([(44, 44), (86, 100), (62, 100)], lighter(cloth, -0.12))
    pen.poly([(44, 52), (56, 100), (30, 100)], rgb("ffe2a0"))
    pen.poly([(44, 52), (44, 74), (36, 100), (30, 100)], lighter(cloth, 0.15))
    pen.lamp(42, 84, 46, 99, rgb("fff0c4"))
    pen.line([(44, 42), (44, 48)], 1.4, _WOOD)
    fire = ((102, 90, 5.4, 10, "f0642e"), (102, 93, 3.6, 7, "f9a63c"), (102, 95.6, 2, 4, "fff0b0"))
    for x, y, rx, ry, tone in fire:
        pen.blob([
            (x - rx, y + ry * 0.4), (x - rx * 0.4, y - ry * 0.6), (x, y - ry * 1.5, "c"),
            (x + rx * 0.55, y - ry * 0.5), (x + rx, y + ry * 0.4), (x, y + ry)
        ], rgb(tone))  # fmt: skip
    pen.lamp(101, 92, 103, 97, rgb("ffd27a"))
    pen.line([(95, 100), (109, 97)], 2.4, rgb("4b3328"))
    pen.line([(95, 97), (109, 100)], 2.4, rgb("5b3f30"))

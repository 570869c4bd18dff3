"""Animals that sit and look at us."""

from __future__ import annotations

from ..colour import Colour, lighter, mix, rgb
from .pen import Pen

_INK = rgb("2b2230")
_CREAM = rgb("fff4e4")


def _eyes(pen: Pen, left: float, right: float, y: float, size: float = 2.6) -> None:
    for x in (left, right):
        pen.oval(x, y, size, size * 1.12, _INK)
        pen.oval(x - size * 0.3, y - size * 0.42, size * 0.34, size * 0.34, _CREAM)


def _sitting(pen: Pen, coat: Colour, chest: Colour, paws: Colour, *, broad: float = 1.0) -> None:
    """Draw a body that sits and looks at us, up to the neck."""
    wide = 19 * broad
    pen.blob([
        (50 - wide * 0.7, 58), (50 - wide, 76), (50 - wide * 1.25, 92), (50 - wide * 1.05, 100),
        (50 + wide * 1.05, 100), (50 + wide * 1.25, 92), (50 + wide, 76), (50 + wide * 0.7, 58)
    ], coat)  # fmt: skip
    for side in (-1, 1):
        pen.oval(50 + side * wide * 0.98, 91, wide * 0.42, 9.5, lighter(coat, -0.06))
        pen.oval(50 + side * wide * 1.0, 98, wide * 0.5, 3.4, paws)
    pen.blob([(41, 57), (37.5, 68), (43, 82), (50, 88), (57, 82), (62.5, 68), (59, 57)], chest)
    for side in (-1, 1):
        pen.blob([
            (50 + side * 1, 76), (50 + side * 2, 97), (50 + side * 4, 100.5), (50 + side * 10, 100.5),
            (50 + side * 11.5, 97), (50 + side * 10, 82), (50 + side * 8, 74)
        ], coat)  # fmt: skip
        pen.blob([
            (50 + side * 1.6, 91), (50 + side * 2, 98), (50 + side * 4, 100.8), (50 + side * 10, 100.8),
            (50 + side * 12, 98), (50 + side * 11, 91), (50 + side * 6, 89.5)
        ], paws)  # fmt: skip


def fox(pen: Pen, coat: Colour | None) -> None:
    """Draw a fox that sits, its tail around it."""
    fur = coat or rgb("e2682a")
    deep, dark = lighter(fur, -0.14), mix(fur, rgb("3a1f1c"), 0.82)
    pen.blob(
        [
            (62, 97),
            (80, 99),
            (96, 88),
            (101, 68),
            (95, 50),
            (88, 44, "c"),
            (84, 54),
            (82, 68),
            (74, 80),
            (60, 88),
        ],
        deep,
    )
    pen.blob(
        [(101, 68), (98.5, 57), (95, 50), (88, 44, "c"), (84, 54), (83.4, 62), (88, 60), (91, 66), (95, 63)],
        _CREAM,
    )
    _sitting(pen, fur, _CREAM, dark)
    for side in (-1, 1):
        pen.blob(
            [(50 + side * 26, 33), (50 + side * 25, 3, "c"), (50 + side * 16, 8), (50 + side * 5, 22)], fur
        )
        pen.blob(
            [(50 + side * 23, 27), (50 + side * 23.5, 9, "c"), (50 + side * 18, 13), (50 + side * 10, 23)],
            dark,
        )
        pen.blob(
            [
                (50 + side * 20.5, 27),
                (50 + side * 20.5, 15, "c"),
                (50 + side * 16.5, 18),
                (50 + side * 12, 25),
            ],
            mix(fur, _CREAM, 0.75),
        )
    pen.blob([
        (50, 19), (66, 22), (75, 33), (83, 45, "c"), (70, 53), (58, 60), (50, 64), (42, 60), (30, 53),
        (17, 45, "c"), (25, 33), (34, 22)
    ], fur)  # fmt: skip
    for side in (-1, 1):
        pen.blob([
            (50 + side * 33, 45, "c"), (50 + side * 20, 42), (50 + side * 9, 44), (50 + side * 4.5, 54),
            (50, 57, "c"), (50, 64, "c"), (50 + side * 8, 60), (50 + side * 20, 53)
        ], _CREAM)  # fmt: skip
    pen.oval(50, 59.5, 3.9, 2.9, _INK)
    pen.oval(49, 58.6, 1.1, 0.7, rgb("8d8296"))
    _eyes(pen, 38, 62, 40.5, 2.8)


def cat(pen: Pen, coat: Colour | None) -> None:
    """Draw a cat that sits, its tail raised."""
    fur = coat or rgb("7d7f92")
    deep, pale = lighter(fur, -0.18), mix(fur, _CREAM, 0.78)
    pen.line([(66, 94), (84, 92), (89, 78), (82, 66), (86, 54), (93, 52)], 8, deep)
    _sitting(pen, fur, pale, pale)
    for side in (-1, 1):
        pen.blob(
            [(50 + side * 27, 36), (50 + side * 26, 9, "c"), (50 + side * 17, 14), (50 + side * 7, 24)], fur
        )
        pen.blob(
            [(50 + side * 23.5, 29), (50 + side * 23.5, 15, "c"), (50 + side * 18, 18), (50 + side * 12, 25)],
            rgb("f0a9a4"),
        )
    pen.blob(
        [
            (50, 21),
            (68, 24),
            (78, 39),
            (74, 54),
            (62, 62),
            (50, 63.5),
            (38, 62),
            (26, 54),
            (22, 39),
            (32, 24),
        ],
        fur,
    )
    for x in (-6.0, 0.0, 6.0):
        pen.blob(
            [(50 + x - 1.7, 21.5, "c"), (50 + x + 1.7, 21.5, "c"), (50 + x * 0.9, 31 - abs(x) * 0.4, "c")],
            deep,
        )
    for side in (-1, 1):
        pen.blob([(50 + side * 27.5, 44), (50 + side * 20, 45.5), (50 + side * 27, 47.5)], deep)
        pen.oval(50 + side * 5.8, 55.5, 7.2, 5.6, pale)
        for lift in (-1.5, 1.5):
            pen.line([(50 + side * 12, 55 + lift * 0.6), (50 + side * 31, 54 + lift * 2.2)], 0.7, pale)
    for x in (37.5, 62.5):
        pen.oval(x, 43, 5, 5.4, rgb("f3d774"))
        pen.oval(x, 43, 2.5, 4.9, _INK)
        pen.oval(x - 1.2, 41, 1.1, 1.1, _CREAM)
    pen.blob([(47.2, 51), (52.8, 51), (50, 54, "c")], rgb("e88a86"))


def dog(pen: Pen, coat: Colour | None) -> None:
    """Draw a dog with hanging ears, pleased to see us."""
    fur = coat or rgb("d69a58")
    deep = lighter(fur, -0.3)
    pen.line([(66, 92), (80, 86), (88, 72)], 7.5, fur)
    _sitting(pen, fur, _CREAM, _CREAM)
    pen.blob(
        [(50, 18), (66, 21), (75, 36), (71, 52), (61, 61), (50, 64), (39, 61), (29, 52), (25, 36), (34, 21)],
        fur,
    )
    pen.blob(
        [
            (50, 20),
            (54, 30),
            (56, 42),
            (66, 49),
            (62, 60),
            (50, 64.5),
            (38, 60),
            (34, 49),
            (44, 42),
            (46, 30),
        ],
        _CREAM,
    )
    for side in (-1, 1):
        pen.blob(
            [
                (50 + side * 16, 19),
                (50 + side * 27, 22),
                (50 + side * 33, 38),
                (50 + side * 30, 54),
                (50 + side * 23, 50),
                (50 + side * 21, 36),
            ],
            deep,
        )
    pen.blob([(46, 60), (54, 60), (53.5, 68), (50, 70.5), (46.5, 68)], rgb("ee7f86"))
    pen.blob([(44, 49.5), (50, 47.5), (56, 49.5), (53, 54), (50, 55.5), (47, 54)], _INK)
    pen.line([(50, 55), (50, 58), (46, 61), (41, 59)], 1.1, _INK)
    pen.line([(50, 58), (54, 61), (59, 59)], 1.1, _INK)
    _eyes(pen, 38.5, 61.5, 40, 3)


def bear(pen: Pen, coat: Colour | None) -> None:
    """Draw a round bear."""
    fur = coat or rgb("8a5d3f")
    pale = mix(fur, _CREAM, 0.55)
    _sitting(pen, fur, pale, lighter(fur, -0.25), broad=1.25)
    for side in (-1, 1):
        pen.oval(50 + side * 21, 22, 9.5, 9.5, fur)
        pen.oval(50 + side * 21, 22.5, 5.4, 5.4, pale)
    pen.blob(
        [
            (50, 17),
            (68, 22),
            (77, 40),
            (71, 56),
            (60, 63),
            (50, 64.5),
            (40, 63),
            (29, 56),
            (23, 40),
            (32, 22),
        ],
        fur,
    )
    pen.oval(50, 52, 12.5, 10.5, pale)
    pen.blob([(45, 46.5), (50, 45), (55, 46.5), (52.5, 50.5), (50, 51.5), (47.5, 50.5)], _INK)
    pen.line([(50, 51), (50, 55), (46, 57.5), (43, 56)], 1.1, _INK)
    pen.line([(50, 55), (54, 57.5), (57, 56)], 1.1, _INK)
    _eyes(pen, 37, 63, 39.5, 2.7)


def rabbit(pen: Pen, coat: Colour | None) -> None:
    """Draw a rabbit with one ear bent."""
    fur = coat or rgb("d9cbbb")
    pale = mix(fur, _CREAM, 0.75)
    pen.oval(71, 90, 7.5, 7, _CREAM)
    _sitting(pen, fur, pale, pale, broad=0.95)
    pink = rgb("f2b8b5")
    pen.blob([(36, 34), (31, 14), (32, -6), (38, -12), (44, -4), (46, 14), (46, 32)], fur)
    pen.blob([(38, 28), (35, 12), (36, -2), (38.5, -6), (41, 0), (42, 14), (42, 28)], pink)
    pen.blob([(54, 32), (56, 14), (62, 0), (72, -4), (82, 6), (80, 17), (73, 11), (68, 12), (65, 34)], fur)
    pen.blob([(58, 28), (60, 14), (65, 4), (71, 2), (68, 9), (63, 13), (62, 28)], pink)
    pen.blob(
        [(50, 26), (64, 29), (72, 42), (69, 54), (60, 61), (50, 63), (40, 61), (31, 54), (28, 42), (36, 29)],
        fur,
    )
    for side in (-1, 1):
        pen.oval(50 + side * 5, 54.5, 6.4, 5.2, pale)
        pen.oval(50 + side * 16, 51, 3.6, 2.2, mix(fur, pink, 0.7))
    pen.blob([(47.5, 49), (52.5, 49), (50, 52, "c")], rgb("d9827f"))
    pen.box(47.6, 56.5, 52.4, 60.5, _CREAM, 1)
    _eyes(pen, 38.5, 61.5, 43.5, 2.9)

"""Animals that do not sit: birds, a stag, and what swims or flutters."""

from __future__ import annotations

from ..colour import Colour, lighter, mix, rgb
from .pen import Pen

_INK = rgb("2b2230")
_CREAM = rgb("fff4e4")


def owl(pen: Pen, coat: Colour | None) -> None:
    """Draw an owl on a branch."""
    fur = coat or rgb("8b6a4f")
    deep, pale = lighter(fur, -0.25), mix(fur, _CREAM, 0.7)
    pen.line([(4, 96), (30, 93), (70, 95), (98, 90)], 5, rgb("4d372d"))
    pen.blob(
        [(50, 20), (70, 24), (77, 44), (76, 70), (66, 90), (50, 95), (34, 90), (24, 70), (23, 44), (30, 24)],
        fur,
    )
    for side in (-1, 1):
        pen.blob(
            [(50 + side * 25, 32), (50 + side * 25, 11, "c"), (50 + side * 16, 17), (50 + side * 8, 24)], fur
        )
        pen.blob(
            [
                (50 + side * 24, 46),
                (50 + side * 31, 62),
                (50 + side * 28, 80),
                (50 + side * 20, 90),
                (50 + side * 17, 68),
            ],
            deep,
        )
    pen.blob([(50, 50), (64, 56), (67, 72), (60, 86), (50, 90), (40, 86), (33, 72), (36, 56)], pale)
    for row, y in enumerate((64, 71, 78, 84)):
        for x in range(-2 + row % 2, 3 - row % 2 + row % 2):
            cx = 50 + x * 7 + (3.5 if row % 2 else 0)
            if abs(cx - 50) < 14 - row:
                pen.blob([(cx - 2, y), (cx, y + 2.6), (cx + 2, y)], mix(fur, pale, 0.3))
    for side in (-1, 1):
        pen.oval(50 + side * 11, 40, 12.5, 12.5, pale)
        pen.oval(50 + side * 10.5, 40, 8, 8, rgb("f2b63d"))
        pen.oval(50 + side * 10, 40, 4.6, 4.9, _INK)
        pen.oval(50 + side * 10 - 1.6, 38, 1.6, 1.6, _CREAM)
        for toe in (-3, 0, 3):
            pen.oval(50 + side * 9 + toe, 94, 1.7, 3, rgb("e0a13a"))
    pen.blob([(46.5, 45), (53.5, 45), (50, 54, "c")], rgb("e0a13a"))


def deer(pen: Pen, coat: Colour | None) -> None:
    """Draw a stag in profile."""
    fur = coat or rgb("a4683c")
    deep, horn = lighter(fur, -0.22), rgb("e8d5b5")
    for x, shade in ((36, deep), (66, deep), (41, fur), (72, fur)):
        pen.blob(
            [
                (x - 3.6, 62),
                (x - 2.2, 82),
                (x - 1.7, 98, "c"),
                (x + 1.9, 98, "c"),
                (x + 1.7, 82),
                (x + 3.8, 62),
            ],
            shade,
        )
        pen.poly([(x - 2, 96), (x + 2.2, 96), (x + 2.8, 100), (x - 2.4, 100)], rgb("3a2a26"))
    pen.blob(
        [
            (31, 46),
            (27, 30),
            (29, 22),
            (38, 26),
            (46, 44),
            (66, 46),
            (77, 52),
            (78, 62),
            (70, 68),
            (52, 67),
            (38, 69),
            (31, 62),
        ],
        fur,
    )
    pen.blob([(77, 50), (83, 50), (80, 58), (76, 58)], _CREAM)
    pen.blob([(36, 66), (52, 64), (68, 65.5), (60, 69), (46, 69)], _CREAM)
    pen.blob(
        [(30, 16), (37, 19), (38, 26), (33, 32), (24, 34), (14, 34), (12.5, 30.5), (20, 26), (25, 19)], fur
    )
    pen.oval(13.6, 31.4, 2, 1.7, _INK)
    pen.oval(26.2, 24, 1.6, 1.7, _INK)
    pen.blob([(35, 19), (45, 13), (47, 16), (38, 24)], deep)
    for shift, shade in ((4, lighter(horn, -0.16)), (0, horn)):
        pen.line([(32 + shift, 17), (33 + shift, 6), (42 + shift, -3), (42 + shift, -14)], 2.1, shade)
        pen.line([(33 + shift, 8), (24 + shift, 2), (23 + shift, -8)], 1.9, shade)
        pen.line([(38 + shift, 1), (48 + shift, -3), (51 + shift, -10)], 1.7, shade)
    for x, y in ((55, 51), (62, 54), (68, 52), (58, 57), (66, 58)):
        pen.oval(x, y, 1.1, 1.1, mix(fur, _CREAM, 0.6))


def bird(pen: Pen, coat: Colour | None) -> None:
    """Draw a plump little bird on a branch."""
    back = coat or rgb("6f7f95")
    breast = rgb("ea6a3b") if coat is None else mix(coat, _CREAM, 0.55)
    pen.line([(2, 97), (34, 93), (72, 96), (99, 89)], 4.4, rgb("4d372d"))
    pen.line([(72, 95), (82, 88), (90, 86)], 2, rgb("4d372d"))
    pen.blob([(70, 66), (86, 74), (98, 83, "c"), (93, 88, "c"), (78, 82), (64, 76)], lighter(back, -0.2))
    pen.blob(
        [
            (31, 34),
            (42, 25),
            (55, 29),
            (62, 42),
            (74, 58),
            (76, 74),
            (66, 87),
            (48, 91),
            (33, 83),
            (26, 66),
            (27, 48),
        ],
        back,
    )
    pen.blob([(27, 46), (33, 41), (42, 47), (48, 62), (55, 80), (48, 91), (33, 83), (26, 66)], breast)
    pen.blob([(35, 84), (48, 82), (57, 86), (48, 91), (38, 88)], _CREAM)
    pen.blob([(52, 50), (66, 54), (78, 70), (82, 79, "c"), (66, 78), (54, 68)], lighter(back, -0.14))
    pen.blob([(28, 40, "c"), (16, 43.5, "c"), (28, 47, "c")], rgb("f0b048"))
    pen.oval(38, 38.5, 2.7, 2.9, _INK)
    pen.oval(37.1, 37.4, 0.9, 0.9, _CREAM)
    for x in (44, 53):
        pen.line([(x, 89), (x - 0.5, 95)], 1.3, rgb("8a5b3a"))


def whale(pen: Pen, coat: Colour | None) -> None:
    """Draw a whale that blows."""
    back = coat or rgb("3f6c97")
    pen.blob([
        (6, 66), (12, 50), (32, 40), (56, 44), (74, 58), (84, 62), (90, 50), (84, 38, "c"), (95, 40),
        (99, 47, "c"), (108, 42), (112, 46, "c"), (104, 56), (96, 70), (82, 82), (56, 92), (26, 90),
        (10, 80)
    ], back)  # fmt: skip
    pen.blob([(7, 72), (22, 76), (44, 80), (64, 84), (50, 92), (26, 90), (11, 81)], mix(back, _CREAM, 0.82))
    for y in (80, 83.5, 87):
        pen.line([(12 + (y - 80), y), (30, y + 2.2), (48, y + 3.2)], 0.8, mix(back, _CREAM, 0.5))
    pen.blob([(36, 78), (46, 80), (48, 92), (40, 97, "c"), (36, 88)], lighter(back, -0.18))
    pen.oval(19, 66, 2.2, 2.4, _INK)
    pen.oval(18.4, 65.2, 0.8, 0.8, _CREAM)
    spray = rgb("e8f6fb")
    for end in ((14, 8), (24, 2), (36, 3), (45, 10)):
        pen.line([(30, 38), (30 + (end[0] - 30) * 0.35, 16), end], 2, spray)
    for x, y in ((9, 14), (20, -4), (41, -3), (50, 16)):
        pen.oval(x, y, 1.6, 2.1, spray)


def fish(pen: Pen, coat: Colour | None) -> None:
    """Draw a striped fish."""
    scales = coat or rgb("f28a3a")
    deep = lighter(scales, -0.16)
    pen.blob([(76, 52), (96, 34), (99, 44), (93, 54), (99, 64), (96, 74)], deep)
    pen.blob([(38, 36), (52, 20), (66, 24), (72, 40)], deep)
    pen.blob([(44, 70), (50, 84), (60, 82), (64, 68)], deep)
    pen.blob([(8, 54), (22, 40), (44, 33), (66, 40), (82, 53), (66, 66), (44, 73), (22, 67)], scales)
    for x, top, bottom in ((31, 37, 70), (56, 36, 71)):
        pen.blob(
            [
                (x - 2, top, "c"),
                (x + 5, top - 0.5, "c"),
                (x + 2, 54),
                (x + 5, bottom, "c"),
                (x - 2, bottom + 0.5, "c"),
                (x - 4, 54),
            ],
            _CREAM,
        )
    pen.blob([(38, 54), (48, 52), (52, 60), (46, 64)], lighter(scales, 0.22))
    pen.oval(20, 49, 4.4, 4.6, _CREAM)
    pen.oval(19.4, 49, 2.4, 2.6, _INK)
    pen.line([(9, 57), (13, 59), (17, 58.5)], 0.9, deep)


def butterfly(pen: Pen, coat: Colour | None) -> None:
    """Draw a butterfly with open wings."""
    wing = coat or rgb("f08a3c")
    edge = rgb("3a2740")
    for side in (-1, 1):
        for grow, shade in ((1.0, edge), (0.82, wing)):
            upper = [(2, 52), (14, 22), (34, 10), (46, 18), (42, 40), (22, 54)]
            lower = [(2, 55), (24, 57), (36, 68), (30, 86), (14, 82), (3, 64)]
            for outline in (upper, lower):
                cx = sum(x for x, _ in outline) / len(outline)
                cy = sum(y for _, y in outline) / len(outline)
                pen.blob(
                    [(50 + side * (cx + (x - cx) * grow), cy + (y - cy) * grow) for x, y in outline], shade
                )
        for x, y, size in ((40, 17, 2), (43, 25, 1.6), (31, 78, 1.8), (34, 70, 1.4)):
            pen.oval(50 + side * x, y, size, size, _CREAM)
        pen.oval(50 + side * 27, 32, 5, 7, lighter(wing, 0.3))
        pen.line([(50, 44), (50 + side * 5, 32), (50 + side * 11, 27)], 1.1, edge)
    pen.blob([(50, 42), (52.4, 56), (50, 78), (47.6, 56)], edge)

"""Things that people make: boats, balloons, rockets, robots, cups, cars."""

from __future__ import annotations

from ..colour import Colour, lighter, mix, rgb
from .pen import Pen, smooth

_INK = rgb("2b2838")
_CREAM = rgb("fff6e6")
_WOOD = rgb("8a5a3c")
_LIT = rgb("ffd98a")


def boat(pen: Pen, coat: Colour | None) -> None:
    """Draw a sailing boat."""
    sail = coat or _CREAM
    pen.box(47.6, 6, 49.6, 84, rgb("5d4334"))
    pen.blob([(46, 9, "c"), (38, 34), (20, 74, "c"), (36, 71), (46, 74, "c")], mix(sail, rgb("d9c6b4"), 0.45))
    pen.blob([(51, 12, "c"), (64, 36), (82, 72, "c"), (66, 70), (51, 74, "c")], sail)
    pen.blob(
        [(51, 44, "c"), (60, 41), (68.5, 44, "c"), (75, 57, "c"), (62, 54), (51, 57, "c")],
        rgb("d9584a") if coat is None else _CREAM,
    )
    pen.poly([(49.6, 6), (60, 9), (49.6, 12)], rgb("d9584a"))
    pen.blob(
        [(12, 79, "c"), (50, 83), (90, 77, "c"), (82, 92), (74, 99, "c"), (27, 99, "c"), (19, 92)], _WOOD
    )
    pen.blob([(12, 79, "c"), (50, 83), (90, 77, "c"), (88, 82, "c"), (50, 88), (14, 84, "c")], _CREAM)


def balloon(pen: Pen, coat: Colour | None) -> None:
    """Draw a hot-air balloon."""
    main = coat or rgb("e4572e")
    tones = (
        main,
        rgb("f6c667"),
        lighter(main, -0.12),
        rgb("fff1d6"),
        lighter(main, -0.12),
        rgb("f6c667"),
        main,
    )
    edges = (8, 20, 32, 43, 57, 68, 80, 92)
    shares = (
        (0, 0.0),
        (2, 0.34),
        (8, 0.62),
        (20, 0.92),
        (34, 1.0),
        (47, 0.9),
        (58, 0.62),
        (66, 0.34),
        (71, 0.2),
    )
    for index, tone in enumerate(tones):
        left, right = edges[index] - 50, edges[index + 1] - 50
        side = smooth([(50 + left * share, y) for y, share in shares], closed=False)
        back = smooth([(50 + right * share, y) for y, share in reversed(shares)], closed=False)
        pen.poly([*side, *back], tone)
    pen.box(41, 70, 59, 73, lighter(main, -0.3), 1)
    for x0, x1 in ((42, 44.5), (58, 55.5), (47, 48), (53, 52)):
        pen.line([(x0, 72), (x1, 86)], 0.7, _INK)
    pen.lamp(48.6, 75, 51.4, 79, rgb("ffc65c"))
    pen.box(43, 86, 57, 98, rgb("96623f"), 2)
    pen.box(42.4, 85, 57.6, 88, rgb("6f4630"), 1.4)


def rocket(pen: Pen, coat: Colour | None) -> None:
    """Draw a rocket in flight, on its flame."""
    fin, hull = coat or rgb("e0503f"), rgb("f3f1ee")
    for rx, ry, tone in ((11, 24, "f2702e"), (7.5, 17, "fbb040"), (4, 10, "fff3c0")):
        pen.blob(
            [
                (50 - rx, 80, "c"),
                (50 - rx * 0.8, 80 + ry * 0.6),
                (50, 80 + ry, "c"),
                (50 + rx * 0.8, 80 + ry * 0.6),
                (50 + rx, 80, "c"),
            ],
            rgb(tone),
        )
    pen.lamp(48.5, 84, 51.5, 92, rgb("ffe09a"))
    for side in (-1, 1):
        pen.blob(
            [
                (50 + side * 14, 50, "c"),
                (50 + side * 28, 66),
                (50 + side * 30, 84, "c"),
                (50 + side * 20, 77),
                (50 + side * 12, 76, "c"),
            ],
            fin,
        )
    pen.blob(
        [
            (50, -6, "c"),
            (62, 12),
            (67, 36),
            (64, 62),
            (58, 80, "c"),
            (42, 80, "c"),
            (36, 62),
            (33, 36),
            (38, 12),
        ],
        hull,
    )
    pen.blob([(50, -6, "c"), (62, 12), (67, 36), (64, 62), (58, 80, "c"), (50, 80, "c")], lighter(hull, -0.1))
    pen.blob([(50, -6, "c"), (59, 6), (62.8, 15, "c"), (50, 18), (37.2, 15, "c"), (41, 6)], fin)
    pen.oval(50, 34, 9.4, 9.4, rgb("56607c"))
    pen.oval(50, 34, 7, 7, rgb("8fd3ee"))
    pen.blob([(45, 33), (48, 29), (52, 28.4), (48, 33), (46, 36)], rgb("d8f2fb"))
    pen.oval(50, 55, 4.6, 4.6, rgb("56607c"))
    pen.oval(50, 55, 3.2, 3.2, rgb("8fd3ee"))
    pen.box(41, 78, 59, 82.5, rgb("56607c"), 1)


def robot(pen: Pen, coat: Colour | None) -> None:
    """Draw a friendly robot that waves."""
    shell, dark = coat or rgb("7fb6c4"), rgb("36465c")
    pen.line([(50, 12), (50, 1)], 1.8, dark)
    pen.oval(50, -1, 3.4, 3.4, rgb("ff7a59"))
    pen.lamp(48.8, -2.2, 51.2, 0.2, rgb("ff9a7a"))
    pen.line([(28, 62), (19, 72), (17, 83)], 6, dark)
    pen.oval(17, 85, 4.8, 4.8, shell)
    pen.line([(72, 62), (84, 56), (89, 43)], 6, dark)
    pen.oval(89.4, 40, 4.8, 4.8, shell)
    for x in (40.0, 60.0):
        pen.box(x - 4, 84, x + 4, 96, dark, 1.5)
        pen.box(x - 7, 93, x + 7, 100, lighter(shell, -0.25), 3)
    pen.box(27, 52, 73, 88, shell, 9)
    pen.box(50, 52, 73, 88, lighter(shell, -0.09), 9)
    pen.box(46, 52, 58, 88, shell)
    pen.box(37, 60, 63, 79, lighter(shell, 0.45), 4)
    for x, tone in ((43, "ff7a59"), (50, "f6c667"), (57, "6fcf97")):
        pen.oval(x, 66, 2.3, 2.3, rgb(tone))
    pen.line([(42, 73.5), (58, 73.5)], 1.5, dark)
    pen.box(45, 46, 55, 54, dark, 1)
    for x in (19.5, 80.5):
        pen.box(x - 3.4, 24, x + 3.4, 38, dark, 2)
    pen.box(22, 12, 78, 48, shell, 12)
    pen.box(28, 18, 72, 43, dark, 8)
    for x in (40, 60):
        pen.oval(x, 29.5, 5, 5.4, rgb("8ff0e0"))
        pen.lamp(x - 1.6, 28, x + 1.6, 31, rgb("d6fff6"))
    pen.line([(43, 37.5), (46, 39.5), (50, 40.2), (54, 39.5), (57, 37.5)], 1.5, rgb("8ff0e0"))


def cup(pen: Pen, coat: Colour | None) -> None:
    """Draw a steaming cup."""
    glaze = coat or rgb("e9795d")
    for x, lean in ((40, -3), (50, 3), (60, -3)):
        pen.line([(x, 40), (x + lean, 30), (x - lean, 20), (x + lean * 0.6, 9)], 2.2, rgb("f4efe8"))
    pen.blob(
        [
            (74, 58, "c"),
            (90, 55),
            (94, 68),
            (86, 80),
            (68, 84, "c"),
            (70, 77, "c"),
            (82, 73),
            (86, 66),
            (84, 62),
            (74, 64, "c"),
        ],
        lighter(glaze, -0.12),
    )
    pen.blob(
        [(22, 50, "c"), (78, 50, "c"), (75, 74), (66, 92), (58, 95, "c"), (42, 95, "c"), (34, 92), (25, 74)],
        glaze,
    )
    pen.blob(
        [(60, 50, "c"), (78, 50, "c"), (75, 74), (66, 92), (58, 95, "c"), (54, 95, "c"), (62, 74)],
        lighter(glaze, -0.12),
    )
    pen.oval(50, 50, 28, 6.4, lighter(glaze, 0.28))
    pen.oval(50, 50.6, 25, 4.9, rgb("5a3826"))
    pen.oval(46, 50.2, 9, 1.9, rgb("a9754f"))
    pen.oval(50, 97.5, 42, 4.6, lighter(glaze, 0.2))
    pen.oval(50, 96.4, 30, 2.6, lighter(glaze, -0.16))
    pen.blob(
        [(38, 66), (43, 61.5), (48, 66), (53, 61.5), (58, 66), (55, 75), (48, 82, "c"), (41, 75)], _CREAM
    )


def car(pen: Pen, coat: Colour | None) -> None:
    """Draw a small car with something on its roof."""
    paint = coat or rgb("4fa3a5")
    pen.box(36, 41, 66, 46, rgb("8a5a3c"), 1.5)
    pen.box(39, 33, 52, 42, rgb("c98b4e"), 1.5)
    pen.box(53, 36, 63, 42, rgb("d9584a"), 1.5)
    pen.blob([(25, 66, "c"), (32, 50), (38, 46), (64, 46), (71, 51), (79, 66, "c")], paint)
    for outline in ([(32, 64), (37, 52), (49, 50), (49, 64)], [(53, 64), (53, 50), (66, 51), (73, 64)]):
        pen.poly(outline, rgb("bfe3ea"))
    pen.blob([(6, 72), (10, 66), (25, 64), (79, 64), (92, 68), (95, 76), (94, 88, "c"), (6, 88, "c")], paint)
    pen.box(6, 80, 95, 89, lighter(paint, -0.16), 4)
    pen.box(50.4, 66, 51.6, 84, lighter(paint, -0.22))
    pen.box(54, 70, 60, 72, _CREAM, 1)
    pen.lamp(8, 71, 11, 75, rgb("fff1b8"))
    pen.lamp(91.5, 71, 94, 75, rgb("ff7a5a"))
    for x in (26, 75):
        pen.oval(x, 89, 11, 11, rgb("2e2c38"))
        pen.oval(x, 89, 5.6, 5.6, rgb("d5d5da"))
        pen.oval(x, 89, 2.2, 2.2, rgb("7c7c88"))

"""People, of flesh and of snow."""

from __future__ import annotations

from ..colour import Colour, lighter, rgb
from .pen import Pen

_INK = rgb("2b2838")


def person(pen: Pen, coat: Colour | None) -> None:
    """Draw somebody seen from behind, looking into the distance."""
    cloth = coat or rgb("c8503e")
    hair, legs = rgb("4a2f27"), rgb("34405a")
    for side in (-1, 1):
        pen.blob([(50 + side * 1, 66), (50 + side * 2, 94), (50 + side * 9, 94), (50 + side * 10, 66)], legs)
        pen.box(
            min(50 + side * 1.4, 50 + side * 10.4),
            92,
            max(50 + side * 1.4, 50 + side * 10.4),
            100,
            rgb("4b352b"),
            2.4,
        )
    pen.blob(
        [(41, 34), (35, 44), (33, 68, "c"), (50, 71), (67, 68, "c"), (65, 44), (59, 34), (50, 32)], cloth
    )
    for side in (-1, 1):
        pen.blob(
            [
                (50 + side * 10, 36),
                (50 + side * 18, 46),
                (50 + side * 20, 62),
                (50 + side * 17, 66),
                (50 + side * 13, 62),
                (50 + side * 11, 48),
            ],
            lighter(cloth, -0.14),
        )
        pen.oval(50 + side * 18, 66.5, 2.6, 2.8, rgb("e9b994"))
    pen.box(39, 40, 61, 60, rgb("5f7a4a"), 5)
    pen.box(43, 49, 57, 58, rgb("4c643b"), 3)
    pen.box(39, 35.5, 61, 40.5, rgb("c9a06a"), 2.4)
    pen.box(46, 26, 54, 35, rgb("e9b994"), 2)
    pen.blob([(50, 6), (60, 11), (62, 22), (57, 30), (50, 32), (43, 30), (38, 22), (40, 11)], hair)
    pen.blob([(50, 4), (61, 10), (62.5, 17, "c"), (50, 14), (37.5, 17, "c"), (39, 10)], rgb("e0b64f"))
    pen.oval(50, 3.6, 2.8, 2.8, rgb("fff0cf"))


def snowman(pen: Pen, coat: Colour | None) -> None:
    """Draw a snowman with hat and scarf."""
    snow, scarf = rgb("f7fafd"), coat or rgb("d2493d")
    shade = rgb("d3e0ee")
    for side in (-1, 1):
        pen.line([(50 + side * 17, 52), (50 + side * 32, 42), (50 + side * 38, 33)], 2, rgb("5a4032"))
        pen.line([(50 + side * 32, 42), (50 + side * 40, 42)], 1.6, rgb("5a4032"))
    for y, size in ((83, 22), (53, 17), (27, 13)):
        pen.oval(50, y, size, size * 0.95, shade)
        pen.oval(48.6, y - 1.2, size * 0.94, size * 0.88, snow)
    for y in (48, 56, 78, 88):
        pen.oval(50, y, 1.7, 1.7, _INK)
    pen.blob([(37, 37), (50, 41), (63, 37), (63, 43), (50, 47), (37, 43)], scarf)
    pen.blob([(56, 42, "c"), (63, 42, "c"), (67, 61, "c"), (58, 63, "c")], lighter(scarf, -0.14))
    pen.blob([(49, 27), (52, 25.5), (68, 30.5, "c"), (51, 31)], rgb("f08a3c"))
    for x in (45, 55):
        pen.oval(x, 23, 1.7, 1.9, _INK)
    pen.line([(44, 33), (48, 35.2), (53, 34.6)], 1.2, _INK)
    pen.box(35, 13, 65, 17, _INK, 1.6)
    pen.box(40, -5, 60, 15, _INK, 2)
    pen.box(40, 8, 60, 12.5, scarf)

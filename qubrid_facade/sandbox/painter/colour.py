"""Colours as triples of 0 to 255, and the few things done with them."""

from __future__ import annotations

from typing import TypeAlias

Colour: TypeAlias = tuple[int, int, int]
Stops: TypeAlias = tuple[tuple[float, Colour], ...]
"""A gradient: places from 0 to 1, in order, with the colour at each."""

WHITE: Colour = (255, 255, 255)
BLACK: Colour = (0, 0, 0)


def rgb(text: str) -> Colour:
    """Read ``rrggbb``."""
    return int(text[0:2], 16), int(text[2:4], 16), int(text[4:6], 16)


def stops(text: str) -> Stops:
    """Read a gradient of evenly spaced colours, written ``rrggbb rrggbb …``."""
    colours = [rgb(word) for word in text.split()]
    return tuple((index / max(1, len(colours) - 1), one) for index, one in enumerate(colours))


def mix(first: Colour, second: Colour, share: float) -> Colour:
    """Return the colour that is ``share`` of the way from the first to the second."""
    share = min(1.0, max(0.0, share))
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return red, green, blue


def times(colour: Colour, light: Colour) -> Colour:
    """Return what a thing of a colour looks like in a coloured light."""
    red, green, blue = (round(a * b / 255) for a, b in zip(colour, light, strict=True))
    return red, green, blue


def lighter(colour: Colour, share: float) -> Colour:
    """Mix with white, or, for a negative share, with black."""
    return mix(colour, WHITE, share) if share >= 0 else mix(colour, BLACK, -share)


def luminance(colour: Colour) -> float:
    """Return how bright a colour looks, from 0 to 1."""
    red, green, blue = colour
    return (0.299 * red + 0.587 * green + 0.114 * blue) / 255


def at(gradient: Stops, place: float) -> Colour:
    """Return a gradient's colour at a place."""
    before = gradient[0]
    for stop in gradient:
        if place <= stop[0]:
            span = stop[0] - before[0]
            return mix(before[1], stop[1], (place - before[0]) / span if span else 0.0)
        before = stop
    return before[1]

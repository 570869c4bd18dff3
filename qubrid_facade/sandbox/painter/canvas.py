"""A picture being drawn: shapes, gradients, glow and noise, made of Pillow's own fast operations."""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable, Sequence
from random import Random
from typing import TypeAlias

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from .colour import BLACK, Colour, Stops, at

Point: TypeAlias = tuple[float, float]
Box: TypeAlias = tuple[int, int, int, int]
Paint: TypeAlias = Colour | Stops | Image.Image
"""What a shape is filled with: a colour, a gradient from its top to its bottom, or a picture of its size."""


class Mask:
    """A region to be filled, drawn larger than it is so that its edges come out smooth.

    Args:
        box: The part of the canvas that the region lies in.
        scale: How much larger it is drawn.
    """

    def __init__(self, box: Box, scale: int) -> None:
        self.box = box
        self._scale = scale
        left, top, right, bottom = box
        self._image = Image.new("L", ((right - left) * scale, (bottom - top) * scale))
        self._draw = ImageDraw.Draw(self._image)

    def polygon(self, points: Iterable[Point], value: int = 255) -> None:
        """Add the inside of a polygon."""
        placed = self._placed(points)
        if len(placed) > 2:
            self._draw.polygon(placed, fill=value)

    def line(self, points: Iterable[Point], width: float, value: int = 255) -> None:
        """Add a line."""
        self._draw.line(
            self._placed(points), fill=value, width=max(1, round(width * self._scale)), joint="curve"
        )

    def ellipse(self, x: float, y: float, rx: float, ry: float | None = None, value: int = 255) -> None:
        """Add an ellipse around a point."""
        ry = rx if ry is None else ry
        (left, top), (right, bottom) = self._placed([(x - rx, y - ry), (x + rx, y + ry)])
        self._draw.ellipse((left, top, right, bottom), fill=value)

    def rectangle(self, left: float, top: float, right: float, bottom: float, value: int = 255) -> None:
        """Add a rectangle."""
        (x0, y0), (x1, y1) = self._placed([(left, top), (right, bottom)])
        if x1 - 1 >= x0 and y1 - 1 >= y0:
            self._draw.rectangle((x0, y0, x1 - 1, y1 - 1), fill=value)

    def done(self) -> Image.Image:
        """Return the region at its own size."""
        return self._image.reduce(self._scale) if self._scale > 1 else self._image

    def _placed(self, points: Iterable[Point]) -> list[Point]:
        left, top, scale = self.box[0], self.box[1], self._scale
        return [((x - left) * scale, (y - top) * scale) for x, y in points]


class Canvas:
    """The picture, and the light that is shed on it at the end.

    Attributes:
        width: Its width in pixels.
        height: Its height in pixels.
        unit: The length that things are measured by: the shorter side, or a little more in long pictures.
        image: What has been drawn.
        lights: What shines: blurred and added on top by :meth:`bloom`.
    """

    def __init__(self, width: int, height: int) -> None:
        self.width = width
        self.height = height
        self.unit = min(min(width, height) * 1.15, max(width, height))
        self.image = Image.new("RGB", (width, height))
        self._lights_scale = 2 if max(width, height) >= 400 else 1
        self.lights = Image.new("RGB", self._halved(width, height))
        self._lights_draw = ImageDraw.Draw(self.lights)

    def mask(
        self, left: float = 0, top: float = 0, right: float | None = None, bottom: float | None = None
    ) -> Mask:
        """Begin a region within a box, which is clipped to the canvas."""
        box = self.clipped(
            left, top, self.width if right is None else right, self.height if bottom is None else bottom
        )
        area = (box[2] - box[0]) * (box[3] - box[1])
        return Mask(box, 4 if area < 90_000 else 3 if area < 600_000 else 2)

    def clipped(self, left: float, top: float, right: float, bottom: float) -> Box:
        """Return a box in whole pixels that lies on the canvas and has at least one of them."""
        x0 = min(self.width - 1, max(0, math.floor(left)))
        y0 = min(self.height - 1, max(0, math.floor(top)))
        return (
            x0,
            y0,
            max(x0 + 1, min(self.width, math.ceil(right))),
            max(y0 + 1, min(self.height, math.ceil(bottom))),
        )

    def fill(self, mask: Mask, paint: Paint, opacity: float = 1.0) -> None:
        """Fill a region."""
        stencil = mask.done()
        if opacity < 1:
            stencil = stencil.point(lambda value: value * opacity)
        self.stamp(stencil, mask.box, paint)

    def stamp(self, stencil: Image.Image, box: Box, paint: Paint) -> None:
        """Fill through a stencil of a box's size."""
        if isinstance(paint, Image.Image):
            self.image.paste(paint, box, stencil)
        elif isinstance(paint[0], tuple):
            self.image.paste(gradient(stencil.size, paint), box, stencil)
        else:
            self.image.paste(paint, box, stencil)

    def shape(self, points: Sequence[Point], paint: Paint, opacity: float = 1.0) -> None:
        """Fill a polygon."""
        xs, ys = [x for x, _ in points], [y for _, y in points]
        if max(xs) < 0 or max(ys) < 0 or min(xs) > self.width or min(ys) > self.height:
            return
        mask = self.mask(min(xs) - 1, min(ys) - 1, max(xs) + 1, max(ys) + 1)
        mask.polygon(points)
        self.fill(mask, paint, opacity)

    def disc(self, x: float, y: float, radius: float, paint: Paint, opacity: float = 1.0) -> None:
        """Fill a circle."""
        if x + radius < 0 or y + radius < 0 or x - radius > self.width or y - radius > self.height:
            return
        mask = self.mask(x - radius - 1, y - radius - 1, x + radius + 1, y + radius + 1)
        mask.ellipse(x, y, radius)
        self.fill(mask, paint, opacity)

    def glow(
        self, x: float, y: float, radius: float, colour: Colour, strength: float, squash: float = 1.0
    ) -> None:
        """Lay a soft round light on the picture."""
        rx, ry = max(1, round(radius)), max(1, round(radius * squash))
        left, top = round(x) - rx, round(y) - ry
        box = self.clipped(left, top, left + 2 * rx, top + 2 * ry)
        if left >= self.width or top >= self.height or left + 2 * rx <= 0 or top + 2 * ry <= 0:
            return
        soft = _falloff().resize((2 * rx, 2 * ry), Image.Resampling.BILINEAR)
        soft = soft.crop((box[0] - left, box[1] - top, box[2] - left, box[3] - top))
        self.image.paste(colour, box, soft.point(lambda value: value * strength))

    def shine(self, left: float, top: float, right: float, bottom: float, colour: Colour) -> None:
        """Let a rectangle shine."""
        scale = self._lights_scale
        box = (
            left / scale,
            top / scale,
            max(left / scale, right / scale - 1),
            max(top / scale, bottom / scale - 1),
        )
        self._lights_draw.rectangle(box, fill=colour)

    def shine_disc(self, x: float, y: float, radius: float, colour: Colour) -> None:
        """Let a circle shine."""
        scale = self._lights_scale
        x, y, radius = x / scale, y / scale, radius / scale
        self._lights_draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)

    def bloom(self, radius: float, strength: float = 1.0) -> None:
        """Blur what shines and add it to the picture, once."""
        if self.lights.getbbox() is None:
            return
        small = self.lights.reduce(2)
        soft = small.filter(ImageFilter.GaussianBlur(max(0.6, radius / (2 * self._lights_scale))))
        if strength != 1.0:
            soft = soft.point(lambda value: min(255, value * strength))
        soft = soft.resize(self.image.size, Image.Resampling.BILINEAR)
        self.image = ImageChops.screen(self.image, soft)
        self.lights.paste(BLACK, (0, 0, *self.lights.size))

    def _halved(self, width: int, height: int) -> tuple[int, int]:
        return max(1, width // self._lights_scale), max(1, height // self._lights_scale)


def gradient(size: tuple[int, int], colours: Stops) -> Image.Image:
    """Make a picture that goes through colours from top to bottom."""
    width, height = size
    column = Image.new("RGB", (1, height))
    column.putdata([at(colours, row / max(1, height - 1)) for row in range(height)])
    return column.resize((width, height), Image.Resampling.NEAREST)


def noise(chance: Random, size: tuple[int, int], cells: tuple[int, int], octaves: int = 4) -> Image.Image:
    """Make smooth grey noise; the same at every size but for its sharpness."""
    result: Image.Image | None = None
    across, down = cells
    for octave in range(octaves):
        many = (max(2, across << octave), max(2, down << octave))
        layer = Image.frombytes("L", many, chance.randbytes(many[0] * many[1]))
        layer = layer.resize(size, Image.Resampling.BICUBIC)
        result = layer if result is None else Image.blend(result, layer, 0.5 / (1 + 0.5 * octave))
    assert result is not None  # noqa: S101 - octaves is at least 1
    return result


def ridge(
    chance: Random,
    xs: Sequence[float],
    features: float,
    octaves: int = 5,
    *,
    sharp: bool = False,
    roughness: float = 0.5,
) -> list[float]:
    """Return heights from about -1 to 1 along a line, rough like a skyline of hills or, sharp, of mountains.

    Args:
        chance: Where the heights come from.
        xs: Places, each from 0 to about 1.
        features: How many hills there are from 0 to 1.
        octaves: How fine the detail goes.
        sharp: Peaks instead of rounded tops.
        roughness: How much of each octave is kept in the next.
    """
    heights = [0.0] * len(xs)
    weight, total = 1.0, 0.0
    for octave in range(octaves):
        count = features * 2**octave
        table = [chance.random() * 2 - 1 for _ in range(int(count * max(xs, default=1)) + 3)]
        for index, x in enumerate(xs):
            place = x * count
            cell = int(place)
            part = place - cell
            part = part * part * (3 - 2 * part)
            value = table[cell] + (table[cell + 1] - table[cell]) * part
            heights[index] += weight * (1 - 2 * abs(value) if sharp else value)
        total += weight
        weight *= roughness
    return [height / total for height in heights]


@functools.cache
def _falloff() -> Image.Image:
    """A light that is brightest in its middle and reaches nothing at its edge."""
    distance = Image.radial_gradient("L")  # 180 in the middle of an edge, 255 in the corners
    return distance.point([round(255 * max(0.0, 1 - value / 179) ** 2.0) for value in range(256)])

"""Pictures for the sandbox: landscapes in soft flat layers, put together from a prompt's words and a seed."""

from __future__ import annotations

import functools
import io
from random import Random
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from ..recipe import Recipe
from . import weather
from .canvas import Canvas
from .colour import luminance, rgb
from .scenes import SCENES
from .stage import Stage, set_stage
from .words import understand

CAPTION: Final = "Qubrid sandbox · not a real model"
_LARGEST, _SMALLEST, _FINE = 1536, 320, 3


def paint(recipe: Recipe) -> bytes:
    """Draw a picture and return its file's bytes; equal recipes give equal bytes."""
    picture = draw(recipe)
    file = io.BytesIO()
    if recipe.format == "png":
        picture.save(file, "png", compress_level=3)
    elif recipe.format == "jpeg":
        picture.save(file, "jpeg", quality=recipe.quality)
    else:
        picture.save(file, "webp", quality=recipe.quality, method=2)
    return file.getvalue()


def draw(recipe: Recipe) -> Image.Image:
    """Draw a picture."""
    longest = max(recipe.width, recipe.height)
    # Very large pictures are enlarged and small ones reduced: drawing takes long, or loses detail, otherwise.
    scale = min(_LARGEST, max(_SMALLEST, longest)) / longest
    canvas = Canvas(max(8, round(recipe.width * scale)), max(8, round(recipe.height * scale)))
    brief = understand(recipe.prompt, Random(f"{recipe.chance}/brief"))
    stage = set_stage(canvas, brief, recipe.chance)
    SCENES[brief.place](stage)
    _air(stage)
    canvas.bloom(canvas.unit * 0.016, 1.25)
    _vignette(canvas)
    size = (recipe.width, recipe.height)
    picture = (
        canvas.image if canvas.image.size == size else canvas.image.resize(size, Image.Resampling.LANCZOS)
    )
    _caption(picture)
    return picture


def _air(stage: Stage) -> None:
    """Add what the season and the hour bring."""
    canvas, brief, mood = stage.canvas, stage.brief, stage.mood
    if brief.place in ("deep", "space", "street"):
        return
    if brief.season == "snow":
        weather.snowfall(canvas, stage.chance("snow"))
    if brief.mood == "storm" and brief.season != "snow":
        weather.rain(canvas, stage.chance("rain"))
    if brief.season in ("autumn", "spring"):
        weather.drifting(
            canvas, stage.chance("leaves"), list(stage.leaves), 34 if brief.season == "autumn" else 44
        )
    enchanted = mood.is_dark or brief.says("fairy", "magic", "magical", "enchanted")
    if enchanted and brief.place in ("meadow", "forest") and brief.season != "snow" and brief.mood != "storm":
        weather.fireflies(canvas, stage.chance("fireflies"), 0.6)
    if not mood.is_dark and brief.place not in ("city", "forest") and stage.chance("birds?").random() < 0.6:
        weather.birds(canvas, stage.chance("birds"), mood, 0.6)


def _vignette(canvas: Canvas) -> None:
    """Darken the corners a little, which draws the eye to the middle."""
    edge = Image.radial_gradient("L").resize(canvas.image.size, Image.Resampling.BILINEAR)
    canvas.image.paste(
        rgb("0a0a18"), (0, 0), edge.point([round(max(0, value - 130) * 0.42) for value in range(256)])
    )


def _caption(picture: Image.Image) -> None:
    """Say in a corner that no model made this."""
    width, height = picture.size
    size = max(9, round(min(width, height) * 0.0185))
    font = _font(size)
    text = CAPTION if font.getlength(CAPTION) < width * 0.9 else CAPTION.partition(" · ")[0]
    long = font.getlength(text)
    if long > width * 0.96 or height < size * 3:
        return
    margin = size * 0.8
    x, y = width - long - margin, height - size * 1.35 - margin * 0.6
    corner = (
        picture.crop((max(0, int(x)), max(0, int(y)), width, height))
        .resize((1, 1), Image.Resampling.BOX)
        .getpixel((0, 0))
    )
    bright = isinstance(corner, tuple) and luminance((int(corner[0]), int(corner[1]), int(corner[2]))) > 0.6
    ink, shade = (rgb("1c2030"), rgb("ffffff")) if bright else (rgb("ffffff"), rgb("000010"))
    # Written larger and reduced: small letters would otherwise stand unevenly apart.
    written = Image.new("L", (round(long * _FINE) + _FINE, round(size * 1.5) * _FINE))
    ImageDraw.Draw(written).text((0, 0), text, fill=255, font=_font(size * _FINE))
    written = written.reduce(_FINE)
    for move, tone, strength in ((max(1, size // 14), shade, 0.32), (0, ink, 0.75)):
        stencil = written.point(lambda value, share=strength: value * share)
        picture.paste(tone, (round(x) + move, round(y) + move), stencil)


@functools.lru_cache(maxsize=16)
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size=size)

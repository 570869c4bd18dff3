"""What picture a request asks for: the parameters, read and checked, and nothing of how it is drawn."""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from fractions import Fraction
from typing import Any, Final

FORMATS: Final = {"webp": "webp", "png": "png", "jpg": "jpeg", "jpeg": "jpeg"}
_NAMED_SIZES: Final = {"optimize_for_quality": 1024, "optimize_for_speed": 512, "auto": 1024}
_DEFAULT_SIDE: Final = 1024
_LEAST, _MOST, _MOST_PICTURES = 16, 4096, 8
_STEEPEST: Final = 8


class BadValueError(ValueError):
    """A parameter whose value the document allows and that makes no picture.

    Attributes:
        param: The name of the parameter.
    """

    def __init__(self, param: str, message: str) -> None:
        super().__init__(message)
        self.param = param


@dataclass(frozen=True)
class Recipe:
    """All that a picture depends on: two equal recipes make the same picture.

    Attributes:
        seed: What chance is derived from; None when the prompt alone decides.
        source: A digest of the input image, or an empty text.
        format: webp, png or jpeg.
        suffix: The suffix of the file's name, as it was asked for.
    """

    prompt: str
    model: str
    seed: int | None
    source: str
    width: int
    height: int
    format: str
    suffix: str
    quality: int

    @property
    def name(self) -> str:
        """A file name that only this recipe has."""
        return f"{_digest(astuple(self))[:24]}.{self.suffix}"

    @property
    def chance(self) -> int:
        """The number that the picture's choices are drawn from; size and format have no part in it."""
        return int(_digest([self.prompt, self.model, self.seed, self.source])[:16], 16)


def recipes(body: Mapping[str, Any]) -> list[Recipe]:
    """Return the pictures that a request's body asks for.

    Raises:
        BadValueError: A parameter says something that no picture can be made of.
    """
    given = {name: value for name, value in body.items() if value is not None}
    width, height = _size(given)
    suffix = _text(given, "output_format", "webp").lower()
    if suffix not in FORMATS:
        raise BadValueError("output_format", f"expected one of {', '.join(FORMATS)}, got '{_short(suffix)}'")
    seed = given.get("seed")
    if isinstance(seed, bool) or not isinstance(seed, int) or seed == -1:  # -1: the model may choose
        seed = None
    count = _whole(given, "n", 1, _MOST_PICTURES, 1)
    source = given.get("image", given.get("images", ""))
    first = Recipe(
        prompt=_text(given, "prompt", ""),
        model=_text(given, "model", ""),
        seed=seed,
        source=_digest(source) if source else "",
        width=width,
        height=height,
        format=FORMATS[suffix],
        suffix=suffix,
        quality=_whole(given, "output_quality", 1, 100, 80),
    )
    # With no seed the first of several pictures is the one that the prompt alone gives.
    seeds = [seed, *(index if seed is None else seed + index for index in range(1, count))]
    return [Recipe(**{**vars(first), "seed": one}) for one in seeds]


def _size(given: Mapping[str, Any]) -> tuple[int, int]:
    ratio = _ratio(given)
    if "width" in given or "height" in given:
        width = _whole(given, "width", _LEAST, _MOST, None)
        height = _whole(given, "height", _LEAST, _MOST, None)
        if width is None:
            width = round(height * ratio)
        elif height is None:
            height = round(width / ratio)
        return _checked("width", width, height)
    for param in ("size", "image_size"):
        if param in given:
            return _named_size(param, str(given[param]).strip().lower(), ratio)
    return _fit(_DEFAULT_SIDE, ratio)


def _named_size(param: str, text: str, ratio: Fraction) -> tuple[int, int]:
    if text in _NAMED_SIZES:
        return _fit(_NAMED_SIZES[text], ratio)
    pair = re.fullmatch(r"(\d{1,5})\s*[x*×]\s*(\d{1,5})", text)
    if pair:
        return _checked(param, int(pair[1]), int(pair[2]))
    single = re.fullmatch(r"(\d{1,5})(k?)", text)
    if single:
        side = int(single[1]) * (1024 if single[2] else 1)
        _checked(param, side, side)
        return _fit(side, ratio)
    raise BadValueError(
        param,
        f"expected {', '.join(_NAMED_SIZES)}, the longest side ('1024', '1K') or 'WIDTHxHEIGHT', "
        f"got '{_short(text)}'",
    )


def _checked(param: str, width: int, height: int) -> tuple[int, int]:
    if not (_LEAST <= width <= _MOST and _LEAST <= height <= _MOST):
        raise BadValueError(param, f"expected sides from {_LEAST} to {_MOST}, got {width}x{height}")
    return width, height


def _fit(longest: int, ratio: Fraction) -> tuple[int, int]:
    if ratio >= 1:
        return longest, max(_LEAST, round(longest / ratio))
    return max(_LEAST, round(longest * ratio)), longest


def _ratio(given: Mapping[str, Any]) -> Fraction:
    text = str(given.get("aspect_ratio", "1:1"))
    found = re.fullmatch(r"\s*(\d{1,5}(?:\.\d{1,4})?)\s*[:x/]\s*(\d{1,5}(?:\.\d{1,4})?)\s*", text)
    width, height = (Fraction(found[1]), Fraction(found[2])) if found else (Fraction(0), Fraction(0))
    if not width or not height:
        raise BadValueError("aspect_ratio", f"expected W:H, such as 1:1 or 16:9, got '{_short(text)}'")
    if not Fraction(1, _STEEPEST) <= width / height <= _STEEPEST:
        raise BadValueError(
            "aspect_ratio", f"expected no more than {_STEEPEST}:1 or 1:{_STEEPEST}, got '{text}'"
        )
    return width / height


def _whole(given: Mapping[str, Any], param: str, least: int, most: int, otherwise: Any) -> Any:
    value = given.get(param, otherwise)
    if param not in given:
        return otherwise
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float)
        or not math.isfinite(value)
        or value != int(value)
    ):
        raise BadValueError(param, f"expected a whole number, got {_short(json.dumps(value, default=str))}")
    if not least <= value <= most:
        raise BadValueError(param, f"expected a number from {least} to {most}, got {_short(str(value))}")
    return int(value)


def _text(given: Mapping[str, Any], param: str, otherwise: str) -> str:
    return str(given.get(param, otherwise))


def _digest(value: Any) -> str:
    # ASCII JSON, since a prompt may hold half a surrogate pair, which no encoding takes.
    return hashlib.sha256(json.dumps(value, default=str).encode("ascii")).hexdigest()


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:60] + "…"

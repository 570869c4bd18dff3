"""The sandbox's pictures: the right size and format, always the same, and drawn for every prompt."""

from __future__ import annotations

import io
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from qubrid_facade.sandbox.painter import draw, paint
from qubrid_facade.sandbox.painter.scenes import SCENES
from qubrid_facade.sandbox.recipe import BadValueError, Recipe, recipes


def recipe(prompt: str = "a red fox in snow", **body: Any) -> Recipe:
    return recipes({"model": "qwen-image", "prompt": prompt, "image_size": "96", **body})[0]


@pytest.mark.parametrize(
    ("body", "size"),
    [
        ({}, (1024, 1024)),
        ({"aspect_ratio": "16:9"}, (1024, 576)),
        ({"aspect_ratio": "9:21", "image_size": "optimize_for_speed"}, (219, 512)),
        ({"aspect_ratio": "4:5", "image_size": "optimize_for_quality"}, (819, 1024)),
        ({"image_size": "2K"}, (2048, 2048)),
        ({"image_size": 640, "aspect_ratio": "2:1"}, (640, 320)),
        ({"size": "1024*768"}, (1024, 768)),
        ({"image_size": "300x200"}, (300, 200)),
        ({"width": 333, "height": 222}, (333, 222)),
        ({"width": 320, "aspect_ratio": "16:9"}, (320, 180)),
    ],
)
def test_the_size_is_the_one_asked_for(body: dict[str, Any], size: tuple[int, int]) -> None:
    wanted = recipes({"model": "m", "prompt": "p", **body})[0]
    assert (wanted.width, wanted.height) == size


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({"aspect_ratio": "0:1"}, "aspect_ratio"),
        ({"aspect_ratio": "100:1"}, "aspect_ratio"),
        ({"image_size": "huge"}, "image_size"),
        ({"size": "90000x90000"}, "size"),
        ({"width": 5}, "width"),
        ({"height": "tall"}, "height"),
        ({"output_quality": 0}, "output_quality"),
        ({"output_format": "tiff"}, "output_format"),
        ({"n": True}, "n"),
    ],
)
def test_what_no_picture_can_be_made_of_is_named(body: dict[str, Any], param: str) -> None:
    with pytest.raises(BadValueError) as caught:
        recipes({"model": "m", "prompt": "p", **body})
    assert caught.value.param == param


@pytest.mark.parametrize(
    ("asked", "format_"), [("webp", "WEBP"), ("png", "PNG"), ("jpg", "JPEG"), ("jpeg", "JPEG")]
)
def test_the_format_is_the_one_asked_for(asked: str, format_: str) -> None:
    with Image.open(io.BytesIO(paint(recipe(output_format=asked)))) as picture:
        assert (picture.format, picture.size) == (format_, (96, 96))


def test_quality_costs_bytes_except_in_a_png() -> None:
    sizes = [len(paint(recipe(output_format="jpg", output_quality=quality))) for quality in (10, 60, 95)]
    assert sizes == sorted(set(sizes))
    assert len({paint(recipe(output_format="png", output_quality=quality)) for quality in (10, 95)}) == 1


def test_prompt_seed_and_model_decide_and_nothing_else() -> None:
    first = recipe(output_format="png")
    assert paint(first) == paint(recipe(output_format="png", guidance=7, num_inference_steps=9, seed=-1))
    others = [
        recipe("a red fox"),
        recipe(seed=1),
        recipe(seed=2),
        recipe(model="p-image"),
        recipe(image="data:,x"),
    ]
    pictures = [paint(first), *(paint(Recipe(**{**vars(one), "format": "png"})) for one in others)]
    assert len(set(pictures)) == 6
    assert len({one.name for one in (first, *others)}) == 6


def test_size_and_format_change_the_file_but_not_the_scene() -> None:
    small, large = draw(recipe(image_size="400")), draw(recipe(image_size="800"))
    difference = ImageChops.difference(small.reduce(8), large.reduce(16)).convert("L")
    histogram = difference.histogram()
    mean = sum(value * count for value, count in enumerate(histogram)) / sum(histogram)
    assert mean < 6


@pytest.mark.parametrize("place", SCENES)
@pytest.mark.parametrize("ratio", ["8:1", "1:1", "1:8"])
def test_every_place_can_be_drawn_in_every_shape(place: str, ratio: str) -> None:
    word = {"deep": "underwater"}.get(place, place)
    picture = draw(
        recipe(f"a {word} with a balloon, a boat, a tree and an owl in winter", aspect_ratio=ratio)
    )
    assert len(picture.getcolors(picture.width * picture.height) or []) > 100


@settings(max_examples=40, deadline=None)
@given(st.text(), st.integers() | st.none())
def test_every_prompt_gives_a_picture(prompt: str, seed: int | None) -> None:
    wanted = recipe(prompt, seed=seed, image_size="32")
    assert paint(wanted).startswith(b"RIFF")

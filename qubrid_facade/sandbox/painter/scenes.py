"""The places: how each is put together from its parts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from . import arid, flora, land, seabed, sky, space
from .colour import WHITE, lighter, mix, rgb, times
from .stage import Stage, paint_foreground, paint_frame, paint_heavens, put_airborne, put_branch, put_subject
from .waterside import city_view, lake, sea, street


def mountains(stage: Stage) -> None:
    """Ranges in the haze, conifers, and a rise in front."""
    canvas, mood = stage.canvas, stage.mood
    paint_heavens(stage, 0.66)
    land.paint_mountains(
        canvas, mood, stage.chance("ranges"), 0.66, 4, snow=stage.snowy or mood.orb != "none"
    )
    land.paint_mist(canvas, 0.64, 0.09, mix(mood.haze, WHITE, 0.12), 0.6)
    outlines = land.paint_hills(canvas, mood, stage.chance("hills"), 0.66, 2, stage.ground)
    pines = mix(mood.near, stage.ground, 0.1)
    flora.conifers(canvas, stage.chance("far pines"), outlines[0], 0.06, 1.7, mix(pines, mood.haze, 0.42))
    put_airborne(stage)
    gap = (stage.subject_x - 0.2, stage.subject_x + 0.2) if stage.main_subject("ground") else None
    flora.conifers(canvas, stage.chance("pines"), outlines[1], 0.1, 1.0, mix(pines, mood.haze, 0.16), gap)
    outline = paint_foreground(stage, 0.84)
    paint_frame(stage, outline)
    put_branch(stage)


def desert(stage: Stage) -> None:
    """Table mountains, dunes, cacti."""
    canvas, mood = stage.canvas, stage.mood
    paint_heavens(stage, 0.6)
    arid.paint_mesas(canvas, mood, stage.chance("mesas"), 0.61)
    land.paint_mist(canvas, 0.6, 0.05, mood.haze, 0.5)
    outlines = arid.paint_dunes(canvas, mood, stage.chance("dunes"), 0.6, 4)
    put_airborne(stage)
    chance = stage.chance("cacti")
    green = mix(mix(rgb("4f7d54"), mood.near, 0.35), mood.light, 0.05)
    for outline, size in ((outlines[1], 0.07), (outlines[2], 0.15), (outlines[2], 0.12)):
        x = canvas.width * (0.08 + 0.84 * chance.random())
        if abs(x / canvas.width - stage.subject_x) > 0.2 or not stage.brief.subjects:
            arid.cactus(canvas, x, land.height_at(outline, x) + canvas.unit * 0.01, canvas.unit * size, green)
    subject = stage.main_subject("ground")
    if subject:
        x = stage.subject_x * canvas.width
        put_subject(
            stage, subject, x, max(land.height_at(outlines[-1], x) + canvas.unit * 0.05, canvas.height * 0.84)
        )
    put_branch(stage)


def forest(stage: Stage) -> None:
    """Trunks in the mist, light between them."""
    canvas, mood = stage.canvas, stage.mood
    paint_heavens(stage, 0.86)
    chance = stage.chance("trunks")
    light_x = canvas.width * (1 - stage.subject_x)
    canvas.glow(light_x, canvas.height * 0.22, canvas.unit * 0.75, lighter(mood.sun, 0.1), 0.75)
    for index in range(4):
        near = (index + 1) / 4
        colour = mix(mood.haze, mood.near, 0.14 + 0.72 * near**1.4)
        foot = 0.68 + 0.085 * index
        count = round((17, 12, 8, 4)[index] * max(0.7, canvas.width / canvas.height))
        flora.trunks(canvas, chance, foot, 0.012 + 0.03 * near**1.6, count, colour, mood.haze)
        floor = land.line_of_hills(canvas, chance, foot + 0.015, 0.018, 2.0, octaves=3)
        ground = mix(mix(mood.haze, stage.ground, 0.3 + 0.6 * near), mood.near, 0.2 * near)
        land.fill_below(canvas, floor, ground, mix(ground, mood.near, 0.3))
        if not stage.snowy:
            flora.grass(canvas, chance, floor, 0.014 + 0.014 * near, ground, 0.6)
        land.paint_mist(canvas, foot, 0.075, mix(mood.haze, WHITE, 0.1), 0.42 - 0.09 * index)
        if index == 1:
            sky.paint_rays(
                canvas, light_x, -canvas.height * 0.12, lighter(mood.sun, 0.3), stage.chance("rays")
            )
    put_airborne(stage)
    outline = paint_foreground(stage, 0.87)
    if not stage.main_subject("ground", "branch") and not stage.snowy:
        x = stage.subject_x * canvas.width
        put_subject(stage, "mushroom", x, land.height_at(outline, x) + canvas.unit * 0.02, 0.42)
    put_branch(stage)


def meadow(stage: Stage) -> None:
    """Rolling hills with trees and flowers."""
    canvas, mood = stage.canvas, stage.mood
    paint_heavens(stage, 0.62)
    land.paint_mountains(canvas, mood, stage.chance("far"), 0.62, 2, snow=stage.snowy, tall=0.55)
    outlines = land.paint_hills(canvas, mood, stage.chance("hills"), 0.6, 4, stage.ground, steep=1.25)
    chance = stage.chance("trees")
    for index, outline in enumerate(outlines[:3]):
        for _ in range(5 - index):
            x = canvas.width * chance.random()
            near = (index + 1) / 3
            if abs(x / canvas.width - stage.subject_x) < 0.17 * near:
                continue
            tall = canvas.unit * (0.05 + 0.11 * near) * (0.8 + 0.4 * chance.random())
            leaf = times(stage.leaves[int(chance.random() * len(stage.leaves))], mood.light)
            crown = mix(mix(leaf, mood.near, 0.2), mood.haze, 0.6 - 0.5 * near)
            trunk = mix(times(rgb("5b3d2e"), mood.light), mood.haze, 0.5 - 0.4 * near)
            foot = land.height_at(outline, x) + tall * 0.03
            if stage.snowy:
                mask = canvas.mask(x - tall, foot - tall * 1.2, x + tall, foot + tall * 0.1)
                flora.conifer(mask, chance, x, foot, tall * 1.1)
                canvas.fill(mask, mix(mood.near, mood.haze, 0.45 - 0.4 * near))
            else:
                flora.round_tree(canvas, chance, x, foot, tall, trunk, crown)
    put_airborne(stage)
    outline = paint_foreground(stage, 0.84)
    if not stage.snowy and stage.brief.season != "autumn":
        petals = [rgb("fff4e6"), rgb("f4b6c8"), rgb("f6d465"), rgb("e2705f"), rgb("b9a0e6")]
        tones = [mix(tone, mood.near, 0.12 if not mood.is_dark else 0.5) for tone in petals]
        low = [(x, y + canvas.unit * 0.06) for x, y in outline]
        flora.flowers(canvas, stage.chance("flowers"), low, tones, 130)
    put_branch(stage)


def outer_space(stage: Stage) -> None:
    """Stars, gas, a ringed planet, and some ground to stand on."""
    canvas, mood = stage.canvas, stage.mood
    paint_heavens(stage, 1.0)
    space.paint_nebula(canvas, stage.chance("nebula"))
    sky.paint_stars(canvas, stage.chance("bright"), 120)
    chance = stage.chance("planets")
    away = 0.24 if stage.subject_x > 0.5 else 0.76
    first = int(chance.random() * 4)
    space.paint_planet(
        canvas, chance, first, away * canvas.width, canvas.height * 0.3, canvas.unit * 0.155, ringed=True
    )
    small_x, small_y = (1.12 - away) * canvas.width, canvas.height * 0.14
    space.paint_planet(canvas, chance, first + 1, small_x, small_y, canvas.unit * 0.05, ringed=False)
    put_airborne(stage)
    outline = space.paint_moonscape(canvas, mood, stage.chance("moon"), 0.83)
    subject = stage.main_subject("ground")
    if subject:
        x = stage.subject_x * canvas.width
        put_subject(stage, subject, x, land.height_at(outline, x) + canvas.unit * 0.05)


def deep(stage: Stage) -> None:
    """Under water."""
    canvas, mood = stage.canvas, stage.mood
    paint_heavens(stage, 1.0)
    sky.paint_rays(
        canvas, canvas.width * stage.orb_x, -canvas.height * 0.08, WHITE, stage.chance("rays"), 0.3
    )
    seabed.paint_deep(canvas, mood, stage.chance("deep"))
    subject = stage.main_subject("water", "ground", "air", "branch") or "fish"
    chance = stage.chance("fish")
    if subject in ("fish", "whale"):
        for _ in range(4):
            x, y = (
                canvas.width * (0.08 + 0.84 * chance.random()),
                canvas.height * (0.3 + 0.5 * chance.random()),
            )
            put_subject(stage, "fish", x, y, 0.3 + 0.25 * chance.random(), shadow=False)
    put_subject(
        stage,
        subject,
        stage.subject_x * canvas.width,
        canvas.height * 0.66,
        1.25 if subject == "fish" else 1.0,
        shadow=False,
    )


SCENES: Final[dict[str, Callable[[Stage], None]]] = {
    "mountains": mountains,
    "lake": lake,
    "sea": sea,
    "city": city_view,
    "street": street,
    "desert": desert,
    "forest": forest,
    "meadow": meadow,
    "space": outer_space,
    "deep": deep,
}

"""Places by the water, and a wet street."""

from __future__ import annotations

from PIL import Image

from . import city, flora, land, water, weather
from . import street as canyon
from .colour import WHITE, lighter, mix, rgb, times
from .motifs import MOTIFS
from .stage import Stage, paint_foreground, paint_frame, paint_heavens, put_airborne, put_branch, put_subject


def lake(stage: Stage) -> None:
    """Mountains and woods, mirrored in still water."""
    canvas, mood = stage.canvas, stage.mood
    paint_heavens(stage, 0.58)
    land.paint_mountains(
        canvas, mood, stage.chance("ranges"), 0.585, 3, snow=stage.snowy or mood.orb != "none", tall=0.95
    )
    shore = land.line_of_hills(canvas, stage.chance("shore"), 0.582, 0.012, 1.3, octaves=2)
    flora.conifers(canvas, stage.chance("shore pines"), shore, 0.07, 2.1, mix(mood.near, mood.haze, 0.22))
    land.fill_below(
        canvas, shore, mix(mood.near, mood.haze, 0.18), mix(mood.near, mood.haze, 0.4), canvas.height * 0.6
    )
    land.paint_mist(canvas, 0.585, 0.05, mix(mood.haze, WHITE, 0.15), 0.45)
    put_airborne(stage)
    water.paint_water(
        canvas,
        mood,
        stage.chance("water"),
        0.6,
        mix(mood.sky[1][1], mood.near, 0.35),
        calm=0.5,
        orb_x=stage.orb_x,
    )
    _floating(stage, 0.76)
    if stage.main_subject("ground"):
        paint_frame(stage, paint_foreground(stage, 0.82))
    elif not stage.main_subject("branch"):
        _reeds(stage)
    put_branch(stage)


def sea(stage: Stage) -> None:
    """Open water with islands, under a wide sky."""
    canvas, mood = stage.canvas, stage.mood
    paint_heavens(stage, 0.56)
    chance = stage.chance("islands")
    for depth in (0.25, 0.5):
        island = land.line_of_hills(canvas, chance, 0.575 + 0.01 * depth, 0.05 + 0.04 * depth, 1.0)
        land.fill_below(
            canvas,
            island,
            mix(mood.haze, mood.near, depth * 0.7),
            mix(mood.haze, mood.near, depth * 0.5),
            canvas.height * 0.562,
        )
    put_airborne(stage)
    rough = stage.brief.mood == "storm"
    tint = mix(mood.sky[0][1], mood.near, 0.3)
    water.paint_water(
        canvas, mood, stage.chance("water"), 0.56, tint, calm=1.6 if rough else 0.9, orb_x=stage.orb_x
    )
    water.paint_waves(canvas, mood, stage.chance("waves"), 0.6, tint, high=2.2 if rough else 1.0)
    _floating(stage, 0.8)
    water.paint_waves(canvas, mood, stage.chance("near waves"), 0.9, tint, high=1.6 if rough else 0.8, rows=2)
    if stage.main_subject("ground"):
        _headland(stage)
    put_branch(stage)


def city_view(stage: Stage) -> None:
    """A skyline by the water."""
    canvas, mood = stage.canvas, stage.mood
    future = stage.brief.says(
        "futuristic", "future", "scifi", "sci", "fi", "cyberpunk", "utopian", "alien", "robot"
    )
    paint_heavens(stage, 0.7)
    city.paint_skyline(canvas, mood, stage.chance("city"), 0.71, future=future)
    if future or stage.brief.says("flying"):
        city.flying_cars(canvas, stage.chance("craft"), 6, 0.1, 0.42)
    put_airborne(stage)
    canvas.bloom(canvas.unit * 0.012, 1.1)
    land.paint_mist(canvas, 0.7, 0.05, mix(mood.haze, WHITE, 0.1), 0.4)
    water.paint_water(
        canvas,
        mood,
        stage.chance("water"),
        0.71,
        mix(mood.sky[0][1], mood.near, 0.3),
        calm=0.4,
        orb_x=stage.orb_x,
    )
    _floating(stage, 0.86)
    if stage.main_subject("ground") not in ("", "car"):
        _roof(stage)
    put_branch(stage)


def street(stage: Stage) -> None:
    """A wet street at night, full of signs."""
    canvas, mood = stage.canvas, stage.mood
    paint_heavens(stage, 0.66)
    canyon.paint_street(canvas, mood, stage.chance("street"), 0.66)
    canvas.bloom(canvas.unit * 0.016, 1.35)
    if stage.brief.says("flying", "futuristic", "cars", "car", "future", "cyberpunk"):
        city.flying_cars(canvas, stage.chance("craft"), 8, 0.08, 0.4)
        canvas.bloom(canvas.unit * 0.012, 1.2)
    put_airborne(stage)
    water.paint_water(canvas, mood, stage.chance("wet"), 0.69, rgb("120a24"), calm=0.45)
    subject = stage.main_subject("ground")
    if subject and not (subject == "car" and stage.brief.says("flying")):
        put_subject(stage, subject, stage.subject_x * canvas.width, canvas.height * 0.93)
    else:
        _walker(stage)
    weather.rain(canvas, stage.chance("rain"))
    put_branch(stage)


def _floating(stage: Stage, level: float) -> None:
    """Put what swims into the water: mirrored by it, and with its lower part under it."""
    name = stage.main_subject("water")
    if not name:
        return
    canvas = stage.canvas
    x, line = stage.subject_x * canvas.width, canvas.height * level
    size = MOTIFS[name].size * canvas.unit
    tint = mix(stage.mood.sky[0][1], stage.mood.near, 0.3)
    box = canvas.clipped(x - size * 0.75, line, x + size * 0.75, line + size * 0.4)
    before = canvas.image.crop(box)
    put_subject(stage, name, x, line + size * (0.2 if name == "whale" else 0.05), shadow=False)
    canvas.image.paste(Image.blend(canvas.image.crop(box), before, 0.86), box)
    water.mirror(canvas, x - size * 0.7, x + size * 0.7, line, size * 0.6, tint)
    ripple = canvas.mask(box[0], line - size * 0.03, box[2], line + size * 0.05)
    for reach, drop in ((0.5, 0.0), (0.62, 0.016), (0.42, 0.03)):
        ripple.ellipse(x, line + drop * size, size * reach, size * 0.006)
    canvas.fill(ripple, mix(WHITE, stage.mood.sky[-1][1], 0.3), 0.6)


def _headland(stage: Stage) -> None:
    """Let a cliff reach into the water for a building, or a beach for whoever likes the sea."""
    canvas, mood = stage.canvas, stage.mood
    subject = stage.main_subject("ground")
    x = stage.subject_x * canvas.width
    if subject not in ("lighthouse", "castle", "house", "windmill", "tree"):
        sand = times(rgb("ecd3a2"), mood.light)
        outline = land.mound(canvas, stage.chance("beach"), stage.subject_x, 0.84, 0.9)
        foam = [(px, py - canvas.unit * 0.012) for px, py in outline]
        land.fill_below(canvas, foam, mix(WHITE, mood.haze, 0.25), sand)
        land.fill_below(canvas, outline, sand, mix(sand, mood.near, 0.3))
        put_subject(stage, subject, x, land.height_at(outline, x) + canvas.unit * 0.03)
        return
    outline = land.cliff(canvas, stage.chance("cliff"), stage.subject_x, 0.74)
    grey = mix(mix(mood.near, rgb("5a5560"), 0.5), mood.haze, 0.08)
    if subject != "lighthouse":
        grey = mix(grey, times(rgb("6f9a55"), mood.light), 0.55)
    land.fill_below(canvas, outline, lighter(grey, 0.1), mix(grey, mood.near, 0.7))
    foot = land.height_at(outline, x) + canvas.unit * 0.02
    size = put_subject(stage, subject, x, foot)
    if subject == "lighthouse" and (mood.is_dark or stage.brief.mood in ("mist", "sunset")):
        water.beam(canvas, x, foot - size, 1 if stage.subject_x < 0.5 else -1)


def _roof(stage: Stage) -> None:
    """Give the subject a flat roof to stand on."""
    canvas, mood = stage.canvas, stage.mood
    x, top = stage.subject_x * canvas.width, canvas.height * 0.88
    wide = canvas.unit * 0.42
    for grow, drop, tone in (
        (1.0, 0.0, mix(mood.near, mood.haze, 0.4)),
        (1.06, 0.0, mix(mood.near, mood.haze, 0.62)),
    ):
        low = canvas.height + 2 if grow == 1.0 else top + canvas.unit * 0.022
        canvas.shape(
            [
                (x - wide * grow, top + drop),
                (x + wide * grow, top + drop),
                (x + wide * grow, low),
                (x - wide * grow, low),
            ],
            tone,
        )
    put_subject(stage, stage.main_subject("ground"), x, top + canvas.unit * 0.008, 0.85)


def _walker(stage: Stage) -> None:
    """Let somebody with an umbrella walk into the light."""
    canvas = stage.canvas
    x, foot, tall = canvas.width * 0.5, canvas.height * 0.84, canvas.unit * 0.17
    dark, tone = rgb("0b0616"), rgb("ff4f9a")
    for mirrored, share in ((-1, 0.4), (1, 1.0)):

        def at(dx: float, dy: float, way: int = mirrored) -> tuple[float, float]:
            return x + dx * tall, foot - way * dy * tall

        body = [
            at(-0.13, 0.0),
            at(-0.04, 0.0),
            at(0.0, 0.3),
            at(0.05, 0.0),
            at(0.14, 0.0),
            at(0.12, 0.42),
            at(0.15, 0.68),
            at(0.05, 0.76),
            at(-0.05, 0.76),
            at(-0.15, 0.68),
            at(-0.12, 0.42),
        ]
        canvas.shape(body, dark, share)
        head = at(0, 0.83)
        canvas.disc(*head, tall * 0.08, dark, share)
        canvas.shape(
            [
                at(-0.4, 0.86),
                at(-0.34, 0.99),
                at(-0.2, 1.09),
                at(0, 1.13),
                at(0.2, 1.09),
                at(0.34, 0.99),
                at(0.4, 0.86),
                at(0.27, 0.9),
                at(0.13, 0.87),
                at(0, 0.9),
                at(-0.13, 0.87),
                at(-0.27, 0.9),
            ],
            mix(dark, tone, 0.55 if mirrored > 0 else 0.3),
            share,
        )


def _reeds(stage: Stage) -> None:
    """Let dark reeds stand in a corner of the foreground."""
    canvas, chance = stage.canvas, stage.chance("reeds")
    mask = canvas.mask(0, canvas.height * 0.72, canvas.width, canvas.height)
    from_left = stage.orb_x > 0.5
    for _ in range(46):
        share = chance.random() ** 1.8 * 0.46
        x = canvas.width * (share if from_left else 1 - share)
        tall = canvas.unit * (0.06 + 0.12 * chance.random()) * (1 - share)
        lean = tall * (chance.random() - 0.5) * 0.5
        foot = canvas.height + 2
        thick = canvas.unit * 0.0026
        mask.polygon([(x - thick, foot), (x + lean, foot - tall * 1.6), (x + thick, foot)])
        if chance.random() < 0.3:
            mask.ellipse(x + lean * 0.86, foot - tall * 1.4, thick * 1.4, tall * 0.11)
    canvas.fill(mask, mix(stage.mood.near, stage.mood.haze, 0.06))

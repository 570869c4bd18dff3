"""What every scene has: a canvas, a brief, colours, and a place for the subject."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

from .canvas import Canvas, Point
from .colour import BLACK, WHITE, Colour, lighter, mix, rgb, times
from .flora import framing_conifers, grass
from .land import fill_below, height_at, mound
from .moods import MOODS, Mood
from .motifs import MOTIFS, Pen
from .motifs.pen import Spot, smooth
from .sky import paint_aurora, paint_sky
from .weather import lightning
from .words import Brief

_AUTUMN = (rgb("d9622b"), rgb("e8973a"), rgb("c2412d"), rgb("e0b13f"))
_BLOSSOM = (rgb("f3a8c0"), rgb("f7c4d2"), rgb("e98bab"))


@dataclass
class Stage:
    """A scene in the making.

    Attributes:
        canvas: What is drawn on.
        brief: What is to be drawn.
        mood: Its colours.
        subject_x: Where the subject stands, as a share of the width.
        orb_x: Where the sun or moon stands, on the other side.
        orb_y: Its height, as a share of the height.
    """

    canvas: Canvas
    brief: Brief
    mood: Mood
    seed: str
    subject_x: float
    orb_x: float
    orb_y: float

    def chance(self, name: str) -> Random:
        """Return a source of chance of its own for one part, so that parts do not disturb each other."""
        return Random(f"{self.seed}/{name}")

    @property
    def snowy(self) -> bool:
        """Whether the ground is white."""
        return self.brief.season == "snow"

    @property
    def ground(self) -> Colour:
        """The colour of the ground in the foreground."""
        if self.snowy:
            return mix(mix(WHITE, self.mood.light, 0.55), rgb("dfe9f5"), 0.5)
        if self.brief.season == "autumn":
            return mix(self.mood.ground, rgb("a8662f"), 0.45)
        return self.mood.ground

    @property
    def leaves(self) -> tuple[Colour, ...]:
        """Colours of leaves in this season."""
        if self.brief.season == "autumn":
            return _AUTUMN
        return _BLOSSOM if self.brief.season == "spring" else (rgb("5f9a4f"), rgb("6fa858"), rgb("4d8648"))

    def main_subject(self, *homes: str) -> str:
        """Return the first subject that is at home in one of these places."""
        return next((one for one in self.brief.subjects if MOTIFS[one].home in homes), "")


def set_stage(canvas: Canvas, brief: Brief, seed: int) -> Stage:
    """Choose colours and places."""
    chance = Random(f"{seed}/stage")
    mood = MOODS[brief.mood]
    if brief.season == "snow" and brief.mood not in ("snow", "night", "aurora", "dusk"):
        mood = replace(mood, ground=mix(mood.ground, WHITE, 0.5))
    left = chance.random() < 0.5
    subject_x = (0.36 if left else 0.64) + 0.05 * (chance.random() - 0.5)
    orb_x = (0.7 if left else 0.3) + 0.12 * (chance.random() - 0.5)
    low = brief.mood in ("sunset", "morning", "dusk")
    orb_y = (0.42 if low else 0.2) + 0.07 * (chance.random() - 0.5)
    return Stage(canvas, brief, mood, str(seed), subject_x, orb_x, orb_y)


def put_subject(
    stage: Stage, name: str, x: float, foot: float, scale: float = 1.0, *, shadow: bool = True
) -> float:
    """Draw a subject with its feet at a point, in pixels, and return its size."""
    canvas, mood = stage.canvas, stage.mood
    motif = MOTIFS[name]
    # Tall things reach a fifth above their square, and are to stay in the picture.
    size = min(motif.size * canvas.unit * scale, max(foot * 0.79, canvas.unit * 0.1))
    if shadow:
        dark = mix(stage.ground, mix(mood.near, BLACK, 0.2), 0.7)
        canvas.glow(x, foot, size * 0.5, dark, 0.75, 0.16)
    coat = stage.brief.coat if stage.brief.subjects[:1] == (name,) else None
    if name == "tree" and coat is None:
        coat = stage.leaves[0]
    pen = Pen(size, mix(mood.light, WHITE, 0.12), flip=x > canvas.width * 0.5)
    motif.draw(pen, coat)
    pen.put(canvas, x, foot, shining=mood.is_dark)
    return size


def paint_foreground(stage: Stage, top: float) -> list[Point]:
    """Paint a rise at the bottom with what stands on it, and return its outline."""
    canvas, mood = stage.canvas, stage.mood
    chance = stage.chance("foreground")
    subject = stage.main_subject("ground")
    outline = mound(canvas, chance, stage.subject_x, top, 0.62 if subject else 0.9)
    ground = stage.ground
    fill_below(canvas, outline, lighter(ground, 0.06), mix(ground, mood.near, 0.3 if stage.snowy else 0.62))
    if not stage.snowy:
        grass(canvas, chance, outline, 0.024, mix(ground, mood.near, 0.2), depth=0.02)
    foot = height_at(outline, stage.subject_x * canvas.width) + canvas.unit * 0.012
    if subject:
        put_subject(stage, subject, stage.subject_x * canvas.width, foot)
    if not stage.snowy:
        front = [(x, y + canvas.unit * 0.035) for x, y in outline]
        grass(canvas, chance, front, 0.02, mix(ground, mood.near, 0.42), 0.9, depth=0.13)
    return outline


def put_airborne(stage: Stage) -> None:
    """Let what flies fly: the first large, two more small and far behind it."""
    name = stage.main_subject("air")
    if not name:
        return
    canvas, chance = stage.canvas, stage.chance("air")
    size = MOTIFS[name].size * canvas.unit
    x, foot = stage.subject_x * canvas.width, min(canvas.height * 0.74, canvas.height * 0.14 + size * 1.1)
    if name in ("balloon", "butterfly"):
        for far in (0.3, 0.2):
            share = 0.06 + 0.4 * chance.random()
            far_x = canvas.width * (1 - share if stage.subject_x < 0.5 else share)
            far_foot = canvas.height * (0.2 + 0.32 * chance.random())
            put_subject(stage, name, far_x, far_foot, far + 0.08 * chance.random(), shadow=False)
    put_subject(stage, name, x, foot, shadow=False)


def put_branch(stage: Stage) -> None:
    """Let what sits on a branch sit on one that reaches in from the edge."""
    name = stage.main_subject("branch")
    if not name:
        return
    canvas = stage.canvas
    x, foot = stage.subject_x * canvas.width, canvas.height * 0.8
    size = MOTIFS[name].size * canvas.unit
    edge = -10.0 if stage.subject_x < 0.5 else canvas.width + 10.0
    bark = mix(rgb("4d372d"), stage.mood.near, 0.25)
    near = x + (-1 if edge < x else 1) * size * 0.4
    canvas.shape(
        [
            (edge, foot - size * 0.02),
            (near, foot - size * 0.075),
            (near, foot - size * 0.03),
            (edge, foot + size * 0.1),
        ],
        bark,
    )
    chance = stage.chance("branch")
    for index in range(7):
        share = (index + 0.5) / 7
        lx = edge + (near - edge) * share
        reach = canvas.unit * (0.018 + 0.014 * chance.random())
        side = -1 if index % 2 else 1
        tone = times(stage.leaves[index % len(stage.leaves)], stage.mood.light)
        ly, slant = foot - size * 0.03, reach * (0.2 + 0.9 * chance.random())
        leaf: list[Spot] = [(
            lx, ly, "c"), (lx + slant * 0.2 + reach * 0.5, ly + side * reach * 0.9), (lx + slant,
            ly + side * reach * 2.1, "c"), (lx + slant * 0.6 - reach * 0.5, ly + side * reach
        )]  # fmt: skip
        canvas.shape(smooth(leaf), tone)
    put_subject(stage, name, x, foot, shadow=False)


def paint_heavens(stage: Stage, horizon: float) -> None:
    """Paint the sky, and what the mood brings to it."""
    paint_sky(stage.canvas, stage.mood, stage.chance("sky"), horizon, stage.orb_x, stage.orb_y)
    if stage.brief.mood == "aurora":
        paint_aurora(stage.canvas, stage.chance("aurora"), horizon)
    if stage.brief.mood == "storm" and not stage.brief.says("rain", "rainy"):
        lightning(stage.canvas, stage.chance("lightning"), horizon, stage.subject_x)


def paint_frame(stage: Stage, outline: list[Point]) -> None:
    """Let near conifers frame the picture, where nothing else stands."""
    canvas, mood = stage.canvas, stage.mood
    half = 0.26 * canvas.unit / canvas.width
    subject = stage.main_subject("ground", "branch")
    clear = (stage.subject_x - half, stage.subject_x + half) if subject else (0.5, 0.5)
    snow = mix(WHITE, mood.light, 0.6) if stage.snowy else None
    framing_conifers(canvas, stage.chance("frame"), outline, mix(mood.near, stage.ground, 0.04), snow, clear)

"""Subjects, each drawn in soft flat shapes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal, NamedTuple

from ..colour import Colour
from . import animals, buildings, creatures, people, plants, things
from .pen import Pen


class Motif(NamedTuple):
    """A subject: how it is drawn, how large it is (a share of the unit), and what it needs around it."""

    draw: Callable[[Pen, Colour | None], None]
    size: float
    home: Literal["ground", "water", "air", "branch"] = "ground"


MOTIFS: Final[dict[str, Motif]] = {
    "fox": Motif(animals.fox, 0.38),
    "cat": Motif(animals.cat, 0.38),
    "dog": Motif(animals.dog, 0.38),
    "owl": Motif(creatures.owl, 0.42, "branch"),
    "rabbit": Motif(animals.rabbit, 0.34),
    "bear": Motif(animals.bear, 0.42),
    "deer": Motif(creatures.deer, 0.42),
    "bird": Motif(creatures.bird, 0.4, "branch"),
    "whale": Motif(creatures.whale, 0.5, "water"),
    "fish": Motif(creatures.fish, 0.3, "water"),
    "butterfly": Motif(creatures.butterfly, 0.26, "air"),
    "boat": Motif(things.boat, 0.36, "water"),
    "balloon": Motif(things.balloon, 0.36, "air"),
    "rocket": Motif(things.rocket, 0.5, "air"),
    "robot": Motif(things.robot, 0.4),
    "person": Motif(people.person, 0.34),
    "snowman": Motif(people.snowman, 0.4),
    "cup": Motif(things.cup, 0.36),
    "car": Motif(things.car, 0.38),
    "house": Motif(buildings.house, 0.4),
    "lighthouse": Motif(buildings.lighthouse, 0.6),
    "castle": Motif(buildings.castle, 0.52),
    "windmill": Motif(buildings.windmill, 0.5),
    "tent": Motif(buildings.tent, 0.34),
    "tree": Motif(plants.tree, 0.66),
    "flower": Motif(plants.flower, 0.42),
    "mushroom": Motif(plants.mushroom, 0.36),
    "dragon": Motif(plants.dragon, 0.46),
}

__all__ = ["MOTIFS", "Motif", "Pen"]

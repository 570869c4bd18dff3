"""What a prompt is about: the place, the time, the season and the subject, found by its words."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from random import Random
from typing import Final

from .colour import Colour, rgb

_PLACES: Final = {
    "street": "street alley neon cyberpunk",
    "city": (
        "city skyline town skyscraper metropolis downtown urban buildings tower manhattan tokyo york "
        "london paris shanghai bridge office"
    ),
    "space": (
        "space galaxy planet cosmos cosmic nebula orbit mars moonscape astronaut universe alien ufo saturn"
    ),
    "deep": "underwater reef coral aquarium jellyfish submarine diver seabed octopus",
    "sea": (
        "sea ocean coast beach island wave harbour harbor bay shore boat ship sailboat yacht "
        "lighthouse pirate sailing seaside surf cliff whale dolphin fjord seagull mermaid iceberg "
        "penguin"
    ),
    "desert": "desert dune sahara canyon cactus camel mesa oasis pyramid egypt savanna savannah",
    "forest": "forest jungle woodland rainforest redwood bamboo grove wood trees pines owl deer bear fairy",
    "lake": "lake river pond waterfall reflection swan duck loch stream canoe",
    "mountains": (
        "mountain alps peak summit himalaya valley dragon castle hiking volcano eagle balloon "
        "landscape cabin camp tent camping"
    ),
    "meadow": (
        "meadow field hill garden farm countryside prairie grass village windmill barn flower "
        "sunflower rabbit bunny sheep cow horse dog cat fox house cottage oak tree park picnic"
    ),
}
_TIMES: Final = {
    "neon": "neon cyberpunk synthwave vaporwave",
    "aurora": "aurora borealis northern",
    "storm": "storm stormy thunder lightning thunderstorm tempest rain rainy hurricane",
    "sunset": "sunset golden evening sundown warm",
    "dusk": "dusk twilight purple violet pink",
    "night": "night midnight moon moonlight moonlit starry stars dark nighttime halloween ghost",
    "morning": "sunrise dawn morning early",
    "mist": "mist misty fog foggy haze rainforest jungle",
    "day": "day noon sunny bright summer afternoon blue",
}
_SEASONS: Final = {
    "snow": (
        "snow snowy winter ice icy frozen christmas arctic frost snowman penguin blizzard glacier "
        "polar iceberg"
    ),
    "autumn": "autumn fall october leaves harvest autumnal maple pumpkin",
    "spring": "spring blossom cherry sakura april bloom blooming",
}
_SUBJECTS: Final = {
    "fox": "fox foxes vixen",
    "cat": "cat kitten kitty tabby",
    "dog": "dog puppy corgi hound wolf wolves husky",
    "owl": "owl",
    "rabbit": "rabbit bunny hare",
    "bear": "bear panda cub",
    "deer": "deer stag elk moose reindeer fawn",
    "bird": "bird robin sparrow parrot duck",
    "whale": "whale orca dolphin",
    "fish": "fish goldfish koi",
    "boat": "boat sailboat ship sailing yacht sail pirate canoe",
    "lighthouse": "lighthouse beacon",
    "house": "house home cottage cabin hut barn farmhouse village",
    "castle": "castle palace fortress kingdom",
    "windmill": "windmill",
    "tree": "tree oak maple willow cherry sakura",
    "robot": "robot android droid mech",
    "rocket": "rocket spaceship spacecraft shuttle",
    "balloon": "balloon airship",
    "tent": "tent camp camping campfire",
    "person": (
        "person man woman girl boy child astronaut wizard knight samurai hiker people portrait queen king"
    ),
    "dragon": "dragon",
    "snowman": "snowman",
    "cup": "cup mug coffee tea teapot latte",
    "flower": "flower rose tulip sunflower daisy orchid",
    "mushroom": "mushroom toadstool",
    "car": "car taxi van truck",
    "butterfly": "butterfly butterflies moth",
}
_COLOURS: Final = {
    "red": "d9452f", "orange": "ee8434", "yellow": "f2c14e", "golden": "eab13c", "green": "4f9d69",
    "teal": "2a9d8f", "blue": "3f7cc4", "purple": "8257b5", "violet": "8257b5", "pink": "ec87b1",
    "white": "f4f1ea", "black": "2c2b33", "grey": "8d939c", "gray": "8d939c", "brown": "8a5a3c",
    "silver": "b9c2cc", "turquoise": "43b9b9",
}  # fmt: skip
# Where a subject is at home, when the prompt names no place.
_HOMES: Final = {"fish": "deep", "whale": "sea", "rocket": "space", "robot": "meadow", "dragon": "mountains"}
# What a prompt gets that says nothing of all this; a subject alone gets one of the places below them.
_PLAIN: Final = (
    ("mountains", "balloon"), ("lake", "boat"), ("sea", "lighthouse"), ("meadow", "house"),
    ("forest", "deer"), ("mountains", "tent"), ("lake", ""), ("meadow", "tree"), ("desert", "balloon"),
    ("meadow", "windmill"), ("mountains", ""), ("city", ""), ("sea", "boat"), ("deep", "fish"),
    ("space", "rocket"),
)  # fmt: skip
_OPEN_PLACES: Final = ("meadow", "mountains", "lake", "forest", "mountains", "meadow")
_PLAIN_TIMES: Final = ("sunset", "morning", "day", "dusk", "sunset", "night", "mist", "day")


@dataclass(frozen=True)
class Brief:
    """What is to be drawn.

    Attributes:
        place: Where it is.
        mood: The name of its colours.
        season: snow, autumn, spring or nothing.
        subjects: What the picture shows; the first one large.
        coat: The colour that the prompt gives the subject.
        words: Every word of the prompt, for small extras.
    """

    place: str
    mood: str
    season: str
    subjects: tuple[str, ...]
    coat: Colour | None
    words: frozenset[str] = field(repr=False)

    def says(self, *words: str) -> bool:
        """Tell whether the prompt has any of these words."""
        return not self.words.isdisjoint(words)


def understand(prompt: str, chance: Random) -> Brief:
    """Read a prompt; what it leaves open is left to chance."""
    words = [
        word for word in re.findall(r"[a-z]+", unicodedata.normalize("NFKD", prompt).lower()) if word != "a"
    ]
    # A plural counts as the word itself too.
    words = [form for word in words for form in ((word, word[:-1]) if word.endswith("s") else (word,))]
    subjects = _every(_SUBJECTS, words)
    season = _first(_SEASONS, words)
    time = _first(_TIMES, words)
    place = _first(
        _PLACES, words, skip={word for words_of in map(str.split, _SUBJECTS.values()) for word in words_of}
    )
    place = place or next((_HOMES[one] for one in subjects if one in _HOMES), "") or _first(_PLACES, words)
    # Drawn in any case, so that a seed's later choices do not depend on what the words settled.
    plain = _PLAIN[chance.randrange(len(_PLAIN))]
    open_place = _OPEN_PLACES[chance.randrange(len(_OPEN_PLACES))]
    plain_time = _PLAIN_TIMES[chance.randrange(len(_PLAIN_TIMES))]
    if not place and subjects:
        place = open_place
    elif not place:
        place, subjects = plain[0], (plain[1],) if plain[1] else ()
    return Brief(
        place, _mood(place, season, time, plain_time), season, subjects, _coat(words), frozenset(words)
    )


def _mood(place: str, season: str, time: str, plain: str) -> str:
    if place in ("deep", "space"):
        return place
    if place == "street":
        return "neon"
    if time:
        return time
    if season:
        return season
    if place == "desert":
        return "desert"
    if place == "forest" and plain == "day":
        return "mist"
    if place == "city" and plain in ("mist", "day"):
        return "sunset"
    return plain


def _every(groups: dict[str, str], words: list[str]) -> tuple[str, ...]:
    """Return the groups that words belong to, in the order of the words, each once."""
    found = [name for word in words for name, members in groups.items() if word in members.split()]
    return tuple(dict.fromkeys(found))


def _first(groups: dict[str, str], words: list[str], skip: set[str] = frozenset()) -> str:  # type: ignore[assignment]
    """Return the first group, in the order of the groups, that a word belongs to."""
    for name, members in groups.items():
        if any(word in members.split() and word not in skip for word in words):
            return name
    return ""


def _coat(words: list[str]) -> Colour | None:
    """Return the colour that stands shortly before a subject's word."""
    subject_words = {word for members in _SUBJECTS.values() for word in members.split()}
    for index, word in enumerate(words):
        if word in subject_words:
            for before in reversed(words[max(0, index - 3) : index]):
                if before in _COLOURS:
                    return rgb(_COLOURS[before])
    return None

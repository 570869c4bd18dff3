"""Times of day and weathers: the colours that a scene is made of."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Literal

from .colour import Colour, Stops, rgb, stops


@dataclass(frozen=True)
class Mood:
    """The colours of a scene.

    Attributes:
        sky: From the zenith to the horizon.
        sun: The colour of the sun or the moon.
        light: The colour of the light: what has a colour of its own is multiplied with it.
        haze: What far things fade into.
        near: What near things are, where they have no colour of their own.
        ground: Ground in the foreground.
        orb: What stands in the sky.
        stars: How many stars there are, from 0 to 1.
        clouds: How much of the sky is cloud, from 0 to 1.
        cloud: The colour of clouds.
    """

    sky: Stops
    sun: Colour
    light: Colour
    haze: Colour
    near: Colour
    ground: Colour
    orb: Literal["sun", "moon", "none"] = "sun"
    stars: float = 0.0
    clouds: float = 0.4
    cloud: Colour = (255, 255, 255)

    @property
    def is_dark(self) -> bool:
        """Whether windows are lit."""
        return sum(self.light) < 560


def _mood(sky: str, sun: str, light: str, haze: str, near: str, ground: str, cloud: str = "ffffff") -> Mood:
    return Mood(stops(sky), rgb(sun), rgb(light), rgb(haze), rgb(near), rgb(ground), cloud=rgb(cloud))


MOODS: Final[dict[str, Mood]] = {
    "day": _mood("3d8ed8 6db4ea a8d8f0 e3f2ee fdf1d8", "fff6d8", "ffffff", "c3dfe8", "2f6a5c", "5f9b5a"),
    "morning": _mood(
        "5b7fc0 93a6d4 d7b9cb f6c7b0 fde6c4", "fff1cf", "fff0e2", "efcdbf", "43526f", "6f8a67", "ffe9dc"
    ),
    "sunset": _mood(
        "2c2e63 6a4585 c95c7c f58a64 fdbd72 ffe3a8",
        "fff2c8",
        "f3c2ab",
        "f3a47c",
        "2c1d42",
        "46304f",
        "ffb48c",
    ),
    "dusk": _mood(
        "151b41 31366f 6d5190 b96f92 eb9f92 f8cfae",
        "fbeede",
        "b9a8cf",
        "c08aa0",
        "171636",
        "292550",
        "c98fa8",
    ),
    "night": _mood(
        "060a20 0c1840 15305f 274e82 4c78a4", "f6f1dc", "8a9ccb", "456f9c", "060c20", "101c38", "53719c"
    ),
    "storm": _mood(
        "161e28 2b3842 4a5a63 76868a a5b0ab", "d9e2dd", "9db0bc", "7e8f93", "10181e", "2a3638", "222d36"
    ),
    "snow": _mood("6d97c8 9dbcdd c9dbea ecebec fdeadb", "fff4e0", "f2f4fb", "dde5ee", "4a6a86", "eff4fa"),
    "autumn": _mood(
        "5e86aa 96b2bb d9cfb0 f7d9a0 fde6b4", "fff3cc", "ffeacb", "eecb98", "5a3524", "b4793a", "fff2da"
    ),
    "spring": _mood("6fb4e4 a5d6ee d8ecec fbe6e8 fdeadb", "fff8e0", "ffffff", "dfe9e0", "4c8a6c", "8cc26c"),
    "mist": _mood("3f6a6c 7ba39a b5cdb8 e0e8cc f6f2da", "fbf7de", "dfeada", "c8d8bf", "173a38", "2f5a45"),
    "desert": _mood(
        "2f79ac 7fb6c6 cfd9bd f8d8a0 f9bd7e", "fff4d2", "ffeacb", "f0c08e", "7c3b2c", "d98f52", "fff0da"
    ),
    "neon": _mood(
        "070318 1a0839 46105f 97206f f0508a ffab8c",
        "ff9ac2",
        "a99ad8",
        "7c2a7c",
        "0a0620",
        "160c30",
        "8c2f80",
    ),
    "space": _mood(
        "03040f 070a22 0e1136 1b184a 2a1f58", "fff6e4", "c3c8ee", "3c2f70", "0c0f26", "55586f", "5a3f94"
    ),
    "deep": _mood(
        "7fd6dc 37a6c2 1674a2 0c4b80 082a57 061a3c", "e8fff4", "e2f2f4", "1a6c98", "04162f", "123f5e"
    ),
    "aurora": _mood(
        "040a1e 081a38 0c3050 16566a 2f8a86", "f1f4e4", "8fb6c6", "2d6f7c", "040d1c", "c3d8e6", "2f7f86"
    ),
}
MOODS["night"] = replace(MOODS["night"], orb="moon", stars=1.0, clouds=0.25)
MOODS["dusk"] = replace(MOODS["dusk"], orb="moon", stars=0.35, clouds=0.35)
MOODS["aurora"] = replace(MOODS["aurora"], orb="none", stars=0.9, clouds=0.0)
MOODS["space"] = replace(MOODS["space"], orb="none", stars=1.0, clouds=0.0)
MOODS["neon"] = replace(MOODS["neon"], orb="none", stars=0.15, clouds=0.35)
MOODS["storm"] = replace(MOODS["storm"], orb="none", clouds=1.0)
MOODS["mist"] = replace(MOODS["mist"], clouds=0.0)
MOODS["deep"] = replace(MOODS["deep"], orb="none", clouds=0.0)

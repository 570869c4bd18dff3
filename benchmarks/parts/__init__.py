"""The parts of the benchmark, and how thorough a run of them is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Effort:
    """How much is done, in rounds and sizes; the whole takes some minutes."""

    rounds: int = 11
    few_rounds: int = 5  # where a turn takes longer, or the clients are far apart
    seconds: float = 0.2  # how long one client's turn lasts, roughly
    levels: tuple[int, ...] = (1, 16, 64, 256)
    waves: int = 3
    wave: int = 64
    crowd: int = 256
    base64_megabytes: tuple[int, ...] = (1, 10, 50)
    megabytes: int = 50
    many_calls: int = 100_000


FULL = Effort()
# To see that everything still works; its numbers mean nothing.
TINY = Effort(
    rounds=1,
    few_rounds=1,
    seconds=0.01,
    levels=(4,),
    waves=1,
    wave=4,
    crowd=4,
    base64_megabytes=(1,),
    megabytes=1,
    many_calls=100,
)

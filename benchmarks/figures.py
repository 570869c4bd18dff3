"""Numbers from rounds: medians, the middle half of the rounds, and ratios round by round."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.clients import BASELINE
from benchmarks.crew import Result, Rounds


@dataclass(frozen=True)
class Spread:
    """The median, and the middle half."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        """Return the spread of ``values``, one of each round."""
        if len(values) == 1:
            return cls(values[0], values[0], values[0])
        low, median, high = statistics.quantiles(values, n=4, method="inclusive")
        return cls(median, low, high)


@dataclass(frozen=True)
class Quantity:
    """What is measured: its unit, its formula, and whether a ratio to the baseline means something."""

    unit: str
    formula: Callable[[Result], float]
    compared: bool = True


@dataclass(frozen=True)
class Figure:
    """What a client measured at a quantity; the ratio is to the baseline in the same round."""

    unit: str
    value: Spread
    ratio: Spread | None


@dataclass(frozen=True)
class Table:
    """What the clients did at one job: a row for each, a figure for each quantity."""

    job: str
    baseline: str
    rows: dict[str, dict[str, Figure]]


@dataclass(frozen=True)
class Part:
    """A part of the benchmark."""

    name: str
    title: str
    note: str
    tables: list[Table]


def table(job: str, rounds: Rounds, quantities: Mapping[str, Quantity], baseline: str = BASELINE) -> Table:
    """Return the table of these rounds."""
    rows: dict[str, dict[str, Figure]] = {}
    for client, results in rounds.items():
        rows[client] = {}
        for name, quantity in quantities.items():
            values = [quantity.formula(result) for result in results]
            ratio = None
            base = [quantity.formula(result) for result in rounds[baseline]] if quantity.compared else []
            if base and all(base):
                ratio = Spread.of([ours / theirs for ours, theirs in zip(values, base, strict=True)])
            rows[client][name] = Figure(quantity.unit, Spread.of(values), ratio)
    return Table(job, baseline, rows)

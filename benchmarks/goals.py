"""What we want to reach, and whether a run did."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from benchmarks.clients import DURABLE, FASTER, OURS
from benchmarks.figures import Part


@dataclass(frozen=True)
class Goal:
    """A bound on one of our figures, or on its ratio to plain httpx."""

    text: str
    part: str
    job: str
    figure: str
    bound: float
    unit: str = "× httpx"
    at_least: bool = False
    row: str = OURS


FSYNC = f"× {DURABLE}"
ASYNC = f"{OURS}, async, 16 at once"
GOALS = (
    Goal("CPU per sync call", "sync", "sync", "CPU per call", 1.05),
    Goal("async calls per second, 64 at once", "async", "64 at once", "calls per second", 4, at_least=True),
    Goal("async calls per second, 256 at once", "async", "256 at once", "calls per second", 4, at_least=True),
    Goal(
        "slow server: share of the ideal", "slow", "waves", "share of the ideal rate", 94, "%", at_least=True
    ),
    Goal("slow server: connections opened anew", "slow", "waves", "connections opened", 0, ""),
    Goal("base64 of 10 MB: time", "base64", "10 MB", "time", 0.5),
    Goal("base64 of 10 MB, with the extra `speed`: time", "base64", "10 MB", "time", 0.5, row=FASTER),
    Goal("base64 of 10 MB: memory per byte", "base64", "10 MB", "memory per byte", 2.5, "bytes"),
    Goal("URL to disk: time", "download", "sync", "time", 1),
    Goal("URL to disk, both with fsync: time", "download", "sync, fsync", "time", 1, FSYNC),
    Goal("URL to disk: extra memory", "download", "sync", "extra memory", 2, "MB"),
    Goal("URL to disk, async: time", "download", "async", "time", 1),
    Goal("URL to disk, async, both with fsync: time", "download", "async, fsync", "time", 1, FSYNC),
    Goal("URL to disk, async: extra memory", "download", "async", "extra memory", 2, "MB"),
    Goal("import: CPU", "startup", "import", "CPU", 1.15),
    Goal("the command line's help: CPU", "startup", "qubrid --help", "CPU", 2, "× click alone"),
    Goal("growth over 100,000 calls", "growth", "growth", "growth", 1, "MB"),
    Goal("growth over 100,000 calls, async", "growth", "growth", "growth", 1, "MB", row=ASYNC),
)


@dataclass(frozen=True)
class Verdict:
    """A goal, and what was measured."""

    goal: str
    bound: str
    measured: float
    met: bool


def verdicts(parts: Iterable[Part]) -> list[Verdict]:
    """Return a verdict for each goal of these parts."""
    tables = {(part.name, table.job): table for part in parts for table in part.tables}
    made = []
    for goal in GOALS:
        table = tables.get((goal.part, goal.job))
        if table is None:
            continue
        figure = table.rows[goal.row][goal.figure]
        spread = figure.ratio if goal.unit.startswith("×") else figure.value
        assert spread is not None
        measured = round(spread.median, 2)  # as it is shown
        met = measured >= goal.bound if goal.at_least else measured <= goal.bound
        bound = f"{'≥' if goal.at_least else '≤'} {goal.bound:g} {goal.unit}" if goal.bound else "none"
        made.append(Verdict(goal.text, bound, measured, met))
    return made

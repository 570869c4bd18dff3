"""Memory: with many calls at once, and after very many calls."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from benchmarks.clients import BASELINE, OURS, Flavour, peers
from benchmarks.crew import Result, Server, alone, crew, take_turns
from benchmarks.figures import Part, Quantity, table
from benchmarks.parts import Effort

_PEAK = Quantity("MB", lambda result: result["peak"] / 1e6)
_KEPT = Quantity("MB", lambda result: result["kept"] / 1e6, compared=False)
_PER_CALL = Quantity("bytes", lambda result: result["kept"] / result["calls"], compared=False)


def measure_memory(server: Server, effort: Effort) -> Part:
    """Measure how far a fresh process grows when it makes many calls at once."""

    def turn(name: str) -> Result:
        return alone(name, "async", f"{server.http}/slow", job="crowd", level=effort.crowd)

    rounds = take_turns(peers("async"), effort.few_rounds, turn)
    note = (
        "How far the resident size of a fresh process that has made one call rises. The server takes 200 ms, "
        "so that all are under way together, as far as the client lets them (httpx and aiohttp let 100)."
    )
    name = f"Memory at {effort.crowd} calls at once"
    return Part("memory", name, note, [table(f"{effort.crowd} at once", rounds, {"memory": _PEAK})])


def measure_growth(server: Server, effort: Effort) -> Part:
    """Measure how much more memory a client holds after very many calls; time is not measured."""
    runs: list[tuple[str, str, Flavour, int]] = [
        (BASELINE, BASELINE, "sync", 1),
        (OURS, OURS, "sync", 1),
        (f"{OURS}, async, 16 at once", OURS, "async", 16),
    ]

    def run(name: str, flavour: Flavour, level: int) -> Result:
        with crew([name], flavour, f"{server.http}/fast") as workers:
            workers[name].ask(job="calls", count=effort.many_calls // 20, level=level)
            result: Result = workers[name].ask(job="calls", count=effort.many_calls, level=level)
        return result

    with ThreadPoolExecutor() as pool:
        seen = list(pool.map(run, *zip(*[options for _, *options in runs], strict=True)))
    rounds = {label: [result] for (label, *_), result in zip(runs, seen, strict=True)}
    note = (
        f"How much more memory a process holds after {effort.many_calls:,} calls through one client than "
        f"before, once it has warmed up with a twentieth as many. Less than a megabyte is noise."
    )
    tables = [table("growth", rounds, {"growth": _KEPT, "per call": _PER_CALL})]
    return Part("growth", f"Memory over {effort.many_calls:,} calls", note, tables)

"""Large pictures: as base64 in the answer, and from a URL to disk."""

from __future__ import annotations

import tempfile
import zlib
from collections.abc import Iterator

from benchmarks.clients import BASELINE, DURABLE, FASTER, OURS, Flavour, peers
from benchmarks.crew import Result, Rounds, Server, alone, take_turns
from benchmarks.figures import Part, Quantity, Table, table
from benchmarks.parts import Effort
from benchmarks.server import MEGABYTE

_TIME = Quantity("ms", lambda result: result["wall"] * 1e3)
_CPU = Quantity("ms", lambda result: result["cpu"] * 1e3)
_EXTRA = Quantity("MB", lambda result: result["peak"] / 1e6, compared=False)
_ASYNC = (BASELINE, OURS, FASTER, "aiohttp")
_FLAVOURS: tuple[Flavour, ...] = ("sync", "async")


def measure_base64(server: Server, effort: Effort) -> Part:
    """Measure the time and the memory until the bytes of a picture are at hand."""
    note = (
        "From the call to the picture's bytes. Each turn is a fresh process that has had a small picture "
        "before. Memory is how far its resident size rose, per byte of the picture (which is itself 1). The "
        "bare socket only receives."
    )
    return Part("base64", "Pictures as base64", note, list(_base64(server, effort)))


def _base64(server: Server, effort: Effort) -> Iterator[Table]:
    jobs: list[tuple[Flavour, int]] = [("sync", size) for size in effort.base64_megabytes]
    for flavour, size in [*jobs, ("async", 10)]:

        def turn(name: str, flavour: Flavour = flavour, size: int = size) -> Result:
            return alone(name, flavour, f"{server.http}/base64-{size}", job="image")

        # The others do as in sync calls.
        names = [name for name in peers(flavour, "image") if flavour == "sync" or name in _ASYNC]
        rounds = _checked(take_turns(names, effort.few_rounds, turn))
        yield table(
            f"{size} MB" if flavour == "sync" else f"{size} MB, async",
            rounds,
            {"time": _TIME, "CPU": _CPU, "memory per byte": _per_byte(size)},
        )


def measure_download(server: Server, effort: Effort) -> Part:
    """Measure the time and the memory until a picture is on disk."""
    note = (
        "From the URL to the file. Each turn is a fresh process that has fetched a small one before. The "
        "file of qubrid-facade is there whole or not at all, and outlives a power cut: it waits for the disk "
        "(fsync), which the others do not, and whose time is the disk's. So it is compared with httpx that "
        "waits, too."
    )
    quantities = {"time": _TIME, "CPU": _CPU, "extra memory": _EXTRA}
    tables = []
    for flavour in _FLAVOURS:

        def turn(name: str, flavour: Flavour = flavour) -> Result:
            base = f"{server.http}/link-{effort.megabytes}"
            with tempfile.TemporaryDirectory(dir=server.folder) as folder:
                return alone(name, flavour, base, job="download", path=f"{folder}/picture.png")

        rounds = _checked(take_turns(peers(flavour, "download"), effort.few_rounds, turn))
        tables.append(table(flavour, {name: rounds[name] for name in rounds if name != DURABLE}, quantities))
        durable = {name: rounds[name] for name in (DURABLE, OURS)}
        tables.append(table(f"{flavour}, fsync", durable, quantities, baseline=DURABLE))
    return Part("download", f"{effort.megabytes} MB from a URL to disk", note, tables)


def _per_byte(megabytes: int) -> Quantity:
    return Quantity("", lambda result: result["peak"] / megabytes / MEGABYTE, compared=False)


def _checked(rounds: Rounds) -> Rounds:
    """Return the rounds, if every client got the same picture; the bare socket does not look at some."""
    sums = {result["sum"] for results in rounds.values() for result in results} - {zlib.crc32(b"")}
    assert len(sums) == 1, sums
    return rounds

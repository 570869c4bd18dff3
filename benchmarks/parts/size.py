"""What installing a client puts on the disk."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from benchmarks.clients import OURS, PEERS
from benchmarks.crew import ROOT, Rounds, Server
from benchmarks.figures import Part, Quantity, table
from benchmarks.parts import Effort

_QUANTITIES = {
    "size": Quantity("MB", lambda result: result["size"] / 1e6),
    "packages": Quantity("", lambda result: result["packages"]),
}


def measure(_server: Server, _effort: Effort) -> Part:
    """Add up the files of each client and of all that it requires."""
    rounds: Rounds = {}
    for peer in PEERS:
        if peer.distribution and peer.statement and peer.installed:
            needed = _needed(peer.distribution)
            rounds[peer.name] = [{"size": sum(map(_size, needed)), "packages": len(needed)}]
    note = (
        "Each client with all that it requires, extras not asked for, without byte code, as installed here."
    )
    return Part("size", "Installed size", note, [table("installed", rounds, _QUANTITIES)])


def _needed(name: str) -> set[str]:
    """Return the names of what installing ``name`` brings, itself included."""
    seen: set[tuple[str, str]] = set()
    waiting = [(name, "")]
    while waiting:
        name, extra = waiting.pop()
        if (name, extra) in seen:
            continue
        seen.add((name, extra))
        for text in metadata.requires(name) or []:
            wanted = Requirement(text)
            if wanted.marker is None or wanted.marker.evaluate({"extra": extra}):
                waiting += [(canonicalize_name(wanted.name), more) for more in ("", *wanted.extras)]
    return {name for name, _ in seen}


def _size(name: str) -> int:
    files = _sources() if name == OURS else (Path(str(file.locate())) for file in metadata.files(name) or [])
    return sum(file.stat().st_size for file in files if file.is_file() and "__pycache__" not in file.parts)


def _sources() -> Iterator[Path]:
    """Give what goes into our wheel: here it is installed in a way that leaves the files where they are."""
    for folder in ("qubrid_facade", "generated/qubrid_api"):
        yield from (ROOT / folder).rglob("*")

"""What a call costs, beside plain httpx and other clients: ``python -m benchmarks``."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from benchmarks.clients import PEERS
from benchmarks.crew import ROOT, loopback
from benchmarks.goals import verdicts
from benchmarks.parts import FULL, TINY, calls, memory, pictures, size, startup
from benchmarks.report import facts, goals_grid, grid, text, write_docs

PARTS = {
    "sync": calls.measure_sync,
    "async": calls.measure_async,
    "slow": calls.measure_slow,
    "tls": calls.measure_tls,
    "base64": pictures.measure_base64,
    "download": pictures.measure_download,
    "memory": memory.measure_memory,
    "growth": memory.measure_growth,
    "startup": startup.measure,
    "size": size.measure,
}
KEPT = ROOT / "out" / "benchmarks.json"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what the arguments ask for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", metavar="PART", nargs="+", choices=PARTS, help=", ".join(PARTS))
    parser.add_argument(
        "--tiny", action="store_true", help="only see that it works; the numbers mean nothing"
    )
    parser.add_argument("--json", metavar="FILE", type=Path, default=KEPT, help="where the numbers go")
    parser.add_argument("--write-docs", action="store_true", help="put the tables into docs/benchmarks.md")
    options = parser.parse_args(arguments)
    for peer in PEERS:
        if not peer.installed:
            print(f"{peer.name} is left out: `make bench` installs it", file=sys.stderr)
    seen, started, parts = facts(), time.monotonic(), []
    with loopback() as server:
        for name in options.only or PARTS:
            began = time.monotonic()
            part = PARTS[name](server, TINY if options.tiny else FULL)
            parts.append(part)
            title = f"{part.title} ({name}, {time.monotonic() - began:.0f} s)"
            print(text(title, [grid(table) for table in part.tables]), flush=True)
    if goals := goals_grid(parts):
        print(text("Goals", [goals]))
    run = {"facts": seen, "goals": verdicts(parts), "parts": parts}
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(
        json.dumps(run, indent=1, ensure_ascii=False, default=asdict) + "\n", encoding="utf-8"
    )
    if options.write_docs:
        write_docs(seen, parts)
    print("\nMedians, and the middle half of the rounds; only the ratios (÷) can be compared between runs.")
    print(f"It took {time.monotonic() - started:.0f} s. The numbers are in {options.json}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())

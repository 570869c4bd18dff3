"""What a fresh process waits for: the import, the first call, the command line's help."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time

from benchmarks.clients import OURS, PEERS, Peer
from benchmarks.crew import ROOT, Result, Server, environment, take_turns
from benchmarks.figures import Part, Quantity, table
from benchmarks.parts import Effort

# Where click and rich are installed, httpx imports them. They are here, but not with every user.
_BEFORE = (
    "import sys, time; sys.modules['click'] = None; wall, cpu = time.perf_counter(), time.process_time()\n"
)
_AFTER = "\nprint([time.perf_counter() - wall, time.process_time() - cpu])"
_SYNC = "from benchmarks.peers.{module} import Sync\nSync({base!r}).call()"
_ASYNC = """import asyncio
from benchmarks.peers.{module} import Async
async def main():
    client = Async({base!r})
    await client.call()
    await client.close()
asyncio.run(main())"""
_QUANTITIES = {
    "CPU": Quantity("ms", lambda result: result["cpu"] * 1e3),
    "time": Quantity("ms", lambda result: result["wall"] * 1e3),
}


def measure(server: Server, effort: Effort) -> Part:
    """Measure imports, everything up to the first answer, and the command line's help."""
    chosen = {peer.name: peer for peer in PEERS if peer.statement and peer.installed}
    helps = {"click alone": ["-c", "import click"], OURS: ["-m", "qubrid_facade", "--help"]}

    def imported(name: str) -> Result:
        return _clocked(str(chosen[name].statement))

    def called(name: str) -> Result:
        return _clocked(_first_call(chosen[name], f"{server.http}/fast"))

    jobs = [("import", list(chosen), imported), ("import and first call", list(chosen), called)]
    tables = []
    for job, names, turn in jobs:
        take_turns(names, 1, turn)  # writes the byte code
        tables.append(table(job, take_turns(names, effort.rounds, turn), _QUANTITIES))
    rounds = take_turns(helps, effort.rounds, lambda name: _whole(helps[name]))
    tables.append(table("qubrid --help", rounds, _QUANTITIES, baseline="click alone"))
    note = (
        "The import of both clients, and that and the first call (aiohttp's by asyncio.run), counted from an "
        "interpreter that has started, without click; the command line's help, counted with the "
        "interpreter's start and end, and beside it an interpreter that only imports click."
    )
    return Part("startup", "A fresh process", note, tables)


def _first_call(peer: Peer, base: str) -> str:
    return (_SYNC if peer.sync else _ASYNC).format(module=peer.module, base=base)


def _run(*arguments: str) -> str:
    command = [sys.executable, *arguments]
    return subprocess.run(
        command, env=environment(), cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout


def _clocked(code: str) -> Result:
    wall, cpu = json.loads(_run("-c", _BEFORE + code + _AFTER))
    return {"wall": wall, "cpu": cpu}


def _whole(arguments: list[str]) -> Result:
    wall, cpu = time.perf_counter(), _cpu_of_children()
    _run(*arguments)
    return {"wall": time.perf_counter() - wall, "cpu": _cpu_of_children() - cpu}


def _cpu_of_children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime

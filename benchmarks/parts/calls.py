"""Many small calls: one after the other, several at once, and in waves against a slow server."""

from __future__ import annotations

from benchmarks.clients import Flavour, peers
from benchmarks.crew import Process, Result, Server, crew, take_turns
from benchmarks.figures import Part, Quantity, Table, table
from benchmarks.parts import Effort
from benchmarks.server import SLOW_SECONDS

_CPU = Quantity("µs", lambda result: result["cpu"] / result["calls"] * 1e6)
_TIME = Quantity("µs", lambda result: result["wall"] / result["calls"] * 1e6)
_RATE = Quantity("1/s", lambda result: result["calls"] / result["wall"])
_SERVER = Quantity(
    "µs", lambda result: result["server_cpu"] / result["server_requests"] * 1e6, compared=False
)
_SHARE = Quantity("%", lambda result: 100 * SLOW_SECONDS * result["waves"] / result["wall"], compared=False)
_OPENED = Quantity("", lambda result: result["server_connections"], compared=False)


def measure_sync(server: Server, effort: Effort) -> Part:
    """Measure the sync clients."""
    note = (
        "One call after the other on a connection that stays open; the answer names a URL. CPU is that of "
        "the client's process; the last column has the server's."
    )
    return Part("sync", "Sync calls", note, _steady(server, "sync", server.http, effort, (1,)))


def measure_async(server: Server, effort: Effort) -> Part:
    """Measure the async clients."""
    note = "So many tasks at once, each making one call after the other; the answer names a URL."
    return Part("async", "Async calls", note, _steady(server, "async", server.http, effort, effort.levels))


def measure_slow(server: Server, effort: Effort) -> Part:
    """Measure waves of calls."""
    note = (
        f"{effort.wave} calls at once, and when all are answered the next {effort.wave}; the server takes "
        f"{SLOW_SECONDS * 1000:.0f} ms for each. At the ideal rate, nothing comes on top of that. A first "
        f"wave, which connects, is not counted; connections are those of the {effort.waves} waves after it."
    )
    return Part("slow", "Waves against a slow server", note, [_waves(server, server.http, effort, "waves")])


def measure_tls(server: Server, effort: Effort) -> Part:
    """Measure sync calls, calls at once and waves over TLS."""
    note = (
        "As above, over TLS. The encryption costs all clients the same, so that ratios come nearer to one; "
        "but each connection that is opened anew costs a handshake."
    )
    tables = [
        *_steady(server, "sync", server.https, effort, (1,), "sync, TLS"),
        *_steady(server, "async", server.https, effort, (effort.wave,), f"{effort.wave} at once, TLS"),
        _waves(server, server.https, effort, "waves, TLS"),
    ]
    return Part("tls", "Calls over TLS", note, tables)


def _steady(
    server: Server, flavour: Flavour, base: str, effort: Effort, levels: tuple[int, ...], job: str = ""
) -> list[Table]:
    made = []
    rounds = effort.rounds if flavour == "sync" else effort.few_rounds
    with crew(peers(flavour), flavour, f"{base}/fast", **server.trust) as workers:
        for level in levels:
            counts = {name: _count(worker, effort, level) for name, worker in workers.items()}

            def turn(name: str, level: int = level, counts: dict[str, int] = counts) -> Result:
                return server.watched(lambda: workers[name].ask(job="calls", count=counts[name], level=level))

            quantities = {"CPU per call": _CPU, "time per call": _TIME, "server's CPU": _SERVER}
            if flavour == "async":
                quantities = {"calls per second": _RATE, "CPU per call": _CPU, "server's CPU": _SERVER}
            title = job or (flavour if flavour == "sync" else f"{level} at once")
            made.append(table(title, take_turns(workers, rounds, turn), quantities))
    return made


def _count(worker: Process, effort: Effort, level: int) -> int:
    """Return how many calls fill a turn; the calls that find it out also warm everything up."""
    result = worker.ask(job="calls", count=max(20, level), level=level)
    return max(20, level, int(effort.seconds * result["calls"] / result["wall"]))


def _waves(server: Server, base: str, effort: Effort, job: str) -> Table:
    def turn(name: str) -> Result:
        # Clients drop connections that have been idle for seconds, as they were during the others' turns.
        workers[name].ask(job="waves", count=1, level=effort.wave)
        return server.watched(lambda: workers[name].ask(job="waves", count=effort.waves, level=effort.wave))

    with crew(peers("async"), "async", f"{base}/slow", **server.trust) as workers:
        rounds = take_turns(workers, effort.few_rounds, turn)
    return table(
        job, rounds, {"share of the ideal rate": _SHARE, "CPU per call": _CPU, "connections opened": _OPENED}
    )

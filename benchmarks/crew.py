"""The parent's side: the server and the clients, each in a process of its own, taking turns."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import trustme

from benchmarks.clients import Flavour

ROOT = Path(__file__).parent.parent
# Proxies have no business on loopback, keys of the user's none here, and debug modes would be measured.
_UNWANTED = (
    "http_proxy",
    "https_proxy",
    "all_proxy",
    "no_proxy",
    "qubrid_",
    "openai_",
    "python",
    "ssl_cert_",
)

Result = dict[str, float]
Rounds = dict[str, list[Result]]


def environment(**changes: str) -> dict[str, str]:
    """Return the environment for a process that measures."""
    kept = {name: value for name, value in os.environ.items() if not name.lower().startswith(_UNWANTED)}
    return {**kept, "PYTHONPATH": str(ROOT), **changes}


class Process:
    """A child that answers lines of JSON with lines of JSON, and ends when its input does."""

    def __init__(self, module: str, *arguments: str, **changes: str) -> None:
        command = [sys.executable, "-m", module, *arguments]
        self._child = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment(**changes),
            cwd=ROOT,
        )
        assert self._child.stdin
        assert self._child.stdout
        self._input, self._output = self._child.stdin, self._child.stdout

    def read(self) -> Any:
        """Return the next line's value."""
        line = self._output.readline()
        if not line:
            raise RuntimeError(f"{self._child.args!r} ended with status {self._child.wait()}")
        return json.loads(line)

    def ask(self, **order: Any) -> Any:
        """Give an order and return what came of it."""
        self._input.write(json.dumps(order) + "\n")
        self._input.flush()
        return self.read()

    def end(self) -> None:
        """Let the child end, and wait for it."""
        try:
            self._input.close()
            self._child.wait(30)
        finally:
            self._child.kill()
            self._child.wait()
            self._output.close()


class Server(Process):
    """The server: its addresses, and what it counts."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        authority, certificate = trustme.CA(), folder / "server.pem"
        authority.cert_pem.write_to_path(str(folder / "authority.pem"))
        issued = authority.issue_cert("localhost").private_key_and_cert_chain_pem
        issued.write_to_path(str(certificate))
        super().__init__("benchmarks.server", str(certificate))
        plain, secure = self.read()
        self.http, self.https = f"http://127.0.0.1:{plain}", f"https://localhost:{secure}"
        self.trust = {"SSL_CERT_FILE": str(folder / "authority.pem")}

    def watched(self, job: Callable[[], Result]) -> Result:
        """Do ``job`` and add to its result what the server counted meanwhile."""
        before = self.ask()
        result = job()
        return {**result, **{f"server_{name}": value - before[name] for name, value in self.ask().items()}}


@contextmanager
def loopback() -> Iterator[Server]:
    """Give the server, and a folder for what is downloaded."""
    with tempfile.TemporaryDirectory(prefix="qubrid-bench-") as folder, ExitStack() as stack:
        server = Server(Path(folder))
        stack.callback(server.end)
        yield server


@contextmanager
def crew(names: Iterable[str], flavour: Flavour, base: str, **changes: str) -> Iterator[dict[str, Process]]:
    """Give a worker for each of the clients."""
    workers = {}
    with ExitStack() as stack:
        for name in names:
            workers[name] = Process("benchmarks.worker", name, flavour, base, **changes)
            stack.callback(workers[name].end)
        yield workers


def alone(name: str, flavour: Flavour, base: str, **order: Any) -> Result:
    """Let a fresh process do one job."""
    with crew([name], flavour, base) as workers:
        result: Result = workers[name].ask(**order)
    return result


def take_turns(names: Iterable[str], rounds: int, turn: Callable[[str], Result]) -> Rounds:
    """Let each of ``names`` take its turn once a round, in another order each time."""
    order = list(names)
    results: Rounds = {name: [] for name in order}
    dice = random.Random(0)
    for _ in range(rounds):
        for name in dice.sample(order, len(order)):
            results[name].append(turn(name))
    return results

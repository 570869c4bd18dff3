"""Running the command line, in this process and as one of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import qubrid_api

import qubrid_facade
from qubrid_facade.cli.app import run
from tests.support.clients import KEY
from tests.support.pictures import picture
from tests.support.wire import Received, WireServer, reply

PNG = picture("png")
# A test run in the background may have been told to ignore Ctrl-C, which its children inherit.
INTERRUPTIBLE = (
    "-c",
    (
        "import runpy, signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
        "runpy.run_module('qubrid_facade', run_name='__main__')"
    ),
)


@dataclass(frozen=True)
class Ran:
    """What a command came to."""

    status: int
    out: str
    err: str

    def __post_init__(self) -> None:
        assert KEY not in self.out + self.err

    @property
    def pictures(self) -> list[dict[str, Any]]:
        """The pictures that ``--json`` printed."""
        found: list[dict[str, Any]] = json.loads(self.out)
        return found

    @property
    def errors(self) -> list[dict[str, Any]]:
        """The errors that ``--json`` printed."""
        lines = [json.loads(line) for line in self.err.splitlines()]
        return [line["error"] for line in lines if "error" in line]


class Command:
    """The command line in this process, in an empty folder, with a key in the environment.

    It is called in-process because that is quick; ``start`` makes a real process of it.
    """

    def __init__(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.folder = folder
        self.monkeypatch = monkeypatch
        self._capsys = capsys
        monkeypatch.chdir(folder)
        monkeypatch.setenv("QUBRID_API_KEY", KEY)

    def __call__(self, *arguments: str) -> Ran:
        self._capsys.readouterr()
        status = run(list(arguments))
        return Ran(status, *self._capsys.readouterr())

    def generate(self, server: WireServer, *arguments: str) -> Ran:
        """Run ``qubrid generate`` against ``server``."""
        return self("generate", *arguments, "--base-url", server.base_url)

    def start(
        self, *arguments: str, python: tuple[str, ...] = ("-m", "qubrid_facade"), encoding: str = "utf-8"
    ) -> Process:
        """Start it as a process of its own, on a terminal of this encoding."""
        return Process([*python, *arguments], self.folder, encoding)

    def files(self) -> list[str]:
        """Return the files in the folder and below it."""
        return sorted(str(path.relative_to(self.folder)) for path in self.folder.rglob("*") if path.is_file())


class Process:
    """A command in a process of its own; a ``with`` block leaves none behind."""

    def __init__(self, arguments: list[str], folder: Path, encoding: str) -> None:
        roots = {str(Path(package.__path__[0]).parent) for package in (qubrid_facade, qubrid_api)}
        self.popen = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sorted(roots)), "PYTHONIOENCODING": encoding},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding=encoding,
        )

    def __enter__(self) -> Process:
        return self

    def __exit__(self, *_: object) -> None:
        self.popen.kill()
        self.popen.__exit__(None, None, None)

    def interrupt(self) -> None:
        """Do what Ctrl-C does."""
        self.popen.send_signal(signal.SIGINT)

    def wait(self) -> Ran:
        """Wait for its end."""
        with self:
            out, err = self.popen.communicate(timeout=60)
        return Ran(self.popen.returncode, out, err)


def service(*answers: bytes) -> WireServer:
    """Return a server that gives these answers in turn, the last one for good, and has pictures."""
    remaining = list(answers) or [made()]

    def handle(request: Received) -> bytes:
        if request.method == "GET":
            return reply(200, PNG, {"content-type": "image/png"})
        return remaining.pop(0) if len(remaining) > 1 else remaining[0]

    return WireServer(handle)


def made(url: str = "/files/a.png?signature=abc&x=1", request_id: str = "req-1") -> bytes:
    """Return the answer that names a picture."""
    return reply(200, {"created": 1710000000, "data": [{"url": url}]}, {"x-request-id": request_id})


def refusal(status: int, message: str = "no", headers: dict[str, str] | None = None, **fields: str) -> bytes:
    """Return an error of the service."""
    return reply(status, {"error": {"message": message, "request_id": "req-9", **fields}}, headers)


def asked(server: WireServer) -> list[dict[str, Any]]:
    """Return the bodies of the requests for pictures."""
    return [request.json for request in server.requests if request.method == "POST"]

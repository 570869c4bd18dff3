"""The sandbox from the command line: inside ``generate``, and as a server."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.cli import INTERRUPTIBLE, Command
from tests.support.clients import KEY


@pytest.fixture
def qubrid(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    command = Command(tmp_path, monkeypatch, capsys)
    monkeypatch.delenv("QUBRID_API_KEY")
    return command


def test_generate_needs_no_key_with_the_sandbox_inside(qubrid: Command) -> None:
    qubrid.monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    ran = qubrid("generate", "a red fox", "--sandbox", "-n", "2", "--seed", "7", "--output-format", "png")
    assert ran.status == 0
    assert re.fullmatch(
        r"a-red-fox.png  \(qwen-image, seed 7, request \S+\)\n"
        r"a-red-fox-2.png  \(qwen-image, seed 8, request \S+\)\n",
        ran.out,
    )
    assert ran.err == "These pictures are drawn by the sandbox, not by the service.\n"
    pictures = [(qubrid.folder / name).read_bytes() for name in qubrid.files()]
    assert all(content.startswith(b"\x89PNG") for content in pictures)
    assert pictures[0] != pictures[1]


def test_the_sandbox_serves_until_ctrl_c(qubrid: Command) -> None:
    qubrid.monkeypatch.setenv("QUBRID_API_KEY", KEY)
    with qubrid.start("sandbox", "--port", "0", "--script", "status=402", python=INTERRUPTIBLE) as process:
        assert process.popen.stdout is not None
        lines = [process.popen.stdout.readline() for _ in range(3)]
        found = re.fullmatch(r"  export QUBRID_BASE_URL=(http://127\.0\.0\.1:\d+/v1)\n", lines[1])
        assert found is not None
        assert qubrid("generate", "fox", "--base-url", found[1]).status == 6
        assert qubrid("generate", "fox", "--base-url", found[1]).status == 0
        process.interrupt()
        ran = process.wait()
    assert ran.status == 0
    assert re.match(r"POST /v1/images/generations: 402, [\d.]+ s\n", ran.err)
    assert ran.err.endswith("Stopped.\n")


def test_a_script_that_makes_no_sense_and_an_address_that_cannot_be_had(qubrid: Command) -> None:
    ran = qubrid("sandbox", "--script", "nonsense=1")
    assert (ran.status, "nonsense=1" in ran.err) == (2, True)
    # An address that is kept for documentation, and so nobody's.
    ran = qubrid("sandbox", "--host", "192.0.2.1")
    assert (ran.status, "192.0.2.1" in ran.err) == (3, True)


@pytest.mark.parametrize("arguments", [["sandbox"], ["generate", "fox", "--sandbox"]])
def test_without_the_extra_it_says_what_to_install(qubrid: Command, arguments: list[str]) -> None:
    hide = "import sys; sys.modules['werkzeug'] = None; "
    code = hide + "from qubrid_facade.__main__ import main; sys.exit(main())"
    ran = qubrid.start(*arguments, python=("-c", code)).wait()
    assert (ran.status, ran.out) == (3, "")
    assert 'pip install "qubrid-facade[sandbox]"' in ran.err
    assert len(ran.err.splitlines()) == 1

"""Every snippet of the README and the docs runs, against the sandbox, as a reader would run it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from qubrid_facade.sandbox import Sandbox
from tests.support.document import ROOT
from tests.support.pictures import picture

PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]
FENCE = re.compile(r"^```(\S*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(kind: str) -> list[tuple[str, str]]:
    """Return the fenced blocks of this kind, each with a name for the test."""
    found = []
    for page in PAGES:
        for number, (language, text) in enumerate(FENCE.findall(page.read_text(encoding="utf-8")), 1):
            if language == kind:
                found.append((f"{page.stem}-{number}", text))
    return found


def commands(program: str) -> list[tuple[str, str]]:
    """Return the lines of console blocks that call ``program``, each with a name for the test."""
    return [
        (f"{name}-{number}", line.removeprefix("$ "))
        for name, text in blocks("console")
        for number, line in enumerate(text.splitlines(), 1)
        if line.startswith(f"$ {program} ") or line == f"$ {program}"
    ]


def run(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    with Sandbox() as sandbox:
        environment = {
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
            "HOME": str(folder),
            "QUBRID_API_KEY": "any",
            "QUBRID_BASE_URL": sandbox.base_url,
        }
        return subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
        )


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in blocks("python")])
def test_a_python_snippet_runs(text: str, tmp_path: Path) -> None:
    done = run([sys.executable, "-W", "error", "-W", "ignore::ResourceWarning", "-c", text], tmp_path)
    assert done.returncode == 0, done.stderr
    # Logs go to stderr where they were asked for, and nothing else does.
    assert done.stderr == "" or "enable_logging" in text


@pytest.mark.parametrize("line", [pytest.param(line, id=name) for name, line in commands("qubrid")])
def test_a_command_runs(line: str, tmp_path: Path) -> None:
    # What the reader has by then: a key in a file, and a picture to start from.
    key_file = tmp_path / ".config" / "qubrid.key"
    key_file.parent.mkdir()
    key_file.touch(mode=0o600)
    key_file.write_text("any")
    if "--image fox.webp" in line:
        (tmp_path / "fox.webp").write_bytes(picture("webp"))
    if line.startswith("qubrid sandbox"):
        line = line.partition("#")[0] + " --help"  # it would serve until it is stopped
    done = run(["sh", "-c", line], tmp_path)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr


def test_every_word_of_make_that_is_named_exists() -> None:
    known = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for page in PAGES:
        named = set(re.findall(r"(?:^\$ |`)make ([a-z-]+)", page.read_text(encoding="utf-8"), re.MULTILINE))
        assert named <= known, page.name


def test_every_extra_and_every_link_that_is_named_exists() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"][
        "optional-dependencies"
    ]
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        assert set(re.findall(r"qubrid-facade\[(\w+)\]", text)) <= set(extras)
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", text):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_no_snippet_is_of_a_kind_that_is_not_tested() -> None:
    for page in PAGES:
        kinds = {language for language, _ in FENCE.findall(page.read_text(encoding="utf-8"))}
        assert kinds <= {"python", "console", "text", "json", "yaml", ""}, page.name

"""Folders of generated files: formatting one, comparing two, putting one in the place of another."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from tools import settings
from tools.problems import ToolError


def format_code(package: Path) -> None:
    """Sort the imports of, and format, every Python file under ``package``, with the pinned ruff.

    Raises:
        ToolError: ruff is missing, is another release, or cannot read the code.
    """
    try:
        installed = version("ruff")
    except PackageNotFoundError:
        installed = "no"
    if installed != settings.FORMATTER_VERSION:
        raise ToolError(
            f"{installed} ruff is beside {sys.executable}, and ruff {settings.FORMATTER_VERSION} is pinned: "
            "another release writes other code"
        )
    # Files by name, since ruff leaves out folders called build or dist; from their own folder, since it takes
    # what lies in the current one for first-party code.
    files = [path.relative_to(package.parent).as_posix() for path in sorted(package.rglob("*.py"))]
    options = ["--isolated", "--no-cache", "--quiet", "--target-version", "py311"]
    options += ["--line-length", str(settings.LINE_LENGTH)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("RUFF_")}
    for command in (["check", "--fix-only", "--select", "I"], ["format"]):
        done = subprocess.run(
            [sys.executable, "-P", "-m", "ruff", *command, *options, *files],
            cwd=package.parent,
            env=environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        if done.returncode:
            raise ToolError(
                f"ruff {command[0]} cannot handle the generated code", [done.stderr or done.stdout]
            )


def contents(folder: Path) -> dict[str, bytes]:
    """Return the bytes of every file under ``folder`` by its name; compiled code does not count."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.relative_to(folder).parts
    }


def differences(folder: Path, wanted: Path) -> list[str]:
    """Return, in words, every file by which ``folder`` is not what ``wanted`` is."""
    ours, theirs = contents(folder), contents(wanted)
    lines = [f"{name} is missing" for name in theirs.keys() - ours.keys()]
    lines += [f"{name} is too many" for name in ours.keys() - theirs.keys()]
    lines += [f"{name} differs" for name in ours.keys() & theirs.keys() if ours[name] != theirs[name]]
    return sorted(lines)


@contextlib.contextmanager
def workshop(parent: Path) -> Iterator[Path]:
    """Yield a new folder in ``parent``, and remove it afterwards, whatever happens."""
    parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=".gen-", dir=parent))
    try:
        yield folder
    finally:
        with _undisturbed():
            shutil.rmtree(folder)


def put_in_place(made: Path, target: Path) -> None:
    """Put the folder ``made`` in the place of ``target``: all of it, or nothing.

    ``made`` must be on the same file system; what was at ``target`` ends up beside ``made``.
    """
    for path in (made, *made.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    old = made.with_name("old")
    with _undisturbed():
        try:
            if target.exists():
                target.rename(old)
            made.rename(target)
        finally:
            if old.exists() and not target.exists():
                old.rename(target)


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Let Ctrl-C and its like wait until the end of the block."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM, signal.SIGHUP})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)

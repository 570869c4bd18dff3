"""``make gen``: turn the OpenAPI document into the package that the facade stands on."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from tools import settings
from tools.build import DOCUMENT_COPY, build, drift
from tools.document import Document, read
from tools.losses import losses
from tools.problems import ToolError
from tools.summary import summary
from tools.words import tolerate_narrow_terminals

_SHOWN = 8


def main(arguments: Sequence[str] | None = None) -> int:
    """Generate, or with ``--check`` compare; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tools.gen", description=__doc__)
    parser.add_argument(
        "--check", action="store_true", help="change nothing; fail if the package is not up to date"
    )
    parser.add_argument("--document", type=Path, default=settings.DOCUMENT, metavar="FILE")
    parser.add_argument("--config", type=Path, default=settings.CONFIG, metavar="FILE")
    parser.add_argument("--target", type=Path, default=settings.TARGET, metavar="FOLDER")
    options = parser.parse_args(arguments)
    try:
        if options.check:
            return _check(options.document, options.config, options.target)
        return _generate(options.document, options.config, options.target)
    except ToolError as exc:
        print(f"error: {exc}", file=sys.stderr)
        print(f"{_short(options.target)} is as it was.", file=sys.stderr)
        return 1
    except OSError as exc:
        print(f"error: {exc}\n{_short(options.target)} is whole.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"interrupted; {_short(options.target)} is whole.", file=sys.stderr)
        return 130


def _check(document: Path, config: Path, target: Path) -> int:
    found = drift(document, config, target)
    if not found:
        print(f"{_short(target)} is what {_short(document)} gives")
        return 0
    print(f"error: {_short(target)} is not what {_short(document)} gives:", file=sys.stderr)
    for line in found:
        print(f"  - {line}", file=sys.stderr)
    print("`make gen` is the remedy; what is changed there by hand is lost.", file=sys.stderr)
    return 1


def _generate(document: Path, config: Path, target: Path) -> int:
    before = _document_of(target)
    built = build(document, config, target)
    print(f"{_short(target)}: {built.files} files, {_told(built.changed, is_new=before is None)}")
    lost = losses(built.document)
    if lost:
        print("\nIn the document, and not in the generated code:")
        for line in lost:
            print(f"  - {line}")
    if before is not None:
        print(f"\n{summary(before, built.document)}")
    return 0


def _document_of(target: Path) -> Document | None:
    """Return the document that the package at ``target`` was made from, if there is one."""
    try:
        return read(target / DOCUMENT_COPY)[1]
    except ToolError:
        return None


def _told(changed: Sequence[str], *, is_new: bool) -> str:
    if not changed:
        return "all as they were"
    if is_new:
        return "all new"
    shown = "\n".join(f"  - {line}" for line in changed[:_SHOWN])
    more = f"\n  - and {len(changed) - _SHOWN} more" if len(changed) > _SHOWN else ""
    return f"replaced, because:\n{shown}{more}"


def _short(path: Path) -> Path:
    return path.relative_to(settings.ROOT) if path.is_relative_to(settings.ROOT) else path


if __name__ == "__main__":
    tolerate_narrow_terminals()
    # So that `kill` and a closed terminal clean up like Ctrl-C does.
    for _name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, _name):
            signal.signal(getattr(signal, _name), lambda number, _: sys.exit(128 + number))
    raise SystemExit(main())

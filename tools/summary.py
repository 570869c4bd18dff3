"""The changes of a document as text, for the changelog: ``python -m tools.summary OLD [NEW]``."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from tools import settings
from tools.change import Change, Effect
from tools.changes import compare
from tools.document import Document, fingerprint, read
from tools.problems import ToolError
from tools.words import tolerate_narrow_terminals

_HEADINGS = {
    Effect.LOSES: "Lost",
    Effect.MUST_CHANGE: "To change in code that uses it",
    Effect.GAINS: "Gained",
    Effect.NOTE: "To know",
}


def summary(old: Document, new: Document) -> str:
    """Return what a user of the library gains, loses and must change, and the version step for that."""
    try:
        found = compare(old, new)
    except (ToolError, AttributeError, LookupError, TypeError) as exc:
        # The old one may be anything: it is the one that is replaced.
        return f"What changed in the document cannot be told: {exc}"
    if not found:
        return f"The document's content is the same as before (SHA-256 {fingerprint(new)[:12]}…)."
    lines = [f"What changed in the document (SHA-256 {fingerprint(old)[:12]}… → {fingerprint(new)[:12]}…):"]
    for effect, heading in _HEADINGS.items():
        chosen = [change for change in found if change.effect is effect]
        if chosen:
            lines += ["", heading]
            lines += [
                f"  - [{'breaking' if change.breaking else 'compatible'}] {change}" for change in chosen
            ]
    return "\n".join([*lines, "", f"Suggested version step: {version_step(found, _own_version())}"])


def version_step(found: Sequence[Change], version: str) -> str:
    """Return the version step that the changes ask for, by semantic versioning, as words.

    Before 1.0 a breaking change raises the middle number, and any other the last.
    """
    numbers = [int(number) for number in re.findall(r"\d+", version)[:3]]
    major, minor, patch = (*numbers, 0, 0, 0)[:3]
    if any(change.breaking for change in found):
        name, after = ("major", (major + 1, 0, 0)) if major else ("minor", (0, minor + 1, 0))
    elif any(change.effect is Effect.GAINS for change in found):
        name, after = ("minor", (major, minor + 1, 0)) if major else ("patch", (0, minor, patch + 1))
    else:
        name, after = "patch", (major, minor, patch + 1)
    return f"{name} ({version} → {'.'.join(map(str, after))})"


def _own_version() -> str:
    found = re.search(r'__version__[^=]*=\s*"([^"]+)"', settings.VERSION_FILE.read_text("utf-8"))
    return found[1] if found else "0.0.0"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what changed from one document to another; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tools.summary", description=__doc__)
    parser.add_argument("old", type=Path, metavar="OLD")
    parser.add_argument("new", type=Path, metavar="NEW", nargs="?", default=settings.DOCUMENT)
    options = parser.parse_args(arguments)
    try:
        print(summary(read(options.old)[1], read(options.new)[1]))
    except ToolError as exc:
        print(f"error: {exc}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    tolerate_narrow_terminals()
    raise SystemExit(main())

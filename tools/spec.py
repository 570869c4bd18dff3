"""``make spec``: take the OpenAPI document from the vendor's page, or with ``--check`` only compare."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tools import settings
from tools.checks import check_document
from tools.document import Document, fingerprint, read
from tools.finding import find_operation
from tools.page import Found, find_document
from tools.problems import ToolError
from tools.source import UnreachableError, fetch
from tools.summary import summary
from tools.words import tolerate_narrow_terminals

SAME, DIFFERENT, BAD, UNREACHABLE = 0, 1, 2, 3
"""Exit statuses; 2 is also what a wrong command line gives."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Take the document in, or compare it; return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.spec",
        description=__doc__,
        epilog="Exit status: 0 done, same; 1 different (--check); 2 no usable document; 3 out of reach.",
    )
    parser.add_argument(
        "source", nargs="?", metavar="SOURCE", help="a page or a document: a file or an address"
    )
    parser.add_argument(
        "--check", action="store_true", help="change nothing; tell whether the document differs"
    )
    parser.add_argument("--document", type=Path, default=settings.DOCUMENT, metavar="FILE", help="ours")
    options = parser.parse_args(arguments)
    # Makefiles pass an empty SOURCE on.
    source = options.source or settings.SPEC_PAGE
    try:
        theirs = take(source)
        if options.check:
            return _compare(theirs, options.document, source)
        return _take_in(theirs, options.document, source)
    except UnreachableError as exc:
        print(
            f"error: {exc}\nNothing is changed, and nothing can be said about the document there.",
            file=sys.stderr,
        )
        return UNREACHABLE
    except ToolError as exc:
        print(f"error: {exc}\nNothing is changed.", file=sys.stderr)
        return BAD


def take(source: str) -> Found:
    """Return the valid document at ``source``.

    Raises:
        UnreachableError: There is nothing to be had at ``source``.
        ToolError: There is no valid document.
    """
    found = find_document(fetch(source), source)
    try:
        check_document(found.document)
    except ToolError as exc:
        raise ToolError(f"{source}: {exc.message}", exc.details) from exc
    return found


def _take_in(theirs: Found, path: Path, source: str) -> int:
    ours = _ours(path)
    changed = not path.exists() or path.read_bytes() != theirs.text.encode()
    if changed:
        _write(path, theirs.text.encode())
    print(f"{path.name} {'is now' if changed else 'was already'} the document at {source}")
    if ours is not None:
        if changed and fingerprint(ours) == fingerprint(theirs.document):
            print("Only its layout differs.")
        print(f"\n{summary(ours, theirs.document)}")
    method, where = settings.IMAGE_OPERATION
    if find_operation(theirs.document, method, where) is None:
        print(
            f"\nwarning: it has no {method.upper()} {where}; `make gen` will say what to do.", file=sys.stderr
        )
    return SAME


def _compare(theirs: Found, path: Path, source: str) -> int:
    ours = read(path)[1]
    if fingerprint(ours) == fingerprint(theirs.document):
        print(f"{path.name} says what the document at {source} says")
        return SAME
    print(
        f"{path.name} is not what {source} has; `make spec` takes it in.\n\n{summary(ours, theirs.document)}"
    )
    return DIFFERENT


def _ours(path: Path) -> Document | None:
    """Return the document that is there now; one that cannot be read counts as none, as it is replaced."""
    try:
        return read(path)[1]
    except ToolError:
        return None


def _write(path: Path, content: bytes) -> None:
    """Write a whole file, or leave what is there."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            Path(name).unlink()
        raise


if __name__ == "__main__":
    tolerate_narrow_terminals()
    raise SystemExit(main())

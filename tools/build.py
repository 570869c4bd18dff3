"""From a document to the generated package: check, generate, add, format, verify, and only then swap."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from tools import settings
from tools.checks import check_document, check_image_operation, check_parameters
from tools.document import Document, read
from tools.generate import generate, load_config
from tools.metadata import render
from tools.prepare import prepare
from tools.problems import ToolError
from tools.tree import contents, differences, format_code, put_in_place, workshop
from tools.verify import verify

DOCUMENT_COPY = "openapi.yaml"
"""The document inside the package, where the sandbox reads it."""


@dataclass(frozen=True)
class Built:
    """What came of a build.

    Attributes:
        document: The document that the package was made from.
        files: How many files the package has.
        changed: The files, in words, by which the package is not what it was.
    """

    document: Document
    files: int
    changed: list[str]


def build(document: Path, config: Path, target: Path) -> Built:
    """Make the package at ``target`` from the document; it is left alone when nothing would change.

    Raises:
        ToolError: The document cannot be carried out in full; ``target`` is as it was.
    """
    with workshop(target.parent) as folder:
        content = make(document, config, folder / settings.PACKAGE)
        made = folder / settings.PACKAGE
        files = len(contents(made))
        changed = differences(target, made)
        if changed:
            put_in_place(made, target)
    return Built(content, files, changed)


def drift(document: Path, config: Path, target: Path) -> list[str]:
    """Return, in words, every file by which ``target`` is not what the document gives.

    Raises:
        ToolError: The document cannot be carried out in full.
    """
    with workshop(Path(tempfile.gettempdir())) as folder:
        make(document, config, folder / settings.PACKAGE)
        return differences(target, folder / settings.PACKAGE)


def make(document: Path, config: Path, package: Path) -> Document:
    """Write the package for ``document`` to the new folder ``package`` and return what the document says.

    Raises:
        ToolError: The document cannot be carried out in full.
    """
    raw, content = read(document)
    check_document(content)
    check_image_operation(content)
    check_parameters(content)
    prepared, overrides = prepare(content)
    names = generate(prepared, load_config(config, package, overrides))
    for name, text in render(content, names).items():
        _add(package / name, text.encode())
    _add(package / DOCUMENT_COPY, raw)
    _add(package / "py.typed", b"")
    format_code(package)
    verify(package, names.samples, names.places)
    return content


def _add(path: Path, content: bytes) -> None:
    if path.exists():
        raise ToolError(
            f"the generator writes a {path.name} of its own now: rename ours in tools/metadata.py"
        )
    path.write_bytes(content)

"""Changed copies of the document, and the packages that ``make gen``'s own code makes of them.

For the tests of the tools, and for any test that wants to see what a new revision of the document does::

    home = generated(tmp_path, lambda document: parameters_of(document)["seed"].update(type="string"))
    with loaded(home) as load:              # in this process, in the place of the real package
        load("qubrid_api.image_parameters").PARAMETERS
    run(home, "import qubrid_facade; ...")  # or in another one, with everything that stands on it
"""

from __future__ import annotations

import contextlib
import copy
import importlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from tools import settings
from tools.build import make
from tools.document import Document, read

Edit = Callable[[Document], object]
"""A change of a document, made in place."""


FROZEN = Path(__file__).with_name("frozen.yaml")
"""The document as it once was: what the tools do with a change must not depend on what the vendor does."""


@cache
def _original() -> Document:
    return read(FROZEN)[1]


def changed(*edits: Edit) -> Document:
    """Return a copy of the frozen document with ``edits`` made in it."""
    document = copy.deepcopy(_original())
    for edit in edits:
        edit(document)
    return document


def written(folder: Path, *edits: Edit) -> Path:
    """Write a changed copy of the document into ``folder`` and return its path."""
    path = folder / "openapi.yaml"
    path.write_text(json.dumps(changed(*edits), indent=1), encoding="utf-8")
    return path


def generated(folder: Path, *edits: Edit) -> Path:
    """Generate from a changed copy and return the folder in which the package ``qubrid_api`` is."""
    home = folder / "home"
    home.mkdir()
    make(written(folder, *edits), settings.CONFIG, home / settings.PACKAGE)
    return home


@contextlib.contextmanager
def loaded(home: Path) -> Iterator[Callable[[str], ModuleType]]:
    """Yield a function that imports a module of the package in ``home``; afterwards all is as it was."""
    before = {name: module for name, module in sys.modules.items() if _is_ours(name)}
    for name in before:
        del sys.modules[name]
    sys.path.insert(0, str(home))
    importlib.invalidate_caches()
    try:
        yield importlib.import_module
    finally:
        sys.path.remove(str(home))
        for name in [name for name in sys.modules if _is_ours(name)]:
            del sys.modules[name]
        sys.modules.update(before)


def _is_ours(name: str) -> bool:
    return name.partition(".")[0] == settings.PACKAGE


def run(home: Path, code: str) -> str:
    """Run Python code in another process, for which ``qubrid_api`` is in ``home``; return what it prints."""
    done = subprocess.run(
        [sys.executable, "-P", "-B", "-c", code],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(home), str(settings.ROOT)])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert not done.returncode, done.stderr
    return done.stdout.strip()


def operation_of(document: Document) -> dict[str, Any]:
    """Return the image operation."""
    found: dict[str, Any] = document["paths"]["/images/generations"]["post"]
    return found


def schema_of(document: Document, name: str = "ImageGenerationRequest") -> dict[str, Any]:
    """Return a schema by its name, or else that of the image request."""
    found: dict[str, Any] = document["components"]["schemas"][name]
    return found


def parameters_of(document: Document) -> dict[str, Any]:
    """Return the properties of the image request."""
    found: dict[str, Any] = schema_of(document)["properties"]
    return found


def success_of(document: Document) -> dict[str, Any]:
    """Return the image operation's answer to a request that succeeds."""
    found: dict[str, Any] = operation_of(document)["responses"]["200"]
    return found


def as_3_1(document: Document) -> None:
    """Spell the document as OpenAPI 3.1: ``type: [integer, "null"]`` in place of ``nullable``."""
    document["openapi"] = "3.1.0"
    _spell_null(document["components"]["schemas"])


def _spell_null(node: Any) -> None:
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    for child in children:
        _spell_null(child)
    if isinstance(node, dict) and node.pop("nullable", None) is True:
        node["type"] = [node["type"], "null"]


def operation(**more: Any) -> dict[str, Any]:
    """Return an operation that answers with a small object."""
    schema = {"type": "object", "properties": {"id": {"type": "string"}}}
    answer = {"description": "done", "content": {"application/json": {"schema": schema}}}
    return {"responses": {"200": answer}, **more}


def binary_answer(media_type: str) -> dict[str, Any]:
    """Return the answers of an operation that gives bytes."""
    media = {"schema": {"type": "string", "format": "binary"}}
    return {"200": {"description": "done", "content": {media_type: media}}}

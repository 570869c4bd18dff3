"""Rules of the house that the code itself must keep."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys

import httpx
import pytest

import qubrid_facade
from qubrid_facade import AsyncQubrid, Qubrid
from qubrid_facade._transport import SyncPool
from tests.support.document import ROOT


def imports_of(folder: str) -> set[str]:
    found = set()
    for path in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                found.add((node.module or "").partition(".")[0])
    return found


def test_generated_code_knows_nothing_of_the_facade() -> None:
    known = imports_of("generated")
    assert "qubrid_facade" not in known
    assert "generated" not in known | imports_of("qubrid_facade")


def test_importing_the_library_pulls_in_nothing_of_the_sandbox_or_the_command_line() -> None:
    code = "import sys, {0}; print(' '.join(sorted({{name.partition('.')[0] for name in sys.modules}})))"

    def loaded_by(module: str) -> set[str]:
        return set(subprocess.check_output([sys.executable, "-c", code.format(module)], text=True).split())

    # httpx imports click and rich by itself where they are installed.
    added = {name for name in loaded_by("qubrid_facade") - loaded_by("httpx") if not name.startswith("_")}
    assert added - sys.stdlib_module_names <= {"qubrid_facade", "qubrid_api", "attr", "attrs"}


def test_both_clients_have_the_same_signatures() -> None:
    assert inspect.signature(Qubrid).parameters.keys() == inspect.signature(AsyncQubrid).parameters.keys()
    for name in ("call", "with_options", "close"):
        assert inspect.signature(getattr(Qubrid, name)).parameters.keys() == (
            inspect.signature(getattr(AsyncQubrid, name)).parameters.keys()
        )
    for kind in ("Image", "ImagesResult"):
        for name in ("read", "save"):
            sync_, async_ = (
                getattr(getattr(qubrid_facade, prefix + kind), name, None) for prefix in ("", "Async")
            )
            if sync_ is not None and async_ is not None:
                assert inspect.signature(sync_).parameters == inspect.signature(async_).parameters


def test_every_public_name_has_a_docstring_and_says_where_it_is_imported_from() -> None:
    for name in qubrid_facade.__all__:
        thing = getattr(qubrid_facade, name)
        if inspect.isclass(thing):
            assert thing.__doc__
            assert thing.__module__ == "qubrid_facade"


def test_httpx_still_has_the_places_where_waits_are_bounded() -> None:
    with httpx.Client() as plain:
        backend = type(plain._transport._pool._network_backend)  # type: ignore[attr-defined]
    pool = SyncPool(None)
    with pool.lease() as client:
        bounded = type(client._transport._pool._network_backend)  # type: ignore[attr-defined]
    pool.close()
    assert backend.__name__ == "SyncBackend"
    assert bounded.__name__ == "_BoundedBackend"


@pytest.mark.parametrize("client_type", [Qubrid, AsyncQubrid])
def test_a_client_shows_no_key(client_type: type) -> None:
    client = client_type(api_key="sk-very-secret")
    assert "secret" not in repr(client) + str(client) + repr(client._settings) + repr(vars(client))

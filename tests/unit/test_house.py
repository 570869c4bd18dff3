"""Rules of the house that the code itself must keep."""

from __future__ import annotations

import ast
import base64
import inspect
import pickle
import subprocess
import sys

import httpx
import pytest

import qubrid_facade
from qubrid_facade import AsyncQubrid, Qubrid
from qubrid_facade._transport import SyncPool
from tests.support.document import ROOT
from tests.support.pictures import picture
from tests.support.wire import WireServer, reply


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


def in_a_fresh_process(code: str, *args: str) -> str:
    # httpx loads click and rich where they are installed, and with them much of the standard library.
    lean = "import sys; sys.modules['click'] = None\n"
    command = [sys.executable, "-W", "error", "-c", lean + code, *args]
    return subprocess.check_output(command, text=True, cwd=ROOT)


def loaded_by(code: str, *args: str) -> set[str]:
    return set(in_a_fresh_process(f"{code}\nprint(' '.join(sys.modules))", *args).split())


def test_importing_the_package_alone_loads_nothing_else() -> None:
    added = loaded_by("import qubrid_facade") - loaded_by("import typing")
    assert {name.partition(".")[0] for name in added} - sys.stdlib_module_names == {"qubrid_facade"}


def test_importing_both_clients_loads_little_that_httpx_has_not_loaded() -> None:
    added = loaded_by("from qubrid_facade import AsyncQubrid, Qubrid") - loaded_by("import httpx")
    ours = {name for name in added if name.startswith("qubrid_facade")}
    assert added - ours <= {"qubrid_api", "qubrid_api.spec", "dataclasses"}
    for later in ("_images", "_drive", "cli", "sandbox"):
        assert f"qubrid_facade.{later}" not in ours


def test_a_call_of_the_sync_client_loads_nothing_that_it_does_not_use() -> None:
    code = (
        "from qubrid_facade import Qubrid\n"
        "with Qubrid('key', base_url=sys.argv[1]) as client:\n"
        "    client.images.generate('a fox').data[0].read()"
    )
    plain = "import httpx\nwith httpx.Client() as client: client.post(sys.argv[1], json={}).json()"
    body = {"created": 1, "data": [{"b64_json": base64.b64encode(picture("png")).decode()}]}
    with WireServer(lambda _: reply(200, body)) as server:
        added = loaded_by(code, server.base_url) - loaded_by(plain, server.base_url)
    assert not added & {"asyncio", "concurrent.futures", "dateutil", "difflib", "html", "subprocess"}


@pytest.mark.parametrize("name", ["Qubrid", "Image", "AsyncImagesResult", "RateLimitError", "RetryPolicy"])
def test_a_pickle_finds_what_it_names_in_a_process_that_has_imported_nothing(name: str) -> None:
    pickled = pickle.dumps(getattr(qubrid_facade, name)).hex()
    code = "import pickle; print(pickle.loads(bytes.fromhex(sys.argv[1])))"
    assert in_a_fresh_process(code, pickled) == f"<class 'qubrid_facade.{name}'>\n"


def test_results_say_where_they_are_imported_from_before_anybody_has_imported_them() -> None:
    code = "from qubrid_facade import Qubrid; print(Qubrid('key').images._result_type)"
    assert in_a_fresh_process(code) == "<class 'qubrid_facade.ImagesResult'>\n"


@pytest.mark.parametrize(
    "code",
    [
        "import qubrid_facade; names = dir(qubrid_facade)",
        "from qubrid_facade import *; names = globals()",
        # help() has the version under a heading of its own.
        "import pydoc, qubrid_facade; names = pydoc.plain(pydoc.render_doc(qubrid_facade)) + '__version__'",
    ],
)
def test_a_fresh_process_sees_every_public_name(code: str) -> None:
    tell = "from qubrid_facade import __all__; print([name for name in __all__ if name not in names])"
    assert in_a_fresh_process(f"{code}\n{tell}") == "[]\n"


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

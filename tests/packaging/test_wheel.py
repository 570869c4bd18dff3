"""The wheel: what is in it, and that it works where nothing but its declared dependencies is installed."""

from __future__ import annotations

import importlib.metadata as metadata
import re
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

import qubrid_facade
from tests.support.document import ROOT
from tests.support.pictures import b64, picture
from tests.support.wire import WireServer, reply

USE = """
import sys
from qubrid_facade import Qubrid
from importlib.resources import files
with Qubrid(api_key="sk-qubrid-test", base_url=sys.argv[1]) as client:
    print(client.images.generate("fox", seed=7).data[0].save("fox.webp"))
print((files("qubrid_facade") / "py.typed").is_file(), (files("qubrid_api") / "openapi.yaml").is_file())
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the wheel, built as ``pip wheel .`` builds it, but without asking an index for the builder."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


def needed(name: str, seen: set[str] | None = None) -> set[str]:
    """Return the distributions that ``name`` needs at run time, without its extras."""
    seen = set() if seen is None else seen
    for requirement in metadata.requires(name) or []:
        other = re.split(r"[^A-Za-z0-9._-]", requirement, maxsplit=1)[0].lower()
        if "extra ==" not in requirement and other not in seen:
            try:
                metadata.distribution(other)
            except metadata.PackageNotFoundError:
                continue  # for another platform or Python
            seen.add(other)
            needed(other, seen)
    return seen


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the interpreter of an environment with the wheel and what it declares, and nothing else."""
    home = tmp_path_factory.mktemp("empty")
    venv.create(home, with_pip=False, symlinks=True)
    interpreter = home / "bin" / "python"
    (packages,) = home.glob("lib/python*/site-packages")
    install = [sys.executable, "-m", "pip", "--python", str(interpreter), "install", "--quiet", "--no-index"]
    subprocess.run([*install, "--no-deps", str(wheel)], check=True, capture_output=True)
    for name in needed("qubrid-facade"):
        files = metadata.distribution(name).files or []
        for top in {file.parts[0] for file in files if file.parts[0] not in ("..", "__pycache__")}:
            (packages / top).symlink_to(metadata.distribution(name).locate_file(top))  # type: ignore[arg-type]
    return interpreter


def test_the_wheel_holds_both_packages_and_their_types(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.partition("/")[0] for name in names if ".dist-info" not in name} == {
        "qubrid_facade",
        "qubrid_api",
    }
    assert {"qubrid_facade/py.typed", "qubrid_api/py.typed", "qubrid_api/openapi.yaml"} <= set(names)
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert f"-{qubrid_facade.__version__}-" in wheel.name


def test_it_works_with_only_what_it_declares(python: Path, tmp_path: Path) -> None:
    answer = reply(200, {"data": [{"b64_json": b64(picture())}]})
    with WireServer(lambda _: answer) as server:
        command = [str(python), "-I", "-c", USE, server.base_url]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.stdout.split() == ["fox.png", "True", "True"]
    assert server.requests[0].json == {"model": "qwen-image", "prompt": "fox", "seed": 7}


@pytest.mark.parametrize(
    ("code", "extra"),
    [("from qubrid_facade.__main__ import main; raise SystemExit(main())", "cli"),
     ("import qubrid_facade.sandbox", "sandbox")],
)  # fmt: skip
def test_what_lives_in_an_extra_says_which(python: Path, code: str, extra: str) -> None:
    done = subprocess.run([str(python), "-I", "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert f'pip install "qubrid-facade[{extra}]"' in done.stderr.splitlines()[-1]

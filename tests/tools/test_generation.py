"""``make gen``: the same bytes every time, all or nothing, and never behind the document."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tomllib
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import Any

import pytest

from qubrid_facade import AsyncQubrid, Qubrid
from tests.tools.changing import (
    FROZEN,
    Edit,
    changed,
    generated,
    loaded,
    operation_of,
    parameters_of,
    schema_of,
    written,
)
from tools import build as building
from tools import gen, settings, tree
from tools.build import build, drift, make
from tools.document import fingerprint
from tools.problems import ToolError
from tools.tree import contents


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package that the frozen document gives."""
    folder = tmp_path_factory.mktemp("frozen") / settings.PACKAGE
    make(FROZEN, settings.CONFIG, folder)
    return folder


@pytest.fixture
def target(tmp_path: Path, package: Path) -> Path:
    """A copy of the frozen document's package, with a file that no generator writes."""
    folder = tmp_path / "generated" / settings.PACKAGE
    shutil.copytree(package, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "models" / "of_an_older_document.py").write_text("STALE = True\n")
    return folder


def with_a_new_parameter(document: dict[str, Any]) -> None:
    parameters_of(document)["style"] = {"type": "string"}


def test_the_committed_package_is_what_the_document_gives() -> None:
    assert drift(settings.DOCUMENT, settings.CONFIG, settings.TARGET) == []


def test_the_package_does_not_depend_on_where_and_how_it_is_made(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.ruff]\nline-length = 40\nindent-width = 2\n")
    (tmp_path / "httpx").mkdir()
    (tmp_path / ".gitignore").write_text("*\n")
    done = subprocess.run(
        [sys.executable, "-m", "tools.gen", "--check"],
        cwd=tmp_path,
        env={
            **os.environ,
            "PYTHONPATH": str(settings.ROOT),
            "PYTHONHASHSEED": "7",
            "LC_ALL": "C",
            "TMPDIR": str(tmp_path),
            "RUFF_OUTPUT_FILE": "ruff.txt",
        },
        umask=0o077,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(path.name for path in tmp_path.iterdir()) == [".gitignore", "httpx", "pyproject.toml"]


def test_generating_replaces_the_whole_package(tmp_path: Path, target: Path) -> None:
    built = build(written(tmp_path, with_a_new_parameter), settings.CONFIG, target)
    assert "models/of_an_older_document.py is too many" in built.changed
    assert not (target / "models" / "of_an_older_document.py").exists()
    assert "style: str" in (target / "image_parameters.py").read_text()
    assert [path.name for path in target.parent.iterdir()] == [settings.PACKAGE]
    again = build(written(tmp_path, with_a_new_parameter), settings.CONFIG, target)
    assert again.changed == []


FAULTS: dict[str, Edit] = {
    "no valid document": lambda document: document.pop("info"),
    "a reference that leads nowhere": lambda document: parameters_of(document)["seed"].update(
        {"$ref": "#/components/schemas/Nothing"}
    ),
    "something that the generator gives up": lambda document: parameters_of(document).update(
        style={"title": "Thing", "enum": ["a"]}, mood={"title": "Thing", "enum": ["b"]}
    ),
    "no image operation": lambda document: document["paths"].clear(),
    "code that does not work": lambda document: parameters_of(document).update(cls={"type": "string"}),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_document_that_cannot_be_carried_out_changes_nothing(
    fault: Edit, tmp_path: Path, target: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = contents(target)
    document = written(tmp_path, with_a_new_parameter, fault)
    status = gen.main(["--document", str(document), "--target", str(target)])
    assert status == 1
    assert "error: " in capsys.readouterr().err
    assert contents(target) == before
    assert [path.name for path in target.parent.iterdir()] == [settings.PACKAGE]


STAGES = ("check_document", "prepare", "generate", "render", "format_code", "verify", "put_in_place")


@pytest.mark.parametrize("stage", STAGES)
def test_an_interruption_leaves_the_old_package_whole(
    stage: str, tmp_path: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = contents(target)
    monkeypatch.setattr(building, stage, interrupt)
    arguments = ["--document", str(written(tmp_path, with_a_new_parameter)), "--target", str(target)]
    assert gen.main(arguments) == 130
    assert contents(target) == before
    assert [path.name for path in target.parent.iterdir()] == [settings.PACKAGE]


@pytest.mark.parametrize("moment", ["before the old one leaves", "before the new one comes"])
def test_ctrl_c_in_the_middle_of_the_swap_leaves_a_whole_package(
    moment: str, tmp_path: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(target)
    arguments = ["--document", str(written(tmp_path, with_a_new_parameter)), "--target", str(target)]
    rename = Path.rename

    def interrupted(self: Path, other: Path) -> Path:
        if (self == target) == moment.endswith("leaves"):
            signal.raise_signal(signal.SIGINT)
        return rename(self, other)

    monkeypatch.setattr(Path, "rename", interrupted)
    assert gen.main(arguments) == 130
    after = contents(target)
    assert after == before or "style" in after["image_parameters.py"].decode()
    assert after.keys() >= {"spec.py", "client.py", "openapi.yaml"}
    assert [path.name for path in target.parent.iterdir()] == [settings.PACKAGE]


def test_a_swap_that_fails_puts_the_old_package_back(
    tmp_path: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(target)
    rename = Path.rename

    def failing(self: Path, other: Path) -> Path:
        if other == target and self.name == settings.PACKAGE:
            raise OSError("the disk is gone")
        return rename(self, other)

    monkeypatch.setattr(Path, "rename", failing)
    with pytest.raises(OSError, match="the disk is gone"):
        build(written(tmp_path, with_a_new_parameter), settings.CONFIG, target)
    assert contents(target) == before


def test_check_names_every_file_that_is_not_what_the_document_gives(
    target: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (target / "client.py").write_text("# by hand\n")
    (target / "errors.py").unlink()
    before = contents(target)
    assert gen.main(["--check", "--target", str(target)]) == 1
    said = capsys.readouterr().err
    assert "client.py differs" in said
    assert "errors.py is missing" in said
    assert "models/of_an_older_document.py is too many" in said
    assert "make gen" in said
    assert contents(target) == before


@pytest.mark.parametrize(("name", "other"), [("FORMATTER_VERSION", "0.1.0"), ("GENERATOR_VERSION", "0.2.0")])
def test_another_release_of_a_pinned_tool_is_refused(
    name: str, other: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, name, other)
    with pytest.raises(ToolError, match=f"{other} is pinned"):
        generated(tmp_path)


def test_a_missing_formatter_is_no_reason_to_leave_code_unformatted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(tree, "version", missing)
    with pytest.raises(ToolError, match="ruff"):
        generated(tmp_path)


@pytest.mark.parametrize(
    "line",
    [
        "package_name_override: generated",
        "generate_all_tags: true",
        "post_hooks: ['true']",
        "literal_enums: 7x",
    ],
)
def test_a_configuration_that_would_break_the_house_is_refused(line: str, tmp_path: Path) -> None:
    config = tmp_path / "generator-config.yaml"
    kept = [old for old in settings.CONFIG.read_text().splitlines() if not old.startswith(line.split(":")[0])]
    config.write_text("\n".join([*kept, line]))
    with pytest.raises(ToolError, match=r"generator-config\.yaml"):
        build(FROZEN, config, tmp_path / settings.PACKAGE)


def test_generating_ends_with_what_is_lost_and_what_changed(
    tmp_path: Path, target: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def limited(document: dict[str, Any]) -> None:
        parameters_of(document)["output_quality"]["maximum"] = 100
        operation_of(document)["responses"]["200"]["headers"] = {"X-Cost": {"schema": {"type": "string"}}}

    document = written(tmp_path, with_a_new_parameter, limited)
    assert gen.main(["--document", str(document), "--target", str(target)]) == 0
    said = capsys.readouterr().out
    lost, changes = said.split("What changed in the document")
    assert "limits such as maximum" in lost
    assert "ImageGenerationRequest.output_quality" in lost
    assert "headers of answers" in lost
    assert "[compatible] POST /images/generations: parameter 'style' is new (string)" in changes
    assert "Suggested version step: " in changes


def test_pins_are_those_of_the_project() -> None:
    extras = tomllib.loads((settings.ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    assert f"openapi-python-client=={settings.GENERATOR_VERSION}" in extras["gen"]
    assert f"ruff=={settings.FORMATTER_VERSION}" in extras["gen"]


@pytest.mark.parametrize("client", [Qubrid, AsyncQubrid])
def test_the_arguments_of_generate_are_known_to_the_tools(client: Callable[..., Any]) -> None:
    made = client(api_key="test-key")
    code = made.images.generate.__func__.__code__
    assert set(code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]) == settings.OWN_ARGUMENTS


def test_metadata_of_the_document(tmp_path: Path) -> None:
    def edit(document: dict[str, Any]) -> None:
        document["info"]["version"] = "2.0.0"
        document["servers"] = [
            {
                "url": "https://{region}.example/{v}/",
                "variables": {"region": {"default": "eu"}, "v": {"default": "v2"}},
            }
        ]
        parameters_of(document)["model"].pop("example")
        media = operation_of(document)["requestBody"]["content"]["application/json"]
        media["examples"]["Minimal"]["value"]["model"] = "z-image-turbo"
        schema_of(document)["required"].append("seed")

    with loaded(generated(tmp_path, edit)) as load:
        spec = load("qubrid_api.spec")
        assert spec.SPEC_VERSION == "2.0.0"
        assert spec.BASE_URL == "https://eu.example/v2"
        assert spec.DEFAULT_MODEL == "z-image-turbo"
        assert fingerprint(changed(edit)) == spec.SPEC_SHA256
        assert spec.OPERATIONS == {("post", "/images/generations"): spec.CREATE_IMAGE}
        assert "seed" in load("qubrid_api.image_parameters").ImageParameters.__required_keys__

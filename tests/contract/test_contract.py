"""The client replayed against recorded answers, and the recordings held against the document."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from qubrid_api.spec import BASE_URL
from vcr.errors import CannotOverwriteExistingCassetteException

from tests.contract.cassettes import FOLDER, load, recorder
from tests.contract.conformance import complaints, secrets
from tests.contract.scenarios import SCENARIOS, Scenario
from tests.support.clients import Handle, World, client_of
from tests.support.document import DOCUMENT

CASSETTES = sorted(FOLDER.rglob("*.yaml"))
RECORDED = [
    (source, scenario) for source in ("sandbox", "live") for scenario in SCENARIOS
    if (FOLDER / source / f"{scenario.name}.yaml").exists()
]  # fmt: skip


def test_every_scenario_is_recorded() -> None:
    recorded = {path.stem for path in CASSETTES if path.parent.name == "sandbox"}
    assert recorded == {scenario.name for scenario in SCENARIOS}, "make record records what is missing"


def replay(world: World, source: Any, name: str, play: Callable[[Handle], object]) -> Any:
    http = world.http_client()
    try:
        with recorder(source, "none").use_cassette(f"{name}.yaml") as cassette:
            with client_of(world, BASE_URL, http_client=http) as client:
                play(client)
    finally:
        world.close_http(http)
    return cassette


@pytest.mark.parametrize(("source", "scenario"), RECORDED, ids=lambda value: getattr(value, "name", value))
def test_a_recording_replays(world: World, source: str, scenario: Scenario) -> None:
    cassette = replay(world, source, scenario.name, scenario.play)
    assert cassette.all_played


def test_another_prompt_finds_no_recording(world: World) -> None:
    with pytest.raises(CannotOverwriteExistingCassetteException):
        replay(world, "sandbox", "success-by-base64", lambda client: client.generate("another prompt"))


@pytest.mark.parametrize("path", CASSETTES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_recording_fits_the_document_and_gives_nothing_away(path: Path) -> None:
    cassette = load(path)
    assert list(complaints(cassette, DOCUMENT)) == []
    assert secrets(path.read_text(encoding="utf-8")) == []
    assert cassette["recorded"]["from"] == path.parent.name
    assert re.fullmatch(r"[0-9a-f]{64}", cassette["recorded"]["spec_sha256"])


def test_a_recording_that_breaks_the_document_is_told_with_the_field() -> None:
    good = load(FOLDER / "sandbox" / "error-429.yaml")
    answer = copy.deepcopy(good)
    body = answer["interactions"][0]["response"]["body"]
    body["string"] = body["string"].replace('"code"', '"kode"')
    assert ["'error.code'" in text and "status 429" in text for text in complaints(answer, DOCUMENT)] == [
        True
    ]

    request = copy.deepcopy(good)
    request["interactions"][0]["request"]["body"] = '{"model": "m", "prompt": "p", "seed": "seven"}'
    assert ["'seed'" in text and "the request" in text for text in complaints(request, DOCUMENT)] == [True]


def test_a_document_that_moved_on_is_told_with_the_field() -> None:
    moved = copy.deepcopy(DOCUMENT)
    moved["components"]["schemas"]["ImageGenerationRequest"]["required"].append("quality")
    moved["components"]["schemas"]["ImageGenerationResponse"]["required"] = ["usage"]
    told = list(complaints(load(FOLDER / "sandbox" / "request-minimal.yaml"), moved))
    assert len(told) == 2
    assert "'quality'" in told[0]
    assert "'usage'" in told[1]


@pytest.mark.parametrize(
    "leak", ["authorization: Bearer abc", "key: sk-abc123", "https://x/y?X-Amz-Signature=1"]
)
def test_a_secret_in_a_recording_is_found(leak: str) -> None:
    assert secrets(leak)

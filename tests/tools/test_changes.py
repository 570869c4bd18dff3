"""What two documents mean for a user of the library, told in words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.tools.changing import (
    Edit,
    as_3_1,
    changed,
    operation,
    operation_of,
    parameters_of,
    schema_of,
    success_of,
)
from tools.change import Effect
from tools.changes import compare
from tools.summary import main, summary, version_step

IMAGE = "POST /images/generations"
GAINS, LOSES, MUST, NOTE = Effect.GAINS, Effect.LOSES, Effect.MUST_CHANGE, Effect.NOTE


def fields_of(document: dict[str, Any]) -> dict[str, Any]:
    fields: dict[str, Any] = schema_of(document, "ImageGenerationResponse")["properties"]
    return fields


def parameter(name: str, **keywords: Any) -> Edit:
    return lambda document: parameters_of(document)[name].update(keywords)


def field(name: str, **keywords: Any) -> Edit:
    return lambda document: fields_of(document)[name].update(keywords)


# Edit, and what it means; read from right to left, the same edit means the second.
CASES: dict[str, tuple[Edit, tuple[Effect, str], tuple[Effect, str] | None]] = {
    "a parameter": (
        lambda document: parameters_of(document).update(style={"type": "string", "default": "auto"}),
        (GAINS, f"{IMAGE}: parameter 'style' is new (string, default \"auto\")"),
        (LOSES, f"{IMAGE}: parameter 'style' is gone"),
    ),
    "a required parameter": (
        lambda document: (
            parameters_of(document).update(style={"type": "string"}),
            schema_of(document)["required"].append("style"),
        ),
        (MUST, f"{IMAGE}: parameter 'style' is new and required (string)"),
        (LOSES, f"{IMAGE}: parameter 'style' is gone"),
    ),
    "another name": (
        lambda document: parameters_of(document).update(
            steps=parameters_of(document).pop("num_inference_steps")
        ),
        (MUST, f"{IMAGE}: parameter 'num_inference_steps' is called 'steps' now"),
        (MUST, f"{IMAGE}: parameter 'steps' is called 'num_inference_steps' now"),
    ),
    "required": (
        lambda document: schema_of(document)["required"].append("seed"),
        (MUST, f"{IMAGE}, parameter 'seed': is required now"),
        (GAINS, f"{IMAGE}, parameter 'seed': may be left out"),
    ),
    "a wider type": (
        parameter("output_quality", type="number"),
        (GAINS, f"{IMAGE}, parameter 'output_quality': is number (was integer)"),
        (MUST, f"{IMAGE}, parameter 'output_quality': is integer (was number)"),
    ),
    "another type": (
        parameter("image_size", type="integer"),
        (MUST, f"{IMAGE}, parameter 'image_size': is integer (was string)"),
        (MUST, f"{IMAGE}, parameter 'image_size': is string (was integer)"),
    ),
    "the type of a list": (
        lambda document: parameters_of(document)["extra_lora_weights"]["items"].update(type="integer"),
        (MUST, f"{IMAGE}, parameter 'extra_lora_weights', each item: is integer (was string)"),
        None,
    ),
    "null": (
        parameter("aspect_ratio", nullable=True),
        (GAINS, f"{IMAGE}, parameter 'aspect_ratio': may be null"),
        (MUST, f"{IMAGE}, parameter 'aspect_ratio': may no longer be null"),
    ),
    "an enum": (
        parameter("output_format", enum=["png", "webp"]),
        (MUST, f'{IMAGE}, parameter \'output_format\': is one of "png", "webp" now'),
        (GAINS, f"{IMAGE}, parameter 'output_format': takes any value"),
    ),
    "another default": (
        parameter("num_inference_steps", default=9),
        (NOTE, f"{IMAGE}, parameter 'num_inference_steps': the service's default is 9 (was 30)"),
        (NOTE, f"{IMAGE}, parameter 'num_inference_steps': the service's default is 30 (was 9)"),
    ),
    "a limit": (
        parameter("output_quality", maximum=100),
        (NOTE, f"{IMAGE}, parameter 'output_quality': its maximum is 100 (was none)"),
        (NOTE, f"{IMAGE}, parameter 'output_quality': its maximum is none (was 100)"),
    ),
    "a deprecated parameter": (
        parameter("go_fast", deprecated=True),
        (NOTE, f"{IMAGE}, parameter 'go_fast': is deprecated"),
        None,
    ),
    "a field of the answer": (
        lambda document: fields_of(document)["data"]["items"]["properties"].update(width={"type": "integer"}),
        (GAINS, f"{IMAGE}, 200, field 'data', each item: field 'width' is new (integer)"),
        (LOSES, f"{IMAGE}, 200, field 'data', each item: field 'width' is gone"),
    ),
    "a field that is always there": (
        lambda document: schema_of(document, "ImageGenerationResponse").update(required=["data"]),
        (NOTE, f"{IMAGE}, 200, field 'data': is always there now"),
        (MUST, f"{IMAGE}, 200, field 'data': may be missing"),
    ),
    "a field that may be null": (
        field("created", nullable=True),
        (MUST, f"{IMAGE}, 200, field 'created': may be null"),
        (NOTE, f"{IMAGE}, 200, field 'created': is never null any more"),
    ),
    "a field with an enum": (
        field("created", enum=[1710000000]),
        (NOTE, f"{IMAGE}, 200, field 'created': is one of 1710000000"),
        (NOTE, f"{IMAGE}, 200, field 'created': may have any value"),
    ),
    "another form of the answer": (
        lambda document: success_of(document)["content"].update({"image/png": {}}),
        (GAINS, f"{IMAGE}, 200: the answer may be image/png"),
        (LOSES, f"{IMAGE}, 200: the answer may no longer be image/png"),
    ),
    "errors": (
        lambda document: [operation_of(document)["responses"].pop(status) for status in ("402", "502")],
        (NOTE, f"{IMAGE}: errors no longer documented, with the same exceptions: 402, 502"),
        (NOTE, f"{IMAGE}: errors documented now, with the same exceptions: 402, 502"),
    ),
    "the body of an error": (
        lambda document: schema_of(document, "RateLimitErrorResponse").update(
            properties={"error": {"type": "string"}}, required=["error"]
        ),
        (NOTE, f"{IMAGE}: errors with another body, with the same exceptions: 429"),
        (NOTE, f"{IMAGE}: errors with another body, with the same exceptions: 429"),
    ),
    "another success": (
        lambda document: operation_of(document)["responses"].update({"202": {"description": "later"}}),
        (GAINS, f"{IMAGE}, 202: new answer"),
        (LOSES, f"{IMAGE}, 202: this answer is gone"),
    ),
    "an operation": (
        lambda document: document["paths"].update({"/models": {"get": operation(tags=["Models"])}}),
        (GAINS, "GET /models: new operation: client.call(qubrid_api.api.models.get_models)"),
        (LOSES, "GET /models: the operation is gone"),
    ),
    "another operationId": (
        lambda document: operation_of(document).update(operationId="makePicture"),
        (
            MUST,
            (
                f"{IMAGE}: its module for client.call is qubrid_api.api.images.make_picture "
                "(was qubrid_api.api.images.create_image)"
            ),
        ),
        None,
    ),
    "another server": (
        lambda document: document.update(servers=[{"url": "https://api.example/v2"}]),
        (NOTE, "client: the default base_url is https://api.example/v2 (was https://platform.qubrid.com/v1)"),
        None,
    ),
    "another example": (
        parameter("model", example="p-image"),
        (NOTE, "client: a call without model= uses p-image (was qwen-image)"),
        None,
    ),
    "another version": (
        lambda document: document["info"].update(version="1.2.0"),
        (NOTE, "document: its version is 1.2.0 (was 1.1.0)"),
        None,
    ),
    "another way to authenticate": (
        lambda document: document["components"]["securitySchemes"].update(
            BearerAuth={"type": "apiKey", "in": "header", "name": "X-Key"}
        ),
        (MUST, "client: the service authenticates by apiKey header X-Key (was http bearer)"),
        None,
    ),
    "a text": (
        lambda document: operation_of(document).update(description="Another."),
        (NOTE, "texts: 1 change of descriptions, titles and examples"),
        (NOTE, "texts: 1 change of descriptions, titles and examples"),
    ),
}


@pytest.mark.parametrize(("edit", "there", "back"), CASES.values(), ids=CASES)
def test_each_change_and_its_opposite(
    edit: Edit, there: tuple[Effect, str], back: tuple[Effect, str] | None
) -> None:
    ways = [(changed(), changed(edit), there)] + ([(changed(edit), changed(), back)] if back else [])
    for old, new, (effect, words) in ways:
        found = {str(change): change for change in compare(old, new)}
        assert words in found
        assert found[words].effect is effect
        others = [text for text in found if text != words and not text.startswith("texts: ")]
        assert others == []


def test_an_enum_gains_and_loses_values() -> None:
    old = changed(parameter("output_format", enum=["png", "gif"]))
    new = changed(parameter("output_format", enum=["png", "webp"]))
    found = {str(change): change.effect for change in compare(old, new)}
    assert found[f"{IMAGE}, parameter 'output_format': may also be one of \"webp\""] is GAINS
    assert found[f"{IMAGE}, parameter 'output_format': is no longer one of \"gif\""] is LOSES


def test_parameters_of_the_path_and_query_are_compared() -> None:
    def listing(**limit: Any) -> Edit:
        query = {"name": "limit", "in": "query", "schema": {"type": "integer"}, **limit}
        return lambda document: document["paths"].update({"/models": {"get": operation(parameters=[query])}})

    found = compare(changed(listing()), changed(listing(required=True, schema={"type": "string"})))
    assert [str(change) for change in found if change.breaking] == [
        "GET /models, query parameter 'limit': is required now",
        "GET /models, query parameter 'limit': is string (was integer)",
    ]


@pytest.mark.parametrize(
    "edit",
    [
        lambda document: None,
        lambda document: document.update(paths=dict(reversed(document["paths"].items()))),
    ],
)
def test_the_same_content_is_no_change(edit: Edit) -> None:
    assert compare(changed(), changed(edit)) == []
    assert "content is the same as before" in summary(changed(), changed(edit))


def test_another_spelling_of_the_same_is_told_and_breaks_nothing() -> None:
    def elsewhere(document: dict[str, Any]) -> None:
        document["components"]["schemas"]["Seed"] = parameters_of(document)["seed"]
        parameters_of(document)["seed"] = {"$ref": "#/components/schemas/Seed"}

    for edit in (as_3_1, elsewhere):
        found = compare(changed(), changed(edit))
        assert found
        assert not any(change.breaking for change in found)
        assert {change.effect for change in found} == {NOTE}


def test_schemas_that_hold_themselves_are_compared() -> None:
    def tree(kind: str) -> Edit:
        node = {
            "type": "object",
            "properties": {"next": {"$ref": "#/components/schemas/Node"}, "a": {"type": kind}},
        }

        def edit(document: dict[str, Any]) -> None:
            document["components"]["schemas"]["Node"] = node
            parameters_of(document)["tree"] = {"$ref": "#/components/schemas/Node"}

        return edit

    found = [str(change) for change in compare(changed(tree("string")), changed(tree("integer")))]
    assert found == [f"{IMAGE}, parameter 'tree', parameter 'a': is integer (was string)"]


def test_a_shared_schema_changes_for_everything_that_uses_it() -> None:
    def sharing(kind: str) -> Edit:
        def edit(document: dict[str, Any]) -> None:
            document["components"]["schemas"]["Shared"] = {"type": kind}
            for name in ("guidance", "strength"):
                parameters_of(document)[name] = {"$ref": "#/components/schemas/Shared"}

        return edit

    found = [str(change) for change in compare(changed(sharing("string")), changed(sharing("integer")))]
    assert found == [
        f"{IMAGE}, parameter 'guidance': is integer (was string)",
        f"{IMAGE}, parameter 'strength': is integer (was string)",
    ]


@pytest.mark.parametrize(
    ("version", "edit", "step"),
    [
        ("0.1.0", lambda document: parameters_of(document).pop("seed"), "minor (0.1.0 → 0.2.0)"),
        ("0.1.3", lambda document: parameters_of(document).update(x={}), "patch (0.1.3 → 0.1.4)"),
        ("1.4.2", lambda document: parameters_of(document).pop("seed"), "major (1.4.2 → 2.0.0)"),
        ("1.4.2", lambda document: parameters_of(document).update(x={}), "minor (1.4.2 → 1.5.0)"),
        ("1.4.2", lambda document: document["info"].update(version="7"), "patch (1.4.2 → 1.4.3)"),
    ],
)
def test_the_version_step_follows_from_the_worst_change(version: str, edit: Edit, step: str) -> None:
    assert version_step(compare(changed(), changed(edit)), version) == step


def test_the_summary_is_a_command_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, new = tmp_path / "old.json", tmp_path / "new.json"
    old.write_text(json.dumps(changed()))
    new.write_text(json.dumps(changed(lambda document: parameters_of(document).pop("seed"))))
    assert main([str(old), str(new)]) == 0
    said = capsys.readouterr().out
    assert f"Lost\n  - [breaking] {IMAGE}: parameter 'seed' is gone" in said
    assert main([str(tmp_path / "missing"), str(new)]) == 1
    assert "missing cannot be read" in capsys.readouterr().err

"""New revisions of the document that flow in with nothing else to do: each is a small edit of ours."""

from __future__ import annotations

import io
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import httpx
import pytest

from tests.tools.changing import (
    Edit,
    as_3_1,
    binary_answer,
    generated,
    loaded,
    operation,
    operation_of,
    parameters_of,
    schema_of,
    success_of,
)

PARAMETERS = "qubrid_api.image_parameters"


class Expected(NamedTuple):
    """What is said about a parameter: how it is annotated, and fields of its Parameter."""

    annotation: str
    fields: dict[str, Any]


def referred(document: dict[str, Any]) -> None:
    document["components"]["schemas"]["Format"] = {
        "type": "string",
        "enum": ["png", "webp"],
        "default": "webp",
    }


def expect(annotation: str, **fields: Any) -> Expected:
    return Expected(annotation, fields)


SHAPES: dict[str, tuple[dict[str, Any], Expected]] = {
    "text": ({"type": "string"}, expect("str", type="string", nullable=False)),
    "a whole number": ({"type": "integer", "minimum": 1}, expect("int", type="integer", minimum=1)),
    "a number or null": ({"type": "number", "nullable": True}, expect("float | None", nullable=True)),
    "a default": ({"type": "integer", "default": 7}, expect("int", default=7, has_default=True)),
    "a default of null": (
        {"type": "integer", "nullable": True, "default": None},
        expect("int | None", default=None, has_default=True),
    ),
    "a default that is an object": (
        {"type": "object", "default": {"a": 1}, "additionalProperties": {"type": "integer"}},
        expect("Mapping[str, Any]", type="object", default={"a": 1}),
    ),
    "an enum": (
        {"type": "string", "enum": ["a", "b"]},
        expect("Literal['a', 'b'] | str", type="string", enum=("a", "b")),
    ),
    "an enum or null": (
        {"type": "string", "enum": ["a"], "nullable": True},
        expect("Literal['a'] | str | None", enum=("a",), nullable=True),
    ),
    "an enum with null in it": (
        {"type": "string", "enum": ["a", None], "nullable": True},
        expect("Literal['a'] | str | None", enum=("a",), nullable=True),
    ),
    "an enum of numbers": (
        {"type": "number", "enum": [1, 2.5]},
        expect("Literal[1] | float", type="number", enum=(1, 2.5)),
    ),
    "an enum elsewhere": (
        {"$ref": "#/components/schemas/Format"},
        expect("Literal['png', 'webp'] | str", enum=("png", "webp"), default="webp"),
    ),
    "an enum elsewhere, or null": (
        {"allOf": [{"$ref": "#/components/schemas/Format"}], "nullable": True, "description": "Its format."},
        expect("Literal['png', 'webp'] | str | None", nullable=True, description="Its format."),
    ),
    "a date and time": (
        {"type": "string", "format": "date-time"},
        expect("datetime | str", type="string", format="date-time"),
    ),
    "a list of lists": (
        {"type": "array", "items": {"type": "array", "items": {"type": "number"}}},
        expect("Sequence[Sequence[float]]", type="array", items="array"),
    ),
    "text or a number": (
        {"anyOf": [{"type": "string"}, {"type": "integer"}]},
        expect("str | int", type="any"),
    ),
    "anything": ({}, expect("Any", type="any")),
}

SHAPES_OF_3_1: dict[str, tuple[dict[str, Any], Expected]] = {
    "a list of types": ({"type": ["integer", "null"]}, expect("int | None", type="integer", nullable=True)),
    "a choice with null": (
        {"anyOf": [{"$ref": "#/components/schemas/Format"}, {"type": "null"}], "default": None},
        expect("Literal['png', 'webp'] | str | None", type="string", enum=("png", "webp"), default=None),
    ),
    "words beside a reference": (
        {"$ref": "#/components/schemas/Format", "description": "Its format.", "default": "png"},
        expect("Literal['png', 'webp'] | str", description="Its format.", default="png"),
    ),
    "a constant": ({"const": "a", "examples": ["a"]}, expect("Literal['a'] | str", enum=("a",), example="a")),
    "several types": ({"type": ["string", "integer", "null"]}, expect("str | int | None", type="any")),
}


@pytest.mark.parametrize("openapi", ["3.0", "3.1"])
def test_parameters_of_every_shape(openapi: str, tmp_path: Path) -> None:
    shapes = SHAPES if openapi == "3.0" else SHAPES_OF_3_1
    names = {case: f"parameter_{number}" for number, case in enumerate(shapes)}
    edits: list[Edit] = [referred] if openapi == "3.0" else [as_3_1, referred]
    new = {names[case]: schema for case, (schema, _) in shapes.items()}
    home = generated(tmp_path, *edits, lambda document: parameters_of(document).update(new))
    text = (home / "qubrid_api" / "image_parameters.py").read_text().replace('"', "'")
    with loaded(home) as load:
        found = {parameter.name: parameter for parameter in load(PARAMETERS).PARAMETERS}
        annotations = load(PARAMETERS).ImageParameters.__annotations__
    for case, (_, expected) in shapes.items():
        parameter = found[names[case]]
        assert {field: getattr(parameter, field) for field in expected.fields} == expected.fields, case
        assert f"    {parameter.name}: {expected.annotation}\n" in text, case
        assert parameter.name in annotations
    assert found["seed"].nullable
    assert not found["output_quality"].nullable


def test_parameters_that_go_and_come_under_another_name(tmp_path: Path) -> None:
    def edit(document: dict[str, Any]) -> None:
        parameters = parameters_of(document)
        del parameters["go_fast"]
        parameters["steps"] = parameters.pop("num_inference_steps")
        parameters["mask"] = {"type": "string"}
        schema_of(document)["required"].append("aspect_ratio")

    with loaded(generated(tmp_path, edit)) as load:
        taken = load(PARAMETERS).ImageParameters
        by_name = {parameter.name: parameter for parameter in load(PARAMETERS).PARAMETERS}
    assert {"steps", "mask"} <= taken.__annotations__.keys()
    assert not {"go_fast", "num_inference_steps", "prompt"} & taken.__annotations__.keys()
    assert taken.__required_keys__ == {"aspect_ratio"}
    assert by_name["aspect_ratio"].required
    assert [name for name, parameter in by_name.items() if parameter.is_image] == ["image", "mask"]


def test_names_that_python_has_other_uses_for(tmp_path: Path) -> None:
    names = ["top-p", "class", "str", "__secret", "goFast", "timeout"]
    new: dict[str, Any] = {name: {"type": "string"} for name in names}
    with loaded(generated(tmp_path, lambda document: parameters_of(document).update(new))) as load:
        taken = load(PARAMETERS).ImageParameters.__annotations__
        by_name = {parameter.name: parameter.by_name for parameter in load(PARAMETERS).PARAMETERS}
        request = load("qubrid_api.models").ImageGenerationRequest
        values = {"model": "m", "prompt": "p", **dict.fromkeys(new, "x")}
        assert request.from_dict(values).to_dict() == values
    assert new.keys() - taken.keys() == {"timeout"}
    assert [name for name, callable_by_name in by_name.items() if not callable_by_name] == ["timeout"]


USES = """
from datetime import datetime
from typing import Unpack

from qubrid_api.image_parameters import ImageParameters


def generate(prompt: str, *, timeout: float | None = None, **params: Unpack[ImageParameters]) -> None: ...


oddly: ImageParameters = {"style": "a", "top-p": 0.3}
generate("p", **oddly)
generate("p", style="neither", when=datetime.now(), image=b"png", seed=None, extra_lora_scale=[1, 2.5])
generate("p", seed=1)  # error: Missing named argument "style"
generate("p", style="a", sed=1)  # error: did you mean "seed"?
generate("p", style=3)  # error: expected "Literal['a', 'b'] | str"
generate("p", style="a", prompt="q")  # error: multiple values for keyword argument "prompt"
"""


def test_the_type_checker_sees_a_new_revision(tmp_path: Path) -> None:
    def edit(document: dict[str, Any]) -> None:
        parameters_of(document).update({"style": {"enum": ["a", "b"]}, "top-p": {"type": "number"}})
        parameters_of(document)["when"] = {"type": "string", "format": "date-time"}
        schema_of(document)["required"].append("style")

    home = generated(tmp_path, edit)
    (home / "uses.py").write_text(USES)
    options = ["--strict", "--config-file=", "--no-error-summary", f"--cache-dir={tmp_path / 'cache'}"]
    said = subprocess.run(
        [sys.executable, "-m", "mypy", *options, "uses.py", "qubrid_api"],
        cwd=home,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.splitlines()
    wanted = {
        number: line.partition("# error: ")[2]
        for number, line in enumerate(USES.splitlines(), 1)
        if "# error" in line
    }
    found = {int(line.split(":")[1]): line for line in said if line.startswith("uses.py:")}
    assert found.keys() == wanted.keys()
    assert all(words in found[number] for number, words in wanted.items())
    assert not [line for line in said if "error" in line and not line.startswith("uses.py:")]


def test_the_request_sends_no_default(tmp_path: Path) -> None:
    def edit(document: dict[str, Any]) -> None:
        referred(document)
        parameters_of(document)["output_format"] = {"$ref": "#/components/schemas/Format"}
        query = {"name": "limit", "in": "query", "schema": {"type": "integer", "default": 20}}
        document["paths"]["/images"] = {"get": operation(operationId="listImages", parameters=[query])}

    with loaded(generated(tmp_path, edit)) as load:
        request = load("qubrid_api.models").ImageGenerationRequest
        assert request(model="m", prompt="p").to_dict() == {"model": "m", "prompt": "p"}
        assert "Default: 30." in request.__doc__
        assert load("qubrid_api.api.default.list_images")._get_kwargs()["params"] == {}


def test_answers_gain_fields_and_dates(tmp_path: Path) -> None:
    def edit(document: dict[str, Any]) -> None:
        fields = schema_of(document, "ImageGenerationResponse")["properties"]
        fields["finished"] = {"type": "string", "format": "date-time"}
        fields["data"]["items"]["properties"]["width"] = {"type": "integer"}

    with loaded(generated(tmp_path, edit)) as load:
        response = load("qubrid_api.models").ImageGenerationResponse
        got = response.from_dict({"finished": "2026-01-02T03:04:05Z", "data": [{"width": 640}]})
        assert got.finished == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
        assert got.data[0].width == 640


def put_request_aside(document: dict[str, Any]) -> None:
    document["components"]["requestBodies"] = {"Body": operation_of(document)["requestBody"]}
    operation_of(document)["requestBody"] = {"$ref": "#/components/requestBodies/Body"}


def compose_request(document: dict[str, Any]) -> None:
    model = parameters_of(document).pop("model")
    document["components"]["schemas"]["Base"] = {
        "type": "object",
        "required": ["model"],
        "properties": {"model": model},
    }
    own = {**schema_of(document), "required": ["prompt"]}
    document["components"]["schemas"]["ImageGenerationRequest"] = {
        "allOf": [{"$ref": "#/components/schemas/Base"}, own]
    }


STILL_FOUND: dict[str, Edit] = {
    "another operationId and tag": lambda document: operation_of(document).update(
        operationId="makePicture", tags=["Pictures", "Images"]
    ),
    "neither operationId nor tag": lambda document: [
        operation_of(document).pop(key) for key in ("operationId", "tags")
    ],
    "schemas in place": lambda document: (
        operation_of(document)["requestBody"]["content"]["application/json"].update(
            schema=schema_of(document)
        ),
        success_of(document)["content"]["application/json"].update(
            schema=schema_of(document, "ImageGenerationResponse")
        ),
    ),
    "a request elsewhere": put_request_aside,
    "a composed request": compose_request,
    "an image as another form of the answer": lambda document: success_of(document).update(
        content={
            "image/png": {"schema": {"type": "string", "format": "binary"}},
            **success_of(document)["content"],
        }
    ),
    "a form as another way to send the same": lambda document: operation_of(document)["requestBody"][
        "content"
    ].update({"multipart/form-data": {"schema": {"$ref": "#/components/schemas/ImageGenerationRequest"}}}),
    "a form as a way to send something else": lambda document: operation_of(document)["requestBody"][
        "content"
    ].update(
        {"multipart/form-data": {"schema": {"type": "object", "properties": {"file": {"type": "string"}}}}}
    ),
    "any success, and one kind of error": lambda document: operation_of(document).update(
        responses={"2XX": success_of(document), "default": operation_of(document)["responses"]["400"]}
    ),
    "one of several answers": lambda document: success_of(document)["content"]["application/json"].update(
        schema={
            "oneOf": [
                {"$ref": "#/components/schemas/ImageGenerationResponse"},
                {"type": "object", "properties": {"job": {"type": "string"}}},
            ]
        }
    ),
    "conditions on what goes together": lambda document: schema_of(document).update(
        anyOf=[{"required": ["image"]}, {"required": ["aspect_ratio"]}]
    ),
    "errors of the earlier revision": lambda document: schema_of(document, "ErrorResponse").update(
        required=["error"], properties={"error": {"type": "string"}, "message": {"type": "string"}}
    ),
}


@pytest.mark.parametrize("edit", STILL_FOUND.values(), ids=STILL_FOUND)
def test_the_image_operation_is_found_by_path_and_method(edit: Edit, tmp_path: Path) -> None:
    with loaded(generated(tmp_path, edit)) as load:
        spec = load("qubrid_api.spec")
        module = load(spec.CREATE_IMAGE)
        request, response = (
            getattr(load(dotted.rpartition(".")[0]), dotted.rpartition(".")[2])
            for dotted in (spec.CREATE_IMAGE_REQUEST, spec.CREATE_IMAGE_RESPONSE)
        )
        sent = module._get_kwargs(body=request(model="m", prompt="p"))
        assert (sent["method"], sent["url"], sent["json"]) == (
            "post",
            "/images/generations",
            {"model": "m", "prompt": "p"},
        )
        assert "files" not in sent
        assert sent["headers"]["Content-Type"] == "application/json"
        assert response.from_dict({"data": [{"url": "https://x"}]}).data[0].url == "https://x"
        assert spec.OPERATIONS["post", "/images/generations"] == spec.CREATE_IMAGE


def test_new_operations_of_every_kind(tmp_path: Path) -> None:
    file = {"type": "string", "format": "binary"}
    form = {
        "type": "object",
        "required": ["file"],
        "properties": {"file": file, "prompt": {"type": "string"}},
    }
    voice = {"type": "object", "properties": {"text": {"type": "string"}}}
    where = [
        {"name": "image-id", "in": "path", "required": True, "schema": {"type": "string"}},
        {"name": "limit", "in": "query", "schema": {"type": "integer", "default": 20}},
        {"name": "X-Trace", "in": "header", "schema": {"type": "string"}},
    ]

    def edit(document: dict[str, Any]) -> None:
        document["paths"] |= {
            "/images/edits": {
                "post": operation(
                    operationId="editImage",
                    tags=["Images"],
                    requestBody={"required": True, "content": {"multipart/form-data": {"schema": form}}},
                )
            },
            "/audio": {
                "post": {
                    "tags": ["Voice & Co."],
                    "operationId": "createSpeech",
                    "requestBody": {"required": True, "content": {"application/json": {"schema": voice}}},
                    "responses": binary_answer("audio/mpeg"),
                }
            },
            "/images/{image-id}": {
                "get": operation(operationId="getImage", tags=["Images"], parameters=where)
            },
            "/images/{id}": {
                "delete": {
                    "parameters": [
                        {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
                    ],
                    "responses": {"204": {"description": "gone"}},
                }
            },
            "/raw": {"post": operation(requestBody={"content": {"image/png": {"schema": file}}})},
            "/events": {"post": operation(responses={"200": event_stream()})},
            "x-note": "an extension",
        }

    with loaded(generated(tmp_path, edit)) as load:
        assert len(load("qubrid_api.spec").OPERATIONS) == 7
        modules = {path: load(name) for (_, path), name in load("qubrid_api.spec").OPERATIONS.items()}
        types = load("qubrid_api.types")
        models = load("qubrid_api.models")
        upload = modules["/images/edits"]._get_kwargs(
            body=models.EditImageBody(file=types.File(io.BytesIO(b"png"), "a.png", "image/png"), prompt="p")
        )
        assert [name for name, _ in upload["files"]] == ["file", "prompt"]
        got = modules["/images/{image-id}"]._get_kwargs("a/b", limit=3, x_trace="t")
        assert (got["url"], got["params"], got["headers"]) == (
            "/images/a%2Fb",
            {"limit": 3},
            {"X-Trace": "t"},
        )
        assert modules["/images/{id}"]._get_kwargs(7)["url"] == "/images/7"
        raw = modules["/raw"]._get_kwargs(body=types.File(io.BytesIO(b"png")))
        assert (raw["content"].read(), raw["headers"]["Content-Type"]) == (b"png", "image/png")
        assert answered(load, modules["/audio"], content=b"sound").payload.read() == b"sound"
        assert answered(load, modules["/events"], text="data: {}\n\n") == "data: {}\n\n"


def event_stream() -> dict[str, Any]:
    schema = {"type": "object", "properties": {"id": {"type": "string"}}}
    return {"description": "one by one", "content": {"text/event-stream": {"schema": schema}}}


def answered(load: Any, module: ModuleType, **answer: Any) -> Any:
    """Return what the module makes of an answer with status 200."""
    client = load("qubrid_api.client").Client(base_url="http://127.0.0.1")
    return module._parse_response(client=client, response=httpx.Response(200, **answer))

"""A changed document flows through ``make gen`` into facade and command line, with no line by hand."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

import pytest

from tests.tools.changing import Edit, as_3_1, generated, operation_of, parameters_of, run, schema_of

PRELUDE = "from tests.evolution.player import *\n"


def parameter(name: str, **schema: Any) -> Edit:
    return lambda document: parameters_of(document).update({name: schema})


def without(name: str) -> Edit:
    return lambda document: parameters_of(document).pop(name)


def alter(name: str, **schema: Any) -> Edit:
    return lambda document: parameters_of(document)[name].update(schema)


def required(name: str) -> Edit:
    return lambda document: schema_of(document)["required"].append(name)


def renamed(old: str, new: str) -> Edit:
    def edit(document: dict[str, Any]) -> None:
        properties = parameters_of(document)
        properties[new] = properties.pop(old)

    return edit


def schema_renamed(old: str, new: str) -> Edit:
    def edit(document: dict[str, Any]) -> None:
        schemas = document["components"]["schemas"]
        schemas[new] = schemas.pop(old)
        for media in _media(document):
            if media["schema"].get("$ref", "").endswith(f"/{old}"):
                media["schema"]["$ref"] = f"#/components/schemas/{new}"

    return edit


def _media(document: dict[str, Any]) -> list[dict[str, Any]]:
    operation = operation_of(document)
    holders = [operation["requestBody"], *operation["responses"].values()]
    return [media for holder in holders for media in holder.get("content", {}).values()]


def response_field(name: str, *, item: bool = False, needed: bool = False, **schema: Any) -> Edit:
    def edit(document: dict[str, Any]) -> None:
        target = schema_of(document, "ImageGenerationResponse")
        target = target["properties"]["data"]["items"] if item else target
        target["properties"][name] = schema
        if needed:
            target["required"] = [name]

    return edit


def one_error_of_two_strings(document: dict[str, Any]) -> None:
    """What the vendor had before: one schema of two strings for all, and 422 and 503."""
    responses = operation_of(document)["responses"]
    for name in [name for name in document["components"]["schemas"] if name.endswith("ErrorResponse")]:
        del document["components"]["schemas"][name]
    strings = {"error": {"type": "string"}, "message": {"type": "string"}}
    document["components"]["schemas"]["ErrorResponse"] = {"type": "object", "properties": strings}
    for status in ("402", "502", "504"):
        del responses[status]
    for status in [status for status in responses if status != "200"] + ["422", "503"]:
        schema = {"$ref": "#/components/schemas/ErrorResponse"}
        responses[status] = {"description": "failed", "content": {"application/json": {"schema": schema}}}


def moved(document: dict[str, Any]) -> None:
    operation = operation_of(document)
    operation["operationId"] = "makePicture"
    operation["tags"] = ["Pictures of all kinds"]


def another_home(document: dict[str, Any]) -> None:
    document["servers"].insert(0, {"url": "https://eu.qubrid.example/v2"})
    document["info"]["version"] = "2.0.0"
    parameters_of(document)["model"]["example"] = "z-image-turbo"
    for example in operation_of(document)["requestBody"]["content"]["application/json"]["examples"].values():
        example["value"]["model"] = "z-image-turbo"


def inline_request(document: dict[str, Any]) -> None:
    media = operation_of(document)["requestBody"]["content"]["application/json"]
    media["schema"] = document["components"]["schemas"].pop("ImageGenerationRequest")


def more_operations(document: dict[str, Any]) -> None:
    def answers(schema: dict[str, Any], media: str = "application/json") -> dict[str, Any]:
        return {"200": {"description": "done", "content": {media: {"schema": schema}}}}

    thing = {
        "type": "object",
        "properties": {"id": {"type": "string"}, "at": {"type": "string", "format": "date-time"}},
    }
    upload = {
        "type": "object",
        "required": ["file"],
        "properties": {"file": {"type": "string", "format": "binary"}, "purpose": {"type": "string"}},
    }
    document["paths"]["/files"] = {
        "post": {
            "operationId": "uploadFile",
            "tags": ["Files"],
            "requestBody": {"required": True, "content": {"multipart/form-data": {"schema": upload}}},
            "responses": answers(thing),
        }
    }
    path = {"name": "file_id", "in": "path", "required": True, "schema": {"type": "string"}}
    query = {"name": "limit", "in": "query", "schema": {"type": "integer", "default": 10}}
    document["paths"]["/files/{file_id}"] = {
        "get": {
            "operationId": "getFile",
            "tags": ["Files"],
            "parameters": [path, query],
            "responses": answers(thing),
        },
        "delete": {
            "operationId": "deleteFile",
            "tags": ["Files"],
            "parameters": [path],
            "responses": {"204": {"description": "gone"}},
        },
    }
    speech = {
        "type": "object",
        "required": ["text"],
        "properties": {"text": {"type": "string"}, "speed": {"type": "number", "default": 1}},
    }
    document["paths"]["/audio/generations"] = {
        "post": {
            "operationId": "createSpeech",
            "tags": ["Audio"],
            "requestBody": {"required": True, "content": {"application/json": {"schema": speech}}},
            "responses": answers({"type": "string", "format": "binary"}, "audio/mpeg"),
        }
    }


CASES: dict[str, tuple[list[Edit], str]] = {
    "a parameter is added": (
        [parameter("style", type="string", description="The style to paint in.")],
        """
        assert generate(style="ink")[1] == {"model": "qwen-image", "prompt": "fox", "style": "ink"}
        assert "--style" in help_text("generate", "--help")
        assert "The style to paint in." in help_text("params")
        """,
    ),
    "a parameter is removed": (
        [without("go_fast")],
        """
        assert "no parameter 'go_fast'" in refused(go_fast=True)
        assert generate(extra_body={"go_fast": True})[1]["go_fast"] is True
        assert "go-fast" not in help_text("generate", "--help")
        """,
    ),
    "a parameter is renamed": (
        [renamed("num_inference_steps", "inference_steps")],
        """
        assert "did you mean 'inference_steps'" in refused(num_inference_steps=9)
        assert generate(inference_steps=9)[1]["inference_steps"] == 9
        """,
    ),
    "a parameter is retyped": (
        [alter("image_size", type="integer", example=1024)],
        """
        from typing import get_type_hints
        from qubrid_api.image_parameters import ImageParameters
        assert get_type_hints(ImageParameters)["image_size"] is int
        assert generate(image_size=1024)[1]["image_size"] == 1024
        assert "INTEGER" in help_text("generate", "--help").partition("--image-size")[2][:20].upper()
        """,
    ),
    "a parameter gets an enum": (
        [alter("output_format", enum=["png", "webp"])],
        """
        chosen = str("png")
        assert generate(output_format=chosen)[1]["output_format"] == "png"
        told = refused(output_format="gif")
        assert "'png', 'webp'" in told and "extra_body" in told and "output_format='gif'" in told
        assert generate(extra_body={"output_format": "gif"})[1]["output_format"] == "gif"
        """,
    ),
    "an enum of numbers that may be null": (
        [parameter("tier", type="integer", nullable=True, enum=[1, 2, None])],
        """
        assert generate(tier=2)[1]["tier"] == 2
        assert generate(tier=None)[1]["tier"] is None
        assert "1, 2" in refused(tier=3)
        """,
    ),
    "a parameter becomes nullable": (
        [alter("aspect_ratio", nullable=True)],
        'assert generate(aspect_ratio=None)[1]["aspect_ratio"] is None',
    ),
    "a parameter gets another default": (
        [alter("num_inference_steps", default=9)],
        """
        assert generate()[1] == {"model": "qwen-image", "prompt": "fox"}
        assert "9" in help_text("params").partition("num_inference_steps")[2][:40]
        """,
    ),
    "a parameter becomes required": (
        [required("aspect_ratio")],
        """
        assert "'aspect_ratio'" in refused()
        assert generate(aspect_ratio="1:1")[1]["aspect_ratio"] == "1:1"
        from qubrid_api.image_parameters import ImageParameters
        assert "aspect_ratio" in ImageParameters.__required_keys__
        """,
    ),
    "a parameter is a moment": (
        [parameter("not_before", type="string", format="date-time")],
        """
        import datetime
        moment = datetime.datetime(2026, 1, 2, 3, tzinfo=datetime.UTC)
        assert generate(not_before=moment)[1]["not_before"] == "2026-01-02T03:00:00+00:00"
        assert generate(not_before="2026-01-02T03:00:00+00:00")[1]["not_before"] == "2026-01-02T03:00:00+00:00"
        """,
    ),
    "a parameter is an object": (
        [
            parameter(
                "frame",
                type="object",
                properties={"width": {"type": "integer"}, "glow": {"type": "boolean", "default": True}},
            )
        ],
        'assert generate(frame={"width": 3})[1]["frame"] == {"width": 3}',
    ),
    "a parameter has a name that Python does not know": (
        [parameter("top-p", type="number"), parameter("class", type="string")],
        'assert generate(**{"top-p": 0.5, "class": "b"})[1] == {"model": "qwen-image", "prompt": "fox", "top-p": 0.5, "class": "b"}',
    ),
    "a parameter has the name of one of our own": (
        [parameter("timeout", type="integer")],
        'assert generate(timeout=30, extra_body={"timeout": 7})[1]["timeout"] == 7',
    ),
    "another parameter takes an image": (
        [parameter("mask", type="string", nullable=True)],
        'assert generate(mask=PNG)[1]["mask"].startswith("data:image/png;base64,")',
    ),
    "the answer gains fields": (
        [
            response_field("expires_at", type="string", format="date-time"),
            response_field("width", item=True, type="integer"),
        ],
        """
        import datetime
        body = {"expires_at": "2026-01-02T03:00:00Z", "data": [{"b64_json": b64(PNG), "width": 16}]}
        raw = generate(reply(200, body))[0].raw
        assert raw.expires_at == datetime.datetime(2026, 1, 2, 3, tzinfo=datetime.UTC)
        assert raw.data[0].width == 16
        """,
    ),
    "a required field of the answer is left out": (
        [
            response_field("usage", needed=True, type="object"),
            response_field("id", item=True, needed=True, type="string"),
        ],
        """
        result = generate()[0]
        assert result.raw.additional_properties == OK or result.raw.created == 1710000000
        assert generate(reply(200, {**OK, "usage": {}, "expires_at": "never"}))[0].raw
        """,
    ),
    "the answer's enum lacks a value": (
        [response_field("status", type="string", enum=["done"])],
        'assert generate(reply(200, {**OK, "status": "half done"}))[0].raw',
    ),
    "errors are reshaped and statuses change": (
        [one_error_of_two_strings],
        """
        for status, kind in ((400, q.BadRequestError), (401, q.AuthenticationError), (402, q.InsufficientCreditsError),
                             (422, q.BadRequestError), (429, q.RateLimitError), (503, q.BackendUnavailableError)):
            answer = reply(status, {"error": "Sorry", "message": "Give a prompt."})
            found, _ = both(lambda client: client.images.generate("fox"), answer)
            assert type(found[0]) is kind and "Give a prompt." in found[0].message, found
        """,
    ),
    "an error's schema is renamed": (
        [schema_renamed("RateLimitErrorResponse", "TooManyRequests")],
        """
        found, _ = both(lambda client: client.images.generate("fox"), reply(429, {"error": {"message": "Slow down."}}))
        assert type(found[0]) is q.RateLimitError and found[0].message == "Slow down."
        """,
    ),
    "request and answer are renamed": (
        [
            schema_renamed("ImageGenerationRequest", "Wish"),
            schema_renamed("ImageGenerationResponse", "Granted"),
        ],
        'assert type(generate(seed=1)[0].raw).__name__ == "Granted"',
    ),
    "the request's schema stands in its place": (
        [inline_request],
        'assert generate(seed=None)[1]["seed"] is None',
    ),
    "the operation has another id and tag": ([moved], 'assert generate(seed=7)[1]["seed"] == 7'),
    "another server, version and model": (
        [another_home],
        """
        assert q.Qubrid(api_key=KEY).base_url == "https://eu.qubrid.example/v2"
        assert q.SPEC_VERSION == "2.0.0"
        found, requests = both(lambda client: client.images.generate("fox"))
        assert requests[0].json["model"] == "z-image-turbo"
        assert "qubrid-spec/2.0.0" in requests[0].headers["user-agent"]
        """,
    ),
    "the spelling of OpenAPI 3.1": (
        [as_3_1],
        """
        assert generate(seed=None, image=PNG)[1]["seed"] is None
        assert "null" in help_text("params").partition(" seed ")[2][:60]
        """,
    ),
    "operations are added": (
        [more_operations],
        """
        import io
        from qubrid_api.api.audio import create_speech
        from qubrid_api.api.files import delete_file, get_file, upload_file
        from qubrid_api.models import UploadFileBody, CreateSpeechBody
        from qubrid_api.types import File

        body = lambda: UploadFileBody(file=File(io.BytesIO(PNG), "a.png", "image/png"), purpose="test")
        found, requests = both(lambda c: c.call(upload_file, body=body()), reply(200, {"id": "f1"}))
        assert found[0].id == "f1" and requests[0].path == "/v1/files"
        for request in requests:
            assert request.headers["content-type"].startswith("multipart/form-data; boundary=")
            assert request.headers["authorization"] == f"Bearer {KEY}"
            assert PNG in request.body and b'filename="a.png"' in request.body

        found, requests = both(lambda c: c.call(get_file, file_id="a b"), reply(200, {"at": "2026-01-02T03:00:00Z"}))
        assert found[0].at.year == 2026 and requests[0].path == "/v1/files/a%20b"
        found, requests = both(lambda c: c.call(get_file, file_id="x", limit=3), reply(200, {}))
        assert requests[0].path == "/v1/files/x?limit=3"

        found, _ = both(lambda c: c.call(delete_file, file_id="x"), b"HTTP/1.1 204 Gone\\r\\n\\r\\n")
        assert found == [None, None]
        found, _ = both(lambda c: c.call(delete_file, file_id="x"), reply(404, b""))
        assert type(found[0]) is q.NotFoundError

        speech = CreateSpeechBody(text="hello")
        found, requests = both(lambda c: c.call(create_speech, body=speech), reply(200, b"ID3", {"content-type": "audio/mpeg"}))
        assert found[0].payload.read() == b"ID3" and requests[0].json == {"text": "hello"}
        found, _ = both(lambda c: c.call(create_speech, body=speech), reply(429, b"", {"retry-after": "3"}))
        assert type(found[0]) is q.RateLimitError and found[0].retry_after == 3
        """,
    ),
    "many things at once": (
        [
            as_3_1,
            moved,
            another_home,
            parameter("style", type=["string", "null"], enum=["ink", None]),
            without("strength"),
            required("seed"),
        ],
        """
        assert generate(seed=1, style=None)[1] == {"model": "z-image-turbo", "prompt": "fox", "seed": 1, "style": None}
        assert "strength" in refused(seed=1, strength=0.5)
        assert "'seed'" in refused()
        """,
    ),
    "the sandbox follows": (
        [alter("output_format", enum=["png", "webp"]), required("aspect_ratio")],
        """
        from qubrid_facade.sandbox import Sandbox
        with Sandbox() as sandbox, q.Qubrid(api_key=KEY, base_url=sandbox.base_url) as client:
            assert client.images.generate("fox", aspect_ratio="1:1", image_size="64").data[0].read()
            for body, param in (({"output_format": "gif"}, "output_format"), ({"seed": "x"}, "seed")):
                try:
                    client.images.generate("fox", aspect_ratio="1:1", extra_body=body)
                except q.BadRequestError as error:
                    assert error.param == param
                else:
                    raise AssertionError(body)
        """,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_changed_document_is_followed(name: str, tmp_path: Path) -> None:
    edits, code = CASES[name]
    run(generated(tmp_path, *edits), PRELUDE + textwrap.dedent(code))

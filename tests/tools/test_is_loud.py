"""New revisions of the document that a person has to look at: each is refused, and the place is named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.tools.changing import (
    Edit,
    as_3_1,
    binary_answer,
    generated,
    operation,
    operation_of,
    parameters_of,
    schema_of,
    success_of,
)
from tools.problems import ToolError


def schemas(**more: Any) -> Edit:
    return lambda document: document["components"]["schemas"].update(more)


def paths(**more: Any) -> Edit:
    return lambda document: document["paths"].update({f"/{name}": item for name, item in more.items()})


def answer_called(name: str) -> Edit:
    def edit(document: dict[str, Any]) -> None:
        document["components"]["schemas"][name] = schema_of(document, "ImageGenerationResponse")
        success_of(document)["content"]["application/json"]["schema"] = {
            "$ref": f"#/components/schemas/{name}"
        }

    return edit


def a_list_of_anything(document: dict[str, Any]) -> None:
    as_3_1(document)
    parameters_of(document)["x"] = {"type": "array"}


A_QUERY = {"in": "query", "schema": {"type": "string"}}
AN_OBJECT = {"type": "object", "properties": {"a": {"type": "string"}}}

REFUSED: dict[str, tuple[Edit, list[str]]] = {
    "a default that does not fit": (
        lambda document: parameters_of(document)["seed"].update(default="x"),
        ["components.schemas.ImageGenerationRequest.properties.seed", "default", "'x'"],
    ),
    "a type that does not exist": (
        lambda document: parameters_of(document)["seed"].update(type="whole"),
        ["components.schemas.ImageGenerationRequest.properties.seed.type", "'whole'"],
    ),
    "a reference that leads nowhere": (
        lambda document: parameters_of(document).update(x={"$ref": "#/components/schemas/Nothing"}),
        ["components.schemas.ImageGenerationRequest.properties.x", "#/components/schemas/Nothing"],
    ),
    "a reference to another document": (
        lambda document: parameters_of(document).update(x={"$ref": "https://example.com/x.yaml#/X"}),
        ["properties.x", "out of the document"],
    ),
    "a type that the generator gives up": (
        a_list_of_anything,
        ["components.schemas.ImageGenerationRequest.properties.x", "items"],
    ),
    "an operation that the generator gives up": (
        paths(x={"get": operation(parameters=[{"name": "p", "in": "path", "required": True, "schema": {}}])}),
        ["'p'", "/x"],
    ),
    "a version to come": (lambda document: document.update(openapi="4.0.0"), ["4.0.0"]),
    "an operation that has moved": (
        lambda document: document["paths"].update(
            {"/pictures": document["paths"].pop("/images/generations")}
        ),
        ["POST /images/generations", "POST /pictures", "IMAGE_OPERATION", "tools/settings.py"],
    ),
    "no prompt": (
        lambda document: (
            parameters_of(document).pop("prompt"),
            schema_of(document)["required"].remove("prompt"),
        ),
        ["no 'prompt'", 'paths["/images/generations"].post', "negative_prompt"],
    ),
    "no JSON request": (
        lambda document: operation_of(document).pop("requestBody"),
        ['paths["/images/generations"].post', "JSON"],
    ),
    "no JSON answer": (
        lambda document: operation_of(document).update(responses=binary_answer("image/png")),
        ['paths["/images/generations"].post', "2xx"],
    ),
    "no model in an example": (
        lambda document: (
            parameters_of(document)["model"].pop("example"),
            operation_of(document)["requestBody"]["content"]["application/json"].pop("examples"),
        ),
        ["DEFAULT_MODEL", "tools/settings.py"],
    ),
    "a server without a host": (
        lambda document: document.update(servers=[{"url": "/v1"}]),
        ["servers[0].url"],
    ),
    "a required parameter with the name of an argument": (
        lambda document: (
            parameters_of(document).update(timeout={"type": "number"}),
            schema_of(document)["required"].append("timeout"),
        ),
        ["'timeout'", "OWN_ARGUMENTS"],
    ),
    "a required parameter that cannot be sent": (
        paths(
            x={
                "get": operation(
                    parameters=[
                        {
                            "name": "filter",
                            "in": "query",
                            "required": True,
                            "content": {"application/json": {"schema": {}}},
                        }
                    ]
                )
            }
        ),
        ['paths["/x"].get', "filter"],
    ),
    "two operations in one file": (
        paths(
            a={
                "get": {"responses": {"204": {"description": "a"}}, "tags": ["A"], "operationId": "createFoo"}
            },
            b={
                "get": {
                    "responses": {"204": {"description": "b"}},
                    "tags": ["a"],
                    "operationId": "create_foo",
                }
            },
        ),
        ['paths["/a"].get', 'paths["/b"].get', "operationId"],
    ),
    "two schemas in one file": (
        schemas(HTTPThing=AN_OBJECT, HttpThing=AN_OBJECT),
        ["HTTPThing", "HttpThing"],
    ),
    "two schemas with one name": (
        schemas(error_response=AN_OBJECT),
        ["components.schemas.error_response", "ErrorResponse"],
    ),
    "two properties with one name": (
        lambda document: parameters_of(document).update({"go fast": {}, "go-fast": {}}),
        ["components.schemas.ImageGenerationRequest", "'go fast' and 'go-fast'"],
    ),
    "a schema called like something of the generator's": (
        answer_called("Response"),
        ["components.schemas.Response", 'paths["/images/generations"].post', "class_overrides"],
    ),
    "a property called like something of the generator's": (
        lambda document: parameters_of(document).update(additionalProperties={"type": "string"}),
        ["ImageGenerationRequest", "'additionalProperties'"],
    ),
    "a property that would get lost": (
        lambda document: parameters_of(document).update(field_dict={"type": "string"}),
        ["ImageGenerationRequest", "'field_dict'"],
    ),
    "a query parameter called like something of the generator's": (
        paths(x={"get": operation(parameters=[{"name": "params", **A_QUERY}])}),
        ['paths["/x"].get', "'params'"],
    ),
    "properties beside a choice": (
        schemas(Thing={**AN_OBJECT, "oneOf": [AN_OBJECT, {"type": "object", "properties": {"b": {}}}]}),
        ["components.schemas.Thing", "properties beside oneOf"],
    ),
    "a choice inside a composition": (
        schemas(Thing={"allOf": [AN_OBJECT, {"anyOf": [AN_OBJECT, {"type": "string"}]}]}),
        ["components.schemas.Thing.allOf[1]", "anyOf inside allOf"],
    ),
    "a query parameter called body, beside a body": (
        paths(
            x={
                "post": operation(
                    parameters=[{"name": "body", **A_QUERY}],
                    requestBody={"content": {"application/json": {"schema": AN_OBJECT}}},
                )
            }
        ),
        ['paths["/x"].post', "body"],
    ),
}


@pytest.mark.parametrize(("edit", "words"), REFUSED.values(), ids=REFUSED)
def test_what_a_person_has_to_see_is_named(edit: Edit, words: list[str], tmp_path: Path) -> None:
    with pytest.raises(ToolError) as caught:
        generated(tmp_path, edit)
    for word in words:
        assert word in str(caught.value)
    assert "object at 0x" not in str(caught.value)

"""The sandbox as clients meet it: over HTTP, held against the document."""

from __future__ import annotations

import base64
import copy
import io
import logging
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from openapi_core import OpenAPI
from openapi_core.testing import MockRequest, MockResponse
from PIL import Image

from qubrid_facade.sandbox import RecordedRequest, Sandbox
from tests.support.document import DOCUMENT, ERROR_STATUSES, EXAMPLES, documented_error

KEY = "a-key-that-nobody-may-see"
FOX = {"model": "qwen-image", "prompt": "a red fox in snow", "image_size": "64"}
_CONTRACT = OpenAPI.from_dict(DOCUMENT)


class Client(httpx.Client):
    """A client of one sandbox that holds every documented answer against the document."""

    def __init__(self, sandbox: Sandbox, key: str | None = KEY) -> None:
        headers = {"Authorization": f"Bearer {key}"} if key is not None else {}
        super().__init__(base_url=sandbox.base_url, headers=headers, trust_env=False, timeout=10)

    def make(self, body: Any = None, **options: Any) -> httpx.Response:
        """Ask for a picture, and see that the answer is what the document promises."""
        answer = self.post("/images/generations", json=FOX if body is None else body, **options)
        assert answer.headers["Qubrid-Sandbox-Answer"] == "1"
        request = MockRequest("https://platform.qubrid.com", "post", "/v1/images/generations")
        if str(answer.status_code) in DOCUMENT["paths"]["/images/generations"]["post"]["responses"]:
            seen = MockResponse(
                answer.content, answer.status_code, content_type=answer.headers["content-type"]
            )
            _CONTRACT.validate_response(request, seen)
        return answer


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


@pytest.fixture
def client(sandbox: Sandbox) -> Iterator[Client]:
    with Client(sandbox) as made:
        yield made


def error_of(answer: httpx.Response) -> dict[str, Any]:
    """Return the error of an answer, which says the request id twice."""
    error: dict[str, Any] = answer.json()["error"]
    assert error["request_id"] == answer.headers["x-request-id"]
    return error


@pytest.mark.parametrize(("name", "size"), [("Minimal", (1024, 1024)), ("Full", (1024, 576))])
def test_the_documents_examples_give_real_pictures(client: Client, name: str, size: tuple[int, int]) -> None:
    answer = client.make(EXAMPLES[name])
    assert answer.status_code == 200
    url = answer.json()["data"][0]["url"]
    fetched = httpx.get(url, trust_env=False)  # without a key
    assert fetched.headers["content-type"] == "image/webp"
    assert int(fetched.headers["content-length"]) == len(fetched.content)
    assert "max-age" in fetched.headers["cache-control"]
    with Image.open(io.BytesIO(fetched.content)) as picture:
        assert (picture.format, picture.size) == ("WEBP", size)
        # Drawn, not filled: a picture has many colours.
        assert len(picture.convert("RGB").resize((64, 64)).getcolors(4096) or []) > 300
    head = httpx.head(url, trust_env=False)
    assert (head.content, head.headers["content-length"]) == (b"", fetched.headers["content-length"])


@pytest.mark.parametrize("status", ERROR_STATUSES)
@pytest.mark.parametrize("way", ["key", "script", "header"])
def test_every_documented_error_can_be_had(sandbox: Sandbox, status: int, way: str) -> None:
    key = f"sandbox-error-{status}" if way == "key" else KEY
    headers = {"Qubrid-Sandbox": f"status={status}"} if way == "header" else {}
    if way == "script":
        sandbox.misbehave(f"status={status}")
    with Client(sandbox, key) as client:
        answer = client.make(headers=headers)
    expected = documented_error(status)["error"] | {"request_id": answer.headers["x-request-id"]}
    assert (answer.status_code, answer.json()["error"]) == (status, expected)


@pytest.mark.parametrize(
    ("change", "param", "message"),
    [
        ({"prompt": ...}, "prompt", "Missing required parameter: 'prompt'."),
        ({"model": ...}, "model", "Missing required parameter: 'model'."),
        ({"seed": "7"}, "seed", "Invalid type for 'seed': expected an integer, got a string."),
        ({"prompt": None}, "prompt", "Invalid type for 'prompt': expected a string, got null."),
        (
            {"extra_lora_scale": [1, "high"]},
            "extra_lora_scale.1",
            "Invalid type for 'extra_lora_scale.1': expected a number, got a string.",
        ),
        (
            {"output_format": "bmp"},
            "output_format",
            "Invalid value for 'output_format': expected one of webp, png, jpg, jpeg, got 'bmp'.",
        ),
        (
            {"aspect_ratio": "wide"},
            "aspect_ratio",
            "Invalid value for 'aspect_ratio': expected W:H, such as 1:1 or 16:9, got 'wide'.",
        ),
        (
            {"output_quality": 101},
            "output_quality",
            "Invalid value for 'output_quality': expected a number from 1 to 100, got 101.",
        ),
        ({"n": 99}, "n", "Invalid value for 'n': expected a number from 1 to 8, got 99."),
    ],
)
def test_a_mistake_is_named_with_its_parameter(
    client: Client, change: dict[str, Any], param: str, message: str
) -> None:
    answer = client.make({name: value for name, value in (FOX | change).items() if value is not ...})
    error = error_of(answer)
    assert (answer.status_code, error["param"], error["message"]) == (400, param, message)
    assert (error["type"], error["code"]) == ("invalid_request_error", "invalid_request")


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b'{"model": ', "application/json"),
        (b'{"model": NaN, "prompt": "p"}', "application/json"),
        (b"[" * 100_000, "application/json"),
        (b"\xff\xfe{", "application/json"),
        (b"", "application/json"),
        (b'{"model": "m", "prompt": "p"}', "text/plain"),
        (b'{"model": "m", "prompt": "p"}', None),
    ],
)
def test_a_body_that_is_no_json_is_a_bad_request(
    client: Client, body: bytes, content_type: str | None
) -> None:
    headers = {"Content-Type": content_type} if content_type else {}
    answer = client.post("/images/generations", content=body, headers=headers)
    assert (answer.status_code, error_of(answer)["code"]) == (400, "invalid_request")


def test_a_body_of_any_size_and_framing(client: Client, sandbox: Sandbox) -> None:
    def pieces() -> Iterator[bytes]:
        yield b'{"model": "m", '
        yield b'"prompt": "p"}'

    headers = {"Content-Type": "application/json"}
    assert client.post("/images/generations", content=pieces(), headers=headers).status_code == 200
    assert sandbox.requests[-1].json == {"model": "m", "prompt": "p"}
    with Sandbox(max_body=1000) as narrow, Client(narrow) as other:
        answer = other.make(FOX | {"image": "x" * 2000})
        assert (answer.status_code, error_of(answer)["code"]) == (400, "request_too_large")
        assert other.make().status_code == 200


@pytest.mark.parametrize(
    ("authorization", "code"),
    [
        (None, "missing_api_key"),
        ("Bearer", "invalid_api_key"),
        (KEY, "invalid_api_key"),
        (f"Basic {KEY}", "invalid_api_key"),
        ("Bearer sandbox-error-999", "invalid_api_key"),
    ],
)
def test_no_key_or_a_malformed_one(sandbox: Sandbox, authorization: str | None, code: str) -> None:
    headers = {"Authorization": authorization} if authorization else {}
    with Client(sandbox, None) as client:
        answer = client.make(headers=headers)
    assert (answer.status_code, error_of(answer)["code"]) == (401, code)
    assert KEY not in answer.text


def test_an_unknown_model_path_and_method(client: Client, sandbox: Sandbox) -> None:
    answer = client.make(FOX | {"model": "sandbox-missing-ultra"})
    assert answer.status_code == 404
    assert error_of(answer) | {"request_id": ""} == {
        "message": "The model 'sandbox-missing-ultra' does not exist or is not available.",
        "type": "invalid_request_error",
        "code": "model_not_found",
        "param": "model",
        "request_id": "",
    }
    answer = client.get("/nowhere")
    assert (answer.status_code, error_of(answer)["code"]) == (404, "not_found")
    answer = client.get("/images/generations")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    assert error_of(answer)["code"] == "method_not_allowed"
    host, port = sandbox.address
    answer = client.get(f"http://{host}:{port}/files/none.webp")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/xml")


def test_the_forms_that_a_picture_can_have(client: Client) -> None:
    url = client.make(FOX).json()["data"][0]["url"]
    drawn = client.get(url).content
    answer = client.make(FOX | {"response_format": "b64_json"}).json()
    assert answer["data"] == [{"b64_json": base64.b64encode(drawn).decode()}]
    prefixed = client.make(headers={"Qubrid-Sandbox": "form=data"}).json()["data"][0]["b64_json"]
    assert prefixed == "data:image/webp;base64," + base64.b64encode(drawn).decode()
    raw = client.post("/images/generations", json=FOX, headers={"Qubrid-Sandbox": "form=raw"})
    assert (raw.headers["content-type"], raw.content) == ("image/webp", drawn)
    several = client.make(FOX | {"n": 3}).json()["data"]
    assert len({client.get(one["url"]).content for one in several}) == 3
    assert several[0]["url"] == url


def test_what_happens_is_recorded_as_it_was_sent_but_for_the_key(
    caplog: pytest.LogCaptureFixture,
) -> None:
    told: list[tuple[RecordedRequest, int | None]] = []
    with (
        caplog.at_level(logging.DEBUG),
        Sandbox(clock=lambda: 1_710_000_000.9, on_request=lambda *what: told.append(what[:2])) as sandbox,
        Client(sandbox) as client,
    ):
        answer = client.make(FOX | {"odd": [1]}, params={"a": "b"}, headers={"X-Mine": "yes", "Cookie": KEY})
        client.get(answer.json()["data"][0]["url"])
        client.make(headers={"Qubrid-Sandbox": "status=402"})
    assert answer.json()["created"] == 1_710_000_000
    assert answer.headers["x-request-id"] == "req-sandbox-000001"
    first = sandbox.requests[0]
    assert (first.method, first.path, first.had_key) == ("POST", "/v1/images/generations?a=b", True)
    assert (first.headers["x-mine"], first.json) == ("yes", FOX | {"odd": [1]})
    assert len(sandbox.requests) == 2
    assert [download.method for download in sandbox.downloads] == ["GET"]
    assert [status for _, status in told] == [200, 200, 402]
    everything = (
        repr([*told, sandbox, sandbox.requests, [list(one.headers) for one, _ in told]]) + caplog.text
    )
    assert KEY not in everything


def test_a_failure_of_its_own_is_a_500_and_logged(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_recipe: object) -> bytes:
        raise RuntimeError("out of paint")

    monkeypatch.setattr("qubrid_facade.sandbox.gallery.paint", fail)
    answer = client.make(FOX | {"response_format": "b64_json"})
    assert (answer.status_code, error_of(answer)["code"]) == (500, "internal_error")
    assert "out of paint" in caplog.text
    assert client.make().status_code == 200


def test_many_at_once_over_connections_that_stay_open(client: Client, sandbox: Sandbox) -> None:
    bodies = [FOX | {"seed": seed, "response_format": "b64_json"} for seed in range(24)]
    with ThreadPoolExecutor(8) as pool:
        pictures = [answer.json()["data"][0]["b64_json"] for answer in pool.map(client.make, bodies)]
    assert len(set(pictures)) == 24
    ids = [client.make().headers["x-request-id"] for _ in range(3)]
    assert ids == [f"req-sandbox-{number:06d}" for number in (25, 26, 27)]
    assert sandbox.requests[-1].headers["connection"] == "keep-alive"


def test_stopping_frees_the_port_at_once_even_with_somebody_waiting() -> None:
    arrived = threading.Semaphore(0)

    def clock() -> float:
        arrived.release()  # an answer is being made, which nobody will get
        return 0.0

    sandbox = Sandbox(script="no-answer; forever", clock=clock).start()
    assert sandbox.start() is sandbox
    address = sandbox.address
    with ThreadPoolExecutor(3) as pool, Client(sandbox) as client:
        waiting = [pool.submit(client.post, "/images/generations", json=FOX, timeout=30) for _ in range(3)]
        assert all(arrived.acquire(timeout=10) for _ in range(3))
        started = time.monotonic()
        sandbox.stop()
        assert time.monotonic() - started < 5  # it takes 0.1 s; the clients would wait for 30
        for one in waiting:
            assert isinstance(one.exception(timeout=5), httpx.RemoteProtocolError)
    sandbox.stop()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("qubrid-sandbox")]
    with socket.socket() as again:
        again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        again.bind(address)
    with pytest.raises(RuntimeError, match="not running"):
        _ = sandbox.base_url


def test_a_port_that_is_taken_is_named(sandbox: Sandbox) -> None:
    with pytest.raises(OSError, match=rf"cannot listen on 127.0.0.1:{sandbox.address[1]}"):
        Sandbox(port=sandbox.address[1]).start()


def test_it_follows_the_document() -> None:
    document = copy.deepcopy(DOCUMENT)
    document["servers"] = [
        {"url": "https://{region}.example.com/api", "variables": {"region": {"default": "eu"}}}
    ]
    operation = document["paths"].pop("/images/generations")["post"]
    document["paths"]["/pictures"] = {"post": operation}
    schemas = document["components"]["schemas"]
    schemas["ImageGenerationRequest"]["required"].append("style")
    schemas["ImageGenerationRequest"]["properties"]["style"] = {"type": "string", "enum": ["oil", "ink"]}
    schemas["ImageGenerationResponse"]["properties"]["created"] = {"type": "string", "format": "date-time"}
    schemas["ImageGenerationResponse"]["properties"]["cost"] = {"type": "number"}
    schemas["ImageGenerationResponse"]["required"] = ["cost"]
    flat = {"type": "object", "properties": {"error": {"type": "string"}, "message": {"type": "string"}}}
    schemas["ErrorResponse"] = flat
    operation["responses"]["422"] = operation["responses"].pop("400")
    document["paths"]["/models"] = {
        "get": {
            "security": [],
            "responses": {
                "200": {
                    "description": "models",
                    "content": {
                        "application/json": {
                            "schema": {"type": "array", "items": {"type": "string"}},
                            "example": ["a"],
                        }
                    },
                }
            },
        }
    }
    with Sandbox(document=document, clock=lambda: 0) as sandbox, Client(sandbox) as client:
        assert sandbox.base_url.endswith("/api")
        answer = client.post("/pictures", json=FOX)
        assert (answer.status_code, answer.json()["message"]) == (422, "Missing required parameter: 'style'.")
        answer = client.post("/pictures", json=FOX | {"style": "chalk"})
        assert answer.json()["message"] == 'Invalid value for \'style\': expected one of "oil", "ink".'
        made = client.post("/pictures", json=FOX | {"style": "ink"}).json()
        assert (made["created"], made["cost"]) == ("1970-01-01T00:00:00+00:00", 0)
        assert client.get(made["data"][0]["url"]).headers["content-type"] == "image/webp"
    with Sandbox(document=document) as sandbox, Client(sandbox, None) as client:
        assert client.get("/models").json() == ["a"]


def test_without_the_extra_it_says_what_to_install(tmp_path: Path) -> None:
    hide = "import sys; sys.modules['PIL'] = None; import qubrid_facade.sandbox"
    ran = subprocess.run(
        [sys.executable, "-c", hide], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert ran.returncode == 1
    assert 'pip install "qubrid-facade[sandbox]"' in ran.stderr.splitlines()[-1]

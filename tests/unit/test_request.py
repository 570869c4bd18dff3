"""What goes on the wire: only what the caller set, and the model."""

from __future__ import annotations

import datetime
import io
import platform
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image as PILImage
from qubrid_api.spec import BASE_URL, DEFAULT_MODEL

import qubrid_facade
from qubrid_facade import ConfigurationError, InputError, Qubrid
from tests.support.clients import KEY, REQUIRED, World, client_of
from tests.support.document import EXAMPLES
from tests.support.pictures import b64, picture
from tests.support.wire import Received, WireServer, reply

OK = {"created": 1710000000, "data": [{"url": "https://cdn.qubrid.com/generated/image.webp"}]}


def answer_ok(_: Received) -> bytes:
    return reply(200, OK)


@pytest.mark.parametrize("name", ["Minimal", "Full"])
def test_the_documents_examples_arrive_as_printed(world: World, name: str) -> None:
    example = dict(EXAMPLES[name])
    with WireServer(answer_ok) as server, client_of(world, server.base_url) as client:
        client.generate(example["prompt"], **{k: v for k, v in example.items() if k != "prompt"})
    sent = server.requests[0]
    assert sent.json == EXAMPLES[name]
    assert {k: type(v) for k, v in sent.json.items()} == {k: type(v) for k, v in EXAMPLES[name].items()}
    assert (sent.method, sent.path) == ("POST", "/v1/images/generations")
    assert sent.headers["content-type"] == "application/json"


def test_the_default_model_is_the_only_thing_added(world: World) -> None:
    with WireServer(answer_ok) as server, client_of(world, server.base_url, model="p-image") as client:
        client.generate("")
        client.generate("fox", model="z-image-turbo")
        client.with_options(model="flux-dev").generate("fox")
    assert [request.json for request in server.requests] == [
        {"model": "p-image", "prompt": "", **REQUIRED},
        {"model": "z-image-turbo", "prompt": "fox", **REQUIRED},
        {"model": "flux-dev", "prompt": "fox", **REQUIRED},
    ]


def test_headers_say_who_calls_and_with_which_key(world: World) -> None:
    with WireServer(answer_ok) as server, client_of(world, server.base_url) as client:
        client.generate("fox", extra_headers={"X-Trace": "7"})
    headers = server.requests[0].headers
    assert headers["authorization"] == f"Bearer {KEY}"
    assert headers["x-trace"] == "7"
    agent = headers["user-agent"]
    assert f"qubrid-facade/{qubrid_facade.__version__}" in agent
    assert f"qubrid-spec/{qubrid_facade.SPEC_VERSION}" in agent
    assert platform.python_version() in agent


def test_extra_body_goes_through_untouched(world: World) -> None:
    with WireServer(answer_ok) as server, client_of(world, server.base_url) as client:
        client.generate(
            "fox", extra_body={"image_size": 1024, "n": 2, "turbo": None, "watermark": [{"a": 1}]}
        )
    assert server.requests[0].json == {
        "model": DEFAULT_MODEL,
        "prompt": "fox",
        **REQUIRED,
        "image_size": 1024,
        "n": 2,
        "turbo": None,
        "watermark": [{"a": 1}],
    }


def test_an_unknown_parameter_is_named_with_its_nearest(world: World) -> None:
    with WireServer(answer_ok) as server, client_of(world, server.base_url) as client:
        with pytest.raises(TypeError, match=r"num_inference_step'.*num_inference_steps.*extra_body"):
            client.generate("fox", num_inference_step=3)
    assert server.requests == []


def test_a_callers_own_httpx_client_keeps_its_headers(world: World) -> None:
    with WireServer(answer_ok) as server:
        http = world.http_client()
        http.headers["x-gateway"] = "mine"
        with client_of(world, server.base_url, http_client=http) as client:
            client.generate("fox")
            assert not http.is_closed
        assert not http.is_closed
        world.close_http(http)
    assert server.requests[0].headers["x-gateway"] == "mine"
    assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"


# --- input images ---------------------------------------------------------------------------------------


def image_forms(folder: Path) -> dict[str, Any]:
    path = folder / "in.webp"
    path.write_bytes(picture("webp"))
    return {
        "bytes": picture("jpeg"),
        "path": path,
        "path as text": str(path),
        "open file": io.BytesIO(picture("gif")),
        "PIL image": PILImage.new("RGB", (3, 3)),
    }


@pytest.mark.parametrize(
    ("form", "media_type"),
    [
        ("bytes", "image/jpeg"),
        ("path", "image/webp"),
        ("path as text", "image/webp"),
        ("open file", "image/gif"),
        ("PIL image", "image/png"),
    ],
)
def test_a_local_image_travels_as_a_data_uri_of_its_own_type(
    world: World, tmp_path: Path, form: str, media_type: str
) -> None:
    with WireServer(answer_ok) as server, client_of(world, server.base_url) as client:
        client.generate("fox", image=image_forms(tmp_path)[form])
    assert server.requests[0].json["image"].startswith(f"data:{media_type};base64,")


@pytest.mark.parametrize(
    "text", ["https://example.com/a.png", "data:image/png;base64,AAAA", b64(picture(size=(99, 99))), None]
)
def test_what_is_text_already_travels_as_it_is(world: World, text: str | None) -> None:
    with WireServer(answer_ok) as server, client_of(world, server.base_url) as client:
        client.generate("fox", image=text)
    assert server.requests[0].json["image"] == text


def test_an_image_that_is_none_is_said_and_not_sent(world: World, tmp_path: Path) -> None:
    note = tmp_path / "note.txt"
    note.write_text("no picture")
    bad: list[tuple[Any, str]] = [
        (tmp_path / "missing.png", "missing.png.*no such file"),
        (str(note), "note.txt.*not an image"),
        (b"", "nothing in it"),
        (io.StringIO("text"), 'mode "rb"'),
        ("ftp://example.com/a.png", "http or https"),
        (7, "not int"),
    ]
    with WireServer(answer_ok) as server, client_of(world, server.base_url) as client:
        for value, message in bad:
            with pytest.raises(InputError, match=message):
                client.generate("fox", image=value)
    assert server.requests == []


# --- settings -------------------------------------------------------------------------------------------


def test_settings_come_from_arguments_then_the_environment_then_the_document(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("QUBRID_API_KEY", KEY)
    client = Qubrid()
    assert (client.base_url, client.model) == (BASE_URL, DEFAULT_MODEL)
    monkeypatch.setenv("QUBRID_BASE_URL", "http://127.0.0.1:4010/v1/")
    monkeypatch.setenv("QUBRID_MODEL", "flux-dev")
    client = Qubrid()
    assert (client.base_url, client.model) == ("http://127.0.0.1:4010/v1", "flux-dev")
    client = Qubrid(base_url="https://example.com", model="p-image")
    assert (client.base_url, client.model) == ("https://example.com", "p-image")


@pytest.mark.parametrize("key", [None, ""])
def test_without_a_key_it_is_said_where_to_get_one(world: World, key: str | None) -> None:
    with pytest.raises(ConfigurationError, match=r"QUBRID_API_KEY.*API-keys page") as caught:
        world.client_type(api_key=key)
    assert isinstance(caught.value, ValueError)


@pytest.mark.parametrize(
    "key",
    [
        "sk-secret\n",
        " sk-secret",
        "sk-secret ",
        "sk-\tsecret",
        "sk-secrét",
        "Bearer sk-secret",
        "'sk-secret'",
    ],
)
def test_a_key_that_cannot_be_right_is_refused_unseen(key: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        Qubrid(api_key=key)
    assert "secr" not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "platform.qubrid.com/v1",
        "//x/v1",
        "ftp://x/v1",
        "http://platform.qubrid.com/v1",
        "https://",
        "https://u:p@x/v1",
        "http://x/v1?a=b",
        "http://x:99999",
        "http://a b",
    ],
)
def test_a_base_url_that_cannot_be_right_is_named(url: str) -> None:
    with pytest.raises(ConfigurationError, match="base URL"):
        Qubrid(api_key=KEY, base_url=url)


@pytest.mark.parametrize(
    "option",
    [
        {"timeout": 0},
        {"timeout": "5"},
        {"deadline": -1},
        {"max_retries": -1},
        {"max_retries": 1.5},
        {"max_response_bytes": 0},
    ],
)
def test_a_setting_out_of_its_range_is_named(option: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError, match=next(iter(option))):
        Qubrid(api_key=KEY, **option)


def test_the_other_kind_of_httpx_client_is_refused(world: World) -> None:
    wrong = httpx.AsyncClient() if world.name == "sync" else httpx.Client()
    with pytest.raises(ConfigurationError, match="http_client must be an httpx"):
        world.client_type(api_key=KEY, http_client=wrong)


def test_values_that_json_lacks_are_written_as_json_has_them(world: World) -> None:
    with WireServer(answer_ok) as server, client_of(world, server.base_url) as client:
        client.generate("fox", aspect_ratio=datetime.date(2026, 1, 2), extra_lora_weights=("a", "b"))
        with pytest.raises(InputError, match="guidance"):
            client.generate("fox", guidance=float("nan"))
        with pytest.raises(InputError, match="X-Bad"):
            client.generate("fox", extra_headers={"X-Bad": "a\r\nb"})
    assert server.requests[0].json["aspect_ratio"] == "2026-01-02"
    assert server.requests[0].json["extra_lora_weights"] == ["a", "b"]
    assert len(server.requests) == 1

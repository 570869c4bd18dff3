"""What an answer can be: whatever form an image comes in, it reads and saves the same."""

from __future__ import annotations

import copy
import datetime
import json
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from qubrid_facade import DownloadError, InvalidResponseError, NoImageError, QubridError
from tests.support.clients import KEY, World, client_of
from tests.support.pictures import b64, picture
from tests.support.wire import Received, WireServer, reply

PNG = picture("png")


def serving(answer: Callable[[str], bytes], image: bytes | None = None) -> WireServer:
    """Return a server whose API answers ``answer(its own address)`` and whose other paths are the image."""

    def handle(request: Received) -> bytes:
        if request.method == "POST":
            return answer(server.url)
        return image or reply(200, PNG, {"content-type": "image/png"})

    server = WireServer(handle)
    return server


FORMS: dict[str, Callable[[str], bytes]] = {
    "url": lambda url: reply(200, {"created": 1710000000, "data": [{"url": f"{url}/a.png?sig=x"}]}),
    "url beside null base64": lambda url: reply(200, {"data": [{"url": f"{url}/a.png", "b64_json": None}]}),
    "relative url": lambda _: reply(200, {"data": [{"url": "/a.png"}]}),
    "b64_json": lambda _: reply(200, {"data": [{"b64_json": b64(PNG)}]}),
    "b64_json in lines": lambda _: reply(
        200, {"data": [{"b64_json": "\n".join(b64(PNG)[i : i + 60] for i in range(0, 999, 60))}]}
    ),
    "b64_json without padding": lambda _: reply(200, {"data": [{"b64_json": b64(PNG + b"\0").rstrip("=")}]}),
    "b64_json behind a prefix": lambda _: reply(
        200, {"data": [{"b64_json": "data:image/png;base64," + b64(PNG)}]}
    ),
    "data uri as url": lambda _: reply(200, {"data": [{"url": "data:image/png;base64," + b64(PNG)}]}),
    "data uri as the body": lambda _: reply(
        200, "data:image/png;base64," + b64(PNG), {"content-type": "text/plain"}
    ),
    "json string": lambda _: reply(200, json.dumps("data:image/png;base64," + b64(PNG))),
    "the image itself": lambda _: reply(200, PNG, {"content-type": "image/png"}),
    "the image itself, untyped": lambda _: reply(200, PNG),
    "no content type": lambda _: reply(200, json.dumps({"data": [{"b64_json": b64(PNG)}]})),
    "no created, unknown fields": lambda _: reply(
        200, {"usage": {"n": 1}, "data": [{"b64_json": b64(PNG), "revised_prompt": 5}]}
    ),
    "odd created": lambda _: reply(200, {"created": {"at": []}, "data": [{"b64_json": b64(PNG)}]}),
    "one object for data": lambda _: reply(200, {"data": {"b64_json": b64(PNG)}}),
    "a byte order mark": lambda _: reply(
        200, b"\xef\xbb\xbf" + json.dumps({"data": [{"b64_json": b64(PNG)}]}).encode()
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_an_image_reads_and_saves_the_same(world: World, tmp_path: Path, form: str) -> None:
    with serving(FORMS[form]) as server, client_of(world, server.base_url) as client:
        result = client.generate("fox")
        assert client.read(result.data[0]).startswith(PNG)
        assert client.save(result.data[0], tmp_path / "fox.webp") == tmp_path / "fox.png"
        paths = client.save(result, tmp_path / "all")
    assert (tmp_path / "fox.png").read_bytes().startswith(PNG)
    assert [path.read_bytes()[: len(PNG)] for path in paths] == [PNG]
    for request in server.requests:
        assert (request.method == "POST") == ("authorization" in request.headers)


TEXTUAL = {
    "image/svg+xml": b"<?xml version='1.0'?>\n<!DOCTYPE svg>\n<!--" + b" " * 600 + b"--><svg/>",
    "image/x-portable-pixmap": b"P3\n# drawn by hand\n1 1\n255\n9 9 9\n",
    "image/x-xpixmap": b'/* XPM */\nstatic char *fox[] = {"1 1 1 1", "a c red", "a"};\n',
    "image/x-xbitmap": b"#define fox_width 1\n#define fox_height 1\nstatic char fox_bits[] = {1};\n",
}


@pytest.mark.parametrize("kind", TEXTUAL)
@pytest.mark.parametrize("form", ["url", "b64_json", "the body"])
def test_a_picture_may_be_made_of_text(world: World, kind: str, form: str) -> None:
    content = TEXTUAL[kind]
    whole = reply(200, content, {"content-type": kind})
    forms = {"the body": lambda _: whole, "b64_json": lambda _: reply(200, {"data": {form: b64(content)}})}
    with serving(forms.get(form, FORMS["url"]), whole) as server:
        with client_of(world, server.base_url) as client:
            assert client.read(client.generate("fox").data[0]) == content


@pytest.mark.parametrize(
    ("created", "expected"),
    [
        (1710000000, datetime.datetime(2024, 3, 9, 16, tzinfo=datetime.UTC)),
        (1710000000000, datetime.datetime(2024, 3, 9, 16, tzinfo=datetime.UTC)),
        ("1710000000", datetime.datetime(2024, 3, 9, 16, tzinfo=datetime.UTC)),
        ("2024-03-09T17:00:00+01:00", datetime.datetime(2024, 3, 9, 16, tzinfo=datetime.UTC)),
        (None, None),
        ("yesterday", None),
        (True, None),
        (1e300, None),
    ],
)
def test_created_is_an_aware_datetime_or_none(world: World, created: Any, expected: Any) -> None:
    body = {"created": created, "data": [{"b64_json": b64(PNG)}]}
    with serving(lambda _: reply(200, body)) as server, client_of(world, server.base_url) as client:
        found = client.generate("fox").created
    assert found == expected
    assert found is None or found.tzinfo is not None


def test_a_result_says_what_the_service_said(world: World) -> None:
    body = {"created": 1710000000, "data": [{"url": "https://cdn.qubrid.com/a.webp"}, {"b64_json": b64(PNG)}]}
    answer = reply(200, body, {"x-request-id": "req-7"})
    with serving(lambda _: answer) as server, client_of(world, server.base_url) as client:
        result = client.generate("fox", model="p-image")
    assert (result.request_id, result.attempts, result.model, len(result)) == ("req-7", 1, "p-image", 2)
    assert [image.url for image in result] == ["https://cdn.qubrid.com/a.webp", None]
    assert [image.b64_json for image in result] == [None, b64(PNG)]
    assert type(result.raw).__name__ == "ImageGenerationResponse"
    assert result.raw.to_dict() == body


def test_raw_keeps_what_does_not_fit_the_document(world: World) -> None:
    body = {"created": 5, "data": {"b64_json": b64(PNG)}, "model": "m"}
    with serving(lambda _: reply(200, body)) as server, client_of(world, server.base_url) as client:
        raw = client.generate("fox").raw
    assert raw.additional_properties == body


def test_a_result_outlives_its_client_a_pickle_and_a_copy(world: World) -> None:
    with serving(FORMS["url"]) as server:
        with client_of(world, server.base_url) as client:
            result = client.generate("fox")
            assert result.raw.created == 1710000000
        again = pickle.loads(pickle.dumps(result))  # noqa: S301 - our own
        assert KEY.encode() not in pickle.dumps(result)
        for image in (result.data[0], again.data[0], copy.deepcopy(result).data[0]):
            assert world.run(image.read()) == PNG
        assert again.raw.created == 1710000000


ODD_SUCCESSES: dict[str, tuple[bytes, type[QubridError]]] = {
    "empty": (reply(200, b""), InvalidResponseError),
    "html": (
        reply(200, "<html><title>Hello</title></html>", {"content-type": "text/html"}),
        InvalidResponseError,
    ),
    "truncated json": (reply(200, b'{"data": [{"url": "http'), InvalidResponseError),
    "not utf-8": (reply(200, b'{"data": "\xff\xfe"}'), InvalidResponseError),
    "nested too deeply": (reply(200, b"[" * 200_000), InvalidResponseError),
    "broken base64": (reply(200, {"data": [{"b64_json": "!!!"}]}), InvalidResponseError),
    "null": (reply(200, b"null"), NoImageError),
    "a number": (reply(200, b"7"), NoImageError),
    "data null": (reply(200, {"created": 1, "data": None}), NoImageError),
    "data missing": (reply(200, {"created": 1}), NoImageError),
    "data empty": (reply(200, {"data": []}), NoImageError),
    "items without an image": (reply(200, {"data": [{}, {"url": None}, 5, None]}), NoImageError),
    "an error envelope": (
        reply(200, {"error": {"message": "Out of paint.", "request_id": "req-9"}}),
        NoImageError,
    ),
    "no content": (b"HTTP/1.1 204 No Content\r\n\r\n", InvalidResponseError),
}


@pytest.mark.parametrize("name", ODD_SUCCESSES)
def test_a_success_without_an_image_is_an_error_that_keeps_the_body(world: World, name: str) -> None:
    answer, kind = ODD_SUCCESSES[name]
    with serving(lambda _: answer) as server, client_of(world, server.base_url) as client:
        with pytest.raises(kind) as caught:
            client.generate("fox")
    error = caught.value
    assert type(error) is kind
    assert isinstance(error, InvalidResponseError)
    assert error.body == answer.partition(b"\r\n\r\n")[2]
    assert (error.outcome, error.attempts, len(server.requests)) == ("unknown", 1, 1)
    assert "may have been carried out" in str(error)
    if name == "an error envelope":
        assert "Out of paint." in str(error)
        assert error.request_id == "req-9"


@pytest.mark.parametrize("text", ["!!!", "\ud800"])
def test_one_broken_image_loses_no_other(world: World, tmp_path: Path, text: str) -> None:
    body = {"request_id": "req-7", "data": [{"b64_json": text}, {"b64_json": b64(PNG)}]}
    with serving(lambda _: reply(200, body)) as server, client_of(world, server.base_url) as client:
        result = client.generate("fox")
        assert client.read(result.data[1]) == PNG
        for attempt in (lambda: client.read(result.data[0]), lambda: client.save(result, tmp_path)):
            with pytest.raises(InvalidResponseError, match="base64") as caught:
                attempt()
            assert caught.value.body.decode("unicode_escape") == text
            # Nothing was sent for it, and nothing would be.
            assert (caught.value.outcome, caught.value.request_id) == (None, "req-7")
            assert "retry" not in str(caught.value)
    assert [f"Saved: {path}" for path in tmp_path.iterdir()] == caught.value.__notes__


def test_every_failure_of_saving_several_is_told(world: World, tmp_path: Path) -> None:
    items = [{"b64_json": b64(PNG)}, {"b64_json": "!!!"}, {"url": "ftp://x/y"}, {"b64_json": b64(PNG)}]
    with serving(lambda _: reply(200, {"data": items})) as server:
        with client_of(world, server.base_url) as client:
            with pytest.raises(InvalidResponseError) as caught:
                client.save(client.generate("fox"), tmp_path)
    also, saved = caught.value.__notes__
    assert also.startswith("Image 3 of 4 failed, too: DownloadError: The service named an address")
    assert sorted(saved.removeprefix("Saved: ").split(", ")) == sorted(map(str, tmp_path.iterdir()))


def test_an_answer_that_is_too_long_is_not_read_on(world: World) -> None:
    answer = reply(200, b"x" * 300_000)
    with serving(lambda _: answer) as server:
        with client_of(world, server.base_url, max_response_bytes=100_000) as client:
            with pytest.raises(InvalidResponseError, match="max_response_bytes"):
                client.generate("fox")


# --- fetching -------------------------------------------------------------------------------------------

EXPIRED = reply(
    403, "<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>", {"content-type": "application/xml"}
)


@pytest.mark.parametrize(
    ("image", "message"),
    [
        (EXPIRED, "403.*expired"),
        (reply(404, b""), "404.*expired"),
        (
            reply(200, "<html>Sign in</html>", {"content-type": "text/html"}),
            "page.*instead of a picture: Sign in",
        ),
        (reply(200, b"", {"connection": "close"}), "sent nothing"),
        (reply(200, PNG[:20], {"content-length": "999", "connection": "close"}), None),
    ],
)
def test_an_image_that_cannot_be_fetched_keeps_its_address_and_can_be_tried_again(
    world: World, tmp_path: Path, image: bytes, message: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("random.uniform", lambda low, high: 0.0)
    answers = {"GET": image}

    def handle(request: Received) -> list[Any]:
        if request.method == "POST":
            return [FORMS["url"](server.url)]
        from tests.support.wire import Close

        return [answers["GET"], Close()]

    with WireServer(handle) as server, client_of(world, server.base_url) as client:
        result = client.generate("fox")
        with pytest.raises(DownloadError, match=message) as caught:
            client.save(result.data[0], tmp_path / "fox.png")
        assert list(tmp_path.iterdir()) == []
        assert caught.value.url == f"{server.url}/a.png?sig=x"
        assert "sig=x" not in str(caught.value) + repr(caught.value) + repr(result)
        answers["GET"] = reply(200, PNG, {"content-type": "image/png"})
        assert client.save(result.data[0], tmp_path / "fox.png").read_bytes() == PNG
    assert sum(request.method == "POST" for request in server.requests) == 1


def test_a_passing_fault_of_the_image_host_is_repeated_and_redirects_are_followed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("random.uniform", lambda low, high: 0.0)
    turns = iter([reply(503, b""), reply(302, b"", {"location": "/b.png"}), reply(200, PNG)])

    def handle(request: Received) -> bytes:
        return FORMS["url"](server.url) if request.method == "POST" else next(turns)

    with WireServer(handle) as server, client_of(world, server.base_url) as client:
        assert client.read(client.generate("fox").data[0]) == PNG
    assert [request.path.partition("?")[0] for request in server.requests] == [
        "/v1/images/generations",
        "/a.png",
        "/a.png",
        "/b.png",
    ]


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://x/y",
        "gopher://x",
        "http://[::bad/",
        "//[bad\x1b/x.png?sig=x",
        "/\ud800.png",
    ],
)
def test_only_http_addresses_are_fetched(world: World, url: str) -> None:
    with serving(lambda _: reply(200, {"data": [{"url": url}]})) as server:
        with client_of(world, server.base_url) as client:
            image = client.generate("fox").data[0]
            with pytest.raises(DownloadError, match="cannot be fetched") as caught:
                client.read(image)
    assert caught.value.outcome is None
    assert str(caught.value).isprintable()
    assert "sig=x" not in str(caught.value)

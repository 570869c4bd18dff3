"""Whatever an answer is, it comes to an image or to an error; and what the document allows is understood."""

from __future__ import annotations

import base64
import copy
import datetime
import gzip
import json
import pickle
import random
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from qubrid_facade import (
    APIStatusError,
    DownloadError,
    Image,
    ImagesResult,
    InvalidResponseError,
    NoImageError,
    Qubrid,
    QubridError,
    SaveError,
)
from tests.support.clients import KEY
from tests.support.document import DOCUMENT, ERROR_STATUSES, OPERATION
from tests.support.pictures import picture

Answer = Callable[[httpx.Request], httpx.Response]
PICTURES = [picture(kind) for kind in ("png", "jpeg", "webp", "gif")]
MANY = settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])


class Player:
    """A client whose service answers with whatever is next."""

    def __init__(self) -> None:
        self.answer = httpx.Response(200)
        self.http = httpx.Client(transport=httpx.MockTransport(lambda _: self.answer))
        self.client = Qubrid(KEY, http_client=self.http, max_retries=0)

    def __call__(self, status: int, headers: Iterable[tuple[bytes, bytes]], body: bytes) -> Any:
        self.answer = httpx.Response(status, headers=list(headers), stream=httpx.ByteStream(body))
        try:
            return self.client.images.generate("fox")
        except QubridError as exc:
            return exc


@pytest.fixture(scope="module")
def play() -> Iterator[Player]:
    player = Player()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(random, "uniform", lambda low, high: 0.0)  # no waits
        yield player
    player.http.close()


# --- what may arrive ------------------------------------------------------------------------------------

words = st.sampled_from(
    "data images url b64_json image error message detail msg loc code type param request_id created null "
    f"model_not_found content_policy_violation {KEY} ".split(" ")
)
encoded = st.one_of(st.binary(max_size=40), st.sampled_from(PICTURES)).map(
    lambda data: base64.b64encode(data).decode()
)
texts = st.one_of(
    words,
    st.text(max_size=60),
    encoded,
    encoded.map(lambda text: "data:image/png;base64," + text),
    st.sampled_from(
        ["https://x.invalid/a.png?sig=5f1c9e0badc0ffee", "/a.png", "//", "http://[", "data:", "x://"]
    ),
)
scalars = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), texts)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(words | st.text(max_size=5), inner, max_size=5)
    ),
    max_leaves=20,
)
documents = values.map(lambda value: json.dumps(value).encode("utf-8", "surrogatepass"))
plain = st.one_of(
    st.binary(max_size=300),
    documents,
    st.sampled_from([*PICTURES, b"", b"null", b"<html><title>x</title>", b"\xef\xbb\xbf{}", b"[" * 5000]),
    texts.map(lambda text: text.encode("utf-8", "replace")),
)
bodies = st.one_of(
    plain,
    plain.map(gzip.compress),
    plain.map(zlib.compress),
    st.tuples(plain.map(gzip.compress), st.integers(0, 60)).map(lambda both: both[0][: both[1]]),
)
statuses = st.one_of(
    st.sampled_from([200, 201, 204, 302, 400, 404, 429, 500, 503, 504]), st.integers(100, 999)
)
fields = st.binary(max_size=30).filter(lambda value: b"\r" not in value and b"\n" not in value)
headers = st.lists(
    st.one_of(
        st.tuples(
            st.sampled_from([b"content-type", b"content-encoding", b"retry-after", b"location"]), fields
        ),
        st.sampled_from(
            [
                (b"content-encoding", b"gzip"),
                (b"content-encoding", b"deflate, gzip"),
                (b"content-encoding", b"br"),
                (b"content-type", b"application/json"),
                (b"content-type", b"image/png"),
                (b"content-type", b"text/html"),
                (b"x-request-id", KEY.encode()),
                (b"retry-after", b"Sun, 22 Nov 2026 12:00:30 GMT"),
            ]
        ),
    ),
    max_size=4,
)


def same(one: QubridError, other: QubridError) -> bool:
    return (type(one), str(one), repr(one), one.args, vars(one)) == (
        type(other),
        str(other),
        repr(other),
        other.args,
        vars(other),
    )


@MANY
@given(status=statuses, fields=headers, body=bodies)
def test_any_answer_is_an_image_or_an_error_of_ours(
    play: Player, status: int, fields: list[tuple[bytes, bytes]], body: bytes
) -> None:
    found = play(status, fields, body)
    if isinstance(found, ImagesResult):
        assert len(found.data) >= 1
        assert 200 <= status <= 299
        for image in found:
            assert image.url or image._content or image._fault
        assert found.created is None or found.created.tzinfo is not None
        assert found.raw is not None
        repr(found)
        return
    assert isinstance(found, QubridError)
    assert found.outcome in {"rejected", "failed", "unknown"}
    assert found.attempts == 1
    assert KEY not in str(found) + repr(found) + repr(vars(found))
    assert str(found).isprintable()
    assert "sig=5f1c" not in str(found)
    if not 200 <= status <= 299 and isinstance(found, APIStatusError):
        assert found.status_code == status
    for again in (pickle.loads(pickle.dumps(found)), copy.copy(found), copy.deepcopy(found)):  # noqa: S301
        assert same(again, found)


@MANY
@example(status=200, fields=[(b"content-type", b"application/json"), (b"content-type", b"\0")], body=b"\0")
@given(status=statuses, fields=headers, body=bodies)
def test_any_answer_of_an_image_host_is_a_picture_or_an_error_of_ours(
    play: Player, status: int, fields: list[tuple[bytes, bytes]], body: bytes
) -> None:
    link = "https://cdn.invalid/a.png?sig=5f1c9e0badc0ffee"
    image = play(200, [], json.dumps({"data": [{"url": link}]}).encode()).data[0]
    play.answer = httpx.Response(status, headers=fields, stream=httpx.ByteStream(body))
    found = read(image)
    if isinstance(found, bytes):
        assert found
        assert status == 200
        return
    assert found.url == link
    assert found.attempts >= 1
    assert found.outcome is None
    assert "5f1c9e0badc0ffee" not in str(found) + repr(found)
    assert str(found).isprintable()
    assert same(pickle.loads(pickle.dumps(found)), found)  # noqa: S301 - our own


def read(image: Image) -> bytes | DownloadError:
    try:
        return image.read(deadline=0.05)
    except DownloadError as exc:
        return exc


@MANY
@given(
    message=st.text(),
    hint=st.text(max_size=20),
    url=st.text(max_size=40),
    number=st.none() | st.integers(1, 200),
)
def test_every_error_survives_pickle_and_copy(message: str, hint: str, url: str, number: int | None) -> None:
    errors = [
        QubridError(message, hint=hint, outcome="unknown", attempts=2, request_id="r"),
        APIStatusError(message, status_code=number or 500, headers={"a": "b"}, body=b"x", hint=hint),
        InvalidResponseError(message, body=b"x", hint=hint),
        NoImageError(message),
        DownloadError(message, url=url, status_code=number, hint=hint),
        SaveError(message, filename=url, errno=number, hint=hint),
    ]
    for error in errors:
        for again in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):  # noqa: S301
            assert same(again, error)
        if isinstance(error, SaveError):
            copied = copy.copy(error)
            assert (copied.filename, copied.errno) == (url, number)


# --- what the document allows ---------------------------------------------------------------------------


def conforming(schema: dict[str, Any], name: str = "") -> st.SearchStrategy[Any]:
    """Return a strategy for what ``schema`` allows, with addresses and base64 by the names."""
    if "$ref" in schema:
        return conforming(DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]], name)
    kind = schema["type"]
    made: st.SearchStrategy[Any]
    if kind == "object":
        known = {key: conforming(inner, key) for key, inner in schema.get("properties", {}).items()}
        required = {key: known.pop(key) for key in schema.get("required", [])}
        # Nothing in the document forbids further properties.
        made = st.fixed_dictionaries(required, optional={**known, "x_more": scalars})
    elif kind == "array":
        made = st.lists(conforming(schema["items"]), max_size=3)
    elif kind == "string":
        made = st.sampled_from(schema["enum"]) if "enum" in schema else _string(name, schema)
    else:
        made = {"integer": st.integers(), "number": st.floats(allow_nan=False), "boolean": st.booleans()}[
            kind
        ]
    return made | st.none() if schema.get("nullable") else made


def _string(name: str, schema: dict[str, Any]) -> st.SearchStrategy[str]:
    if name == "url" or schema.get("format") in {"uri", "url"}:
        return st.integers(0, 10**6).map(lambda number: f"https://cdn.qubrid.com/{number}.webp?sig={number}")
    if name == "b64_json":
        return st.sampled_from(PICTURES).map(lambda data: base64.b64encode(data).decode())
    return st.text(max_size=200)


def schema_of(status: int) -> dict[str, Any]:
    found: dict[str, Any] = OPERATION["responses"][str(status)]["content"]["application/json"]["schema"]
    return found


@MANY
@given(payload=conforming(schema_of(200)))
def test_every_success_that_the_document_allows_is_understood(play: Player, payload: dict[str, Any]) -> None:
    found = play(200, [(b"content-type", b"application/json")], json.dumps(payload).encode())
    items = [item for item in payload.get("data") or [] if item.get("url") or item.get("b64_json")]
    if not items:
        assert type(found) is NoImageError
        return
    assert isinstance(found, ImagesResult)
    assert [image.url for image in found] == [item.get("url") for item in items]
    for image, item in zip(found, items, strict=True):
        if item.get("b64_json"):
            assert image.b64_json == item["b64_json"]
            assert image.read() == base64.b64decode(item["b64_json"])
    # A moment that no calendar has is no reason to throw a picture away.
    created = payload.get("created")
    if created is None or not -62_000_000_000 < created < 90_000_000_000:
        assert found.created is None or isinstance(found.created, datetime.datetime)
    else:
        assert found.created == datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC) + datetime.timedelta(
            seconds=created
        )
    assert found.raw.to_dict().get("created") == payload.get("created")


@pytest.mark.parametrize("status", ERROR_STATUSES)
def test_every_error_that_the_document_allows_is_understood(play: Player, status: int) -> None:
    @settings(max_examples=60, deadline=None)
    @given(payload=conforming(schema_of(status)))
    def check(payload: dict[str, Any]) -> None:
        found = play(status, [], json.dumps(payload).encode())
        assert isinstance(found, APIStatusError)
        assert found.status_code == status
        told = payload["error"]
        for name in ("type", "code", "param", "request_id"):
            words = "".join(c if c.isprintable() else " " for c in told.get(name) or "").split()
            assert (getattr(found, name) or "").split() == words
        assert found.message

    check()

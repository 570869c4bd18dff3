"""Pictures cut out of an answer before json reads it: the same results as when it reads everything."""

from __future__ import annotations

import base64
import copy
import json
import pickle
import random
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from qubrid_facade import ImagesResult, InvalidResponseError, Qubrid, QubridError, _embedded
from qubrid_facade._answer import Reply, find_images
from qubrid_facade._embedded import Embedded, fastest_decoder
from qubrid_facade._secrets import Secret
from qubrid_facade._wire import MemorySink
from tests.support.clients import KEY
from tests.support.pictures import b64, picture

PNG = picture()
NEVER = sys.maxsize
MANY = settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


@pytest.fixture(params=["pybase64", "the standard library"])
def decoder(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param != "pybase64":
        monkeypatch.setitem(sys.modules, "pybase64", None)
        monkeypatch.setattr(_embedded, "fastest_decoder", fastest_decoder.__wrapped__)
    return str(request.param)


Ask = Callable[[bytes], Any]


@pytest.fixture(scope="module")
def ask() -> Iterator[Ask]:
    """Give a function that asks a service for its answer, and returns the result or the error."""
    bodies: list[bytes] = []
    transport = httpx.MockTransport(lambda _: httpx.Response(200, stream=httpx.ByteStream(bodies[-1])))

    def ask(body: bytes) -> Any:
        bodies[:] = [body]
        try:
            return client.images.generate("fox")
        except QubridError as exc:
            return exc

    with httpx.Client(transport=transport) as http:
        client = Qubrid(KEY, http_client=http, max_retries=0)
        yield ask


def told(found: Any) -> Any:
    """Return everything that a user may learn from a result or an error."""
    if isinstance(found, QubridError):
        return type(found), str(found), {**vars(found), "headers": str(vars(found).get("headers"))}
    assert isinstance(found, ImagesResult)
    images = [(image.url, image.b64_json, image.media_type, image._content, repr(image)) for image in found]
    # The order of keys counts; NaN, which equals nothing, is a word in JSON.
    said = json.dumps([found.raw.to_dict(), found._payload])
    return images, found.created, found.request_id, said


def same(ask: Ask, body: bytes) -> Any:
    """Check that ``body`` comes to the same, whether pictures are cut out or not, and return the result."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_embedded, "_SHORTEST", NEVER)
        plain = ask(body)
        # Short enough for hypothesis to find what lies around the boundary.
        patch.setattr(_embedded, "_SHORTEST", 8)
        found = ask(body)
    # Copies made before and after the texts have been asked for.
    copies = [copy.copy(found), copy.deepcopy(found), pickle.loads(pickle.dumps(found))]  # noqa: S301
    assert told(found) == told(plain)
    copies += [copy.copy(found), copy.deepcopy(found), pickle.loads(pickle.dumps(found))]  # noqa: S301
    for again in copies:
        assert told(again) == told(plain)
    return found


encoded = st.one_of(st.binary(min_size=4, max_size=40), st.sampled_from([PNG])).map(base64.b64encode)
# What services send ...
usual = st.one_of(encoded, encoded.map(lambda text: b"data:image/png;base64," + text))
# ... and what comes near it.
odd = st.one_of(
    encoded.map(lambda text: b"data:," + text),
    encoded.map(lambda text: b" DATA:image/PNG;x=1;base64," + text),
    encoded.map(lambda text: text.rstrip(b"=")),
    encoded.map(lambda text: text.replace(b"+", b"-").replace(b"/", b"_")),
    encoded.map(lambda text: text[:9] + rb"\n" + text[9:]),
    encoded.map(lambda text: text.replace(b"/", rb"\/")),
    encoded.map(lambda text: rb"\u0041" + text[1:]),
    encoded.map(lambda text: text[:-3] + b"R" + text[-2:]),
    st.tuples(encoded, encoded).map(b"".join),
    st.text(st.sampled_from('Ab+/=\\"nu0 ,{}:d'), max_size=30).map(str.encode),
    st.binary(max_size=20),
)
KEYS = [rb"b64\u005fjson", rb"x\"b64_json", rb"\\", b"url", b"image", b"b64_json ", rb"b64_json\\", b"error"]
members = st.one_of(
    usual.map(lambda text: b'"b64_json":"%b"' % text),
    st.tuples(st.sampled_from([b":", b" : ", b":\n", b":" + b" " * 17, b"\x0b:"]), st.one_of(usual, odd)).map(
        lambda made: b' "b64_json"%b"%b" ' % made
    ),
    st.tuples(st.sampled_from(KEYS), st.sampled_from([b":", b"", b": 1,"]), st.one_of(usual, odd)).map(
        lambda made: b'"%b"%b"%b"' % made
    ),
    # A document within a string.
    usual.map(lambda text: b'"note":' + json.dumps(f'{{"b64_json":"{text.decode()}"}}').encode()),
    usual.map(lambda text: b'"created":1,"inner":{"b64_json":[{"b64_json":"%b"}]}' % text),
)
objects = st.lists(members, min_size=1, max_size=3).map(lambda made: b"{" + b",".join(made) + b"}")
listed = st.lists(objects, max_size=3).map(lambda made: b"[" + b", ".join(made) + b"]")
documents = st.one_of(
    objects,
    listed,
    st.tuples(st.sampled_from([b"data", b"images"]), listed).map(
        lambda made: b'{"%b": %b, "created": 1767225600, "n": 1.0}' % made
    ),
    st.lists(st.one_of(objects, odd, members), max_size=4).map(b"".join),
)
TEXT = base64.b64encode(PNG)


@MANY
@given(documents)
@example(b'{"b64_json":"' + TEXT + b'", "b64_json":"' + b"/" * 40 + b'"}')
@example(b'{"b64_json":"' + TEXT + b'", "b64_json": null, "url": "https://x.invalid/a.png"}')
@example(b'{"data":[{"url": "https://x.invalid/a.png", "b64_json":"' + TEXT + b'"}]}')
@example(b'{"data":[{"b64_json":"' + b"A" * 38 + b'R="}]}')
@example(b'{"data":[{"b64_json":"' + b"A" * 38 + b'R="}], "b64_json":"' + TEXT + b'"}')
@example(b'"b64_json":"' + TEXT + b'"')
@example(b'{"b64_json":"' + TEXT)
@example(b'{"b64_json":"' + TEXT + b'"')
@example(b'\xef\xbb\xbf{"b64_json":"' + TEXT + b'"}')
@example(b'{"b64_json":"' + TEXT + b'", "x": "\xff"}')
@example('{"b64_json":"'.encode("utf-16") + TEXT.decode().encode("utf-16-le") + '"}'.encode("utf-16-le"))
def test_any_answer_comes_to_the_same(ask: Ask, decoder: str, body: bytes) -> None:
    same(ask, body)


@MANY
@given(st.data())
def test_any_json_around_a_picture_is_kept(ask: Ask, decoder: str, data: st.DataObject) -> None:
    # What begins like this is no text, which would not be taken for a picture.
    pictures = st.binary(min_size=3, max_size=39).map(lambda rest: base64.b64encode(b"\x00" + rest).decode())
    text = st.one_of(pictures, pictures.map(lambda text: f"data:image/png;base64,{text}"))
    keys = st.sampled_from(["b64_json", "data", "images", 'x"b64_json', "created"]) | st.text(max_size=4)
    leaves = st.none() | st.integers() | st.floats() | st.text(max_size=20) | text
    values = st.recursive(leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner))
    payload = {"x": data.draw(values), "data": [{"b64_json": data.draw(text), "y": data.draw(values)}]}
    indent = data.draw(st.sampled_from([None, 1]))

    found = same(
        ask,
        json.dumps(payload, indent=indent, ensure_ascii=data.draw(st.booleans())).encode("utf-8", "replace"),
    )

    assert isinstance(found, ImagesResult)
    assert isinstance(found.data[0]._b64_json, Embedded)


@pytest.mark.parametrize("prefix", ["", "data:image/webp;base64,"])
@pytest.mark.parametrize("size", [4095, 4096, 4097, 100_000])
def test_a_picture_is_kept_once_and_its_text_can_be_had(
    ask: Ask, decoder: str, prefix: str, size: int
) -> None:
    # Every byte value, and so every character of the alphabet.
    pictures = [bytes((number * 7 + nth) % 251 for number in range(size)) for nth in range(3)]
    texts = [prefix + base64.b64encode(made).decode() for made in pictures]

    found = ask(json.dumps({"created": 1, "data": [{"b64_json": text} for text in texts]}).encode())

    for image, text, made in zip(found, texts, pictures, strict=True):
        held = image._b64_json
        assert isinstance(held, Embedded)
        assert image.read() is held.content
        assert (image.read(), image.b64_json) == (made, text)
        assert image.b64_json is image.b64_json
        assert image.media_type == ("image/webp" if prefix else None)
        assert text[-40:] not in repr(held) + repr(found)
    assert [image.b64_json for image in found.raw.data] == texts
    # Not the text, nor the bytes twice.
    assert len(pickle.dumps(found.data)) < 3 * size + 3000


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("QUJD\nQUJD" * 1000, id="in lines"),
        pytest.param("QUJD-_-_" * 1000, id="URL-safe"),
        pytest.param("QUJD" * 2000 + "QUI", id="without padding"),
        pytest.param("QUJD" * 2000 + "QR==", id="with bits that decoding drops"),
        pytest.param("QQ==QUJD" * 1000, id="with padding within"),
        pytest.param("data:image/png;charset=x;base64," + "QUJD" * 2000, id="with another prefix"),
        pytest.param("QUJD" * 100, id="short"),
    ],
)
def test_what_could_not_be_written_again_stays_text(ask: Ask, decoder: str, text: str) -> None:
    body = json.dumps({"data": [{"b64_json": text}]}).encode()
    found = ask(body)
    if isinstance(found, InvalidResponseError):
        assert found.body == body
    else:
        assert found.data[0]._b64_json == text


def test_deep_nesting_is_no_hindrance(ask: Ask) -> None:
    text = base64.b64encode(PNG * 300)
    body = b'{"data": [{"b64_json": "%b"}], "x": %b}' % (text, b"[" * 900 + b"]" * 900)
    found = ask(body)
    assert isinstance(found.data[0]._b64_json, Embedded)
    assert found.raw.data[0].b64_json == text.decode()


def test_many_keys_take_no_time(ask: Ask) -> None:
    items = b'{"b64_json":""},' * 3000
    found = same(ask, b'{"data": [%b{"b64_json": "%b"}]}' % (items, TEXT))
    assert found.data[0].b64_json == TEXT.decode()


def test_a_picture_takes_less_than_two_and_a_half_times_its_size(decoder: str) -> None:
    random_bytes = random.Random(1).randbytes(4_000_000)
    body = json.dumps({"data": [{"b64_json": b64(random_bytes)}]}).encode()
    fastest_decoder()

    def take() -> Any:
        sink = MemorySink(limit=10_000_000)
        for start in range(0, len(body), 65536):
            sink.feed(body[start : start + 65536])
        return find_images(Reply(200, httpx.Headers(), sink.body(), Secret("")))

    take()
    tracemalloc.start()
    try:
        found = take()
        after, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert found.images[0].content == random_bytes
    assert peak < 2.5 * len(random_bytes)
    assert after < 1.05 * len(random_bytes)

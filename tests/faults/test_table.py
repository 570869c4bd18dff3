"""Every way in which a call can go wrong, and what its caller is told: the table reads as a specification.

Each row is what a server does, and then: the error's class, what became of the request, how often the server
got it (with the default of two retries), and words that the message has. The sync and the async client keep
the same table.
"""

from __future__ import annotations

import copy
import gzip
import json
import pickle
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

import pytest

import qubrid_facade as q
from qubrid_facade import QubridError
from tests.support.clients import KEY, Handle
from tests.support.pictures import b64, picture
from tests.support.wire import Action, Close, Received, Reset, WireServer, reply

PNG = picture()
GOOD = {"created": 1, "data": [{"b64_json": b64(PNG)}]}
GOOD_BYTES = json.dumps(GOOD).encode()


class Row(NamedTuple):
    """What a server does with each request of a call, and what its caller is told."""

    name: str
    answer: bytes | list[Action]
    kind: type[QubridError]
    outcome: str
    requests: int
    words: str = ""


def say(text: bytes) -> list[Action]:
    """Return what a server does that sends ``text`` and hangs up."""
    return [text, Close()]


PAGE = b"<!doctype html><html><head><title>Bad gateway</title></head><body><h1>502</h1></body></html>"
CUT_JSON = b'{"error": {"message": "The mod'
DEEP = b'{"error":' * 100_000
NOT_UTF8 = b'{"error": {"message": "caf\xe9"}}'
ENVELOPE = {
    "error": {"message": "Not like this.", "type": "t", "code": "c", "param": "p", "request_id": "r-1"}
}
OLD_ENVELOPE = {"error": "Not like this.", "message": "Like that."}
DETAIL = {"detail": [{"loc": ["body", "seed"], "msg": "Not like this."}]}

# --- statuses -------------------------------------------------------------------------------------------
# The class, what became of the request, and how often it is sent; whatever the body is.

STATUSES: dict[int, tuple[type[QubridError], str, int]] = {
    **dict.fromkeys((300, 301, 302, 303, 304, 307, 308), (q.APIStatusError, "rejected", 1)),
    400: (q.BadRequestError, "rejected", 1),
    401: (q.AuthenticationError, "rejected", 1),
    402: (q.InsufficientCreditsError, "rejected", 1),
    403: (q.PermissionDeniedError, "rejected", 1),
    404: (q.NotFoundError, "rejected", 1),
    405: (q.APIStatusError, "rejected", 1),
    408: (q.APIStatusError, "rejected", 3),
    409: (q.APIStatusError, "rejected", 1),
    413: (q.APIStatusError, "rejected", 1),
    422: (q.BadRequestError, "rejected", 1),
    429: (q.RateLimitError, "rejected", 3),
    451: (q.APIStatusError, "rejected", 1),
    500: (q.ServerError, "failed", 3),
    **dict.fromkeys((501, 505, 507), (q.ServerError, "unknown", 1)),
    502: (q.BackendUnavailableError, "failed", 3),
    503: (q.BackendUnavailableError, "rejected", 3),
    504: (q.GatewayTimeoutError, "unknown", 1),
    **dict.fromkeys(range(520, 529), (q.ServerError, "unknown", 1)),
    529: (q.ServerError, "failed", 3),
    530: (q.ServerError, "unknown", 1),
    999: (q.APIStatusError, "unknown", 1),
}

# Bodies of errors, and what is made of them.
BODIES: dict[str, tuple[bytes | dict[str, Any], dict[str, str], str]] = {
    "the documented envelope": (ENVELOPE, {}, "Not like this."),
    "the earlier envelope": (OLD_ENVELOPE, {}, "Not like this.: Like that."),
    "a detail": (DETAIL, {}, "Not like this."),
    "a message": ({"message": "Not like this."}, {}, "Not like this."),
    "plain text": (b"Not like\r\nthis.", {"content-type": "text/plain"}, "Not like this."),
    "a page": (PAGE, {"content-type": "text/html"}, "Bad gateway"),
    "a page said to be JSON": (PAGE, {"content-type": "application/json"}, "Bad gateway"),
    "JSON said to be a page": (
        json.dumps(ENVELOPE).encode(),
        {"content-type": "text/html"},
        "Not like this.",
    ),
    "XML": (
        b"<?xml version='1.0'?><Error><Code>Slow</Code><Message>Not now</Message></Error>",
        {},
        "Slow: Not now",
    ),
    "a media type that is none": (json.dumps(ENVELOPE).encode(), {"content-type": ";;/"}, "Not like this."),
    "nothing": (b"", {}, ""),
    "cut JSON": (CUT_JSON, {"content-type": "application/json"}, "The mod"),
    "JSON nested too deeply": (DEEP, {"content-type": "application/json"}, ""),
    "JSON that is not UTF-8": (NOT_UTF8, {"content-type": "application/json"}, ""),
    "random bytes": (bytes(range(256)) * 8, {}, ""),
    "null": (b"null", {}, ""),
    "a list": (b'["Not like this."]', {}, "Not like this."),
    "a number": (b"17", {}, "17"),
    "compressed": (
        gzip.compress(json.dumps(ENVELOPE).encode()),
        {"content-encoding": "gzip"},
        "Not like this.",
    ),
    "said to be compressed": (json.dumps(ENVELOPE).encode(), {"content-encoding": "gzip"}, "Not like this."),
    "compression cut": (gzip.compress(PAGE * 9)[:-9], {"content-encoding": "gzip"}, "Bad gateway"),
    "compression unknown": (b"\x0b\x02\x80hi\x03" * 20, {"content-encoding": "br"}, ""),
    "a header that is not ASCII": (ENVELOPE, {"x-note": "caf\xe9"}, "Not like this."),
}

# --- successes that are none ----------------------------------------------------------------------------
# All of them may have been billed, so none is repeated; the body is kept.

UNREADABLE: dict[str, tuple[bytes, type[QubridError], str]] = {
    "no content": (b"HTTP/1.1 204 No Content\r\n\r\n", q.InvalidResponseError, "empty"),
    "reset content": (reply(205), q.InvalidResponseError, "empty"),
    "accepted for later": (reply(202, {"id": "job-1"}), q.NoImageError, "no image in its answer"),
    "empty": (reply(200), q.InvalidResponseError, "empty"),
    "white space": (reply(200, b" \r\n "), q.InvalidResponseError, "empty"),
    "a page": (reply(200, PAGE, {"content-type": "text/html"}), q.InvalidResponseError, "no JSON"),
    "a page said to be a picture": (
        reply(200, PAGE, {"content-type": "image/png"}),
        q.InvalidResponseError,
        "no JSON",
    ),
    "cut JSON": (reply(200, GOOD_BYTES[:-9]), q.InvalidResponseError, "no JSON"),
    "not UTF-8": (reply(200, b'{"data": "\xff"}'), q.InvalidResponseError, "not UTF-8"),
    "random bytes": (reply(200, bytes(range(256)) * 8), q.InvalidResponseError, "no JSON"),
    "nested too deeply": (reply(200, b"[" * 200_000), q.InvalidResponseError, "nested too deeply"),
    "millions of parts": (
        reply(200, b"[" + b"[]," * 200_000 + b"0]"),
        q.InvalidResponseError,
        "too many parts",
    ),
    "compression cut": (
        reply(200, gzip.compress(GOOD_BYTES)[:-20], {"content-encoding": "gzip"}),
        q.InvalidResponseError,
        "ends too soon",
    ),
    "a picture with its compression cut": (
        reply(200, gzip.compress(PNG)[:-30], {"content-encoding": "gzip", "content-type": "image/png"}),
        q.InvalidResponseError,
        "cut short",
    ),
    "compression not asked for": (
        reply(200, b"(\xb5/\xfd$\x00" * 9, {"content-encoding": "zstd"}),
        q.InvalidResponseError,
        "compressed in a way not asked for ('zstd')",
    ),
    "an error's envelope": (reply(200, ENVELOPE), q.NoImageError, "Not like this."),
    "the earlier error's envelope": (reply(200, OLD_ENVELOPE), q.NoImageError, "Like that."),
    "null": (reply(200, b"null"), q.NoImageError, "no image"),
    "a list": (reply(200, b"[]"), q.NoImageError, "no image"),
    "a string": (reply(200, b'"soon"'), q.NoImageError, "no image"),
    "data null": (reply(200, {"created": 1, "data": None}), q.NoImageError, "no image"),
    "data missing": (reply(200, {"created": 1}), q.NoImageError, "no image"),
    "data empty": (reply(200, {"created": 1, "data": []}), q.NoImageError, "no image"),
    "data of nothing": (
        reply(200, {"data": [{}, None, 5, {"url": None, "b64_json": ""}]}),
        q.NoImageError,
        "",
    ),
    "broken base64": (reply(200, {"data": [{"b64_json": "%%%"}]}), q.InvalidResponseError, "base64"),
    "base64 of nothing": (reply(200, {"data": [{"b64_json": "===="}]}), q.InvalidResponseError, "base64"),
    "base64 of an error": (
        reply(200, {"data": [{"b64_json": b64(json.dumps(ENVELOPE).encode())}]}),
        q.InvalidResponseError,
        "base64 text stands for a page or a message: Not like this.",
    ),
    "base64 of words": (
        reply(
            200, {"data": [{"b64_json": "data:image/png;base64," + b64(b"Not " * 122 + KEY.encode() * 9)}]}
        ),
        q.InvalidResponseError,
        "Not ***",  # no half of a key, though it is cut there
    ),
    "base64 that is said to be a page": (
        reply(200, {"data": [{"url": "data:text/html;base64," + b64(bytes(200))}]}),
        q.InvalidResponseError,
        "a page or a message",
    ),
    "words said to be a picture": (
        reply(200, b"upstream connect error", {"content-type": "image/png"}),
        q.InvalidResponseError,
        "no image; it says: upstream connect error",
    ),
    "a picture compressed in a way not asked for": (
        reply(200, b"(\xb5/\xfd$\x00" * 9, {"content-encoding": "zstd", "content-type": "image/png"}),
        q.InvalidResponseError,
        "compressed in a way not asked for ('zstd')",
    ),
}

# --- successes in odd clothes ---------------------------------------------------------------------------

FINE: dict[str, bytes | list[Action]] = {
    "base64 in lines": reply(200, {"data": [{"b64_json": b64(PNG)[:40] + "\r\n" + b64(PNG)[40:]}]}),
    "base64 behind a data: prefix": reply(200, {"data": [{"b64_json": "data:image/png;base64," + b64(PNG)}]}),
    "the picture itself": reply(200, PNG, {"content-type": "image/png"}),
    "the picture said to be a page": reply(200, PNG, {"content-type": "text/html"}),
    "JSON said to be a page": reply(200, GOOD_BYTES, {"content-type": "text/html; charset=latin-1"}),
    "JSON of no type": reply(200, GOOD_BYTES),
    "JSON in UTF-16": reply(200, GOOD_BYTES.decode().encode("utf-16")),
    "created instead of ok": reply(201, GOOD),
    "gzip": reply(200, gzip.compress(GOOD_BYTES), {"content-encoding": "gzip"}),
    "gzip in two parts": reply(
        200, gzip.compress(GOOD_BYTES[:40]) + gzip.compress(GOOD_BYTES[40:]), {"content-encoding": "x-gzip"}
    ),
    "deflate": reply(200, zlib.compress(GOOD_BYTES), {"content-encoding": "deflate"}),
    "deflate without its frame": reply(200, zlib.compress(GOOD_BYTES)[2:-4], {"content-encoding": "deflate"}),
    "compressed twice": reply(
        200, gzip.compress(zlib.compress(GOOD_BYTES)), {"content-encoding": "deflate, gzip"}
    ),
    "not compressed, but said to be": reply(200, GOOD_BYTES, {"content-encoding": "gzip"}),
    "not compressed, but said to be, with br": reply(200, GOOD_BYTES, {"content-encoding": "br"}),
    "an interim answer first": b"HTTP/1.1 103 Early Hints\r\n\r\n" + reply(200, GOOD),
    "HTTP/1.0, ended by hanging up": say(b"HTTP/1.0 200 OK\r\n\r\n" + GOOD_BYTES),
    "a whole document, cut behind its end": say(
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n%x\r\n%b\r\n" % (len(GOOD_BYTES), GOOD_BYTES)
    ),
    "a whole picture, cut behind its end": say(
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n%x\r\n%b\r\n" % (len(PNG), PNG)
    ),
    "a moment that no clock has": reply(
        200, b'{"created": 1' + b"0" * 400 + b"," + GOOD_BYTES.partition(b",")[2]
    ),
    "headers that are not ASCII": reply(200, GOOD, {"x-note": "caf\xe9", "content-type": "caf\xe9"}),
}

# --- broken lines ---------------------------------------------------------------------------------------
# Once a byte of the request may have left, nobody knows what became of it.

LINES = [
    Row("reset after sending", [Reset()], q.APIConnectionError, "unknown", 1, "was lost"),
    Row("closed without an answer", [Close()], q.APIConnectionError, "unknown", 1, "was lost"),
    Row("cut in the status", say(b"HTTP/1.1 20"), q.APIConnectionError, "unknown", 1),
    Row("cut in the headers", say(b"HTTP/1.1 200 OK\r\ncontent-le"), q.APIConnectionError, "unknown", 1),
    Row("cut in the body", say(reply(200, GOOD)[:-9]), q.APIConnectionError, "unknown", 1, "was lost"),
    Row("reset in the body", [reply(200, GOOD)[:-9], Reset()], q.APIConnectionError, "unknown", 1),
    Row(
        "chunked and cut",
        say(b'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n9\r\n{"data": '),
        q.APIConnectionError,
        "unknown",
        1,
    ),
    Row(
        "chunked badly",
        say(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nZZZ\r\n{}"),
        q.APIConnectionError,
        "unknown",
        1,
    ),
    Row(
        "a picture cut, its length told",
        say(b"HTTP/1.1 200 OK\r\ncontent-length: 9999\r\n\r\n" + PNG[:50]),
        q.APIConnectionError,
        "unknown",
        1,
    ),
    Row(
        "a picture cut, its length not told",
        say(b"HTTP/1.1 200 OK\r\n\r\n" + PNG[:50]),
        q.InvalidResponseError,
        "unknown",
        1,
        "cut short",
    ),
    Row("another protocol", say(b"SSH-2.0-OpenSSH_9.9\r\n"), q.APIConnectionError, "unknown", 1),
    Row("another protocol, at length", say(b"x" * 70_000), q.APIConnectionError, "unknown", 1),
    Row("a TLS alert", say(b"\x15\x03\x03\x00\x02\x02\x28"), q.APIConnectionError, "unknown", 1),
    Row(
        "headers without end",
        say(b"HTTP/1.1 200 OK\r\n" + b"x: y\r\n" * 40_000),
        q.APIConnectionError,
        "unknown",
        1,
    ),
    Row("a status below all", say(b"HTTP/1.1 007 Bond\r\n\r\n"), q.APIConnectionError, "unknown", 1),
    Row(
        "another protocol, agreed to",
        say(b"HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n"),
        q.APIConnectionError,
        "unknown",
        1,
    ),
    Row(
        "a redirect to an address that is none",
        reply(302, b"", {"location": "http://[::x/"}),
        q.APIStatusError,
        "rejected",
        1,
        "base URL",
    ),
    # The status has come, so it is known what became of the request.
    Row("429, its body cut", say(reply(429, ENVELOPE)[:-9]), q.RateLimitError, "rejected", 3, "Not like"),
    Row("503, its body reset", [reply(503, PAGE)[:-9], Reset()], q.BackendUnavailableError, "rejected", 3),
    Row("400, its body cut", say(reply(400, ENVELOPE)[:-9]), q.BadRequestError, "rejected", 1),
    Row("504, its body cut", say(reply(504, ENVELOPE)[:-9]), q.GatewayTimeoutError, "unknown", 1),
]


class Playing:
    """A server that does with each request what the row named by its prompt says."""

    def __init__(self, rows: dict[str, bytes | list[Action]]) -> None:
        self.rows = rows
        self.seen: list[str] = []
        self.wire = WireServer(self.play)

    def play(self, request: Received) -> bytes | Iterable[Action]:
        self.seen.append(request.json["prompt"])
        return self.rows[request.json["prompt"]]


def rows() -> Iterator[Row]:
    for status, (kind, outcome, requests) in STATUSES.items():
        for name, (body, headers, words) in BODIES.items():
            if status == 304 and body:
                continue  # such an answer has no body, whatever the server wants
            answer = reply(status, body, {"location": "http://127.0.0.1:9/elsewhere", **headers})
            yield Row(f"{status} with {name}", answer, kind, outcome, requests, words)
    for name, (answer, kind, words) in UNREADABLE.items():
        yield Row(f"success with {name}", answer, kind, "unknown", 1, words)
    yield from LINES


ROWS = {row.name: row for row in rows()}


@pytest.fixture(scope="module")
def server() -> Iterator[Playing]:
    playing = Playing({**{name: row.answer for name, row in ROWS.items()}, **FINE})
    with playing.wire:
        yield playing


def check(row: Row, client: Handle, server: Playing) -> None:
    seen = len(server.seen)
    with pytest.raises(QubridError) as caught:
        client.generate(row.name)
    error = caught.value
    # httpx drops an answer that redirects to nowhere; our own clients do not ask it where.
    dropped = client.client._pool.given is not None and row.name == "a redirect to an address that is none"
    assert type(error) is (q.APIConnectionError if dropped else row.kind), row.name
    assert (error.outcome, error.attempts) == (row.outcome, row.requests), row.name
    assert server.seen[seen:] == [row.name] * row.requests, row.name
    assert row.words.lower() in str(error).lower(), row.name
    assert error.message.isprintable(), row.name
    assert len(str(error)) < 1200, row.name
    assert ("may have been carried out" in str(error)) == (row.outcome == "unknown"), row.name
    advised = "retry_unknown_outcome=True" in str(error)
    assert advised == (row.outcome == "unknown" and error.transient), row.name
    assert KEY not in str(error) + repr(error), row.name
    for again in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):  # noqa: S301
        assert (type(again), str(again), vars(again)) == (type(error), str(error), vars(error)), row.name


@pytest.mark.parametrize("status", STATUSES)
def test_a_status_means_the_same_whatever_body_comes_with_it(
    lasting: Callable[[str], Handle], server: Playing, status: int
) -> None:
    client = lasting(server.wire.base_url)
    for name in (name for name in ROWS if name.startswith(f"{status} with")):
        check(ROWS[name], client, server)


@pytest.mark.parametrize(
    "name", [f"success with {name}" for name in UNREADABLE] + [row.name for row in LINES]
)
def test_a_fault_is_told_as_the_table_says(
    lasting: Callable[[str], Handle], server: Playing, name: str
) -> None:
    check(ROWS[name], lasting(server.wire.base_url), server)


@pytest.mark.parametrize("status", [501, 505, 507, 999, 504])
def test_repeating_is_advised_only_where_it_would_help(
    lasting: Callable[[str], Handle], server: Playing, status: int
) -> None:
    client = lasting(server.wire.base_url)
    allowing = client.with_options(retry=q.RetryPolicy(backoff=0, retry_unknown_outcome=True))
    for caller, advised in ((client, status == 504), (allowing, False)):
        with pytest.raises(QubridError) as caught:
            caller.generate(f"{status} with nothing")
        assert ("RetryPolicy" in str(caught.value)) is advised


def test_a_page_that_says_what_the_status_says_is_not_quoted(
    lasting: Callable[[str], Handle], server: Playing
) -> None:
    for page in ("504 Gateway Time-out", "Gateway Timeout", "504 Gateway Timeout"):
        server.rows[page] = reply(504, f"<html><title>{page}</title>")
        with pytest.raises(q.GatewayTimeoutError) as caught:
            lasting(server.wire.base_url).generate(page)
        assert str(caught.value).startswith("504 Gateway Timeout. The request may")


@pytest.mark.parametrize("name", FINE)
def test_a_paid_answer_is_not_thrown_away_for_its_clothes(
    lasting: Callable[[str], Handle], server: Playing, name: str
) -> None:
    client = lasting(server.wire.base_url)
    result = client.generate(name)
    assert client.read(result.data[0]) == PNG
    assert result.attempts == 1


@pytest.mark.parametrize("name", BODIES)
def test_the_body_of_an_error_is_kept_for_inspection(
    lasting: Callable[[str], Handle], server: Playing, name: str
) -> None:
    body, headers, _ = BODIES[name]
    with pytest.raises(q.BadRequestError) as caught:
        lasting(server.wire.base_url).generate(f"400 with {name}")
    plain = json.dumps(body).encode() if isinstance(body, dict) else body
    if name == "compressed":
        plain = gzip.decompress(plain)
    assert caught.value.body == plain or (
        name == "compression cut" and caught.value.body == (PAGE * 9)[: len(caught.value.body)]
    )
    for header, value in headers.items():
        assert caught.value.headers[header] == value

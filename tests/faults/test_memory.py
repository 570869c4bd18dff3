"""Bombs and bodies without end: an error at a size that can be set, and no exhausted memory or disk."""

from __future__ import annotations

import gzip
import json
import random
import subprocess
import sys
import tracemalloc
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from qubrid_facade._wire import MemorySink
from tests.support.pictures import b64, picture
from tests.support.wire import Action, Received, WireServer, reply

LIMIT = 4 * 1024 * 1024
# The limit, what is held beside it for a moment, and the interpreter's own doings.
ALLOWED = 10 * LIMIT

PROBE = """
import asyncio, json, resource, sys, tempfile, time, tracemalloc
from pathlib import Path
from qubrid_facade import AsyncQubrid, Qubrid, QubridError
kind, url, limit, prompts = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4:]
settings = dict(api_key="sk-qubrid-test", base_url=url, max_response_bytes=limit, max_retries=0)
folder = Path(tempfile.mkdtemp())
runner = asyncio.Runner()
run = runner.run if kind == "async" else lambda value: value
client = (AsyncQubrid if kind == "async" else Qubrid)(**settings)

def try_(prompt):
    how, _, name = prompt.partition(":")
    result = run(client.images.generate(name))
    if how == "read":
        run(result.data[0].read(deadline=20))
    if how == "save":
        run(result.data[0].save(folder / "fox.png", deadline=20))
    return "an image"

try_("read:good")
tracemalloc.start()
for prompt in prompts:
    tracemalloc.reset_peak()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.monotonic()
    try:
        said = try_(prompt)
    except QubridError as exc:
        said = f"{type(exc).__name__}: {exc}"
        body = getattr(exc, "body", b"")
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    print(json.dumps([prompt, said, grown * 1024, tracemalloc.get_traced_memory()[1], len(body),
                      time.monotonic() - started, [path.name for path in folder.iterdir()]]))
run(client.close())
runner.close()
"""


def endless(start: bytes, piece: bytes) -> Callable[[str], Iterable[Action]]:
    def answer(_: str) -> Iterable[Action]:
        yield start
        while True:
            yield piece

    return answer


HEAD = b"HTTP/1.1 200 OK\r\n"
CHUNKED = b"transfer-encoding: chunked\r\n\r\n"
PNG = picture()
BOMB = gzip.compress(b'{"data": "' + bytes(24 * LIMIT), 1)
PICTURE_BOMB = gzip.compress(PNG + bytes(24 * LIMIT), 1)
ANSWERS: dict[str, Callable[[str], bytes | Iterable[Action]]] = {
    "good": lambda _: reply(200, {"data": [{"b64_json": b64(PNG)}]}),
    "endless body": endless(HEAD + b"\r\n", bytes(65536)),
    "endless chunks": endless(HEAD + CHUNKED, b"100\r\n" + bytes(256) + b"\r\n"),
    "endless picture": endless(HEAD + b"content-type: image/png\r\n\r\n" + PNG, bytes(65536)),
    "endless error": endless(b"HTTP/1.1 500 X\r\n\r\n", b"sorry " * 9999),
    "gzip bomb": lambda _: reply(200, BOMB, {"content-encoding": "gzip"}),
    "gzip bomb in an error": lambda _: reply(400, BOMB, {"content-encoding": "gzip"}),
    "gzip bomb in a gzip bomb": lambda _: reply(200, gzip.compress(BOMB), {"content-encoding": "gzip, gzip"}),
    "millions of empty lists": lambda _: reply(200, b"[" + b"[]," * (LIMIT // 4) + b"0]"),
    "linked": lambda url: reply(200, {"data": [{"url": f"{url}/endless picture"}]}),
    "linked bomb": lambda url: reply(200, {"data": [{"url": f"{url}/picture bomb"}]}),
    "linked page": lambda url: reply(200, {"data": [{"url": f"{url}/endless page"}]}),
    "linked elsewhere": lambda url: reply(200, {"data": [{"url": f"{url}/endless redirect"}]}),
}
PICTURES: dict[str, Callable[[str], bytes | Iterable[Action]]] = {
    "endless picture": ANSWERS["endless picture"],
    "picture bomb": lambda _: reply(200, PICTURE_BOMB, {"content-encoding": "gzip"}),
    "endless page": endless(HEAD + b"content-type: text/html\r\n\r\n<html>", bytes(65536)),
    "endless redirect": endless(b"HTTP/1.1 302 X\r\nlocation: /endless%20page\r\n\r\n", bytes(65536)),
}
TOLD = {
    "answer:endless body": "max_response_bytes",
    "answer:endless chunks": "max_response_bytes",
    "answer:endless picture": "max_response_bytes",
    "answer:endless error": "500 Internal Server Error: sorry",
    "answer:gzip bomb": "max_response_bytes",
    "answer:gzip bomb in an error": "400 Bad Request",
    "answer:gzip bomb in a gzip bomb": "max_response_bytes",
    "answer:millions of empty lists": "too many parts",
    "read:linked": "max_response_bytes",
    "save:linked": "max_response_bytes",
    "read:linked bomb": "max_response_bytes",
    "save:linked bomb": "max_response_bytes",
    "read:linked page": "a page or a message (text/html) instead",
    "save:linked elsewhere": "a page or a message (text/html) instead",
}


@pytest.mark.skipif(sys.platform == "win32", reason="the module resource is needed to measure")
@pytest.mark.parametrize("kind", ["sync", "async"])
def test_nothing_that_a_server_sends_takes_more_memory_than_was_allowed(kind: str) -> None:
    def handle(request: Received) -> bytes | Iterable[Action]:
        if request.method == "POST":
            return ANSWERS[request.json["prompt"]](server.url)
        return PICTURES[request.path.strip("/").replace("%20", " ")](server.url)

    root = Path(__file__).parents[2]
    with WireServer(handle) as server:
        output = subprocess.run(
            [sys.executable, "-c", PROBE, kind, server.base_url, str(LIMIT), *TOLD],
            capture_output=True,
            text=True,
            timeout=120,
            cwd=root,
            check=True,
        ).stdout
    lines = [json.loads(line) for line in output.splitlines()]
    assert [line[0] for line in lines] == list(TOLD)
    for prompt, said, grown, peak, body, took, files in lines:
        assert TOLD[prompt] in said, prompt
        assert max(grown, peak) < ALLOWED, prompt
        assert body <= LIMIT, prompt
        assert took < 30, prompt
        assert files == [], prompt


def test_tiny_pieces_take_no_more_room_than_what_is_in_them() -> None:
    sink = MemorySink(limit=10_000_000)
    tracemalloc.start()
    try:
        for _ in range(200_000):
            sink.feed(b"{x}")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert sink.body() == b"{x}" * 200_000
    assert peak < 3 * 600_000


SIZES = """
import asyncio, gc, json, sys, tracemalloc
from qubrid_facade import AsyncQubrid, Qubrid
kind, url = sys.argv[1:3]
runner = asyncio.Runner()
run = runner.run if kind == "async" else lambda value: value
client = (AsyncQubrid if kind == "async" else Qubrid)("sk-qubrid-test", base_url=url)
run(client.images.generate("fox"))
gc.collect()
tracemalloc.start()
result = run(client.images.generate("fox"))
size = int(sys.argv[3])
now, peak = tracemalloc.get_traced_memory()
print(json.dumps([now / size, peak / size]))
run(client.close())
runner.close()
"""


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_a_result_holds_its_picture_and_no_more(kind: str) -> None:
    image = PNG + random.Random(1).randbytes(8_000_000)
    answer = reply(200, {"data": [{"b64_json": b64(image)}]})
    with WireServer(lambda _: answer) as server:
        output = subprocess.run(
            [sys.executable, "-c", SIZES, kind, server.base_url, str(len(image))],
            capture_output=True,
            text=True,
            timeout=60,
            cwd=Path(__file__).parents[2],
            check=True,
        ).stdout
    after, peak = json.loads(output)
    assert 1 < after < 1.05
    assert peak < 2.5

"""Secrets: the key and the signatures in addresses are in nothing that a person, or a log, gets to see."""

from __future__ import annotations

import asyncio
import gc
import io
import logging
import os
import pickle
import random
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from rich.console import Console
from rich.traceback import Traceback

import qubrid_facade as q
from qubrid_facade import QubridError, RetryPolicy
from qubrid_facade._logging import enable_logging, redacted
from qubrid_facade._secrets import Secret, redact_all
from tests.support.clients import KEY, World
from tests.support.interrupts import interrupted
from tests.support.pictures import b64, picture
from tests.support.raw import free_port
from tests.support.wire import Action, Close, Received, Reset, Wait, WireServer, reply

SIGNED = "5f1c9e0badc0ffee5f1c9e0badc0ffee"
PNG = picture("png", (64, 64))
# Any longer part of a secret is a secret.
PARTS = [text[i : i + 10] for text in (KEY, SIGNED) for i in range(len(text) - 9)]


def assert_clean(text: str) -> None:
    found = [part for part in PARTS if part in text]
    assert not found, text[max(0, text.index(found[0]) - 300) : text.index(found[0]) + 60]


def rendered(error: BaseException) -> str:
    """Return the traceback as rich prints it with everything that it can show."""
    console = Console(file=io.StringIO(), width=250)
    trace = Traceback.from_exception(
        type(error),
        error,
        error.__traceback__,
        show_locals=True,
        locals_max_length=1000,
        locals_max_string=100_000,
        locals_hide_dunder=False,
        max_frames=200,
    )
    console.print(trace)
    return console.file.getvalue()  # type: ignore[attr-defined,no-any-return]


class Service:
    """A service that sends back what it was sent, and whose pictures are behind signed addresses."""

    def __init__(self) -> None:
        self.wire = WireServer(self._handle)

    def _handle(self, request: Received) -> bytes | Iterable[Action]:
        key = request.headers.get("authorization", "")
        link = f"{self.wire.url}/moved.png?X-Signature={SIGNED}&w=64"
        if request.method == "GET":
            return self._picture(request.path)
        error = {"error": {"message": f"Wrong: {key} at {link}", "code": key, "type": key, "param": key}}
        long = {"error": {"message": "x " * 235 + key}}
        echo = {"x-echo": key, "x-request-id": key, "location": link}
        answers: dict[str, bytes | Iterable[Action]] = {
            "link": reply(200, {"data": [{"url": link}]}),
            "base64": reply(200, {"data": [{"b64_json": b64(PNG)}]}),
            "none": reply(200, {"data": [], "message": f"No {key}", "request_id": key}, echo),
            "page": reply(200, f"<html>{key} {link}", echo),
            "cut": [reply(200, f"{key} {link}", echo)[:-1], Close()],
            "garbage": [f"{key}\r\n\r\n".encode(), Close()],
            "header": [f"HTTP/1.1 200 OK\r\nAuthorization {key}\r\n\r\n".encode(), Close()],
            "reset": [Reset()],
            "silent": [Wait()],
            "long": reply(400, long),
        }
        prompt = request.json["prompt"]
        return answers[prompt] if prompt in answers else reply(int(prompt), error, echo)

    def _picture(self, path: str) -> bytes:
        if path.startswith("/moved"):
            return reply(
                302, b"", {"location": f"/fox.png?X-Signature={SIGNED}", "set-cookie": f"s={SIGNED}"}
            )
        return reply(403, f"<Error><Message>{SIGNED}</Message><Key>{SIGNED}</Key></Error>")


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    made = Service()
    with made.wire:
        yield made


@pytest.fixture(autouse=True)
def _key_and_no_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    # From the environment, so that the test's own frames do not hold it.
    monkeypatch.setenv("QUBRID_API_KEY", KEY)
    monkeypatch.setattr(random, "uniform", lambda low, high: 0.0)


class Setting(NamedTuple):
    """What the failures below are made with."""

    world: World
    client: Any
    url: str
    folder: Path

    def generate(self, prompt: str, **options: Any) -> Any:
        return self.world.run(self.client.images.generate(prompt, **options))

    def run(self, value: Any) -> Any:
        return self.world.run(value)

    def again(self, **options: Any) -> Setting:
        return self._replace(client=self.client.with_options(**options))


def raising(error: BaseException) -> Callable[..., Any]:
    def raises(*_: Any) -> None:
        raise error

    return raises


def with_hook(at: Setting, error: BaseException) -> None:
    async def raises(_: Any) -> None:
        raise error

    hook = raises if at.world.name == "async" else raising(error)
    http = at.world.http_client(event_hooks={"response": [hook]})
    client = at.world.client_type(base_url=at.url, http_client=http, max_retries=0)
    try:
        at.run(client.images.generate("base64"))
    finally:
        at.world.close_http(http)


def without_answer(at: Setting) -> None:
    at.again(base_url=f"http://127.0.0.1:{free_port()}/v1").generate("fox")


def with_the_key_badly_copied(at: Setting) -> None:
    at.world.client_type(os.environ["QUBRID_API_KEY"] + "\n")


def with_the_word_bearer(at: Setting) -> None:
    at.client.with_options(api_key="Bearer-" + os.environ["QUBRID_API_KEY"])


def with_the_key_as_bytes(at: Setting) -> None:
    at.world.client_type(os.environ["QUBRID_API_KEY"].encode())


def closed(at: Setting) -> None:
    client = at.world.client_type(base_url=at.url)
    at.run(client.close())
    at.run(client.images.generate("fox"))


def exists(at: Setting) -> None:
    for _ in range(2):
        at.run(at.generate("base64").data[0].save(at.folder / "fox.png"))


def unwritable(at: Setting) -> None:
    (at.folder / "file").write_bytes(b"")
    at.run(at.generate("base64").data[0].save(at.folder / "file" / "fox.png"))


FAILURES: dict[str, tuple[type[BaseException], Callable[[Setting], Any]]] = {
    **{
        status: (q.APIStatusError, lambda at, status=status: at.generate(status))  # type: ignore[misc]
        for status in ("302", "400", "401", "402", "403", "404", "429", "500", "502", "503", "504", "529")
    },
    "a long message": (q.BadRequestError, lambda at: at.generate("long")),
    "no image": (q.NoImageError, lambda at: at.generate("none")),
    "a page": (q.InvalidResponseError, lambda at: at.generate("page")),
    "a cut answer": (q.APIConnectionError, lambda at: at.generate("cut")),
    "garbage": (q.APIConnectionError, lambda at: at.generate("garbage")),
    "a bad header": (q.APIConnectionError, lambda at: at.generate("header")),
    "a reset": (q.APIConnectionError, lambda at: at.generate("reset")),
    "silence": (q.APITimeoutError, lambda at: at.generate("silent", timeout=0.1)),
    "nobody there": (q.APIConnectionError, without_answer),
    "an unknown parameter": (TypeError, lambda at: at.generate("fox", sed=1)),
    "no JSON": (q.InputError, lambda at: at.generate("fox", extra_body={"x": float("nan")})),
    "no header": (q.InputError, lambda at: at.generate("fox", extra_headers={"x": "a\nb"})),
    "no file": (q.InputError, lambda at: at.generate("fox", image="no-such.png")),
    "an expired picture": (q.DownloadError, lambda at: at.run(at.generate("link").data[0].read())),
    "an expired picture, saved": (
        q.DownloadError,
        lambda at: at.run(at.generate("link").save(at.folder)),
    ),
    "a file that exists": (q.ImageExistsError, exists),
    "a file that cannot be": (q.SaveError, unwritable),
    "a closed client": (q.ConfigurationError, closed),
    "a key with a line break": (q.ConfigurationError, with_the_key_badly_copied),
    "a key with the word": (q.ConfigurationError, with_the_word_bearer),
    "a key of bytes": (q.ConfigurationError, with_the_key_as_bytes),
    "a bad address": (q.ConfigurationError, lambda at: at.world.client_type(base_url="platform")),
    "on_retry": (KeyError, lambda at: at.again(on_retry=raising(KeyError("x"))).generate("503")),
    "a hook": (LookupError, lambda at: with_hook(at, LookupError("x"))),
    "an interrupt in on_retry": (
        KeyboardInterrupt,
        lambda at: at.again(on_retry=raising(KeyboardInterrupt())).generate("503"),
    ),
    "a cancellation": (asyncio.CancelledError, lambda at: with_hook(at, asyncio.CancelledError())),
}


@pytest.mark.parametrize("name", FAILURES)
def test_no_failure_shows_a_secret(world: World, service: Service, tmp_path: Path, name: str) -> None:
    kind, fail = FAILURES[name]
    client = world.client_type(base_url=service.wire.base_url, retry=RetryPolicy(backoff=0))
    with pytest.raises(kind) as caught:
        fail(Setting(world, client, service.wire.base_url, tmp_path))
    error = caught.value
    world.run(client.close())
    assert_clean(rendered(error))
    assert_clean(f"{error} {error!r}")
    links: list[BaseException] = [error]
    while following := links[-1].__cause__ or links[-1].__context__:
        links.append(following)
        assert_clean(f"{following} {following!r} {following.args!r}")
    if isinstance(error, QubridError):
        shown = {name: value for name, value in vars(error).items() if name not in {"url", "body", "headers"}}
        assert_clean(repr(shown))
        # Headers and body are for inspection, and do hold what the service said, but not the key.
        assert KEY not in repr(vars(error))
        assert KEY.encode() not in pickle.dumps(error)


# An interrupt between making a socket and keeping it leaves the socket to the garbage collector.
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_an_interrupt_at_any_line_shows_no_secret(service: Service) -> None:
    client = q.Qubrid(base_url=service.wire.base_url, max_retries=0)

    def call() -> None:
        result = client.images.generate("link", timeout=5)
        result.data[0].read(timeout=5)

    _, lines = interrupted(call, 10**9)
    assert lines > 2000
    for line in range(1, lines, lines // 60):
        ended, _ = interrupted(call, line)
        if isinstance(ended, KeyboardInterrupt):
            assert_clean(rendered(ended))
    client.close()
    del ended
    gc.collect()


@pytest.fixture
def logs(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """All log records at all levels, with our helper turned on, and everything as it was afterwards."""
    loggers = [
        logging.getLogger(name)
        for name in (None, *logging.root.manager.loggerDict)
        if name is None or name.startswith(("httpx", "httpcore", "qubrid"))
    ]
    before = [(logger, logger.level, logger.filters[:], logger.handlers[:]) for logger in loggers]
    enable_logging("DEBUG")
    caplog.set_level(logging.DEBUG)
    yield caplog
    for logger, level, filters, handlers in before:
        logger.setLevel(level)
        logger.filters[:], logger.handlers[:] = filters, handlers


def test_no_log_shows_a_secret(world: World, service: Service, logs: pytest.LogCaptureFixture) -> None:
    client = world.client_type(base_url=service.wire.base_url, retry=RetryPolicy(backoff=0))
    for prompt in ("link", "base64", "429", "503", "302", "cut", "garbage", "page", "header"):
        try:
            result = world.run(client.images.generate(prompt))
            world.run(result.data[0].read())
        except QubridError as exc:
            logging.getLogger("qubrid_facade").warning("failed: %s %r", exc, exc)
    world.run(client.close())
    assert {"qubrid_facade", "httpx"} <= {record.name for record in logs.records}
    assert "trying again" in logs.text
    assert "HTTP Request: GET" in logs.text
    for record in logs.records:
        assert_clean(f"{record.getMessage()} {record.msg!r} {record.args!r}")
        assert len(record.getMessage()) < 2000


def test_the_logs_of_httpcore_are_cleaned(service: Service, logs: pytest.LogCaptureFixture) -> None:
    with q.Qubrid(base_url=service.wire.base_url) as client:
        with pytest.raises(q.DownloadError):
            client.images.generate("link").data[0].read()
    lines = [record.getMessage() for record in logs.records if record.name.startswith("httpcore")]
    # The headers are there, and the signed address and the cookie in them are not.
    assert any("'location'" in line.lower() and "?…" in line for line in lines)
    assert any("'set-cookie', b'***'" in line.lower() for line in lines)
    assert_clean(" ".join(lines))


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        (f"key {KEY}.", "key ***."),
        ("Authorization: Bearer abc.def-ghi", "Authorization: Bearer ***"),
        ("{'authorization': 'Basic dXNlcg=='}", "{'authorization': '***'}"),
        ("[(b'Set-Cookie', b'a=b; Secure'), (b'X', b'y')]", "[(b'Set-Cookie', b'***'), (b'X', b'y')]"),
        ("GET https://cdn.x/a.png?sig=abc&w=1 done", "GET https://cdn.x/a.png?… done"),
        ("to /a.png?sig=abc, really?", "to /a.png?… really?"),
        (f"image {b64(PNG * 9)} end", f"image {b64(PNG)[:24]}…({len(b64(PNG * 9))} characters) end"),
        ("nothing to hide", "nothing to hide"),
    ],
)
def test_what_a_log_line_leaves_out(text: str, clean: str) -> None:
    client = q.Qubrid()  # the keys of all clients of the process are known
    assert redacted(text) == clean
    client.close()


def test_logs_go_to_standard_error_only_where_there_is_no_other_place() -> None:
    program = """
import logging, sys
from qubrid_facade._logging import enable_logging
if "own" in sys.argv:
    logging.basicConfig(format="own %(message)s")
for _ in range(2):
    enable_logging("INFO")
logging.getLogger("qubrid_facade").info("Bearer abcdef")
logging.getLogger("httpx").info("GET %s", "http://x/y?sig=1")
logging.getLogger("httpcore.http11").debug("not asked for")
"""
    for own, start in (("none", ""), ("own", "own ")):
        done = subprocess.run(
            [sys.executable, "-c", program, own], capture_output=True, text=True, check=True
        )
        lines = done.stderr.splitlines()
        assert [line.split(" INFO ")[-1] for line in lines] == [
            f"{start}Bearer ***",
            f"{start}GET http://x/y?…",
        ]
        assert done.stdout == ""


def test_a_secret_shows_itself_to_nobody() -> None:
    client = q.Qubrid()
    secret = client._settings.api_key
    assert_clean(f"{secret} {secret!r} {client!r} {vars(client)!r} {client._settings!r} {[secret]!r}")
    console = Console(file=io.StringIO(), width=200)
    console.print({"client": client, "settings": client._settings, "secret": secret})
    assert_clean(console.file.getvalue())  # type: ignore[attr-defined]
    client.close()


def test_the_masking_of_logs_bears_clients_made_in_other_threads() -> None:
    stop = threading.Event()

    def make() -> None:
        while not stop.is_set():
            kept = [Secret("sk-one-of-very-many") for _ in range(100)]
            kept.clear()

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    makers = [threading.Thread(target=make) for _ in range(3)]
    try:
        for maker in makers:
            maker.start()
        for _ in range(3000):
            redact_all("nothing to hide")
    finally:
        stop.set()
        for maker in makers:
            maker.join()
        sys.setswitchinterval(before)


def test_a_record_that_cannot_be_masked_is_left_out(logs: pytest.LogCaptureFixture) -> None:
    logging.getLogger("httpx").info("%d of " + KEY, "not a number")
    assert logs.messages == ["(left out: it could not be masked, TypeError)"]

"""Fetching a result: free to repeat, never at the price of another picture, and without the key."""

from __future__ import annotations

import gzip
import logging
import random
import socket
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from qubrid_facade import DownloadError
from tests.support.clients import KEY, Handle, World, client_of
from tests.support.pictures import picture
from tests.support.raw import free_port
from tests.support.wire import Action, Close, Received, Reset, Wait, WireServer, reply

PNG, WEBP, JPEG = picture("png"), picture("webp"), picture("jpeg")
SIGNATURE = "X-Amz-Signature=5f1c9e0badc0ffee"
OK = b"HTTP/1.1 200 OK\r\n"
XML = (
    b"<?xml version='1.0'?><Error><Code>SignatureDoesNotMatch</Code><Message>Request has expired</Message>"
    b"<SignatureProvided>5f1c9e0badc0ffee</SignatureProvided></Error>"
)
SIGNED_XML = b"<?xml version='1.0'?><Error><Message>Bad 5f1c9e0badc0ffee</Message></Error>"
PAGE = b"<!doctype html><title>Sign in</title>"
TEXT = {"content-type": "text/plain"}
OCTETS = {"content-type": "application/octet-stream"}

# What the image host does, how often it is asked, and what the caller is told.
ASK_AGAIN, ASK_ONCE = 4, 1
FAULTS: dict[str, tuple[bytes | list[Action], int, str]] = {
    "reset": ([Reset()], ASK_AGAIN, "was lost"),
    "closed": ([Close()], ASK_AGAIN, "was lost"),
    "cut": ([OK + b"content-length: 999\r\n\r\n" + PNG[:40], Close()], ASK_AGAIN, "was lost"),
    "chunked and cut": (
        [OK + b"transfer-encoding: chunked\r\n\r\n28\r\n" + PNG[:40] + b"\r\n", Close()],
        ASK_AGAIN,
        "was lost",
    ),
    "a PNG cut, its length not told": ([OK + b"\r\n" + PNG[:60], Close()], ASK_AGAIN, "cut short"),
    "a WebP cut, its length not told": ([OK + b"\r\n" + WEBP[:-5], Close()], ASK_AGAIN, "cut short"),
    "a JPEG cut, its length not told": ([OK + b"\r\n" + JPEG[:-5], Close()], ASK_AGAIN, "cut short"),
    "empty": (reply(200), ASK_AGAIN, "sent nothing"),
    "refused, and its body cut": (
        [b"HTTP/1.1 403 X\r\ncontent-length: 999\r\n\r\nno", Close()],
        ASK_ONCE,
        "403 Forbidden: no (http",
    ),
    "garbage": ([b"garbage\r\n\r\n", Close()], ASK_AGAIN, "was lost"),
    "overloaded": (reply(503), ASK_AGAIN, "503 Service Unavailable"),
    "too many": (reply(429), ASK_AGAIN, "429 Too Many Requests"),
    "gateway timeout": (reply(504, PAGE), ASK_AGAIN, "504 Gateway Timeout: Sign in"),
    "origin lost": (reply(522), ASK_AGAIN, "522"),
    "compressed and cut": (
        reply(200, gzip.compress(PNG)[:-20], {"content-encoding": "gzip"}),
        ASK_AGAIN,
        "ends too soon",
    ),
    "expired, XML": (reply(403, XML), ASK_ONCE, "403 Forbidden: SignatureDoesNotMatch: Request has expired"),
    "expired, the signature told": (reply(403, SIGNED_XML), ASK_ONCE, "403 Forbidden: Bad ***"),
    "expired, HTML": (reply(404, PAGE), ASK_ONCE, "404 Not Found: Sign in"),
    "gone": (reply(410), ASK_ONCE, "has probably expired"),
    "forbidden": (reply(401), ASK_ONCE, "401"),
    "HTML instead": (
        reply(200, PAGE, {"content-type": "text/html"}),
        ASK_ONCE,
        "a page or a message (text/html) instead of a picture: Sign in",
    ),
    "HTML, said to be a picture": (
        reply(200, PAGE, {"content-type": "image/png"}),
        ASK_ONCE,
        "a page or a message (image/png) instead of a picture: Sign in",
    ),
    "HTML, a byte at a time": (
        [OK + b"content-length: 37\r\n\r\n", *[PAGE[i : i + 1] for i in range(37)]],
        ASK_ONCE,
        "a page",
    ),
    "words instead": (reply(200, b"Not found", TEXT), ASK_ONCE, "a page or a message (text/plain)"),
    "words, said to be a picture": (
        reply(200, b"Access denied\n", {"content-type": "image/png"}),
        ASK_ONCE,
        "a page or a message (image/png) instead of a picture: Access denied (http",
    ),
    "words, at length": (
        reply(200, "Kein Zugriff für Gäste. ".encode() * 999, OCTETS),
        ASK_ONCE,
        "a page or a message (application/octet-stream) instead",
    ),
    "words, a byte at a time": (
        [OK + b"content-length: 6\r\n\r\n", *[b"no %d\r\n"[i : i + 1] for i in range(6)]],
        ASK_ONCE,
        "a page or a message",
    ),
    "the signature told, in words": (
        reply(200, b"Bad 5f1c9e0badc0ffee", OCTETS),
        ASK_ONCE,
        "picture: Bad ***",
    ),
    "JSON instead": (reply(200, {"error": "no"}), ASK_ONCE, "a page or a message (application/json)"),
    "compression not asked for": (
        reply(200, b"\x8b\x02\x80" * 30, {"content-encoding": "br"}),
        ASK_AGAIN,
        "compressed in a way not asked for ('br')",
    ),
    "a part instead of all": (reply(206, PNG), ASK_ONCE, "206"),
    "moved, nobody knows where": (reply(302), ASK_ONCE, "302 Found"),
    "moved to a file": (reply(302, b"", {"location": "file:///etc/passwd"}), 1, "neither http nor https"),
    "moved to nowhere": (
        reply(302, b"", {"location": "http://[::x/"}),
        1,
        "redirected to an address that",
    ),
    "moved in a circle": (
        reply(307, b"", {"location": "?again"}),
        11,
        "The image host redirected more than 10 times (http",
    ),
}
FINE: dict[str, tuple[bytes | list[Action], bytes]] = {
    "another type than asked": (reply(200, WEBP, {"content-type": "image/webp"}), WEBP),
    "a picture said to be a page": (reply(200, PNG, {"content-type": "text/html"}), PNG),
    "a picture of no type": (reply(200, JPEG), JPEG),
    "a format that nobody knows": (
        reply(200, b"\x00new\x01" * 300, {"content-type": "image/x-new"}),
        b"\x00new\x01" * 300,
    ),
    "its length not told": ([OK + b"\r\n" + JPEG, Close()], JPEG),
    "its length not told, and more behind its end": (
        [OK + b"\r\n" + JPEG + bytes(3000), Close()],
        JPEG + bytes(3000),
    ),
    "compressed all the same": (reply(200, gzip.compress(PNG), {"content-encoding": "gzip"}), PNG),
    "said to be compressed": (reply(200, PNG, {"content-encoding": "gzip"}), PNG),
    "said to be compressed with br": (reply(200, PNG, {"content-encoding": "br"}), PNG),
    "a byte at a time": ([OK + b"content-length: %d\r\n\r\n" % len(PNG), *[bytes([b]) for b in PNG]], PNG),
    "moved": (reply(302, PAGE, {"location": "/moved"}), PNG),
}


class Hosts:
    """The service, and a host of pictures that does with the n-th what its name says."""

    def __init__(self) -> None:
        self.now: bytes | list[Action] = b""
        self.images = WireServer(self._image)
        self.service = WireServer(self._service)
        self.link = ""

    def _service(self, request: Received) -> bytes:
        if request.method == "GET":
            return reply(200, PNG)
        return reply(200, {"data": [{"url": self.link}]}, {"x-request-id": "req-7"})

    def _image(self, request: Received) -> bytes | list[Action]:
        return reply(200, PNG) if request.path.startswith("/moved") else self.now

    def reset(self, now: bytes | list[Action]) -> None:
        self.now = now
        self.link = f"{self.images.url}/fox.png?{SIGNATURE}"
        self.images.requests.clear()
        self.service.requests.clear()


@pytest.fixture(scope="module")
def hosts() -> Iterator[Hosts]:
    made = Hosts()
    with made.images, made.service:
        yield made


@pytest.fixture(autouse=True)
def _no_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(random, "uniform", lambda low, high: 0.0)


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_of_the_image_host_costs_no_second_picture(
    lasting: Callable[[str], Handle], hosts: Hosts, tmp_path: Path, name: str
) -> None:
    answer, times, words = FAULTS[name]
    hosts.reset(answer)
    client = lasting(hosts.service.base_url)
    image = client.generate("fox").data[0]
    for fetch in (client.read, lambda one: client.save(one, tmp_path / "fox.png")):
        hosts.images.requests.clear()
        with pytest.raises(DownloadError) as caught:
            fetch(image)
        error = caught.value
        assert words in str(error)
        assert len(hosts.images.requests) == times
        assert error.attempts == (ASK_AGAIN if times == ASK_AGAIN else ASK_ONCE)
        assert error.url == hosts.link
        # No word about billing: the picture is made, and fetching it costs nothing.
        assert (error.outcome, "billed" in str(error)) == (None, False)
        assert error.request_id == "req-7"
        assert "5f1c9e0badc0ffee" not in str(error) + repr(error) + repr(image)
        assert list(tmp_path.iterdir()) == []
    # The host has mended, and the same result is asked once more.
    hosts.now = reply(200, PNG)
    assert client.save(image, tmp_path / "fox.png").read_bytes() == PNG
    assert client.read(image) == PNG
    assert [request.method for request in hosts.service.requests] == ["POST"]
    assert all("authorization" not in request.headers for request in hosts.images.requests)


@pytest.mark.parametrize("name", FINE)
def test_a_picture_is_a_picture_whatever_is_said_of_it(
    lasting: Callable[[str], Handle], hosts: Hosts, tmp_path: Path, name: str
) -> None:
    answer, content = FINE[name]
    hosts.reset(answer)
    client = lasting(hosts.service.base_url)
    image = client.generate("fox").data[0]
    saved = client.save(image, tmp_path / "fox.png")
    assert saved.read_bytes() == content
    assert saved.suffix == {b"RIFF": ".webp", JPEG[:4]: ".jpg"}.get(content[:4], ".png")
    assert client.read(image) == content


@pytest.mark.parametrize(
    "link",
    [
        "http://127.0.0.1:{free}/fox.png?" + SIGNATURE,
        "http://nowhere.invalid/fox.png?" + SIGNATURE,
    ],
)
def test_a_host_that_is_not_there_is_named_and_can_be_asked_later(
    lasting: Callable[[str], Handle], hosts: Hosts, link: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = socket.getaddrinfo

    def unknown(name: Any, *args: Any, **kwargs: Any) -> Any:
        if name in {"nowhere.invalid", b"nowhere.invalid"}:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return known(name, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    hosts.reset(reply(200, PNG))
    hosts.link = link.format(free=free_port())
    client = lasting(hosts.service.base_url)
    image = client.generate("fox").data[0]
    with pytest.raises(DownloadError, match="Could not connect to") as caught:
        client.read(image)
    assert (caught.value.url, caught.value.attempts, caught.value.status_code) == (hosts.link, 4, None)
    assert caught.value.outcome is None


def drip(_: Received) -> Iterable[Action]:
    yield OK + b"content-length: 999999\r\n\r\n" + PNG
    while True:
        yield b"x"
        yield Wait(0.02)


@pytest.mark.parametrize("handler", [drip, lambda _: [Wait()]])
def test_a_slow_picture_is_waited_for_no_longer_than_asked(
    world: World, tmp_path: Path, handler: Callable[[Received], Iterable[Action]]
) -> None:
    with WireServer(handler) as images:
        with WireServer(lambda _: reply(200, {"data": [{"url": f"{images.url}/a"}]})) as service:
            with client_of(world, service.base_url) as client:
                result = client.generate("fox")
                for attempt in (
                    lambda: client.read(result.data[0], deadline=0.3),
                    lambda: client.save(result.data[0], tmp_path / "a.png", deadline=0.3),
                    lambda: client.save(result, tmp_path, timeout=0.1, deadline=0.3),
                ):
                    started = time.monotonic()
                    with pytest.raises(DownloadError, match="within"):
                        attempt()
                    assert time.monotonic() - started < 0.8
    assert list(tmp_path.iterdir()) == []


def test_the_image_host_sees_neither_the_key_nor_what_the_callers_client_has(
    world: World, hosts: Hosts
) -> None:
    hosts.reset(reply(302, b"", {"location": f"{hosts.service.url}/back-to-the-service"}))
    secrets = {"auth": ("user", "password"), "headers": {"x-token": KEY}, "cookies": {"session": KEY}}
    http = world.http_client(**secrets, follow_redirects=True)
    with client_of(world, hosts.service.base_url, http_client=http) as client:
        assert client.read(client.generate("fox").data[0]) == PNG
        world.close_http(http)
    fetched = [*hosts.images.requests, *(r for r in hosts.service.requests if r.method == "GET")]
    assert len(fetched) == 2
    for request in fetched:
        assert not {"authorization", "cookie", "x-token", "referer"} & request.headers.keys()
        assert KEY not in repr(request)


def test_each_repeat_leaves_a_line_in_the_log_without_the_signature(
    lasting: Callable[[str], Handle], hosts: Hosts, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    hosts.reset(reply(503))
    client = lasting(hosts.service.base_url)
    with pytest.raises(DownloadError):
        client.read(client.generate("fox").data[0])
    assert sum("trying again" in line for line in caplog.messages) == 3
    # httpx logs every address at this level, which most programs turn on.
    assert any("GET" in line and "/fox.png" in line for line in caplog.messages)
    assert "5f1c9e0badc0ffee" not in caplog.text

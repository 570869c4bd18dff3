"""Stopping: an interrupt, a cancellation and a close end a call at once, and leave nothing behind."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import httpx
import pytest

import qubrid_facade as q
from qubrid_facade import AsyncQubrid, ConfigurationError, Qubrid, QubridError, RetryPolicy
from tests.support.clients import KEY, World, client_of
from tests.support.interrupts import interrupted
from tests.support.pictures import b64, picture
from tests.support.wire import Action, Close, Received, WireServer, reply

ROOT = Path(__file__).parents[2]
PNG = picture()
ANSWER = {"created": 1, "data": [{"b64_json": b64(PNG)}]}
OK = reply(200, ANSWER)
ONCE = reply(200, ANSWER, {"connection": "close"})
ONE = httpx.Limits(max_connections=1)


class Gate:
    """A server that answers prompts that begin with 'go', and lets all others wait; it tells of these."""

    def __init__(self) -> None:
        self.waiting = threading.Event()
        self.opened = threading.Event()
        self.wire = WireServer(self._handle)

    def _handle(self, request: Received) -> Iterable[Action]:
        if request.method == "POST" and len(request.body) < int(request.headers["content-length"]):
            return  # whoever was asking has gone in the middle
        prompt = request.json["prompt"] if request.body else "wait"
        if prompt == "busy":
            yield reply(503, b"", {"retry-after": "30"})
            self.waiting.set()
        elif prompt.startswith("go"):
            yield OK if prompt == "go" else ONCE
            if prompt != "go":
                yield Close()
        else:
            if prompt == "half":
                yield OK[:60]
            self.waiting.set()
            self.opened.wait(20)
            yield OK[60:] if prompt == "half" else OK


PROGRAM = """
import asyncio, sys, time
import httpx
from qubrid_facade import AsyncQubrid, Qubrid
kind, own, url, prompt = sys.argv[1:]
limits = httpx.Limits(max_connections=1)

def note(what, started):
    print(what, "late" if time.monotonic() - started > 15 else "at once", flush=True)

def main():
    http = None if own == "ours" else httpx.Client(limits=limits)
    client = Qubrid("sk-qubrid-test", base_url=url, http_client=http)
    started = time.monotonic()
    try:
        client.images.generate(prompt)
    except KeyboardInterrupt:
        note("interrupted", started)
    print(client.images.generate("go", timeout=5, max_retries=0).attempts)

async def amain():
    http = None if own == "ours" else httpx.AsyncClient(limits=limits)
    async with AsyncQubrid("sk-qubrid-test", base_url=url, http_client=http) as client:
        started = time.monotonic()
        try:
            await client.images.generate(prompt)
        except asyncio.CancelledError:
            note("interrupted", started)
            asyncio.current_task().uncancel()
        print(len(asyncio.all_tasks()), "task")
        print((await client.images.generate("go", timeout=5, max_retries=0)).attempts)

try:
    main() if kind == "sync" else asyncio.run(amain())
except KeyboardInterrupt:
    print("and told")
"""


@pytest.mark.skipif(os.name == "nt", reason="signals are another thing there")
@pytest.mark.parametrize("kind", ["sync", "async"])
@pytest.mark.parametrize(("own", "prompt"), [("ours", "wait"), ("given", "half"), ("ours", "busy")])
def test_control_c_stops_a_call_at_once_and_spoils_no_connection(kind: str, own: str, prompt: str) -> None:
    gate = Gate()
    with gate.wire as server:
        command = [
            sys.executable,
            "-X",
            "dev",
            "-W",
            "error",
            "-c",
            PROGRAM,
            kind,
            own,
            server.base_url,
            prompt,
        ]
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT
        ) as it:
            assert gate.waiting.wait(30)
            # A signal that comes just before a system call begins to wait is not seen before it ends.
            time.sleep(0.3)
            it.send_signal(signal.SIGINT)
            said, errors = it.communicate(timeout=30)
        gate.opened.set()
    expected = ["interrupted at once", "1"] if kind == "sync" else ["interrupted at once", "1 task", "1"]
    assert said.splitlines()[: len(expected)] == expected, errors


def pool_is_clean(http: httpx.AsyncClient) -> bool:
    pool = http._transport._pool  # type: ignore[attr-defined]
    return not pool._requests and all(c.is_idle() or c.is_closed() for c in pool.connections)


@pytest.mark.parametrize("given", [True, False])
@pytest.mark.parametrize("prompt", ["go", "go, on a new connection"])
def test_a_task_may_be_cancelled_at_every_step(given: bool, prompt: str) -> None:
    async def main(url: str) -> int:
        http = httpx.AsyncClient(limits=ONE) if given else None
        steps = 0
        async with AsyncQubrid(KEY, base_url=url, http_client=http) as client:
            for steps in range(3000):
                task = asyncio.ensure_future(client.images.generate(prompt))
                for _ in range(steps):
                    await asyncio.sleep(0)
                    if task.done():
                        break
                if not task.cancel():
                    break
                with pytest.raises(asyncio.CancelledError):
                    await task
                assert asyncio.all_tasks() == {asyncio.current_task()}
                assert http is None or pool_is_clean(http)
                await client.images.generate(prompt, timeout=5, max_retries=0)
        if http is not None:
            await http.aclose()
        return steps

    with Gate().wire as server:
        assert asyncio.run(main(server.base_url)) > 3


@pytest.mark.parametrize("what", ["wait", "half", "busy", "read", "save"])
def test_a_cancelled_task_leaves_no_connection_no_task_and_no_file(what: str, tmp_path: Path) -> None:
    gate = Gate()

    async def main(url: str) -> None:
        async with AsyncQubrid(KEY, base_url=url, max_retries=5) as client:
            image = (await client.images.generate("go")).data[0]
            image.url, image._content, image._b64_json = url + "/a.png", None, None
            if what == "read":
                task: asyncio.Task[Any] = asyncio.ensure_future(image.read())
            elif what == "save":
                task = asyncio.ensure_future(image.save(tmp_path / "a.png"))
            else:
                task = asyncio.ensure_future(client.images.generate(what))
            await asyncio.to_thread(gate.waiting.wait, 20)
            await asyncio.sleep(0.02)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asyncio.wait_for(task, 5)
            assert asyncio.all_tasks() == {asyncio.current_task()}
            await client.images.generate("go", timeout=5, max_retries=0)

    with gate.wire as server:
        asyncio.run(main(server.base_url))
        gate.opened.set()
    assert list(tmp_path.iterdir()) == []


def test_cancelling_a_save_waits_for_the_disk_and_leaves_all_or_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    syncing, go_on = threading.Event(), threading.Event()
    fsync = os.fsync

    def slow(descriptor: int) -> None:
        syncing.set()
        go_on.wait(20)
        fsync(descriptor)

    async def main(url: str) -> None:
        async with AsyncQubrid(KEY, base_url=url) as client:
            image = (await client.images.generate("go")).data[0]
            monkeypatch.setattr(os, "fsync", slow)
            task = asyncio.ensure_future(image.save(tmp_path / "fox.png"))
            await asyncio.to_thread(syncing.wait, 20)
            task.cancel()
            await asyncio.sleep(0.01)
            assert not task.done()
            go_on.set()
            with pytest.raises(asyncio.CancelledError):
                await task

    with Gate().wire as server:
        asyncio.run(main(server.base_url))
    assert [path.read_bytes() for path in tmp_path.iterdir()] in ([], [PNG])


# An interrupt between making a socket and keeping it leaves the socket to the garbage collector.
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_call_may_be_interrupted_at_every_line() -> None:
    with Gate().wire as server, Qubrid(KEY, base_url=server.base_url) as client:

        def call() -> Any:
            return client.images.generate("go", timeout=5, max_retries=0)

        call()
        _, lines = interrupted(call, 10**9)
        assert lines > 1000
        struck = 0
        for line in range(1, lines, lines // 60):
            ended, count = interrupted(call, line)
            # A call may take a few lines less than the one that was counted, and so end before its last.
            assert isinstance(ended, KeyboardInterrupt) or count < line
            struck += isinstance(ended, KeyboardInterrupt)
            assert call().attempts == 1
        assert struck > 40
        del ended
        gc.collect()


def test_a_client_that_is_closed_meanwhile_finishes_the_calls_that_are_on_their_way(world: World) -> None:
    gate = Gate()

    def close_and_open() -> None:
        gate.waiting.wait(20)
        client.client.close()
        gate.opened.set()

    with gate.wire as server, client_of(world, server.base_url) as client:
        if world.name == "sync":
            closer = threading.Thread(target=close_and_open)
            closer.start()
            result = client.generate("wait")
            closer.join()
        else:

            async def both() -> Any:
                task = asyncio.ensure_future(client.client.images.generate("wait"))
                await asyncio.to_thread(gate.waiting.wait, 20)
                await client.client.close()
                gate.opened.set()
                return await task

            result = world.run(both())
        assert client.read(result.data[0]) == PNG
        with pytest.raises(ConfigurationError, match="This client is closed") as caught:
            client.generate("go")
    assert caught.value.outcome == "not_sent"
    assert len(server.requests) == 1


def test_a_client_that_is_closed_during_a_wait_says_so_and_what_became_of_the_request(world: World) -> None:
    closing: list[Any] = []

    def close(_error: QubridError, _attempt: int, _wait: float) -> None:
        if world.name == "sync":
            client.client.close()
        else:
            closing.append(asyncio.ensure_future(client.client.close()))

    with WireServer(lambda _: reply(503)) as server:
        with client_of(world, server.base_url, on_retry=close, retry=RetryPolicy(backoff=0.02)) as client:
            with pytest.raises(ConfigurationError, match="This client is closed") as caught:
                client.generate("fox")
    assert (caught.value.attempts, caught.value.outcome, len(server.requests)) == (1, "rejected", 1)


def test_a_http_client_that_its_owner_has_closed_is_named(world: World) -> None:
    http = world.http_client()
    with WireServer(lambda _: OK) as server:
        with client_of(world, server.base_url, http_client=http) as client:
            result = client.generate("fox")
            world.close_http(http)
            with pytest.raises(ConfigurationError, match="http_client that this client was given is closed"):
                client.generate("fox")
            assert client.read(result.data[0]) == PNG
    assert len(server.requests) == 1


def test_a_http_client_that_is_closed_in_the_middle_is_named_too(world: World) -> None:
    http = world.http_client()

    def close(_error: QubridError, _attempt: int, _wait: float) -> None:
        world.close_http(http) if world.name == "sync" else closing.append(
            asyncio.ensure_future(http.aclose())
        )

    closing: list[Any] = []
    policy = RetryPolicy(backoff=0.02)
    with WireServer(lambda _: reply(503)) as server:
        with client_of(world, server.base_url, http_client=http, on_retry=close, retry=policy) as client:
            with pytest.raises(ConfigurationError, match="http_client that this client was given is closed"):
                client.generate("fox")
    assert len(server.requests) == 1


def test_what_on_retry_raises_ends_the_call_and_hides_nothing(world: World) -> None:
    def stop(error: QubridError, _attempt: int, _wait: float) -> None:
        raise LookupError("enough")

    def same(error: QubridError, _attempt: int, _wait: float) -> None:
        raise error

    with WireServer(lambda _: reply(503)) as server:
        with client_of(world, server.base_url, on_retry=stop) as client:
            with pytest.raises(LookupError, match="enough") as caught:
                client.generate("fox")
            assert isinstance(caught.value.__context__, q.BackendUnavailableError)
            with pytest.raises(q.BackendUnavailableError) as again:
                client.with_options(on_retry=same).generate("fox")
            assert again.value.attempts == 1
            assert world.run(client.client.with_options(on_retry=same).close()) is None
    assert len(server.requests) == 2

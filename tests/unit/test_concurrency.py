"""Sharing a client: between threads, tasks, event loops and processes."""

from __future__ import annotations

import asyncio
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from qubrid_facade import AsyncQubrid, ConfigurationError, Qubrid
from tests.support.clients import KEY, World
from tests.support.pictures import b64
from tests.support.wire import Received, WireServer, reply

ROOT = Path(__file__).parents[2]


def echo(request: Received) -> bytes:
    """Answer with a 'picture' that is the prompt, so that everybody knows their own."""
    content = b"\x89PNG\r\n\x1a\n" + request.json["prompt"].encode()
    return reply(200, {"data": [{"b64_json": b64(content)}]})


def prompt_of(content: bytes) -> str:
    return content[8:].decode()


def test_threads_may_share_a_client() -> None:
    with WireServer(echo) as server, Qubrid(KEY, base_url=server.base_url) as client:

        def call(number: int) -> bool:
            image = client.with_options(timeout=30).images.generate(str(number)).data[0]
            return prompt_of(image.read()) == str(number)

        with ThreadPoolExecutor(8) as threads:
            assert all(threads.map(call, range(200)))
    assert server.connections <= 8


def test_tasks_may_share_a_client() -> None:
    async def main(url: str) -> list[bool]:
        async with AsyncQubrid(KEY, base_url=url) as client:

            async def call(number: int) -> bool:
                image = (await client.images.generate(str(number))).data[0]
                return prompt_of(await image.read()) == str(number)

            return await asyncio.gather(*map(call, range(200)))

    with WireServer(echo) as server:
        assert all(asyncio.run(main(server.base_url)))


LOOPS = """
import asyncio, os, sys
from qubrid_facade import AsyncQubrid
client = AsyncQubrid("sk-qubrid-test", base_url=sys.argv[1])

async def call():
    await asyncio.gather(*(client.images.generate("fox") for _ in range(3)))

def sockets():
    names = (f"/proc/self/fd/{name}" for name in os.listdir("/proc/self/fd"))
    return sum(os.path.islink(name) and os.readlink(name).startswith("socket:") for name in names)

counts = []
for _ in range(4):
    asyncio.run(call())
    counts.append(sockets())
print(*counts)
"""


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="open sockets are counted in /proc")
def test_an_async_client_works_in_one_event_loop_after_another_and_leaves_no_socket() -> None:
    with WireServer(echo) as server:
        command = [sys.executable, "-W", "error", "-c", LOOPS, server.base_url]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=ROOT, check=False)
    assert done.stderr == ""
    assert done.stdout.split() == ["0"] * 4
    assert len(server.requests) == 12


def test_an_async_client_works_in_two_event_loops_at_once() -> None:
    with WireServer(echo) as server:
        client = AsyncQubrid(KEY, base_url=server.base_url)

        def run(number: int) -> str:
            async def call() -> str:
                return prompt_of(await (await client.images.generate(str(number))).data[0].read())

            return asyncio.run(call())

        with ThreadPoolExecutor(4) as threads:
            assert list(threads.map(run, range(12))) == [str(number) for number in range(12)]


def test_a_loop_that_is_closed_without_ceremony_hinders_no_other() -> None:
    with WireServer(echo) as server:
        client = AsyncQubrid(KEY, base_url=server.base_url)
        for _ in range(3):
            loop = asyncio.new_event_loop()
            try:
                loop.run_until_complete(client.images.generate("fox"))
                loop.run_until_complete(loop.shutdown_asyncgens())
            finally:
                loop.close()
        assert len(client._pool._made) == 1
    assert len(server.requests) == 3


def test_an_http_client_of_ones_own_stays_in_its_event_loop() -> None:
    with WireServer(echo) as server:
        http = httpx.AsyncClient()
        client = AsyncQubrid(KEY, base_url=server.base_url, http_client=http)

        async def call() -> None:
            await client.images.generate("fox")

        async def call_and_close() -> None:
            await call()
            await http.aclose()

        with asyncio.Runner() as home:
            home.run(call())
            with pytest.raises(ConfigurationError, match="another event loop") as caught:
                asyncio.run(call())
            home.run(call_and_close())
    assert caught.value.outcome == "not_sent"
    assert len(server.requests) == 2


def test_a_mock_is_at_home_in_every_event_loop() -> None:
    content = reply(200, {"data": [{"b64_json": b64(b"\x89PNG\r\n\x1a\n")}]}).partition(b"\r\n\r\n")[2]
    http = httpx.AsyncClient(transport=httpx.MockTransport(lambda _: httpx.Response(200, content=content)))
    client = AsyncQubrid(KEY, http_client=http)

    async def call() -> int:
        return (await client.images.generate("fox")).attempts

    assert [asyncio.run(call()) for _ in range(2)] == [1, 1]


FORK = """
import asyncio, os, sys, threading
from qubrid_facade import AsyncQubrid, Qubrid
client = Qubrid("sk-qubrid-test", base_url=sys.argv[1])
result = client.images.generate("parent")
busy = threading.Thread(target=client.images.generate, args=("slow",))
busy.start()
sys.stdin.readline()
child = os.fork()
if child == 0:
    client.images.generate("child")
    assert result.data[0].read().endswith(b"parent")
    client.close()
    os._exit(0)
status = os.waitpid(child, 0)[1]
client.images.generate("parent")
print("slow" if busy.is_alive() else "too early", status, flush=True)
busy.join()
client.close()
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_forked_child_makes_connections_of_its_own() -> None:
    slow, done = threading.Event(), threading.Event()
    ports: dict[str, set[str]] = {"parent": set(), "child": set(), "slow": set()}

    def handle(request: Received) -> Iterable[bytes]:
        prompt = request.json["prompt"]
        ports[prompt].add(threading.current_thread().name)  # the server has a thread for each connection
        if prompt == "slow":
            slow.set()
            done.wait(20)
        yield echo(request)

    with WireServer(handle) as server:
        command = [sys.executable, "-W", "ignore", "-c", FORK, server.base_url]
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
        ) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            assert slow.wait(30)
            process.stdin.write("\n")
            process.stdin.flush()
            said = process.stdout.readline()
            done.set()
            assert process.wait(30) == 0
    assert said == "slow 0\n"
    assert len(ports["child"]) == 1
    assert ports["child"].isdisjoint(ports["parent"] | ports["slow"])


def test_a_pickled_client_is_made_anew_and_takes_the_key_along(world: World) -> None:
    with WireServer(echo) as server:
        client = world.client_type(KEY, base_url=server.base_url, model="m", timeout=7, max_retries=5)
        world.run(client.images.generate("fox"))
        again = pickle.loads(pickle.dumps(client))  # noqa: S301 - our own
        assert again._settings.api_key.reveal() == KEY
        assert KEY not in repr(again)
        assert (again.base_url, again.model, again._settings.timeout) == (server.base_url, "m", 7)
        assert again._settings.retry == client._settings.retry
        world.run(again.images.generate("fox"))
        world.run(client.close())
        world.run(again.images.generate("closing one leaves the other open"))
        world.run(again.close())
    assert server.connections == 2


def test_a_client_with_an_http_client_of_ones_own_cannot_be_pickled(world: World) -> None:
    http = world.http_client()
    with pytest.raises(TypeError, match="cannot be pickled"):
        pickle.dumps(world.client_type(KEY, http_client=http))
    world.close_http(http)

"""The async client's own connections: reused, bounded, handed out in turn, and never left half used."""

from __future__ import annotations

import asyncio
import select
import socket
import ssl
import sys
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import httpcore
import httpx
import pytest
import trustme

from qubrid_facade import AsyncQubrid
from qubrid_facade._doubles import is_original
from qubrid_facade._free_list import FreeListPool, with_free_lists
from tests.support.clients import KEY

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"

LOOPS = [asyncio.run]
if sys.platform != "win32":
    import uvloop

    LOOPS.append(uvloop.run)

Handler = Callable[["Visit"], Awaitable[None]]


class Visit:
    """A connection as the server has it."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def request(self) -> bytes:
        """Return the next request; nothing if the client has closed."""
        head = b""
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            head = await self.reader.readuntil(b"\r\n\r\n")
        for line in head.lower().split(b"\r\n"):
            if line.startswith(b"content-length:"):
                head += await self.reader.readexactly(int(line[15:]))
        return head

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()


class Server:
    """A loopback server in the test's own event loop."""

    def __init__(self, handler: Handler) -> None:
        self.handler = handler
        self.connections = 0
        self.requests: list[bytes] = []
        self.gone = asyncio.Event()
        self.url = ""

    async def visit(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            await self.handler(Visit(reader, writer))
        finally:
            self.gone.set()
            writer.close()


async def polite(visit: Visit) -> None:
    """Answer every request."""
    while await visit.request():
        await visit.send(OK)


@asynccontextmanager
async def serving(handler: Handler, tls: ssl.SSLContext | None = None) -> AsyncIterator[Server]:
    made = Server(handler)
    listener = await asyncio.start_server(made.visit, "127.0.0.1", 0, ssl=tls)
    port = listener.sockets[0].getsockname()[1]
    made.url = f"https://localhost:{port}/" if tls else f"http://127.0.0.1:{port}/"
    async with listener:
        yield made


@asynccontextmanager
async def client_with(
    most: int = 100, expiry: float = 60.0, **timeouts: float
) -> AsyncIterator[tuple[httpx.AsyncClient, FreeListPool]]:
    timeout = httpx.Timeout(**{"connect": 5.0, "read": 5.0, "write": 5.0, "pool": 5.0, **timeouts})
    async with httpx.AsyncClient(timeout=timeout) as client:
        with_free_lists(client, most, expiry)
        pool: Any = client._transport._pool  # type: ignore[attr-defined]
        yield client, pool
        assert free_turns(pool) == most


def certified(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """Return a server's side of TLS for this machine, and the file that makes a client trust it."""
    authority, bundle = trustme.CA(), folder / "authority.pem"
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost", "127.0.0.1").configure_cert(tls)
    authority.cert_pem.write_to_path(str(bundle))
    return tls, bundle


def free_turns(pool: FreeListPool) -> int:
    return pool._turns._value


def waiting(pool: FreeListPool) -> int:
    return len(pool._turns._waiters or ())


def socket_of(connection: Any) -> Any:
    return connection._connection._network_stream.get_extra_info("socket")


async def until(condition: Callable[[], object]) -> None:
    """Let the event loop run until ``condition`` holds."""
    while not condition():  # noqa: ASYNC110 - what changes it is the code under test
        await asyncio.sleep(0)


def run(
    test: Coroutine[Any, Any, None], on: Callable[[Coroutine[Any, Any, None]], None] = asyncio.run
) -> None:
    async def bounded() -> None:
        async with asyncio.timeout(20):
            await test

    on(bounded())


def test_a_free_connection_is_used_again() -> None:
    async def test() -> None:
        async with serving(polite) as server, client_with() as (client, _):
            for _ in range(3):
                assert (await client.post(server.url, json={"a": 1})).text == "ok"
            assert server.connections == 1

    run(test())


@pytest.mark.parametrize("on", LOOPS)
@pytest.mark.parametrize("answer", [OK, CHUNKED], ids=["plain", "chunked"])
def test_waves_open_each_connection_once(answer: bytes, on: Any) -> None:
    async def together(visit: Visit) -> None:
        while await visit.request():
            await barrier.wait()
            await visit.send(answer)

    async def test() -> None:
        async with serving(together) as server, client_with() as (client, _):
            for _ in range(3):
                answers = await asyncio.gather(*(client.get(server.url) for _ in range(40)))
                assert {answer.text for answer in answers} == {"ok"}
            assert server.connections == 40

    barrier = asyncio.Barrier(40)
    run(test(), on)


def test_no_more_connections_than_allowed_and_waiting_calls_in_their_order() -> None:
    order: list[bytes] = []

    async def noting(visit: Visit) -> None:
        while request := await visit.request():
            order.append(request.split(b" ")[1])
            await visit.send(OK)

    async def test() -> None:
        async with serving(noting) as server, client_with(most=2) as (client, _):
            await asyncio.gather(*(client.get(f"{server.url}{number:02}") for number in range(20)))
            assert server.connections == 2
            assert order == sorted(order)

    run(test())


def test_the_limit_holds_for_several_hosts_together() -> None:
    async def test() -> None:
        async with serving(polite) as one, serving(polite) as two, client_with(most=1) as (client, pool):
            for server in (one, two, one, two):
                assert (await client.get(server.url)).text == "ok"
            assert "1 connections" in repr(pool)
            answers = await asyncio.gather(*(client.get(server.url) for server in (one, two, one, two)))
            assert len(answers) == 4
            assert "1 connections, 1 idle" in repr(pool)

    run(test())


def test_no_free_connection_in_time_is_a_pool_timeout_and_leaves_nothing_behind() -> None:
    async def test() -> None:
        release = asyncio.Event()

        async def slow(visit: Visit) -> None:
            while await visit.request():
                await release.wait()
                await visit.send(OK)

        async with serving(slow) as server, client_with(most=1) as (client, pool):
            first = asyncio.create_task(client.get(server.url))
            await until(lambda: server.connections)
            with pytest.raises(httpx.PoolTimeout):
                await client.get(server.url, timeout=httpx.Timeout(5.0, pool=0.01))
            release.set()
            assert (await first).text == "ok"
            assert (await client.get(server.url)).text == "ok"
            assert "1 connections, 1 idle" in repr(pool)

    run(test())


@pytest.mark.parametrize("listening", [True, False], ids=["the loop has noticed", "the loop was busy"])
def test_a_connection_that_the_server_closed_takes_no_request(listening: bool) -> None:
    async def once(visit: Visit) -> None:
        assert await visit.request()
        await visit.send(OK)

    async def test() -> None:
        async with serving(once) as server, client_with() as (client, pool):
            for number in range(1, 4):
                assert (await client.get(server.url)).text == "ok"
                assert server.connections == number
                (connection,) = pool._connections
                await server.gone.wait()
                if listening:
                    await until(connection.has_expired)
                else:
                    # Blocks the event loop, as a busy program does, until the end of the connection is here.
                    assert select.select([socket_of(connection)], [], [], 5)[0]
                server.gone.clear()

    run(test())


def test_no_request_is_sent_twice_when_a_free_connection_turns_out_closed() -> None:
    seen: list[bytes] = []

    async def once(visit: Visit) -> None:
        await visit.request()
        await visit.send(OK)
        # It closes only when the next request is on its way, as a server may that has just lost patience.
        seen.append(await visit.request())

    async def test() -> None:
        async with serving(once) as server, client_with() as (client, _):
            assert (await client.get(server.url)).text == "ok"
            with pytest.raises(httpx.RemoteProtocolError):
                await client.post(server.url, content=b"x")
            assert (len(seen), server.connections) == (1, 1)

    run(test())


@pytest.mark.parametrize(
    "moment", ["connecting", "waiting for a connection", "waiting for the answer", "reading"]
)
def test_a_cancelled_call_leaves_nothing_behind(moment: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def test() -> None:
        reached = asyncio.Event()
        polite_now = False

        async def stalling(visit: Visit) -> None:
            while await visit.request():
                if not polite_now:
                    await visit.send(OK[:-1] if moment == "reading" else b"")
                    reached.set()
                    await visit.reader.read()
                await visit.send(OK)

        async def never(*_: Any, **__: Any) -> None:
            reached.set()
            await asyncio.Event().wait()

        async with serving(stalling) as server, client_with(most=1) as (client, pool):
            with monkeypatch.context() as patch:
                if moment == "connecting":
                    patch.setattr(asyncio.get_running_loop(), "create_connection", never)
                calls = [asyncio.create_task(client.get(server.url))]
                if moment == "waiting for a connection":
                    calls.append(asyncio.create_task(client.get(server.url)))
                    await until(lambda: waiting(pool))
                await reached.wait()
                for call in reversed(calls):
                    call.cancel()
                    with pytest.raises(asyncio.CancelledError):
                        await call
            polite_now = True
            assert "0 connections, 0 idle" in repr(pool)
            assert (await client.get(server.url)).text == "ok"

    run(test())


def test_a_connection_that_was_idle_for_long_is_closed_and_not_used_again() -> None:
    async def test() -> None:
        async with serving(polite) as server, client_with(expiry=0.01) as (client, pool):
            await client.get(server.url)
            await asyncio.sleep(0.02)
            assert (await client.get(server.url)).text == "ok"
            await server.gone.wait()
            assert server.connections == 2
            assert "1 connections, 1 idle" in repr(pool)

    run(test())


def refused_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


async def reset(visit: Visit) -> None:
    await visit.request()
    visit.writer.transport.abort()


async def hang(visit: Visit) -> None:
    await visit.request()
    await visit.reader.read()


async def say(visit: Visit, words: bytes) -> None:
    await visit.request()
    await visit.send(words)


def test_a_host_that_cannot_be_reached_is_a_connect_error() -> None:
    async def test() -> None:
        async with client_with() as (client, _):
            with pytest.raises(httpx.ConnectError):
                await client.get(f"http://127.0.0.1:{refused_port()}/")
            with pytest.raises(httpx.ConnectError):
                await client.get(f"http://{'a' * 64}.invalid/")
            with pytest.raises(httpx.UnsupportedProtocol):
                await client.get("ftp://127.0.0.1/")

    run(test())


def test_a_dead_address_of_a_host_costs_little_time_and_leaves_nothing_behind(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def test() -> None:
        addresses = ["192.0.2.1", "127.0.0.1", "192.0.2.1"]
        loop = asyncio.get_running_loop()
        connect = loop.sock_connect

        async def deaf(connecting: socket.socket, address: Any) -> None:
            if address[0] == "192.0.2.1":
                await asyncio.Event().wait()
            await connect(connecting, address)

        def attempts() -> int:
            return sum("_try" in repr(task.get_coro()) for task in asyncio.all_tasks())

        def resolve(*_: Any, **__: Any) -> list[Any]:
            kind = (socket.AF_INET, socket.SOCK_STREAM, 0, "")
            return [(*kind, (address, port)) for address in addresses]

        async with serving(polite) as server, client_with() as (client, _):
            port = httpx.URL(server.url).port or 0
            monkeypatch.setattr(loop, "sock_connect", deaf)
            monkeypatch.setattr("qubrid_facade._dial.known_addresses", resolve)
            monkeypatch.setattr("qubrid_facade._dial._HEAD_START_SECONDS", 0.01)
            assert (await client.get(f"http://two.example:{port}/")).text == "ok"
            assert attempts() == 0

            addresses[1] = "192.0.2.1"
            call = asyncio.create_task(client.get(f"http://three.example:{port}/"))
            await until(lambda: attempts() == 3)
            call.cancel()
            with pytest.raises(asyncio.CancelledError):
                await call
            assert attempts() == 0

    run(test())


def test_connecting_has_its_own_time(monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(*_: Any, **__: Any) -> None:
        await asyncio.Event().wait()

    async def test() -> None:
        async with client_with(connect=0.01) as (client, _):
            monkeypatch.setattr(asyncio.get_running_loop(), "sock_connect", never)
            with pytest.raises(httpx.ConnectTimeout):
                await client.get("http://127.0.0.1/")

    run(test())


@pytest.mark.parametrize("on", LOOPS)
def test_certificates_are_checked_against_what_the_environment_trusts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, on: Any
) -> None:
    tls, bundle = certified(tmp_path)

    async def refused() -> None:
        async with serving(polite, tls) as server, client_with() as (client, _):
            with pytest.raises(httpx.ConnectError) as caught:
                await client.get(server.url)
            cause: BaseException | None = caught.value
            while cause is not None and not isinstance(cause, ssl.SSLCertVerificationError):
                cause = cause.__cause__
            assert cause is not None

    async def trusted() -> None:
        async with serving(polite, tls) as server, client_with() as (client, _):
            for _ in range(3):
                assert (await client.get(server.url)).text == "ok"
            assert server.connections == 1

    run(refused(), on)
    monkeypatch.setenv("SSL_CERT_FILE", str(bundle))
    run(trusted(), on)


@pytest.mark.parametrize("on", LOOPS)
def test_a_large_answer_arrives_whole_though_the_server_hangs_up_behind_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, on: Any
) -> None:
    tls, bundle = certified(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(bundle))
    size = 8_000_000
    answer = OK.replace(b"Length: 2", b"Length: %d\r\nConnection: close" % size)[:-2] + bytes(size)

    def serve(listener: socket.socket) -> None:
        with listener:
            for _ in range(10):
                connection, _ = listener.accept()
                # Closed without the words with which TLS takes leave, as many servers do it.
                with tls.wrap_socket(connection, server_side=True) as secured:
                    secured.recv(65536)
                    secured.sendall(answer)

    async def test() -> None:
        async with client_with() as (client, _):
            for _ in range(10):
                assert len((await client.get(f"https://127.0.0.1:{port}/")).content) == size

    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    listener.settimeout(10)
    server = threading.Thread(target=serve, args=(listener,))
    server.start()
    try:
        run(test(), on)
    finally:
        server.join(20)


def test_connections_to_a_host_that_is_called_no_more_are_closed_all_the_same() -> None:
    async def test() -> None:
        async with serving(polite) as one, serving(polite) as two, client_with(expiry=0.01) as (client, pool):
            await asyncio.gather(*(client.get(one.url) for _ in range(5)))
            await asyncio.sleep(0.02)
            await client.get(two.url)
            assert "1 connections, 1 idle" in repr(pool)

    run(test())


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(
            OK.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"), id="the server means to close"
        ),
        pytest.param(OK.replace(b"1.1", b"1.0"), id="an old server"),
    ],
)
def test_a_connection_is_used_again_only_if_the_answer_says_nothing_against_it(answer: bytes) -> None:
    async def keeping(visit: Visit) -> None:
        while await visit.request():
            await visit.send(answer)

    async def test() -> None:
        async with serving(keeping) as server, client_with() as (client, _):
            for number in range(1, 4):
                assert (await client.get(server.url)).text == "ok"
                assert server.connections == number

    run(test())


def test_a_long_body_goes_out_as_fast_as_it_is_read_and_a_long_answer_comes_whole() -> None:
    body = bytes(range(256)) * 20_000

    async def echo(visit: Visit) -> None:
        while request := await visit.request():
            sent = request[request.index(b"\r\n\r\n") + 4 :]
            await visit.send(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(sent) + sent)

    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, len(body), 100_000):
            yield body[start : start + 100_000]

    async def test() -> None:
        async with serving(echo) as server, client_with() as (client, _):
            assert (await client.post(server.url, content=body)).content == body
            length = {"content-length": str(len(body))}
            assert (await client.post(server.url, content=chunks(), headers=length)).content == body
            assert server.connections == 1

    run(test())


def test_an_answer_to_a_body_that_is_not_read_is_an_answer() -> None:
    async def refusing(visit: Visit) -> None:
        await visit.reader.readuntil(b"\r\n\r\n")
        await visit.send(b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nbig")
        await finished.wait()

    async def test() -> None:
        async with serving(refusing) as server, client_with() as (client, pool):
            answer = await client.post(server.url, content=b"x" * 30_000_000)
            assert (answer.status_code, answer.text) == (413, "big")
            finished.set()
            # What is still to be sent of the body must not reach another request.
            assert all(connection.has_expired() for connection in pool._connections)

    finished = asyncio.Event()
    run(test())


def test_closing_ends_what_is_under_way() -> None:
    async def test() -> None:
        reached = asyncio.Event()

        async def stalling(visit: Visit) -> None:
            await visit.request()
            reached.set()
            await visit.reader.read()

        async with serving(stalling) as server, client_with(most=1) as (client, pool):
            calls = [asyncio.create_task(client.get(server.url)) for _ in range(2)]
            await reached.wait()
            await pool.aclose()
            for outcome in await asyncio.gather(*calls, return_exceptions=True):
                assert isinstance(outcome, httpx.TransportError)

    run(test())


def test_a_proxy_in_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bytes] = []

    async def proxy(visit: Visit) -> None:
        while request := await visit.request():
            seen.append(request.split(b"\r\n")[0])
            await visit.send(OK)

    async def test() -> None:
        async with serving(proxy) as server, serving(polite) as direct:
            monkeypatch.setenv("HTTP_PROXY", server.url)
            monkeypatch.setenv("NO_PROXY", "127.0.0.1")
            client = httpx.AsyncClient()
            with_free_lists(client, 10, 60.0)
            assert (await client.get("http://example.invalid/a")).text == "ok"
            assert (await client.get(direct.url)).text == "ok"
            assert seen == [b"GET http://example.invalid/a HTTP/1.1"]
            assert direct.connections == 1
            await client.aclose()

    run(test())


def test_our_clients_have_these_connections() -> None:
    # Where they are put is httpx's own affair; without them, calls would work, and be slow.
    async def test() -> None:
        async with AsyncQubrid(KEY) as client, client._pool.lease() as http:
            assert isinstance(http._transport._pool, FreeListPool)  # type: ignore[attr-defined]

    run(test())


def test_a_double_in_the_place_of_httpcores_pool_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    async def double(_: object, request: httpcore.Request) -> httpcore.Response:
        return httpcore.Response(200, content=b"from the double: " + request.url.target)

    async def test() -> None:
        async with client_with() as (client, _):
            assert (await client.get("http://example.invalid/a")).text == "from the double: /a"

    monkeypatch.setattr(httpcore.AsyncConnectionPool, "handle_async_request", double)
    run(test())


def test_doubles_are_told_from_the_functions_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    assert is_original(httpx.AsyncClient.send, "httpx")
    assert is_original(httpcore.AsyncConnectionPool.handle_async_request, "httpcore")
    monkeypatch.setattr(httpx.AsyncClient, "send", test_our_clients_have_these_connections)
    assert not is_original(httpx.AsyncClient.send, "httpx")
    assert not is_original(object(), "httpx")

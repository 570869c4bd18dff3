"""What the environment says about connections: unusable, it is told before anything is sent."""

from __future__ import annotations

from pathlib import Path

import pytest

import qubrid_facade as q
from qubrid_facade import QubridError, RetryPolicy
from tests.support.clients import World, client_of
from tests.support.raw import free_port
from tests.support.wire import WireServer, reply

AT_ONCE = RetryPolicy(backoff=0, retry_unknown_outcome=True)


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("SSL_CERT_FILE", "/no-such.pem", "SSL_CERT_FILE=/no-such.pem"),
        ("ALL_PROXY", "socks9://127.0.0.1:9", "ALL_PROXY=socks9://127.0.0.1:9"),
        ("https_proxy", "ftp://u:pass-word@x", "https_proxy=ftp://***@x"),
        ("HTTP_PROXY", "http://u:pass-word@127.0.0.1:pass-word", "HTTP_PROXY=http://***@127.0.0.1:"),
        ("HTTP_PROXY", "http://u:pass-word@h:notaport", "HTTP_PROXY=http://***@h:notaport"),
    ],
)
def test_an_environment_that_makes_no_connections_is_a_matter_of_configuration(
    world: World, monkeypatch: pytest.MonkeyPatch, name: str, value: str, shown: str
) -> None:
    monkeypatch.setenv(name, value)
    with (
        WireServer(lambda _: reply(401)) as server,
        client_of(world, server.base_url, retry=AT_ONCE) as client,
    ):
        with pytest.raises(q.ConfigurationError, match="Connections cannot be made") as caught:
            client.generate("fox")
    error = caught.value
    assert (error.outcome, error.attempts, server.requests) == ("not_sent", 0, [])
    assert shown in str(error)
    assert "u:pass-word" not in str(error)


def test_a_call_through_a_proxy_of_the_environment_names_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = f"127.0.0.1:{free_port()}"
    monkeypatch.setenv("HTTP_PROXY", f"http://u:pass-word@{proxy}")
    with client_of(world, "http://service.invalid/v1", retry=AT_ONCE) as client:
        with pytest.raises(q.APIConnectionError) as caught:
            client.generate("fox")
    assert f"Could not connect to service.invalid through the proxy http://{proxy}: " in str(caught.value)
    assert "pass-word" not in str(caught.value)


def test_what_an_earlier_attempt_may_have_cost_is_told_here_too(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def leave_behind(*_: object) -> None:
        # As in a forked child, or another event loop: connections are to be made anew.
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "gone.pem"))
        pool = client.client._pool
        getattr(pool, "_drop", pool._made.clear)()

    with WireServer(lambda _: reply(504)) as server:
        with client_of(world, server.base_url, retry=AT_ONCE, on_retry=leave_behind) as client:
            with pytest.raises(QubridError, match="Connections cannot be made") as caught:
                client.generate("fox")
    assert (caught.value.outcome, caught.value.attempts) == ("unknown", 1)
    assert "An earlier attempt may have been carried out, and billed." in str(caught.value)

"""No test reaches beyond loopback, and none sees the settings of whoever runs it."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
import pytest_socket
from hypothesis import settings

from tests.support.clients import Async, Sync, World

# Where it is decided whether a change lands, the same cases are tried each time; elsewhere, new ones.
settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")


def pytest_runtest_setup() -> None:
    pytest_socket.socket_allow_hosts(["127.0.0.1", "::1"], allow_unix_socket=True)


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [
        name for name in os.environ if name.startswith("QUBRID_") or name.lower().endswith("_proxy")
    ]:
        monkeypatch.delenv(name)


@pytest.fixture(params=["sync", "async"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    """The sync client's world, then the async one's."""
    made: World = Sync() if request.param == "sync" else Async()
    yield made
    made.close()

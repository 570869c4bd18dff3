"""A client of each kind that lives through a whole module of faults: none may spoil the next call."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from qubrid_facade import RetryPolicy
from tests.support.clients import Async, Handle, Sync, World, client_of

AT_ONCE = RetryPolicy(backoff=0.0)


@pytest.fixture(scope="module", params=["sync", "async", "sync on httpx", "async on httpx"])
def lasting(request: pytest.FixtureRequest) -> Iterator[Callable[[str], Handle]]:
    """Give a function that returns the module's client, for a base URL.

    Those on httpx were given an httpx client, whose ways of sending and of pooling connections are not ours.
    """
    world: World = Sync() if request.param.startswith("sync") else Async()
    options: dict[str, Any] = {"retry": AT_ONCE, "timeout": 20}
    with contextlib.ExitStack() as stack:
        stack.callback(world.close)
        if "httpx" in request.param:
            options["http_client"] = http = world.http_client()
            stack.callback(world.close_http, http)
        base = stack.enter_context(client_of(world, "http://127.0.0.1:9/v1", **options))
        yield lambda url: base.with_options(base_url=url)

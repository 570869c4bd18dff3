"""A client of each kind that lives through a whole module of faults: none may spoil the next call."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

import pytest

from qubrid_facade import RetryPolicy
from tests.support.clients import Async, Handle, Sync, World, client_of

AT_ONCE = RetryPolicy(backoff=0.0)


@pytest.fixture(scope="module", params=["sync", "async"])
def lasting(request: pytest.FixtureRequest) -> Iterator[Callable[[str], Handle]]:
    """Give a function that returns the module's client, for a base URL."""
    world: World = Sync() if request.param == "sync" else Async()
    with contextlib.ExitStack() as stack:
        stack.callback(world.close)
        base = stack.enter_context(client_of(world, "http://127.0.0.1:9/v1", retry=AT_ONCE, timeout=20))
        yield lambda url: base.with_options(base_url=url)

"""Both clients behind one handle, so that a test is written once and holds for both."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from typing import Any

import httpx
from qubrid_api.image_parameters import PARAMETERS

from qubrid_facade import AsyncQubrid, Qubrid

KEY = "sk-qubrid-0123456789abcdef"
SAMPLES = {"string": "x", "integer": 1, "number": 1.0, "boolean": True, "array": [], "object": {}}


class Sync:
    """The sync client's world: a value is a value."""

    name = "sync"
    client_type: Any = Qubrid

    def run(self, value: Any) -> Any:
        """Return what a method of the client returned."""
        return value

    def close(self) -> None:
        """Nothing is left to close."""

    def http_client(self, **options: Any) -> Any:
        """Return an httpx client of this world's kind."""
        return httpx.Client(**options)

    def close_http(self, client: Any) -> None:
        """Close an httpx client of this world's kind."""
        client.close()


class Async:
    """The async client's world: values are awaited on one event loop."""

    name = "async"
    client_type: Any = AsyncQubrid

    def __init__(self) -> None:
        self._runner = asyncio.Runner()

    def run(self, value: Any) -> Any:
        """Return what a coroutine of the client comes to."""
        return self._runner.run(value)

    def close(self) -> None:
        """Close the event loop."""
        self._runner.close()

    def http_client(self, **options: Any) -> Any:
        """Return an httpx client of this world's kind."""
        return httpx.AsyncClient(**options)

    def close_http(self, client: Any) -> None:
        """Close an httpx client of this world's kind."""
        self.run(client.aclose())


World = Sync | Async


REQUIRED: dict[str, Any] = {
    parameter.name: parameter.example if parameter.example is not None else SAMPLES.get(parameter.type)
    for parameter in PARAMETERS
    if parameter.required and parameter.name not in ("model", "prompt")
}
"""Something for each parameter that the document requires by now, for calls that are not about it."""


class Handle:
    """A client of either kind, used as if it were the sync one."""

    def __init__(self, world: World, client: Any) -> None:
        self.world = world
        self.client = client

    def generate(self, *args: Any, **kwargs: Any) -> Any:
        return self.world.run(self.client.images.generate(*args, **{**REQUIRED, **kwargs}))

    def call(self, *args: Any, **kwargs: Any) -> Any:
        return self.world.run(self.client.call(*args, **kwargs))

    def read(self, image: Any, **kwargs: Any) -> bytes:
        content: bytes = self.world.run(image.read(**kwargs))
        return content

    def save(self, thing: Any, *args: Any, **kwargs: Any) -> Any:
        return self.world.run(thing.save(*args, **kwargs))

    def with_options(self, **changes: Any) -> Handle:
        return Handle(self.world, self.client.with_options(**changes))


@contextlib.contextmanager
def client_of(world: World, base_url: str, **options: Any) -> Iterator[Handle]:
    """Give a client of ``world`` for ``base_url``, closed afterwards."""
    client = world.client_type(api_key=options.pop("api_key", KEY), base_url=base_url, **options)
    try:
        yield Handle(world, client)
    finally:
        world.run(client.close())

"""Runs in another process, where ``qubrid_api`` is made from a changed document: calls against loopback."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from click.testing import CliRunner

import qubrid_facade as q
from qubrid_facade.cli.app import make_group
from tests.support.clients import KEY
from tests.support.pictures import b64, picture
from tests.support.wire import Received, WireServer, reply

__all__ = [
    "KEY",
    "OK",
    "PNG",
    "Received",
    "WireServer",
    "b64",
    "both",
    "generate",
    "help_text",
    "q",
    "refused",
    "reply",
]

PNG = picture()
OK: dict[str, Any] = {"created": 1710000000, "data": [{"b64_json": b64(PNG)}]}


def both(call: Callable[[Any], Any], answer: bytes | None = None) -> tuple[list[Any], list[Received]]:
    """Make ``call`` with both clients; return what came of it, or the error, and what the server received."""
    found: list[Any] = []
    with WireServer(lambda _: answer or reply(200, OK)) as server:
        with q.Qubrid(api_key=KEY, base_url=server.base_url, max_retries=0) as client:
            try:
                found.append(call(client))
            except (q.QubridError, TypeError) as error:
                found.append(error)

        async def awaited() -> None:
            async with q.AsyncQubrid(api_key=KEY, base_url=server.base_url, max_retries=0) as other:
                try:
                    found.append(await call(other))
                except (q.QubridError, TypeError) as error:
                    found.append(error)

        asyncio.run(awaited())
        requests = list(server.requests)
    assert [type(one).__name__.removeprefix("Async") for one in found[:1]] == [
        type(one).__name__.removeprefix("Async") for one in found[1:]
    ], found
    return found, requests


def generate(answer: bytes | None = None, **params: Any) -> tuple[Any, Any]:
    """Make an image with both clients; return the sync result and the body that both sent."""
    found, requests = both(lambda client: client.images.generate("fox", **params), answer)
    if isinstance(found[0], Exception):
        raise found[0]
    assert all(image.read() == PNG for image in found[0])
    assert requests[0].json == requests[1].json
    return found[0], requests[0].json


def refused(**params: Any) -> str:
    """Return the words with which a call is refused before anything is sent."""
    found, requests = both(lambda client: client.images.generate("fox", **params))
    assert requests == []
    assert isinstance(found[0], TypeError | q.InputError), found
    return str(found[0])


def help_text(*words: str) -> str:
    """Return what the command line says."""
    result = CliRunner().invoke(make_group(), [*words], env={"COLUMNS": "200", "NO_COLOR": "1"})
    assert result.exit_code == 0, result.output
    return " ".join(result.output.split())

"""``client.call``: any generated operation on the road of every call."""

from __future__ import annotations

import copyreg
from collections.abc import Mapping
from functools import partial
from typing import Any

import httpx

from ._answer import Reply, unreadable
from ._call import Limits, travel
from ._request import operation_kwargs
from ._settings import Settings
from ._transport import AsyncPool, SyncPool
from ._wire import Road

# What httpx would undo once more: the body has been decompressed by the time that it is parsed.
_UNDONE = ("content-encoding", "content-length", "transfer-encoding")


def operation_road(
    settings: Settings, pool: SyncPool | AsyncPool, operation: Any, kwargs: Mapping[str, Any]
) -> Road[Any]:
    """Go the road of a call for a generated ``operation``; the result is what its parser returns."""
    _make_unset_portable()
    outcome = yield from travel(
        settings,
        pool,
        operation_kwargs(operation, kwargs),
        partial(_read, operation, settings.base_url),
        Limits.of(settings),
    )
    return outcome.value


def _read(operation: Any, base_url: str, reply: Reply) -> Any:
    from qubrid_api.client import Client

    headers = [(name, value) for name, value in reply.headers.multi_items() if name.lower() not in _UNDONE]
    response = httpx.Response(reply.status, headers=headers, content=reply.body)
    client = Client(base_url=base_url, raise_on_unexpected_status=True)
    try:
        return operation._parse_response(client=client, response=response)
    except Exception as exc:
        # Whatever the generated parser stumbles over, the answer was paid for and is kept.
        raise unreadable(
            reply, f"The answer does not fit the document ({type(exc).__name__}: {exc})"
        ) from exc


def _make_unset_portable() -> None:
    """Let the generated UNSET survive pickling and copying as the one object that it is."""
    from qubrid_api.types import Unset

    copyreg.pickle(Unset, _name_of_unset)


def _name_of_unset(_: object) -> str:
    return "UNSET"

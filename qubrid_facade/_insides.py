"""Where an httpx client keeps its connections: httpx's private names, in one place, since it has no others.

A test holds that they are still there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx


def pooled_transports(client: httpx.Client | httpx.AsyncClient) -> Iterator[Any]:
    """Give the transports of ``client``, also those for its proxies, that have a pool in ``_pool``."""
    for transport in (client._transport, *client._mounts.values()):
        if getattr(transport, "_pool", None) is not None:
            yield transport

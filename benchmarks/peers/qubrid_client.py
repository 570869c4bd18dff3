"""The package named qubrid on PyPI, as its README shows it."""

from __future__ import annotations

import qubrid

from . import KEY, alike


class Sync(alike.Sync):
    def __init__(self, base: str) -> None:
        super().__init__(qubrid.QubridClient(api_key=KEY, base_url=f"{base}/v1"))


class Async(alike.Async):
    def __init__(self, base: str) -> None:
        super().__init__(qubrid.AsyncQubridClient(api_key=KEY, base_url=f"{base}/v1"))

"""Plain httpx, and then fsync, as whoever wants the file to outlive a power cut writes it."""

from __future__ import annotations

import os
from pathlib import Path

from . import plain_httpx


def _to_the_disk(path: str) -> None:
    with Path(path).open("rb") as file:
        os.fsync(file.fileno())


class Sync(plain_httpx.Sync):
    def download(self, link: str, path: str) -> None:
        super().download(link, path)
        _to_the_disk(path)


class Async(plain_httpx.Async):
    async def download(self, link: str, path: str) -> None:
        await super().download(link, path)
        _to_the_disk(path)

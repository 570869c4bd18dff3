"""Plain httpx, as its quick start shows it: one client, ``post(json=...)``, ``response.json()``."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import httpx

from . import KEY, MODEL, PATH, PROMPT

# A picture takes longer than httpx's default of five seconds; everybody has to set this.
OPTIONS: dict[str, Any] = {"headers": {"Authorization": f"Bearer {KEY}"}, "timeout": 300.0}


def _item(response: httpx.Response) -> Any:
    response.raise_for_status()
    return response.json()["data"][0]


class Sync:
    def __init__(self, base: str) -> None:
        self.url = base + PATH
        self.client = httpx.Client(**OPTIONS)

    def call(self) -> str:
        return self.link(PROMPT)

    def link(self, prompt: str) -> str:
        url: str = _item(self.client.post(self.url, json={"model": MODEL, "prompt": prompt}))["url"]
        return url

    def image(self, prompt: str) -> bytes:
        response = self.client.post(self.url, json={"model": MODEL, "prompt": prompt})
        return base64.b64decode(_item(response)["b64_json"])

    def download(self, link: str, path: str) -> None:
        with self.client.stream("GET", link) as response:
            response.raise_for_status()
            with Path(path).open("wb") as file:
                for chunk in response.iter_bytes():
                    file.write(chunk)


class Async:
    def __init__(self, base: str) -> None:
        self.url = base + PATH
        self.client = httpx.AsyncClient(**OPTIONS)

    async def call(self) -> str:
        return await self.link(PROMPT)

    async def link(self, prompt: str) -> str:
        url: str = _item(await self.client.post(self.url, json={"model": MODEL, "prompt": prompt}))["url"]
        return url

    async def image(self, prompt: str) -> bytes:
        response = await self.client.post(self.url, json={"model": MODEL, "prompt": prompt})
        return base64.b64decode(_item(response)["b64_json"])

    async def download(self, link: str, path: str) -> None:
        async with self.client.stream("GET", link) as response:
            response.raise_for_status()
            with Path(path).open("wb") as file:  # noqa: ASYNC230 - as its users write it
                async for chunk in response.aiter_bytes():
                    file.write(chunk)

    async def close(self) -> None:
        await self.client.aclose()

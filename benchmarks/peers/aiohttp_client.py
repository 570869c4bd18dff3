"""aiohttp, as its quick start shows it; there is no sync one."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import aiohttp

from . import KEY, MODEL, PATH, PROMPT


class Async:
    def __init__(self, base: str) -> None:
        self.url = base + PATH
        self.session = aiohttp.ClientSession(headers={"Authorization": f"Bearer {KEY}"})

    async def _generate(self, prompt: str) -> Any:
        async with self.session.post(self.url, json={"model": MODEL, "prompt": prompt}) as response:
            response.raise_for_status()
            return (await response.json())["data"][0]

    async def call(self) -> str:
        return await self.link(PROMPT)

    async def link(self, prompt: str) -> str:
        url: str = (await self._generate(prompt))["url"]
        return url

    async def image(self, prompt: str) -> bytes:
        return base64.b64decode((await self._generate(prompt))["b64_json"])

    async def download(self, link: str, path: str) -> None:
        async with self.session.get(link) as response:
            response.raise_for_status()
            with Path(path).open("wb") as file:  # noqa: ASYNC230 - as its documentation has it
                async for chunk in response.content.iter_chunked(64 * 1024):
                    file.write(chunk)

    async def close(self) -> None:
        await self.session.close()

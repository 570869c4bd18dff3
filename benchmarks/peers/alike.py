"""What openai's package and those made after it share: they are called in the same way."""

from __future__ import annotations

import base64
from typing import Any

from . import MODEL, PROMPT


class Sync:
    def __init__(self, client: Any) -> None:
        self.client = client

    def call(self) -> str:
        url: str = self.client.images.generate(model=MODEL, prompt=PROMPT).data[0].url
        return url

    def image(self, prompt: str) -> bytes:
        return base64.b64decode(self.client.images.generate(model=MODEL, prompt=prompt).data[0].b64_json)


class Async:
    def __init__(self, client: Any) -> None:
        self.client = client

    async def call(self) -> str:
        url: str = (await self.client.images.generate(model=MODEL, prompt=PROMPT)).data[0].url
        return url

    async def image(self, prompt: str) -> bytes:
        answer = await self.client.images.generate(model=MODEL, prompt=prompt)
        return base64.b64decode(answer.data[0].b64_json)

    async def close(self) -> None:
        await self.client.close()

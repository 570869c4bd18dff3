"""The generated client without the facade, as its generator's documentation shows it."""

from __future__ import annotations

import base64
from typing import Any

import httpx
from qubrid_api import AuthenticatedClient
from qubrid_api.api.images import create_image
from qubrid_api.models import ImageGenerationRequest, ImageGenerationResponse

from . import KEY, MODEL, PROMPT


def _client(base: str) -> AuthenticatedClient:
    return AuthenticatedClient(base_url=f"{base}/v1", token=KEY, timeout=httpx.Timeout(300.0))


def _item(answer: object) -> Any:
    assert isinstance(answer, ImageGenerationResponse)
    assert isinstance(answer.data, list)
    return answer.data[0]


class Sync:
    def __init__(self, base: str) -> None:
        self.client = _client(base)

    def _generate(self, prompt: str) -> Any:
        body = ImageGenerationRequest(model=MODEL, prompt=prompt)
        return _item(create_image.sync(client=self.client, body=body))

    def call(self) -> str:
        url: str = self._generate(PROMPT).url
        return url

    def image(self, prompt: str) -> bytes:
        return base64.b64decode(self._generate(prompt).b64_json)


class Async:
    def __init__(self, base: str) -> None:
        self.client = _client(base)

    async def _generate(self, prompt: str) -> Any:
        body = ImageGenerationRequest(model=MODEL, prompt=prompt)
        return _item(await create_image.asyncio(client=self.client, body=body))

    async def call(self) -> str:
        url: str = (await self._generate(PROMPT)).url
        return url

    async def image(self, prompt: str) -> bytes:
        return base64.b64decode((await self._generate(prompt)).b64_json)

    async def close(self) -> None:
        await self.client.get_async_httpx_client().aclose()

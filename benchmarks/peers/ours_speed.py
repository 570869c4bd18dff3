"""qubrid-facade with its extra ``speed``, as its README shows it."""

from __future__ import annotations

from qubrid_facade import AsyncImage, AsyncQubrid, Image, Qubrid

from . import KEY, MODEL, PROMPT


class Sync:
    def __init__(self, base: str) -> None:
        self.client = Qubrid(KEY, base_url=f"{base}/v1", model=MODEL)

    def call(self) -> str | None:
        return self.client.images.generate(PROMPT).data[0].url

    def link(self, prompt: str) -> Image:
        return self.client.images.generate(prompt).data[0]

    def image(self, prompt: str) -> bytes:
        return self.client.images.generate(prompt).data[0].read()

    def download(self, link: Image, path: str) -> None:
        link.save(path)


class Async:
    def __init__(self, base: str) -> None:
        self.client = AsyncQubrid(KEY, base_url=f"{base}/v1", model=MODEL)

    async def call(self) -> str | None:
        return (await self.client.images.generate(PROMPT)).data[0].url

    async def link(self, prompt: str) -> AsyncImage:
        return (await self.client.images.generate(prompt)).data[0]

    async def image(self, prompt: str) -> bytes:
        return await (await self.client.images.generate(prompt)).data[0].read()

    async def download(self, link: AsyncImage, path: str) -> None:
        await link.save(path)

    async def close(self) -> None:
        await self.client.close()

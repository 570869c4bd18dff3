"""The openai package with its base URL set to the service, as users of compatible services do."""

from __future__ import annotations

import openai

from . import KEY, alike


class Sync(alike.Sync):
    def __init__(self, base: str) -> None:
        super().__init__(openai.OpenAI(api_key=KEY, base_url=f"{base}/v1"))


class Async(alike.Async):
    def __init__(self, base: str) -> None:
        super().__init__(openai.AsyncOpenAI(api_key=KEY, base_url=f"{base}/v1"))

"""Everything public, used as a type checker sees it; ``make types`` checks it, nothing runs it.

The wrong uses carry the error that they must give: were one accepted, its ignore would be unused, which is an
error in strict mode.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import assert_type

import httpx
from PIL import Image as PILImage
from qubrid_api.api.images import create_image
from qubrid_api.models import ImageGenerationRequest, ImageGenerationResponse

from qubrid_facade import (
    SPEC_VERSION,
    APIConnectionError,
    APIStatusError,
    AsyncImage,
    AsyncImagesResult,
    AsyncQubrid,
    DownloadError,
    Image,
    ImagesResult,
    InvalidResponseError,
    Outcome,
    Qubrid,
    QubridError,
    RateLimitError,
    RetryPolicy,
    SaveError,
    __version__,
    enable_logging,
)


def on_retry(error: QubridError, attempt: int, wait: float) -> None:
    print(error, attempt, wait)


def right_uses_of_the_sync_client() -> Iterator[object]:
    with Qubrid(
        api_key="k",
        base_url="http://127.0.0.1:4010/v1",
        model="p-image",
        timeout=60,
        deadline=120.0,
        max_retries=3,
        retry=RetryPolicy(max_retry_after=10, retry_unknown_outcome=True),
        on_retry=on_retry,
        http_client=httpx.Client(),
        max_response_bytes=1_000_000,
    ) as client:
        assert_type(client, Qubrid)
        assert_type(client.with_options(timeout=5), Qubrid)
        assert_type(client.base_url, str)
        result = client.images.generate(
            "a red fox in snow",
            model="qwen-image",
            seed=7,
            guidance=3,
            aspect_ratio="16:9",
            extra_lora_weights=["a", "b"],
            extra_lora_scale=(1, 0.5),
            lora_weights=None,
            extra_body={"n": 2},
            extra_headers={"x-trace": "1"},
            timeout=5,
            deadline=9.5,
            max_retries=0,
        )
        assert_type(result, ImagesResult)
        assert_type(result.created, datetime | None)
        assert_type(result.request_id, str | None)
        assert_type(result.attempts, int)
        assert_type(result.raw, ImageGenerationResponse)
        assert_type(result.data[0].url, str | None)
        assert_type(result.data[0].b64_json, str | None)
        assert_type(result.save("foxes"), list[Path])
        for image in result:
            assert_type(image, Image)
            assert_type(image.read(), bytes)
            assert_type(image.save(Path("fox.png"), overwrite=True), Path)
        for form in ("https://example.com/a.png", b"bytes", Path("a.png"), PILImage.new("RGB", (1, 1)), None):
            client.images.generate("fox", image=form)
        with Path("a.png").open("rb") as file:
            client.images.generate("fox", image=file)
        body = ImageGenerationRequest(model="m", prompt="p")
        yield client.call(create_image, body=body)
    assert_type(__version__, str)
    assert SPEC_VERSION
    enable_logging("INFO")


async def right_uses_of_the_async_client() -> None:
    async with AsyncQubrid("k", http_client=httpx.AsyncClient()) as client:
        result = await client.with_options(model="p-image").images.generate("fox", seed=None)
        assert_type(result, AsyncImagesResult)
        assert_type(result[0], AsyncImage)
        assert_type(await result.save("foxes"), list[Path])
        for image in result:
            assert_type(await image.read(), bytes)
            assert_type(await image.save("fox.png"), Path)
        await client.call(create_image, body=ImageGenerationRequest(model="m", prompt="p"))


def right_uses_of_errors(error: QubridError) -> None:
    assert_type(error.outcome, Outcome | None)
    assert_type(error.attempts, int)
    match error:
        case RateLimitError():
            assert_type(error.retry_after, float | None)
        case APIStatusError():
            assert_type(error.status_code, int)
            assert_type(error.code, str | None)
            assert_type(error.param, str | None)
            assert_type(error.body, bytes)
            assert_type(error.headers, httpx.Headers)
        case InvalidResponseError():
            assert_type(error.body, bytes)
        case DownloadError():
            assert_type(error.url, str)
        case APIConnectionError() | SaveError():
            assert_type(error.request_id, str | None)


def wrong_uses(client: Qubrid, async_client: AsyncQubrid) -> None:
    client.images.generate("fox", sed=7)  # type: ignore[call-arg]
    client.images.generate("fox", seed="seven")  # type: ignore[arg-type]
    client.images.generate("fox", guidance="strong")  # type: ignore[arg-type]
    client.images.generate("fox", extra_lora_weights=[1])  # type: ignore[list-item]
    client.images.generate("fox", go_fast=None)  # type: ignore[arg-type]
    client.images.generate("fox", image=7)  # type: ignore[arg-type]
    client.images.generate()  # type: ignore[call-arg]
    client.images.generate("fox").dta  # type: ignore[attr-defined]  # noqa: B018
    async_client.images.generate("fox").data  # type: ignore[attr-defined]  # noqa: B018
    Qubrid(http_client=httpx.AsyncClient())  # type: ignore[arg-type]
    AsyncQubrid(http_client=httpx.Client())  # type: ignore[arg-type]
    Qubrid(retries=2)  # type: ignore[call-arg]
    client.with_options(retry=3)  # type: ignore[arg-type]
    RetryPolicy(3)  # type: ignore[call-arg]

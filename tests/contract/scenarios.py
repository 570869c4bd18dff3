"""What the cassettes hold: each scenario is played once when it is recorded and again at every test."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from PIL import Image as PILImage

import qubrid_facade as q
from tests.support.clients import Handle
from tests.support.document import ERROR_STATUSES, EXAMPLES, documented_error

SMALL = {"aspect_ratio": "16:9", "image_size": "192"}


@dataclass(frozen=True)
class Scenario:
    """Calls, and what must come of them.

    Attributes:
        name: The cassette's name.
        play: Makes the calls and checks what they come to.
        script: How the sandbox is to misbehave while it is recorded; such a scenario cannot be recorded live.
    """

    name: str
    play: Callable[[Handle], object]
    script: str = ""


def success_by_url(client: Handle) -> None:
    result = client.generate("a red fox in snow", seed=7, output_format="png", **SMALL)
    image = result.data[0]
    assert image.url.startswith("http")
    assert image.b64_json is None
    assert result.created.tzinfo is not None
    assert result.attempts == 1
    content = client.read(image)
    assert PILImage.open(io.BytesIO(content)).format == "PNG"


def success_by_base64(client: Handle) -> None:
    wanted = {"response_format": "b64_json"}
    result = client.generate("a red fox in snow", seed=7, output_format="webp", extra_body=wanted, **SMALL)
    image = result.data[0]
    assert image.b64_json
    picture = PILImage.open(io.BytesIO(client.read(image)))
    assert picture.format == "WEBP"


def _example(name: str) -> Callable[[Handle], None]:
    def play(client: Handle) -> None:
        params = dict(EXAMPLES[name])
        assert client.generate(params.pop("prompt"), **params).data[0].url

    return play


def _error(status: int) -> Callable[[Handle], None]:
    def play(client: Handle) -> None:
        with pytest.raises(q.APIStatusError) as caught:
            client.with_options(max_retries=0).generate(f"a picture that ends in {status}")
        error = caught.value
        documented = documented_error(status)["error"]
        assert error.status_code == status
        assert (error.type, error.code, error.param) == tuple(
            documented[n] for n in ("type", "code", "param")
        )
        assert error.message
        assert error.request_id

    return play


def bad_request(client: Handle) -> None:
    with pytest.raises(q.BadRequestError) as caught:
        client.generate("a picture of the wrong size", extra_body={"output_quality": "high"})
    assert caught.value.param == "output_quality"
    assert caught.value.request_id


def unknown_model(client: Handle) -> None:
    with pytest.raises(q.ModelNotFoundError) as caught:
        client.generate("a fox", model="sandbox-missing")
    assert caught.value.param == "model"


def rate_limited_then_success(client: Handle) -> None:
    waits: list[Any] = []
    result = client.with_options(on_retry=lambda *told: waits.append(told)).generate("a patient fox", **SMALL)
    assert result.attempts == 2
    assert [(type(error), error.retry_after, attempt) for error, attempt, _ in waits] == [
        (q.RateLimitError, 0.05, 1)
    ]


def expired_image(client: Handle) -> None:
    image = client.generate("a fox that left", **SMALL).data[0]
    with pytest.raises(q.DownloadError) as caught:
        client.read(image)
    assert (caught.value.status_code, caught.value.url) == (403, image.url)


SCENARIOS = [
    Scenario("success-by-url", success_by_url),
    Scenario("success-by-base64", success_by_base64),
    Scenario("request-minimal", _example("Minimal")),
    Scenario("request-full", _example("Full")),
    Scenario("bad-request", bad_request),
    Scenario("unknown-model", unknown_model),
    Scenario("rate-limited-then-success", rate_limited_then_success, "status=429; retry-after=0.05"),
    Scenario("expired-image", expired_image, "image-status=403"),
    *(Scenario(f"error-{status}", _error(status), f"status={status}") for status in ERROR_STATUSES),
]

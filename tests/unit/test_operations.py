"""``client.call``: any generated operation, with the client's key, retries and errors."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest
from qubrid_api.api.images import create_image
from qubrid_api.models import ImageGenerationRequest, ImageGenerationResponse
from qubrid_api.types import UNSET

from qubrid_facade import InvalidResponseError, RateLimitError, RetryPolicy
from tests.support.clients import KEY, World, client_of
from tests.support.document import documented_error
from tests.support.wire import WireServer, reply


def test_a_generated_operation_returns_its_generated_model(world: World) -> None:
    answers = iter([reply(429, documented_error(429)), reply(200, {"created": 5, "data": []})])
    with WireServer(lambda _: next(answers)) as server:
        with client_of(world, server.base_url, retry=RetryPolicy(backoff=0)) as client:
            body = ImageGenerationRequest(model="p-image", prompt="fox")
            found = client.call(create_image, body=body)
    assert isinstance(found, ImageGenerationResponse)
    assert (found.created, found.data) == (5, [])
    assert server.requests[1].json == {"model": "p-image", "prompt": "fox"}
    assert server.requests[1].headers["authorization"] == f"Bearer {KEY}"


def test_its_failures_are_the_clients_own(world: World) -> None:
    body = ImageGenerationRequest(model="p-image", prompt="fox")
    odd: list[bytes] = [reply(200, "<html>"), reply(200, b"[1]"), reply(202, b"later"), reply(200, b"")]
    answers = iter([reply(429, documented_error(429)), *odd])
    with WireServer(lambda _: next(answers)) as server:
        with client_of(world, server.base_url, max_retries=0) as client:
            with pytest.raises(RateLimitError):
                client.call(create_image, body=body)
            for answer in odd:
                with pytest.raises(InvalidResponseError) as caught:
                    client.call(create_image, body=body)
                assert caught.value.body == answer.partition(b"\r\n\r\n")[2]
                assert caught.value.outcome == "unknown"


@pytest.mark.parametrize(
    ("operation", "kwargs"),
    [(create_image, {"boddy": 1}), (create_image, {}), (object(), {}), (pytest, {"body": 1})],
)
def test_what_is_no_operation_or_no_argument_of_it_is_a_type_error(
    world: World, operation: Any, kwargs: dict[str, Any]
) -> None:
    with client_of(world, "http://127.0.0.1:9") as client:
        with pytest.raises(TypeError):
            client.call(operation, **kwargs)


def test_generated_models_survive_pickle_and_copy(world: World) -> None:
    with (
        WireServer(lambda _: reply(200, {"created": 5})) as server,
        client_of(world, server.base_url) as client,
    ):
        found = client.call(create_image, body=ImageGenerationRequest(model="p-image", prompt="fox"))
    for again in (pickle.loads(pickle.dumps(found)), copy.deepcopy(found)):  # noqa: S301
        assert again.data is UNSET
        assert again.to_dict() == {"created": 5}

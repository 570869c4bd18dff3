"""Arguments that cannot be used are refused by name, before anything is sent."""

from __future__ import annotations

import functools
from typing import Any

import pytest
from qubrid_api.api.images import create_image

import qubrid_facade as q
from tests.support.clients import KEY, World, client_of
from tests.support.pictures import b64, picture
from tests.support.wire import WireServer, reply

OK = reply(200, {"created": 1, "data": [{"b64_json": b64(picture())}]})


async def tell(*_: object) -> None:
    pass


class Teller:
    async def __call__(self, *_: object) -> None:
        pass


@pytest.mark.parametrize("on_retry", [tell, Teller(), functools.partial(tell, 1), True, False, "print"])
def test_an_on_retry_that_would_never_be_heard_is_refused(world: World, on_retry: Any) -> None:
    with pytest.raises(q.ConfigurationError, match="on_retry must be a"):
        world.client_type(KEY, on_retry=on_retry)
    with client_of(world, "http://127.0.0.1:9/v1") as client:
        with pytest.raises(q.ConfigurationError, match="on_retry must be a"):
            client.with_options(on_retry=on_retry)


# A coroutine that nobody awaited would be warned of, and a warning fails a test.
def test_a_coroutine_that_on_retry_returns_is_not_dropped_silently(world: World) -> None:
    with WireServer(lambda _: reply(503)) as server:
        with client_of(world, server.base_url, on_retry=lambda *_: tell()) as client:
            with pytest.raises(TypeError, match="on_retry returned a coroutine") as caught:
                client.generate("fox")
    assert isinstance(caught.value.__context__, q.BackendUnavailableError)


def test_arguments_of_the_wrong_type_are_named(world: World) -> None:
    with WireServer(lambda _: OK) as server, client_of(world, server.base_url) as client:
        with pytest.raises(q.InputError, match=r"extra_headers must be a mapping of .*, not list"):
            client.generate("fox", extra_headers=[("a", "b")])
        with pytest.raises(TypeError, match=r"body must be the generated ImageGenerationRequest.*not dict"):
            client.call(create_image, body={"prompt": "fox"})
        with pytest.raises(TypeError, match=r"^images\.generate\(\) missing"):
            client.generate()
        with pytest.raises(TypeError, match=r"^with_options\(\) got an unexpected"):
            client.with_options(http_client=None)
        client.generate("fox", extra_headers={"x-team": " blue\t"})
    assert [request.headers["x-team"] for request in server.requests] == ["blue"]


def test_a_client_that_could_not_be_made_can_be_printed(world: World) -> None:
    made = world.client_type.__new__(world.client_type)
    with pytest.raises(q.ConfigurationError):
        made.__init__(api_key="a b")
    assert repr(made) == f"<{world.client_type.__name__}, not set up>"


@pytest.mark.parametrize("address", ["http://h/v1?sig=SECRET", "http://h/v1#SECRET", "h/v1?a=b&sig=SECRET\n"])
def test_a_base_url_that_is_refused_shows_no_signature(world: World, address: str) -> None:
    with pytest.raises(q.ConfigurationError, match="h/v1") as caught:
        world.client_type(KEY, base_url=address)
    assert "SECRET" not in str(caught.value)

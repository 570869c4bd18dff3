"""Requests that are made the short way are those that httpx would have made."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qubrid_facade._ready import json_request

values: st.SearchStrategy[Any] = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(), inner, max_size=3)),
    max_leaves=6,
)
headers = st.dictionaries(
    st.sampled_from(["authorization", "content-type", "accept", "host", "content-length", "x-a"]),
    st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=8),
)
urls = st.sampled_from(
    [
        "http://127.0.0.1:8000/v1/images/generations",
        "https://platform.qubrid.com/v1/images/generations",
        "https://[::1]/v1/a b",
        "https://münchen.example/v1/é?a=1&b=%20",
    ]
)


def made(request: httpx.Request) -> tuple[Any, ...]:
    # Its content can be had at once, as tracers and hooks do.
    return request.method, request.url, request.headers.raw, request.content


@given(urls, headers, values)
def test_they_are_the_same_on_the_wire(url: str, headers: dict[str, str], body: Any) -> None:
    try:
        expected = httpx.Request("POST", url, headers=headers, json=body)
    except ValueError as exc:  # NaN and lone surrogates
        with pytest.raises(type(exc)):
            json_request("POST", url, headers, body)
        return
    assert made(json_request("POST", url, headers, body)) == made(expected)


def test_what_is_no_json_is_refused() -> None:
    with pytest.raises(TypeError):
        json_request("POST", "http://127.0.0.1/", {}, {"image": object()})

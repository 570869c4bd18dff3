"""The sandbox's script: what it says, and what clients then see."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qubrid_facade.sandbox import Sandbox
from qubrid_facade.sandbox.behaviour import WORDS, Step, parse

BODY = {"model": "qwen-image", "prompt": "a lighthouse", "image_size": "64", "output_format": "png"}


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


@pytest.fixture
def client(sandbox: Sandbox) -> Iterator[httpx.Client]:
    headers = {"Authorization": "Bearer any"}
    with httpx.Client(base_url=sandbox.base_url, headers=headers, trust_env=False, timeout=5) as made:
        yield made


def make(client: httpx.Client, script: str | None = None) -> httpx.Response:
    headers = {"Qubrid-Sandbox": script} if script is not None else {}
    return client.post("/images/generations", json=BODY, headers=headers)


def test_steps_are_taken_in_order_and_only_by_api_requests(sandbox: Sandbox, client: httpx.Client) -> None:
    sandbox.misbehave("status=429; retry-after=2; times=2, ok", "code=insufficient_quota")
    seen = [make(client) for _ in range(2)]
    client.get("/nowhere")
    assert make(client, "status=504").status_code == 504  # a header is for its request, and takes no step
    seen += [make(client)]
    client.get(seen[-1].json()["data"][0]["url"])
    seen += [make(client) for _ in range(2)]
    assert [answer.status_code for answer in seen] == [429, 429, 200, 402, 200]
    assert [answer.headers.get("retry-after") for answer in seen] == ["2", "2", None, None, None]


def test_for_ever_lasts_until_told_otherwise(sandbox: Sandbox, client: httpx.Client) -> None:
    sandbox.misbehave("status=503; forever")
    assert {make(client).status_code for _ in range(5)} == {503}
    sandbox.misbehave()
    assert make(client).status_code == 200


@pytest.mark.parametrize(
    ("script", "value"),
    [
        ("status=429; retry-after=0.25", "0.25"),
        ('retry-after="Wed, 21 Oct 2026 07:28:00 GMT"', "Wed, 21 Oct 2026 07:28:00 GMT"),
        ("status=503; retry-after=soon", "soon"),
        ("html=502; retry-after=-1", "-1"),
    ],
)
def test_retry_after_is_sent_as_it_is_written(client: httpx.Client, script: str, value: str) -> None:
    assert make(client, script).headers["retry-after"] == value


def test_answers_that_are_not_the_documents(client: httpx.Client) -> None:
    answer = make(client, "html=502")
    assert (answer.status_code, answer.headers["content-type"]) == (502, "text/html; charset=utf-8")
    assert "502 Bad Gateway" in answer.text
    assert (make(client, "empty").status_code, make(client, "empty").content) == (200, b"")
    answer = make(client, "status=404; empty")
    assert (answer.status_code, answer.content) == (404, b"")
    answer = make(client, "code=content_policy_violation")
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "content_policy_violation")
    answer = make(client, "status=418")
    assert (answer.status_code, answer.json()["error"]["code"]) == (418, "i_m_a_teapot")


@pytest.mark.parametrize(
    ("script", "error", "message"),
    [
        ("cut=reset", httpx.ReadError, "reset"),
        ("cut=start", httpx.RemoteProtocolError, "without sending a response"),
        ("cut=headers", httpx.RemoteProtocolError, "without sending a response"),
        ("cut=body", httpx.RemoteProtocolError, "incomplete|complete message body"),
        ("status=500; cut=body", httpx.RemoteProtocolError, "complete message body"),
    ],
)
def test_connections_that_break(
    sandbox: Sandbox, client: httpx.Client, script: str, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        make(client, script)
    assert len(sandbox.requests) == 1
    assert make(client).status_code == 200


def test_no_answer_and_a_late_one(client: httpx.Client) -> None:
    client.timeout = httpx.Timeout(0.3)
    with pytest.raises(httpx.ReadTimeout):
        make(client, "no-answer")
    with pytest.raises(httpx.ReadTimeout):
        make(client, "delay=20")
    client.timeout = httpx.Timeout(5)
    started = time.monotonic()
    assert make(client, "delay=0.3; status=502").status_code == 502
    assert time.monotonic() - started >= 0.3


def test_downloads_that_fail(client: httpx.Client) -> None:
    url = make(client, "image-status=403").json()["data"][0]["url"]
    for _ in range(2):
        expired = client.get(url)
        assert (expired.status_code, expired.headers["content-type"]) == (403, "application/xml")
        assert b"<Error>" in expired.content
    make(client, "truncate-image; image-times=1")
    with pytest.raises(httpx.RemoteProtocolError, match="complete message body"):
        client.get(url)
    whole = client.get(url)
    assert int(whole.headers["content-length"]) == len(whole.content)


@pytest.mark.parametrize(
    ("script", "named", "allowed"),
    [
        ("stauts=429", "'stauts=429'", "status=…"),
        ("status=200", "'status=200'", "400 to 599"),
        ("ok, delay=soon", "'delay=soon'", "seconds from 0 to 3600"),
        ("delay=nan", "'delay=nan'", "seconds from 0 to 3600"),
        ("form=gif", "'form=gif'", "url b64 data raw"),
        ("status", "'status'", "400 to 599"),
        ("empty=1", "'empty=1'", "empty"),
        ("status=429; status=500", "'status=500'", "already"),
        ("html=502; status=500", "'html=502'", "'status=500'"),
        ("times=2; forever", "'forever'", "'times=2'"),
        ("image-times=2", "'image-times'", "image-status"),
        ("retry-after=Wed, 21 Oct 2026 07:28:00 GMT", "'21 Oct 2026 07:28:00 GMT'", "double quotes"),
        ('retry-after="1', "retry-after", "never closed"),
        ("", "''", "ok"),
    ],
)
def test_a_script_that_makes_no_sense_says_where_and_what_would(
    sandbox: Sandbox, client: httpx.Client, script: str, named: str, allowed: str
) -> None:
    sandbox.misbehave("status=402")
    with pytest.raises(ValueError, match=re.escape(named)) as caught:
        sandbox.misbehave("ok", script)
    assert allowed in str(caught.value)
    with pytest.raises(ValueError, match=re.escape(named)):
        Sandbox(script=script)
    if script.isascii():
        answer = make(client, script)
        error = answer.json()["error"]
        assert (answer.status_code, error["param"]) == (400, "Qubrid-Sandbox")
        assert named in error["message"]
    # Nothing was taken from the bad script, and nothing from the good one either.
    assert make(client).status_code == 402


def test_a_header_is_for_one_request(client: httpx.Client) -> None:
    for script in ("status=429, ok", "status=429; times=2", "status=429; forever"):
        answer = make(client, script)
        assert (answer.status_code, answer.json()["error"]["param"]) == (400, "Qubrid-Sandbox")


def test_every_word_is_explained() -> None:
    text = (Path(__file__).parents[2] / "docs" / "sandbox.md").read_text(encoding="utf-8")
    assert [word for word in WORDS if f"`{word}" not in text] == []


@given(st.text(alphabet=st.sampled_from('=;," status429delayhtmlcodeforever-.'), max_size=40) | st.text())
def test_any_text_is_a_script_or_a_value_error(text: str) -> None:
    try:
        steps = parse(text)
    except ValueError:
        return
    assert steps
    assert all(isinstance(step, Step) for step in steps)

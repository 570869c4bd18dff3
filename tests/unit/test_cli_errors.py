"""The one table of exit statuses, and the library's words as the command line puts them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import qubrid_facade
from qubrid_facade import (
    APIConnectionError,
    APITimeoutError,
    ContentPolicyError,
    GatewayTimeoutError,
    InputError,
    InvalidResponseError,
    QubridError,
    RateLimitError,
    ServerError,
    _settings,
)
from qubrid_facade._errors import rule_for
from qubrid_facade.cli.exits import TABLE, status_for
from qubrid_facade.cli.options import LAST
from qubrid_facade.cli.wording import for_command_line, what_happened, what_to_do
from tests.support.document import ROOT

PUBLIC = {
    name: thing
    for name in qubrid_facade.__all__
    if isinstance(thing := getattr(qubrid_facade, name), type) and issubclass(thing, QubridError)
}


def test_every_error_is_in_the_table_once_and_every_row_is_about_errors_that_exist() -> None:
    named = [name for row in TABLE for name in row.errors]
    assert sorted(named) == sorted(PUBLIC)
    assert len({row.status for row in TABLE}) == len(TABLE)


@pytest.mark.parametrize("name", PUBLIC)
def test_no_error_gets_the_status_of_a_class_that_it_merely_derives_from(name: str) -> None:
    error = PUBLIC[name].__new__(PUBLIC[name], "x")
    error.outcome = None
    assert status_for(error) == next(row.status for row in TABLE if name in row.errors)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (APIConnectionError("x", outcome="not_sent"), 11),
        (APIConnectionError("x", outcome="unknown"), 12),
        (APITimeoutError("x", outcome="not_sent"), 11),
        (APITimeoutError("x", outcome="unknown"), 12),
        (ServerError("x", status_code=500, outcome="failed"), 10),
        (ServerError("x", status_code=520, outcome="unknown"), 12),
        (GatewayTimeoutError("x", status_code=504, outcome="unknown"), 12),
        (RateLimitError("x", status_code=429, outcome="rejected"), 9),
        # An earlier attempt is in doubt.
        (RateLimitError("x", status_code=429, outcome="unknown"), 12),
        (InvalidResponseError("x", outcome="unknown"), 13),
        (type("NewError", (ContentPolicyError,), {})("x", status_code=400), 7),
        (RuntimeError("x"), 1),
    ],
)
def test_a_request_that_may_be_billed_has_a_status_of_its_own(error: Exception, status: int) -> None:
    assert status_for(error) == status


def hints() -> set[str]:
    """Return what the library advises about each status."""
    codes = (None, "content_policy_violation", "model_not_found")
    return {rule_for(status, code).hint for status in range(300, 600) for code in codes}


def hints_in_the_source() -> list[str]:
    """Return the strings of the library that follow ``hint``: as good as any way to have them all."""
    found = []
    for path in (ROOT / "qubrid_facade").glob("_*.py"):
        matches = re.findall(r"hint ?= ?(?:\(\s*)?((?:f?\"[^\"]*\"\s*)+)", path.read_text("utf-8"))
        found += ["".join(re.findall(r'f?"([^"]*)"', text)) for text in matches]
    return found


@pytest.mark.parametrize("hint", sorted({*hints(), *hints_in_the_source()}))
def test_hints_speak_of_options_and_not_of_arguments(hint: str) -> None:
    # Not said by anything that the command line does.
    if re.search(r"extra_headers|math\.inf|with block|Qubrid takes|mode \"rb\"|\{", hint):
        return
    assert not re.search(r"[a-z]=|RetryPolicy|\(\)|max_\w+|attribute", for_command_line(hint))


def test_a_message_is_one_line_with_what_support_asks_for() -> None:
    error = RateLimitError(
        "Slow\ndown", status_code=429, request_id="req-1", attempts=3, hint="Allow max_retries"
    )
    assert what_happened(error) == "429 Too Many Requests: Slow down. [request id req-1, 3 attempts]"
    assert what_to_do(error) == "Allow --retries."


@pytest.mark.parametrize("said", ["Not now.", "No (try later.)", 'It said "no."', "Why?", "Wait…"])
def test_a_sentence_has_one_full_stop(said: str) -> None:
    assert what_happened(APIConnectionError(said)) == said
    assert str(APIConnectionError(said)) == said


def test_the_services_own_words_are_left_alone() -> None:
    error = RateLimitError("model=x has max_retries", status_code=429)
    assert "model=x has max_retries" in what_happened(error)
    assert what_happened(InputError("image='a': none")) == "--image 'a': none."


def test_the_help_states_the_defaults_that_the_library_has() -> None:
    (timeout,) = (option for option in LAST if option.name == "timeout")
    (retries,) = (option for option in LAST if option.name == "retries")
    assert f"default: {_settings.DEFAULT_TIMEOUT:.0f}, and 120" in str(timeout.help)
    assert retries.default == qubrid_facade.RetryPolicy().max_retries


def test_the_documentation_has_the_same_table() -> None:
    text = Path(ROOT / "docs" / "command-line.md").read_text("utf-8")
    rows = [
        f"| {row.status} | {row.meaning} | {', '.join(f'`{name}`' for name in row.errors)} |".replace(
            "|  |", "| |"
        )
        for row in TABLE
    ]
    assert "\n".join(rows) in text

"""Options that follow from the document, whatever it says, and file names that follow from prompts."""

from __future__ import annotations

from typing import Any

import click
import pytest
from click.testing import CliRunner
from qubrid_api.image_parameters import PARAMETERS, Parameter

from qubrid_facade.cli import generate
from qubrid_facade.cli.names import name_from_prompt
from qubrid_facade.cli.params import _table
from qubrid_facade.cli.spec_options import given_parameters, spec_options


def parameter(name: str, kind: str, **changes: Any) -> Parameter:
    plain = Parameter(name, kind, None, None, False, False, False, None, (), None, "Meaning.", False)
    return plain._replace(**changes)


def read(one: Parameter, *arguments: str, taken: frozenset[str] = frozenset()) -> Any:
    """Return what is sent for ``arguments``, or the error's message."""
    options = spec_options((one,), set(taken), "G")
    sent: dict[str, Any] = {}
    command = click.Command(
        "x", params=list(options.values()), callback=lambda **v: sent.update(given_parameters(options, v))
    )
    result = CliRunner().invoke(command, list(arguments))
    return sent if result.exit_code == 0 else result.output


@pytest.mark.parametrize(
    ("one", "arguments", "sent"),
    [
        (parameter("a", "string"), [], {}),
        (parameter("a", "string"), ["--a", "null"], {"a": "null"}),
        (parameter("a", "string", nullable=True), ["--a", "null"], {"a": None}),
        (parameter("a", "string"), ["--a", "007"], {"a": "007"}),
        (parameter("a", "integer"), ["--a", "-1"], {"a": -1}),
        (parameter("a", "number"), ["--a", "3"], {"a": 3}),
        (parameter("a", "number"), ["--a", "3.5"], {"a": 3.5}),
        (parameter("a_b", "boolean"), ["--a-b"], {"a_b": True}),
        (parameter("a_b", "boolean"), ["--no-a-b"], {"a_b": False}),
        (parameter("a", "array", items="string"), ["--a", "x", "--a", "y"], {"a": ["x", "y"]}),
        (parameter("a", "array", items="number"), ["--a", "1", "--a", "[2.5, 3]"], {"a": [1, 2.5, 3]}),
        (parameter("a", "array", items="number"), ["--a", "[]"], {"a": []}),
        (parameter("a", "array", items="number", nullable=True), ["--a", "null"], {"a": None}),
        (parameter("a", "array", items="object"), ["--a", '{"b": 1}'], {"a": [{"b": 1}]}),
        (parameter("a", "object"), ["--a", '{"b": 1}'], {"a": {"b": 1}}),
        (parameter("a", "string", enum=("x", "y")), ["--a", "y"], {"a": "y"}),
        (parameter("a", "integer", enum=(1, 2)), ["--a", "2"], {"a": 2}),
        (parameter("a[]", "integer"), ["--a", "2"], {"a[]": 2}),
    ],
)
def test_what_is_typed_is_what_is_sent(one: Parameter, arguments: list[str], sent: dict[str, Any]) -> None:
    assert read(one, *arguments) == sent


@pytest.mark.parametrize(
    ("one", "value", "words"),
    [
        (parameter("a", "integer"), "1.5", "no whole number"),
        (parameter("a", "number"), "inf", "no number"),
        (parameter("a", "object"), "[1]", "no JSON object"),
        (parameter("a", "array", items="integer"), "x", "no whole number"),
        (
            parameter("a", "string", enum=("x", "y")),
            "z",
            "none of the values that the document allows: x, y.",
        ),
    ],
)
def test_what_does_not_fit_the_document_is_refused_with_the_way_to_send_it(
    one: Parameter, value: str, words: str
) -> None:
    message = read(one, "--a", value)
    assert words in message
    assert "'-p a=…' sends any value as it is" in message


def test_a_parameter_whose_name_is_taken_is_an_option_all_the_same() -> None:
    assert read(parameter("output", "string"), "--param-output", "x", taken=frozenset({"--output"})) == {
        "output": "x"
    }


@pytest.fixture
def changed(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that makes the command anew, for a document with more parameters."""

    def make(*more: Parameter) -> click.Command:
        monkeypatch.setattr(generate, "PARAMETERS", (*PARAMETERS, *more))
        return generate.make_command()

    return make


def test_help_follows_the_document(changed: Any) -> None:
    words = "Number of pictures."
    more = (
        parameter("n", "integer", has_default=True, default=1, maximum=4, description=words),
        parameter("timeout", "number", by_name=False),
        parameter("watermark", "boolean", required=True),
    )
    text = CliRunner().invoke(changed(*more), ["--help"]).output
    assert f"{words}  [to 4; default: 1]" in text
    assert all(flag in text for flag in ("--param-n ", "--param-timeout ", "--watermark / --no-watermark"))
    assert all(f"--{one.name.replace('_', '-')}" in text for one in PARAMETERS if one.name != "prompt")


def test_a_parameter_that_the_document_requires_is_asked_for(changed: Any) -> None:
    result = CliRunner().invoke(changed(parameter("size", "string", required=True)), ["fox"])
    assert result.exit_code == 2
    assert "The service requires --size" in result.output


def test_the_table_takes_no_description_for_markup(monkeypatch: pytest.MonkeyPatch) -> None:
    odd = parameter("odd", "string", description="[bold]As it is[/bold] [/x]")
    monkeypatch.setattr("qubrid_facade.cli.params.PARAMETERS", (odd,))
    assert "[bold]As it is[/bold] [/x]" in _table("title")


@pytest.mark.parametrize(
    ("count", "parameters", "body", "seeds"),
    [
        (1, {}, {}, [None]),
        (1, {"seed": 5}, {}, [5]),
        (3, {"seed": 5}, {}, [5, 6, 7]),
        (3, {}, {"seed": 5}, [5, 6, 7]),
        (2, {"seed": None}, {}, [None, None]),
        (2, {"seed": -1}, {}, [-1, -1]),
    ],
)
def test_seeds(count: int, parameters: dict[str, Any], body: dict[str, Any], seeds: list[Any]) -> None:
    requests = generate.seeded(count, parameters, body)
    assert [request.seed for request in requests] == seeds
    sent = [{**request.parameters, **request.extra_body}.get("seed") for request in requests]
    assert sent == seeds
    assert "seed" not in {**parameters, **body} or all(
        "seed" in {**r.parameters, **r.extra_body} for r in requests
    )


@pytest.mark.parametrize(
    ("prompt", "name"),
    [
        ("A red fox, in snow!", "a-red-fox-in-snow"),
        ("Käthe's café", "kathes-cafe"),
        ("日本の狐 🦊", "日本の狐"),
        ("../../etc/passwd", "etc-passwd"),
        ("", "picture"),
        ("?!", "picture"),
        ("CON", "con-picture"),
        ("x" * 300, "x" * 60),
        ("狐" * 300, "狐" * 60),
        ("one two " * 30, ("one-two-" * 8)[:-5]),
    ],
)
def test_names_from_prompts(prompt: str, name: str) -> None:
    assert name_from_prompt(prompt) == name
    assert len(name.encode()) <= 180

"""Reading documents: YAML as JSON has it, and a hash that only the content decides."""

from __future__ import annotations

import pytest

from tests.tools.changing import FROZEN, changed
from tools.document import fingerprint, parse, read
from tools.problems import ToolError, place


def test_yaml_is_read_as_json_has_it() -> None:
    text = """
    paths: {200: ok, 404: gone, on: switch}
    values: [no, 16:9, 2024-01-01, 010, 0x10, 0o10, 1e3, .5, 1_000, ~, "null", yes, True, -7]
    base: &base {a: 1}
    more: {<<: *base, b: 2}
    """
    assert parse(text) == {
        "paths": {"200": "ok", "404": "gone", "on": "switch"},
        "values": [
            "no",
            "16:9",
            "2024-01-01",
            10,
            16,
            8,
            1000.0,
            0.5,
            "1_000",
            None,
            "null",
            "yes",
            True,
            -7,
        ],
        "base": {"a": 1},
        "more": {"a": 1, "b": 2},
    }


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: 1\nb: 2\na: 3\n", "line 3.*'a' twice"),
        ("a: [1\nb: 2\n", "line 2"),
        ("a: !!python/name:os.system x", "line 1"),
        ("a: &a {b: *a}\n", "JSON"),
        ("a: {[1, 2]: 3}", "line 1"),
    ],
)
def test_what_json_cannot_hold_is_refused_with_its_line(text: str, words: str) -> None:
    with pytest.raises(ToolError, match=words):
        parse(text)


def test_the_hash_is_that_of_the_content() -> None:
    assert fingerprint(parse("{b: 2, a: [1, x]}")) == fingerprint(parse('# note\na: [1, "x"]\nb: 2\n'))
    assert fingerprint(parse("a: [1, 2]")) != fingerprint(parse("a: [2, 1]"))
    assert fingerprint(changed()) == fingerprint(read(FROZEN)[1])


def test_places_are_written_as_json_paths() -> None:
    assert (
        place(("paths", "/images/generations", "post", "tags", 0))
        == 'paths["/images/generations"].post.tags[0]'
    )
    assert place(()) == "the document"

"""Reading an OpenAPI document: YAML as JSON has it, and the hash of its content."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import yaml

from tools.problems import ToolError

Document = dict[str, Any]

_TAG = "tag:yaml.org,2002:"


class _Loader(yaml.SafeLoader):
    """YAML 1.2's core schema: ``no``, ``16:9`` and ``2024-01-01`` are strings, as JSON has them."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Make every key a string, as it is written, and refuse the same key twice."""
        seen: set[str] = set()
        for key, _ in node.value:
            if key.tag == f"{_TAG}merge":
                continue
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.constructor.ConstructorError(None, None, "a key that is no text", key.start_mark)
            if key.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key.value!r} twice", key.start_mark
                )
            seen.add(key.value)
            key.tag = f"{_TAG}str"
        return super().construct_mapping(node, deep)


_Loader.yaml_implicit_resolvers = {}
_Loader.yaml_constructors = {
    tag: yaml.SafeLoader.yaml_constructors[tag]
    for tag in (*(f"{_TAG}{name}" for name in ("null", "bool", "float", "str", "seq", "map")), None)
}


def _construct_int(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> int:
    text = str(loader.construct_scalar(node))
    return int(text, 0 if text[:2] in ("0o", "0x") else 10)


for _name, _pattern, _first in (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", "-+0123456789"),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", "-+.0123456789"),
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("merge", r"<<", "<"),
):
    _Loader.add_implicit_resolver(f"{_TAG}{_name}", re.compile(rf"^(?:{_pattern})$"), list(_first))
_Loader.add_constructor(f"{_TAG}int", _construct_int)


def parse(text: str) -> Any:
    """Parse YAML or JSON into what JSON can hold.

    Raises:
        ToolError: It is neither, or it has what JSON has not; the message names the line.
    """
    try:
        content = yaml.load(text, _Loader)  # noqa: S506 - a safe loader, with fewer types
        # A copy without the sharing of YAML's anchors; also the proof that JSON can hold it.
        return json.loads(json.dumps(content, allow_nan=False))
    except yaml.MarkedYAMLError as exc:
        mark = exc.problem_mark or exc.context_mark
        where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        raise ToolError(f"this is no YAML: {where}{exc.problem or exc.context}") from exc
    except (yaml.YAMLError, ValueError, RecursionError) as exc:
        raise ToolError(f"this is no YAML that JSON could hold: {exc}") from exc


def parse_document(text: str, name: object) -> Document:
    """Parse an OpenAPI document that came from ``name``.

    Raises:
        ToolError: It is none.
    """
    try:
        content = parse(text)
    except ToolError as exc:
        raise ToolError(f"{name}: {exc.message}") from exc
    if not isinstance(content, dict) or "openapi" not in content:
        raise ToolError(f"{name} is no OpenAPI document: it has no 'openapi' at its top")
    return content


def read(path: Path) -> tuple[bytes, Document]:
    """Return the bytes and the content of the document at ``path``.

    Raises:
        ToolError: It cannot be read, or it is no OpenAPI document.
    """
    try:
        raw = path.read_bytes()
        text = raw.decode("utf-8")
    except (OSError, UnicodeDecodeError) as exc:
        raise ToolError(f"{path} cannot be read: {exc}") from exc
    return raw, parse_document(text, path)


def fingerprint(content: Any) -> str:
    """Return the SHA-256 of the content; layout, comments and the order of keys do not matter."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()

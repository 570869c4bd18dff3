"""Success answers in the shape that the document gives them, with pictures where it has places for some."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal

from .contract import Contract, Operation
from .document import OMITTED, UNDECIDED, Choose, Schema, build, flatten, resolve, types_of
from .errors import Reply, with_example
from .recipe import Recipe

URL: Final = "url"
BASE64: Final = "b64_json"


@dataclass(frozen=True)
class Picture:
    """A picture in an answer: the field that names it, and what that field holds."""

    field: Literal["url", "b64_json"]
    value: str


def success(
    contract: Contract,
    operation: Operation,
    request_id: str,
    now: float,
    pictures: Callable[[], list[Picture]],
    raw: Callable[[], Reply],
) -> Reply:
    """Answer that all is well.

    Args:
        contract: The document.
        operation: What was asked for.
        request_id: The id of the request, for a document that has a place for it.
        now: The time, in seconds since 1970.
        pictures: Makes the pictures, if the document has a place for any.
        raw: Makes an answer that is the picture itself, if the document says that an answer is one.
    """
    status = next(
        (int(name) for name in sorted(operation.responses) if name.isdigit() and name[0] == "2"), 200
    )
    content = resolve(contract.document, operation.response(status)).get("content", {})
    media = next((name for name in content if "json" in name), next(iter(content), None))
    if media is None:
        return Reply(status, b"", "")
    if media.startswith("image/"):
        return raw()
    schema = with_example(contract, resolve(contract.document, content[media]))
    values: dict[str, Any] = {"created": now, "request_id": request_id}
    made = pictures() if _has_pictures(contract, schema) else []
    body = build(contract.document, schema, _chooser(contract, values, made))
    if "json" in media:
        return Reply(status, json.dumps(body).encode(), media)
    return Reply(status, str(body).encode(), media)


def encoded(drawn: bytes, recipe: Recipe, *, with_prefix: bool) -> Picture:
    """Return a picture in base64, behind a ``data:`` prefix or bare."""
    text = base64.b64encode(drawn).decode("ascii")
    return Picture(BASE64, f"data:image/{recipe.format};base64,{text}" if with_prefix else text)


def _has_pictures(contract: Contract, schema: Schema, depth: int = 0) -> bool:
    """Tell whether a schema has a place for a picture anywhere."""
    if depth > 6:
        return False
    if {URL, BASE64} & set(schema.get("properties", {})):
        return True
    children = [*schema.get("properties", {}).values(), schema.get("items", {})]
    return any(_has_pictures(contract, flatten(contract.document, child), depth + 1) for child in children)


def _chooser(contract: Contract, values: Mapping[str, Any], pictures: list[Picture]) -> Choose:
    def choose(name: str, schema: Schema) -> Any:
        types = types_of(schema)
        if pictures and "array" in types:
            item = flatten(contract.document, schema.get("items", {}))
            if {URL, BASE64} & set(item.get("properties", {})):
                return [_item(contract, item, values, picture) for picture in pictures]
        if pictures and name in (URL, BASE64):
            return _place(name, schema, pictures[0])
        return _value(name, types, values)

    return choose


def _item(contract: Contract, schema: Schema, values: Mapping[str, Any], picture: Picture) -> Any:
    item = build(contract.document, schema, _chooser(contract, values, [picture]))
    if isinstance(item, dict):
        item.setdefault(picture.field, picture.value)  # a form that the document does not mention
    return item


def _place(name: str, schema: Schema, picture: Picture) -> Any:
    if name == picture.field:
        return picture.value
    return OMITTED


def _value(name: str, types: tuple[str, ...], values: Mapping[str, Any]) -> Any:
    value = values.get(name, UNDECIDED)
    if name == "created" and not {"integer", "number"} & set(types):
        return datetime.fromtimestamp(values[name], UTC).isoformat() if "string" in types else UNDECIDED
    return int(value) if name == "created" else value

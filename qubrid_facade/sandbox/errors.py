"""Error answers in the shape that the document gives them, with its own examples as their words."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from .contract import Contract, Operation
from .document import (
    OMITTED,
    UNDECIDED,
    Choose,
    Schema,
    build,
    example_of,
    flatten,
    is_nullable,
    resolve,
    types_of,
)


@dataclass(frozen=True)
class Reply:
    """An answer, ready for the wire."""

    status: int
    body: bytes = field(repr=False)
    content_type: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Fault:
    """An error to answer with. What is None is the document's example for the status."""

    status: int
    message: str | None = None
    code: str | None = None
    param: str | None = None


def error_reply(
    contract: Contract,
    operation: Operation | None,
    fault: Fault,
    request_id: str,
    headers: Mapping[str, str] | None = None,
) -> Reply:
    """Answer with an error, in the envelope of its status or, where it has none, of the nearest that has."""
    media, exact = _envelope(contract, operation, fault.status)
    values = _values(fault, request_id, exact=exact)
    if media is None:
        body: Any = {"error": values}
    else:
        body = build(contract.document, with_example(contract, media), _chooser(values))
    return Reply(fault.status, json.dumps(body).encode(), "application/json", headers or {})


def status_of_code(contract: Contract, operation: Operation, code: str) -> int | None:
    """Return the status whose documented example has this code, if there is one."""
    for status in operation.responses:
        media = _json_media(contract, operation.responses[status])
        if status.isdigit() and int(status) >= 400 and media is not None:
            body = build(contract.document, with_example(contract, media), _document_decides)
            if f'"{code}"' in json.dumps(body):
                return int(status)
    return None


def with_example(contract: Contract, media: Schema) -> Schema:
    """Return a media type's schema with the media type's example, which goes before the schema's own."""
    schema = flatten(contract.document, media.get("schema", {}))
    example = example_of(media)
    return schema if example is UNDECIDED else {**schema, "example": example}


def _document_decides(_name: str, _schema: Schema) -> Any:
    return UNDECIDED


def _values(fault: Fault, request_id: str, *, exact: bool) -> dict[str, Any]:
    """Return what the envelope is to hold; what is left out is the document's example."""
    values: dict[str, Any] = {"request_id": request_id}
    message, code = fault.message, fault.code
    if message is None and code is not None:
        message = f"{code.replace('_', ' ').capitalize()}. (An error that the sandbox was asked for.)"
    if message is None and not exact:
        message = f"{phrase(fault.status)}. (The document says nothing about this status.)"
    if message is not None:
        values |= {"message": message, "param": fault.param}
        values["error"] = code or phrase(fault.status)  # where the envelope has a text in that place
    if code is not None:
        values["code"] = code
    if not exact:
        kind = "invalid_request_error" if fault.status < 500 else "server_error"
        values |= {"type": kind, "code": code or re.sub(r"\W+", "_", phrase(fault.status)).lower()}
    return values


def _chooser(values: Mapping[str, Any]) -> Choose:
    def choose(name: str, schema: Schema) -> Any:
        if name not in values:
            return UNDECIDED
        value = values[name]
        allowed = types_of(schema)
        if value is None:
            return None if is_nullable(schema) else OMITTED
        fits = (not allowed or "string" in allowed) and value in schema.get("enum", [value])
        return value if fits else UNDECIDED

    return choose


def _envelope(contract: Contract, operation: Operation | None, status: int) -> tuple[Schema | None, bool]:
    """Return the media type that an error is written in, and whether it is this very status's."""
    if operation is not None:
        exact = _json_media(contract, operation.response(status))
        if exact is not None:
            return exact, str(status) in operation.responses
    else:
        for one in contract.operations:
            exact = _json_media(contract, one.responses.get(str(status)))
            if exact is not None:
                return exact, True
    operations = [operation] if operation is not None else contract.operations
    nearest = 400 if status < 500 else 500
    for one in operations:
        candidates = sorted(
            (name for name in one.responses if name.isdigit() and int(name) >= 400),
            key=lambda name: (abs(int(name) - nearest), name),
        )
        for name in candidates:
            media = _json_media(contract, one.responses[name])
            if media is not None:
                return media, False
    return None, False


def _json_media(contract: Contract, response: Any) -> Schema | None:
    content = resolve(contract.document, response).get("content", {})
    return next(
        (resolve(contract.document, media) for name, media in content.items() if "json" in name), None
    )


def phrase(status: int) -> str:
    """Return the usual words for a status."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown error" if status < 500 else "Server error"

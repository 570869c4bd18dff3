"""What openapi-core found wrong, in the words of the documented error envelope."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NoReturn

from openapi_core.deserializing.media_types.exceptions import MediaTypeDeserializeError
from openapi_core.templating.media_types.exceptions import MediaTypeNotFound
from openapi_core.validation.request.exceptions import (
    MissingRequestBodyError,
    MissingRequiredParameter,
    ParameterValidationError,
    SecurityValidationError,
)
from openapi_core.validation.schemas.exceptions import InvalidSchemaValue

Kind = Literal["authentication", "media type", "value"]
_LONGEST = 200
_NAMES = {
    "string": "a string",
    "integer": "an integer",
    "number": "a number",
    "boolean": "a boolean",
    "array": "an array",
    "object": "an object",
    "null": "null",
}


@dataclass(frozen=True)
class Problem:
    """Something wrong with a request: its kind, what to say about it, and the field that it is in."""

    kind: Kind
    message: str
    param: str | None = None


def explain(error: Exception) -> Problem:
    """Turn an error of openapi-core into a problem."""
    cause = error.__cause__
    if isinstance(error, SecurityValidationError):
        return Problem("authentication", "Missing or malformed authentication credentials.")
    if isinstance(error, MissingRequestBodyError):
        return Problem("value", "The request has no body.")
    if isinstance(cause, MediaTypeNotFound):
        return Problem("media type", _media_type(cause))
    if isinstance(cause, MediaTypeDeserializeError):
        return Problem("value", f"The body could not be read as {cause.mimetype}.")
    prefix, param = "", None
    if isinstance(error, ParameterValidationError):
        prefix, param = f"{error.location} parameter ", error.name
        if isinstance(error, MissingRequiredParameter):
            return Problem("value", f"Missing required {prefix}'{param}'.", param)
    if isinstance(cause, InvalidSchemaValue):
        return _of_schema(cause.schema_errors, prefix, param)
    return Problem("value", _short(str(cause or error)), param)


def _of_schema(errors: Iterable[Exception], prefix: str, parameter: str | None) -> Problem:
    first: Any = next(iter(errors), None)  # a ValidationError of jsonschema, which has no types
    if first is None:
        return Problem("value", "The request does not fit the document.", parameter)
    path = [*([parameter] if parameter else []), *map(str, first.absolute_path)]
    if first.validator == "required":
        missing = _missing_name(first)
        name = ".".join([*path, missing])
        return Problem("value", f"Missing required parameter: '{name}'.", name)
    name = ".".join(path)
    where = f"for {prefix}'{name}'" if name else "for the body"
    return Problem("value", _sentence(first, where), name or None)


def _sentence(error: Any, where: str) -> str:
    limit: Any = error.validator_value
    match error.validator:
        case "type":
            names = limit if isinstance(limit, list) else [limit]
            wanted = " or ".join(_NAMES.get(name, str(name)) for name in names)
            return f"Invalid type {where}: expected {wanted}, got {type_name(error.instance)}."
        case "enum":
            return f"Invalid value {where}: expected one of {', '.join(_show(value) for value in limit)}."
        case "minimum" | "exclusiveMinimum":
            return (
                f"Invalid value {where}: {_show(error.instance)} is below the least allowed, {_show(limit)}."
            )
        case "maximum" | "exclusiveMaximum":
            return (
                f"Invalid value {where}: {_show(error.instance)} is above the most allowed, {_show(limit)}."
            )
        case "additionalProperties":
            return f"Unknown parameter {where}: {_short(error.message)}."
        case _:
            return f"Invalid value {where}: {_short(error.message)}."


def type_name(value: Any) -> str:
    """Say what JSON type a value has, with its article."""
    kinds: list[tuple[Any, str]] = [
        (bool, "boolean"),
        (str, "string"),
        (int, "integer"),
        (float, "number"),
        (Mapping, "object"),
    ]
    for kind, name in kinds:
        if isinstance(value, kind):
            return _NAMES[name]
    return "null" if value is None else _NAMES["array"]


def _missing_name(error: Any) -> str:
    """Find which of the required properties an error is about: there is one error for each."""
    required: Any = error.validator_value
    names = [str(name) for name in required] if isinstance(required, list) else []
    return next((name for name in names if error.message.startswith(repr(name))), names[0] if names else "")


def _media_type(cause: MediaTypeNotFound) -> str:
    wanted = " or ".join(cause.availableMimetypes)
    if not cause.mimetype:
        return f"The request has no Content-Type; expected {wanted}."
    return f"Unsupported Content-Type '{_short(cause.mimetype)}'; expected {wanted}."


def _show(value: Any) -> str:
    return _short(json.dumps(value, ensure_ascii=False, default=str))


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"


def strict_json(value: bytes, **_parameters: str) -> Any:
    """Read JSON as the standard has it: NaN and Infinity are no numbers, and depth has an end."""

    def refuse(constant: str) -> NoReturn:
        raise ValueError(f"{constant} is not JSON")

    try:
        return json.loads(value, parse_constant=refuse)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error

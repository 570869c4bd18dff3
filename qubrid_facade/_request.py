"""From a call's arguments to what goes on the wire: only what the caller set, and the model."""

from __future__ import annotations

import importlib
import inspect
import json
import keyword
import re
import reprlib
from collections.abc import Callable, Mapping
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Any
from uuid import UUID

from qubrid_api.image_parameters import PARAMETERS, ImageParameters, Parameter
from qubrid_api.spec import CREATE_IMAGE_REQUEST

from ._errors import InputError
from ._inputs import image_text

_BY_NAME: dict[str, Parameter] = {parameter.name: parameter for parameter in PARAMETERS}
_REQUIRED = tuple(parameter.name for parameter in PARAMETERS if parameter.required)


def image_request(
    prompt: str, params: Mapping[str, Any], extra_body: Mapping[str, Any] | None, default_model: str
) -> Any:
    """Return the generated request model that holds ``prompt``, ``params`` and, if need be, the model's id.

    Of ``extra_body`` it holds only what is required and not given otherwise: the rest is laid over later.

    Raises:
        TypeError: A parameter is unknown, or a required one is missing.
        InputError: A value cannot be sent.
    """
    values: dict[str, Any] = {}
    if params.get("model") is None and "model" in _BY_NAME:
        values["model"] = default_model
    values["prompt"] = prompt
    for name, value in params.items():
        parameter = _BY_NAME.get(name)
        if parameter is None:
            raise TypeError(_unknown(name))
        if name == "model" and value is None:
            continue
        values[name] = _wire_value(parameter, value)
    for name in _REQUIRED:
        if name not in values:
            if name not in (extra_body or ()):
                raise TypeError(f"generate() is missing the required parameter {name!r}")
            values[name] = extra_body[name]  # type: ignore[index]
    try:
        return _request_model().from_dict(values)
    except (KeyError, TypeError, ValueError, AttributeError) as exc:
        raise InputError(
            f"The parameters do not fit the document: {exc}", hint="extra_body= sends any JSON as it is"
        ) from exc


def _unknown(name: str) -> str:
    import difflib  # not sooner: it is slow to import

    near = difflib.get_close_matches(name, _BY_NAME, n=1, cutoff=0.5)
    guess = f" (did you mean {near[0]!r}?)" if near else ""
    return (
        f"generate() has no parameter {name!r}{guess}; "
        f"one that the document does not list goes into extra_body={{{name!r}: ...}}"
    )


def _wire_value(parameter: Parameter, value: Any) -> Any:
    if parameter.is_image:
        if isinstance(value, list | tuple):
            return [image_text(one, parameter.name) for one in value]
        return image_text(value, parameter.name)
    plain = _plain(value)
    if parameter.enum and plain not in parameter.enum and not (plain is None and parameter.nullable):
        allowed = ", ".join(repr(choice) for choice in parameter.enum)
        raise InputError(
            f"{parameter.name}={value!r} is none of the values that the document allows: {allowed}",
            hint=f"To send it all the same: extra_body={{{parameter.name!r}: {value!r}}}",
        )
    return plain


def _plain(value: Any) -> Any:
    """Return ``value`` as JSON has it."""
    if value is None or (isinstance(value, str | bool | int | float) and not isinstance(value, Enum)):
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


@cache
def _request_model() -> Any:
    return load(CREATE_IMAGE_REQUEST)


def load(dotted: str) -> Any:
    """Return the thing that ``dotted`` (module and name) names in the generated code."""
    module, _, name = dotted.rpartition(".")
    return getattr(importlib.import_module(module), name)


def operation_kwargs(operation: Any, kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the generated ``operation`` would pass to httpx for the arguments ``kwargs``.

    Raises:
        TypeError: The operation does not take these arguments, or it is no generated operation.
    """
    make = getattr(operation, "_get_kwargs", None)
    if make is None or not hasattr(operation, "_parse_response"):
        raise TypeError(
            f"call() takes a generated operation's module, such as qubrid_api.api.images.create_image, "
            f"not {operation!r}"
        )
    try:
        _signature(make).bind(**kwargs)
    except TypeError as exc:
        raise TypeError(f"call({operation.__name__.rpartition('.')[2]}, ...): {exc}") from None
    try:
        result: dict[str, Any] = make(**kwargs)
    except AttributeError as exc:
        # The generated code asks a body for its to_dict() without looking at it first.
        annotated = str(inspect.signature(make).parameters.get("body", "")).partition(": ")[2]
        wanted = re.sub(r"[\w.]+\.", "", annotated)
        given = type(kwargs.get("body")).__name__
        if not wanted or hasattr(kwargs["body"], "to_dict"):
            raise
        raise TypeError(
            f"call({operation.__name__.rpartition('.')[2]}, ...): body must be the generated {wanted}, "
            f"which {wanted}.from_dict(...) makes of a dict, not {given}"
        ) from exc
    return result


_signature = cache(inspect.signature)


class _NotSent:
    def __repr__(self) -> str:
        return "<not sent>"


_NOT_SENT = _NotSent()


def signature_of(method: Callable[..., Any]) -> inspect.Signature:
    """Return the signature of ``generate`` with the document's parameters in the place of ``**params``.

    For ``help()`` and shells; type checkers know them from ``ImageParameters``.
    """
    plain = inspect.signature(method)
    own = [one for one in plain.parameters.values() if one.kind is not one.VAR_KEYWORD]
    listed = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=_NOT_SENT, annotation=annotation)
        for name, annotation in ImageParameters.__annotations__.items()
        if name.isidentifier() and not keyword.iskeyword(name) and name not in plain.parameters
    ]
    return plain.replace(parameters=[*own, *listed], return_annotation=inspect.Signature.empty)


def parameter_docs() -> str:
    """Return a line for each of the document's parameters, for a docstring."""
    return "\n".join(
        f"            {one.name}: {one.description}" for one in PARAMETERS if one.name != "prompt"
    )


def with_extra_body(kwargs: dict[str, Any], extra_body: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return ``kwargs`` with ``extra_body`` laid over the JSON body, untouched.

    Raises:
        InputError: The operation has no JSON object for a body, or ``extra_body`` is no mapping.
    """
    if extra_body is None:
        return kwargs
    if not isinstance(extra_body, Mapping):
        raise InputError(f"extra_body must be a mapping, not {type(extra_body).__name__}")
    if not isinstance(kwargs.get("json"), dict):
        raise InputError("extra_body needs an operation with a JSON object for a body")
    return {**kwargs, "json": {**kwargs["json"], **extra_body}}


def unsendable(body: Any, reason: Exception) -> InputError:
    """Return the error for a request that httpx could not make, naming the field that is to blame."""
    for name, value in body.items() if isinstance(body, Mapping) else ():
        try:
            json.dumps(value, allow_nan=False, ensure_ascii=False).encode()
        except (TypeError, ValueError, RecursionError) as exc:
            return InputError(f"{name}={reprlib.repr(value)} cannot be sent as JSON: {exc}")
    return InputError(f"The request cannot be sent: {reason}")

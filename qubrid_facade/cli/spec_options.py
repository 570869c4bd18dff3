"""An option for every parameter of the document, and back from options to what is sent."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import click

from .help import GroupedOption

if TYPE_CHECKING:
    from qubrid_api.image_parameters import Parameter

NULL_WORD: Final = "null"
_METAVARS: Final = {
    "string": "TEXT",
    "integer": "INTEGER",
    "number": "NUMBER",
    "boolean": "true|false",
    "object": "JSON",
}


class Null:
    """Stands for a JSON null that was asked for, where None means that nothing was."""


NULL: Final = Null()


class SpecType(click.ParamType):  # type: ignore[type-arg] # generic since click 8.4 only
    """Reads an option's text as the document's type of a parameter."""

    def __init__(self, parameter: Parameter) -> None:
        self.parameter = parameter
        self.is_array = parameter.type == "array"
        self.type = (parameter.items or "any") if self.is_array else parameter.type
        self.name = self.type

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the value to send; a list for an array, which may be given at once as JSON."""
        if not isinstance(value, str):
            return value
        if self.parameter.nullable and value == NULL_WORD:
            return NULL
        try:
            if not self.is_array:
                return self._read(value)
            many = json_value(value) if value.lstrip().startswith("[") else None
            return many if isinstance(many, list) else [self._read(value)]
        except ValueError as error:
            name = self.parameter.name
            return self.fail(f"{value!r} is {error}. '-p {name}=…' sends any value as it is.", param, ctx)

    def _read(self, text: str) -> Any:
        value = read_value(self.type, text)
        choices = () if self.is_array else self.parameter.enum
        if choices and value not in choices:
            allowed = ", ".join(str(choice) for choice in choices if choice is not None)
            raise ValueError(f"none of the values that the document allows: {allowed}")
        return value


def read_value(kind: str, text: str) -> Any:
    """Return ``text`` as the JSON type ``kind``.

    Raises:
        ValueError: It is none; the message goes on from 'it is'.
    """
    if kind == "string":
        return text
    if kind == "integer":
        if not re.fullmatch(r"[+-]?\d{1,400}", text):
            raise ValueError("no whole number")
        return int(text)
    if kind == "number":
        return _number(text)
    if kind == "boolean":
        if text.lower() not in ("true", "false"):
            raise ValueError("neither true nor false")
        return text.lower() == "true"
    value = json_value(text)
    if kind == "object" and not isinstance(value, dict):
        raise ValueError("no JSON object")
    return value


def json_value(text: str) -> Any:
    """Return ``text`` as the JSON that it is, or as a string if it is none."""

    def refuse(constant: str) -> Any:
        raise ValueError(f"{constant} is no JSON")

    try:
        return json.loads(text, parse_constant=refuse)
    except (ValueError, RecursionError):
        return text


def _number(text: str) -> int | float:
    if re.fullmatch(r"[+-]?\d{1,400}", text):
        return int(text)
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise ValueError("no number")
    return number


def spec_options(parameters: tuple[Parameter, ...], taken: set[str], group: str) -> dict[str, GroupedOption]:
    """Return an option for each of ``parameters``, by the parameter's name.

    Args:
        parameters: Those of the document.
        taken: The options that the command has already; a parameter of such a name gets ``--param-NAME``.
        group: The heading that they are listed under.
    """
    options: dict[str, GroupedOption] = {}
    for index, parameter in enumerate(parameters):
        flags = _flags(parameter, "")
        if taken.intersection(flags):
            flags = _flags(parameter, "param-")
        taken.update(flags)
        common: dict[str, Any] = {"default": None, "help": _help(parameter), "group": group}
        declarations = ["/".join(flags), f"spec_{index}"]
        if parameter.type == "boolean":
            option = GroupedOption(declarations, **common)
        else:
            kind = SpecType(parameter)
            option = GroupedOption(
                declarations, type=kind, multiple=kind.is_array, metavar=_metavar(kind), **common
            )
        options[parameter.name] = option
    return options


def given_parameters(options: Mapping[str, GroupedOption], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters that were given on the command line, and no others.

    Args:
        options: As :func:`spec_options` returned them.
        values: The command's values, by the options' names in Python.
    """
    given: dict[str, Any] = {}
    for name, option in options.items():
        value = values[str(option.name)]
        if option.multiple:
            if value:
                given[name] = None if NULL in value else [item for many in value for item in many]
        elif value is not None:
            given[name] = None if value is NULL else value
    return given


def type_words(parameter: Parameter) -> str:
    """Return a parameter's type as a person reads it."""
    kind = f"array of {parameter.items or 'any'}" if parameter.type == "array" else parameter.type
    if parameter.enum:
        kind = " | ".join(json.dumps(choice, ensure_ascii=False) for choice in parameter.enum)
    elif parameter.is_image:
        kind += " (path or URL)"
    elif parameter.format:
        kind += f" ({parameter.format})"
    if bounds := bounds_words(parameter):
        kind += f", {bounds}"
    return f"{kind} or null" if parameter.nullable and None not in parameter.enum else kind


def bounds_words(parameter: Parameter) -> str:
    """Return what the document allows a number to be, or nothing; it is the service that sees to it."""
    words = ((parameter.minimum, "from"), (parameter.maximum, "to"))
    return " ".join(f"{word} {bound:g}" for bound, word in words if bound is not None)


def default_words(parameter: Parameter) -> str:
    """Return a parameter's default, as JSON, or nothing if the document has none."""
    return json.dumps(parameter.default, ensure_ascii=False) if parameter.has_default else ""


def _flags(parameter: Parameter, prefix: str) -> list[str]:
    name = re.sub(r"[^A-Za-z0-9]+", "-", parameter.name).strip("-").lower()
    flags = [f"--{prefix}{name}"]
    return [*flags, f"--no-{prefix}{name}"] if parameter.type == "boolean" else flags


def _metavar(kind: SpecType) -> str:
    if kind.parameter.is_image:
        metavar = "PATH|URL"
    elif kind.parameter.enum and not kind.is_array:
        metavar = "|".join(str(choice) for choice in kind.parameter.enum if choice is not None)
    else:
        metavar = _METAVARS.get(kind.type, "VALUE")
    return f"{metavar}|{NULL_WORD}" if kind.parameter.nullable else metavar


def _help(parameter: Parameter) -> str:
    notes = []
    if parameter.type == "array":
        notes.append("repeat it for more, or give a JSON array")
    if parameter.type == "boolean" and parameter.nullable:
        notes.append(f"-p {parameter.name}=null sends null")
    if parameter.required:
        notes.append("required")
    if bounds := bounds_words(parameter):
        notes.append(bounds)
    if parameter.has_default:
        notes.append(f"default: {default_words(parameter)}")
    elif parameter.example is not None:
        notes.append(f"example: {json.dumps(parameter.example, ensure_ascii=False)}")
    return parameter.description + (f"  [{'; '.join(notes)}]" if notes else "")

"""A JSON object for every generated model, to see that the model gives back what it was given."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import Any

from openapi_python_client.parser.properties.any import AnyProperty
from openapi_python_client.parser.properties.boolean import BooleanProperty
from openapi_python_client.parser.properties.const import ConstProperty
from openapi_python_client.parser.properties.date import DateProperty
from openapi_python_client.parser.properties.datetime import DateTimeProperty
from openapi_python_client.parser.properties.float import FloatProperty
from openapi_python_client.parser.properties.int import IntProperty
from openapi_python_client.parser.properties.list_property import ListProperty
from openapi_python_client.parser.properties.literal_enum_property import LiteralEnumProperty
from openapi_python_client.parser.properties.model_property import ModelProperty
from openapi_python_client.parser.properties.none import NoneProperty
from openapi_python_client.parser.properties.protocol import PropertyProtocol
from openapi_python_client.parser.properties.string import StringProperty
from openapi_python_client.parser.properties.union import UnionProperty
from openapi_python_client.parser.properties.uuid import UuidProperty

_SCALARS: tuple[tuple[type, Any], ...] = (
    (BooleanProperty, True),
    (DateTimeProperty, "2026-01-02T03:04:05+00:00"),
    (DateProperty, "2026-01-02"),
    (UuidProperty, "00000000-0000-4000-8000-000000000000"),
    (FloatProperty, 1.5),
    (IntProperty, 1),
    (StringProperty, "text"),
    (AnyProperty, "anything"),
)


class _NoSampleError(Exception):
    """There is no JSON for this: it holds a file, or it holds itself."""


def samples(models: Iterable[ModelProperty]) -> dict[str, Any]:
    """Return, by class name, a JSON object with every property of each model that JSON can hold."""
    by_name = {str(model.class_info.name): model for model in models}
    found: dict[str, Any] = {}
    for name in by_name:
        try:
            found[name] = _object(name, by_name, ())
        except _NoSampleError:
            continue
    return found


def _object(name: str, models: dict[str, ModelProperty], above: tuple[str, ...]) -> dict[str, Any]:
    if name in above or name not in models:
        raise _NoSampleError
    result: dict[str, Any] = {}
    for prop in chain(models[name].required_properties or (), models[name].optional_properties or ()):
        try:
            result[prop.name.get_untrusted_value()] = _value(prop, models, (*above, name))
        except _NoSampleError:
            if prop.required:
                raise
    return result


def _value(prop: PropertyProtocol, models: dict[str, ModelProperty], above: tuple[str, ...]) -> Any:
    for kind, value in _SCALARS:
        if isinstance(prop, kind):
            return value
    if isinstance(prop, NoneProperty):
        return None
    if isinstance(prop, ConstProperty):
        return prop.value.raw_value
    if isinstance(prop, LiteralEnumProperty):
        return min(prop.values, key=str)
    if isinstance(prop, ListProperty):
        return [_value(prop.inner_property, models, above)]
    if isinstance(prop, ModelProperty):
        return _object(prop.class_info.name, models, above)
    if isinstance(prop, UnionProperty):
        real = [inner for inner in prop.inner_properties if not isinstance(inner, NoneProperty)]
        return _value(real[0], models, above) if real else None
    raise _NoSampleError

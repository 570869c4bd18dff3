"""Running openapi-python-client inside this process: everything that it complains about is an error."""

from __future__ import annotations

import contextlib
import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from openapi_python_client import Project, strings
from openapi_python_client.config import Config, ConfigFile, MetaType
from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.errors import GeneratorError, ParseError
from openapi_python_client.parser.openapi import Endpoint, generate_operation_id
from openapi_python_client.parser.properties import ModelProperty
from openapi_python_client.schema.untrusted_string import UntrustedString
from ruamel.yaml.error import YAMLError

from tools import settings
from tools.document import Document
from tools.finding import operations, places_of
from tools.problems import ToolError, place
from tools.refusals import refuse_dropped_parts, refuse_same_names
from tools.samples import samples

_TEMPLATES = Path(__file__).with_name("templates") / "generator"
"""Templates that take the place of the generator's own ones of the same name."""


@dataclass(frozen=True)
class Names:
    """What the generator called things.

    Attributes:
        operations: The module of every operation, by method and path.
        create_image: The module of the operation behind ``images.generate``.
        create_image_request: The model of its JSON request.
        create_image_response: The model of its answer.
        samples: By a model's name a JSON object that it should take and give back.
        places: By a file's or a class's name the place in the document that it comes from.
    """

    operations: Mapping[tuple[str, str], str]
    create_image: str
    create_image_request: str
    create_image_response: str
    samples: Mapping[str, Any]
    places: Mapping[str, str]


def load_config(path: Path, folder: Path, overrides: Mapping[str, str]) -> Config:
    """Return the generator's configuration, with ``folder`` as the place that it writes to.

    Raises:
        ToolError: The generator is another release than the pinned one, or the file does not suit it.
    """
    installed = version("openapi-python-client")
    if installed != settings.GENERATOR_VERSION:
        raise ToolError(
            f"openapi-python-client {installed} is installed, and {settings.GENERATOR_VERSION} is pinned: "
            "another release writes other code"
        )
    try:
        file = ConfigFile.load_from_path(path)
    except (OSError, ValueError, TypeError, YAMLError) as exc:
        raise ToolError(f"{path} is no configuration for the generator: {exc}") from exc
    if file.package_name_override != settings.PACKAGE:
        raise ToolError(
            f"{path}: package_name_override must be {settings.PACKAGE}, the name that the facade imports"
        )
    if file.post_hooks != [] or file.generate_all_tags:
        raise ToolError(f"{path}: post_hooks must be [] (tools.gen formats) and generate_all_tags false")
    file.content_type_overrides = {**overrides, **(file.content_type_overrides or {})}
    return Config.from_sources(
        config_file=file,
        meta_type=MetaType.NONE,
        document_source=path,
        file_encoding="utf-8",
        overwrite=False,
        output_path=folder,
    )


def generate(document: Document, config: Config) -> Names:
    """Write the client for ``document`` into the configuration's folder and return what things are called.

    Raises:
        ToolError: The generator had anything to complain about, left out an operation, or two things in the
            document would get the same file or name.
    """
    modules = _modules(document, config.field_prefix)
    refuse_same_names(document, config.field_prefix)
    refuse_dropped_parts(document)
    data, complaints = _run(document, config)
    if complaints:
        # What is wrong with a schema comes before what this means for operations.
        inner = [complaint for complaint in complaints if complaint in data.errors]
        outer = [complaint for complaint in complaints if complaint not in data.errors]
        told = dict.fromkeys(_told(complaint, document) for complaint in [*inner, *outer])
        raise ToolError("the generator cannot carry out the whole document", told)
    return _names(document, data, modules, config.field_prefix)


def _run(document: Document, config: Config) -> tuple[GeneratorData, Sequence[GeneratorError]]:
    try:
        data = GeneratorData.from_dict(document, config=config)
        if isinstance(data, GeneratorError):
            raise ToolError("the generator cannot read the document", [_told(data, document)])
        _refuse_shared_files(data)
        with contextlib.redirect_stdout(io.StringIO()):
            return data, Project(openapi=data, config=config, custom_template_path=_TEMPLATES).build()
    except ToolError:
        raise
    except Exception as exc:
        raise ToolError(f"the generator fails on this document: {type(exc).__name__}: {exc}") from exc


def module_of(method: str, path: str, operation: Mapping[str, Any], prefix: str = "field_") -> str:
    """Return the dotted name of the module that the generator writes for an operation."""
    tag = strings.PythonIdentifier((operation.get("tags") or ["default"])[0], "tag")
    name = operation.get("operationId")
    identifier = (
        strings.PythonIdentifier(name, prefix)
        if name is not None
        else generate_operation_id(path=UntrustedString(path), method=method, prefix=prefix)
    )
    return _module(tag, identifier, prefix)


def class_of(schema_name: str) -> str:
    """Return the name of the class that the generator makes of a schema under ``components``."""
    return strings.ClassName(schema_name, "field_")


def _module(tag: str, name: str, prefix: str) -> str:
    return f"{settings.PACKAGE}.api.{tag}.{strings.PythonIdentifier(name, prefix)}"


def _modules(document: Document, prefix: str) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    owners: dict[str, str] = {}
    for method, path, operation, pointer in operations(document):
        module = module_of(method, path, operation, prefix)
        if module in owners:
            raise ToolError(
                f"{owners[module]} and {place(pointer)} would both be written to {module}: the generator "
                "tells operations apart by their first tag and their operationId"
            )
        owners[module] = place(pointer)
        found[method, path] = module
    return found


def _names(
    document: Document, data: GeneratorData, modules: Mapping[tuple[str, str], str], prefix: str
) -> Names:
    endpoints = {
        _module(tag, endpoint.name, prefix): endpoint
        for tag, collection in data.endpoint_collections_by_tag.items()
        for endpoint in collection.endpoints
    }
    lost = [place(("paths", path, method)) for (method, path), one in modules.items() if one not in endpoints]
    if lost:
        raise ToolError("the generator left out operations without saying why:", lost)
    create_image = modules[settings.IMAGE_OPERATION]
    endpoint = endpoints[create_image]
    files = {
        f"{name.partition('.')[2].replace('.', '/')}.py": place(("paths", path, method))
        for (method, path), name in modules.items()
    }
    classes = {
        class_of(name): place(("components", "schemas", name))
        for name in (document.get("components") or {}).get("schemas") or ()
    }
    return Names(
        operations=modules,
        create_image=create_image,
        create_image_request=_request_model(endpoint),
        create_image_response=_response_model(endpoint),
        samples=samples(data.models),
        places={**files, **classes},
    )


def _refuse_shared_files(data: GeneratorData) -> None:
    owners: dict[str, str] = {}
    for thing in [*data.models, *data.enums]:
        module, name = thing.class_info.module_name, thing.class_info.name
        if module in owners:
            raise ToolError(
                f"the schemas that become {owners[module]} and {name} would both become models/{module}.py: "
                "give one of them another module_name under class_overrides in generator-config.yaml"
            )
        owners[module] = name


def _request_model(endpoint: Endpoint) -> str:
    for body in endpoint.bodies:
        if body.body_type == "json" and isinstance(body.prop, ModelProperty):
            return _dotted(body.prop)
    raise ToolError(
        f"the JSON request of {_image_place()} is no object of its own, so images.generate cannot build one"
    )


def _response_model(endpoint: Endpoint) -> str:
    for response in sorted(endpoint.responses.patterns):
        codes = response.status_code.range
        if codes and 200 <= codes[0] < 300:
            for prop in getattr(response.prop, "inner_properties", [response.prop]):
                if isinstance(prop, ModelProperty):
                    return _dotted(prop)
    raise ToolError(f"no answer 2xx of {_image_place()} is a JSON object, so result.raw has no type")


def _dotted(model: ModelProperty) -> str:
    return f"{settings.PACKAGE}.models.{model.class_info.name}"


def _image_place() -> str:
    method, path = settings.IMAGE_OPERATION
    return place(("paths", path, method))


def _told(complaint: GeneratorError, document: Document) -> str:
    words = [_readable(complaint.header), _readable(complaint.detail or "")]
    if isinstance(complaint, ParseError) and complaint.data is not None:
        dumped = complaint.data.model_dump(mode="json", by_alias=True, exclude_unset=True)
        if dumped.get("nullable") and isinstance(dumped.get("type"), list):
            dumped["type"] = dumped["type"][0]  # the generator's own spelling of nullable
        places = [place(pointer) for pointer in places_of(document, dumped)]
        if places:
            more = f" (and {len(places) - 3} more like it)" if len(places) > 3 else ""
            words.append(f"at {', '.join(places[:3])}{more}")
        else:
            words.append(f"about {json.dumps(dumped)[:300]}")
    return "\n".join(word for word in words if word)


def _readable(text: str) -> str:
    """Return the generator's words without the objects that it prints by mistake."""
    return re.sub(r" ?<[\w.]+ object at 0x[0-9a-f]+>", "", text).replace(": :", ":").strip().rstrip(":")

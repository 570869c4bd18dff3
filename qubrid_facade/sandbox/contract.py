"""The document as judge: what a request is for, what is wrong with it, and whether an answer fits."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from openapi_core import Config, OpenAPI
from openapi_core.datatypes import RequestParameters
from openapi_core.templating.paths.exceptions import PathError
from openapi_core.templating.paths.finders import APICallPathFinder
from werkzeug.datastructures import Headers, ImmutableMultiDict

from .document import Schema, resolve
from .problems import Problem, explain, strict_json

_ORIGIN = "http://sandbox.invalid"
_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
# Only these reach openapi-core: it would take others for arguments of its own.
_MEDIA_PARAMETERS = re.compile(r';\s*(charset|boundary)\s*=\s*("[^"]*"|[^\s;"]+)', re.IGNORECASE)


@dataclass(frozen=True)
class Question:
    """A request as it arrived; its headers tell that there was a key, but not the key."""

    method: str
    target: str
    headers: Headers = field(repr=False)
    body: bytes = field(repr=False)

    @property
    def path(self) -> str:
        """The path alone, decoded."""
        return unquote(self.target.partition("?")[0])

    @property
    def query(self) -> str:
        """The query alone, as it was sent."""
        return self.target.partition("?")[2]

    @property
    def content_type(self) -> str:
        """The media type in lower case, with those of its parameters that say how to read the body."""
        value = self.headers.get("Content-Type", "")
        extras = "".join(f"; {name.lower()}={text}" for name, text in _MEDIA_PARAMETERS.findall(value))
        return value.partition(";")[0].strip().lower() + extras


@dataclass(frozen=True)
class Operation:
    """One operation of the document."""

    method: str
    path: str
    node: Schema = field(repr=False)
    responses: Schema = field(repr=False)

    def response(self, status: int) -> Any:
        """Return what the document says about answers of this status, or None."""
        for name in (str(status), f"{status // 100}XX", "default"):
            if name in self.responses:
                return self.responses[name]
        return None

    def first_documented(self, *statuses: int) -> int:
        """Return the first of these statuses that the document has, else the last of them."""
        return next((status for status in statuses if str(status) in self.responses), statuses[-1])


class Contract:
    """An OpenAPI document that requests and answers are held against.

    Args:
        document: The document. Of its servers only the first one's path matters here.
    """

    def __init__(self, document: Schema) -> None:
        servers = document.get("servers") or [{"url": "/"}]
        self.prefix = urlsplit(_substituted(servers[0])).path.rstrip("/")
        paths = {path: resolve(document, item) for path, item in document.get("paths", {}).items()}
        self.document: Schema = {
            **document,
            "servers": [{"url": _ORIGIN + self.prefix}],
            "paths": {
                path: {key: _without_servers(value) for key, value in _without_servers(item).items()}
                for path, item in paths.items()
            },
        }
        config = Config(extra_media_type_deserializers={"application/json": strict_json})
        self._openapi = OpenAPI.from_dict(dict(self.document), config=config)
        self._finder = APICallPathFinder(self._openapi.spec)
        self.operations = tuple(self._every_operation())

    def find(self, method: str, path: str) -> Operation | None:
        """Return the operation that a request is for, if the document has one."""
        try:
            found = self._finder.find(method.lower(), _ORIGIN + path)
        except PathError:
            return None
        node = found.operation.read_value()
        return next(one for one in self.operations if one.node == node and one.method == method.lower())

    def methods(self, path: str) -> list[str]:
        """Return the methods that the document has for a path, in capitals."""
        return [method.upper() for method in _METHODS if self.find(method, path)]

    def problem(self, question: Question) -> Problem | None:
        """Return what the document finds wrong with a request, if anything."""
        for error in self._openapi.iter_apicall_request_errors(_Request(question)):
            return explain(error)
        return None

    def misfit(self, question: Question, status: int, headers: Mapping[str, str], body: bytes) -> str | None:
        """Return why an answer of ours is not what the document promises, or None if it is."""
        answer = _Response(status, Headers(list(headers.items())), body)
        for error in self._openapi.iter_apicall_response_errors(_Request(question), answer):
            return explain(error).message
        return None

    def _every_operation(self) -> Iterator[Operation]:
        for path, item in self.document["paths"].items():
            for method in _METHODS:
                node = item.get(method)
                if isinstance(node, Mapping):
                    responses = {
                        str(status): resolve(self.document, response)
                        for status, response in node.get("responses", {}).items()
                    }
                    yield Operation(method, path, node, responses)


def _substituted(server: Schema) -> str:
    """Return a server's address with the defaults of its variables put in."""
    url = str(server.get("url", "/"))
    for name, variable in (server.get("variables") or {}).items():
        url = url.replace("{" + name + "}", str(variable.get("default", "")))
    return url


def _without_servers(node: Any) -> Any:
    """Drop a path's or an operation's own servers: everything is served from one place here."""
    if not isinstance(node, Mapping):
        return node
    return {key: value for key, value in node.items() if key != "servers"}


class _Request:
    """A request in the words of openapi-core."""

    def __init__(self, question: Question) -> None:
        query = parse_qsl(question.query, keep_blank_values=True)
        self.host_url = _ORIGIN
        self.method = question.method.lower()
        self.path = question.path
        self.content_type = question.content_type
        self.body: bytes | None = question.body
        self.parameters = RequestParameters(query=ImmutableMultiDict(query), header=question.headers)


@dataclass(frozen=True)
class _Response:
    """An answer in the words of openapi-core."""

    status_code: int
    headers: Headers
    data: bytes | None

    @property
    def content_type(self) -> str:
        return self.headers.get("Content-Type", "")

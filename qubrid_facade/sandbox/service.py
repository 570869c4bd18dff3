"""What the sandbox answers to a request: everything but the sockets."""

from __future__ import annotations

import itertools
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from .answers import Picture, encoded, success
from .behaviour import Form, Script, Step, parse, parse_error_key
from .contract import Contract, Operation, Question
from .errors import Fault, Reply, error_reply, phrase, status_of_code
from .gallery import Gallery
from .problems import strict_json
from .recipe import BadValueError, recipes

SCRIPT_HEADER: Final = "Qubrid-Sandbox"
MISSING_MODEL: Final = "sandbox-missing"
FILES: Final = "/files/"

logger = logging.getLogger("qubrid_facade.sandbox")


class ScriptHeaderError(ValueError):
    """A request's own script that cannot be followed."""


class Service:
    """The answers of a sandbox.

    Args:
        contract: The document that it follows.
        script: How it misbehaves.
        clock: The time of answers, in seconds since 1970.
    """

    def __init__(self, contract: Contract, script: Script, clock: Callable[[], float] = time.time) -> None:
        self.contract = contract
        self._script = script
        self._clock = clock
        self._gallery = Gallery()
        self._numbers = itertools.count(1)

    def respond(self, question: Question, key: str | None, host: str) -> tuple[Reply, Step]:
        """Answer a request to the API.

        Args:
            question: The request.
            key: The bearer key that came with it, if any; it is looked at here and nowhere else.
            host: Where the pictures of the answer are to be found.

        Returns:
            The answer, and the step of the script that says how it travels.
        """
        request_id = self._request_id()
        operation = self.contract.find(question.method, question.path)
        if operation is None:
            return self._nowhere(question, request_id), Step()
        try:
            step = self._step(question, key)
        except ScriptHeaderError as error:
            message = f"{SCRIPT_HEADER} header: {error}."
            fault = Fault(operation.first_documented(400), message, param=SCRIPT_HEADER)
            return self._error(operation, fault, request_id), Step()
        except ValueError as error:
            fault = Fault(
                operation.first_documented(401), f"Invalid API key: {error}.", code="invalid_api_key"
            )
            return self._error(operation, fault, request_id), Step()
        reply = (
            self._settled(operation, step, request_id)
            or self._refusal(operation, question, request_id)
            or self._success(operation, question, step, host, request_id)
        )
        if step.html is None and step.form != "raw":
            self._check(operation, question, reply)
        return reply, step

    def file(self, question: Question) -> tuple[Reply, Step]:
        """Answer a request for an image file."""
        request_id = self._request_id()
        if question.method not in ("GET", "HEAD"):
            fault = Fault(405, "A picture can only be fetched.", code="method_not_allowed")
            return self._error(None, fault, request_id, Allow="GET, HEAD"), Step()
        headers = {"x-request-id": request_id}
        found = self._gallery.visit(question.path.removeprefix(FILES), counted=question.method == "GET")
        if found is None:
            return _xml(404, "NoSuchKey", "There is no such picture here, or no longer.", headers), Step()
        recipe, step = found
        if step.image_status is not None:
            return _xml(step.image_status, "AccessDenied", "Request has expired.", headers), step
        headers["Cache-Control"] = "public, max-age=3600"
        return Reply(200, self._gallery.draw(recipe), f"image/{recipe.format}", headers), step

    def refuse(self, fault: Fault, question: Question | None = None) -> Reply:
        """Answer a request that did not get as far as being one, or that the sandbox failed at."""
        operation = self.contract.find(question.method, question.path) if question is not None else None
        if operation is not None and fault.status == 413:
            fault = replace(fault, status=operation.first_documented(413, 400, 413))
        return self._error(operation, fault, self._request_id())

    def _request_id(self) -> str:
        return f"req-sandbox-{next(self._numbers):06d}"

    def _error(self, operation: Operation | None, fault: Fault, request_id: str, **headers: str) -> Reply:
        return error_reply(
            self.contract, operation, fault, request_id, {"x-request-id": request_id, **headers}
        )

    def _step(self, question: Question, key: str | None) -> Step:
        """Find out how to treat a request: its own header goes first, then its key, then the script."""
        own = question.headers.get(SCRIPT_HEADER)
        if own is None:
            return parse_error_key(key or "") or self._script.next()
        try:
            steps = parse(own)
        except ValueError as error:
            raise ScriptHeaderError(str(error)) from error
        if len(steps) != 1 or steps[0].times != 1:
            raise ScriptHeaderError("it is for this request alone: one step, without 'times' or 'forever'")
        return steps[0]

    def _nowhere(self, question: Question, request_id: str) -> Reply:
        methods = self.contract.methods(question.path)
        if methods:
            message = f"{question.path} takes {' or '.join(methods)}, not this method."
            fault = Fault(405, message, code="method_not_allowed")
            return self._error(None, fault, request_id, Allow=", ".join(methods))
        served = ", ".join(
            f"{one.method.upper()} {self.contract.prefix}{one.path}" for one in self.contract.operations
        )
        message = f"There is nothing at this path. The sandbox serves {served}."
        return self._error(None, Fault(404, message, code="not_found"), request_id)

    def _settled(self, operation: Operation, step: Step, request_id: str) -> Reply | None:
        """Return the answer that a step gives whatever the request says."""
        headers = {"Retry-After": step.retry_after} if step.retry_after is not None else {}
        if step.html is not None:
            headers["x-request-id"] = request_id
            return Reply(step.html, _page(step.html), "text/html; charset=utf-8", headers)
        if step.status is not None or step.code is not None:
            known = status_of_code(self.contract, operation, step.code) if step.code is not None else None
            status = step.status or known or 400
            # The document's own code comes with the document's own words.
            fault = Fault(status) if status == known else Fault(status, code=step.code)
            return self._error(operation, fault, request_id, **headers)
        if step.retry_after is not None:
            return self._error(operation, Fault(429), request_id, **headers)
        return None

    def _refusal(self, operation: Operation, question: Question, request_id: str) -> Reply | None:
        """Return the error that a request deserves, if any."""
        problem = self.contract.problem(question)
        if problem is not None:
            match problem.kind:
                case "authentication" if "Authorization" in question.headers:
                    fault = Fault(operation.first_documented(401), "Invalid API key.", code="invalid_api_key")
                case "authentication":
                    fault = Fault(operation.first_documented(401))
                case "media type":
                    fault = Fault(operation.first_documented(415, 400), problem.message)
                case _:
                    fault = Fault(
                        operation.first_documented(400, 422, 400), problem.message, param=problem.param
                    )
            return self._error(operation, fault, request_id)
        model = _json_object(question).get("model")
        if isinstance(model, str) and model.startswith(MISSING_MODEL):
            message = f"The model '{model}' does not exist or is not available."
            fault = Fault(operation.first_documented(404, 400, 404), message, param="model")
            return self._error(operation, fault, request_id)
        return None

    def _success(
        self, operation: Operation, question: Question, step: Step, host: str, request_id: str
    ) -> Reply:
        """Return the answer to a request in order: its pictures."""
        body = _json_object(question)
        headers = {"x-request-id": request_id}
        try:
            wanted = recipes(body)
            form = step.form or _form(body)
        except BadValueError as error:
            message = f"Invalid value for '{error.param}': {error}."
            fault = Fault(operation.first_documented(400, 422, 400), message, param=error.param)
            return self._error(operation, fault, request_id)

        def pictures() -> list[Picture]:
            if form == "url":
                return [
                    Picture("url", f"http://{host}{FILES}{self._gallery.hang(one, step)}") for one in wanted
                ]
            return [encoded(self._gallery.draw(one), one, with_prefix=form == "data") for one in wanted]

        def raw() -> Reply:
            return Reply(200, self._gallery.draw(wanted[0]), f"image/{wanted[0].format}", headers)

        if form == "raw":
            return raw()
        reply = success(self.contract, operation, request_id, self._clock(), pictures, raw)
        return replace(reply, headers={**reply.headers, **headers})

    def _check(self, operation: Operation, question: Question, reply: Reply) -> None:
        """Hold an answer of our own against the document; what does not fit is a fault of the sandbox."""
        if operation.response(reply.status) is None:
            return
        headers = {"Content-Type": reply.content_type, **reply.headers}
        misfit = self.contract.misfit(question, reply.status, headers, reply.body)
        if misfit is not None:
            logger.warning(
                "the answer %s does not fit the document: %s", reply.headers.get("x-request-id"), misfit
            )


def _form(body: Mapping[str, Any]) -> Form:
    asked = body.get("response_format") or "url"
    if asked not in ("url", "b64_json"):
        raise BadValueError("response_format", "expected url or b64_json")
    return "url" if asked == "url" else "b64"


def _json_object(question: Question) -> Mapping[str, Any]:
    """Return a request's body where it is a JSON object; the document has judged it before."""
    if "json" not in question.content_type:
        return {}
    try:
        body = strict_json(question.body)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _page(status: int) -> bytes:
    """Write what a gateway in front of a service writes."""
    title = f"{status} {phrase(status)}"
    return (
        f"<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n"
        f"<center><h1>{title}</h1></center>\r\n<hr><center>qubrid-sandbox</center>\r\n</body>\r\n</html>\r\n"
    ).encode()


def _xml(status: int, code: str, message: str, headers: Mapping[str, str]) -> Reply:
    """Write what an object store writes."""
    error = f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n{error}'
    return Reply(status, body.encode(), "application/xml", headers)

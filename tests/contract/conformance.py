"""Whether a cassette fits the document, in both directions, and whether it gives anything away."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from qubrid_api.spec import BASE_URL
from werkzeug.datastructures import Headers

from qubrid_facade.sandbox.contract import Contract, Question
from tests.contract.cassettes import as_bytes

_SECRETS = re.compile(
    r"bearer\s+(?!\*)\S|\bsk-[A-Za-z0-9]|(?i:signature=|x-amz-|authorization|api[-_]key['\"]?\s*[:=])"
)


def complaints(cassette: Mapping[str, Any], document: Mapping[str, Any]) -> Iterator[str]:
    """Say what in ``cassette`` does not fit ``document``, naming the field."""
    contract = Contract(document)
    host = urlsplit(BASE_URL).netloc
    for number, interaction in enumerate(cassette["interactions"], 1):
        request, response = interaction["request"], interaction["response"]
        address = urlsplit(request["uri"])
        if address.netloc != host:
            continue  # an image's address, which the document says nothing of
        headers = Headers(
            [(name, value) for name, values in request["headers"].items() for value in _all(values)]
        )
        # The key was left out on purpose.
        headers["Authorization"] = "Bearer any"
        question = Question(request["method"], address.path, headers, as_bytes(request["body"]))
        where = f"interaction {number} ({request['method']} {address.path})"
        status = response["status"]["code"]
        problem = contract.problem(question)
        # A request that is answered with 400 is meant to be wrong.
        if problem is not None and status != 400:
            yield f"{where}: the request: {problem.message}"
        answered = {name: ", ".join(_all(values)) for name, values in response["headers"].items()}
        misfit = contract.misfit(question, status, answered, as_bytes(response["body"]["string"]))
        if misfit is not None:
            yield f"{where}: the answer with status {status}: {misfit}"


def secrets(text: str) -> list[str]:
    """Return what in a cassette's ``text`` looks like a key or a signature."""
    return [text[max(0, found.start() - 20) : found.end() + 20] for found in _SECRETS.finditer(text)]


def _all(values: Any) -> list[str]:
    return values if isinstance(values, list) else [values]

"""The clients whose failures are compared: each is called as its own documentation shows."""

from __future__ import annotations

import base64
import importlib.util
from importlib import metadata
from typing import Any

import httpx

KEY = "sk-compare-0123456789abcdef"
MODEL = "qwen-image"


class Ours:
    """qubrid-facade."""

    name, distribution = "qubrid-facade", "qubrid-facade"

    def __init__(self, url: str, **options: Any) -> None:
        from qubrid_facade import Qubrid, QubridError

        self.errors: tuple[type[Exception], ...] = (QubridError,)
        self.client = Qubrid(KEY, base_url=url, **options)

    def generate(self, prompt: str) -> Any:
        return self.client.images.generate(prompt, model=MODEL)

    def picture(self, answer: Any) -> bytes | None:
        """Return the picture's bytes, as a user of this client gets at them, or None."""
        content: bytes = answer.data[0].read()
        return content


class OpenAI:
    """The openai package with its base URL set to the service, as users of compatible services do."""

    name, distribution = "openai", "openai"

    def __init__(self, url: str, **options: Any) -> None:
        import openai

        self.errors = (openai.OpenAIError,)
        self.client = openai.OpenAI(api_key=KEY, base_url=url, **options)

    def generate(self, prompt: str) -> Any:
        return self.client.images.generate(model=MODEL, prompt=prompt)

    def picture(self, answer: Any) -> bytes | None:
        data = getattr(answer, "data", None)
        return base64.b64decode(data[0].b64_json) if data and data[0].b64_json else None


class PyPIQubrid(OpenAI):
    """The package named qubrid on PyPI."""

    name, distribution = "qubrid (PyPI)", "qubrid"

    def __init__(self, url: str, **options: Any) -> None:
        import qubrid

        self.errors = (qubrid.QubridError,)
        self.client = qubrid.QubridClient(api_key=KEY, base_url=url, **options)


class Generated:
    """The generated client without the facade, with exceptions for statuses that the document lacks."""

    name, distribution = "generated alone, by openapi-python-client", "openapi-python-client"

    def __init__(self, url: str, timeout: float = 300.0, max_retries: int = 0) -> None:
        from qubrid_api import AuthenticatedClient, errors

        # It has no exceptions of its own for a lost connection; its documentation names httpx's.
        self.errors = (errors.UnexpectedStatus, httpx.HTTPError)
        self.client = AuthenticatedClient(
            base_url=url, token=KEY, timeout=httpx.Timeout(timeout), raise_on_unexpected_status=True
        )

    def generate(self, prompt: str) -> Any:
        from qubrid_api.api.images import create_image
        from qubrid_api.models import ImageGenerationRequest

        return create_image.sync(client=self.client, body=ImageGenerationRequest(model=MODEL, prompt=prompt))

    def picture(self, answer: Any) -> bytes | None:
        text = answer.data[0].b64_json if getattr(answer, "data", None) else None
        return base64.b64decode(text) if isinstance(text, str) and text else None


CLIENTS: list[Any] = [Ours, OpenAI, PyPIQubrid, Generated]


def installed() -> list[Any]:
    """Return the clients that can be imported here."""
    return [
        client
        for client in CLIENTS
        if client in {Ours, Generated} or importlib.util.find_spec(client.distribution) is not None
    ]


def version(client: Any) -> str:
    """Return the name and version of ``client``, for a table's head."""
    try:
        return f"{client.name} {metadata.version(client.distribution)}"
    except metadata.PackageNotFoundError:
        return str(client.name)

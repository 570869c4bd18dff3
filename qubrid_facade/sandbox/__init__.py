"""A server that stands in for the service: for tests, demonstrations, and trying things out without a key.

    from qubrid_facade.sandbox import Sandbox

    with Sandbox() as sandbox:
        client = Qubrid(api_key="any", base_url=sandbox.base_url)

It needs the extra: ``pip install "qubrid-facade[sandbox]"``.
"""

from __future__ import annotations

try:
    from .server import DEFAULT_PORT, Sandbox, serve
    from .wire import RecordedRequest
except ModuleNotFoundError as missing:
    if (missing.name or "").partition(".")[0] in ("openapi_core", "werkzeug", "jsonschema", "PIL", "yaml"):
        raise ModuleNotFoundError(
            f'The sandbox needs {missing.name}, which is not installed: pip install "qubrid-facade[sandbox]"',
            name=missing.name,
        ) from missing
    raise

__all__ = ["DEFAULT_PORT", "RecordedRequest", "Sandbox", "serve"]

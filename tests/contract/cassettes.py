"""How cassettes are recorded and replayed: what is matched, what is left out, what each says of itself."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Literal

import vcr
import yaml
from qubrid_api.spec import BASE_URL, SPEC_SHA256, SPEC_VERSION
from vcr.request import Request

FOLDER = Path(__file__).parent / "cassettes"
Source = Literal["sandbox", "live"]

IMAGE_HOST = "https://cdn.sandbox.invalid"
"""Stands for the sandbox's own address in image URLs, which has another port each time."""

# What differs from machine to machine, or is nobody's business.
_DROPPED = {
    "date", "server", "set-cookie", "connection", "user-agent", "host", "accept-encoding", "alt-svc",
    "cf-ray", "cf-cache-status", "nel", "report-to", "x-powered-by",
}  # fmt: skip
_SECRET = {"authorization", "x-api-key", "api-key", "cookie", "set-cookie", "proxy-authorization"}
_SIGNED = re.compile(r"(https?://[^\s\"?]+)\?[^\s\"]+")


class Yaml:
    """Cassettes as YAML that a person can read, with a word on where they come from."""

    def __init__(self, source: Source) -> None:
        self._about = {"from": source, "spec_version": SPEC_VERSION, "spec_sha256": SPEC_SHA256}

    def serialize(self, cassette: dict[str, Any]) -> str:
        text: str = yaml.safe_dump({"recorded": self._about, **cassette}, allow_unicode=True, width=10_000)
        return text

    @staticmethod
    def deserialize(text: str) -> Any:
        return yaml.safe_load(text)


def recorder(source: Source, mode: str, key: str = "", sandbox_origin: str = "") -> Any:
    """Return the VCR that records to, or replays from, the cassettes of ``source``.

    Args:
        source: Whose answers they are.
        mode: vcrpy's record mode: ``none`` replays, ``all`` records.
        key: The key in use, which is masked wherever it might turn up.
        sandbox_origin: The sandbox's address, for which the document's and :data:`IMAGE_HOST` stand.
    """

    def plain(text: str) -> str:
        if sandbox_origin:
            text = text.replace(f"{sandbox_origin}/v1", BASE_URL).replace(sandbox_origin, IMAGE_HOST)
        text = _SIGNED.sub(r"\1", text)
        return text.replace(key, "***") if key else text

    def clean_request(request: Request) -> Request:
        request.uri = plain(request.uri)
        for name in [name for name in request.headers if name.lower() in _DROPPED | _SECRET]:
            del request.headers[name]
        return request

    def clean_response(response: dict[str, Any]) -> dict[str, Any]:
        headers = {
            n: [plain(v) for v in vs] for n, vs in response["headers"].items() if n.lower() not in _DROPPED
        }
        body = response["body"]["string"]
        if any("json" in value for value in headers.get("content-type", [])):
            body = plain(body.decode()).encode()
            headers.pop("content-length", None)
        return {**response, "headers": headers, "body": {"string": body}}

    made = vcr.VCR(
        cassette_library_dir=str(FOLDER / source),
        record_mode=mode,
        serializer="about",
        match_on=["method", "uri", "body"],
        before_record_request=clean_request,
        before_record_response=clean_response,
    )
    made.register_serializer("about", Yaml(source))
    return made


def load(path: Path) -> dict[str, Any]:
    """Return a cassette's content."""
    cassette: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return cassette


def as_bytes(body: Any) -> bytes:
    """Return a recorded body, which YAML has as text where it can."""
    if isinstance(body, bytes):
        return body
    return json.dumps(body).encode() if isinstance(body, dict | list) else (body or "").encode()

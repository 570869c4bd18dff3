"""The OpenAPI document as the tests read it: what is printed there is what must hold."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
DOCUMENT: dict[str, Any] = yaml.safe_load((ROOT / "openapi.yaml").read_text(encoding="utf-8"))
OPERATION: dict[str, Any] = DOCUMENT["paths"]["/images/generations"]["post"]
EXAMPLES: dict[str, dict[str, Any]] = {
    name: example["value"]
    for name, example in OPERATION["requestBody"]["content"]["application/json"]["examples"].items()
}


def documented_error(status: int) -> dict[str, Any]:
    """Return the error that the document gives as the example for ``status``."""
    content = OPERATION["responses"][str(status)]["content"]["application/json"]
    name = content["schema"]["$ref"].rpartition("/")[2]
    error = DOCUMENT["components"]["schemas"][name]["properties"]["error"]
    return {"error": {field: schema.get("example") for field, schema in error["properties"].items()}}


ERROR_STATUSES = [int(status) for status in OPERATION["responses"] if status != "200"]

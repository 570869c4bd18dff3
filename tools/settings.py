"""What a person may have to edit when the vendor's document changes its shape; everything else follows it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent

DOCUMENT: Final = ROOT / "openapi.yaml"
CONFIG: Final = ROOT / "generator-config.yaml"
TARGET: Final = ROOT / "generated" / "qubrid_api"
VERSION_FILE: Final = ROOT / "qubrid_facade" / "_version.py"

PACKAGE: Final = "qubrid_api"
"""Import name of the generated code; generator-config.yaml must say the same."""

SPEC_PAGE: Final = "https://docs.platform.qubrid.com/api-reference/image/create.md"
"""Where ``make spec`` looks when it is told no other place."""

IMAGE_OPERATION: Final = ("post", "/images/generations")
"""Method and path of the operation behind ``images.generate``. Edit this when the vendor moves it."""

DEFAULT_MODEL: Final[str | None] = None
"""The default model when no example in the document names one; a document's own example wins."""

IMAGE_PROPERTIES: Final = frozenset({"image", "mask"})
"""Parameters whose string is a picture: the facade takes a path, bytes, an open file … for them."""

OWN_ARGUMENTS: Final = frozenset(
    {"self", "prompt", "extra_body", "extra_headers", "timeout", "deadline", "max_retries"}
)
"""Arguments of ``images.generate`` itself. A parameter of the same name can only travel in ``extra_body``."""

GENERATOR_VERSION: Final = "0.29.1"
FORMATTER_VERSION: Final = "0.17.6"
"""Another release of either writes other bytes; pyproject.toml pins the same ones."""

LINE_LENGTH: Final = 110

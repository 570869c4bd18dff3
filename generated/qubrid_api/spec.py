"""What the document says about itself. Written by ``make gen``; changes made here are lost."""

from typing import Final

SPEC_VERSION: Final = "1.1.0"
"""The document's own version. The vendor does not always raise it: SPEC_SHA256 tells two documents apart."""

SPEC_SHA256: Final = "2190dcc7a22bd79e1cea03264f6b61f5d33e1fbd1536021bd48e906b212d7a17"
"""SHA-256 of the document's content (JSON with sorted keys)."""

BASE_URL: Final = "https://platform.qubrid.com/v1"
"""The document's first server."""

DEFAULT_MODEL: Final = "qwen-image"
"""The model that the document's own example uses."""

OPERATIONS: Final[dict[tuple[str, str], str]] = {
    ("post", "/images/generations"): "qubrid_api.api.images.create_image",
}
"""Every operation of the document by method and path: its module, which ``client.call`` takes."""

CREATE_IMAGE: Final = "qubrid_api.api.images.create_image"
"""The module of the operation behind ``images.generate``: POST /images/generations."""

CREATE_IMAGE_REQUEST: Final = "qubrid_api.models.ImageGenerationRequest"
"""The model of its JSON request."""

CREATE_IMAGE_RESPONSE: Final = "qubrid_api.models.ImageGenerationResponse"
"""The model of its answer to a request that succeeds."""

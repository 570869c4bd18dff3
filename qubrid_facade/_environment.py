"""What the environment says about connections, which is httpx's to read, and may be unusable."""

from __future__ import annotations

import os
import re

from ._errors import ConfigurationError
from ._secrets import MASK, without_password

_PROXIES = {"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"}
_VARIABLES = {"SSL_CERT_FILE", "SSL_CERT_DIR", "NO_PROXY", *_PROXIES}


def unusable_environment(exc: Exception) -> ConfigurationError:
    """Return the error for an httpx client that could not be made, which failed with ``exc``."""
    reason = " ".join(str(exc).split()) or type(exc).__name__
    said = []
    for name, value in sorted(os.environ.items()):
        if name.upper() not in _VARIABLES or not value:
            continue
        shown = value
        if name.upper() in _PROXIES:
            shown = without_password(value)
            for part in re.split(r"[:@/]+", value)[1:-1]:
                reason = reason.replace(part, MASK) if part not in shown else reason
        said.append(f"{name}={shown}")
    hint = "Nothing was sent"
    if said:
        hint = f"The environment sets {', '.join(said)}: correct it, or pass an http_client; nothing was sent"
    return ConfigurationError(
        f"Connections cannot be made as the environment asks for: {reason}", hint=hint, outcome="not_sent"
    )

"""qubrid-facade as it comes, without its extra ``speed``, which the environment has."""

from __future__ import annotations

import sys

sys.modules["pybase64"] = None  # type: ignore[assignment]

from .ours_speed import Async, Sync  # noqa: E402

__all__ = ["Async", "Sync"]

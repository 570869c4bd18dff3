"""Whether a function of httpx is still its own, or another (a test's, a tracer's) has its place."""

from __future__ import annotations

from types import FunctionType


def is_original(function: object, package: str) -> bool:
    """Tell whether ``function`` was written in ``package``.

    Tests (respx, pytest-httpx) and tracers (Sentry, Datadog) put functions of theirs in the place of httpx's.
    Where we go around a function because it costs time, theirs must not be gone around.
    """
    if type(function) is not FunctionType:
        return False
    home: str = function.__globals__.get("__package__") or ""
    return home == package or home.startswith(package + ".")

"""Everything that is public, imported when the first of it is asked for, but for what only a call needs."""

from typing import TYPE_CHECKING

from qubrid_api.spec import SPEC_VERSION

from ._client import AsyncQubrid, Qubrid
from ._errors import (
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    AuthenticationError,
    BackendUnavailableError,
    BadRequestError,
    ConfigurationError,
    ContentPolicyError,
    DownloadError,
    GatewayTimeoutError,
    ImageExistsError,
    InputError,
    InsufficientCreditsError,
    InvalidResponseError,
    ModelNotFoundError,
    NoImageError,
    NotFoundError,
    Outcome,
    PermissionDeniedError,
    QubridError,
    RateLimitError,
    SaveError,
    ServerError,
)
from ._logging import enable_logging
from ._retry import RetryPolicy
from ._version import __version__

if TYPE_CHECKING:
    from ._results import AsyncImage, AsyncImagesResult, Image, ImagesResult
else:

    def __getattr__(name: str) -> object:
        """Import what calls return when it is asked for; else the first call does."""
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from . import _results

        return getattr(_results, name)


__all__ = [
    "SPEC_VERSION",
    "APIConnectionError",
    "APIStatusError",
    "APITimeoutError",
    "AsyncImage",
    "AsyncImagesResult",
    "AsyncQubrid",
    "AuthenticationError",
    "BackendUnavailableError",
    "BadRequestError",
    "ConfigurationError",
    "ContentPolicyError",
    "DownloadError",
    "GatewayTimeoutError",
    "Image",
    "ImageExistsError",
    "ImagesResult",
    "InputError",
    "InsufficientCreditsError",
    "InvalidResponseError",
    "ModelNotFoundError",
    "NoImageError",
    "NotFoundError",
    "Outcome",
    "PermissionDeniedError",
    "Qubrid",
    "QubridError",
    "RateLimitError",
    "RetryPolicy",
    "SaveError",
    "ServerError",
    "__version__",
    "enable_logging",
]

# Tracebacks and pickles name the things where users import them from; so does _results with its own.
for _thing in [globals().get(_name) for _name in __all__]:
    if isinstance(_thing, type):
        _thing.__module__ = __package__
del _thing

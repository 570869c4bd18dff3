"""Everything that is public, imported at once when the first of it is asked for."""

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
from ._results import AsyncImage, AsyncImagesResult, Image, ImagesResult
from ._retry import RetryPolicy
from ._version import __version__

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

# Tracebacks and pickles name the things where users import them from.
for _name in __all__:
    _thing = globals()[_name]
    if isinstance(_thing, type):
        _thing.__module__ = __package__
del _name, _thing

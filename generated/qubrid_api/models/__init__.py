"""Contains all the data models used in inputs/outputs"""

from .authentication_error_response import AuthenticationErrorResponse
from .authentication_error_response_error import AuthenticationErrorResponseError
from .backend_unavailable_error_response import BackendUnavailableErrorResponse
from .backend_unavailable_error_response_error import BackendUnavailableErrorResponseError
from .error_response import ErrorResponse
from .error_response_error import ErrorResponseError
from .gateway_timeout_error_response import GatewayTimeoutErrorResponse
from .gateway_timeout_error_response_error import GatewayTimeoutErrorResponseError
from .image_generation_request import ImageGenerationRequest
from .image_generation_response import ImageGenerationResponse
from .image_generation_response_data_item import ImageGenerationResponseDataItem
from .insufficient_quota_error_response import InsufficientQuotaErrorResponse
from .insufficient_quota_error_response_error import InsufficientQuotaErrorResponseError
from .model_not_found_error_response import ModelNotFoundErrorResponse
from .model_not_found_error_response_error import ModelNotFoundErrorResponseError
from .permission_error_response import PermissionErrorResponse
from .permission_error_response_error import PermissionErrorResponseError
from .rate_limit_error_response import RateLimitErrorResponse
from .rate_limit_error_response_error import RateLimitErrorResponseError
from .server_error_response import ServerErrorResponse
from .server_error_response_error import ServerErrorResponseError

__all__ = (
    "AuthenticationErrorResponse",
    "AuthenticationErrorResponseError",
    "BackendUnavailableErrorResponse",
    "BackendUnavailableErrorResponseError",
    "ErrorResponse",
    "ErrorResponseError",
    "GatewayTimeoutErrorResponse",
    "GatewayTimeoutErrorResponseError",
    "ImageGenerationRequest",
    "ImageGenerationResponse",
    "ImageGenerationResponseDataItem",
    "InsufficientQuotaErrorResponse",
    "InsufficientQuotaErrorResponseError",
    "ModelNotFoundErrorResponse",
    "ModelNotFoundErrorResponseError",
    "PermissionErrorResponse",
    "PermissionErrorResponseError",
    "RateLimitErrorResponse",
    "RateLimitErrorResponseError",
    "ServerErrorResponse",
    "ServerErrorResponseError",
)

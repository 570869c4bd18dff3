"""``images.generate``: sugar on the road of every call, written once for both clients."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Coroutine, Mapping
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from qubrid_api.spec import CREATE_IMAGE

from ._answer import find_images
from ._call import Limits, travel
from ._request import image_request, parameter_docs, signature_of, with_extra_body
from ._results import AsyncImagesResult, BaseImagesResult, ImagesResult
from ._settings import Settings
from ._transport import AsyncPool, SyncPool
from ._wire import Road

if TYPE_CHECKING:
    from typing import Unpack

    from qubrid_api.image_parameters import ImageParameters

ReturnT = TypeVar("ReturnT")


class BaseImages(Generic[ReturnT]):
    """What both clients' ``images`` are."""

    _result_type: type[BaseImagesResult[Any]]

    def __init__(
        self, settings: Settings, pool: SyncPool | AsyncPool, drive: Callable[[Road[Any]], Any]
    ) -> None:
        self._settings = settings
        self._pool = pool
        self._drive = drive

    def generate(
        self,
        prompt: str,
        *,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
        timeout: float | None = None,
        deadline: float | None = None,
        max_retries: int | None = None,
        **params: Unpack[ImageParameters],
    ) -> ReturnT:
        """Make images from a text (await it with AsyncQubrid).

        Only what is given here travels, and the model's id: defaults are the service's to apply.

        Args:
            prompt: The text that describes the image.
            extra_body: JSON that is laid over the body untouched, for parameters that the document lacks and
                for values of other types than it says.
            extra_headers: Headers that are laid over our own.
            timeout: The seconds that one attempt may take; the client's if not given.
            deadline: The seconds that the whole call may take; the client's if not given.
            max_retries: How many further attempts may be made; the client's if not given.
            **params: The document's parameters, such as ``model``, ``seed`` and ``aspect_ratio``;
                ``qubrid params`` lists them. ``image`` takes a URL, bytes, a path, an open file or a PIL
                image.

        Returns:
            The images, with ``created``, ``request_id``, ``attempts`` and ``raw``.

        Raises:
            TypeError: There is no such parameter, or a required one is missing; nothing was sent.
            InputError: A value cannot be sent; nothing was sent.
            APIStatusError: The service answered with an error.
            APIConnectionError: There was no whole answer; ``outcome`` tells whether it may be billed.
            InvalidResponseError: The service reported success, but its answer cannot be read.
        """
        result: ReturnT = self._drive(
            self._road(prompt, params, extra_body, extra_headers, (timeout, deadline, max_retries))
        )
        return result

    def _road(
        self,
        prompt: str,
        params: Mapping[str, Any],
        extra_body: Mapping[str, Any] | None,
        extra_headers: Mapping[str, str] | None,
        limits: tuple[float | None, float | None, int | None],
    ) -> Road[BaseImagesResult[Any]]:
        body = image_request(prompt, params, extra_body, self._settings.model)
        operation = importlib.import_module(CREATE_IMAGE)
        kwargs = with_extra_body(operation._get_kwargs(body=body), extra_body)
        outcome = yield from travel(
            self._settings,
            self._pool,
            kwargs,
            find_images,
            Limits.of(self._settings, *limits),
            extra_headers,
        )
        json = kwargs.get("json")
        return self._result_type(
            outcome.value,
            self._pool,
            self._settings,
            attempts=outcome.attempts,
            model=json.get("model") if isinstance(json, Mapping) else None,
        )


# What a TypeError about an argument calls it.
BaseImages.generate.__qualname__ = "images.generate"
# What help() and shells show; editors and type checkers read the TypedDict.
BaseImages.generate.__signature__ = signature_of(BaseImages.generate)  # type: ignore[attr-defined]
if BaseImages.generate.__doc__:
    BaseImages.generate.__doc__ += f"\n        The document's parameters:\n{parameter_docs()}\n        "


class Images(BaseImages[ImagesResult]):
    """Making images with :class:`~qubrid_facade.Qubrid`."""

    _result_type = ImagesResult


class AsyncImages(BaseImages[Coroutine[Any, Any, AsyncImagesResult]]):
    """Making images with :class:`~qubrid_facade.AsyncQubrid`: ``await client.images.generate(...)``."""

    _result_type = AsyncImagesResult

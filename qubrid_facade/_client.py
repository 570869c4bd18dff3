"""The clients: thin handles on the road that every call takes."""

from __future__ import annotations

from collections.abc import Coroutine
from types import TracebackType
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

import httpx

from ._errors import ConfigurationError
from ._retry import RetryPolicy
from ._secrets import hidden
from ._settings import OnRetry, Settings, evolve, resolve
from ._transport import AsyncPool, SyncPool

# What only a call needs is imported by the first one: many a process that imports the library makes none.
if TYPE_CHECKING:
    from ._images import AsyncImages, Images
    from ._wire import Road

HttpT = TypeVar("HttpT", bound=httpx.Client | httpx.AsyncClient)
PoolT = TypeVar("PoolT", bound=SyncPool | AsyncPool)
T = TypeVar("T")


class BaseClient(Generic[HttpT, PoolT]):
    """What both clients are: settings, and the connections that copies share."""

    _http_type: type[HttpT]
    _pool_type: type[Any]
    _settings: Settings
    _pool: PoolT
    _owner: bool

    def __init__(
        self,
        api_key: str | None = None,
        *,
        base_url: str | None = None,
        model: str | None = None,
        timeout: float | None = None,
        deadline: float | None = None,
        max_retries: int | None = None,
        retry: RetryPolicy | None = None,
        on_retry: OnRetry | None = None,
        http_client: HttpT | None = None,
        max_response_bytes: int | None = None,
    ) -> None:
        # Before anything can fail: tracebacks with locals print arguments, too.
        key, api_key = hidden(api_key), None
        self._settings = resolve(
            key,
            base_url,
            model=model,
            timeout=timeout,
            deadline=deadline,
            max_retries=max_retries,
            retry=retry,
            on_retry=on_retry,
            max_response_bytes=max_response_bytes,
        )
        if http_client is not None and not isinstance(http_client, self._http_type):
            raise ConfigurationError(
                f"http_client must be an httpx.{self._http_type.__name__}, not {type(http_client).__name__}",
                hint="Qubrid takes an httpx.Client, AsyncQubrid an httpx.AsyncClient",
            )
        self._pool = self._pool_type(http_client)
        self._owner = True

    @property
    def base_url(self) -> str:
        """The address that operations' paths are appended to, without a slash at its end."""
        return self._settings.base_url

    @property
    def model(self) -> str:
        """The id of the model that ``images.generate`` asks for unless told otherwise."""
        return self._settings.model

    def with_options(
        self,
        *,
        api_key: str | None = None,
        base_url: str | None = None,
        model: str | None = None,
        timeout: float | None = None,
        deadline: float | None = None,
        max_retries: int | None = None,
        retry: RetryPolicy | None = None,
        on_retry: OnRetry | None = None,
        max_response_bytes: int | None = None,
    ) -> Self:
        """Return a copy with other settings, sharing the connections; what is not given stays as it is.

        None stands for what is not given: ``deadline=math.inf`` takes a deadline back, and an ``on_retry``
        that does nothing (``lambda *_: None``) the one that there is.

        Closing the copy leaves the connections open; closing the original closes them for both.

        Raises:
            ConfigurationError: A value cannot be used.
        """
        key, api_key = hidden(api_key), None
        copy = type(self).__new__(type(self))
        copy._settings = evolve(
            self._settings,
            api_key=key,
            base_url=base_url,
            model=model,
            timeout=timeout,
            deadline=deadline,
            max_retries=max_retries,
            retry=retry,
            on_retry=on_retry,
            max_response_bytes=max_response_bytes,
        )
        copy._pool = self._pool
        copy._owner = False
        return copy

    def __repr__(self) -> str:
        if "_settings" not in vars(self):
            # Tools that print locals show it when __init__ has failed.
            return f"<{type(self).__name__}, not set up>"
        return f"{type(self).__name__}(base_url={self.base_url!r}, model={self.model!r})"

    def __getstate__(self) -> dict[str, Any]:
        if self._pool.given is not None:
            raise TypeError(
                f"a {type(self).__name__} with an http_client of your own cannot be pickled: its connections "
                "cannot travel; make a new client where it is needed"
            )
        return {"_settings": self._settings}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state, _pool=self._pool_type(None), _owner=True)

    def _drive(self, road: Road[T]) -> Any:
        """Go ``road``: its result with the sync client, a coroutine of it with the async one."""
        raise NotImplementedError


# What a TypeError about an argument calls it.
BaseClient.__init__.__qualname__ = "__init__"
BaseClient.with_options.__qualname__ = "with_options"


class Qubrid(BaseClient[httpx.Client, SyncPool]):
    """A client for Qubrid's image service. Threads may share one; a ``with`` block closes it.

    Args:
        api_key: The key; else the environment's ``QUBRID_API_KEY``.
        base_url: The service's address; else ``QUBRID_BASE_URL``, else that of the OpenAPI document.
        model: The default model's id; else ``QUBRID_MODEL``, else the document's example.
        timeout: The seconds that one attempt may take altogether, from connecting to the answer's last byte;
            300 by default, ``math.inf`` for no bound.
        deadline: The seconds that a whole call may take: attempts, waits and reading the answer. By default
            there is no bound but what ``timeout`` and the retries amount to.
        max_retries: How many further attempts a failed call may make; 2 by default.
        retry: All about retries; ``max_retries``, if given too, replaces its number.
        on_retry: Called before each wait with the error, the number of the attempt that failed (from 1), and
            the wait in seconds. A plain function, also for AsyncQubrid.
        http_client: A ready httpx client, for proxies, private CAs and the like. It stays yours to close. Its
            ``auth`` replaces the key; its ``timeout`` is not used.
        max_response_bytes: The longest answer that is read; 256 MiB by default.

    Raises:
        ConfigurationError: There is no key, or a value cannot be used.
    """

    _http_type = httpx.Client
    _pool_type = SyncPool

    @property
    def images(self) -> Images:
        """Making images."""
        from ._images import Images

        return Images(self._settings, self._pool, self._drive)

    def call(self, operation: Any, **kwargs: Any) -> Any:
        """Carry out any generated operation, with the same key, retries, deadline and errors.

        Args:
            operation: The operation's module, such as ``qubrid_api.api.images.create_image``.
            **kwargs: What the operation takes: ``body=``, path and query parameters.

        Returns:
            What the document says that the operation returns on success, as the generated code has it.

        Raises:
            QubridError: As for ``images.generate``.
            TypeError: The operation does not take these arguments.
        """
        from ._operations import operation_road

        return self._drive(operation_road(self._settings, self._pool, operation, kwargs))

    def close(self) -> None:
        """Close the connections; a copy made by ``with_options`` leaves them to its original."""
        if self._owner:
            self._pool.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _drive(self, road: Road[T]) -> T:
        from ._drive import drive

        return drive(road, self._pool)


class AsyncQubrid(BaseClient[httpx.AsyncClient, AsyncPool]):
    """The same client for asyncio: see :class:`Qubrid` for the arguments. Tasks may share one."""

    _http_type = httpx.AsyncClient
    _pool_type = AsyncPool

    @property
    def images(self) -> AsyncImages:
        """Making images."""
        from ._images import AsyncImages

        return AsyncImages(self._settings, self._pool, self._drive)

    async def call(self, operation: Any, **kwargs: Any) -> Any:
        """Carry out any generated operation; see :meth:`Qubrid.call`."""
        from ._operations import operation_road

        return await self._drive(operation_road(self._settings, self._pool, operation, kwargs))

    async def close(self) -> None:
        """Close the connections; a copy made by ``with_options`` leaves them to its original."""
        if self._owner:
            await self._pool.aclose()

    aclose = close

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    def _drive(self, road: Road[T]) -> Coroutine[Any, Any, T]:
        from ._drive import drive_async

        return drive_async(road, self._pool)

"""What a call for images returns: the images, in whatever form they came, and what the service said."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from qubrid_api.spec import CREATE_IMAGE_RESPONSE

from ._answer import FoundImage, FoundImages
from ._download import Memory, Patience, fetch, joined
from ._drive import drive_async_beyond, drive_beyond
from ._embedded import Embedded, write_out
from ._errors import DownloadError, InvalidResponseError, SaveError
from ._formats import HEAD_BYTES, sniff
from ._image_sink import Target
from ._request import load
from ._saving import Draft, StrPath, checked_path, folder_of, name_for, numbered
from ._secrets import without_query
from ._settings import Settings
from ._transport import AsyncPool, SyncPool
from ._wire import Road, Work

if TYPE_CHECKING:
    from qubrid_api.models import ImageGenerationResponse

PoolT = TypeVar("PoolT", bound=SyncPool | AsyncPool)


class BaseImage(Generic[PoolT]):
    """One image of a result.

    Attributes:
        url: The address that the service gave, if it gave one. It may expire soon.
        media_type: The Content-Type that the service named, if it named one.
    """

    def __init__(
        self,
        found: FoundImage,
        pool: PoolT,
        base_url: str,
        moment: datetime,
        most_bytes: int,
        request_id: str | None,
    ) -> None:
        self.url = found.url
        self.media_type = found.media_type
        self._b64_json = found.b64_json
        self._content = found.content
        self._fault = found.fault
        self._pool: PoolT | None = pool
        self._base_url = base_url
        self._moment = moment
        self._most_bytes = most_bytes
        self._request_id = request_id

    @property
    def b64_json(self) -> str | None:
        """The image as base64, if it came with the answer; ``None`` if the service gave a URL."""
        if isinstance(self._b64_json, Embedded):
            return self._b64_json.text
        if self._b64_json is None and self._content is not None and self.url is None:
            self._b64_json = base64.b64encode(self._content).decode("ascii")
        return self._b64_json

    @property
    def _stem(self) -> str:
        return f"qubrid-{self._moment:%Y%m%d-%H%M%S}"

    def __repr__(self) -> str:
        if self._content is not None:
            found = sniff(self._content[:HEAD_BYTES])
            what = f"{found.name if found else 'image'}, {len(self._content)} bytes"
        else:
            what = f"url={without_query(self.url)!r}" if self.url else f"unreadable: {self._fault}"
        return f"<{type(self).__name__} {what}>"

    def __getstate__(self) -> dict[str, Any]:
        # Connections stay where they are; a copy elsewhere opens its own.
        return {**self.__dict__, "_pool": None}

    def _read(self, timeout: float | None, deadline: float | None) -> Road[bytes]:
        if self._content is not None:
            return self._content
        memory = Memory()
        yield from self._fetch(memory, Patience.of(timeout, deadline, self._most_bytes))
        self._content = memory.content()
        return self._content

    def _save(
        self, path: StrPath, overwrite: bool, timeout: float | None, deadline: float | None
    ) -> Road[Path]:
        folder, name = folder_of(path)
        patience = Patience.of(timeout, deadline, self._most_bytes)
        return (yield from self._save_as(folder, name, patience, overwrite=overwrite))

    def _save_as(
        self, folder: Path, name: str | None, patience: Patience, *, overwrite: bool = False
    ) -> Road[Path]:
        """Save under ``name``, or under the first free name of our own if there is none."""
        draft = Draft(folder, name)
        try:
            if self._content is not None:
                content = self._content
                yield Work(lambda: draft.write(content))
            else:
                yield from self._fetch(draft, patience)
            full = name_for(name or self._stem, draft.head, self.media_type)
            target = numbered(folder, full) if name is None else (lambda _: folder / full)
            saved: Path = yield Work(lambda: draft.publish(target, overwrite=overwrite and name is not None))
            return saved
        finally:
            draft.discard()

    def _fetch(self, target: Target, patience: Patience) -> Road[None]:
        try:
            self.media_type = (yield from fetch(self._address(), target, patience)) or self.media_type
        except DownloadError as exc:
            exc.request_id = self._request_id
            raise

    def _address(self) -> str:
        if self.url is None:
            raise InvalidResponseError(
                f"The service sent this image broken: {self._fault}",
                # What JSON can name and UTF-8 cannot is written as JSON does.
                body=(self.b64_json or "").encode("utf-8", "backslashreplace"),
                hint="Its text is in the error's body attribute",
                request_id=self._request_id,
            )
        if "://" in self.url:
            return self.url
        # A host's name with no scheme before it, else a path on the service's own host.
        found = re.match(r"(?://)?[\w-]+(\.[\w-]+)+(:\d+)?/", self.url)
        return "https://" + self.url.lstrip("/") if found else joined(self._base_url + "/", self.url)


class Image(BaseImage[SyncPool]):
    """One image of a result of :class:`~qubrid_facade.Qubrid`."""

    def read(self, *, timeout: float | None = None, deadline: float | None = None) -> bytes:
        """Return the image's bytes, fetched if need be; they are kept, so a second call is free.

        Args:
            timeout: The seconds for one attempt at fetching; 120 by default.
            deadline: The seconds for all attempts and the waits between them; no bound by default.

        Raises:
            DownloadError: The image exists, but could not be fetched; call again.
            InvalidResponseError: The service sent this one image broken.
        """
        return drive_beyond(self._read(timeout, deadline), self._pool)

    def save(
        self,
        path: StrPath,
        *,
        overwrite: bool = False,
        timeout: float | None = None,
        deadline: float | None = None,
    ) -> Path:
        """Write the image to ``path`` and return the path written.

        The file is there whole or not at all. Missing folders are made. The suffix is corrected to what the
        bytes are: saving a PNG as ``fox.webp`` writes ``fox.png``. A folder gets a file with a name of its
        own.

        Args:
            path: A file, or a folder (one that exists, or a path with a slash at its end).
            overwrite: Replace a file that is there already.
            timeout: The seconds for one attempt at fetching; 120 by default.
            deadline: The seconds for all attempts and the waits between them; no bound by default.

        Raises:
            ImageExistsError: There is such a file already (also a FileExistsError).
            SaveError: The file cannot be written (also an OSError).
            DownloadError: The image exists, but could not be fetched; call again.
        """
        return drive_beyond(self._save(path, overwrite, timeout, deadline), self._pool)


class AsyncImage(BaseImage[AsyncPool]):
    """One image of a result of :class:`~qubrid_facade.AsyncQubrid`."""

    async def read(
        self,
        *,
        timeout: float | None = None,  # noqa: ASYNC109
        deadline: float | None = None,
    ) -> bytes:
        """Return the image's bytes; see :meth:`Image.read`."""
        return await drive_async_beyond(self._read(timeout, deadline), self._pool)

    async def save(
        self,
        path: StrPath,
        *,
        overwrite: bool = False,
        timeout: float | None = None,  # noqa: ASYNC109
        deadline: float | None = None,
    ) -> Path:
        """Write the image to ``path`` and return the path written; see :meth:`Image.save`."""
        return await drive_async_beyond(self._save(path, overwrite, timeout, deadline), self._pool)


ImageT = TypeVar("ImageT", bound=Image | AsyncImage)


class BaseImagesResult(Generic[ImageT]):
    """The answer to a call for images; iterating over it gives the images.

    Attributes:
        data: The images.
        created: When the service says that they were made, aware; None if it does not say.
        request_id: The service's id of the request, if it gave one.
        attempts: How many attempts the call took.
        model: The id of the model that was asked for.
    """

    _image_type: type[ImageT]

    def __init__(
        self,
        found: FoundImages,
        pool: Any,
        settings: Settings,
        *,
        attempts: int,
        model: str | None,
    ) -> None:
        moment = found.created or datetime.now(UTC)
        self._most_bytes = settings.max_response_bytes
        self.data = [
            self._image_type(image, pool, settings.base_url, moment, self._most_bytes, found.request_id)
            for image in found.images
        ]
        self.created: datetime | None = found.created
        self.request_id = found.request_id
        self.attempts = attempts
        self.model = model
        self._payload = found.payload or {}

    @cached_property
    def raw(self) -> ImageGenerationResponse:
        """The answer as the generated ``ImageGenerationResponse``.

        A field that does not fit the document is found in its ``additional_properties``.
        """
        write_out(self._payload)
        made: ImageGenerationResponse = _as_generated(load(CREATE_IMAGE_RESPONSE), dict(self._payload))
        return made

    def __iter__(self) -> Iterator[ImageT]:
        return iter(self.data)

    def __len__(self) -> int:
        return len(self.data)

    def __getitem__(self, index: int) -> ImageT:
        return self.data[index]

    def __repr__(self) -> str:
        return (
            f"<{type(self).__name__} {self.data!r} model={self.model!r} request_id={self.request_id!r}"
            f" attempts={self.attempts}>"
        )

    def __getstate__(self) -> dict[str, Any]:
        # The generated models' UNSET does not survive pickling; raw is made again when asked for.
        return {name: value for name, value in self.__dict__.items() if name != "raw"}

    def _save_all(
        self, folder: StrPath, overwrite: bool, timeout: float | None, deadline: float | None
    ) -> Road[list[Path]]:
        where = checked_path(folder)
        patience = Patience.of(timeout, deadline, self._most_bytes)
        saved: list[Path] = []
        failure: Exception | None = None
        for number, image in enumerate(self.data, 1):
            # A name of its own for each, or they would overwrite each other.
            name = (image._stem if number == 1 else f"{image._stem}-{number}") if overwrite else None
            try:
                saved.append((yield from image._save_as(where, name, patience, overwrite=overwrite)))
            except Exception as exc:  # noqa: BLE001 - raised below, once the others are safe
                if failure is not None:
                    which = f"Image {number} of {len(self.data)}"
                    failure.add_note(f"{which} failed, too: {type(exc).__name__}: {exc}")
                failure = failure or exc
                if isinstance(exc, SaveError):
                    break
        if failure is not None:
            if saved:
                failure.add_note("Saved: " + ", ".join(str(path) for path in saved))
            if isinstance(failure, SaveError):
                failure.saved = saved
            raise failure
        return saved


class ImagesResult(BaseImagesResult[Image]):
    """The answer to ``Qubrid.images.generate``."""

    _image_type = Image

    def save(
        self,
        folder: StrPath,
        *,
        overwrite: bool = False,
        timeout: float | None = None,
        deadline: float | None = None,
    ) -> list[Path]:
        """Write every image into ``folder``, under names made from ``created``, and return the paths.

        If one cannot be fetched, the others are saved before its error is raised; the error's notes tell of
        further failures, and of what was saved.

        Args:
            folder: The folder; it is made if it is missing.
            overwrite: Replace files that have these names already, instead of taking names that are free.
            timeout: The seconds for one attempt at fetching an image; 120 by default.
            deadline: The seconds for everything; no bound by default.

        Raises:
            SaveError: The folder cannot be written (also an OSError).
            DownloadError: An image exists, but could not be fetched; call again.
        """
        return drive_beyond(self._save_all(folder, overwrite, timeout, deadline), self.data[0]._pool)


class AsyncImagesResult(BaseImagesResult[AsyncImage]):
    """The answer to ``AsyncQubrid.images.generate``."""

    _image_type = AsyncImage

    async def save(
        self,
        folder: StrPath,
        *,
        overwrite: bool = False,
        timeout: float | None = None,  # noqa: ASYNC109
        deadline: float | None = None,
    ) -> list[Path]:
        """Write every image into ``folder`` and return the paths; see :meth:`ImagesResult.save`."""
        return await drive_async_beyond(
            self._save_all(folder, overwrite, timeout, deadline), self.data[0]._pool
        )


def _as_generated(model: Any, payload: dict[str, Any]) -> Any:
    """Return ``payload`` as the generated ``model``, however far it is from the document."""
    from qubrid_api.types import UNSET

    filled = dict(payload)
    for _ in range(len(payload) + 32):
        try:
            return model.from_dict(filled)
        except KeyError as exc:
            name = exc.args[0] if exc.args else None
            if not isinstance(name, str) or name in filled:
                break
            # A required field that the service left out.
            filled[name] = UNSET
        except (TypeError, ValueError, AttributeError):
            break
    empty = model.__new__(model)
    for field in model.__attrs_attrs__:
        setattr(empty, field.name, UNSET)
    empty.additional_properties = payload
    return empty


# As in _public, which may have been imported without this module.
for _thing in (AsyncImage, AsyncImagesResult, Image, ImagesResult):
    _thing.__module__ = "qubrid_facade"

"""Making the pictures that were asked for, one after the other."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qubrid_facade import (
    APIConnectionError,
    APIStatusError,
    DownloadError,
    Image,
    ImagesResult,
    InvalidResponseError,
    Qubrid,
    QubridError,
    RetryPolicy,
    SaveError,
)
from qubrid_facade._formats import FORMATS

from .destination import Destination
from .progress import Progress
from .report import Picture, Report

if TYPE_CHECKING:
    from .generate import Request

# What image hosts answer when an address is too old.
_EXPIRED = (401, 403, 404, 410)
_SUFFIXES = {suffix for one in FORMATS for suffix in one.suffixes}


@dataclass(frozen=True, kw_only=True)
class Job:
    """What to make, and how."""

    prompt: str
    requests: list[Request]
    base_url: str | None
    key: str
    sandboxed: bool
    timeout: float | None
    deadline: float | None
    retry: RetryPolicy

    def run(self, destination: Destination, progress: Progress, report: Report) -> None:
        """Make the pictures, reporting about each at once.

        A temporary failure of the service is no reason not to try the next one; anything else would happen
        again, or lose a picture that is paid for, and so ends the job.
        """
        with ExitStack() as stack:
            client = stack.enter_context(self._client(stack, progress))
            for number, request in enumerate(self.requests, start=1):
                maker = _Maker(self, client, request, number, destination, progress, report)
                if not maker.make():
                    left = len(self.requests) - number
                    if left:
                        verb = "was" if left == 1 else "were"
                        report.warn(f"{left} of the {len(self.requests)} pictures {verb} not tried.")
                    return

    def _client(self, stack: ExitStack, progress: Progress) -> Qubrid:
        http_client = None
        if self.sandboxed:
            import httpx

            # A proxy from the environment would not find the sandbox. Each request brings its own timeouts.
            http_client = stack.enter_context(httpx.Client(trust_env=False))
        return Qubrid(
            self.key,
            base_url=self.base_url,
            timeout=self.timeout,
            deadline=self.deadline,
            retry=self.retry,
            on_retry=progress.on_retry,
            http_client=http_client,
        )


@dataclass
class _Maker:
    """Carries out one request."""

    job: Job
    client: Qubrid
    request: Request
    number: int
    destination: Destination
    progress: Progress
    report: Report
    news: list[Callable[[], None]] = field(default_factory=list)
    unsaved: list[Image] = field(default_factory=list)
    all_kept: bool = True

    def make(self) -> bool:
        """Carry it out, report about it, and return whether to go on with others."""
        parameters, extra_body, _ = self.request
        model = extra_body.get("model") or parameters.get("model") or self.client.model
        try:
            with self.progress.asking(self.number, str(model)):
                result = self.client.images.generate(
                    self.job.prompt, extra_body=extra_body or None, **parameters
                )
                self.unsaved = list(result)
                self.progress.fetching()
                for image in result:
                    self._keep(image, result)
                    self.unsaved.remove(image)
        except KeyboardInterrupt:
            self._tell()
            self._interrupted()
            return False
        except InvalidResponseError as error:
            self._unreadable(error)
        except QubridError as error:
            self._lost(error)
            self._tell()
            return error.transient and isinstance(error, APIStatusError | APIConnectionError)
        # Not before now: the progress line has left the terminal.
        self._tell()
        return self.all_kept

    def _keep(self, image: Image, result: ImagesResult) -> None:
        try:
            content = image.read(timeout=self.job.timeout)
        except DownloadError as error:
            error.request_id = error.request_id or result.request_id
            self._lost(error, _where_it_is(error.url, self.destination.name, error), url=error.url)
            return
        except InvalidResponseError as error:
            error.request_id = error.request_id or result.request_id
            self._unreadable(error)
            return
        try:
            path, trouble = self.destination.save(content, image.media_type)
        except SaveError as error:
            self._lost(error, _where_it_is(image.url, self.destination.name), url=image.url)
            return
        picture = Picture(
            path=str(path),
            model=result.model,
            seed=self.request.seed,
            request_id=result.request_id,
            attempts=result.attempts,
            url=image.url,
            created=result.created.isoformat() if result.created else None,
        )
        self.news.append(lambda: self.report.picture(picture))
        asked = Path(self.destination.name).suffix.lower()
        if asked in _SUFFIXES and asked != path.suffix.lower():
            note = f"The picture is not a {asked[1:].upper()}, so its file ends in {path.suffix}."
            self.news.append(lambda: self.report.note(note))
        if trouble is not None:
            self._lost(trouble, f"The picture is not lost: it is kept at {path}", path=str(path))

    def _unreadable(self, error: InvalidResponseError) -> None:
        """Keep what was answered, since it may be what was paid for."""
        if not error.body:
            self._lost(error)
            return
        try:
            path, _ = self.destination.save(error.body, None, suffix=".answer")
        except SaveError as trouble:
            self._lost(error)
            self._lost(trouble, "")
            return
        self._lost(error, f"The answer may have been paid for, and is kept at {path}", path=str(path))

    def _lost(self, error: QubridError, remedy: str | None = None, **facts: Any) -> None:
        self.all_kept = False
        seed, total = self.request.seed, len(self.job.requests)
        which = f"Picture {self.number} of {total}" if total > 1 else ""
        if which and seed is not None:
            which += f", seed {seed}"
        facts = {"picture": self.number, "seed": seed, **facts}
        self.news.append(lambda: self.report.failure(error, which=which, remedy=remedy, **facts))

    def _tell(self) -> None:
        for tell in self.news:
            tell()
        self.news.clear()

    def _interrupted(self) -> None:
        phase = self.progress.phase
        if phase == "fetching":
            urls = [image.url for image in self.unsaved if image.url]
            places = " ".join(_where_it_is(url, self.destination.name) for url in urls)
            self.report.interrupted(
                f"Interrupted while a picture was being fetched. {places}".strip(), urls=urls
            )
        elif self.job.sandboxed:
            self.report.interrupted("Interrupted.")
        elif phase == "waiting":
            doubt = " An earlier attempt may have been billed." if self.progress.doubtful else ""
            self.report.interrupted(f"Interrupted between two attempts; no request was under way.{doubt}")
        else:
            self.report.interrupted(
                "Interrupted while a request was under way: its picture may still be made, and billed."
            )


def _where_it_is(url: str | None, name: str, error: DownloadError | None = None) -> str:
    """Say where a picture can be had that could not be fetched or saved."""
    if url is None:
        return "There is no place left to keep it in"
    if not url.lower().startswith(("https:", "http:")):
        return f"The service says that it is at {url}"
    command = f"curl -fLo {shlex.quote(name)} {shlex.quote(url)}"
    if error is not None and error.status_code in _EXPIRED:
        return f"It was made, but its address has probably expired; to try once more: {command}"
    return f"It was made; get it before its address expires: {command}"

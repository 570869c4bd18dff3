"""Which clients are measured, and at which jobs."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from typing import Any, Literal, Protocol

Flavour = Literal["sync", "async"]
Job = Literal["call", "image", "download"]

BASELINE = "httpx"
OURS = "qubrid-facade"
FASTER = "qubrid-facade[speed]"
DURABLE = "httpx with fsync"


class SyncClient(Protocol):
    """What a module of ``benchmarks.peers`` makes of its client, for an address like http://host:1/fast."""

    def __init__(self, base: str) -> None: ...
    def call(self) -> Any: ...  # ask for a picture, and get its URL
    def image(self, prompt: str) -> bytes: ...  # ask for a picture that comes as base64, and get its bytes
    def link(self, prompt: str) -> Any: ...  # ask for a picture, and get what `download` needs
    def download(self, link: Any, path: str) -> None: ...


class AsyncClient(Protocol):
    """The same for asyncio; made while the event loop runs."""

    def __init__(self, base: str) -> None: ...
    async def call(self) -> Any: ...
    async def image(self, prompt: str) -> bytes: ...
    async def link(self, prompt: str) -> Any: ...
    async def download(self, link: Any, path: str) -> None: ...
    async def close(self) -> None: ...


@dataclass(frozen=True)
class Peer:
    """A client: where its code is, what installs it, how it is imported, and what it is measured at."""

    name: str
    module: str
    distribution: str | None = None
    statement: str | None = None
    sync: tuple[Job, ...] = ()
    asyncio: tuple[Job, ...] = ()

    @property
    def version(self) -> str | None:
        """The version that is installed here, if any."""
        try:
            return metadata.version(self.distribution) if self.distribution else None
        except metadata.PackageNotFoundError:
            return None

    @property
    def installed(self) -> bool:
        """Whether it can be measured here."""
        return self.distribution is None or self.version is not None

    def load(self, flavour: Flavour) -> Any:
        """Return the class that does the jobs."""
        module = importlib.import_module(f"benchmarks.peers.{self.module}")
        return module.Sync if flavour == "sync" else module.Async


_ALL: tuple[Job, ...] = ("call", "image", "download")
_NO_FILES: tuple[Job, ...] = ("call", "image")
PEERS = (
    Peer("bare socket", "floor", sync=_ALL, asyncio=("call",)),
    Peer(BASELINE, "plain_httpx", "httpx", "import httpx", _ALL, _ALL),
    Peer(DURABLE, "httpx_fsync", sync=("download",), asyncio=("download",)),
    Peer(OURS, "ours", OURS, "from qubrid_facade import AsyncQubrid, Qubrid", _ALL, _ALL),
    Peer(FASTER, "ours_speed", "pybase64", sync=("image",), asyncio=("image",)),
    Peer(
        "generated alone",
        "generated",
        None,
        "from qubrid_api import AuthenticatedClient; from qubrid_api.api.images import create_image; "
        "from qubrid_api.models import ImageGenerationRequest",
        _NO_FILES,
        _NO_FILES,
    ),
    Peer("openai", "openai_client", "openai", "from openai import AsyncOpenAI, OpenAI", _NO_FILES, _NO_FILES),
    Peer(
        "qubrid (PyPI)",
        "qubrid_client",
        "qubrid",
        "from qubrid import AsyncQubridClient, QubridClient",
        _NO_FILES,
        _NO_FILES,
    ),
    Peer("aiohttp", "aiohttp_client", "aiohttp", "import aiohttp", (), _ALL),
)


def peers(flavour: Flavour, job: Job = "call") -> Iterator[str]:
    """Give the names of the clients that are installed and do ``job``."""
    for peer in PEERS:
        if peer.installed and job in (peer.sync if flavour == "sync" else peer.asyncio):
            yield peer.name


def named(name: str) -> Peer:
    """Return the client of this name."""
    return next(peer for peer in PEERS if peer.name == name)

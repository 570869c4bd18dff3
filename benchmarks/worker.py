"""A process that holds one client and does what it is told: a line of JSON for each job and each result.

Jobs are short, so that the parent can let the clients take turns: what the machine does meanwhile hits all.
"""

from __future__ import annotations

import asyncio
import json
import sys
import zlib
from pathlib import Path
from typing import Any

from benchmarks.clients import AsyncClient, Flavour, SyncClient, named
from benchmarks.peers import PROMPT, SMALL
from benchmarks.watch import Watch

Result = dict[str, float]


class SyncJobs:
    """The jobs with a sync client."""

    def __init__(self, kind: type[SyncClient], base: str) -> None:
        self.client = kind(base)

    def calls(self, count: int, level: int) -> Result:
        """Make ``count`` calls, one after the other."""
        assert level == 1
        self.client.call()  # connects anew, if the connection has been idle for too long
        with Watch() as watch:
            for _ in range(count):
                self.client.call()
        return {**watch.seen, "calls": count}

    def image(self) -> Result:
        """Get a picture that comes as base64, after a small one to warm up."""
        self.client.image(SMALL)
        with Watch() as watch:
            content = self.client.image(PROMPT)
        return {**watch.seen, "sum": zlib.crc32(content)}

    def download(self, path: str) -> Result:
        """Bring a picture to disk, after a small one to warm up."""
        self.client.download(self.client.link(SMALL), str(Path(path).with_name("small.png")))
        link = self.client.link(PROMPT)
        with Watch() as watch:
            self.client.download(link, path)
        return {**watch.seen, "sum": zlib.crc32(Path(path).read_bytes())}

    def close(self) -> None:
        """The process ends next; that closes everything."""


class AsyncJobs:
    """The jobs with an async client, on one event loop."""

    def __init__(self, client: AsyncClient) -> None:
        self.client = client

    @classmethod
    async def made(cls, kind: type[AsyncClient], base: str) -> AsyncJobs:
        """Make the client where its event loop runs."""
        return cls(kind(base))

    async def _several(self, calls: int) -> None:
        for _ in range(calls):
            await self.client.call()

    async def calls(self, count: int, level: int) -> Result:
        """Make ``count`` calls, ``level`` at once: each of so many tasks makes its share in a row."""
        share = max(1, count // level)
        await asyncio.gather(*(self._several(1) for _ in range(level)))
        with Watch() as watch:
            await asyncio.gather(*(self._several(share) for _ in range(level)))
        return {**watch.seen, "calls": share * level}

    async def waves(self, count: int, level: int) -> Result:
        """Make ``count`` waves of ``level`` calls at once, each when the one before is through."""
        with Watch() as watch:
            for _ in range(count):
                await asyncio.gather(*(self.client.call() for _ in range(level)))
        return {**watch.seen, "calls": count * level, "waves": count}

    async def crowd(self, level: int) -> Result:
        """Make ``level`` calls at once, after a first one."""
        await self.client.call()
        return await self.waves(1, level)

    async def image(self) -> Result:
        """Get a picture that comes as base64, after a small one to warm up."""
        await self.client.image(SMALL)
        with Watch() as watch:
            content = await self.client.image(PROMPT)
        return {**watch.seen, "sum": zlib.crc32(content)}

    async def download(self, path: str) -> Result:
        """Bring a picture to disk, after a small one to warm up."""
        await self.client.download(await self.client.link(SMALL), str(Path(path).with_name("small.png")))
        link = await self.client.link(PROMPT)
        with Watch() as watch:
            await self.client.download(link, path)
        return {**watch.seen, "sum": zlib.crc32(Path(path).read_bytes())}  # noqa: ASYNC240 - nothing else runs

    async def close(self) -> None:
        """Close the client."""
        await self.client.close()


def main(name: str, flavour: Flavour, base: str) -> None:
    """Do the jobs that standard input asks for, until it ends."""
    kind = named(name).load(flavour)
    with asyncio.Runner() as runner:

        def do(job: str, **options: Any) -> Any:
            result = getattr(jobs, job)(**options)
            return runner.run(result) if asyncio.iscoroutine(result) else result

        jobs = SyncJobs(kind, base) if flavour == "sync" else runner.run(AsyncJobs.made(kind, base))
        for line in sys.stdin:
            print(json.dumps(do(**json.loads(line))), flush=True)
        do("close")


if __name__ == "__main__":
    main(sys.argv[1], "sync" if sys.argv[2] == "sync" else "async", sys.argv[3])

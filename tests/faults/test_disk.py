"""save(): the whole file or nothing, whatever happens to the disk or the process in between."""

from __future__ import annotations

import errno
import os
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from qubrid_facade import ImageExistsError, SaveError
from tests.support.clients import World, client_of
from tests.support.pictures import b64, picture
from tests.support.wire import Close, Received, Wait, WireServer, reply

ROOT = Path(__file__).parents[2]
PNG = picture("png", (900, 900)) + bytes(300_000)

PROGRAM = """
import asyncio, os, resource, sys
from qubrid_facade import AsyncQubrid, Qubrid
kind, named, url, where, room = sys.argv[1:]
if named == "named":
    del os.O_TMPFILE
runner = asyncio.Runner()
run = runner.run if kind == "async" else lambda value: value
client = (AsyncQubrid if kind == "async" else Qubrid)(api_key="sk-qubrid-test", base_url=url)
image = run(client.images.generate("fox")).data[0]
print("ready", flush=True)
sys.stdin.readline()
if int(room):
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(room), resource.RLIM_INFINITY))
try:
    print(run(image.save(where, overwrite="over" in where)))
except OSError as exc:
    print(type(exc).__name__, exc)
run(client.close())
runner.close()
"""

NAMELESS = hasattr(os, "O_TMPFILE")
DRAFTS = [pytest.param("nameless", marks=pytest.mark.skipif(not NAMELESS, reason="Linux only")), "named"]


@pytest.fixture(params=DRAFTS)
def draft(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The two ways of writing a draft: without a name, as Linux can, and with one, as everything can."""
    if request.param == "named":
        monkeypatch.delattr(os, "O_TMPFILE", raising=False)
    return str(request.param)


def start(*arguments: object) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def service(link: bool) -> WireServer:
    def handle(request: Received) -> bytes:
        if request.method == "GET":
            return reply(200, PNG)
        return reply(200, {"data": [{"url": f"{server.url}/a"} if link else {"b64_json": b64(PNG)}]})

    server = WireServer(handle)
    return server


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_a_killed_process_leaves_nothing(tmp_path: Path, kind: str, draft: str) -> None:
    half = threading.Event()

    def handle(request: Received) -> Any:
        if request.method == "POST":
            return reply(200, {"data": [{"url": f"{server.url}/a.png"}]})
        return halfway()

    def halfway() -> Any:
        yield reply(200, PNG)[:-50_000]
        half.set()
        yield Wait()

    with WireServer(handle) as server:
        with start(kind, draft, server.base_url, tmp_path / "fox.png", 0) as process:
            assert process.stdin is not None
            process.stdin.write("\n")
            process.stdin.flush()
            assert half.wait(30)
            process.send_signal(signal.SIGKILL)
            process.wait(30)
    left = [path.name for path in tmp_path.iterdir()]
    # A draft with a name is recognised by it; one without is gone with the process.
    assert left == [] if draft == "nameless" else all(name.endswith(".part") for name in left)


@pytest.mark.parametrize(("kind", "link"), [("sync", True), ("async", True), ("sync", False)])
def test_a_full_disk_leaves_nothing(tmp_path: Path, kind: str, link: bool, draft: str) -> None:
    with service(link) as server:
        with start(kind, draft, server.base_url, tmp_path / "fox.png", 100_000) as process:
            said, _ = process.communicate("\n", timeout=30)
    assert said.startswith(f"SaveError Could not write '{tmp_path / 'fox.png'}': File too large.")
    assert "not lost" in said
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_fills_up_while_a_fetching_is_repeated_leaves_nothing(tmp_path: Path, draft: str) -> None:
    turns: list[str] = []

    def handle(request: Received) -> Any:
        if request.method == "POST":
            return reply(200, {"data": [{"url": f"{server.url}/a.png"}]})
        turns.append(request.path)
        small = PNG[:5000]
        return [reply(200, small)] if len(turns) > 1 else [reply(200, small)[:-2000], Close()]

    with WireServer(handle) as server:
        with start("sync", draft, server.base_url, tmp_path / "fox.png", 1000) as process:
            said, _ = process.communicate("\n", timeout=30)
    assert said.startswith(f"SaveError Could not write '{tmp_path / 'fox.png'}': File too large.")
    assert (len(turns), list(tmp_path.iterdir())) == (2, [])


@pytest.mark.parametrize("overwrite", [False, True])
def test_in_a_folder_that_may_be_written_but_not_read_a_file_is_saved(
    world: World, tmp_path: Path, overwrite: bool, draft: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = os.open

    def no_reading(path: Any, flags: int, *args: Any, **kwargs: Any) -> int:
        # As it is for a folder of mode 0300, but for root, who runs many tests.
        if flags == os.O_RDONLY and Path(path) == tmp_path:
            raise PermissionError(errno.EACCES, "Permission denied")
        return opened(path, flags, *args, **kwargs)

    with service(link=True) as server, client_of(world, server.base_url) as client:
        image = client.generate("fox").data[0]
        monkeypatch.setattr(os, "open", no_reading)
        assert client.save(image, tmp_path / "fox.png", overwrite=overwrite).read_bytes() == PNG
    assert list(tmp_path.iterdir()) == [tmp_path / "fox.png"]


def test_a_folder_that_cannot_be_made_durable_undoes_no_saving(
    world: World, tmp_path: Path, draft: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fsync = os.fsync

    def files_only(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.EIO, "Input/output error")
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", files_only)
    with service(link=True) as server, client_of(world, server.base_url) as client:
        saved = client.save(client.generate("fox").data[0], tmp_path / "fox.png")
    assert saved.read_bytes() == PNG


@pytest.mark.skipif(not NAMELESS, reason="Linux only")
def test_where_nothing_is_to_be_replaced_overwriting_leaves_nothing_to_a_killed_process(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Only a draft with a name is moved; one without cannot be left behind.
    monkeypatch.delattr(Path, "replace")
    with service(link=True) as server, client_of(world, server.base_url) as client:
        saved = client.save(client.generate("fox").data[0], tmp_path / "fox.png", overwrite=True)
    assert saved.read_bytes() == PNG


@pytest.mark.parametrize("overwrite", [False, True])
def test_of_processes_that_save_to_one_name_each_saves_all_or_nothing(
    tmp_path: Path, overwrite: bool, draft: str
) -> None:
    target = tmp_path / ("over.png" if overwrite else "fox.png")
    with service(link=True) as server:
        processes = [start("sync", draft, server.base_url, target, 0) for _ in range(3)]
        for process in processes:
            assert process.stdin is not None
            process.stdin.write("\n")
            process.stdin.flush()
        said = sorted(process.communicate(timeout=60)[0].split(" ")[0].strip() for process in processes)
    assert said == [str(target)] * 3 if overwrite else sorted([str(target), *["ImageExistsError"] * 2])
    assert target.read_bytes() == PNG
    assert list(tmp_path.iterdir()) == [target]


def test_the_two_ways_of_drafting_write_the_same(world: World, tmp_path: Path, draft: str) -> None:
    target = tmp_path / "deep" / "fox.png"
    with service(link=True) as server, client_of(world, server.base_url) as client:
        image = client.generate("fox").data[0]
        for _ in range(2):
            assert client.save(image, target, overwrite=True) == target
        with pytest.raises(ImageExistsError):
            client.save(image, target)
        second = client.save(image, tmp_path / "deep")
    assert target.read_bytes() == second.read_bytes() == PNG
    assert sorted(target.parent.iterdir()) == sorted([target, second])
    plain = tmp_path / "plain"
    plain.write_bytes(b"")
    assert target.stat().st_mode == plain.stat().st_mode


@pytest.mark.skipif(not NAMELESS, reason="Linux only")
@pytest.mark.parametrize("overwrite", [False, True])
def test_where_a_nameless_file_gets_no_name_it_is_copied(
    world: World, tmp_path: Path, overwrite: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = os.link

    def no_proc(source: Any, *args: Any, **kwargs: Any) -> None:
        if str(source).startswith("/proc/"):
            raise FileNotFoundError(errno.ENOENT, "No such file or directory")
        link(source, *args, **kwargs)

    monkeypatch.setattr(os, "link", no_proc)
    with service(link=True) as server, client_of(world, server.base_url) as client:
        saved = client.save(client.generate("fox").data[0], tmp_path / "fox.png", overwrite=overwrite)
    assert saved.read_bytes() == PNG
    assert list(tmp_path.iterdir()) == [saved]


@pytest.mark.parametrize("overwrite", [False, True])
def test_where_there_are_no_links_a_file_is_moved(
    world: World, tmp_path: Path, overwrite: bool, draft: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(*_: Any, **__: Any) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    with service(link=False) as server, client_of(world, server.base_url) as client:
        image = client.generate("fox").data[0]
        saved = client.save(image, tmp_path / "fox.png", overwrite=overwrite)
        with pytest.raises(ImageExistsError):
            client.save(image, tmp_path / "fox.png")
    assert saved.read_bytes() == PNG
    assert list(tmp_path.iterdir()) == [saved]


@pytest.mark.parametrize("break_at", ["fsync", "link", "replace"])
def test_an_error_at_any_step_leaves_nothing_and_the_image_stays(
    world: World, tmp_path: Path, break_at: str, draft: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise OSError(errno.EIO, "Input/output error")

    where: Callable[..., Any] | type = Path if break_at == "replace" else os  # type: ignore[assignment]
    with service(link=False) as server, client_of(world, server.base_url) as client:
        image = client.generate("fox").data[0]
        before = []
        if break_at == "replace":
            before = [client.save(image, tmp_path / "fox.png")]
        with monkeypatch.context() as patch:
            patch.setattr(where, break_at, broken)
            if break_at == "link" and draft == "nameless":
                patch.setattr("qubrid_facade._saving._move_without_replacing", broken)
            with pytest.raises(SaveError, match="Input/output error") as caught:
                client.save(image, tmp_path / "fox.png", overwrite=break_at == "replace")
        assert caught.value.errno == errno.EIO
        assert list(tmp_path.iterdir()) == before
        assert client.save(image, tmp_path / "fox.png", overwrite=True).read_bytes() == PNG

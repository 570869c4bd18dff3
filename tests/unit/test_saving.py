"""Saving: the whole file or nothing, under the right suffix, and never over another file unless told to."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from qubrid_facade import ImageExistsError, QubridError, SaveError
from tests.support.clients import World, client_of
from tests.support.pictures import b64, picture
from tests.support.wire import Received, Wait, WireServer, reply

PNG = picture("png")


def image_of(content: bytes) -> WireServer:
    return WireServer(lambda _: reply(200, {"created": 1710000000, "data": [{"b64_json": b64(content)}] * 2}))


@pytest.mark.parametrize(
    ("kind", "asked", "written"),
    [
        ("png", "fox.png", "fox.png"),
        ("png", "fox.webp", "fox.png"),
        ("png", "fox", "fox.png"),
        ("png", "fox.v1.2", "fox.v1.2.png"),
        ("jpeg", "fox.jpeg", "fox.jpeg"),
        ("jpeg", "fox.JPG", "fox.JPG"),
        ("jpeg", "fox.png", "fox.jpg"),
        ("webp", "a/b/c/fox.png", "a/b/c/fox.webp"),
        ("gif", ".hidden", ".hidden.gif"),
    ],
)
def test_the_suffix_is_what_the_bytes_are(
    world: World, tmp_path: Path, kind: str, asked: str, written: str
) -> None:
    with image_of(picture(kind)) as server, client_of(world, server.base_url) as client:
        image = client.generate("fox").data[0]
        assert client.save(image, tmp_path / asked) == tmp_path / written
    assert (tmp_path / written).read_bytes() == picture(kind)


def test_bytes_of_no_known_format_keep_the_name_that_was_asked_for(world: World, tmp_path: Path) -> None:
    with image_of(b"a new format\0") as server, client_of(world, server.base_url) as client:
        assert client.save(client.generate("fox").data[0], tmp_path / "fox.new") == tmp_path / "fox.new"


def test_a_folder_gets_free_names(world: World, tmp_path: Path) -> None:
    with image_of(PNG) as server, client_of(world, server.base_url) as client:
        result = client.generate("fox")
        names = [
            path.name
            for path in client.save(result, tmp_path / "new") + client.save(result, tmp_path / "new")
        ]
        single = client.save(result.data[0], str(tmp_path / "other") + os.sep)
    stem = "qubrid-20240309-160000"
    assert names == [f"{stem}.png", f"{stem}-2.png", f"{stem}-3.png", f"{stem}-4.png"]
    assert single == tmp_path / "other" / f"{stem}.png"


def test_a_results_own_names_may_be_overwritten(world: World, tmp_path: Path) -> None:
    with image_of(PNG) as server, client_of(world, server.base_url) as client:
        result = client.generate("fox")
        assert client.save(result, tmp_path) == client.save(result, tmp_path, overwrite=True)
    assert len(list(tmp_path.iterdir())) == 2


def test_a_name_that_is_too_long_is_a_save_error(world: World, tmp_path: Path) -> None:
    with image_of(PNG) as server, client_of(world, server.base_url) as client:
        with pytest.raises(SaveError, match="too long"):
            client.save(client.generate("fox").data[0], tmp_path / ("x" * 300))


def test_a_file_that_is_there_stays_unless_it_may_go(world: World, tmp_path: Path) -> None:
    target = tmp_path / "fox.png"
    target.write_text("mine")
    with image_of(PNG) as server, client_of(world, server.base_url) as client:
        image = client.generate("fox").data[0]
        with pytest.raises(ImageExistsError, match=r"fox.png.*overwrite=True") as caught:
            client.save(image, tmp_path / "fox.webp")
        assert target.read_text() == "mine"
        assert isinstance(caught.value, FileExistsError)
        assert isinstance(caught.value, QubridError)
        assert client.save(image, target, overwrite=True) == target
    assert target.read_bytes() == PNG
    assert list(tmp_path.iterdir()) == [target]


def test_a_place_that_cannot_be_written_is_named_and_the_image_stays(world: World, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with image_of(PNG) as server, client_of(world, server.base_url) as client:
        result = client.generate("fox")
        for thing, where in ((result.data[0], tmp_path / "file" / "fox.png"), (result, tmp_path / "file")):
            with pytest.raises(SaveError, match="not lost") as caught:
                client.save(thing, where)
            assert isinstance(caught.value, OSError)
            assert caught.value.errno
        assert client.save(result.data[0], tmp_path / "fox.png").read_bytes() == PNG


SAVER = """
import sys
from qubrid_facade import Qubrid
client = Qubrid(api_key="sk-qubrid-test", base_url=sys.argv[1])
image = client.images.generate("fox").data[0]
print("go", flush=True)
sys.stdin.readline()
try:
    print(image.save(sys.argv[2]))
except FileExistsError:
    print("exists")
"""


def test_a_process_killed_in_the_middle_leaves_no_half_file(tmp_path: Path) -> None:
    half = threading.Event()

    def handle(request: Received) -> Any:
        if request.method == "POST":
            return reply(200, {"data": [{"url": f"{server.url}/a.png"}]})

        def slowly() -> Any:
            head = reply(200, PNG + bytes(500_000), {"content-type": "image/png"})
            yield head[:300_000]
            half.set()
            yield Wait()

        return slowly()

    with WireServer(handle) as server:
        target = tmp_path / "fox.png"
        process = subprocess.Popen(
            [sys.executable, "-c", SAVER, server.base_url, str(target)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        with process:
            assert process.stdin
            process.stdin.write("\n")
            process.stdin.flush()
            assert half.wait(30)
            process.send_signal(signal.SIGKILL)
            process.wait(30)
    assert not target.exists()
    assert [path.suffix for path in tmp_path.iterdir()] in ([], [".part"])


def test_of_two_processes_that_save_to_one_name_one_wins_and_the_file_is_whole(tmp_path: Path) -> None:
    content = picture("png", (1500, 1500))
    with WireServer(lambda _: reply(200, {"data": [{"b64_json": b64(content)}]})) as server:
        target = tmp_path / "fox.png"
        command = [sys.executable, "-c", SAVER, server.base_url, str(target)]
        processes = [
            subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            for _ in range(4)
        ]
        for process in processes:
            assert process.stdout
            assert process.stdout.readline() == "go\n"
        outputs = [process.communicate("\n", timeout=60)[0].strip() for process in processes]
    assert sorted(outputs) == sorted([str(target), "exists", "exists", "exists"])
    assert target.read_bytes() == content
    assert list(tmp_path.iterdir()) == [target]

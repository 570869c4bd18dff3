"""Saving: the whole file or nothing, under the right suffix, and never over another file unless told to."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from qubrid_facade import ImageExistsError, QubridError, SaveError
from tests.support.clients import World, client_of
from tests.support.pictures import b64, picture
from tests.support.wire import WireServer, reply

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


@pytest.mark.parametrize(
    ("name", "number", "reason"),
    [
        ("x" * 300 + ".png", errno.ENAMETOOLONG, "too long"),
        ("a\0b.png", errno.EINVAL, "null"),
        ("no\0folder/a.png", errno.EINVAL, "null"),
        ("\ud800.png", errno.EINVAL, "surrogates"),
        ("file/a.png", errno.ENOTDIR, "Not a directory"),
    ],
)
@pytest.mark.parametrize("overwrite", [False, True])
def test_a_name_that_no_file_can_have_is_a_save_error_that_says_why(
    world: World, tmp_path: Path, name: str, number: int, reason: str, overwrite: bool
) -> None:
    (tmp_path / "file").write_text("mine")
    with image_of(PNG) as server, client_of(world, server.base_url) as client:
        with pytest.raises(SaveError, match="not lost") as caught:
            client.save(client.generate("fox").data[0], tmp_path / name, overwrite=overwrite)
    error = caught.value
    assert (error.errno, error.filename) == (number, str(tmp_path / name))
    assert reason in str(error.strerror)
    assert f"{str(tmp_path / name)!r}: {error.strerror}" in str(error)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_nowhere_is_not_the_current_folder(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with image_of(PNG) as server, client_of(world, server.base_url) as client:
        result = client.generate("fox")
        for thing in (result, result.data[0]):
            with pytest.raises(SaveError, match=r"path is empty.*not lost"):
                client.save(thing, "")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_stays_unless_it_may_go(world: World, tmp_path: Path) -> None:
    target = tmp_path / "fox.png"
    target.write_text("mine")
    with image_of(PNG) as server, client_of(world, server.base_url) as client:
        image = client.generate("fox").data[0]
        with pytest.raises(ImageExistsError, match=r"fox.png.*overwrite=True") as caught:
            client.save(image, tmp_path / "fox.webp")
        assert target.read_text() == "mine"
        assert isinstance(caught.value, FileExistsError)
        assert caught.value.strerror == "File exists"
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
            assert (caught.value.errno, caught.value.strerror) != (None, None)
        assert client.save(result.data[0], tmp_path / "fox.png").read_bytes() == PNG

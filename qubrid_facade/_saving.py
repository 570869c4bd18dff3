"""Writing pictures to disk: the whole file or nothing, and never over another file unless told to."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from ._errors import ImageExistsError, SaveError
from ._formats import HEAD_BYTES, Format, format_of_media_type, sniff

StrPath = str | os.PathLike[str]

_NOT_LOST = "The image is not lost: save() again to another place, or read() its bytes"

# File systems that have no hard links say so with one of these.
_NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EXDEV}


class Draft:
    """A file being written in its target's folder, until :meth:`publish` gives it the target's name.

    Whatever happens in between (an error, a full disk, the process killed), the target is not there or is
    the whole file; :meth:`discard` removes the draft. Where the system can, the draft has no name at all, so
    that not even a killed process leaves one behind; elsewhere it has a temporary one. So it has for a moment
    where it replaces another file: no system can give a file without a name the name of another.

    Args:
        folder: Where to write.
        name: What the file is to be called, as far as it is known, for messages.
    """

    def __init__(self, folder: Path, name: str | None = None) -> None:
        self.folder = folder
        self.asked = folder / (name or "")
        self.head = b""
        self._path: Path | None = None
        self._file: IO[bytes] | None = None

    def write(self, chunk: bytes) -> None:
        """Append ``chunk``."""
        with _as_save_error(self.asked):
            if self._file is None:
                self._open()
            if len(self.head) < HEAD_BYTES:
                self.head += chunk[: HEAD_BYTES - len(self.head)]
            assert self._file is not None  # noqa: S101 - for the type checker: _open() has set it
            self._file.write(chunk)

    def restart(self) -> None:
        """Forget what was written, to write it again."""
        # Another file: on a full disk, this one could not even be emptied.
        self.discard()
        self.head = b""

    def publish(self, target: Callable[[int], Path], *, overwrite: bool) -> Path:
        """Make the draft durable and give it the first free one of the target's names.

        Args:
            target: Returns the n-th name to try, counting from 0, or the same again if it has no other.
            overwrite: Replace what has the first name.

        Raises:
            ImageExistsError: No name was free.
            SaveError: The operating system refused.
        """
        if self._file is None:
            self.write(b"")
        assert self._file is not None  # noqa: S101 - as in write()
        path = target(0)
        with _as_save_error(path):
            self._file.flush()
            os.fsync(self._file.fileno())
            number = 0
            while True:
                try:
                    self._name(path, overwrite=overwrite)
                    break
                except FileExistsError as exc:
                    number += 1
                    following = target(number)
                    if following == path:
                        raise ImageExistsError(
                            f"There is a file at {str(path)!r} already",
                            filename=str(path),
                            errno=exc.errno,
                            strerror=exc.strerror,
                            hint="Choose another name, or pass overwrite=True",
                        ) from None
                    path = following
        self.discard()
        _sync_folder(path.parent)
        return path

    def discard(self) -> None:
        """Remove the draft, if it was not published. Never raises: what matters more is on its way."""
        if self._file is not None:
            with contextlib.suppress(OSError):
                self._file.close()
        if self._path is not None:
            with contextlib.suppress(OSError):
                self._path.unlink(missing_ok=True)
        self._path = self._file = None

    def _open(self) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except FileExistsError:
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR)) from None
        self._file = _open_nameless(self.folder) or self._open_named()

    def _open_named(self) -> IO[bytes]:
        path = self._temporary()
        # "x" keeps the mode that the user's umask asks for, unlike the tempfile module's 0600.
        file = path.open("xb")
        self._path = path
        return file

    def _temporary(self) -> Path:
        return self.folder / f".qubrid-{os.urandom(8).hex()}.part"

    def _name(self, path: Path, *, overwrite: bool) -> None:
        """Give the draft the name ``path``, or raise FileExistsError."""
        assert self._file is not None  # noqa: S101 - as in write()
        if self._path is None and self._linked(self._file, path, overwrite=overwrite):
            return
        assert self._path is not None  # noqa: S101 - for the type checker
        self._file.close()
        if overwrite:
            self._path.replace(path)
        else:
            _move_without_replacing(self._path, path)
        self._path = None

    def _linked(self, nameless: IO[bytes], path: Path, *, overwrite: bool) -> bool:
        """Give the draft the name ``path`` if that is free, else a temporary one; tell which."""
        try:
            _link_nameless(nameless, path)
        except FileExistsError:
            if not overwrite:
                raise
        except OSError:
            self._file = self._copied_to_named(nameless)
            return False
        else:
            return True
        # Known before it is there, so that it is removed whenever an interrupt strikes.
        self._path = self._temporary()
        _link_nameless(nameless, self._path)
        return False

    def _copied_to_named(self, nameless: IO[bytes]) -> IO[bytes]:
        named = self._open_named()
        with nameless:
            nameless.seek(0)
            shutil.copyfileobj(nameless, named)
        named.flush()
        os.fsync(named.fileno())
        return named


def _open_nameless(folder: Path) -> IO[bytes] | None:
    """Return a new file without a name in ``folder``, or None where there is no such thing (Linux has it)."""
    flag = getattr(os, "O_TMPFILE", None)
    if flag is None:
        return None
    try:
        return os.fdopen(os.open(folder, flag | os.O_RDWR, 0o666), "w+b")
    except OSError:
        # If it is the folder that is to blame, making a file with a name will tell.
        return None


def _link_nameless(file: IO[bytes], path: Path) -> None:
    """Give the nameless ``file`` the name ``path``, or raise FileExistsError."""
    # O_PATH, which Linux has: the folder need not be readable.
    descriptor = os.open(path.parent, getattr(os, "O_PATH", os.O_RDONLY))
    try:
        # With a folder's descriptor, Python makes the call that follows the link to the file.
        os.link(
            f"/proc/self/fd/{file.fileno()}",
            path.name,
            src_dir_fd=descriptor,
            dst_dir_fd=descriptor,
            follow_symlinks=True,
        )
    finally:
        os.close(descriptor)


def checked_path(path: StrPath) -> Path:
    """Return ``path`` as one.

    Raises:
        SaveError: It is empty, as a variable is that nobody has set; the current folder is not meant by that.
    """
    if not os.fspath(path):
        raise SaveError(
            "Could not write: the path is empty",
            filename="",
            errno=errno.ENOENT,
            strerror=os.strerror(errno.ENOENT),
            hint=_NOT_LOST,
        )
    return Path(path)


def folder_of(path: StrPath) -> tuple[Path, str | None]:
    """Return the folder and the file name that ``path`` asks for; no name if it means a folder.

    Raises:
        SaveError: It is empty.
    """
    found = checked_path(path)
    text = os.fspath(path)
    try:
        is_folder = found.is_dir()
    except (OSError, ValueError):
        is_folder = False  # what is wrong with the path is told when it is written to
    if text.endswith((os.sep, "/")) or is_folder:
        return found, None
    return found.parent, found.name


def name_for(name: str, head: bytes, media_type: str | None) -> str:
    """Return ``name`` with the suffix that the picture beginning with ``head`` should have.

    A suffix that fits is kept (``.jpeg`` stays), another picture format's is replaced, and anything else,
    which may be part of the name, is kept and followed by the right one. If the format is unknown, so is the
    right suffix, and the name stays.
    """
    found: Format | None = sniff(head) or format_of_media_type(media_type)
    if found is None:
        return name
    stem, dot, suffix = name.rpartition(".")
    if dot and stem and suffix:
        if f".{suffix.lower()}" in found.suffixes:
            return name
        if format_of_media_type(f"image/{suffix}") or suffix.lower() in {
            "jpg",
            "jpe",
            "tif",
            "svg",
            "img",
            "image",
        }:
            return stem + found.suffixes[0]
    return name.rstrip(".") + found.suffixes[0]


def numbered(folder: Path, name: str) -> Callable[[int], Path]:
    """Return a function that gives ``name``, then ``name`` with -2, -3, … before its suffix."""
    stem, suffix = os.path.splitext(name)  # noqa: PTH122 - Path.suffix would split names such as "v1.5"

    def nth(number: int) -> Path:
        return folder / (name if number == 0 else f"{stem}-{number + 1}{suffix}")

    return nth


def _move_without_replacing(draft: Path, path: Path) -> None:
    """Give ``draft`` the name ``path``, or raise FileExistsError; also when another process does the same."""
    try:
        os.link(draft, path)
    except FileExistsError:
        raise
    except (OSError, NotImplementedError, AttributeError) as exc:
        if isinstance(exc, OSError) and exc.errno not in _NO_LINKS:
            raise
        # Reserve the name first: of two processes only one can create it.
        with path.open("xb"):
            pass
        try:
            draft.replace(path)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
    else:
        draft.unlink()


def _sync_folder(folder: Path) -> None:
    """Make the new name in ``folder`` durable, as far as may be: the file itself is, and is there whole."""
    if os.name != "posix":
        return
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextlib.contextmanager
def _as_save_error(path: Path) -> Iterator[None]:
    try:
        yield
    except SaveError:
        raise
    except (OSError, ValueError) as exc:
        # Python itself refuses names that no system can have.
        number, words = (exc.errno, exc.strerror) if isinstance(exc, OSError) else (errno.EINVAL, None)
        words = words or str(exc)
        raise SaveError(
            f"Could not write {str(path)!r}: {words}",
            filename=str(path),
            errno=number,
            strerror=words,
            hint=_NOT_LOST,
        ) from None

"""Where pictures go: looked at before anything is paid for, and never the end of a picture that was."""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from qubrid_facade import ImageExistsError, SaveError
from qubrid_facade._formats import HEAD_BYTES
from qubrid_facade._saving import Draft, folder_of, name_for, numbered

from .names import name_from_prompt


class Saved(NamedTuple):
    """A file that was written, and why it is not where it was asked for, if it is not."""

    path: Path
    trouble: SaveError | None


@dataclass
class Destination:
    """A folder, and the name that its files begin with.

    Attributes:
        folder: The folder.
        name: The first file's name; the suffix is corrected to what the bytes are.
        overwrite: Replace files that were there before.
    """

    folder: Path
    name: str
    overwrite: bool = False
    _made: list[Path] = field(default_factory=list)
    _written: int = 0

    @classmethod
    def prepare(cls, output: str | None, prompt: str, *, overwrite: bool) -> Destination:
        """Return where ``output`` means, after making sure that a file can be written there.

        Raises:
            SaveError: None can, or there is a file already that may not be replaced.
        """
        folder, name = (Path(), None) if output is None else folder_of(os.path.expanduser(output))  # noqa: PTH111 - keeps a slash at the end
        destination = cls(folder, name or name_from_prompt(prompt), overwrite)
        if name is not None and not overwrite and os.path.lexists(folder / name):
            raise ImageExistsError(
                f"There is a file at {str(folder / name)!r} already",
                filename=str(folder / name),
                hint="Choose another name, or give --overwrite; nothing was sent",
            )
        destination._try()
        return destination

    def save(self, content: bytes, media_type: str | None, suffix: str | None = None) -> Saved:
        """Write ``content`` under the next name that is free, if need be somewhere else.

        Args:
            content: The file's bytes.
            media_type: Its Content-Type, if known.
            suffix: Instead of the one that fits a picture, for what is none.

        Raises:
            SaveError: It could be written nowhere.
        """
        name = self.name + suffix if suffix else name_for(self.name, content[:HEAD_BYTES], media_type)
        trouble: SaveError | None = None
        for folder in dict.fromkeys((self.folder, Path(), Path(tempfile.gettempdir()))):
            # What is kept elsewhere replaces nothing there.
            overwrite = self.overwrite and trouble is None
            try:
                path = _write(content, folder, self._names(folder, name, overwrite), overwrite=overwrite)
            except SaveError as error:
                trouble = trouble or error
                continue
            self._written += 1
            return Saved(path, trouble)
        assert trouble is not None  # noqa: S101 - there is at least one folder to try
        raise trouble

    def tidy(self) -> None:
        """Remove the folders that were made for pictures, if there were none."""
        for folder in self._made:
            with contextlib.suppress(OSError):
                folder.rmdir()

    def _names(self, folder: Path, name: str, overwrite: bool) -> Callable[[int], Path]:
        nth = numbered(folder, name)
        # Overwriting means what was there before, not the pictures of this run.
        return (lambda _: nth(self._written)) if overwrite else nth

    def _try(self) -> None:
        """Make the folder and write a file in it, which tells more than permissions do."""
        probe = self.folder / f".{self.name}.{secrets.token_hex(4)}.part"
        try:
            missing = [one for one in (self.folder, *self.folder.parents) if not one.exists()]
            self.folder.mkdir(parents=True, exist_ok=True)
            self._made = missing
            probe.write_bytes(b"")
            probe.unlink()
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            if isinstance(error, FileExistsError | NotADirectoryError):
                reason = "a part of its path is a file"
            raise SaveError(
                f"Cannot write to the folder {str(self.folder)!r}: {reason}",
                filename=str(self.folder),
                errno=getattr(error, "errno", None),
                strerror=str(reason),
                hint="Choose another place with --output; nothing was sent",
            ) from None


def _write(content: bytes, folder: Path, names: Callable[[int], Path], *, overwrite: bool) -> Path:
    draft = Draft(folder, names(0).name)
    try:
        draft.write(content)
        return draft.publish(names, overwrite=overwrite)
    finally:
        draft.discard()

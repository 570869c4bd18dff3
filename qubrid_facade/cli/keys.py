"""The key: from a file or the environment, never from the command line."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Final

from qubrid_facade import ConfigurationError

_LONGEST: Final = 64 * 1024
_WHERE: Final = "keys are made on the API-keys page of platform.qubrid.com"


def find_key(key_file: str | None, warn: Callable[[str], None]) -> str:
    """Return the key.

    Args:
        key_file: A file whose first line it is; else the environment's ``QUBRID_API_KEY``.
        warn: Called with a text if others can read the file.

    Raises:
        ConfigurationError: There is none.
    """
    if key_file is not None:
        return _read(os.path.expanduser(key_file), warn)  # noqa: PTH111 - a plain string, for the messages
    key = os.environ.get("QUBRID_API_KEY")
    if not key:
        raise ConfigurationError(
            "There is no API key",
            hint=f"Set QUBRID_API_KEY, or give --key-file ({_WHERE}); --sandbox needs none",
        )
    return key


def _read(name: str, warn: Callable[[str], None]) -> str:
    shown = _shown(name)
    try:
        with Path(name).open("rb") as file:
            status = os.fstat(file.fileno())
            line = file.readline(_LONGEST)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "this cannot be the name of a file"
        raise ConfigurationError(
            f"--key-file {shown} cannot be read: {reason}", hint="Nothing was sent"
        ) from None
    if stat.S_ISREG(status.st_mode) and os.name == "posix" and status.st_mode & (stat.S_IRGRP | stat.S_IROTH):
        warn(
            f"other users may read the key in {shown} (mode {stat.S_IMODE(status.st_mode):04o}); "
            f"'chmod 600' makes it yours alone."
        )
    try:
        key = line.decode("utf-8-sig").removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError:
        raise ConfigurationError(
            f"--key-file {shown} is no text file", hint="Its first line should be the key; nothing was sent"
        ) from None
    if not key:
        raise ConfigurationError(
            f"--key-file {shown}: the first line is empty", hint=f"It should be the key; {_WHERE}"
        )
    return key


def _shown(name: str) -> str:
    """Return the file's name for a message, unless it may be a key that was given by mistake."""
    if len(name) >= 16 and os.sep not in name and not Path(name).exists():
        return "(a name not shown here, since it may be a key)"
    return repr(name)

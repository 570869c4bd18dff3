"""The script that tells the sandbox to misbehave: its grammar, and what is left of it."""

from __future__ import annotations

import math
import re
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, NamedTuple, get_args

Form = Literal["url", "b64", "data", "raw"]
Cut = Literal["reset", "start", "headers", "body"]

_FOREVER: Final = 0
_PIECE = re.compile(r'(?:[^";,]|"[^"]*")+|[;,]|"')
_NAME = re.compile(r"[A-Za-z0-9_.-]{1,64}")


@dataclass(frozen=True)
class Step:
    """What to do with one API request, or with several in a row. The defaults are good behaviour."""

    status: int | None = None
    code: str | None = None
    retry_after: str | None = None
    delay: float = 0.0
    form: Form | None = None
    html: int | None = None
    empty: bool = False
    cut: Cut | None = None
    no_answer: bool = False
    image_status: int | None = None
    truncate_image: bool = False
    image_times: int | None = None
    times: int = 1


class _Key(NamedTuple):
    """A word of the grammar: the field that it sets, how its value is read, and what to say is allowed."""

    field: str
    read: Callable[[str], Any]
    allowed: str


def _whole(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        number = int(text) if re.fullmatch(r"\d{1,9}", text) else -1
        if not least <= number <= most:
            raise ValueError
        return number

    return read


def _seconds(text: str) -> float:
    number = float(text)
    if not (math.isfinite(number) and 0 <= number <= 3600):
        raise ValueError
    return number


def _one_of(*words: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in words:
            raise ValueError
        return text

    return read


def _header_text(text: str) -> str:
    if not text.isprintable() or not text.isascii():
        raise ValueError
    return text


def _name(text: str) -> str:
    if not _NAME.fullmatch(text):
        raise ValueError
    return text


_ERROR = "a status from 400 to 599"
_KEYS: Final[dict[str, _Key]] = {
    "status": _Key("status", _whole(400, 599), _ERROR),
    "code": _Key("code", _name, "the code of an error, such as content_policy_violation"),
    "retry-after": _Key("retry_after", _header_text, "the header's text, in ASCII"),
    "delay": _Key("delay", _seconds, "seconds from 0 to 3600"),
    "form": _Key("form", _one_of(*get_args(Form)), " ".join(get_args(Form))),
    "html": _Key("html", _whole(200, 599), "a status from 200 to 599"),
    "cut": _Key("cut", _one_of(*get_args(Cut)), " ".join(get_args(Cut))),
    "image-status": _Key("image_status", _whole(400, 599), _ERROR),
    "image-times": _Key("image_times", _whole(1, 1_000_000), "a number from 1"),
    "times": _Key("times", _whole(1, 1_000_000), "a number from 1"),
}
_FLAGS: Final[dict[str, tuple[str, Any]]] = {
    "empty": ("empty", True),
    "no-answer": ("no_answer", True),
    "truncate-image": ("truncate_image", True),
    "forever": ("times", _FOREVER),
}
_OK: Final = "ok"
WORDS: Final = (*_KEYS, *_FLAGS, _OK)
# Pairs that leave no sense to the second: what decides the whole answer stands alone.
_EXCLUSIVE: Final = (
    ("status", "html"),
    ("code", "html"),
    ("no-answer", "status", "code", "html", "empty", "cut", "form", "delay", "retry-after"),
    ("form", "status", "code", "html", "empty"),
    ("image-status", "status", "code", "html", "empty", "no-answer", "truncate-image"),
    ("truncate-image", "status", "code", "html", "empty", "no-answer"),
    ("times", "forever"),
)


def parse(script: str) -> tuple[Step, ...]:
    """Read a script: steps between commas, each made of words and ``key=value`` pairs between semicolons.

    A value that holds a comma or a semicolon stands in double quotes. ``ok`` is a step of good behaviour.

    Raises:
        ValueError: The script breaks the grammar; the message names the piece and what is allowed.
    """
    return tuple(_step(pieces) for pieces in _split(script))


def parse_error_key(key: str) -> Step | None:
    """Read a key that asks for an error, ``sandbox-error-<status>`` or ``sandbox-error-<status>-<code>``.

    Returns:
        The error as a step, or None for every other key.

    Raises:
        ValueError: The key begins like one that asks for an error, and goes on otherwise.
    """
    if not key.startswith("sandbox-error"):
        return None
    found = re.fullmatch(r"sandbox-error-([45]\d\d)(?:-([A-Za-z0-9_.-]{1,64}))?", key)
    if found is None:
        raise ValueError(
            "a key that asks for an error is sandbox-error-<status> or sandbox-error-<status>-<code>, "
            "with a status from 400 to 599"
        )
    return Step(status=int(found[1]), code=found[2])


class Script:
    """Steps that are yet to come; safe to use from several threads."""

    def __init__(self, scripts: Iterable[str] = ()) -> None:
        self._lock = threading.Lock()
        self._steps: deque[Step] = deque()
        self.replace(scripts)

    def replace(self, scripts: Iterable[str]) -> None:
        """Forget what is left and take these scripts, one after the other; all of them or none."""
        steps = [step for script in scripts for step in parse(script)]
        with self._lock:
            self._steps = deque(steps)

    def next(self) -> Step:
        """Take the step for one request; good behaviour when none is left."""
        with self._lock:
            if not self._steps:
                return Step()
            step = self._steps[0]
            if step.times == 1:
                self._steps.popleft()
            elif step.times != _FOREVER:
                self._steps[0] = replace(step, times=step.times - 1)
            return step


def _split(script: str) -> Iterator[list[str]]:
    """Cut a script into steps, and those into pieces, minding quotes."""
    pieces: list[str] = []
    piece = ""
    for mark in _PIECE.findall(script):
        if mark == '"':
            raise ValueError(f"script {script!r}: a double quote is never closed")
        if mark in ";,":
            pieces.append(piece.strip())
            piece = ""
            if mark == ",":
                yield pieces
                pieces = []
        else:
            piece = mark
    yield [*pieces, piece.strip()]


def _step(pieces: list[str]) -> Step:
    seen: dict[str, str] = {}
    settings: dict[str, Any] = {}
    for piece in pieces:
        word, equals, text = piece.partition("=")
        word, text = word.strip().lower(), text.strip()
        quoted = len(text) > 1 and text[0] == text[-1] == '"'
        text = text[1:-1] if quoted else text
        if word in seen:
            raise ValueError(f"{piece!r} in the script: '{word}' was said already in this step")
        if not equals and (word in _FLAGS or word == _OK):
            seen[word] = piece
            settings.update([_FLAGS[word]] if word in _FLAGS else [])
            continue
        key = _KEYS.get(word)
        if key is None or not equals:
            raise ValueError(_unknown(piece, key))
        try:
            settings[key.field] = key.read(text)
        except ValueError:
            raise ValueError(f"{piece!r} in the script: '{word}' takes {key.allowed}") from None
        seen[word] = piece
    for word, *others in _EXCLUSIVE:
        clash = next((other for other in others if other in seen), None)
        if word in seen and clash:
            raise ValueError(f"{seen[clash]!r} in the script does not go together with {seen[word]!r}")
    if "image-times" in seen and not {"image-status", "truncate-image"} & set(seen):
        raise ValueError(
            "'image-times' in the script says how often 'image-status' or 'truncate-image' happens"
        )
    return Step(**settings)


def _unknown(piece: str, key: _Key | None) -> str:
    if key is not None:
        return f"{piece!r} in the script needs a value: {key.allowed}"
    keys = ", ".join(f"{word}=…" for word in _KEYS)
    return (
        f"{piece!r} in the script is none of {keys}, {', '.join(_FLAGS)}, {_OK}; "
        "a value with a comma or semicolon in it stands in double quotes"
    )

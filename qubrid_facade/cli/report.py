"""What is printed: results on stdout, everything else on stderr; for people, or as JSON."""

from __future__ import annotations

import json
import traceback
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import click

from .exits import INTERRUPTED, status_for
from .wording import for_command_line, what_happened, what_to_do, without_controls

if TYPE_CHECKING:
    from qubrid_facade import QubridError


@dataclass(frozen=True)
class Picture:
    """A picture that was made and saved."""

    path: str
    model: str | None
    seed: int | None
    request_id: str | None
    attempts: int
    url: str | None
    created: str | None

    def line(self) -> str:
        """Return what a person is told about it."""
        seed = "no seed given" if self.seed is None else f"seed {self.seed}"
        return f"{self.path}  ({self.model}, {seed}, request {self.request_id or 'without an id'})"


@dataclass
class Report:
    """Says what happens, and remembers the exit status.

    Attributes:
        as_json: Pictures as one JSON document on stdout, errors as a line of JSON each on stderr.
        quiet: Only paths and errors.
        debug: Errors with their tracebacks.
        redact: Takes the key out of a text.
        status: The exit status so far: that of the first error.
    """

    as_json: bool = False
    quiet: bool = False
    debug: bool = False
    redact: Callable[[str], str] = str
    status: int = 0
    _pictures: list[Picture] = field(default_factory=list)

    def picture(self, picture: Picture) -> None:
        """Tell about a picture."""
        self._pictures.append(picture)
        if not self.as_json:
            click.echo(picture.path if self.quiet else without_controls(picture.line()))

    def finish(self) -> None:
        """Print what is printed at the end."""
        if self.as_json:
            click.echo(
                json.dumps([asdict(picture) for picture in self._pictures], indent=2, ensure_ascii=False)
            )

    def note(self, text: str) -> None:
        """Tell something that is good to know."""
        if not self.quiet and not self.as_json:
            self._say(text)

    def warn(self, text: str) -> None:
        """Tell something that should be seen to."""
        if self.as_json:
            self._say_json({"warning": text})
        else:
            self._say(f"Warning: {text}")

    def failure(
        self, error: QubridError, *, which: str = "", remedy: str | None = None, **facts: Any
    ) -> None:
        """Tell about an error.

        Args:
            error: The error.
            which: The picture that it is about, if there are several.
            remedy: What to do, if more can be said about it than the error knows.
            **facts: What else a program should know.
        """
        status = status_for(error)
        self.status = self.status or status
        todo = remedy if remedy is not None else what_to_do(error)
        trace = "".join(traceback.format_exception(error)).rstrip() if self.debug else None
        if self.as_json:
            document = {
                "class": type(error).__name__,
                "message": for_command_line(error.message),
                "remedy": todo,
                "outcome": error.outcome,
                "status": getattr(error, "status_code", None),
                "type": getattr(error, "type", None),
                "code": getattr(error, "code", None),
                "param": getattr(error, "param", None),
                "request_id": error.request_id,
                "attempts": error.attempts,
                "exit_status": status,
                **facts,
                **({"traceback": trace} if trace else {}),
            }
            self._say_json({"error": document})
        else:
            if trace:
                self._say(trace)
            where = f"{which}: " if which else ""
            self._say(f"Error: {where}{what_happened(error)}" + (f"\n{todo}" if todo else ""))

    def interrupted(self, text: str, **facts: Any) -> None:
        """Tell that the user stopped it, and what that means."""
        self.status = INTERRUPTED
        if self.as_json:
            self._say_json(
                {
                    "error": {
                        "class": "KeyboardInterrupt",
                        "message": text,
                        "exit_status": INTERRUPTED,
                        **facts,
                    }
                }
            )
        else:
            self._say(text)

    def _say(self, text: str) -> None:
        click.echo(self.redact(without_controls(text)), err=True)

    def _say_json(self, document: dict[str, Any]) -> None:
        click.echo(self.redact(json.dumps(document, ensure_ascii=False)), err=True)

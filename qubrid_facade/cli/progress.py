"""The line that shows, while waiting, for what and how long."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal

from .._text import sentence
from .wording import briefly, in_a_line

if TYPE_CHECKING:
    from rich.console import ConsoleRenderable

    from qubrid_facade import QubridError

Phase = Literal["idle", "asking", "waiting", "fetching"]


class Progress:
    """What is going on, for the line on the terminal and for what to say when it is interrupted.

    Args:
        total: How many pictures there are to be.
        attempts: How many attempts each may take.
        live: Show a line on stderr that keeps moving.
        tell: Called with a line for each retry, where there is no such line.
        clock: The time in seconds.

    Attributes:
        doubtful: Whether an earlier attempt at this picture may have been carried out.
    """

    def __init__(
        self,
        total: int,
        attempts: int,
        *,
        live: bool,
        tell: Callable[[str], None] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._total = total
        self._attempts = attempts
        self._live = live
        self._tell = tell
        self._clock = clock
        self._model = ""
        self._number = self._attempt = 1
        self._started = self._wait_ends = 0.0
        self._last = ""
        self._phase: Phase = "idle"
        self.doubtful = False
        self._dot = "·"

    @property
    def phase(self) -> Phase:
        """What is under way: a request, the wait before the next one, fetching the picture, or nothing."""
        if self._phase == "asking" and self._clock() < self._wait_ends:
            return "waiting"
        return self._phase

    @contextmanager
    def asking(self, number: int, model: str) -> Iterator[None]:
        """Show the line for picture ``number`` while the block runs."""
        self._number, self._attempt, self._last, self._model = number, 1, "", model
        self._started = self._clock()
        self._wait_ends = 0.0
        self.doubtful = False
        self._phase = "asking"
        try:
            with self._shown():
                yield
        except Exception:
            self._phase = "idle"
            raise
        # Not after an interrupt: the phase that it struck in is of interest.
        self._phase = "idle"

    def fetching(self) -> None:
        """Go over from asking for the picture to fetching it."""
        self._phase = "fetching"

    def on_retry(self, error: QubridError, attempt: int, wait: float) -> None:
        """Take note of a retry; the client calls it."""
        self._attempt = attempt + 1
        self._wait_ends = self._clock() + wait
        self.doubtful = self.doubtful or error.outcome == "unknown"
        self._last = f"{briefly(error)}, waited {wait:.1f} s"
        if self._tell is not None and not self._live:
            self._tell(
                f"Attempt {attempt} of {self._attempts} failed: {sentence(in_a_line(error))} "
                f"Trying again in {wait:.1f} s."
            )

    def line(self) -> str:
        """Return the line as it is now."""
        parts = [self._model, f"{self._clock() - self._started:.1f} s"]
        if self._total > 1:
            parts.insert(1, f"picture {self._number} of {self._total}")
        phase = self.phase
        if phase == "waiting":
            left = max(0.0, self._wait_ends - self._clock())
            why = self._last.partition(",")[0]
            parts.append(f"attempt {self._attempt} of {self._attempts} in {left:.1f} s (after {why})")
        elif self._attempt > 1:
            parts.append(f"attempt {self._attempt} of {self._attempts} ({self._last})")
        if phase == "fetching":
            parts.append("fetching the picture")
        return f" {self._dot} ".join(parts)

    @contextmanager
    def _shown(self) -> Iterator[None]:
        if not self._live:
            yield
            return
        from rich.console import Console
        from rich.live import Live

        console = Console(stderr=True)
        plain = not console.encoding.lower().startswith("utf")
        self._dot = "-" if plain else "·"
        line = _renderable(self, "line" if plain else "dots")
        # Redirecting would send the results, which go to stdout, through the console, to stderr.
        with Live(
            line,
            console=console,
            transient=True,
            refresh_per_second=10,
            redirect_stdout=False,
            redirect_stderr=False,
        ):
            yield


def _renderable(progress: Progress, spinner_name: str) -> ConsoleRenderable:
    from rich.console import Console, ConsoleOptions, RenderResult
    from rich.spinner import Spinner
    from rich.text import Text

    class Line:
        """Asks for the text anew at each refresh."""

        def __init__(self) -> None:
            self.spinner = Spinner(spinner_name)

        def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
            sign = self.spinner.render(console.get_time())
            text = sign if isinstance(sign, Text) else Text()
            yield Text.assemble(text, " ", progress.line(), no_wrap=True, overflow="ellipsis")

    return Line()

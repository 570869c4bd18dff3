"""Interrupting a call at any of its lines."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any


def interrupted(call: Callable[[], Any], line: int) -> tuple[BaseException | None, int]:
    """Run ``call``, interrupt it at its ``line``-th line, of whatever file, and return how it ended.

    In a thread of its own: an interrupt that a trace function raises can leave the thread with an exception
    that it takes for being handled ever after, and for the context of all that follows.
    """
    count = 0
    ended: BaseException | None = None

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal count
        # httpcore's own lock, interrupted between two of its lines, stays locked: nothing can be done here.
        if event == "line" and not frame.f_code.co_filename.endswith("_synchronization.py"):
            count += 1
            if count == line:
                sys.settrace(None)
                raise KeyboardInterrupt
        return trace

    def run() -> None:
        nonlocal ended
        sys.settrace(trace)
        try:
            call()
        except BaseException as exc:  # noqa: BLE001 - that is what is looked at
            ended = exc
        finally:
            sys.settrace(None)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return ended, count

"""What a job costs the process that does it: time, processor time, and memory.

Memory is what the system says (the resident size) and not what tracemalloc does: that contains what the
allocator, C extensions and copies cost, and watching it takes no time. Linux lets a process set the highest
point back; elsewhere only what goes beyond the highest so far is seen, so that fresh processes are needed.
"""

from __future__ import annotations

import gc
import resource
import sys
import time
from pathlib import Path

_STATUS = Path("/proc/self/status")
_CLEAR = Path("/proc/self/clear_refs")


def _field(name: str) -> int:
    lines = _STATUS.read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(name))


def _highest() -> int:
    if _STATUS.exists():
        return _field("VmHWM:")
    highest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return highest if sys.platform == "darwin" else highest * 1024


def _resident() -> int:
    return _field("VmRSS:") if _STATUS.exists() else _highest()


class Watch:
    """Measures what passes while it is entered."""

    def __enter__(self) -> Watch:
        gc.collect()
        if _CLEAR.exists():
            _CLEAR.write_text("5")
        self._resident = _resident()
        self._wall, self._cpu = time.perf_counter(), time.process_time()
        return self

    def __exit__(self, *_: object) -> None:
        cpu, wall = time.process_time() - self._cpu, time.perf_counter() - self._wall
        peak = max(0, _highest() - self._resident)
        gc.collect()
        self.seen: dict[str, float] = {
            "wall": wall,
            "cpu": cpu,
            "peak": peak,  # how far memory rose above where it was
            "kept": _resident() - self._resident,  # and how much of that has stayed
        }

"""Tells how long this process's threads wait for a processor: a busy machine is no slow line."""

from __future__ import annotations

from pathlib import Path

HIGH_PART = 0.2
"""From this part of the time on, measured times say nothing about the line."""
_TASKS = Path("/proc/self/task")


def waited_s() -> float:
    """Return for how many seconds our threads have been ready to run without a processor.

    Summed over the threads that live now; 0 where the system does not tell.

    Source: Linux, Documentation/scheduler/sched-stats.rst, `/proc/<pid>/schedstat`.
    """
    waited_ns = 0
    try:
        tasks = list(_TASKS.iterdir())
    except OSError:
        return 0.0
    for task in tasks:
        try:
            waited_ns += int((task / "schedstat").read_text("ascii").split()[1])
        except (OSError, ValueError, IndexError):
            continue
    return waited_ns / 1e9


class Contention:
    """Compares waiting with passing time, from one look to the next. Used by one thread."""

    def __init__(self) -> None:
        self._waited_s = 0.0
        self._looked_s = 0.0
        self._is_high = False

    def is_high(self, now_s: float) -> bool:
        """Tell whether the processors were fought for since the last look.

        Args:
            now_s: Monotonic clock; looks closer together than 20 ms give the same answer.
        """
        passed_s = now_s - self._looked_s
        if passed_s < 0.02:
            return self._is_high
        waited = waited_s()
        self._is_high = self._looked_s > 0 and waited - self._waited_s > HIGH_PART * passed_s
        self._waited_s, self._looked_s = waited, now_s
        return self._is_high

"""From a key to its frame at 100,000 items, on a pty: `python -m tests.benchmarks.bench_keys`.

The rows are made directly in the database; there are no files, so the program draws captions and
stand-ins. A key is answered when the first byte that it causes comes out.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.make_rows import fill
from tests.ui.pty.counting_terminal import KITTY, PLAIN, CountingTerminal

COUNT = 100_000
LIMIT_S = 0.050
KEYS = {
    "right": b"l", "down": b"j", "page down": b"J", "last": b"G", "first": b"\x1b[H", "mark": b"x",
}  # fmt: skip
_PROGRAM = """
import sys
from smartgallery_tui.library import Library
from smartgallery_tui.terminal import prepare_environment, probe
import os
prepare_environment(os.environ)
caps = probe("auto")
from smartgallery_tui.ui.app import run_app
from smartgallery_tui.ui.options import AppOptions
library = Library.open(data_dir=sys.argv[1], cache_dir=sys.argv[2])
run_app(library, caps, AppOptions(is_syncing=False))
library.close()
"""


def measure(
    data_dir: Path, cache_dir: Path, *, is_kitty: bool, rounds: int = 7
) -> dict[str, float]:
    """Return the median seconds of each key."""
    argv = [sys.executable, "-c", _PROGRAM, str(data_dir), str(cache_dir)]
    env = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "PYTHONPATH": str(Path.cwd())}
    seconds: dict[str, list[float]] = {name: [] for name in KEYS}
    with CountingTerminal(argv, KITTY if is_kitty else PLAIN, env=env) as terminal:
        terminal.wait_for(rb"/100,000", timeout_s=40)
        terminal.settle(1.0)
        for _ in range(rounds):
            for name, key in KEYS.items():  # in this order each of them changes the screen
                seconds[name].append(terminal.step(key, quiet_s=0.1).seconds)
    return {name: statistics.median(measured) for name, measured in seconds.items()}


def main() -> int:
    """Measure and print; fail where the median of all keys is above the limit."""
    with tempfile.TemporaryDirectory() as folder:
        data, cache = Path(folder, "data"), Path(folder, "cache")
        data.mkdir()
        fill(data, COUNT)
        worst = 0.0
        for is_kitty in (True, False):
            medians = measure(data, cache, is_kitty=is_kitty)
            print("kitty" if is_kitty else "half blocks")
            for name, seconds in medians.items():
                print(f"  {name:<10} {seconds * 1000:6.1f} ms")
            worst = max(worst, statistics.median(medians.values()))
    print(f"median of the keys: {worst * 1000:.1f} ms, limit {LIMIT_S * 1000:.0f} ms")
    return 0 if worst <= LIMIT_S else 1


if __name__ == "__main__":
    raise SystemExit(main())

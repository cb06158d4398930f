"""From a key to the large picture, on a pty: `python -m tests.benchmarks.bench_lightbox`.

Pictures of 1024 x 1024 pixels with grain, as hard to pack as real ones. Opened from the grid, the
first thing that is sent is the thumbnail, enlarged; the sharp picture follows. The next one was
decoded meanwhile, and sent where the link was idle.

Milliseconds are divided by the yardstick of `bench_search`: what a quiet 2.5 GHz core would take.
"""

from __future__ import annotations

import re
import statistics
import sys
import tempfile
import time
from pathlib import Path

from PIL import Image

from smartgallery_tui.library import Library
from tests.benchmarks.bench_search import yardstick
from tests.ui.pty.counting_terminal import FOOT, KITTY, PLAIN, Brand, CountingTerminal

COUNT = 12
ROUNDS = 4
LIMIT_S = 0.100
_CELLS = {
    KITTY: re.compile("\U0010eeee".encode()),
    FOOT: re.compile(rb"\x1bP[0-9;]*q"),
    PLAIN: re.compile("▀".encode()),
}
"""What shows that a picture is being drawn: placeholders, a sixel, half blocks."""


def make_pictures(folder: Path) -> None:
    """Draw the pictures."""
    for number in range(COUNT):
        noise = Image.effect_noise((1024, 1024), 24)
        soft = Image.radial_gradient("L").resize((1024, 1024)).rotate(30 * number)
        bands = Image.blend(noise, soft, 0.7), soft, Image.blend(noise, soft, 0.8)
        Image.merge("RGB", bands).save(folder / f"{number:02}.png")


def step(terminal: CountingTerminal, brand: Brand, key: bytes) -> tuple[float, float]:
    """Press a key; return the seconds until a picture is drawn, and until all came out."""
    start, count, pressed = len(terminal.output), len(terminal.arrivals), time.monotonic()
    terminal.step(key, quiet_s=0.6)
    drawn = _CELLS[brand].search(bytes(terminal.output), start)
    first, at = float("nan"), start
    for when, size in terminal.arrivals[count:]:
        at += size
        if drawn is not None and at > drawn.start():
            first = when - pressed
            break
    return first, terminal.arrivals[-1][0] - pressed


def measure(folder: Path, home: Path, brand: Brand) -> dict[str, list[float]]:
    """Return the seconds of each kind of step."""
    argv = [sys.executable, "-m", "smartgallery_tui", "--data-dir", str(home / "data"),
            "--cache-dir", str(home / "cache"), str(folder)]  # fmt: skip
    env = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "HOME": str(home)}
    seconds: dict[str, list[float]] = {}
    with CountingTerminal(argv, brand, 160, 46, env=env) as terminal:
        terminal.wait_for(rb"1/12", timeout_s=40)
        terminal.settle(1.5)
        for _ in range(ROUNDS):
            for name, key in (("open", b"\r"), ("next", b"n")):
                first, sharp = step(terminal, brand, key)
                seconds.setdefault(f"{name}: drawn", []).append(first)
                seconds.setdefault(f"{name}: sharp", []).append(sharp)
                terminal.settle(1.5)  # the next ones are decoded, and sent if the link is idle
            terminal.step(b"q", quiet_s=0.6)
            terminal.step(b"l", quiet_s=0.3)
        terminal.send(b"Q")
    return seconds


def main() -> int:
    """Measure and print; fail where a first picture takes too long."""
    worst, slowness = 0.0, yardstick()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name, "output")
        folder.mkdir()
        make_pictures(folder)
        with Library.open(
            data_dir=Path(name, "data"), cache_dir=Path(name, "cache"), roots=[folder]
        ) as library:
            library.sync(thumbs=True)
        for brand in _CELLS:
            print(brand.name or "half blocks")
            for what, measured in measure(folder, Path(name), brand).items():
                median = statistics.median(measured) / slowness
                print(f"  {what:<12} {median * 1000:6.1f} ms")
                if what == "open: drawn":
                    worst = max(worst, median)
    print(f"worst median of opening: {worst * 1000:.1f} ms, limit {LIMIT_S * 1000:.0f} ms")
    return 0 if worst <= LIMIT_S else 1


if __name__ == "__main__":
    raise SystemExit(main())

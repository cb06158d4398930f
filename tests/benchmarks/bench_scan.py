"""A first scan, a scan of unchanged files and a mark during a scan, beside their floors.

usage: python -m tests.benchmarks.bench_scan [FILES]     (default 5000)
The floor of a first scan is one thread that walks, reads 32 KiB of each file and parses the prompt,
that of a second scan a walk with a `stat` of each file. Ratios hold across machines.
"""

import json
import os
import random
import sqlite3
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from smartgallery_tui.library import Library
from tests.library.samples import START_NS, png, prompt, write

WORDS = (
    "castle", "dragon", "wizard", "robot", "forest", "ocean", "temple", "lantern", "river",
    "tower", "garden", "storm",
)  # fmt: skip
MODELS = [f"model_{number}.safetensors" for number in range(40)]
_MARKS = 200
_READ = "SELECT count(*) FROM (SELECT 1 FROM files WHERE reader_version <> 0 LIMIT 200)"


def make(root: Path, count: int) -> None:
    """Write files with different prompts, 100 to a folder."""
    chance = random.Random(count)
    for number in range(count):
        text = ", ".join(chance.choice(WORDS) for _ in range(40)) + f" {number}"
        body = prompt(text, seed=number, model=chance.choice(MODELS))
        path = root / f"{number // 100:05d}" / f"{number:06d}.png"
        write(path, png(body, colour=number % 256), START_NS + number * 1_000_000_000)


def floor_read(root: Path) -> None:
    for folder, _, names in os.walk(root):
        for name in names:
            path = os.path.join(folder, name)  # noqa: PTH118 - the floor is the plainest code
            os.stat(path)  # noqa: PTH116
            fd = os.open(path, os.O_RDONLY)
            head = os.pread(fd, 32768, 0)
            os.close(fd)
            at = head.find(b"tEXtprompt\0")
            size = int.from_bytes(head[at - 4 : at], "big")
            json.loads(head[at + 11 : at + 4 + size])


def floor_walk(root: Path) -> None:
    waiting = [os.fspath(root)]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
                else:
                    entry.stat(follow_symlinks=False)


def best(work: Callable[[], object], rounds: int = 3) -> float:
    """Return the shortest time of a few rounds, in seconds."""
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return min(times)


def first_scan(folder: Path, root: Path) -> tuple[float, float]:
    """Return the seconds of a first scan, and those until 200 files had been read."""
    first: list[float] = []
    with Library.open(data_dir=folder, cache_dir=folder, roots=[root]) as library:

        def read_so_far() -> None:
            while library.sync_progress().state != "reading":
                time.sleep(0.001)
            start = time.perf_counter()
            with closing(sqlite3.connect(folder / "index.db")) as db:
                while db.execute(_READ).fetchone()[0] < 200:
                    time.sleep(0.001)
            first.append(time.perf_counter() - start)

        watcher = threading.Thread(target=read_so_far)
        watcher.start()
        began = time.perf_counter()
        library.sync()
        seconds = time.perf_counter() - began
        watcher.join()
    return seconds, first[0]


def marks_during_a_scan(folder: Path, root: Path) -> list[float]:
    """Return the seconds that each of some marks took while everything is read again."""
    with Library.open(data_dir=folder, cache_dir=folder, roots=[root]) as library:
        ids = library.search("").ids()
        stop = threading.Event()

        def scan() -> None:
            while not stop.is_set():
                library.sync(cancelled=stop, reparse=True)

        thread = threading.Thread(target=scan)
        thread.start()
        times = []
        for number in range(_MARKS):
            began = time.perf_counter()
            library.set_favorite([ids[number % len(ids)]], on=number % 2 == 0)
            times.append(time.perf_counter() - began)
            time.sleep(0.005)
        stop.set()
        thread.join()
    return sorted(times)


def main(count: int) -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        root = folder / "output"
        make(root, count)
        floor = best(lambda: floor_read(root))
        scans = [first_scan(folder / f"data{number}", root) for number in range(3)]
        scan = min(seconds for seconds, _ in scans)
        print(f"{count} files: {count / scan:.0f} a second, {scan / floor:.2f} times the floor")
        print(f"the first 200 are read after {min(t for _, t in scans) * 1e3:.0f} ms")
        walk = best(lambda: floor_walk(root))
        with Library.open(data_dir=folder / "data0", cache_dir=folder, roots=[root]) as library:
            again = best(library.sync)
        print(f"nothing changed: {again / walk:.2f} times a walk")
        marks = marks_during_a_scan(folder / "data0", root)
        median, late = marks[len(marks) // 2] * 1e3, marks[int(len(marks) * 0.99)] * 1e3
        print(f"a mark during a scan: median {median:.1f} ms, 99 of 100 within {late:.1f} ms")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5000)

"""Time searches at a size of library, beside plain SQL for the same question.

usage: python -m tests.benchmarks.bench_search [--warm] [ROWS ...] [FOLDER]

ROWS: 10000 100000 by default. FOLDER keeps the databases for the next run. --warm reads ahead
first, as the app does behind its first page; a run after it starts from what that one kept.

Milliseconds, medians of seven runs with different values, divided by the yardstick: the time of a
loop in plain Python against that of a quiet 2.5 GHz core. `first` is the first call, which reads
columns from the index.
"""

from __future__ import annotations

import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from smartgallery_tui.library import Library
from tests.benchmarks.make_rows import RARE, fill

if TYPE_CHECKING:
    from collections.abc import Callable

RUNS = 7
WORDS = ["castle", "dragon", "wizard", "robot", "forest", "ocean", "temple", "lantern"]
PAGE = 24
FIRST = 200
"""Rows that a start shows at once."""
FLOORS = {
    "no filter": "SELECT id FROM files ORDER BY mtime_ns DESC LIMIT 24",
    "filter": "SELECT count(*) FROM files f WHERE model LIKE '%model_00_fp16%' AND cfg > 7 "
    "AND steps BETWEEN 20 AND 40",
    "word": "SELECT count(*) FROM files WHERE id IN (SELECT file_id FROM file_texts WHERE role=0 "
    "AND text_id IN (SELECT rowid FROM texts_fts WHERE texts_fts MATCH 'castle'))",
    "name part": "SELECT count(*) FROM files WHERE name LIKE '%1234%'",
    "three facets": "SELECT model, count(*) FROM files WHERE cfg > 7 GROUP BY model",
}


def yardstick() -> float:
    """Return how much slower than a quiet 2.5 GHz core this machine is."""
    start = time.perf_counter()
    sum(i * i for i in range(2_000_000))
    return max((time.perf_counter() - start) / 0.12, 1.0)


def timed(work: Callable[[int], object]) -> tuple[float, float]:
    """Return the first and the median time in ms over the yardstick."""
    start = time.perf_counter()
    work(0)
    first = time.perf_counter() - start
    found = []
    for i in range(1, RUNS + 1):
        start = time.perf_counter()
        work(i)
        found.append(time.perf_counter() - start)
    yard = yardstick()
    return first * 1000 / yard, statistics.median(found) * 1000 / yard


def questions(lib: Library) -> dict[str, Callable[[int], object]]:
    """Return what is timed, by name; the number makes every run a new question."""
    every = lib.search("")
    middle = every.total // 2

    def page(text: str, **options: object) -> object:
        return lib.search(text, **options).page(0, PAGE)

    def whole(i: int) -> object:
        text = f"cfg:>{6 + i / 10} steps:{15 + i}..40"
        lib.facets(text, fields=("model", "sampler", "scheduler"))
        return page(text)

    return {
        "no filter": lambda i: page(""),
        "any scroll position": lambda i: every.page(middle + 97 * i, PAGE),
        "position of an id": lambda i: every.position(middle + 97 * i),
        "filter": lambda i: page(f"model:model_0{i}_fp16 cfg:>7 steps:{20 + i}..40"),
        "filter, count, three facets, page": whole,
        "word": lambda i: page(WORDS[i]),
        "word, seen before": lambda i: page("castle"),
        "word of every prompt": lambda i: page("masterpiece" if i % 2 else "quality"),
        "rare word": lambda i: page(RARE[i * 31]),
        "two words, one not": lambda i: page(f"{WORDS[i]} fox -neon"),
        "prefix of three letters": lambda i: page(WORDS[i][:3], typing=True),
        "name part": lambda i: page(f"name:{1234 + i}"),
        "lora": lambda i: page(f"lora:lora_a_{i:02d}"),
        "three facets": lambda i: lib.facets(
            f"cfg:>{7 + i / 10}", fields=("model", "sampler", "scheduler")
        ),
        "all facets": lambda i: lib.facets(f"steps:>{i}"),
        "seed": lambda i: page(f"seed:{i}"),
        "sorted by name": lambda i: page(f"steps:>{i}", sort="name"),
        "sorted by seed": lambda i: page(f"steps:>{i}", sort="seed"),
        "relevance": lambda i: page(WORDS[i], sort="relevance"),
        "random": lambda i: page("", sort="random", seed=i),
        "mark, then search": lambda i: (
            lib.set_favorite([every.page(i, 1)[0].id], True), page("fav:yes"),
        ),
    }  # fmt: skip


def bench(folder: Path, rows: int, *, is_warm: bool) -> None:
    """Print a table for one size; warm: after reading ahead, as behind the first page."""
    if not (folder / "index.db").exists():
        fill(folder, rows)
    start = time.perf_counter()
    with Library.open(data_dir=folder, cache_dir=folder / "cache") as lib:
        lib.search("").page(0, FIRST)
        opened = (time.perf_counter() - start) * 1000 / yardstick()
        print(f"\n{rows:,} rows: open and first {FIRST} {opened:.0f} ms")
        if is_warm:
            start = time.perf_counter()
            lib.warm_up()
            print(f"reading ahead {(time.perf_counter() - start) * 1000 / yardstick():.0f} ms")
        print(f"{'':36}{'first':>9}{'median':>9}{'SQL':>9}")
        for name, work in questions(lib).items():
            first, median = timed(work)
            floor = ""
            if name in FLOORS:
                with lib._parts.context.store.read() as db:
                    floor = f"{timed(lambda _, n=name: db.execute(FLOORS[n]).fetchall())[1]:9.2f}"
            print(f"{name:36}{first:9.1f}{median:9.2f}{floor}", flush=True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory {peak:.0f} MB")


if __name__ == "__main__":
    sizes = [int(text) for text in sys.argv[1:] if text.isdigit()] or [10_000, 100_000]
    warm = "--warm" in sys.argv
    kept = [text for text in sys.argv[1:] if not text.isdigit() and text != "--warm"]
    for size in sizes:
        if kept:
            bench(Path(kept[0]) / str(size), size, is_warm=warm)
        else:
            with tempfile.TemporaryDirectory() as name:
                bench(Path(name), size, is_warm=warm)

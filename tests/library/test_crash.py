"""Kill the program during a scan with marks being written: nothing acknowledged is lost."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import textwrap
import threading
import time
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from smartgallery_tui.library import Library
from tests.library.samples import picture

if TYPE_CHECKING:
    from pathlib import Path

KILLS = int(os.environ.get("SMARTGALLERY_TEST_KILLS", "20"))
FILES = 300

VICTIM = textwrap.dedent("""
    import random, sys, threading
    from smartgallery_tui.library import Library
    data, root = sys.argv[1:]
    library = Library.open(data_dir=data, cache_dir=data, roots=[root])
    library.settle_s = 0.0
    print("open", flush=True)
    def scan():
        while True:
            library.sync(reparse=True)
    threading.Thread(target=scan, daemon=True).start()
    number = 0
    while True:
        ids = library.search("").ids()
        if not ids:
            continue
        number += 1
        item = library.item(random.choice(ids))
        text = f"{number}-{random.random()}"
        if item.content_id and library.set_note([item.id], text)[0].ok:
            print("mark", library.item(item.id).content_id.hex(), text, flush=True)
""")


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("pictures")
    for number in range(FILES):
        picture(root / f"{number % 5}" / f"{number}.png", number)
    return root


def kill_once(data: Path, root: Path, chance: random.Random) -> dict[str, str]:
    """Run the victim for a random while; return the marks that it acknowledged."""
    victim = subprocess.Popen(
        [sys.executable, "-c", VICTIM, str(data), str(root)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert victim.stdout is not None
    assert victim.stderr is not None
    if chance.random() < 0.8:
        victim.stdout.readline()
    timer = threading.Timer(chance.uniform(0.0, 0.5), victim.send_signal, (signal.SIGKILL,))
    timer.start()
    lines, errors = victim.communicate(timeout=60)
    timer.join()
    assert victim.returncode == -signal.SIGKILL, errors
    marks = [line.split(" ", 2) for line in lines.splitlines() if line.startswith("mark")]
    # The last line may be cut off by the kill.
    whole = marks if lines.endswith("\n") else marks[:-1]
    return {content: text for _, content, text in whole}


def test_no_acknowledged_mark_is_lost(pictures: Path, tmp_path: Path):
    chance = random.Random(20)
    expected: dict[str, str] = {}
    for round_number in range(KILLS):
        data = tmp_path / f"data{round_number // 5}"
        if round_number % 5 == 0:
            expected = {}
        expected |= kill_once(data, pictures, chance)
        for name in ("index.db", "user.db"):
            if (data / name).exists():
                with closing(sqlite3.connect(data / name)) as db:
                    assert db.execute("PRAGMA quick_check").fetchone() == ("ok",)
                    tables = db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
                    version = db.execute("PRAGMA user_version").fetchone()[0]
                    assert (tables > 0) == (version > 0)
        if (data / "user.db").exists() and expected:
            with closing(sqlite3.connect(data / "user.db")) as db:
                found = dict(db.execute("SELECT lower(hex(content_id)), note FROM marks"))
            lost = {c: (t, found.get(c)) for c, t in expected.items() if found.get(c) != t}
            # A mark may be committed and not yet acknowledged when the kill comes: at most one.
            assert len(lost) <= 1
            for content in lost:
                expected[content] = found[content]
    with Library.open(data_dir=data, cache_dir=data, roots=[pictures]) as library:
        report = library.sync()
        assert (report.unread, report.problems) == (0, 0)
        assert library.search("").total == FILES


def test_a_mark_is_quick_during_a_scan(pictures: Path, tmp_path: Path):
    with Library.open(data_dir=tmp_path / "d", cache_dir=tmp_path, roots=[pictures]) as library:
        library.sync()
        ids = library.search("").ids()
        stop = threading.Event()
        thread = threading.Thread(target=lambda: library.sync(cancelled=stop, reparse=True))
        thread.start()
        times = []
        for number in range(40):
            began = time.perf_counter()
            library.set_favorite([ids[number]], on=True)
            times.append(time.perf_counter() - began)
        stop.set()
        thread.join()
    # The bar is a p99 of 50 ms on an idle machine; here only a mark stuck behind a scan shows.
    assert sorted(times)[len(times) // 2] < 0.5


def test_several_processes_at_once(pictures: Path, tmp_path: Path):
    """A scan, and two colleagues who mark: nobody sees a locked database, everybody the marks."""
    data = tmp_path / "data"
    with Library.open(data_dir=data, cache_dir=data, roots=[pictures]) as library:
        library.sync()
        marker = textwrap.dedent("""
            import sys
            from smartgallery_tui.library import Library
            data, root, tag = sys.argv[1:]
            with Library.open(data_dir=data, cache_dir=data, roots=[root]) as library:
                ids = library.search("").ids()
                for start in range(0, len(ids), 30):
                    library.tag(ids[start:start + 30], tag)
        """)
        scanner = textwrap.dedent("""
            import sys
            from smartgallery_tui.library import Library
            data, root = sys.argv[1:]
            with Library.open(data_dir=data, cache_dir=data, roots=[root]) as library:
                library.sync(reparse=True)
        """)
        commands = [
            [sys.executable, "-c", marker, str(data), str(pictures), "one"],
            [sys.executable, "-c", marker, str(data), str(pictures), "two"],
            [sys.executable, "-c", scanner, str(data), str(pictures)],
        ]
        running = [
            subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for command in commands
        ]
        for process in running:
            _, errors = process.communicate(timeout=60)
            assert (process.returncode, errors) == (0, "")
        assert library.search("tag:one").total == FILES
        assert library.search("tag:two").total == FILES

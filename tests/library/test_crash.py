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
    from collections.abc import Iterator
    from pathlib import Path

KILLS = int(os.environ.get("SMARTGALLERY_TEST_KILLS", "20"))
FILES = 300

VICTIMS = textwrap.dedent("""
    import os, random, sys, threading
    from smartgallery_tui.library import Library

    def live(data, root, said):
        library = Library.open(data_dir=data, cache_dir=data, roots=[root])
        library._parts.syncing.settle_s = 0.0
        os.write(1, b"open\\n")
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
                print("mark", library.item(item.id).content_id.hex(), text, file=said, flush=True)

    for line in sys.stdin:
        data, root, said = line.rstrip("\\n").split("\\t")
        victim = os.fork()
        if not victim:
            live(data, root, open(said, "w"))
        os.write(1, f"born {victim}\\n".encode())
        code = os.waitstatus_to_exitcode(os.waitpid(victim, 0)[1])
        os.write(1, f"dead {code}\\n".encode())
""")
"""Starts one process after the other, each from a state that has imported everything."""


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("pictures")
    for number in range(FILES):
        picture(root / f"{number % 5}" / f"{number}.png", number)
    return root


class Victims:
    """Processes that scan and mark until they are killed."""

    def __init__(self, process: subprocess.Popen[str], said: Path) -> None:
        self._process, self._said = process, said

    def kill_one(self, data: Path, root: Path, chance: random.Random) -> dict[str, str]:
        """Let one run for a random while; return the marks that it acknowledged."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{data}\t{root}\t{self._said}\n")
        self._process.stdin.flush()
        heard = self._hear("born", [])
        if chance.random() < 0.8:
            self._hear("open", heard)
        time.sleep(chance.uniform(0.0, 0.5))
        born = next(line for line in heard if line.startswith("born"))
        os.kill(int(born.split()[1]), signal.SIGKILL)
        self._hear("dead", heard)
        assert heard[-1] == f"dead {-signal.SIGKILL}"
        lines = self._said.read_text() if self._said.exists() else ""
        self._said.unlink(missing_ok=True)
        marks = [line.split(" ", 2) for line in lines.splitlines()]
        # The last line may be cut off by the kill.
        whole = marks if lines.endswith("\n") else marks[:-1]
        return {content: text for _, content, text in whole}

    def _hear(self, word: str, heard: list[str]) -> list[str]:
        assert self._process.stdout is not None
        while not any(line.startswith(word) for line in heard):
            line = self._process.stdout.readline()
            assert line, "the process that starts them ended"
            heard.append(line.rstrip("\n"))
        return heard


@pytest.fixture
def victims(tmp_path: Path) -> Iterator[Victims]:
    """Whatever fails, none outlives the test."""
    process = subprocess.Popen(
        [sys.executable, "-c", VICTIMS], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        text=True, start_new_session=True,
    )  # fmt: skip
    with process:
        yield Victims(process, tmp_path / "said")
        os.killpg(process.pid, signal.SIGKILL)


def test_no_acknowledged_mark_is_lost(pictures: Path, tmp_path: Path, victims: Victims):
    chance = random.Random(20)
    expected: dict[str, str] = {}
    acknowledged = 0
    for round_number in range(KILLS):
        data = tmp_path / f"data{round_number // 5}"
        if round_number % 5 == 0:
            expected = {}
        marks = victims.kill_one(data, pictures, chance)
        acknowledged += len(marks)
        expected |= marks
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
    assert acknowledged > KILLS, "there was something to lose"
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

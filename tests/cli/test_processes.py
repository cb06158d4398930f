from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from smartgallery_tui.cli import run
from smartgallery_tui.library.reader_group import ReaderGroup
from smartgallery_tui.paths import find_paths
from tests.cli.terminal import Terminal

SG = [sys.executable, "-m", "smartgallery_tui"]
DEVICE_QUERY = b"\x1b[c"


def test_version_costs_next_to_nothing() -> None:
    def used_s() -> float:
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime

    def best_of(code: list[str]) -> float:
        times = []
        for _ in range(5):
            before = used_s()
            subprocess.run([sys.executable, *code], check=True, capture_output=True)
            times.append(used_s() - before)
        return min(times)

    bare = best_of(["-c", "import sqlite3, json, argparse"])
    assert best_of(["-m", "smartgallery_tui", "--version"]) <= 3 * bare


def test_the_end_of_a_command_searches_for_no_cycles() -> None:
    code = (
        "import atexit, gc, sys; from smartgallery_tui.__main__ import main\n"
        "atexit.register(lambda: print(gc.get_freeze_count() > 1000)); sys.exit(main())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[1:] == ["True"]


def test_a_closed_stdin_is_one_line() -> None:
    done = subprocess.run(
        ["sh", "-c", 'exec "$0" -m smartgallery_tui <&-', sys.executable],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.startswith("smartgallery: stdin is not a terminal")
    assert done.stderr.count("\n") == 1


def test_a_closed_stdout_is_no_traceback(tmp_path: Path) -> None:
    done = subprocess.run(
        ["sh", "-c", 'exec "$0" -m smartgallery_tui paths >&-', sys.executable],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


def test_a_full_disk_is_one_line() -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run([*SG, "paths"], stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 1
    assert done.stderr == b"smartgallery: No space left on device\n"


def test_a_reader_that_leaves_is_no_error(pictures: Path) -> None:
    assert run(["scan", str(pictures)]) == 0
    command = f"{sys.executable} -m smartgallery_tui find --json | true; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert done.stdout == "0\n"
    assert done.stderr == ""


def test_what_reads_is_started_before_the_library_is_made(
    pictures: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    started: list[bool] = []
    popen = subprocess.Popen

    def noted(*arguments: Any, **options: Any) -> subprocess.Popen[bytes]:
        started.append(find_paths().data_dir.joinpath("index.db").exists())
        return popen(*arguments, **options)

    taken: list[int] = []
    take_ends = ReaderGroup.take_ends

    def counted(group: ReaderGroup) -> list[tuple[int, int]]:
        taken.append(group.count)
        return take_ends(group)

    monkeypatch.setattr("smartgallery_tui.library.read_pass._FEW", 2)
    monkeypatch.setattr(ReaderGroup, "take_ends", counted)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    monkeypatch.setattr("subprocess.Popen", noted)
    assert run(["scan", str(pictures)]) == 0
    assert started == [False]
    assert taken[0] == 2, "for the scan, and not to end them unused"
    assert run(["find", "has:prompt", "--count"]) == 0
    assert capsys.readouterr().out == "5\n"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_scan_keeps_what_is_done(
    tmp_path: Path, few_pictures: Path, number: signal.Signals
) -> None:
    source = next(few_pictures.rglob("*.png")).read_bytes()
    folder = tmp_path / "many"
    folder.mkdir()
    for index in range(1200):
        (folder / f"{index}.png").write_bytes(source[:6_000])
    child = subprocess.Popen([*SG, "scan", str(folder), "--json"], stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE)  # fmt: skip
    index_file = tmp_path_of_index()
    while not (index_file.exists() and index_file.stat().st_size > 0) and child.poll() is None:
        time.sleep(0.005)
    child.send_signal(number)
    out, err = child.communicate(timeout=60)
    assert child.returncode in (0, 130), err
    assert b"Traceback" not in err
    assert out.count(b"\n") == 1
    assert run(["scan", str(folder)]) == 0


def tmp_path_of_index() -> Path:
    from smartgallery_tui.paths import find_paths

    return find_paths().data_dir / "index.db"


@pytest.mark.parametrize("term", ["dumb", ""])
def test_a_dumb_terminal_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, term: str
) -> None:
    monkeypatch.setenv("TERM", term)
    with Terminal(tmp_path) as terminal:
        assert terminal.wait() == 2
        assert terminal.seen.count(b"\n") == 1
        assert b"TERM" in terminal.seen
        assert b"\x1b" not in terminal.seen


def test_browse_and_leave(pictures: Path) -> None:
    with Terminal(pictures, "--graphics", "none") as terminal:
        terminal.read_until("ComfyUI_0")
        terminal.send(b"q")
        assert terminal.wait() == 0
        assert terminal.is_cooked()
        assert b"\x1b[?1049l" in terminal.seen
        assert b"Traceback" not in terminal.seen


def test_a_file_opens_its_folder_on_it(pictures: Path) -> None:
    file = next(pictures.rglob("*.jpg"))
    with Terminal(file, "--graphics", "none") as terminal:
        terminal.read_until(file.name)
        terminal.send(b"Q")
        assert terminal.wait() == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_restores_the_terminal(pictures: Path, number: signal.Signals) -> None:
    with Terminal(pictures, "--graphics", "none") as terminal:
        terminal.read_until("ComfyUI_0")
        os.kill(terminal.pid, number)
        assert terminal.wait() == 130
        assert terminal.is_cooked()
        assert b"\x1b[?1049l" in terminal.seen


def test_a_lost_connection_ends_the_process(pictures: Path) -> None:
    with Terminal(pictures, "--graphics", "none") as terminal:
        terminal.read_until("ComfyUI_0")
        terminal.hang_up()
        terminal.wait()


def test_the_first_screen_says_where_it_looked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with Terminal("--graphics", "none") as terminal:
        terminal.read_until("COMFYUI_PATH")
        terminal.read_until("Quit")
        terminal.send(b"\x11")
        assert terminal.wait() == 0
        assert b"Traceback" not in terminal.seen


def test_what_is_printed_on_a_terminal_is_harmless(tmp_path: Path, few_pictures: Path) -> None:
    folder = tmp_path / "evil"
    folder.mkdir()
    data = next(few_pictures.rglob("*.png")).read_bytes()
    (folder / "a\x1b]0;owned\x07\x1b[2J.png").write_bytes(data)
    assert run(["scan", str(folder)]) == 0
    for words in (["find"], ["inspect", *map(str, folder.iterdir())], ["find", "--csv"]):
        with Terminal(*words) as terminal:
            assert terminal.wait() == 0
            assert b"\x1b" not in terminal.seen
            assert "␛]0;owned␇␛[2J".encode() in terminal.seen

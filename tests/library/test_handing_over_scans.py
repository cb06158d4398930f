"""A second scan asks the one that runs: with real processes."""

from __future__ import annotations

import subprocess
import sys
import textwrap
import threading
from typing import TYPE_CHECKING

from smartgallery_tui.index import requests
from smartgallery_tui.index.lock import ScanLock
from smartgallery_tui.index.requests import Request
from smartgallery_tui.library import Library
from tests.library.samples import picture

if TYPE_CHECKING:
    from pathlib import Path

    from tests.library.conftest import Open

SCANNER = textwrap.dedent("""
    import sys
    from smartgallery_tui.library import Library
    data, root = sys.argv[1:]
    with Library.open(data_dir=data, cache_dir=data, roots=[root]) as library:
        # Holds the lock until another process has asked, as a long scan would.
        waiting = True
        def emit(event):
            global waiting
            if waiting:
                waiting = False
                print("scanning", flush=True)
                sys.stdin.readline()
        report = library.sync(emit, reparse=True)
        print(report.found, flush=True)
""")


def test_a_running_scan_takes_the_request_of_another_process(tmp_path: Path):
    first, second = tmp_path / "first", tmp_path / "second"
    picture(first / "one.png", 1)
    picture(second / "two.png", 2)
    data = tmp_path / "data"
    with subprocess.Popen(
        [sys.executable, "-c", SCANNER, str(data), str(first)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as scanner:  # fmt: skip
        assert scanner.stdout is not None
        assert scanner.stdin is not None
        assert scanner.stdout.readline() == "scanning\n"
        with Library.open(data_dir=data, cache_dir=data, roots=[second]) as library:
            reports = []
            thread = threading.Thread(target=lambda: reports.append(library.sync()))
            thread.start()
            while not list(data.glob("scan.requests/*.json")):
                thread.join(0.01)
                assert thread.is_alive()
            scanner.stdin.write("go on\n")
            scanner.stdin.flush()
            thread.join()
            assert reports[0].handed_over
            assert f"process {scanner.pid} on " in reports[0].notices[0]
            assert scanner.stdout.read() == "1\n"
            assert scanner.wait() == 0
            assert [item.name for item in library.search("").page(0, 9)] == ["two.png"]
            assert not list(data.glob("scan.requests/*"))


def test_a_scan_that_ends_leaves_the_request_to_the_one_who_asked(
    library: Library, output: Path, tmp_path: Path
):
    lock = ScanLock(tmp_path / "data")
    lock.__enter__()
    picture(output / "four.png", 4)
    reports = []
    thread = threading.Thread(target=lambda: reports.append(library.sync()))
    thread.start()
    while not list((tmp_path / "data").glob("scan.requests/*.json")):
        thread.join(0.01)
    lock.__exit__()
    thread.join()
    assert (reports[0].found, reports[0].added, reports[0].handed_over) == (4, 1, False)
    assert not list((tmp_path / "data").glob("scan.requests/*"))


def test_requests_are_taken_once_and_broken_ones_dropped(tmp_path: Path):
    assert requests.take(tmp_path) == []
    one, two = Request((1, 2), False), Request((2, 3), True)
    requests.post(tmp_path, one)
    path = requests.post(tmp_path, two)
    (tmp_path / "scan.requests" / "0.json").write_text("{")
    found = requests.take(tmp_path)
    assert found == [one, two]
    assert requests.merged(found) == Request((1, 2, 3), True)
    assert requests.take(tmp_path) == []
    assert not requests.withdraw(path)


def test_another_process_is_seen_within_a_second(
    library: Library, open_library: Open, output: Path
):
    """What the screens poll: a scan elsewhere changes the token, and the next search finds it."""
    before = library.data_version()
    assert library.search("").total == 3
    other = open_library(output)
    picture(output / "four.png", 4)
    other.sync()
    assert library.data_version() != before
    assert library.search("").total == 4

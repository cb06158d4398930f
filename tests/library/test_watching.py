"""New files become rows while somebody looks."""

from __future__ import annotations

import errno
import os
import queue
import shutil
import threading
import time
from typing import TYPE_CHECKING

import pytest

from smartgallery_tui.library.look_through import LookThrough
from smartgallery_tui.library.watching import FolderWatch, _is_remote, _Waiting, _wanted
from smartgallery_tui.records import LibraryChanged, Notice
from smartgallery_tui.scan import Rules
from tests.containers.make_media import comfy_mp4
from tests.library.samples import picture, png, prompt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from smartgallery_tui.library import Library

PATIENCE_S = 60.0


class Watcher:
    """A library that follows its folders in another thread."""

    def __init__(self, library: Library, *, is_polling: bool) -> None:
        self.library = library
        self.events: queue.Queue[object] = queue.Queue()
        self.cancelled = threading.Event()
        self.notices: list[str] = []
        self.thread = threading.Thread(
            target=library.watch,
            args=(self.events.put, self.cancelled),
            kwargs={"is_polling": is_polling},
        )

    def until(self, is_true: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while not is_true():
            left = deadline - time.monotonic()
            assert left > 0, "nothing happened"
            try:
                event = self.events.get(timeout=left)
            except queue.Empty:
                continue
            if isinstance(event, Notice):
                self.notices.append(event.text)
            else:
                assert isinstance(event, LibraryChanged)

    def names(self) -> list[str]:
        return sorted(item.name for item in self.library.search("").page(0, 50))


@pytest.fixture(params=[False, True], ids=["inotify", "polling"])
def watcher(
    library: Library, output: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Watcher]:
    monkeypatch.setattr("smartgallery_tui.library.watching._POLL_MS", 50)
    made = Watcher(library, is_polling=request.param)
    made.thread.start()
    # It listens when a change that is made again and again is seen for the first time.
    number = 100
    while made.events.empty():
        picture(output / "first.png", number)
        number += 1
        made.thread.join(0.1)
    yield made
    made.cancelled.set()
    made.thread.join(PATIENCE_S)
    assert not made.thread.is_alive()


def test_a_new_file_becomes_a_row(watcher: Watcher, output: Path):
    picture(output / "new.png", 7, "a lighthouse")
    watcher.until(lambda: watcher.library.search("lighthouse").total == 1)
    (output / "new.png").unlink()
    watcher.until(lambda: watcher.library.search("lighthouse").total == 0)


def test_folders_come_and_go(watcher: Watcher, output: Path, tmp_path: Path):
    picture(tmp_path / "elsewhere" / "deep" / "er.png", 8)
    (tmp_path / "elsewhere").rename(output / "moved")
    watcher.until(lambda: "er.png" in watcher.names())
    (output / "moved").rename(tmp_path / "elsewhere")
    watcher.until(lambda: "er.png" not in watcher.names())


def test_a_file_that_is_written_slowly_ends_as_a_whole_row(watcher: Watcher, output: Path):
    data = png(prompt("a windmill"))
    with (output / "slow.png").open("wb") as file:
        for start in range(0, len(data), 200):
            file.write(data[start : start + 200])
            file.flush()
            watcher.thread.join(0.02)
    watcher.until(lambda: watcher.library.search("windmill").total == 1)
    assert watcher.library.search("windmill").page(0, 1)[0].problem is None


def test_a_video_that_is_written_in_pieces_appears_when_it_is_complete(
    watcher: Watcher, output: Path
):
    data = comfy_mp4()
    with (output / "slow.mp4").open("wb") as file:
        for start in range(0, len(data), len(data) // 4 + 1):
            file.write(data[start : start + len(data) // 4 + 1])
            file.flush()
            watcher.thread.join(0.25)
            if start + len(data) // 4 + 1 < len(data):
                assert "slow.mp4" not in watcher.names()
    watcher.until(lambda: "slow.mp4" in watcher.names())
    (item,) = watcher.library.search("name:slow").page(0, 1)
    assert item.problem is None


def test_a_file_that_stays_cut_off_is_shown_in_the_end(
    watcher: Watcher, output: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("smartgallery_tui.library.watching._PATIENCE_NS", 300_000_000)
    (output / "half.png").write_bytes(png(prompt("a mill"))[:-30])
    watcher.until(lambda: "half.png" in watcher.names())
    (item,) = watcher.library.search("name:half").page(0, 1)
    assert item.problem


def test_an_unmounted_volume_takes_nothing_along(watcher: Watcher, output: Path, tmp_path: Path):
    before = len(watcher.names())
    aside = tmp_path / "aside"
    aside.mkdir()
    for path in list(output.iterdir()):
        path.rename(aside / path.name)
    picture(output / "sign.png", 9)
    (output / "sign.png").unlink()
    watcher.thread.join(0.5)
    for path in list(aside.iterdir()):
        path.rename(output / path.name)
    picture(output / "last.png", 10)
    watcher.until(lambda: "last.png" in watcher.names())
    watcher.until(lambda: len(watcher.names()) == before + 1)


def test_a_folder_that_vanished_is_missed_and_followed_when_it_is_back(
    watcher: Watcher, output: Path, tmp_path: Path
):
    before = watcher.names()
    output.rename(tmp_path / "kept")
    shutil.copytree(tmp_path / "kept", output)
    shutil.rmtree(output)
    watcher.until(lambda: bool(watcher.notices))
    assert watcher.notices == [f"{output} is empty or cannot be read; its files stay listed"]
    assert watcher.names() == before
    picture(tmp_path / "kept" / "while.png", 11)
    (tmp_path / "kept").rename(output)
    watcher.until(lambda: watcher.names() == sorted([*before, "while.png"]))
    picture(output / "after.png", 12)
    watcher.until(lambda: "after.png" in watcher.names())
    assert len(watcher.notices) == 1


def test_a_folder_that_is_not_there_yet_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("smartgallery_tui.library.watching._LOOK_MS", 20)
    root, cancelled = tmp_path / "later", threading.Event()
    looked: list[list[str]] = []

    def take(changed: list[str], gone: list[str]) -> None:
        looked.extend([changed, gone])
        cancelled.set()

    watch = FolderWatch([str(root)], lambda: Rules(frozenset({".png"})), take)
    thread = threading.Thread(target=watch.run, args=(lambda _event: None, cancelled))
    thread.start()
    picture(root / "new.png", 13)
    thread.join(PATIENCE_S)
    cancelled.set()
    assert looked == [[str(root)], []]


def test_names_that_are_no_text_do_not_end_it(watcher: Watcher, output: Path):
    odd = output / os.fsdecode(b"caf\xe9.png")
    picture(odd, 14)
    watcher.until(lambda: odd.name in watcher.names())
    picture(output / "deep" / "er" / "plain.png", 15)
    watcher.until(lambda: "plain.png" in watcher.names())
    odd.rename(output / os.fsdecode(b"deep/th\xe9.png"))
    watcher.until(lambda: odd.name not in watcher.names())
    watcher.until(lambda: os.fsdecode(b"th\xe9.png") in watcher.names())
    assert watcher.notices == []


def test_looking_through_folders_finds_what_came_and_went(tmp_path: Path):
    (tmp_path / "old" / "deep").mkdir(parents=True)
    (tmp_path / "old" / "deep" / "a.png").touch()
    (tmp_path / ".git").mkdir()
    look = LookThrough([str(tmp_path), str(tmp_path / "nowhere")], lambda name: name[0] == ".")
    assert look.changes() == set()
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "b.png").touch()
    (tmp_path / ".git" / "c.png").touch()
    assert look.changes() == {str(tmp_path / "new")}
    (tmp_path / "new" / "d.png").touch()
    shutil.rmtree(tmp_path / "old" / "deep")
    went = tmp_path / "old" / "deep"
    assert look.changes() == {str(tmp_path / "new" / "d.png"), str(went), str(went / "a.png")}
    assert look.changes() == set()


def test_what_a_scan_passes_over_is_passed_over(tmp_path: Path):
    root = str(tmp_path)
    names = ["a.png", ".hidden.png", "note.txt", ".git/a.png", "sub/.smartgallery/a.png",
             "sub/b.webp", "gone", "gone.part", "tmp_1/c.png"]  # fmt: skip
    for name in names[:-4]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    changed = {f"{root}/{name}" for name in names} | {"/elsewhere/a.png"}
    rules = Rules(frozenset({".png", ".webp"}), exclude=("tmp_*",))
    found = _wanted(changed, [root], rules)
    assert sorted(path[len(root) + 1 :] for path in found) == ["a.png", "gone", "sub/b.webp"]


def test_paths_wait_until_they_stand_still(tmp_path: Path):
    path = tmp_path / "a.png"
    path.write_bytes(png()[:20])
    waiting = _Waiting()
    waiting.add([str(path)])
    path.write_bytes(png())
    assert waiting.settled() == []
    assert waiting.settled() == [str(path)]
    assert not waiting


def test_no_folder_to_follow(library: Library, output: Path, tmp_path: Path):
    output.rename(tmp_path / "away")
    cancelled = threading.Event()
    cancelled.set()
    library.watch(cancelled=cancelled)


def test_file_systems_of_other_machines_are_polled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    assert not _is_remote(str(tmp_path))
    monkeypatch.setattr("smartgallery_tui.library.machine.file_system", lambda _path: "nfs4")
    assert _is_remote(str(tmp_path))


def test_a_folder_on_a_share_that_does_not_answer_is_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def stat(_self: Path, **_options: bool) -> None:
        raise OSError(errno.ESTALE, os.strerror(errno.ESTALE))

    monkeypatch.setattr(type(tmp_path), "stat", stat)
    cancelled = threading.Event()
    cancelled.set()
    watch = FolderWatch([str(tmp_path)], lambda: Rules(frozenset()), lambda _new, _gone: None)
    watch.run(lambda _event: None, cancelled)
    assert watch._away == {str(tmp_path)}

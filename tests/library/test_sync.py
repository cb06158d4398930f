from __future__ import annotations

import os
import shutil
import sqlite3
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from smartgallery_tui.errors import IndexLockedError, UsageError
from smartgallery_tui.index.lock import ScanLock
from smartgallery_tui.jobs import Precedence
from smartgallery_tui.records import LibraryChanged, Notice, Settings, SyncProgress
from smartgallery_tui.records.settings import LibrarySettings, ScanSettings
from tests.containers.make_media import comfy_mp4
from tests.library.samples import DAY_NS, START_NS, picture, png, prompt, set_time, write

if TYPE_CHECKING:
    from smartgallery_tui.library import Library
    from tests.library.conftest import Open


def paths(library: Library, **options: object) -> list[str]:
    result = library.search("", **options)  # type: ignore[arg-type]
    return [Path(item.path).name for item in result.page(0, result.total)]


def test_a_scan_makes_rows_newest_first(library: Library, output: Path):
    result = library.search("")
    assert paths(library) == ["three.png", "two.png", "one.png"]
    item = result.page(0, 1)[0]
    assert item.path == str(output / "sub" / "three.png")
    assert (item.state, item.model, item.seed, item.steps, item.cfg) == (
        "indexed", "sd15.safetensors", 3, 20, 7.5,
    )  # fmt: skip
    assert (item.width, item.height, item.kind, item.format) == (4, 3, "image", "png")
    assert item.prompt_preview == "a castle number 3"
    assert len(item.content_id) == 16


def test_a_generation_comes_back_whole(library: Library):
    found = library.generation(library.search("").ids()[0])
    assert found.generator == "ComfyUI"
    assert found.headline is not None
    assert found.headline.positive == ("a castle number 3",)
    assert found.headline.negative == ("ugly",)
    assert [step.sampler for step in found.passes] == ["euler"]
    assert found.passes[0].positive == ("a castle number 3",)
    assert ("model", "sd15.safetensors") in [(use.role, use.name) for use in found.names]


def test_raw_texts_are_read_from_the_file(library: Library):
    raw = library.raw(library.search("").ids()[0])
    assert raw["prompt"] == prompt("a castle number 3", seed=3)
    assert raw["workflow"] is None


def test_a_scan_asks_often_whether_somebody_waits(
    library: Library, output: Path, monkeypatch: pytest.MonkeyPatch
):
    asked: list[int] = []
    monkeypatch.setattr(Precedence, "give_way", lambda _self: asked.append(1))
    library.sync()
    walking = len(asked)
    assert walking
    for number in range(100):
        picture(output / f"more_{number}.png", number)
    assert library.sync().added == 100
    assert len(asked) - 2 * walking >= 6


def test_a_second_scan_writes_nothing(library: Library, tmp_path: Path):
    def rows() -> tuple[int, bytes]:
        with sqlite3.connect(tmp_path / "data" / "index.db") as db:
            version = db.execute("PRAGMA data_version").fetchone()[0]
        db.close()
        return version, (tmp_path / "data" / "index.db-wal").read_bytes()

    before = rows()
    report = library.sync()
    assert rows() == before
    assert (report.found, report.added, report.changed, report.missing) == (3, 0, 0, 0)


def test_events_tell_states_and_changes(open_library: Open, output: Path):
    events: list[object] = []
    report = open_library(output).sync(events.append)
    states = [event.state for event in events if isinstance(event, SyncProgress)]
    assert states[0] == "counting"
    assert states[-1] == "done"
    assert {"scanning", "reading"} <= set(states)
    assert sum(event.added for event in events if isinstance(event, LibraryChanged)) == 3
    assert (report.found, report.added, report.unread) == (3, 3, 0)


def test_an_older_time_is_a_change(library: Library, output: Path):
    file = output / "one.png"
    write(file, png(prompt("a ship", seed=9)), START_NS - DAY_NS)
    assert library.sync().changed == 1
    item = library.items([library.find_path(file) or 0])[0]
    assert (item.seed, item.prompt_preview) == (9, "a ship")


def test_a_rewrite_with_the_same_time_is_a_change(library: Library, output: Path):
    file = output / "one.png"
    before = file.stat().st_mtime_ns
    file.unlink()
    write(file, png(prompt("a ship", seed=1234567)), before)
    assert library.sync().changed == 1


def test_a_vanished_file_is_kept_and_hidden(library: Library, output: Path):
    (output / "one.png").unlink()
    assert library.sync().missing == 1
    assert paths(library) == ["three.png", "two.png"]
    assert sorted(paths(library, include_missing=True)) == ["one.png", "three.png", "two.png"]
    assert library.stats().missing == 1
    picture(output / "one.png", 1)
    library.sync()
    assert len(paths(library)) == 3


def test_an_empty_root_marks_nothing_missing(library: Library, output: Path):
    away = output.with_name("away")
    output.rename(away)
    output.mkdir()
    report = library.sync()
    assert report.missing == 0
    assert any("stay listed" in notice for notice in report.notices)
    assert not library.roots()[0].is_online
    assert len(paths(library)) == 3
    output.rmdir()
    away.rename(output)
    library.sync()
    assert library.roots()[0].is_online


def test_a_vanished_root_marks_nothing_missing(library: Library, output: Path):
    output.rename(output.with_name("away"))
    assert library.sync().missing == 0
    assert len(paths(library)) == 3


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_an_unreadable_folder_marks_nothing_missing(library: Library, output: Path):
    (output / "sub").chmod(0)
    try:
        report = library.sync()
    finally:
        (output / "sub").chmod(0o755)
    assert report.missing == 0
    assert any("cannot read" in notice for notice in report.notices)


def test_a_removed_folder_hides_its_files(library: Library, output: Path):
    shutil.rmtree(output / "sub")
    assert library.sync().missing == 1


@pytest.mark.parametrize("way", ["rename", "move", "copy", "touch", "rsync", "folder"])
def test_marks_survive_changes_made_outside(library: Library, output: Path, way: str):
    file = output / "sub" / "three.png"
    file_id = library.find_path(file)
    assert file_id is not None
    library.set_favorite([file_id], on=True)
    library.set_rating([file_id], 4)
    library.tag([file_id], "best")
    target = output / "new" / "renamed.png"
    if way == "rename":
        target = file.rename(file.with_name("renamed.png"))
    elif way == "touch":
        target = file
        set_time(file, START_NS + 99 * DAY_NS)
    elif way == "folder":
        target = file.parent.rename(output / "other") / "three.png"
    else:
        target.parent.mkdir()
        copy = {"move": shutil.move, "copy": shutil.copy2, "rsync": shutil.copy}[way]
        copy(file, target)
        file.unlink(missing_ok=True)
    library.sync()
    new_id = library.find_path(target)
    assert new_id == file_id
    item = library.item(new_id)
    assert (item.is_favorite, item.rating, item.state) == (True, 4, "indexed")
    assert library.user_data(new_id).tags == ("best",)
    assert library.stats().missing == 0


def test_a_copy_deleted_in_a_later_scan_keeps_the_row(library: Library, output: Path):
    file = output / "one.png"
    file_id = library.find_path(file)
    data = file.read_bytes()
    file.unlink()
    library.sync()
    write(output / "back.png", data)
    library.sync()
    assert library.find_path(output / "back.png") == file_id
    assert library.stats().missing == 0


def test_two_candidates_are_not_merged(library: Library, output: Path):
    data = (output / "one.png").read_bytes()
    write(output / "twin.png", data)
    library.sync()
    (output / "one.png").unlink()
    (output / "twin.png").unlink()
    library.sync()
    assert library.stats().missing == 2
    write(output / "third.png", data)
    library.sync()
    assert library.stats().missing == 2
    assert len(paths(library)) == 3


def test_new_content_at_the_same_path_inherits_nothing(library: Library, output: Path):
    file = output / "one.png"
    file_id = library.find_path(file)
    assert file_id is not None
    library.set_favorite([file_id], on=True)
    write(file, png(prompt("something else", seed=77)), START_NS)
    library.sync()
    assert not library.item(file_id).is_favorite


def test_a_broken_file_is_a_row_with_its_problem(library: Library, output: Path):
    write(output / "cut.png", png(prompt())[:60])
    report = library.sync()
    assert report.problems == 1
    item = library.item(library.find_path(output / "cut.png") or 0)
    assert item.state == "error_recorded"
    assert item.problem
    assert library.sync().problems == 0


def test_a_half_written_file_is_read_again(library: Library, output: Path):
    whole = png(prompt("late", seed=5))
    file = write(output / "late.png", whole[:80])
    library._parts.syncing.settle_s = 30.0
    waiting = threading.Event()

    class Finish(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            waiting.set()
            write(file, whole)
            return False

    report = library.sync(cancelled=Finish())
    assert waiting.is_set()
    assert report.problems == 0
    assert library.item(library.find_path(file) or 0).prompt_preview == "late"


def test_json_is_an_item_only_with_a_graph(library: Library, output: Path):
    write(output / "graph.json", prompt("from json").encode())
    write(output / "config.json", b'{"theme": "dark"}')
    report = library.sync()
    assert report.problems == 0
    assert "graph.json" in paths(library)
    assert "config.json" not in paths(library)
    assert library.sync().changed == 0


def test_a_video_its_still_and_its_twin_are_one_item(library: Library, output: Path):
    write(output / "clip.mp4", comfy_mp4(), START_NS)
    write(output / "clip-audio.mp4", comfy_mp4(last=False), START_NS)
    picture(output / "clip.png", 8)
    library.sync()
    names = paths(library)
    assert "clip.mp4" in names
    assert not {"clip.png", "clip-audio.mp4"} & set(names)
    item = library.item(library.find_path(output / "clip.mp4") or 0)
    assert [Path(path).name for path in item.companions] == ["clip-audio.mp4", "clip.png"]
    (output / "clip.mp4").unlink()
    library.sync()
    assert "clip-audio.mp4" in paths(library)


def test_a_still_that_cannot_be_read_stands_for_nothing(library: Library, output: Path):
    write(output / "clip.mp4", comfy_mp4(), START_NS)
    write(output / "clip.png", bytes(100), START_NS)
    assert library.sync().problems
    assert {"clip.mp4", "clip.png"} <= set(paths(library))
    assert library.sync().changed == 0
    assert "clip.png" in paths(library)
    picture(output / "clip.png", 8)
    library.sync()
    assert "clip.png" not in paths(library)
    item = library.item(library.find_path(output / "clip.mp4") or 0)
    assert [Path(path).name for path in item.companions] == ["clip.png"]


def test_a_still_that_was_being_written_is_grouped_when_it_is_whole(library: Library, output: Path):
    write(output / "clip.mp4", comfy_mp4(), START_NS)
    still = output / "clip.png"
    whole = picture(still, 8).read_bytes()
    write(still, whole[:20])
    library._parts.syncing.settle_s = 30.0

    class Finish(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            write(still, whole)
            return False

    library.sync(cancelled=Finish())
    assert "clip.png" not in paths(library)


def test_links_are_offered_and_not_followed(open_library: Open, output: Path, tmp_path: Path):
    picture(tmp_path / "elsewhere" / "far.png", 5)
    (output / "link").symlink_to(tmp_path / "elsewhere")
    (output / "loop").symlink_to(output)
    (output / "file.png").symlink_to(tmp_path / "elsewhere" / "far.png")
    library = open_library(output)
    library.sync()
    assert len(paths(library)) == 3
    assert sorted(library.offered_roots()) == [str(output / "link"), str(output / "loop")]


def test_a_root_that_is_a_link_is_resolved(open_library: Open, output: Path, tmp_path: Path):
    (tmp_path / "alias").symlink_to(output)
    library = open_library(tmp_path / "alias")
    assert [root.path for root in library.roots()] == [str(output)]


def test_folders_of_programs_are_skipped_with_a_notice(open_library: Open, output: Path):
    for name in (".git", "models", "custom_nodes", "node_modules", ".hidden"):
        picture(output / name / "x.png", 4)
    (output / "env").mkdir()
    (output / "env" / "pyvenv.cfg").touch()
    picture(output / "env" / "y.png", 4)
    library = open_library(output)
    report = library.sync()
    assert report.found == 3
    told = " ".join(report.notices)
    assert all(name in told for name in ("models", "custom_nodes", "node_modules", "env"))


def test_exclude_and_hidden_settings(open_library: Open, output: Path):
    picture(output / "tmp_1" / "x.png", 4)
    picture(output / ".secret" / "y.png", 5)
    settings = Settings(scan=ScanSettings(exclude=("tmp_*",), hidden=True))
    library = open_library(output, settings=settings)
    library.sync()
    assert "y.png" in paths(library)
    assert "x.png" not in paths(library)


def test_a_wrong_folder_is_noticed(open_library: Open, tmp_path: Path):
    home = tmp_path / "home"
    home.mkdir()
    for number in range(1100):
        (home / f"{number}.txt").touch()
    report = open_library(home).sync()
    assert any("right folder" in notice for notice in report.notices)


def test_the_input_folder_is_hidden_from_the_default_view(
    open_library: Open, output: Path, tmp_path: Path
):
    picture(tmp_path / "input" / "source.png", 4)
    settings = Settings(
        library=LibrarySettings(output_path=str(output), input_path=str(tmp_path / "input"))
    )
    library = open_library(settings=settings)
    library.sync()
    assert "source.png" not in paths(library)
    assert "source.png" in paths(open_library(tmp_path / "input"))


def test_a_folder_inside_a_root_is_a_view_and_no_root(
    library: Library, open_library: Open, output: Path
):
    inner = open_library(output / "sub")
    assert len(inner.roots()) == 1
    assert paths(inner) == ["three.png"]
    assert inner.stats().total_files == 1


def test_a_root_above_takes_the_inner_one_in(
    library: Library, open_library: Open, output: Path, tmp_path: Path
):
    outer = open_library(output.parent)
    assert [root.path for root in outer.roots()] == [str(output.parent)]
    report = outer.sync()
    assert report.added == 0
    assert len(paths(outer)) == 3


def test_a_root_that_is_no_folder(open_library: Open, output: Path):
    with pytest.raises(UsageError, match="not a folder"):
        open_library(output / "one.png")
    with pytest.raises(UsageError, match="does not exist"):
        open_library(output / "nothing")


def test_undecodable_and_odd_names(open_library: Open, tmp_path: Path):
    root = tmp_path / "odd"
    root.mkdir()
    names = [b"caf\xe9.png", "emoji \U0001f600.png".encode(), b"line\nbreak.PNG", b"[b]x[b].png"]
    for number, name in enumerate(names):
        target = os.fsencode(root) + b"/" + name
        Path(os.fsdecode(target)).write_bytes(png(prompt(seed=number), colour=number))
    library = open_library(root)
    assert library.sync().added == 4
    found = {os.fsencode(item.name) for item in library.search("").page(0, 9)}
    assert found == set(names)
    for item in library.search("").page(0, 9):
        assert Path(item.path).exists()
        assert library.raw(item.id)["prompt"]


def test_a_cancelled_scan_keeps_what_is_done(open_library: Open, tmp_path: Path):
    root = tmp_path / "many"
    for number in range(600):
        picture(root / f"{number:04}.png", number)
    library = open_library(root)
    cancelled = threading.Event()

    def stop(event: object) -> None:
        if isinstance(event, SyncProgress) and event.state == "reading":
            cancelled.set()

    report = library.sync(stop, cancelled)
    assert report.cancelled
    assert report.unread > 0
    assert library.search("").total == 600
    assert library.search("").unread == report.unread
    assert library.sync().unread == 0
    assert library.stats().with_workflow == 0


def test_a_sync_during_a_sync_is_ignored_with_a_notice(library: Library, output: Path):
    told: list[object] = []
    inner: list[object] = []

    def again(event: object) -> None:
        told.append(event)
        if not inner:
            inner.append(library.sync(told.append))

    library.sync(again)
    assert any(isinstance(event, Notice) and "already" in event.text for event in told)
    assert library.sync_progress().state == "done"


def test_worker_processes_give_the_same_rows(
    open_library: Open, output: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    one = open_library(output)
    one.sync()
    monkeypatch.setattr("smartgallery_tui.library.read_pass.MANY", 1)
    two = open_library(output, data_dir=tmp_path / "second")
    two.sync()
    ids = one.search("").ids()
    assert [one.generation(i) for i in ids] == [two.generation(i) for i in ids]
    assert one.items(ids) == two.items(ids)


def test_reparse_reads_everything_again(library: Library):
    events: list[object] = []
    library.sync(events.append, reparse=True)
    assert sum(event.changed for event in events if isinstance(event, LibraryChanged)) == 3
    assert library.generation(1).passes


def test_files_that_left_the_root_folder_are_missed_while_others_stay(
    library: Library, output: Path
):
    (output / "one.png").unlink()
    (output / "two.png").unlink()
    assert library.sync().missing == 2
    assert paths(library) == ["three.png"]


def test_a_folder_with_very_many_files(
    open_library: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("smartgallery_tui.library.stat_pass._BATCH", 7)
    for number in range(50):
        picture(tmp_path / "many" / f"{number}.png", number)
    library = open_library(tmp_path / "many")
    assert library.sync().added == 50
    assert library.sync().added == 0


def test_a_large_library_looks_at_folder_times_first(
    library: Library, output: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("smartgallery_tui.index.found._LARGE", 0)
    picture(output / "sub" / "four.png", 4)
    picture(output / "deep" / "er" / "five.png", 5)
    (output / "two.png").unlink()
    report = library.sync()
    assert (report.added, report.missing) == (2, 1)
    assert paths(library) == ["five.png", "four.png", "three.png", "one.png"]


def test_a_second_process_is_told_who_scans(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("smartgallery_tui.library.syncing._PATIENCE_S", 0.0)
    with ScanLock(tmp_path / "data"), pytest.raises(IndexLockedError, match="process"):
        library.sync()
    assert library.sync_progress().state == "error"
    assert library.sync().found == 3


def test_a_new_reader_reads_everything_again(
    library: Library, open_library: Open, output: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("smartgallery_tui.library.sync.version_of", lambda _rules: 9999)
    events: list[object] = []
    library.sync(events.append)
    assert sum(event.changed for event in events if isinstance(event, LibraryChanged)) == 3


def test_slow_disks_are_read_ahead(
    open_library: Open, output: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("smartgallery_tui.library.read_pass._SLOW_OPEN_S", 0.0)
    library = open_library(output)
    library.sync()
    assert [item.state for item in library.search("").page(0, 3)] == ["indexed"] * 3


def test_an_offered_root_can_be_added(library: Library, output: Path, tmp_path: Path):
    picture(tmp_path / "elsewhere" / "far.png", 5)
    token = library.data_version()
    root = library.add_root(tmp_path / "elsewhere")
    assert root.role == "extra"
    assert library.data_version() != token
    library.sync()
    assert "far.png" in paths(library)
    assert library.add_root(output / "sub").path == str(output)


def test_the_first_files_are_told_of_at_once(tmp_path: Path, open_library: Open):
    root = tmp_path / "root"
    for number in range(700):
        write(root / f"{number // 3}" / f"{number}.png", b"", START_NS)
    shown: list[int] = []
    library = open_library(root)

    def emit(event: object) -> None:
        if isinstance(event, LibraryChanged):
            shown.append(library.search("").total)

    library.sync(emit)
    assert 200 <= shown[0] < 300
    assert library.search("").total == 700


def test_a_still_in_a_large_folder_belongs_to_its_video(tmp_path: Path, open_library: Open):
    root = tmp_path / "root"
    write(root / "clip.mp4", comfy_mp4(), START_NS)
    for number in range(1100):
        write(root / f"{number}.png", b"", START_NS)
    write(root / "clip.png", png(prompt()), START_NS)
    library = open_library(root)
    library.sync()
    assert library.search("").total == 1101
    assert "clip.png" not in paths(library)


def test_words_of_every_script_are_found_after_one_scan(tmp_path: Path, open_library: Open):
    texts = ["a castle by the sea", "\u57ce\u5821 caf\u00e9", "a caf\u00e9 at night", "plain words"]
    for number in range(400):
        text = f"{texts[number % 4]} {number}"
        picture(tmp_path / "root" / f"{number}.png", number, text)
    library = open_library(tmp_path / "root")
    library.sync()
    found = {word: library.search(word).total for word in ("castle", "cafe", "\u5821", "words 7")}
    assert found == {"castle": 100, "cafe": 200, "\u5821": 100, "words 7": 1}

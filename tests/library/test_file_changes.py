"""What users of other galleries lost by renaming, moving, importing and exporting; never here."""

from __future__ import annotations

import json
import os
import shutil
import signal
import threading
import time
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from smartgallery_tui.errors import ReadOnlyError, UsageError
from smartgallery_tui.files import Change
from smartgallery_tui.index import change_lock, journal
from smartgallery_tui.library.row_journal import RowJournal
from smartgallery_tui.records import FileProgress, SafetySettings, Settings
from tests.library.samples import picture, png, prompt, set_time, write

if TYPE_CHECKING:
    from pathlib import Path

    from smartgallery_tui.library import Library
    from tests.library.conftest import Open


def id_of(library: Library, path: Path) -> int:
    found = library.find_path(path)
    assert found is not None, path
    return found


def paths(library: Library) -> list[str]:
    result = library.search("", sort="name", descending=False)
    return [item.path for item in result.page(0, 1000)]


def test_a_rated_file_keeps_its_marks_when_renamed(library: Library, output: Path) -> None:
    one = id_of(library, output / "one.png")
    library.set_favorite([one], on=True)
    library.set_rating([one], 4)
    assert library.rename(one, "fox")[0].ok
    library.sync()
    assert id_of(library, output / "fox.png") == one
    item = library.item(one)
    assert (item.is_favorite, item.rating, item.state) == (True, 4, "indexed")
    assert library.search("").total == 3


def test_a_rated_file_keeps_its_marks_when_moved(library: Library, output: Path) -> None:
    one = id_of(library, output / "one.png")
    library.set_rating([one], 4)
    outcomes = library.move([one], str(output / "sub"))
    assert [(outcome.ok, outcome.path) for outcome in outcomes] == [
        (True, str(output / "sub" / "one.png"))
    ]
    assert library.item(one).path == str(output / "sub" / "one.png")
    library.sync()
    assert library.item(one).rating == 4
    assert library.search("").total == 3


def test_a_renamed_folder_takes_exactly_its_own_rows(
    library: Library, output: Path, open_library: Open
) -> None:
    for name in ("a/f1.png", "a/sub/f4.png", "ab/f3.png", "b/a/f5.png", "a0/f6.png"):
        picture(output / name, 10 + len(name) + ord(name[0]))
    library.sync()
    before = {path: id_of(library, output / path) for path in ("a/sub/f4.png", "ab/f3.png")}
    assert library.rename_folder(str(output / "a"), "z").ok
    on_disk = sorted(
        str(path) for path in output.rglob("*.png") if ".smartgallery" not in path.parts
    )
    assert sorted(paths(library)) == on_disk
    assert id_of(library, output / "z/sub/f4.png") == before["a/sub/f4.png"]
    assert id_of(library, output / "ab/f3.png") == before["ab/f3.png"]
    library.sync()
    assert sorted(paths(library)) == on_disk
    assert library.undo()[0].ok
    assert id_of(library, output / "a/sub/f4.png") == before["a/sub/f4.png"]


def test_imported_files_are_rows_at_once_and_replace_nothing(
    library: Library, output: Path, tmp_path: Path
) -> None:
    mine = (output / "one.png").read_bytes()
    picture(tmp_path / "in" / "one.png", 77)
    outcome = library.import_files([str(tmp_path / "in" / "one.png")])[0]
    assert outcome.path == str(output / "one(1).png")
    assert library.item(outcome.id).state == "indexed"
    assert library.search("number 77").total == 1
    assert (output / "one.png").read_bytes() == mine
    assert (tmp_path / "in" / "one.png").exists()
    with pytest.raises(UsageError):
        library.import_files([str(tmp_path / "in")], str(tmp_path))


def test_companions_come_along_under_one_name(
    library: Library, output: Path, tmp_path: Path
) -> None:
    from tests.containers.make_media import mp4

    for folder in (output, tmp_path / "in"):
        write(folder / "clip.mp4", mp4())
        picture(folder / "clip.png", 30)
    library.sync()
    outcomes = library.import_files([str(tmp_path / "in" / "clip.mp4")])
    assert [(outcome.ok, outcome.path) for outcome in outcomes] == [
        (True, str(output / "clip(1).mp4")), (True, str(output / "clip(1).png")),
    ]  # fmt: skip
    video = id_of(library, output / "clip(1).mp4")
    assert library.item(video).companions == (str(output / "clip(1).png"),)
    picture(output / "sub" / "clip(1).png", 31)
    library.sync()
    (copied,) = library.copy([video], str(output / "sub"))
    assert copied.path == str(output / "sub" / "clip(1)(1).mp4")
    assert (output / "sub" / "clip(1)(1).png").is_file()
    for _ in range(2):
        assert all(outcome.ok for outcome in library.undo())
    assert not (output / "clip(1).png").exists()


def test_a_companion_that_is_gone_or_asked_for_holds_nothing_up(
    library: Library, output: Path
) -> None:
    from tests.containers.make_media import mp4

    write(output / "clip.mp4", mp4())
    picture(output / "clip.png", 30)
    library.sync()
    video, still = id_of(library, output / "clip.mp4"), id_of(library, output / "clip.png")
    for ids in ([video, still], [still, video]):
        outcomes = library.trash(ids)
        assert [outcome.ok for outcome in outcomes] == [True, True], outcomes
        assert all(outcome.ok for outcome in library.undo())
    (output / "clip.png").unlink()
    (moved,) = library.move([video], str(output / "sub"))
    assert (moved.ok, moved.path) == (True, str(output / "sub" / "clip.mp4"))


def test_a_file_replaced_by_an_older_one_is_noticed(library: Library, output: Path) -> None:
    one = id_of(library, output / "one.png")
    time_ns = (output / "one.png").stat().st_mtime_ns
    write(output / "new.tmp", png(prompt("a heron", seed=99)))
    set_time(output / "new.tmp", time_ns - 10**12)
    (output / "new.tmp").replace(output / "one.png")
    library.sync()
    assert library.search("heron").ids() == [one]
    write(output / "one.png", png(prompt("a stork and more", seed=98)), time_ns - 10**12)
    library.sync()
    assert library.search("stork").ids() == [one]


def test_clean_copies_lose_no_pixel(library: Library, output: Path, tmp_path: Path) -> None:
    pixels = Image.effect_noise((64, 48), 80).convert("RGB")
    exif = Image.Exif()
    exif[0x010F] = "Workflow: the secret graph"
    pixels.save(output / "j.jpg", quality=70, comment=b"the secret comment", exif=exif)
    pixels.save(output / "w.webp", quality=70, exif=exif)
    library.sync()
    for name in ("j.jpg", "w.webp"):
        done = library.export([id_of(library, output / name)], str(tmp_path / "out"), clean=True)
        assert done[0].ok, done[0].reason
        data = (tmp_path / "out" / name).read_bytes()
        assert b"secret" not in data
        with Image.open(output / name) as old, Image.open(tmp_path / "out" / name) as new:
            assert old.tobytes() == new.tobytes()
            assert not new.getexif()
            assert "comment" not in new.info


def test_a_format_that_cannot_be_cleaned_is_refused(
    library: Library, output: Path, tmp_path: Path
) -> None:
    Image.new("RGB", (8, 8)).save(output / "t.tiff")
    library.sync()
    (done,) = library.export([id_of(library, output / "t.tiff")], str(tmp_path), kind="clean")
    assert not done.ok
    assert "\n" not in done.reason
    assert "tiff" in done.reason


def test_thumbnails_of_deleted_files_can_be_collected(library: Library, output: Path) -> None:
    one = id_of(library, output / "one.png")
    content = library.item(one).content_id
    library.thumbnail(one, (32, 32))
    store = library._parts.showing._pictures()._maker.store
    assert store.with_thumbnail([content], 1) == {content}
    assert library.delete([one])[0].ok
    with library._parts.context.store.read() as db:
        known = {row[0] for row in db.execute("SELECT content_id FROM files")}
    assert content not in known
    assert store.prune_orphans(lambda ids: set(ids) & known) == b""
    assert store.with_thumbnail([content], 1) == set()


def test_marks_outlive_a_file_that_was_away(library: Library, output: Path) -> None:
    one = id_of(library, output / "one.png")
    library.tag([one], "best")
    (output / "one.png").rename(output.parent / "away.png")
    library.sync()
    assert library.search("tag:best").total == 0
    (output.parent / "away.png").rename(output / "sub" / "back.png")
    library.sync()
    assert [item.name for item in library.search("tag:best").page(0, 9)] == ["back.png"]


def test_deleting_for_ever_cannot_be_undone(library: Library, output: Path) -> None:
    one, two = id_of(library, output / "one.png"), id_of(library, output / "two.png")
    library.set_rating([one], 3)
    outcomes = library.delete([two, 999])
    assert [(outcome.ok, outcome.path) for outcome in outcomes] == [
        (True, str(output / "two.png")), (False, ""),
    ]  # fmt: skip
    assert not library.trashed()
    assert library.search("", include_missing=True).total == 2
    assert [outcome.what for outcome in library.undo()] == ["rating"]
    assert library.undo() == []


def test_the_trash_is_emptied_by_command_and_by_age(
    library: Library, output: Path, open_library: Open
) -> None:
    one, two = id_of(library, output / "one.png"), id_of(library, output / "two.png")
    library.trash([one])
    library.trash([two])
    (note,) = [
        path
        for path in (output / ".smartgallery" / "trash").glob("*.json")
        if json.loads(path.read_text())["name"] == "one.png"
    ]
    said = json.loads(note.read_text())
    note.write_text(json.dumps({**said, "trashed_ns": said["trashed_ns"] - 40 * 86_400 * 10**9}))
    told: list[object] = []
    settings = Settings(safety=SafetySettings(trash_days=30))
    with open_library(output, settings=settings) as other:
        other.sync(told.append)
        assert [entry.original for entry in other.trashed()] == [str(output / "two.png")]
    assert any("left the trash" in str(event) for event in told)
    assert [outcome.ok for outcome in library.empty_trash()] == [True]
    assert not library.trashed()
    assert library.undo() == []


def test_texts_and_tables_are_exported(
    library: Library,
    output: Path,
    tmp_path: Path,
    open_library: Open,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ids = library.search("", sort="name", descending=False).ids()
    target = tmp_path / "out"
    done = library.export(ids, str(target), kind="prompt")
    assert [outcome.path for outcome in done] == [
        str(target / f"{name}.json") for name in ("one", "three", "two")
    ]
    assert json.loads((target / "one.json").read_text())["5"]["inputs"]["seed"] == 1
    none = library.export(ids[:1], str(target), kind="workflow")[0]
    assert (none.ok, none.reason) == (False, "'one.png' holds no workflow")
    assert library.export_table(ids, str(target), "csv").path == str(target / "smartgallery.csv")
    table = (target / "smartgallery.csv").read_text().splitlines()
    assert table[0].startswith("path,kind")
    assert len(table) == 4
    rows = library.export_table(ids, str(target), "jsonl", name="rows").path
    lines = (target / "rows.jsonl").read_text().splitlines()
    assert rows == str(target / "rows.jsonl")
    assert [json.loads(line)["headline"]["seed"] for line in lines] == [1, 3, 2]
    with pytest.raises(UsageError):
        library.export(ids, str(target), kind="nonsense")
    quiet = open_library(output, read_only=True)
    assert quiet.export(ids[:1], str(target))[0].ok
    monkeypatch.setenv("HOME", str(output.parent))
    for inside in (str(output / "sub"), f"~/{output.name}/sub"):
        with pytest.raises(ReadOnlyError):
            quiet.export(ids[:1], inside)
        with pytest.raises(ReadOnlyError):
            quiet.export_table(ids, inside, "csv")
        with pytest.raises(ReadOnlyError):
            quiet.export_archive(ids, f"{inside}/x.zip")
    assert not (output / "sub" / "x.zip").exists()


def test_workflows_go_where_comfyui_lists_them(tmp_path: Path, open_library: Open) -> None:
    base = tmp_path / "ComfyUI"
    picture(base / "output" / "one.png", 1)
    (base / "comfy").mkdir()
    (base / "main.py").touch()
    library = open_library(base / "output")
    assert library.comfy_workflows_folder() == str(base / "user/default/workflows")


def test_protected_folders_stay(library: Library, output: Path, open_library: Open) -> None:
    picture(output / "video" / "deep" / "v.png", 5)
    library.sync()
    for folder in (output / "video", output, output.parent):
        assert not library.trash_folder(str(folder)).ok
        assert not library.rename_folder(str(folder), "x").ok
    assert library.rename_folder(str(output / "video" / "deep"), "x").ok
    inner = open_library(output / "sub", data_dir=output.parent / "other")
    assert not inner.trash_folder(str(output)).ok


def test_a_failed_companion_leaves_nothing_to_undo(library: Library, output: Path) -> None:
    one, two = id_of(library, output / "one.png"), id_of(library, output / "two.png")
    library.set_rating([one], 2)
    picture(output / "sub" / "x.png", 8)
    taken = [str(output / "one.png"), str(output / "gone.png")]

    def act(operations: object, _item: object) -> list[object]:
        return operations.together(taken, str(output / "sub"))  # type: ignore[attr-defined]

    assert not library._parts.operating.each([one], act)[0].ok  # type: ignore[arg-type]
    assert (output / "one.png").is_file()
    with library._parts.context.store.read() as db:
        states = {
            row[0] for row in db.execute("SELECT state FROM user.journal WHERE action='move'")
        }
    assert states == {"failed"}
    assert [outcome.what for outcome in library.undo()] == ["rating"]
    assert two


def test_a_restore_that_makes_folders_is_undone_once(library: Library, output: Path) -> None:
    three = id_of(library, output / "sub" / "three.png")
    library.set_rating([three], 1)
    library.trash([three])
    shutil.rmtree(output / "sub")
    assert library.undo()[0].ok
    assert (output / "sub" / "three.png").is_file()
    assert [outcome.what for outcome in library.undo()] == ["rating"]


def test_progress_is_told_and_a_batch_can_be_stopped(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("smartgallery_tui.library.batch._TELL_S", 0.0)
    ids = library.search("").ids()
    stop = threading.Event()
    heard: list[FileProgress] = []

    def told(progress: FileProgress) -> None:
        heard.append(progress)
        if progress.done == 1:
            stop.set()

    outcomes = library.trash(ids, stop, told)
    assert [(one.done, one.total) for one in heard] == [(0, 3), (1, 3), (3, 3)]
    assert heard[0].eta_s is None
    assert heard[1].eta_s is not None
    assert heard[1].rate_per_s > 0
    assert [outcome.ok for outcome in outcomes] == [True, False, False]
    assert outcomes[1].reason == "cancelled"
    assert len(library.trashed()) == 1


def test_names_are_checked_while_they_are_typed(library: Library, output: Path) -> None:
    one = id_of(library, output / "one.png")
    assert library.name_problem(one, "fox") == ""
    assert library.name_problem(one, "one") == ""
    assert "taken" in library.name_problem(one, "two")
    assert "contains /" in library.name_problem(one, "a/two")
    assert "longer" in library.name_problem(one, "x" * 300)


def test_files_that_came_during_a_scan_are_read_after_it(library: Library, output: Path) -> None:
    picture(output / "sub" / "four.png", 4)
    library._parts.context.scan_lock.acquire()
    try:
        library.index_paths([str(output / "sub" / "four.png")])
        four = id_of(library, output / "sub" / "four.png")
        assert library.item(four).state == "unread"
    finally:
        library._parts.context.scan_lock.release()
    library.sync()
    assert library.item(four).state == "indexed"


def test_a_scan_bears_rows_that_came_before_it(library: Library, output: Path) -> None:
    """A walk that saw a new file writes after somebody else has made its row."""
    from smartgallery_tui.index.rows import NewRow, RowWriter

    with library._parts.context.store.read() as db:
        row = db.execute(
            "SELECT folder_id, root_id, path, name, kind, format, size_bytes, mtime_ns, inode "
            "FROM files LIMIT 1"
        ).fetchone()
    insert = lambda db: RowWriter().insert_new(db, [NewRow(*row)])  # noqa: E731 - one line
    library._parts.context.writer.run("index", insert)
    assert library.search("").total == 3


def test_interrupted_changes_are_finished_at_the_next_start(
    library: Library, output: Path, open_library: Open
) -> None:
    one = id_of(library, output / "one.png")
    rows = RowJournal(library._parts.context.writer)
    rows.intend(Change("move", str(output / "one.png"), str(output / "x.png")))
    (output / "one.png").rename(output / "x.png")
    with change_lock.changing(library.data_dir):
        assert open_library(output).notices == []
    assert open_library(output, read_only=True).notices == []
    other = open_library(output)
    assert ["finished" in notice for notice in other.notices] == [True]
    assert other.item(one).path == str(output / "x.png")
    assert open_library(output).notices == []


def test_a_killed_process_leaves_the_old_or_the_new_state(
    library: Library, output: Path, open_library: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = id_of(library, output / "one.png"), id_of(library, output / "two.png")
    before = (output / "one.png").read_bytes()
    library.close()
    child = os.fork()
    if not child:  # pragma: no cover - the child
        monkeypatch.setattr(RowJournal, "finish", lambda *_: os.kill(os.getpid(), signal.SIGKILL))
        open_library(output).trash([one, two])
        os._exit(0)
    assert os.waitpid(child, 0)[1] == signal.SIGKILL
    after = open_library(output)
    assert any("interrupted trash was finished" in notice for notice in after.notices)
    with after._parts.context.store.read() as db:
        assert not journal.unfinished(db)
    (entry,) = after.trashed()
    assert entry.original == str(output / "one.png")
    assert sorted(paths(after)) == [str(output / "sub" / "three.png"), str(output / "two.png")]
    assert after.undo()[0].path == str(output / "one.png")
    assert (output / "one.png").read_bytes() == before


def test_opening_is_quick_where_nothing_is_left_over(library: Library) -> None:
    began = time.thread_time()
    assert library._parts.recovering.recover_changes() == []
    assert time.thread_time() - began < 0.1

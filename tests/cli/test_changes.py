from __future__ import annotations

import json
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.cli.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Done


@pytest.fixture
def scanned(sg: Callable[..., Done], pictures: Path) -> Path:
    assert sg("scan", pictures).code == 0
    return pictures


def test_marks_are_found_and_undone(sg: Callable[..., Done], scanned: Path) -> None:
    done = sg("mark", "ext:webp", "--favorite", "--rating", "4", "--tag", "keep")
    assert done == (0, b"", "marked: 1 file\n")
    (row,) = [json.loads(line) for line in sg("find", "fav:yes", "--json").out.splitlines()]
    assert (row["is_favorite"], row["rating"], row["tags"]) == (True, 4, ["keep"])
    undone = sg("undo")
    assert (undone.code, undone.err) == (0, "undone (favourite, rating, tag keep): 1 file\n")
    assert sg("find", "fav:yes", "--count").out == b"0\n"
    assert sg("undo").code == 1
    assert sg("undo", "--redo").code == 0
    assert sg("find", "fav:yes", "--count").out == b"1\n"
    assert scanned.exists()


def test_a_mark_needs_a_query_and_a_change(sg: Callable[..., Done], scanned: Path) -> None:
    assert sg("mark", "--favorite").code == 2
    assert sg("mark", "kind:image").code == 2
    for line in (("mark", "--favorite"), ("trash",), ("export", "--to", scanned / "new")):
        done = sg(line[0], "nothing-like-that kind:image", *line[1:])
        assert (done.code, done.out) == (1, b"")
        assert done.err.splitlines()[0] == "nothing found"
        assert "kind:image  alone: 6" in done.err
    assert scanned.exists()


def test_read_only_refuses_marks(
    sg: Callable[..., Done], scanned: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = sg("--read-only", "mark", "kind:image", "--favorite")
    assert done.code != 0
    assert "started with --read-only" in done.err
    monkeypatch.setenv("SMARTGALLERY_SAFETY_READ_ONLY", "true")
    done = sg("mark", "kind:image", "--favorite")
    assert "[safety] read_only is on in the settings" in done.err
    assert sg("find", "fav:yes", "--count").out == b"0\n"
    assert scanned.exists()


def test_user_data_travels(sg: Callable[..., Done], scanned: Path, tmp_path: Path) -> None:
    sg("mark", "ext:webp", "--rating", "5", "--note", "good")
    lines = tmp_path / "u.jsonl"
    assert sg("userdata", "export", lines).code == 0
    assert sg("userdata", "export", lines).code == 2
    assert sg("userdata", "export").out == lines.read_bytes()
    other = tmp_path / "other"
    sg("scan", scanned, "--data-dir", other)
    assert sg("userdata", "import", lines, "--data-dir", other).code == 0
    assert sg("find", "rating:5", "--count", "--data-dir", other).out == b"1\n"


def test_a_backup_can_be_restored(sg: Callable[..., Done], scanned: Path, tmp_path: Path) -> None:
    sg("mark", "ext:webp", "--rating", "5")
    made = sg("backup", tmp_path / "copy.db")
    assert made == (0, f"{tmp_path}/copy.db\n".encode(), "")
    sg("mark", "ext:webp", "--rating", "1")
    assert sg("restore", tmp_path / "copy.db").code == 0
    assert sg("find", "rating:5", "--count").out == b"1\n"
    assert sg("restore", scanned).code == 3


def test_duplicates_are_listed(sg: Callable[..., Done], scanned: Path) -> None:
    assert sg("dups").code == 1
    source = next(scanned.rglob("*.webp"))
    copy = source.with_name("copy.webp")
    copy.write_bytes(source.read_bytes())
    sg("scan", scanned)
    assert set(sg("dups").out.decode().splitlines()) == {str(source), str(copy)}
    assert len(json.loads(sg("dups", "--json").out)["paths"]) == 2


def test_pick_prints_what_was_marked(scanned: Path, tmp_path: Path) -> None:
    target = tmp_path / "picked"
    command = f"{sys.executable} -m smartgallery_tui pick --graphics none ext:webp > {target}"
    with Terminal(program=["sh", "-c", command]) as terminal:
        terminal.read_until(".webp")
        terminal.send(b"\r")
        assert terminal.wait() == 0
    assert target.read_text() == f"{next(scanned.rglob('*.webp'))}\n"


def test_pick_can_be_left(scanned: Path) -> None:
    with Terminal("pick", "--graphics", "none") as terminal:
        terminal.read_until("ComfyUI_0")
        terminal.send(b"q")
        assert terminal.wait() == 1
    assert scanned.exists()


def test_what_is_trashed_comes_back(sg: Callable[..., Done], scanned: Path) -> None:
    (file,) = scanned.rglob("*.webp")
    before = file.read_bytes()
    assert sg("trash").code == 2
    done = sg("trash", "ext:webp")
    assert (done.code, file.exists()) == (0, False)
    assert sg("find", "ext:webp", "--count").out == b"0\n"
    assert sg("undo").err == "undone (trash): 1 file\n"
    assert file.read_bytes() == before
    assert sg("find", "ext:webp", "--count").out == b"1\n"


def test_read_only_refuses_the_trash(sg: Callable[..., Done], scanned: Path) -> None:
    done = sg("trash", "ext:webp", "--read-only")
    assert done.code != 0
    assert len(list(scanned.rglob("*.webp"))) == 1


def test_export_copies_with_and_without_metadata(
    sg: Callable[..., Done], scanned: Path, tmp_path: Path
) -> None:
    (file,) = scanned.rglob("*.webp")
    target = tmp_path / "new" / "copies"
    assert sg("export", "ext:webp", "--to", file / "in a file").code == 2
    assert sg("export", "ext:webp", "--to", target).code == 0
    (copy,) = target.iterdir()
    assert copy.read_bytes() == file.read_bytes()
    assert sg("export", "ext:webp", "--to", target, "--clean").code == 0
    (clean,) = (path for path in target.iterdir() if path != copy)
    (row,) = [json.loads(line) for line in sg("inspect", "--json", clean).out.splitlines()]
    assert row["sources"] == []
    assert sg("export", "nothing-like-that", "--to", target).code == 1
    assert sg("export", "ext:webp", "--to", target, "--table").code == 2
    best = tmp_path / "deep" / "best.zip"
    done = sg("export", "kind:*", "--to", best, "--workflows", "--table")
    assert done.code == 0
    assert "scp" in done.err
    with zipfile.ZipFile(best) as packed:
        names = packed.namelist()
    assert "smartgallery.csv" in names
    assert any(name.endswith(".json") for name in names)
    (target / "file").touch()
    many = sg("export", "kind:*", "--to", "/proc/nowhere")
    assert many.code == 1
    assert len(many.err.splitlines()) == 2, "a reason that all share is said once"


def test_the_trash_is_listed_restored_and_emptied(sg: Callable[..., Done], scanned: Path) -> None:
    assert sg("trash", "--list").code == 1
    assert sg("trash", "ext:png").code == 0
    rows = [json.loads(line) for line in sg("trash", "--list", "--json").out.splitlines()]
    assert len(rows) > 1
    done = sg("trash", "--restore", rows[0]["id"], "--restore", "nothing")
    assert done.code == 1
    assert "nothing of this id" in done.err
    assert Path(rows[0]["path"]).is_file()
    assert sg("trash", "--empty", "--older-than", "1").code == 0
    assert len(sg("trash", "--list").out.splitlines()) == len(rows) - 1
    assert "deleted for ever" in sg("trash", "--empty").err
    assert sg("trash", "--list").code == 1
    assert not Path(rows[1]["path"]).exists()
    for words in (["--empty", "ext:png"], ["--list", "--empty"], ["ext:png", "--older-than", "3"]):
        assert sg("trash", *words).code == 2
    assert scanned.exists()


def test_an_import_makes_the_folder_that_it_is_told(
    sg: Callable[..., Done], scanned: Path, tmp_path: Path
) -> None:
    (file,) = scanned.rglob("*.webp")
    outside = tmp_path / file.name
    outside.write_bytes(file.read_bytes())
    new = file.parent / "refs"
    done = sg("import", outside, "--to", new)
    assert (done.code, (new / file.name).exists()) == (0, True)
    deep = sg("import", outside, "--to", new / "a" / "b")
    assert (deep.code, "no such folder" in deep.err) == (2, True)
    beside = sg("import", outside, "--to", tmp_path / "no root")
    assert (beside.code, "cannot make" in beside.err) == (2, True)
    assert not (tmp_path / "no root").exists()
    assert [sg("undo").code for _ in range(2)] == [0, 0]
    assert not new.exists()


def test_files_are_imported(sg: Callable[..., Done], scanned: Path, tmp_path: Path) -> None:
    (file,) = scanned.rglob("*.webp")
    other = tmp_path / "other" / "deep" / file.name
    other.parent.mkdir(parents=True)
    other.write_bytes(file.read_bytes())
    (tmp_path / "other" / "notes.txt").write_text("x")
    done = sg("import", tmp_path / "other", "--to", file.parent, "--json")
    (row,) = [json.loads(line) for line in done.out.splitlines()]
    assert (done.code, row["ok"]) == (0, True)
    assert row["path"] == str(file.with_name(f"{file.stem}(1).webp"))
    assert sg("find", "ext:webp", "--count").out == b"2\n"
    assert sg("import", tmp_path / "other" / "notes.txt").code == 1
    with other.open("ab") as large:
        large.truncate(1_500_000)
    refused = sg("import", other, "--max-mb", "1")
    assert (refused.code, "takes 1 MB at most" in refused.err) == (1, True)
    assert sg("import", other, "--max-mb", "-1").code == 2
    assert sg("import", other, "--to", tmp_path).code == 2
    assert sg("import", other, "--read-only").code == 1
    assert sg("import").code == 2
    assert sg("undo").code == 0
    assert not Path(row["path"]).exists()

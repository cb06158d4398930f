"""Archives of items, and imports: what is in them, what they refuse, what they leave behind."""

from __future__ import annotations

import threading
import zipfile
from typing import TYPE_CHECKING

import pytest

from smartgallery_tui.errors import ReadOnlyError, UsageError
from smartgallery_tui.records import FileProgress, SafetySettings, Settings
from tests.library.samples import picture

if TYPE_CHECKING:
    from pathlib import Path

    from smartgallery_tui.library import Library
    from tests.library.conftest import Open


def inside(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as found:
        assert found.testzip() is None
        return {name: found.read(name) for name in found.namelist()}


def test_an_archive_has_files_workflows_and_a_table(
    library: Library, output: Path, tmp_path: Path
) -> None:
    ids = library.search("", sort="name", descending=False).ids()
    target = tmp_path / "new" / "all.zip"
    outcomes = library.export_archive(ids, str(target), workflows=True, table=True)
    assert [(outcome.ok, outcome.path) for outcome in outcomes] == [(True, str(target))] * 3
    found = inside(target)
    assert set(found) == {
        "one.png", "one.json", "sub/three.png", "sub/three.json", "two.png", "two.json",
        "smartgallery.csv",
    }  # fmt: skip
    assert found["sub/three.png"] == (output / "sub" / "three.png").read_bytes()
    assert found["one.json"] in found["one.png"]
    assert len(found["smartgallery.csv"].splitlines()) == 4
    again = library.export_archive(ids[:1], str(target))
    assert again[0].path == str(tmp_path / "new" / "all(1).zip"), "nothing is replaced"
    assert sorted(path.name for path in target.parent.iterdir()) == ["all(1).zip", "all.zip"]


def test_clean_copies_in_an_archive(library: Library, output: Path, tmp_path: Path) -> None:
    ids = library.search("").ids()
    library.export_archive(ids, str(tmp_path / "c.zip"), clean=True)
    found = inside(tmp_path / "c.zip")
    assert len(found) == 3
    assert b"KSampler" in (output / "one.png").read_bytes()
    assert not any(b"KSampler" in data for data in found.values())


def test_one_missing_file_leaves_the_others(library: Library, output: Path, tmp_path: Path) -> None:
    ids = library.search("", sort="name", descending=False).ids()
    (output / "one.png").unlink()
    outcomes = library.export_archive([*ids, 9999], str(tmp_path / "x.zip"))
    assert [outcome.ok for outcome in outcomes] == [False, True, True, False]
    assert set(inside(tmp_path / "x.zip")) == {"sub/three.png", "two.png"}
    assert not library.export_archive(ids[:1], str(tmp_path / "y.zip"))[0].ok
    assert not (tmp_path / "y.zip").exists()


def test_a_stopped_archive_leaves_nothing(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("smartgallery_tui.library.batch._TELL_S", 0.0)
    stop = threading.Event()

    def told(progress: FileProgress) -> None:
        if progress.done == 1:
            stop.set()

    ids = library.search("").ids()
    place = tmp_path / "place"
    outcomes = library.export_archive(ids, str(place / "x.zip"), cancelled=stop, told=told)
    assert all(outcome.is_cancelled for outcome in outcomes)
    assert list(place.iterdir()) == []


def test_names_and_places_of_archives(
    library: Library, output: Path, tmp_path: Path, open_library: Open
) -> None:
    ids = library.search("").ids()
    with pytest.raises(UsageError, match="no name of an archive"):
        library.export_archive(ids, str(tmp_path / "x.rar"))
    quiet = open_library(output, read_only=True)
    assert quiet.export_archive(ids, str(tmp_path / "q.zip"))[0].ok
    with pytest.raises(ReadOnlyError):
        quiet.export_archive(ids, str(output / "q.zip"))


def test_import_takes_files_of_a_sensible_size(
    output: Path, tmp_path: Path, open_library: Open
) -> None:
    library = open_library(output, settings=Settings(safety=SafetySettings(import_max_mb=1)))
    library.sync()
    picture(tmp_path / "in" / "small.png", 50)
    large = picture(tmp_path / "in" / "large.png", 51)
    with large.open("ab") as file:
        file.truncate(2_500_000)
    plan = library.import_plan([str(tmp_path / "in"), str(tmp_path / "nowhere")])
    assert (len(plan.paths), plan.large, plan.limit_mb) == (2, (str(large),), 1)
    assert plan.size_bytes > 2_500_000
    assert library.import_plan([str(tmp_path / "in" / "s*.png")]).paths == (
        str(tmp_path / "in" / "small.png"),
    )
    refused, taken = library.import_files([str(tmp_path / "in")])
    assert (refused.ok, refused.reason) == (False, "2 MB: import takes 1 MB at most")
    assert taken.ok
    assert library.import_files([str(large)], max_mb=0)[0].ok
    assert (output / "large.png").stat().st_size == 2_500_000


def test_what_came_in_has_its_thumbnail_and_its_workflow(library: Library, tmp_path: Path) -> None:
    picture(tmp_path / "in" / "new.png", 60)
    heard: list[FileProgress] = []
    (outcome,) = library.import_files([str(tmp_path / "in" / "new.png")], told=heard.append)
    assert {one.stage for one in heard} == {"", "thumbnails"}
    assert "KSampler" in (library.raw(outcome.id)["prompt"] or "")
    assert library.micro(outcome.id) is not None, "its picture is made already"


def test_texts_of_oddly_named_files_get_names_that_may_be_used(
    library: Library, output: Path, tmp_path: Path
) -> None:
    picture(output / "shot: 1?.png", 70)
    library.sync()
    odd = library.find_path(output / "shot: 1?.png")
    assert odd is not None
    (done,) = library.export([odd], str(tmp_path / "out"), kind="prompt")
    assert (done.ok, done.path) == (True, str(tmp_path / "out" / "shot_ 1_.json"))

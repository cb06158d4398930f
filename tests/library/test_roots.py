"""Folders that leave the library: their rows go, the user's words stay."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from smartgallery_tui.errors import IndexLockedError, UsageError
from smartgallery_tui.index.lock import ScanLock
from smartgallery_tui.records import Settings
from smartgallery_tui.records.settings import LibrarySettings
from tests.library.samples import picture

if TYPE_CHECKING:
    from pathlib import Path

    from smartgallery_tui.library import Library
    from tests.library.conftest import Open

COUNTED = ("files", "folders", "texts", "names", "file_names", "file_texts", "workflow_metadata")


@pytest.fixture
def other(tmp_path: Path) -> Path:
    picture(tmp_path / "other" / "a.png", 7, "a zebra \u00fcber alles", model="odd.safetensors")
    picture(tmp_path / "other" / "b.png", 8, "a castle number 1")
    return tmp_path / "other"


@pytest.fixture
def both(open_library: Open, output: Path, other: Path) -> Library:
    library = open_library(output, other)
    library.sync()
    return library


def counts(tmp_path: Path) -> dict[str, int]:
    with closing(sqlite3.connect(tmp_path / "data" / "index.db")) as db:
        return {t: db.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in COUNTED}


def test_a_forgotten_root_leaves_nothing_and_comes_back(
    both: Library, open_library: Open, output: Path, other: Path, tmp_path: Path
):
    with open_library(output, data_dir=tmp_path / "alone") as alone:
        alone.sync()
    with closing(sqlite3.connect(tmp_path / "alone" / "index.db")) as db:
        wanted = {t: db.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in COUNTED}
    both.set_rating(both.search("").ids(), 4)
    both.tag(both.search("zebra").ids(), "striped")
    assert both.search("zebra").total == 1
    both.warm_up()
    (kept,) = (tmp_path / "cache").glob("search-*.cache")
    assert kept.exists()
    assert both.forget_root(other) == 2
    assert counts(tmp_path) == wanted
    assert not kept.exists()
    assert [root.path for root in both.roots()] == [str(output)]
    assert both.search("").total == 3
    assert both.search("castle").total == 3
    assert both.search("zebra").total == 0
    assert both.suggest("zebr").spellings == ()
    assert (other / "a.png").exists()
    both.add_root(other)
    both.sync()
    assert both.search("rating:4").total == 5
    assert both.search("tag:striped zebra").total == 1


def test_a_root_whose_folder_is_gone_can_be_forgotten(both: Library, other: Path):
    shutil.rmtree(other)
    assert both.forget_root(str(other) + "/") == 2
    assert both.search("").total == 3


def test_what_cannot_be_forgotten(open_library: Open, output: Path, other: Path, tmp_path: Path):
    settings = Settings(library=LibrarySettings(output_path=str(output)))
    library = open_library(settings=settings)
    library.sync()
    with pytest.raises(UsageError, match="named in the settings"):
        library.forget_root(output)
    with pytest.raises(UsageError, match="is no folder of the library"):
        library.forget_root(other)
    library.add_root(other)
    with ScanLock(tmp_path / "data"), pytest.raises(IndexLockedError):
        library.forget_root(other)
    assert len(library.roots()) == 2


def test_files_go_to_folders_of_the_view_alone(
    both: Library, open_library: Open, output: Path, other: Path
):
    (other / "deep").mkdir()
    picture(other / "deep" / "c.png", 9)
    both.sync()
    assert both.folders() == [str(other), str(other / "deep"), str(output), str(output / "sub")]
    library = open_library(output)
    assert library.folders() == [str(output), str(output / "sub")]
    assert library.root_files() == {1: 3, 2: 3}


def test_a_configured_folder_that_is_closed_to_us_is_away(
    open_library: Open, output: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "closed").mkdir()
    access = os.access

    def guarded(path: str | Path, how: int) -> bool:
        return "closed" not in str(path) and access(path, how)

    monkeypatch.setattr(os, "access", guarded)
    named = LibrarySettings(output_path=str(output), extra_roots=(str(tmp_path / "closed"),))
    library = open_library(settings=Settings(library=named))
    assert [root.path for root in library.roots()] == [str(output)]

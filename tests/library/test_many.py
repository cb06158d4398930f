"""Many files are read at once: as many statements for a page as for one file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from smartgallery_tui.errors import SmartGalleryError
from smartgallery_tui.index import generations as generation_rows
from smartgallery_tui.index import marks, moving
from smartgallery_tui.library import indexing, operating
from tests.library.samples import picture, png, write

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

    from smartgallery_tui.library import Library
    from smartgallery_tui.scan import Listing, Rules


@pytest.fixture
def ids(library: Library, output: Path) -> list[int]:
    write(output / "plain.png", png())
    picture(output / "loud.png", 9, "a castle", model="über.safetensors")
    library.sync()
    found = library.search("").ids()
    library.tag(found[:2], "b", "a")
    library.album_add(found[1:3], "x/y")
    library.set_note(found[0], "said")
    return found


@pytest.mark.parametrize("page", [1, 2, 500])
def test_many_are_the_same_as_one_by_one(
    library: Library, ids: list[int], page: int, monkeypatch: pytest.MonkeyPatch
):
    one_by_one = [(library.generation(i), library.user_data(i)) for i in ids]
    monkeypatch.setattr(generation_rows, "_PAGE", page)
    monkeypatch.setattr(marks, "_PAGE", page)
    found, said = library.generations([*ids, 999]), library.users_data([*ids, 999])
    assert sorted(found) == sorted(ids)
    assert [(found[i], said.get(i, library.user_data(ids[-1]))) for i in ids] == one_by_one
    assert said[ids[0]].tags == ("a", "b")
    assert set(said) == set(ids[:3])
    with pytest.raises(SmartGalleryError):
        library.generation(999)


def test_a_page_takes_as_many_statements_as_a_file(library: Library, ids: list[int]):
    counts = []
    with library._parts.context.store.read() as db:
        for asked in (ids[:1], ids):
            seen: list[str] = []
            db.set_trace_callback(seen.append)
            generation_rows.generations(db, asked)
            db.set_trace_callback(None)
            counts.append(len(seen))
    assert counts[0] == counts[1]


def test_rows_of_many_files_follow_with_one_look_at_each_folder(
    library: Library, output: Path, monkeypatch: pytest.MonkeyPatch
):
    for number in range(30):
        picture(output / "many" / f"{number}.png", number)
    library.sync()
    ids = library.search("folder:many").ids()
    regrouped: list[int] = []
    listed: list[str] = []
    regroup, list_folder = moving.regroup, indexing.list_folder

    def grouping(db: sqlite3.Connection, folder_id: int) -> None:
        regrouped.append(folder_id)
        regroup(db, folder_id)

    def listing(path: str, rules: Rules) -> Listing:
        listed.append(path)
        return list_folder(path, rules)

    monkeypatch.setattr(moving, "regroup", grouping)
    monkeypatch.setattr(indexing, "list_folder", listing)
    monkeypatch.setattr(operating, "_FOLLOW_S", 1000.0)
    assert library.rename_folder(str(output / "many"), "all").ok
    assert library.search("folder:all").ids() == ids
    assert len(regrouped) == 2
    assert all(outcome.ok for outcome in library.move(ids, str(output)))
    assert library.search("folder:all").total == 0
    assert len(regrouped) == 4
    assert all(outcome.ok for outcome in library.undo())
    assert library.search("folder:all").ids() == ids
    assert len(regrouped) == 6
    assert all(outcome.ok for outcome in library.trash(ids))
    assert library.search("folder:all").total == 0
    listed.clear()
    assert all(outcome.ok for outcome in library.undo())
    assert library.search("folder:all").ids() == ids
    assert listed == [str(output / "all")]

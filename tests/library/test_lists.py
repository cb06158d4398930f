"""Albums and saved searches as wholes: renamed, deleted, noted, and all of it taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from smartgallery_tui.errors import ReadOnlyError, UsageError
from smartgallery_tui.records.albums import AlbumInfo
from smartgallery_tui.records.searches import SavedSearch

if TYPE_CHECKING:
    from pathlib import Path

    from smartgallery_tui.library import Library
    from tests.library.conftest import Open


def shown(library: Library) -> list[tuple[str, int, int]]:
    return [(album.name, album.own, album.total) for album in library.albums()]


def test_albums_nest_by_their_names(library: Library):
    one, two, three = library.search("").ids()
    library.album_add([one, two], "Trips / 2026")
    library.album_add([two, three], "trips/2025/alps")
    library.album_add([one], "Best")
    assert shown(library) == [
        ("Best", 1, 1), ("Trips", 0, 3), ("trips/2025", 0, 2), ("trips/2025/alps", 2, 2),
        ("Trips/2026", 2, 2),
    ]  # fmt: skip
    assert (library.albums()[3].depth, library.albums()[3].leaf) == (2, "alps")
    for name, found in (("trips", 3), ("trips/2025", 2), ("=trips", 0), ("trip", 0), ("trip*", 3)):
        assert library.search(f"album:{name}").total == found, name
    assert {v.value: v.total for v in library.facets()["album"]} == {
        "Best": 1, "Trips": 3, "trips/2025": 2, "trips/2025/alps": 2, "Trips/2026": 2,
    }  # fmt: skip


def test_an_album_gets_another_name_with_all_below_it(library: Library):
    one, two, _ = library.search("").ids()
    library.album_add([one], "Trips")
    library.album_add([two], "Trips/2026")
    library.album_add([two], "Tripsy")
    library.rename_album("trips", "Travel/far")
    assert shown(library) == [
        ("Travel", 0, 2), ("Travel/far", 1, 2), ("Travel/far/2026", 1, 1), ("Tripsy", 1, 1),
    ]  # fmt: skip
    assert library.search("album:travel").total == 2
    (outcome, _second) = library.undo()
    assert (outcome.ok, outcome.what, outcome.path) == (True, "new name of the album", "Trips/2026")
    assert shown(library) == [("Trips", 1, 2), ("Trips/2026", 1, 1), ("Tripsy", 1, 1)]
    library.redo()
    assert library.user_data(one).albums == ("Travel/far",)
    library.undo()
    library.undo()  # the picture put in last
    assert shown(library)[:1] == [("Trips", 1, 2)]


def test_the_case_of_a_name_can_change(library: Library):
    library.album_add(library.search("").ids(), "trips")
    library.rename_album("trips", "Trips")
    assert shown(library) == [("Trips", 3, 3)]


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("none", "x", "no album 'none'"),
        ("a", "B", "an album 'B' already"),
        ("a", "a/b/c", "below itself"),
        ("a", " / ", "needs a name"),
    ],
)
def test_names_that_cannot_be(library: Library, old: str, new: str, why: str):
    ids = library.search("").ids()
    library.album_add(ids, "a")
    library.album_add(ids[:1], "b")
    with pytest.raises(UsageError, match=why):
        library.rename_album(old, new)
    assert [name for name, *_ in shown(library)] == ["a", "b"]


def test_a_deleted_album_comes_back_as_it_was(library: Library):
    one, two, three = library.search("").ids()
    library.album_add([one, two], "Trips")
    library.album_add([three], "Trips/2026")
    library.set_album_note("Trips", "# Alps\n\nfor *the wall*")
    before = library.albums()
    library.delete_album("Trips")
    assert library.albums() == []
    assert library.search("album:trips").total == 0
    assert library.search("").total == 3
    assert library.undo()[0].what == "deletion of the album"
    assert library.albums() == before
    assert library.albums()[0] == AlbumInfo("Trips", 2, 3, "# Alps\n\nfor *the wall*")
    library.redo()
    assert library.albums() == []
    with pytest.raises(UsageError, match="no album"):
        library.delete_album("Trips")


def test_the_note_of_an_album(library: Library):
    library.set_album_note("New", "nothing in it yet \ud800")
    assert library.album_note("NEW") == "nothing in it yet ?"
    assert shown(library) == [("New", 0, 0)]
    library.set_album_note("New", "")
    assert library.album_note("New") == ""
    assert library.undo()[0].what == "note of the album"
    assert library.album_note("New") == "nothing in it yet ?"
    assert library.undo()[0].what == "making of the album"
    assert library.albums() == []
    assert library.album_note("New") == ""


def test_saved_searches_are_renamed_and_deleted(library: Library):
    search = SavedSearch(" Foxes  at night ", "fox", "name", is_descending=False)
    library.save_search(search)
    kept = SavedSearch("Foxes at night", "fox", "name", is_descending=False)
    library.save_search(SavedSearch("Cats", "cat"))
    with pytest.raises(UsageError, match="already"):
        library.rename_saved("Cats", "Foxes at night")
    library.rename_saved("Cats", "Dogs")
    library.delete_saved("Dogs")
    assert library.saved_searches() == [kept]
    assert library.undo()[0].what == "deletion of the search"
    assert [s.name for s in library.saved_searches()] == ["Dogs", "Foxes at night"]
    assert library.undo()[0].what == "new name of the search"
    assert [s.name for s in library.saved_searches()] == ["Cats", "Foxes at night"]
    (outcome,) = library.undo()
    assert (outcome.what, outcome.path) == ("making of the search", "Cats")
    assert library.saved_searches() == [kept]
    with pytest.raises(UsageError, match="no saved search 'Cats'"):
        library.delete_saved("Cats")
    with pytest.raises(UsageError, match="no saved search 'Cats'"):
        library.rename_saved("Cats", "x")


def test_a_saved_search_that_is_replaced_comes_back(library: Library):
    library.save_search(SavedSearch("s", "fox"))
    library.save_search(SavedSearch("s", "cat"))
    library.save_search(SavedSearch("s", "cat"))
    for _saved in range(2):
        assert library.undo()[0].what == "change of the search"
    assert [s.text for s in library.saved_searches()] == ["fox"]


def test_recent_searches_can_be_forgotten(library: Library):
    library.note_search("fox")
    assert library.recent_searches() == ["fox"]
    library.forget_recent_searches()
    assert library.recent_searches() == []


def test_a_search_for_a_folder_whose_name_is_no_text(library: Library):
    odd = 'folder:"caf\udce9"'
    library.note_search(odd)
    assert library.recent_searches() == []
    with pytest.raises(UsageError, match="cannot be kept"):
        library.save_search(SavedSearch("odd", odd))
    assert library.saved_searches() == []


def test_read_only_changes_no_album(library: Library, open_library: Open, output: Path):
    library.album_add(library.search("").ids(), "a")
    other = open_library(output, read_only=True)
    for change in (
        lambda: other.rename_album("a", "b"),
        lambda: other.delete_album("a"),
        lambda: other.set_album_note("a", "x"),
        lambda: other.delete_saved("a"),
    ):
        with pytest.raises(ReadOnlyError):
            change()
    assert shown(other) == [("a", 3, 3)]


def test_albums_without_files_travel_with_their_notes(
    library: Library, open_library: Open, output: Path, tmp_path: Path
):
    library.save_search(SavedSearch("s", "fox"))
    library.set_album_note("Plans/2027", "to be made")
    library.close()
    other = open_library(output, data_dir=tmp_path / "second")
    other.sync()
    (offer,) = other.restore_offers()
    assert (offer.contents, offer.searches, offer.albums) == (0, 1, 1)
    from pathlib import Path as File

    other.import_user_data(File(offer.path))
    assert shown(other) == [("Plans", 0, 0), ("Plans/2027", 0, 0)]
    assert other.album_note("Plans/2027") == "to be made"
    assert other.saved_searches() == [SavedSearch("s", "fox")]
    assert other.restore_offers() == []

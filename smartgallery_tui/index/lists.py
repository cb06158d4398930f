"""Changes of albums and saved searches as wholes: written, and noted with their inverse.

A change is a pair (field, value), as marks are: the journal keeps the value before and after, and
undo writes the one before. Functions run inside a transaction on user.db.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from smartgallery_tui.errors import UsageError
from smartgallery_tui.index import albums, remembered
from smartgallery_tui.index.user_settings import note_change

if TYPE_CHECKING:
    import sqlite3

ListChange = tuple[str, Any, Any]
"""A field, its value before and its value after."""
ALBUM_NAMES: Final = "album names"
"""Value: [[old, new], ...]."""
ALBUMS: Final = "albums"
"""Value: {name: all of the album, or None where there is none}."""
ALBUM_NOTE: Final = "album note"
"""Value: [name, text]."""
SEARCHES: Final = "searches"
"""Value: {name: all of the saved search, or None where there is none}."""


def action_of(field: str) -> str:
    """Return what the journal calls a change of a field."""
    return "search" if field == SEARCHES else "album"


def words(field: str, before: Any, after: Any) -> str:
    """Return what a change was, in a word or two: "deletion of the album"."""
    kind = "search" if field == SEARCHES else "album"
    if field == ALBUM_NOTE:
        return "note of the album"
    if field == ALBUM_NAMES:
        return "new name of the album"
    there, gone = (any(v is not None for v in values.values()) for values in (after, before))
    if there and gone and before.keys() == after.keys() and len(before) > 1:
        return f"new name of the {kind}"
    if there and gone:
        return f"change of the {kind}"
    return f"making of the {kind}" if there else f"deletion of the {kind}"


def names_in(field: str, value: Any) -> list[str]:
    """Return the names that a value is about, to be told to people."""
    if field == ALBUM_NAMES:
        return [new for _old, new in value]
    return [value[0]] if field == ALBUM_NOTE else list(value)


def write(db: sqlite3.Connection, field: str, value: Any, now_ns: int) -> None:
    """Write a value without a journal row."""
    if field == ALBUM_NAMES:
        albums.rename(db, value)
    elif field == ALBUM_NOTE:
        albums.set_note(db, *value)
    elif field == ALBUMS:
        for name, data in value.items():
            albums.replace(db, name, data)
    else:
        for name, data in value.items():
            remembered.replace(db, name, data)
    note_change(db, now_ns)


def renamed_album(db: sqlite3.Connection, old: str, new: str) -> ListChange:
    """Return the change that gives an album, and all below it, another name.

    Raises:
        UsageError: There is no such album, or the name is taken.
    """
    names = _family(db, old)
    if albums.is_below(new, old) and albums.fold(new) != albums.fold(old):
        raise UsageError(f"{old!r} cannot lie below itself")
    pairs = [[name, new + name[len(old) :]] for name in names]
    taken = {albums.fold(name) for name in _all_albums(db) if name not in names}
    for _name, wanted in pairs:
        if albums.fold(wanted) in taken:
            raise UsageError(f"there is an album {wanted!r} already")
    return ALBUM_NAMES, [[to, name] for name, to in reversed(pairs)], pairs


def deleted_album(db: sqlite3.Connection, name: str) -> ListChange:
    """Return the change that removes an album and all below it; no file is touched.

    Raises:
        UsageError: There is no such album.
    """
    before = {each: albums.whole(db, each) for each in _family(db, name)}
    return ALBUMS, before, dict.fromkeys(before)


def noted_album(db: sqlite3.Connection, name: str, text: str) -> ListChange:
    """Return the change that writes a note to an album, which is made where it is new."""
    known = albums.note(db, name, "main")
    if known is None:
        return ALBUMS, {name: None}, {name: {"note": text, "items": []}}
    return ALBUM_NOTE, [name, known], [name, text]


def kept_search(db: sqlite3.Connection, name: str, data: dict[str, Any]) -> ListChange:
    """Return the change that keeps a search; one of the same name is replaced."""
    return SEARCHES, {name: remembered.whole(db, name)}, {name: data}


def renamed_search(db: sqlite3.Connection, old: str, new: str) -> ListChange:
    """Return the change that gives a saved search another name.

    Raises:
        UsageError: There is no such search, or the name is taken.
    """
    data = _search(db, old)
    if new != old and remembered.whole(db, new) is not None:
        raise UsageError(f"there is a saved search {new!r} already")
    return SEARCHES, {new: None, old: data}, {old: None, new: data}


def deleted_search(db: sqlite3.Connection, name: str) -> ListChange:
    """Return the change that removes a saved search.

    Raises:
        UsageError: There is no such search.
    """
    return SEARCHES, {name: _search(db, name)}, {name: None}


def added(
    db: sqlite3.Connection, searches: dict[str, dict[str, Any]], notes: dict[str, str]
) -> list[ListChange]:
    """Return the changes that add saved searches and albums with notes."""
    found: list[ListChange] = []
    if searches:
        found.append((SEARCHES, dict.fromkeys(searches), searches))
    return [*found, *[noted_album(db, name, note) for name, note in notes.items()]]


def is_same(change: ListChange) -> bool:
    """Whether a change changes nothing."""
    field, before, after = change
    if field == ALBUM_NAMES:
        return all(old == new for old, new in after)
    return json.dumps(before) == json.dumps(after)


def _search(db: sqlite3.Connection, name: str) -> dict[str, Any]:
    found = remembered.whole(db, name)
    if found is None:
        raise UsageError(f"there is no saved search {name!r}; `smartgallery saved` lists them")
    return found


def _family(db: sqlite3.Connection, name: str) -> list[str]:
    names = albums.family(db, name, "main")
    if not names:
        raise UsageError(f"there is no album {name!r}; `smartgallery albums` lists them")
    return names


def _all_albums(db: sqlite3.Connection) -> list[str]:
    return [name for (name,) in db.execute("SELECT name FROM albums")]

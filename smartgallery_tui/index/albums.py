"""Albums as a whole: listed, and what a change of one means for those below it.

Albums nest by their names: `trips/2026` lies below `trips`, which need not exist itself.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from smartgallery_tui.index.versions import VISIBLE
from smartgallery_tui.records.albums import AlbumInfo

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from smartgallery_tui.index.roots import View


def listed(db: sqlite3.Connection, view: View) -> list[AlbumInfo]:
    """Return all albums and the names above them by name, with the files of a view in them."""
    notes = {
        name: note or ""
        for name, note in db.execute("SELECT name, note FROM user.albums").fetchall()
    }
    where, params = view.where("f")
    inside: dict[str, set[int]] = defaultdict(set)
    for name, file_id in db.execute(
        "SELECT a.name, f.id FROM user.albums a JOIN user.album_items i ON i.album_id = a.id "  # noqa: S608 - our own conditions
        f"CROSS JOIN files f ON f.content_id = i.content_id WHERE {where} AND {VISIBLE}",
        params,
    ):
        inside[name].add(file_id)
    found = []
    for name in _with_those_above(notes):
        below = [inside[each] for each in notes if is_below(each, name)]
        total = len(set[int]().union(*below))
        found.append(AlbumInfo(name, len(inside[name]), total, notes.get(name, "")))
    return sorted(found, key=lambda album: album.name.casefold().split("/"))


def _with_those_above(names: Iterable[str]) -> list[str]:
    """Return names and the names above them, each once whatever its case."""
    found = {fold(name): name for name in names}
    for name in names:
        above = name.rpartition("/")[0]
        while above:
            found.setdefault(fold(above), above)
            above = above.rpartition("/")[0]
    return list(found.values())


def fold(name: str) -> str:
    """Return a name as the database compares it: the case of ASCII letters does not count."""
    return name.encode("utf-8", "replace").lower().decode("utf-8", "replace")


def is_below(name: str, above: str) -> bool:
    """Whether an album is `above` or lies below it."""
    own, other = fold(name), fold(above)
    return own == other or own.startswith(f"{other}/")


def family(db: sqlite3.Connection, name: str, schema: str = "user") -> list[str]:
    """Return the names of an album, if it exists, and of all below it."""
    rows = db.execute(f"SELECT name FROM {schema}.albums ORDER BY name")  # noqa: S608 - our own schema names
    return [own for (own,) in rows if is_below(own, name)]


def note(db: sqlite3.Connection, name: str, schema: str = "user") -> str | None:
    """Return the note of an album; None where there is no such album."""
    row = db.execute(f"SELECT note FROM {schema}.albums WHERE name=?", (name,)).fetchone()  # noqa: S608 - our own schema names
    return None if row is None else row[0] or ""


def whole(db: sqlite3.Connection, name: str) -> dict[str, Any]:
    """Return all of an album, as JSON can hold it; in a transaction on user.db."""
    album_id, text = db.execute("SELECT id, note FROM albums WHERE name=?", (name,)).fetchone()
    items = db.execute(
        "SELECT lower(hex(content_id)), added_ns FROM album_items WHERE album_id=? "
        "ORDER BY added_ns, content_id",
        (album_id,),
    ).fetchall()
    return {"note": text or "", "items": items}


def replace(db: sqlite3.Connection, name: str, data: dict[str, Any] | None) -> None:
    """Give an album what `whole` returned; None removes it."""
    row = db.execute("SELECT id FROM albums WHERE name=?", (name,)).fetchone()
    if row is not None:
        db.execute("DELETE FROM album_items WHERE album_id=?", row)
        db.execute("DELETE FROM albums WHERE id=?", row)
    if data is None:
        return
    cursor = db.execute("INSERT INTO albums (name, note) VALUES (?, ?)", (name, data["note"]))
    db.executemany(
        "INSERT INTO album_items (content_id, album_id, added_ns) VALUES (?, ?, ?)",
        [(bytes.fromhex(content), cursor.lastrowid, at) for content, at in data["items"]],
    )


def rename(db: sqlite3.Connection, pairs: list[list[str]]) -> None:
    """Give albums other names; one whose new name is taken keeps its own."""
    for old, new in pairs:
        db.execute("UPDATE OR IGNORE albums SET name=? WHERE name=?", (new, old))


def set_note(db: sqlite3.Connection, name: str, text: str) -> None:
    """Write the note of an album, which is made where it does not exist."""
    db.execute(
        "INSERT INTO albums (name, note) VALUES (?, ?) "
        "ON CONFLICT (name) DO UPDATE SET note=excluded.note",
        (name, text),
    )

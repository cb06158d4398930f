"""User data as JSON lines, keyed by content: to carry it to another box or another program.

The first line names the format; each other line is one content, saved search, or album that has a
note or no content. Content ids are hex. Import merges: it adds tags, albums and searches, and takes
a value where ours is empty or theirs is newer, so importing twice changes nothing.
"""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Any, Final

from smartgallery_tui.errors import UsageError
from smartgallery_tui.index import albums
from smartgallery_tui.index.marks import MARK_FIELDS, Change
from smartgallery_tui.index.user_settings import changed_ns

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator

FORMAT: Final = "smartgallery-userdata"
VERSION: Final = 1
_ID_BYTES: Final = 16


@dataclasses.dataclass(slots=True)
class Imported:
    """What lines bring that is not there yet."""

    changes: list[Change] = dataclasses.field(default_factory=list)
    searches: dict[str, dict[str, Any]] = dataclasses.field(default_factory=dict)
    """Name to what `remembered.replace` takes."""
    albums: dict[str, str] = dataclasses.field(default_factory=dict)
    """Name to note."""

    def __bool__(self) -> bool:
        return bool(self.changes or self.searches or self.albums)


def export_lines(
    db: sqlite3.Connection, schema: str = "user", *, library: str = ""
) -> Iterator[str]:
    """Yield the lines, without line ends. Sorted by content: equal data gives equal lines.

    Args:
        db: A connection that reads user.db.
        schema: Its name there.
        library: Id of the user.db, for the first line.
    """
    newest = changed_ns(db)
    yield _line({"format": FORMAT, "version": VERSION, "library": library, "updated_ns": newest})
    contents: dict[bytes, dict[str, Any]] = {}
    for content_id, updated_ns, *values in db.execute(
        f"SELECT content_id, updated_ns, {', '.join(MARK_FIELDS)} FROM {schema}.marks"  # noqa: S608 - our own names
    ):
        found = {k: v for k, v in zip(MARK_FIELDS, values, strict=True) if v}
        if found:
            contents[content_id] = {**found, "updated_ns": updated_ns}
    for key, sql in _LABELS:
        for content_id, name in db.execute(sql.format(schema=schema)):
            contents.setdefault(content_id, {}).setdefault(key, []).append(name)
    for content_id in sorted(contents):
        yield _line({"content": content_id.hex(), **contents[content_id]})
    for name, text, sort, is_descending in db.execute(
        f"SELECT name, text, sort, is_descending FROM {schema}.saved_searches ORDER BY name"  # noqa: S608 - our own schema names
    ):
        yield _line({"search": name, "text": text, "sort": sort, "descending": bool(is_descending)})
    for name, note in db.execute(
        f"SELECT name, coalesce(note, '') AS n FROM {schema}.albums a WHERE n <> '' OR NOT EXISTS "  # noqa: S608 - our own schema names
        f"(SELECT 1 FROM {schema}.album_items i WHERE i.album_id = a.id) ORDER BY name"
    ):
        yield _line({"album": name, "note": note})


_LABELS: Final = (
    (
        "tags",
        "SELECT c.content_id, n.name FROM {schema}.content_tags c "
        "JOIN {schema}.tags n ON n.id = c.tag_id ORDER BY n.name",
    ),
    (
        "albums",
        "SELECT c.content_id, n.name FROM {schema}.album_items c "
        "JOIN {schema}.albums n ON n.id = c.album_id ORDER BY n.name",
    ),
)


def origin(lines: list[str]) -> tuple[str, int]:
    """Return the user.db that wrote lines and when its data last changed; ("", 0) if unknown."""
    try:
        head = json.loads(lines[0])
        return str(head["library"]), int(head["updated_ns"])
    except (IndexError, ValueError, KeyError, TypeError):
        return "", 0


def import_changes(db: sqlite3.Connection, lines: Iterable[str], schema: str = "user") -> Imported:
    """Return what lines bring; nothing is written.

    Raises:
        UsageError: A line is not ours; names it.
    """
    found = Imported()
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            data = json.loads(line)
            if number == 1 and data.get("format") == FORMAT:
                _require_version(data)
            elif "content" in data:
                found.changes += _content_changes(db, data, schema)
            elif "search" in data:
                _add_search(db, data, schema, found)
            elif "album" in data:
                _add_album(db, data, found)
            else:
                raise UsageError(f"line {number} is no user data of smartgallery-tui")
        except json.JSONDecodeError as error:
            raise UsageError(f"line {number} is no user data of smartgallery-tui") from error
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
            raise UsageError(f"line {number} cannot be read: {error}") from error
        except RecursionError as error:
            raise UsageError(f"line {number} cannot be read: it is nested too deep") from error
    return found


def _add_search(db: sqlite3.Connection, data: dict[str, Any], schema: str, found: Imported) -> None:
    name = _text(data["search"])
    search = {
        "text": _text(data["text"]),
        "sort": _text(data["sort"]),
        "is_descending": int(bool(data["descending"])),
        "created_ns": 0,
    }
    sql = f"SELECT 1 FROM {schema}.saved_searches WHERE name=?"  # noqa: S608 - our own names
    if db.execute(sql, (name,)).fetchone() is None:
        found.searches[name] = search


def _add_album(db: sqlite3.Connection, data: dict[str, Any], found: Imported) -> None:
    name, note = _text(data["album"]), _text(data["note"])
    ours = albums.note(db, name)
    if name and (ours is None or (note and not ours)):
        found.albums[name] = note


def _require_version(data: dict[str, Any]) -> None:
    if int(data["version"]) > VERSION:
        raise UsageError("the user data was written by a newer version; update smartgallery-tui")


def _content_changes(db: sqlite3.Connection, data: dict[str, Any], schema: str) -> list[Change]:
    content_id = bytes.fromhex(data["content"])
    if len(content_id) != _ID_BYTES:
        raise ValueError("a content id has 32 hex digits")
    row = db.execute(
        f"SELECT updated_ns, {', '.join(MARK_FIELDS)} FROM {schema}.marks WHERE content_id=?",  # noqa: S608 - our own names
        (content_id,),
    ).fetchone() or (0, 0, 0, "", "")
    is_newer = int(data.get("updated_ns", 0)) > row[0]
    changes = []
    for field, ours in zip(MARK_FIELDS, row[1:], strict=True):
        theirs = data.get(field)
        if theirs and (is_newer or not ours):
            changes.append(Change(content_id, field, _checked(field, theirs)))
    for key, field in (("tags", "tag"), ("albums", "album")):
        names = data.get(key, [])
        if not isinstance(names, list):
            raise TypeError(f"{key} are a list of names")
        listed = [" ".join(_text(name).split()) for name in names]
        changes += [Change(content_id, field, [name, 1]) for name in listed if name]
    return changes


def _checked(field: str, value: object) -> object:
    if field == "is_favorite":
        return int(bool(value))
    if field == "rating":
        rating = int(str(value))
        if rating not in range(6):
            raise ValueError(f"a rating is 0 to 5, not {rating}")
        return rating
    return _text(value)


def _text(value: object) -> str:
    """Return a value as text that a row can hold: JSON knows halves of characters."""
    return str(value).encode("utf-8", "replace").decode("utf-8")


def _line(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=True, separators=(",", ":"))

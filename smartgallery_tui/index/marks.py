"""What the user said of contents, in user.db, and its mirror in index.db.

Functions that write run inside a transaction on user.db; `index.journal` notes what they do.
"""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING, Final, NamedTuple, cast

from smartgallery_tui.records import FacetValue, SharedData, UserData

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence

    from smartgallery_tui.records import Status

MARK_FIELDS: Final = ("is_favorite", "rating", "status", "note")
_PAGE: Final = 500


class Change(NamedTuple):
    """One content gets another value."""

    content_id: bytes
    field: str
    """One of `MARK_FIELDS`, or `tag` or `album`."""
    value: object
    """The new value; for `tag` and `album` `[name, is_in]`."""


def user_data(db: sqlite3.Connection, content_id: bytes, schema: str = "user") -> UserData:
    """Return what the user said of a content."""
    return many(db, [content_id], schema).get(content_id, UserData())


def many(
    db: sqlite3.Connection, contents: Sequence[bytes], schema: str = "user"
) -> dict[bytes, UserData]:
    """Return what the user said of contents; those of which nothing was said are left out."""
    found: dict[bytes, UserData] = {}
    for start in range(0, len(contents), _PAGE):
        part = contents[start : start + _PAGE]
        marks = ",".join("?" * len(part))
        tags, albums = (_labels(db, part, schema, *names) for names in _TABLES.values())
        for content_id, is_favorite, rating, status, note in db.execute(
            f"SELECT content_id, is_favorite, rating, status, note FROM {schema}.marks "  # noqa: S608 - our own schema names
            f"WHERE content_id IN ({marks})",
            part,
        ):
            found[content_id] = UserData(
                bool(is_favorite), rating, cast("Status", status), note,
                tuple(tags.get(content_id, ())), tuple(albums.get(content_id, ())),
            )  # fmt: skip
    return found


def _labels(
    db: sqlite3.Connection, contents: Sequence[bytes], schema: str, table: str, names: str, key: str
) -> dict[bytes, list[str]]:
    marks = ",".join("?" * len(contents))
    found: dict[bytes, list[str]] = {}
    for content_id, name in db.execute(
        f"SELECT c.content_id, n.name FROM {schema}.{table} c JOIN {schema}.{names} n "  # noqa: S608 - our own table names
        f"ON n.id = c.{key} WHERE c.content_id IN ({marks}) ORDER BY n.name",
        contents,
    ):
        found.setdefault(content_id, []).append(name)
    return found


def shared_data(db: sqlite3.Connection, contents: Iterable[bytes]) -> SharedData:
    """Return what the user said of some files, given the content of each."""
    files = Counter(contents)
    tags: Counter[str] = Counter()
    albums: Counter[str] = Counter()
    notes: Counter[str] = Counter()
    for content, said in many(db, list(files)).items():
        count = files[content]
        tags.update(dict.fromkeys(said.tags, count))
        albums.update(dict.fromkeys(said.albums, count))
        notes.update({said.note: count} if said.note else {})
    return SharedData(files.total(), _values(tags), _values(albums), _values(notes))


def _values(found: Counter[str]) -> tuple[FacetValue, ...]:
    return tuple(FacetValue(value, count) for value, count in found.most_common())


def differing(db: sqlite3.Connection, changes: Sequence[Change]) -> list[tuple[Change, object]]:
    """Return those changes that change anything, each with the value before."""
    contents: dict[tuple[str, str], list[bytes]] = {}
    for item in changes:
        contents.setdefault(_subject(item), []).append(item.content_id)
    now = {subject: _current(db, subject, listed) for subject, listed in contents.items()}
    found = [(item, now[_subject(item)][item.content_id]) for item in changes]
    return [(item, before) for item, before in found if before != item.value]


def _subject(item: Change) -> tuple[str, str]:
    """Return what a change is about: its field, and the name of a tag or album."""
    if item.field in MARK_FIELDS:
        return item.field, ""
    return item.field, cast("str", cast("list[object]", item.value)[0])


def action_of(field: str) -> str:
    """Return what the journal calls a change of this field."""
    return "mark" if field in MARK_FIELDS else field


def write(db: sqlite3.Connection, changes: Iterable[Change], now_ns: int) -> None:
    """Write values in their order, without a journal row.

    Neighbours that are about the same go with one statement: thousands of files are marked at once.
    """
    (serial,) = db.execute("SELECT coalesce(max(serial), 0) FROM marks").fetchone()
    for (field, name), run in groupby(changes, _subject):
        listed = list(run)
        given = [
            (item.content_id, now_ns, number, *([] if name else [item.value]))
            for number, item in enumerate(listed, serial + 1)
        ]
        serial += len(listed)
        db.executemany(_set_sql(field), given)
        if name:
            _write_labels(db, field, name, listed, now_ns)


def _set_sql(field: str) -> str:
    """Return SQL that sets a field of `marks`; for any other only notes that something changed.

    It takes content_id, now_ns, serial and the value.
    """
    values = dict(zip(MARK_FIELDS, ("0", "0", "''", "''"), strict=True))
    more = ""
    if field in values:
        values[field] = "?4"
        more = f", {field}=excluded.{field}"
    return (
        f"INSERT INTO marks (content_id, updated_ns, serial, {', '.join(values)}) "  # noqa: S608 - names of MARK_FIELDS
        f"VALUES (?1, ?2, ?3, {', '.join(values.values())}) ON CONFLICT (content_id) DO UPDATE "
        f"SET updated_ns=excluded.updated_ns, serial=excluded.serial{more}"
    )


def _write_labels(
    db: sqlite3.Connection, field: str, name: str, changes: Sequence[Change], now_ns: int
) -> None:
    """Give or take a tag or an album."""
    table, names, key = _TABLES[field]
    db.execute(f"INSERT OR IGNORE INTO {names} (name) VALUES (?)", (name,))  # noqa: S608 - our own table names
    (name_id,) = db.execute(f"SELECT id FROM {names} WHERE name=?", (name,)).fetchone()  # noqa: S608
    extra = (", added_ns", ", ?", (now_ns,)) if field == "album" else ("", "", ())
    give = f"INSERT OR IGNORE INTO {table} (content_id, {key}{extra[0]}) VALUES (?, ?{extra[1]})"  # noqa: S608
    take = f"DELETE FROM {table} WHERE content_id=? AND {key}=?"  # noqa: S608 - our own table names
    for is_in, run in groupby(changes, lambda item: bool(cast("list[object]", item.value)[1])):
        more = extra[2] if is_in else ()
        rows = [(item.content_id, name_id, *more) for item in run]
        db.executemany(give if is_in else take, rows)


_TABLES: Final = {
    "tag": ("content_tags", "tags", "tag_id"),
    "album": ("album_items", "albums", "album_id"),
}


def _current(
    db: sqlite3.Connection, subject: tuple[str, str], contents: Sequence[bytes]
) -> dict[bytes, object]:
    """Return the value that each content has of a field, or whether it has a tag or album."""
    field, name = subject
    found: dict[bytes, object]
    if field in MARK_FIELDS:
        found = dict.fromkeys(contents, "" if field in {"status", "note"} else 0)
        sql, values = f"SELECT content_id, {field} FROM marks WHERE content_id IN ({{}})", []  # noqa: S608 - one of MARK_FIELDS
    else:
        found = {content: [name, 0] for content in contents}
        table, names, key = _TABLES[field]
        sql = (
            f"SELECT c.content_id FROM {names} n JOIN {table} c ON c.{key} = n.id "  # noqa: S608 - our own table names
            "WHERE n.name=? AND c.content_id IN ({})"
        )
        values = [name]
    for start in range(0, len(contents), _PAGE):
        part = contents[start : start + _PAGE]
        for row in db.execute(sql.format(",".join("?" * len(part))), [*values, *part]):
            found[row[0]] = row[1] if field in MARK_FIELDS else [name, 1]
    return found


def is_mirrored(db: sqlite3.Connection) -> bool:
    """Whether index.db shows every mark of user.db; a reading connection will do."""
    row = db.execute("SELECT value FROM meta WHERE key='mirrored_serial'").fetchone()
    (newest,) = db.execute("SELECT coalesce(max(serial), 0) FROM user.marks").fetchone()
    return int(newest) <= (int(row[0]) if row is not None else 0)


def mirror(db: sqlite3.Connection) -> int:
    """Bring `files.is_favorite, rating, status` up to date; return how many contents changed.

    Runs in a transaction on index.db with user.db attached (read-only) as `user`.
    """
    row = db.execute("SELECT value FROM meta WHERE key='mirrored_serial'").fetchone()
    last = int(row[0]) if row is not None else 0
    rows = db.execute(
        "SELECT is_favorite, rating, status, content_id, serial FROM user.marks WHERE serial > ?",
        (last,),
    ).fetchall()
    if not rows:
        return 0
    db.executemany(
        "UPDATE files SET is_favorite=?, rating=?, status=? WHERE content_id=?",
        [row[:4] for row in rows],
    )
    db.execute(
        "INSERT INTO meta VALUES ('mirrored_serial', ?) "
        "ON CONFLICT (key) DO UPDATE SET value=excluded.value",
        (str(max(row[4] for row in rows)),),
    )
    return len(rows)


def mirror_files(db: sqlite3.Connection, file_ids: Sequence[int]) -> None:
    """Give files that were just read the marks of their content."""
    if db.execute("SELECT 1 FROM user.marks LIMIT 1").fetchone() is None:
        return
    db.executemany(
        "UPDATE files SET (is_favorite, rating, status) = (SELECT coalesce(max(is_favorite), 0), "
        "coalesce(max(rating), 0), coalesce(max(status), '') FROM user.marks m "
        "WHERE m.content_id = files.content_id) WHERE id=?",
        [(file_id,) for file_id in file_ids],
    )

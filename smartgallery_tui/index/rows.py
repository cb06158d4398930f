"""Rows on their way into index.db.

`NewRow` is what a stat tells, `ReadRow` what reading the file adds. `RowWriter` puts whole batches
of them into the tables; it runs inside the writer's transactions.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from smartgallery_tui.index import news
from smartgallery_tui.index.inserts import Inserts
from smartgallery_tui.index.marks import mirror_files
from smartgallery_tui.index.ready import NULL, READ_COLUMNS, USUAL, ReadyRow, ready, update_of
from smartgallery_tui.records.names import normalise_name

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Sequence


class NewRow(NamedTuple):
    """A file that was found and not read yet."""

    folder_id: int
    root_id: int
    path: bytes
    name: str
    kind: str
    format: str
    size_bytes: int
    mtime_ns: int
    inode: int


ReadText = tuple[int, str]
"""A prompt: `records.text_digest` of its UTF-8 text, and the text."""

ReadName = tuple[str, str, float | None, float | None]
"""A name that the file uses: role, name as written, strength_model, strength_clip."""

ReadPrompt = tuple[int, int, int | None]
"""A prompt's use: 0 positive or 1 negative, its position in the row's texts, and its rank within
the headline's prompts or None where only a pass uses it."""

ReadPass = tuple[tuple[object, ...], tuple[int, ...], tuple[int, ...]]
"""A sampling pass: its values (node, class_type, model, sampler, scheduler, steps, cfg, guidance,
denoise, seed, width, height, extra), and its positive and negative prompts as positions in the
row's texts."""

WholeRow = tuple[
    int,
    bool,
    tuple[object, ...],
    tuple[int, int, bool],
    tuple[ReadText, ...],
    tuple[ReadPrompt, ...],
    tuple[ReadPass, ...],
    tuple[ReadName, ...],
    str,
]
"""What reading a file found: file id; whether it is read for the first time (else its old rows are
replaced); values of `READ_COLUMNS`; size_bytes and mtime_ns now, and whether they differ from what
the walk saw; texts; uses of prompts, each (role, position) once; passes; names other than node
classes; node classes, sorted, a line each. Plain tuples, so that `marshal` carries them between
processes."""

ReadRow = WholeRow | ReadyRow
"""The same, as it is or as statements take it."""

QUIET_COLUMNS = (*READ_COLUMNS, "node_set_id", "read_ns")
"""Columns whose changes no trigger notes: whoever writes them calls `news.note`."""
_FORMAT, _SOURCES, _STATE = map(READ_COLUMNS.index, ("format", "sources", "state"))
# A file that the program itself brought while a scan was looking may have its row already.
_INSERT_NEW = """
INSERT OR IGNORE INTO files (folder_id, root_id, path, name, kind, format, size_bytes, mtime_ns,
  inode, companion_of, state, reader_version, sources, has_workflow, has_headline, prompt_preview,
  headline_extra, pass_count, is_favorite, rating, status)"""
_UNREAD = ", 'unread', 0, '', 0, 0, '', '', 0, 0, 0, ''"
"""The values that are the same for all."""
_UPDATE_USUAL = update_of(is_usual=True)
_UPDATE_OTHER = update_of(is_usual=False)
# OR FAIL: SQLite need not be able to take back one statement, for all of the transaction is.
_INSERT_STEP = (
    "INSERT OR FAIL INTO workflow_metadata (file_id, pass_index, node, class_type, model, sampler, "
    "scheduler, steps, cfg, guidance, denoise, seed, width, height, extra, positive, negative)"
)
_INSERT_TEXT = "INSERT OR FAIL INTO texts (id, digest, body)"
_INSERT_NAME = "INSERT OR IGNORE INTO file_names (file_id, name_id, strength_model, strength_clip)"
_INSERT_PROMPT = "INSERT OR FAIL INTO file_texts (file_id, role, text_id, rank)"
_NEW_WIDTH: Final = 10
_STEP_WIDTH: Final = 17
_MOST_IDS: Final = 900
"""Of one statement: every SQLite takes so many values."""
_INDEX_TEXTS = "INSERT INTO texts_fts (rowid, body) SELECT id, {} FROM texts WHERE id > ?"
_UP_TO = " AND id <= ?"
_CHARS_AT_ONCE: Final = 750_000
"""Of texts that one step makes searchable where marks may pass: some 10 ms. What each step
leaves in the full-text index is merged later: small ones take up to half as long again."""
_FOLDING: Final = 5
"""By how much characters take longer among which some are not their own search form."""
_FOLDING_BEYOND: Final = 20
"""What each byte beyond one for each character adds: a Chinese character takes 45 times as long."""
_TEXTS_AT_ONCE: Final = 300
"""The same for texts of a batch that was killed, whose lengths nobody knows."""
_LAST_INDEXED = "SELECT coalesce(max(id), 0) FROM texts_fts_docsize"
_FOLDED = "search_form(body)"
"""What is searched of a text; ASCII without a zero is its own search form."""
_DEPENDENTS = ("workflow_metadata", "file_names", "file_texts")
_CACHE_LIMIT = 100_000


class RowWriter:
    """Puts batches into the tables; remembers the ids of names and texts between batches.

    One for each scan, used by the writer thread alone. After a failed transaction call `forget`:
    what it remembers may have been rolled back.
    """

    def __init__(self) -> None:
        self._names: dict[tuple[str, str], int] = {}
        self._sets: dict[str, float] = {"": NULL}
        self._texts: dict[int, int] = {}
        self._knows_all_texts = False
        """True from an empty table on: then a text that is not remembered is new."""
        self._indexed_to: int | None = None
        """The last text that can be searched; None before the first of a batch."""
        self._last_text = 0
        """The last text of all, where that is known."""
        self._is_plain = True
        """Whether all texts behind that one are their own search form."""
        self._steps: list[int] = []
        """The last text of each step that makes them searchable."""
        self._chars = 0
        """How much there is to do for texts behind those: less than a step."""
        self._passes = Inserts(_INSERT_STEP, _STEP_WIDTH)
        self._uses = Inserts(_INSERT_NAME, 4)
        self._prompts = Inserts(_INSERT_PROMPT, 4)
        self._bodies = Inserts(_INSERT_TEXT, 3)

    @property
    def _waiting(self) -> tuple[Inserts, ...]:
        return self._bodies, self._passes, self._uses, self._prompts

    def forget(self) -> None:
        """Drop what is remembered of the database."""
        self._names.clear()
        self._sets = {"": NULL}
        self._texts.clear()
        self._knows_all_texts = False
        self._indexed_to = None
        for inserts in self._waiting:
            inserts.values.clear()

    def insert_new(self, db: sqlite3.Connection, rows: Sequence[NewRow]) -> None:
        """Add unread files."""
        new = Inserts(_INSERT_NEW, _NEW_WIDTH, _UNREAD)
        for row in rows:
            new.values += (*row, 0 if row[5] == "json" else NULL)
        new.put_all(db)

    def write_read(self, db: sqlite3.Connection, rows: Sequence[ReadRow]) -> None:
        """Store what was read of files that are in the table; `finish` must follow.

        Until then some rows of other tables wait for those that share their statement.
        """
        made = [ready(row) for row in rows]
        stale = [(row[0],) for row in made if not row[1]]
        if stale:
            delete_dependents(db, stale)
        moved = [(*row[3][:2], row[0]) for row in made if row[3][2]]
        if moved:
            db.executemany("UPDATE files SET size_bytes=?, mtime_ns=? WHERE id=?", moved)
        ids = [row[0] for row in made]
        self._write_files(db, made)
        mirror_files(db, ids)
        self._collect_uses(db, made)
        self._collect_names(db, made)
        for inserts in self._waiting:
            inserts.put_most(db)
        news.note(db, ids)

    def put_waiting(self, db: sqlite3.Connection) -> None:
        """Insert the rows that wait for others: whoever looks at what hangs on files finds all."""
        for inserts in self._waiting:
            inserts.put_all(db)

    def finish(self, db: sqlite3.Connection) -> None:
        """Insert what waits, and make new texts searchable: the last thing of a batch.

        The full-text index writes what it has whenever another statement follows, and merges it
        later: once for each batch is a third of the work.
        """
        last, indexed_to = self._text_range(db)
        self.put_waiting(db)
        if last > indexed_to:
            db.execute(self._index_texts(), (indexed_to,))
        self._indexed_to = None

    def make_searchable(
        self, db: sqlite3.Connection, between: Callable[[sqlite3.Connection], object]
    ) -> None:
        """Insert what waits, and make its texts searchable in steps; `finish` must still follow.

        What is less than a step waits for `finish`: it takes no longer than one.

        Args:
            db: A transaction on index.db.
            between: Called after each step; it may end the transaction and begin another.
        """
        _, indexed_to = self._text_range(db)
        self.put_waiting(db)
        for end in self._steps:
            db.execute(self._index_texts() + _UP_TO, (indexed_to, end))
            self._indexed_to = indexed_to = end
            between(db)
        self._steps.clear()

    def _index_texts(self) -> str:
        return _INDEX_TEXTS.format("body" if self._is_plain else _FOLDED)

    def _text_range(self, db: sqlite3.Connection) -> tuple[int, int]:
        """Return the last text of all, and the last that can be searched.

        They differ within a batch; before its first text only where a scan was killed while marks
        passed it.
        """
        if self._indexed_to is None:
            (self._last_text,) = db.execute("SELECT coalesce(max(id), 0) FROM texts").fetchone()
            (indexed_to,) = db.execute(_LAST_INDEXED).fetchone()
            self._indexed_to = int(indexed_to)
            self._is_plain = self._indexed_to == self._last_text
            steps = range(self._indexed_to + _TEXTS_AT_ONCE, self._last_text, _TEXTS_AT_ONCE)
            self._steps, self._chars = list(steps), 0
        return self._last_text, self._indexed_to

    def _write_files(self, db: sqlite3.Connection, rows: Sequence[ReadyRow]) -> None:
        sets = self._sets
        for row in rows:
            nodes = row[7][3]
            if nodes not in sets:
                sets[nodes] = self._new_set(db, nodes)
        now_ns = time.time_ns()
        usual = [(*row[4], now_ns, sets[row[7][3]], row[0]) for row in rows if row[2] is USUAL]
        db.executemany(_UPDATE_USUAL, usual)
        if len(usual) < len(rows):
            others = [row for row in rows if row[2] is not USUAL]
            db.executemany(
                _UPDATE_OTHER, [(*row[4], now_ns, sets[row[7][3]], row[0]) for row in others]
            )
            _show_items(db, others)

    def _collect_uses(self, db: sqlite3.Connection, rows: Sequence[ReadyRow]) -> None:
        text_id = self._text_ids(db, rows).__getitem__
        passes, prompts = self._passes.values, self._prompts.values
        for file_id, _, _, _, _, digests, _, (places, steps, _, _) in rows:
            ids = list(map(text_id, digests))
            for role, position, rank in places:
                prompts += (file_id, role, ids[position], rank)
            for number, (values, plus, minus) in enumerate(steps):
                positive = str(ids[plus[0]]) if len(plus) == 1 else _join(ids, plus)
                negative = str(ids[minus[0]]) if len(minus) == 1 else _join(ids, minus)
                passes += (file_id, number, *values, positive, negative)

    def _collect_names(self, db: sqlite3.Connection, rows: Sequence[ReadyRow]) -> None:
        """Have the uses of names wait; those of all files at once take half the time."""
        values: list[Any] = []
        file_ids: list[int] = []
        for row in rows:
            names = row[7][2]
            values += names
            file_ids += (row[0],) * (len(names) // 4)
        keys = list(zip(values[::4], values[1::4], strict=True))
        name_ids = list(map(self._names.get, keys))
        if None in name_ids:
            name_ids = [self._name_id(db, key) for key in keys]
        values[::4], values[1::4] = file_ids, name_ids
        self._uses.values += values

    def _new_set(self, db: sqlite3.Connection, classes: str) -> int:
        """Return the id of a set of node classes that is not remembered."""
        row = db.execute("SELECT id FROM node_sets WHERE classes=?", (classes,)).fetchone()
        if row is not None:
            return int(row[0])
        set_id = db.execute("INSERT INTO node_sets (classes) VALUES (?)", (classes,)).lastrowid
        names = [self._name_id(db, ("node", name)) for name in classes.split("\n")]
        db.executemany(
            "INSERT INTO node_set_names (set_id, name_id) VALUES (?, ?)",
            [(set_id, name_id) for name_id in names],
        )
        return int(set_id or 0)

    def _text_ids(self, db: sqlite3.Connection, rows: Sequence[ReadyRow]) -> dict[int, int]:
        if len(self._texts) > _CACHE_LIMIT:
            self._bodies.put_all(db)  # so that those that wait are found in the table
            self._texts.clear()
            self._knows_all_texts = False
        known = self._texts
        new: dict[int, str] = {}
        for row in rows:
            new.update(zip(row[5], row[6], strict=True))
        for digest in new.keys() & known.keys():
            del new[digest]
        if new:
            self._add_texts(db, new)
        return known

    def _add_texts(self, db: sqlite3.Connection, new: dict[int, str]) -> None:
        """Give texts that are not remembered their ids; those that are new wait to be inserted."""
        known = self._texts
        last, _ = self._text_range(db)
        if not last:
            self._knows_all_texts = True
        if not self._knows_all_texts:
            for digest in new:
                found = db.execute("SELECT id FROM texts WHERE digest=?", (digest,)).fetchone()
                if found is not None:
                    known[digest] = found[0]
            new = {digest: body for digest, body in new.items() if digest not in known}
        self._last_text = last + len(new)
        ids = range(last + 1, self._last_text + 1)
        known.update(zip(new, ids, strict=True))
        added: list[object] = [None] * (3 * len(new))
        added[::3], added[1::3], added[2::3] = ids, new, new.values()
        self._bodies.values += added
        self._plan(self._last_text, "".join(new.values()))

    def _plan(self, last: int, added: str) -> None:
        """Take into account what texts that end with `last` take to be made searchable."""
        is_plain = added.isascii() and "\0" not in added
        self._is_plain = self._is_plain and is_plain
        count = len(added)
        if not is_plain:
            count = _FOLDING * count + _FOLDING_BEYOND * (len(added.encode()) - count)
        self._chars += count
        if self._chars > _CHARS_AT_ONCE:
            self._steps.append(last)
            self._chars = 0

    def _name_id(self, db: sqlite3.Connection, key: tuple[str, str]) -> int:
        """Return the id of a name, which is added where it is new."""
        if key not in self._names:
            db.execute(
                "INSERT OR IGNORE INTO names (role, name, normal) VALUES (?, ?, ?)",
                (*key, normalise_name(key[1])),
            )
            row = db.execute("SELECT id FROM names WHERE role=? AND name=?", key).fetchone()
            self._names[key] = row[0]
        return self._names[key]


def delete_dependents(db: sqlite3.Connection, ids: Iterable[tuple[int]]) -> None:
    """Remove what hangs on files: their passes, names and prompts."""
    listed = [file_id for (file_id,) in ids]
    for start in range(0, len(listed), _MOST_IDS):
        some = listed[start : start + _MOST_IDS]
        marks = ", ".join("?" * len(some))
        for table in _DEPENDENTS:
            db.execute(f"DELETE FROM {table} WHERE file_id IN ({marks})", some)  # noqa: S608 - our own table names


def delete_files(db: sqlite3.Connection, ids: Iterable[int]) -> None:
    """Remove rows of files with all that hangs on them; user.db keeps what the user said."""
    listed = [(file_id,) for file_id in ids]
    delete_dependents(db, listed)
    db.executemany("DELETE FROM files WHERE id=?", listed)


def _show_items(db: sqlite3.Connection, rows: Sequence[ReadyRow]) -> None:
    """Make items, or none, of what reading decides.

    A JSON file is one where it holds a graph (`companion_of` is 0 elsewhere); the still of a video
    is one where it cannot be read.
    """
    for file_id, _, columns, *_rest in rows:
        if columns[_FORMAT] == "json":
            owner = None if columns[_SOURCES] else 0
            db.execute("UPDATE files SET companion_of=? WHERE id=?", (owner, file_id))
        elif columns[_STATE] == "error_recorded":
            db.execute("UPDATE files SET companion_of=NULL WHERE id=?", (file_id,))


def _join(ids: list[int], positions: tuple[int, ...]) -> str:
    return " ".join([str(ids[position]) for position in positions])

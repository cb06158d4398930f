"""Rows on their way into index.db: plain tuples, because they cross process borders.

`NewRow` is what a stat tells, `ReadRow` what reading the file adds. `RowWriter` puts whole batches
of them into the tables; it runs inside the writer's transactions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from smartgallery_tui.index.marks import mirror_files

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence


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


class ReadText(NamedTuple):
    """A prompt."""

    digest: bytes
    body: str


class ReadName(NamedTuple):
    """A name that the file uses."""

    role: str
    name: str
    normal: str
    strength_model: float | None
    strength_clip: float | None


class ReadPass(NamedTuple):
    """One sampling pass; prompts are positions in `ReadRow.texts`."""

    values: tuple[object, ...]
    """node, class_type, model, sampler, scheduler, steps, cfg, guidance, denoise, seed, width,
    height, extra."""
    positive: tuple[int, ...]
    negative: tuple[int, ...]


class ReadRow(NamedTuple):
    """What reading a file found."""

    file_id: int
    is_fresh: bool
    """False where the file was read before: its old rows are replaced."""
    columns: tuple[object, ...]
    """Values of `READ_COLUMNS`, in that order."""
    texts: tuple[ReadText, ...]
    positive: tuple[int, ...]
    """Positions in `texts`: the headline's prompts."""
    negative: tuple[int, ...]
    passes: tuple[ReadPass, ...]
    names: tuple[ReadName, ...]


READ_COLUMNS = (
    "content_id", "kind", "format", "size_bytes", "mtime_ns", "state", "problem", "reader_version",
    "width", "height", "duration_ms", "frames", "frame_rate", "generator", "sources",
    "has_workflow", "has_headline", "prompt_preview", "model", "sampler", "scheduler", "steps",
    "cfg", "guidance", "denoise", "seed", "gen_width", "gen_height", "headline_extra",
    "pass_count",
)  # fmt: skip

_INSERT_NEW = """
INSERT INTO files (folder_id, root_id, path, name, kind, format, size_bytes, mtime_ns, inode,
  state, reader_version, sources, has_workflow, has_headline, prompt_preview, headline_extra,
  pass_count, is_favorite, rating, status)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'unread', 0, '', 0, 0, '', '', 0, 0, 0, '')"""
_UPDATE_READ = f"UPDATE files SET {', '.join(f'{c}=?' for c in READ_COLUMNS)} WHERE id=?"  # noqa: S608 - our own column names
_INSERT_STEP = """
INSERT INTO workflow_metadata (file_id, pass_index, node, class_type, model, sampler, scheduler,
  steps, cfg, guidance, denoise, seed, width, height, extra, positive, negative)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
_DEPENDENTS = ("workflow_metadata", "file_names", "file_texts")
_CACHE_LIMIT = 100_000


class RowWriter:
    """Puts batches into the tables; remembers the ids of names and texts between batches.

    One for each scan, used by the writer thread alone. After a failed transaction call `forget`:
    what it remembers may have been rolled back.
    """

    def __init__(self) -> None:
        self._names: dict[tuple[str, str], int] = {}
        self._texts: dict[bytes, int] = {}

    def forget(self) -> None:
        """Drop what is remembered of the database."""
        self._names.clear()
        self._texts.clear()

    def insert_new(self, db: sqlite3.Connection, rows: Sequence[NewRow]) -> None:
        """Add unread files."""
        db.executemany(_INSERT_NEW, rows)

    def write_read(self, db: sqlite3.Connection, rows: Sequence[ReadRow]) -> None:
        """Store what was read of files that are in the table."""
        stale = [(row.file_id,) for row in rows if not row.is_fresh]
        if stale:
            delete_dependents(db, stale)
        text_ids = self._text_ids(db, rows)
        name_ids = self._name_ids(db, rows)
        db.executemany(_UPDATE_READ, [(*row.columns, row.file_id) for row in rows])
        mirror_files(db, [row.file_id for row in rows])
        passes: list[tuple[object, ...]] = []
        uses: list[tuple[object, ...]] = []
        prompts: dict[tuple[int, int, int], int | None] = {}
        for row in rows:
            ids = [text_ids[text.digest] for text in row.texts]
            for number, item in enumerate(row.passes):
                passes.append(
                    (row.file_id, number, *item.values, _join(ids, item.positive),
                     _join(ids, item.negative))
                )  # fmt: skip
                _note(prompts, row.file_id, 0, ids, item.positive, is_ranked=False)
                _note(prompts, row.file_id, 1, ids, item.negative, is_ranked=False)
            _note(prompts, row.file_id, 0, ids, row.positive, is_ranked=True)
            _note(prompts, row.file_id, 1, ids, row.negative, is_ranked=True)
            uses += [
                (row.file_id, name_ids[name[:2]], name.strength_model, name.strength_clip)
                for name in row.names
            ]
        db.executemany(_INSERT_STEP, passes)
        db.executemany("INSERT OR IGNORE INTO file_names VALUES (?, ?, ?, ?)", uses)
        db.executemany(
            "INSERT INTO file_texts (file_id, text_id, role, rank) VALUES (?, ?, ?, ?)",
            [(file, text, role, rank) for (file, text, role), rank in prompts.items()],
        )

    def _text_ids(self, db: sqlite3.Connection, rows: Sequence[ReadRow]) -> dict[bytes, int]:
        if len(self._texts) > _CACHE_LIMIT:
            self._texts.clear()
        known = self._texts
        new = {text.digest: text for row in rows for text in row.texts if text.digest not in known}
        if new:
            (last,) = db.execute("SELECT coalesce(max(id), 0) FROM texts").fetchone()
            db.executemany("INSERT OR IGNORE INTO texts (digest, body) VALUES (?, ?)", new.values())
            db.execute(
                "INSERT INTO texts_fts (rowid, body) "
                "SELECT id, search_form(body) FROM texts WHERE id > ?",
                (last,),
            )
            for digest in new:
                (known[digest],) = db.execute(
                    "SELECT id FROM texts WHERE digest=?", (digest,)
                ).fetchone()
        return known

    def _name_ids(
        self, db: sqlite3.Connection, rows: Sequence[ReadRow]
    ) -> dict[tuple[str, str], int]:
        known = self._names
        for row in rows:
            for name in row.names:
                key = name[:2]
                if key not in known:
                    db.execute(
                        "INSERT OR IGNORE INTO names (role, name, normal) VALUES (?, ?, ?)",
                        name[:3],
                    )
                    (known[key],) = db.execute(
                        "SELECT id FROM names WHERE role=? AND name=?", key
                    ).fetchone()
        return known


def delete_dependents(db: sqlite3.Connection, ids: Iterable[tuple[int]]) -> None:
    """Remove what hangs on files: their passes, names and prompts."""
    listed = list(ids)
    for table in _DEPENDENTS:
        db.executemany(f"DELETE FROM {table} WHERE file_id=?", listed)  # noqa: S608 - our own table names


def delete_files(db: sqlite3.Connection, ids: Iterable[int]) -> None:
    """Remove rows of files with all that hangs on them; user.db keeps what the user said."""
    listed = [(file_id,) for file_id in ids]
    delete_dependents(db, listed)
    db.executemany("DELETE FROM files WHERE id=?", listed)


def _join(ids: list[int], positions: tuple[int, ...]) -> str:
    return " ".join([str(ids[position]) for position in positions])


def _note(
    prompts: dict[tuple[int, int, int], int | None],
    file_id: int,
    role: int,
    ids: list[int],
    positions: tuple[int, ...],
    *,
    is_ranked: bool,
) -> None:
    for rank, position in enumerate(positions):
        prompts[file_id, ids[position], role] = rank if is_ranked else None

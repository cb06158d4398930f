"""A real pair of databases, and records that are written into them."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

import pytest

from smartgallery_tui.index import news
from smartgallery_tui.index.connection import connect
from smartgallery_tui.index.roots import View
from smartgallery_tui.index.search_text import search_form
from smartgallery_tui.index.store import Store
from smartgallery_tui.query.engine import SearchEngine
from smartgallery_tui.records.names import normalise_name
from smartgallery_tui.records.text_digest import text_digest
from tests.query.meaning import folder_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from tests.query.record import Record

ROOT = "/library"
LABELS = {"tags": ("content_tags", "tag_id"), "albums": ("album_items", "album_id")}


class Shelf:
    """Databases in a folder, an engine over them, and a way to fill them."""

    def __init__(self, folder: Path) -> None:
        self.store = Store(folder)
        self.index = connect(self.store.index_path)
        self.user = connect(self.store.user_path)
        self.index.create_function("search_form", 1, search_form)
        self.view = View((1,))
        self.engine = SearchEngine(
            self.store.read,
            lambda: self.view,
            lambda: self.user.total_changes,
        )

    def tell(self, ids: Sequence[int] | None = None, hidden: Sequence[int] = ()) -> None:
        """Write down that files changed, as a transaction of the program does.

        Args:
            ids: Which; None: any.
            hidden: Those that are missing now, or are back.
        """
        self.index.execute("BEGIN")
        news.tell(self.index, None if ids is None else sorted(ids), sorted(hidden))
        self.index.execute("COMMIT")

    def close(self) -> None:
        self.index.close()
        self.user.close()
        self.store.close()

    def clear(self) -> None:
        for db in (self.index, self.user):
            if db.in_transaction:
                db.execute("ROLLBACK")
            db.execute("BEGIN")
            tables = db.execute(
                "SELECT name FROM sqlite_master WHERE type='table' AND name NOT LIKE 'sqlite%' "
                "AND name NOT LIKE 'texts_fts%'"
            ).fetchall()
            for (name,) in tables:
                db.execute(f"DELETE FROM {name}")
            if db is self.index:
                db.execute("INSERT INTO texts_fts (texts_fts) VALUES ('delete-all')")
            db.execute("COMMIT")

    def fill(self, records: Sequence[Record]) -> list[int]:
        """Replace all rows by `records`; returns their ids."""
        self.clear()
        self.index.execute("BEGIN")
        self.user.execute("BEGIN")
        ids = [self._add(number, record) for number, record in enumerate(records, 1)]
        self.index.execute("COMMIT")
        self.user.execute("COMMIT")
        self.tell()
        return ids

    def add(self, number: int, record: Record) -> int:
        self.index.execute("BEGIN")
        self.user.execute("BEGIN")
        found = self._add(number, record)
        self.index.execute("COMMIT")
        self.user.execute("COMMIT")
        return found

    def _add(self, number: int, record: Record) -> int:
        content = hashlib.blake2b(
            b"same" if record.is_duplicate else str(number).encode(), digest_size=16
        ).digest()
        self._file(number, record, content)
        self._passes(number, record)
        for role, name in record.names:
            name_id = self._one(
                "names", "role=? AND name=?", (role, name),
                "INSERT INTO names (role, name, normal) VALUES (?, ?, ?)",
                (role, name, normalise_name(name)),
            )  # fmt: skip
            if role == "node":
                continue
            self.index.execute(
                "INSERT OR IGNORE INTO file_names VALUES (?, ?, NULL, NULL)", (number, name_id)
            )
        self._nodes(number, sorted({name for role, name in record.names if role == "node"}))
        for role, texts in enumerate((record.positive, record.negative)):
            for rank, text in enumerate(texts):
                self._text(number, role, rank, text)
        self._marks(record, content)
        return number

    def _nodes(self, number: int, classes: list[str]) -> None:
        """Give a file its set of node classes."""
        if not classes:
            return
        set_id = self._one(
            "node_sets", "classes=?", ("\n".join(classes),),
            "INSERT INTO node_sets (classes) VALUES (?)", ("\n".join(classes),),
        )  # fmt: skip
        self.index.execute("UPDATE files SET node_set_id=? WHERE id=?", (set_id, number))
        for name in classes:
            self.index.execute(
                "INSERT OR IGNORE INTO node_set_names "
                "SELECT ?, id FROM names WHERE role='node' AND name=?",
                (set_id, name),
            )

    def _one(self, table: str, where: str, key: tuple, insert: str, values: tuple) -> int:
        row = self.index.execute(f"SELECT id FROM {table} WHERE {where}", key).fetchone()
        return row[0] if row else self.index.execute(insert, values).lastrowid

    def _file(self, number: int, record: Record, content: bytes) -> None:
        root_id = self._one(
            "roots", "path=?", (os.fsencode(record.root),),
            "INSERT INTO roots (path, role, is_online, added_ns) VALUES (?, 'output', 1, 0)",
            (os.fsencode(record.root),),
        )  # fmt: skip
        folder = folder_of(record.path)
        folder_id = self._one(
            "folders", "path=?", (os.fsencode(folder),),
            "INSERT INTO folders (root_id, path, mtime_ns, display) VALUES (?, ?, 0, '')",
            (root_id, os.fsencode(folder)),
        )  # fmt: skip
        headline = record.passes[0] if record.passes and number % 2 else None
        values = {
            "id": number, "folder_id": folder_id, "root_id": root_id,
            "path": os.fsencode(record.path), "name": record.name, "kind": record.kind,
            "format": record.format, "size_bytes": record.size_bytes, "mtime_ns": record.mtime_ns,
            "inode": number, "content_id": content, "state": "indexed", "problem": record.problem,
            "missing_since_ns": 1 if record.is_missing else None, "reader_version": 1,
            "width": record.width, "height": record.height, "duration_ms": record.duration_ms,
            "frames": record.frames, "frame_rate": record.frame_rate,
            "generator": record.generator, "sources": ",".join(record.sources),
            "has_workflow": int(record.has_workflow), "has_headline": 0, "prompt_preview": "",
            "headline_extra": "", "is_favorite": int(record.is_favorite),
            "rating": record.rating, "status": record.status,
            "pass_count": len(record.passes),
        }  # fmt: skip
        if len(record.passes) == 1 and headline is not None:
            # A single pass may come as the headline alone.
            values |= {
                "pass_count": 0, "sampler": headline.sampler, "scheduler": headline.scheduler,
                "steps": headline.steps, "cfg": headline.cfg, "guidance": headline.guidance,
                "denoise": headline.denoise, "gen_width": headline.width,
                "gen_height": headline.height,
                "seed": None if headline.seed is None else str(headline.seed),
            }  # fmt: skip
        columns = ", ".join(values)
        marks = ", ".join("?" * len(values))
        self.index.execute(
            f"INSERT INTO files ({columns}) VALUES ({marks})", tuple(values.values())
        )

    def _passes(self, number: int, record: Record) -> None:
        if len(record.passes) == 1 and number % 2:
            return
        for place, each in enumerate(record.passes):
            self.index.execute(
                "INSERT INTO workflow_metadata (file_id, pass_index, node, class_type, sampler, "
                "scheduler, steps, cfg, guidance, denoise, seed, width, height, positive, "
                "negative, extra) VALUES (?, ?, '', '', ?, ?, ?, ?, ?, ?, ?, ?, ?, '', '', '')",
                (number, place, each.sampler, each.scheduler, each.steps, each.cfg,
                 each.guidance, each.denoise, None if each.seed is None else str(each.seed),
                 each.width, each.height),
            )  # fmt: skip

    def _text(self, number: int, role: int, rank: int, text: str) -> None:
        digest = text_digest(text.encode())
        row = self.index.execute("SELECT id FROM texts WHERE digest=?", (digest,)).fetchone()
        if row is None:
            cursor = self.index.execute(
                "INSERT INTO texts (digest, body) VALUES (?, ?)", (digest, text)
            )
            row = (cursor.lastrowid,)
            self.index.execute(
                "INSERT INTO texts_fts (rowid, body) VALUES (?, ?)", (row[0], search_form(text))
            )
        self.index.execute(
            "INSERT OR IGNORE INTO file_texts (file_id, text_id, role, rank) VALUES (?, ?, ?, ?)",
            (number, row[0], role, rank),
        )

    def _marks(self, record: Record, content: bytes) -> None:
        if record.is_favorite or record.rating or record.status or record.note:
            self.user.execute(
                "INSERT OR REPLACE INTO marks (content_id, is_favorite, rating, status, note, "
                "updated_ns, serial) VALUES (?, ?, ?, ?, ?, 0, 1)",
                (content, int(record.is_favorite), record.rating, record.status, record.note),
            )
        for table, names in (("tags", record.tags), ("albums", record.albums)):
            links, key = LABELS[table]
            for name in names:
                self.user.execute(f"INSERT OR IGNORE INTO {table} (name) VALUES (?)", (name,))
                (label_id,) = self.user.execute(
                    f"SELECT id FROM {table} WHERE name=?", (name,)
                ).fetchone()
                extra = ", added_ns" if table == "albums" else ""
                value = ", 0" if table == "albums" else ""
                self.user.execute(
                    f"INSERT OR IGNORE INTO {links} (content_id, {key}{extra}) "
                    f"VALUES (?, ?{value})",
                    (content, label_id),
                )


@pytest.fixture
def shelf(data_dir: Path) -> Iterator[Shelf]:
    made = Shelf(data_dir)
    yield made
    made.close()

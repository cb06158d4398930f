"""Every schema that was ever released opens, keeps its data, and is never changed afterwards."""

from __future__ import annotations

import hashlib
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from smartgallery_tui.index.generations import generations
from smartgallery_tui.index.migrations import creation
from smartgallery_tui.index.store import Store
from smartgallery_tui.index.versions import CATALOG, USER, DatabaseKind
from smartgallery_tui.records.text_digest import text_digest

SCHEMAS = Path(__file__).parent / "schemas"
RELEASED = sorted(SCHEMAS.glob("*.sql"))


def script(kind: DatabaseKind, version: int) -> str:
    return (SCHEMAS / f"{kind.file_name}-{version}.sql").read_text()


@pytest.mark.parametrize("kind", [CATALOG, USER], ids=lambda kind: kind.file_name)
def test_the_schema_of_this_version_is_written_down(kind: DatabaseKind):
    """A changed table needs a new version, a step that leads there, and a new file here."""
    released = script(kind, kind.version)
    assert released.startswith(";\n".join(creation(kind)))


@pytest.mark.parametrize("path", RELEASED, ids=lambda path: path.stem)
def test_a_released_schema_opens_and_keeps_its_data(tmp_path: Path, path: Path):
    name, version = path.stem.rsplit("-", 1)
    with closing(sqlite3.connect(tmp_path / name)) as db:
        db.executescript(path.read_text())
        if name == USER.file_name:
            db.execute("INSERT INTO tags (name) VALUES ('kept')")
            db.execute(
                "INSERT INTO marks (content_id, is_favorite, rating, status, note, updated_ns, "
                "serial) VALUES (x'00', 1, 5, 'approved', 'note', 7, 1)"
            )
        else:
            db.execute("INSERT INTO meta (key, value) VALUES ('kept', 'yes')")
        db.commit()
    store = Store(tmp_path)
    with store.read() as db:
        if name == USER.file_name:
            assert db.execute("SELECT name FROM user.tags").fetchall() == [("kept",)]
            row = db.execute("SELECT is_favorite, rating, status, note FROM user.marks").fetchone()
            assert row == (1, 5, "approved", "note")
        else:
            assert db.execute("SELECT value FROM meta WHERE key='kept'").fetchone() == ("yes",)
    store.close()
    kind = USER if name == USER.file_name else CATALOG
    with closing(sqlite3.connect(tmp_path / name)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (kind.version,)
    assert bool(list(tmp_path.glob("*.before-schema-*"))) == (int(version) < kind.version)


def test_node_classes_move_into_sets(tmp_path: Path):
    """index.db 1 to 2: a row for each class of each file becomes a set that files share."""
    with closing(sqlite3.connect(tmp_path / "index.db")) as db:
        db.executescript(script(CATALOG, 1))
        for file_id in (1, 2, 3):
            values = (file_id, os.fsencode(f"/{file_id}"))
            db.execute(OLD_FILE, values)
        names = [(1, "node", "VAEDecode"), (2, "node", "KSampler"), (3, "model", "a.safetensors")]
        db.executemany("INSERT INTO names VALUES (?, ?, ?, lower(?3))", names)
        uses = [(1, 1), (1, 2), (1, 3), (2, 1), (2, 2), (3, 2)]
        db.executemany("INSERT INTO file_names VALUES (?, ?, NULL, NULL)", uses)
        db.commit()
    store = Store(tmp_path)
    with store.read() as db:
        assert db.execute("SELECT file_id, name_id FROM file_names").fetchall() == [(1, 3)]
        assert db.execute("SELECT classes FROM node_sets ORDER BY classes").fetchall() == [
            ("KSampler",), ("KSampler\nVAEDecode",),
        ]  # fmt: skip
        found = generations(db, [2, 3])
        both, one = found[2], found[3]
    store.close()
    assert [use.name for use in both.names] == ["KSampler", "VAEDecode"]
    assert [use.name for use in one.names] == ["KSampler"]


def test_prompts_are_known_by_numbers(tmp_path: Path):
    """index.db 4 to 5: the digest of a prompt is a number; its id and its words stay."""
    bodies = ["a castle", "", "\u57ce at night"]
    with closing(sqlite3.connect(tmp_path / "index.db")) as db:
        db.executescript(script(CATALOG, 4))
        for text_id, body in enumerate(bodies, 3):
            digest = hashlib.blake2b(body.encode(), digest_size=16).digest()
            db.execute("INSERT INTO texts VALUES (?, ?, ?)", (text_id, digest, body))
            db.execute("INSERT INTO texts_fts (rowid, body) VALUES (?, ?)", (text_id, body))
        db.commit()
    store = Store(tmp_path)
    with store.read() as db:
        found = db.execute("SELECT id, digest, body FROM texts ORDER BY id").fetchall()
        matches = db.execute("SELECT rowid FROM texts_fts WHERE body MATCH 'castle'").fetchall()
    store.close()
    assert found == [(at, text_digest(body.encode()), body) for at, body in enumerate(bodies, 3)]
    assert matches == [(3,)]
    assert all(0 < digest < 1 << 63 for _, digest, _ in found)


OLD_FILE = """
INSERT INTO files (id, folder_id, root_id, path, name, kind, format, size_bytes, mtime_ns, inode,
  state, reader_version, sources, has_workflow, has_headline, prompt_preview, headline_extra,
  pass_count, is_favorite, rating, status)
VALUES (?, 1, 1, ?, 'x', 'image', 'png', 1, 1, 1, 'indexed', 1, '', 0, 0, '', '', 0, 0, 0, '')"""

"""What tells our database files from others, without importing peewee."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DatabaseKind:
    """One of our two database files."""

    file_name: str
    version: int
    """`PRAGMA user_version`: the schema that this program writes."""
    application_id: int
    """`PRAGMA application_id`."""


CATALOG = DatabaseKind("index.db", 5, 0x53474958)
"""Rebuildable from the files."""
USER = DatabaseKind("user.db", 2, 0x53475553)
"""Precious: what the user said."""

VISIBLE = "f.missing_since_ns IS NULL AND f.companion_of IS NULL"
"""The rows that an ordinary result may hold, for an alias `f` of files."""

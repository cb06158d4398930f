"""A small library on disk, a journal in a file, and a look at a whole tree."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from smartgallery_tui.files import Change, Guard, Operations, from_row, to_row

if TYPE_CHECKING:
    from pathlib import Path

settings.register_profile("repeatable", database=None, derandomize=True, deadline=None)
settings.load_profile("repeatable")


class FileJournal:
    """Changes as JSON lines, which outlive a killed process."""

    def __init__(self, path: str) -> None:
        self._path = path

    def _add(self, *row: object) -> None:
        fd = os.open(self._path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
        try:
            os.write(fd, json.dumps(row).encode() + b"\n")
        finally:
            os.close(fd)

    def rows(self) -> list[tuple[int, str, Change | None]]:
        """Return number, state and change of each entry, in order."""
        found: dict[int, tuple[str, Change | None]] = {}
        try:
            fd = os.open(self._path, os.O_RDONLY)
        except FileNotFoundError:
            return []
        with os.fdopen(fd) as file:
            for line in file:
                entry, state, row = json.loads(line)
                change = from_row(row) if isinstance(row, dict) else found[entry][1]
                found[entry] = ("intent" if state == "amend" else state, change)
        return [(entry, state, change) for entry, (state, change) in found.items()]

    def intend(self, change: Change) -> int:
        entry = len(self.rows())
        self._add(entry, "intent", to_row(change))
        return entry

    def amend(self, entry: int, change: Change) -> None:
        self._add(entry, "amend", to_row(change))

    def finish(self, entry: int, change: Change) -> None:
        self._add(entry, "done", to_row(change))

    def fail(self, entry: int, reason: str) -> None:
        self._add(entry, "failed", reason)


@dataclass(frozen=True)
class Place:
    """A root with some files, and what changes them."""

    root: Path
    journal: FileJournal
    guard: Guard
    operations: Operations

    def path(self, name: str) -> str:
        return str(self.root / name)

    def look(self) -> dict[str, bytes | None]:
        """Return every file's bytes and every folder below the root, without our own."""
        found: dict[str, bytes | None] = {}
        for path in sorted(self.root.rglob("*")):
            relative = path.relative_to(self.root)
            if relative.parts[0] != ".smartgallery":
                found[str(relative)] = None if path.is_dir() else path.read_bytes()
        return found

    def trashed(self) -> list[str]:
        return [entry.original for entry in self.operations.trash_folder.entries(str(self.root))]


def make_place(base: Path) -> Place:
    root = base / "root"
    for name in ("a.png", "b.png", "clip.mp4", "clip.png", "sub/a.png", "sub/deep/c.gif"):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode() * 100)
    guard = Guard([str(root)])
    journal = FileJournal(str(base / "journal"))
    return Place(root, journal, guard, Operations(guard, journal))


@pytest.fixture(autouse=True)
def no_waiting_for_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out syncs: only a power cut would tell, and no test cuts the power."""
    monkeypatch.setattr(os, "fsync", lambda _fd: None)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return make_place(tmp_path)

"""The first half of a sync: walk a root, compare, and write what is new, changed or gone."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from smartgallery_tui.containers import extension_of
from smartgallery_tui.containers.registry import KIND_BY_EXTENSION
from smartgallery_tui.index import found
from smartgallery_tui.index.found import Applied, FoundFile, FoundFolder
from smartgallery_tui.index.relink import GROUPING_KINDS
from smartgallery_tui.index.writer import SCAN
from smartgallery_tui.library.watching import away
from smartgallery_tui.records.bounds import storable_ns
from smartgallery_tui.scan import count_files, diff, join, list_folder, walk

if TYPE_CHECKING:
    import sqlite3
    import threading
    from collections.abc import Callable, Iterator

    from smartgallery_tui.index.rows import RowWriter
    from smartgallery_tui.index.store import Store
    from smartgallery_tui.index.writer import Writer
    from smartgallery_tui.library.events import Reporter
    from smartgallery_tui.records.roots import RootInfo
    from smartgallery_tui.scan import Changes, Entry, Listing, Rules

_BATCH = 500
"""Rows of one transaction: short enough that a mark waiting behind it is not felt."""
_FIRST = 200
"""New files of the first: they are shown at once."""


class StatPass:
    """Walks roots and keeps the tables in step with what lies there.

    Args:
        store: For reads.
        writer: For writes.
        rows: Shared with the reading half.
        rules: What is looked at.
        reporter: Hears how far it is.
        cancelled: Stops it at the next folder.
        expect: Told how many files are new so far.
    """

    def __init__(
        self,
        store: Store,
        writer: Writer,
        rows: RowWriter,
        rules: Rules,
        reporter: Reporter,
        cancelled: threading.Event,
        expect: Callable[[int], object] = lambda _count: None,
    ) -> None:
        self._store = store
        self._writer = writer
        self._rows = rows
        self._rules = rules
        self._reporter = reporter
        self._cancelled = cancelled
        self._expect = expect
        self._now_ns = time.time_ns()
        self._pending: list[FoundFolder] = []
        self._pending_size = self._pending_new = 0
        self._has_files: bool | None = None
        self._is_first = False
        self.applied = Applied()
        self.found = 0
        self.links: list[str] = []

    def run(self, root: RootInfo) -> None:
        """Walk one root."""
        total = self._count(root)
        self._reporter.begin("scanning", total)
        if not root.is_scanned and total is not None:
            self._expect(total)
        with self._store.read() as db:
            folders = found.known_folders(db, root.id)
            self._is_first = self._is_first or not found.last_id(db)
            if found.is_large(db):
                self._quick(db, root, folders)
            unseen = dict(folders)
            protected: list[bytes] = []
            in_root = self._walk(db, root, unseen, protected, total)
        self._flush(root)
        self.found += in_root
        if not self._cancelled.is_set():
            self._finish(root, in_root, unseen, protected)

    def _walk(
        self,
        db: sqlite3.Connection,
        root: RootInfo,
        unseen: dict[bytes, tuple[int, int]],
        protected: list[bytes],
        total: int | None,
    ) -> int:
        """Compare every folder; return how many files there are.

        Folders without files wait until the first file shows that the root is there: an unmounted
        volume is an empty folder, and takes nothing along.
        """
        count = 0
        held: list[tuple[Listing, bytes, tuple[int, int] | None]] = []
        for listing in walk(root.path, self._rules):
            if self._cancelled.is_set():
                return count
            path = os.fsencode(listing.path)
            known = unseen.pop(path, None)
            if listing.skipped or listing.links or listing.problem is not None:
                self._tell(listing)
            if listing.problem is not None:
                protected.append(path)
                continue
            count += len(listing.files)
            held.append((listing, path, known))
            if count:
                for each in held:
                    self._compare(db, root, *each)
                held.clear()
            self._reporter.progress("scanning", count, total)
            self._writer.precedence.give_way()
        if held and not self._is_offline(root):
            for each in held:
                self._compare(db, root, *each)
        return count

    def _quick(
        self, db: sqlite3.Connection, root: RootInfo, folders: dict[bytes, tuple[int, int]]
    ) -> None:
        """Look first into folders whose own time changed: what is new shows at once.

        The walk that follows finds the rest: files that were rewritten in place.
        """
        for path, known in list(folders.items()):
            if self._cancelled.is_set():
                return
            try:
                found = Path(os.fsdecode(path)).lstat()
                is_same = storable_ns(found.st_mtime_ns) == known[1]
            except OSError:
                continue
            if not is_same:
                listing = list_folder(os.fsdecode(path), self._rules)
                if listing.problem is None and listing.files:
                    self._compare(db, root, listing, path, known)
                    folders[path] = known[0], listing.mtime_ns
        self._flush(root)

    def _count(self, root: RootInfo) -> int | None:
        if root.is_scanned:
            return None
        self._reporter.begin("counting")
        count = count_files(root.path, self._rules, cancelled=self._cancelled)
        if count.looks_wrong:
            self._reporter.notice(
                f"{root.path} holds {count.others} files that are no pictures: is it the right "
                "folder?",
                "warning",
            )
        return count.files if count.is_complete else None

    def _tell(self, listing: Listing) -> None:
        for name, reason in listing.skipped:
            self._reporter.notice(f"skipped {listing.path}/{name}: {reason}")
        for name in listing.links:
            link = join(listing.path, name)
            self.links.append(link)
            self._reporter.notice(
                f"{link} is a linked folder and was not followed; open or scan it to add it"
            )
        if listing.problem is not None:
            self._reporter.notice(f"cannot read {listing.path}: {listing.problem}", "warning")

    def _compare(
        self,
        db: sqlite3.Connection,
        root: RootInfo,
        listing: Listing,
        path: bytes,
        known: tuple[int, int] | None,
    ) -> None:
        files = [] if known is None else found.known_files(db, known[0])
        changes = diff(listing, files)
        if not changes and known is not None and known[1] == listing.mtime_ns:
            return
        for part in _parts(_found_folder(root, listing, path, known, changes)):
            self._pending.append(part)
            self._pending_size += part.size
            self._pending_new += len(part.new)
            is_enough = not self.applied.added and self._pending_new >= _FIRST
            if is_enough or self._pending_size >= _BATCH:
                self._flush(root)

    def _flush(self, root: RootInfo) -> None:
        """Write what is pending, and tell of it.

        The walk waits meanwhile: both would take turns at the interpreter, and take as long and
        more of the processors, which read files at the same time.
        """
        pending, self._pending = self._pending, []
        self._pending_size = self._pending_new = 0
        if not pending:
            return
        is_first = not self.applied.added
        done = self._writer.run("index", lambda db: self._apply(db, root.id, pending), SCAN)
        total = self.applied
        total.added += done.added
        total.moved += done.moved
        total.changed += done.changed
        total.gone += done.gone
        self._expect(total.added)
        self._reporter.changed(added=done.added, changed=done.changed, removed=done.gone)
        if is_first:
            self._reporter.show()

    def _apply(self, db: sqlite3.Connection, root_id: int, pending: list[FoundFolder]) -> Applied:
        """Write folders."""
        return found.apply(
            db, self._rows, root_id, pending, self._now_ns, is_first=self._is_first,
            between=self._writer.let_marks_pass,
        )  # fmt: skip

    def _is_offline(self, root: RootInfo) -> bool:
        """Whether a root that shows no file should hold some."""
        if root.is_scanned and self._has_files is None:
            with self._store.read() as db:
                self._has_files = found.has_files(db, root.id)
        return bool(root.is_scanned and self._has_files)

    def _finish(
        self,
        root: RootInfo,
        in_root: int,
        unseen: dict[bytes, tuple[int, int]],
        protected: list[bytes],
    ) -> None:
        """Hide what vanished with its folders, unless the root itself seems to be offline."""
        self._has_files = None
        is_offline = in_root == 0 and self._is_offline(root)
        self._has_files = None
        if is_offline:
            self._reporter.notice(away(root.path), "warning")
        elif gone := [
            folder_id
            for path, (folder_id, _) in unseen.items()
            if not any(path.startswith(guard + b"/") for guard in protected)
        ]:
            self.applied.gone += self._writer.run(
                "index",
                lambda db: found.drop_folders(db, gone, self._now_ns, self._writer.let_marks_pass),
                SCAN,
            )
        if not root.is_scanned or root.is_online == is_offline:
            self._writer.run(
                "index",
                lambda db: found.set_scanned(db, root.id, self._now_ns, is_online=not is_offline),
                SCAN,
            )


def _found_folder(
    root: RootInfo,
    listing: Listing,
    path: bytes,
    known: tuple[int, int] | None,
    changes: Changes,
) -> FoundFolder:
    prefix = os.fsencode(listing.path.rstrip("/") + "/")
    new = [_found_file(prefix, entry) for entry in changes.new]
    is_plain = known is None and not any(file.kind in GROUPING_KINDS for file in new)
    relative = listing.path[len(root.path) :].strip("/")
    return FoundFolder(
        path=path,
        display=storable(relative),
        mtime_ns=listing.mtime_ns,
        folder_id=None if known is None else known[0],
        new=new,
        changed=[(file_id, _found_file(prefix, entry)) for file_id, entry in changes.changed],
        back=changes.back,
        gone=changes.gone,
        may_group=not is_plain,
    )


def _parts(folder: FoundFolder) -> Iterator[FoundFolder]:
    """Yield a folder with many new files as several with fewer."""
    for start in range(_BATCH, len(folder.new), _BATCH):
        yield replace(folder, new=folder.new[start : start + _BATCH], changed=[], back=[], gone=[])
    folder.new = folder.new[:_BATCH]
    yield folder


def _found_file(prefix: bytes, entry: Entry) -> FoundFile:
    name, size_bytes, mtime_ns, inode = entry
    if name.isascii():
        raw, shown = name.encode(), name
    else:
        raw, shown = os.fsencode(name), storable(name)
    extension = extension_of(name)
    kind = KIND_BY_EXTENSION.get(extension, "other")
    values = prefix + raw, shown, kind, extension[1:], size_bytes, mtime_ns, inode
    return tuple.__new__(FoundFile, values)  # half of the time that its own function takes


def storable(name: str) -> str:
    """Return a file name as text that a database can hold."""
    return name if name.isascii() else os.fsencode(name).decode("utf-8", "replace")

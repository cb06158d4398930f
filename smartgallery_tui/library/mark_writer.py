"""The way of what the user says: into user.db first, then into its mirror in index.db."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartgallery_tui.index import marks

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from smartgallery_tui.index.store import Store
    from smartgallery_tui.index.writer import Writer


class MarkWriter:
    """Writes user data; may be used from any thread.

    Args:
        store: For reads.
        writer: Writes both databases.
    """

    def __init__(self, store: Store, writer: Writer) -> None:
        self._store = store
        self._writer = writer
        self._listeners: list[Callable[[], None]] = []
        self.has_written = False
        """Whether anything was said since the library was opened."""

    def listen(self, changed: Callable[[], None]) -> None:
        """Call `changed` after each change, from the thread that made it."""
        self._listeners.append(changed)

    def write(self, work: Callable[[sqlite3.Connection], object]) -> None:
        """Write user.db, then its mirror; returns when both are committed."""
        self.has_written = True
        self._writer.run_marks(work, marks.mirror)
        for changed in self._listeners:
            changed()

    def show(self) -> None:
        """Show what was written to user.db by other ways."""
        self.write(lambda _db: None)

    def catch_up(self) -> None:
        """Show marks that were written when index.db could not be: after a crash or a rebuild."""
        with self._store.read() as db:
            is_mirrored = marks.is_mirrored(db)
        if not is_mirrored and self._store.is_writable:
            self._writer.run("index", marks.mirror, changes_rows=False)

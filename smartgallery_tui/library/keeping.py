"""Backups, user data in and out, integrity, duplicates: the library's part for keeping things."""

from __future__ import annotations

import time
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from smartgallery_tui.errors import DatabaseError, UsageError
from smartgallery_tui.index import journal, keeping, lists, user_lines
from smartgallery_tui.index.facts import fact, set_fact
from smartgallery_tui.library import volume_copy
from smartgallery_tui.library.actor import actor
from smartgallery_tui.library.volumes import note_seen

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from smartgallery_tui.library.context import Context
    from smartgallery_tui.library.explaining import Explaining
    from smartgallery_tui.library.volumes import Volumes

_CHECKED_KEY = "checked_s"
_DAY_S = 24 * 3600


class Keeping:
    """What must not be lost.

    Args:
        context: The open library.
        explaining: Knows the user's rules for nodes.
        volumes: Keeps copies of user data beside the pictures.
    """

    def __init__(self, context: Context, explaining: Explaining, volumes: Volumes) -> None:
        self._context = context
        self._store = context.store
        self._writer = context.writer
        self._explaining = explaining
        self._volumes = volumes

    def backup(self, path: str | Path | None = None) -> Path | None:
        """Copy user.db to `path`, or make a rolling backup if the last is a day old.

        Returns:
            The copy, or None where no rolling backup was due.

        Raises:
            UsageError: The folder of `path` is not there.
            DatabaseError: It cannot be written, or `path` exists.
        """
        if path is None:
            return keeping.backup_user(self._context.data_dir)
        target = Path(path)
        if target.is_dir():
            target = target / f"smartgallery-user-{time.strftime('%Y%m%d-%H%M%S')}.db"
        if not target.parent.is_dir():
            raise UsageError(f"no such folder: {target.parent}")
        keeping.copy_database(self._store.user_path, target)
        return target

    def backups(self) -> list[Path]:
        """Return the rolling backups, oldest first."""
        return keeping.backups(self._context.data_dir)

    def restore_backup(self, path: str | Path) -> Path | None:
        """Put a backup of user.db in its place; return where the old one is kept.

        Raises:
            UsageError: There is no such file.
            IndexForeignError: `path` is not a whole user.db.
        """
        self._context.require_changes_allowed()
        if not Path(path).exists():
            raise UsageError(f"no such file: {path}; `smartgallery backup --list` names backups")
        kept = keeping.restore_user(Path(path), self._context.data_dir)
        self._context.marks.show()
        return kept

    def export_user_data(self) -> list[str]:
        """Return all user data as JSON lines, without line ends."""
        with self._store.read() as db:
            return list(user_lines.export_lines(db))

    def import_user_data(self, lines: Iterable[str] | Path) -> int:
        """Merge user data from JSON lines or a file of them; return how many values changed.

        One action for undo, after a rolling backup. Importing the same twice changes nothing.
        Node rules that lie beside a copy on a volume are taken where there are none yet.

        Raises:
            UsageError: It is not our format.
        """
        self._context.require_changes_allowed()
        keeping.backup_user(self._context.data_dir)
        if isinstance(lines, Path):
            path = lines
            try:
                lines = path.read_text("utf-8").splitlines()
            except OSError as error:
                raise UsageError(f"{path}: cannot be read: {error.strerror}") from error
            except UnicodeDecodeError as error:
                raise UsageError(
                    f"{path} is no user data of smartgallery-tui; `userdata export` writes some"
                ) from error
            self._take_rules(volume_copy.rules_beside(path))
        lines = list(lines)
        with self._store.read() as db:
            brought = user_lines.import_changes(db, lines)
        bring = partial(_import, brought=brought, seen=user_lines.origin(lines), who=actor())
        count = self._writer.run("user", bring)
        self._context.marks.show()
        return count

    def _take_rules(self, data: bytes | None) -> None:
        """Write node rules where the user has none."""
        target = self._explaining.node_rules().file
        if data is None or target is None or target.exists():
            return
        with suppress(OSError):
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with target.open("xb") as file:
                file.write(data)

    def check_integrity(self) -> list[str]:
        """Check both databases; return a sentence for each that is damaged. Takes a while.

        A damaged index is rebuilt at the next start; for damaged user data the newest good
        backup is named.
        """
        found: list[str] = []
        if keeping.check(self._store.index_path) is not None:
            self._store.note_damage()
            found.append("the index is damaged; it will be rebuilt at the next start")
        problem = keeping.check(self._store.user_path)
        if problem is not None:
            good = next((p for p in reversed(self.backups()) if keeping.check(p) is None), None)
            hint = f"restore {good}" if good is not None else "there is no good backup"
            found.append(f"user.db is damaged ({problem}); {hint}")
        return found

    def keep_safe(self) -> list[str]:
        """Do what keeps user data safe and can wait: copies, a backup, the check of the day.

        For quiet moments: it blocks, a check of a large index for seconds.

        Returns:
            A sentence for each database that was found damaged.

        Raises:
            DatabaseError: A backup cannot be made.
        """
        if not self._store.is_writable:
            return []
        self._volumes.copy_user_data_to_volumes()
        if self._context.marks.has_written:
            keeping.backup_user(self._context.data_dir)
        return self.daily_problems()

    def daily_problems(self) -> list[str]:
        """Check the databases if the last check is a day old; return a sentence for each damage."""
        now_s = time.time()
        with self._store.read() as db:
            checked = fact(db, _CHECKED_KEY)
        if checked is not None and 0 <= now_s - float(checked) < _DAY_S:
            return []
        problems = [] if checked is None else self.check_integrity()  # a new index needs none
        self._writer.run(
            "index",
            partial(set_fact, key=_CHECKED_KEY, value=str(int(now_s))),
            changes_rows=False,
        )
        return problems

    def close(self) -> None:
        """Write what has to outlive the program: copies on the volumes and a backup."""
        if not self._store.is_writable:
            return
        try:
            self._volumes.copy_user_data_to_volumes()
            if self._context.marks.has_written:
                keeping.backup_user(self._context.data_dir)
        except DatabaseError:
            # Leaving must always work; the next start makes both.
            return


def _import(
    db: sqlite3.Connection, brought: user_lines.Imported, seen: tuple[str, int], who: str
) -> int:
    now_ns = time.time_ns()
    if seen[0]:
        note_seen(db, *seen)
    done = journal.change_marks(db, brought.changes, who, now_ns)
    group_id = done[0] if done else 0
    changes = lists.added(db, brought.searches, brought.albums)
    journal.change_lists(db, changes, who=who, now_ns=now_ns, group_id=group_id)
    return len(done) + len(changes)

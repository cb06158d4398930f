"""Backups, user data in and out, integrity, duplicates: the library's part for keeping things."""

from __future__ import annotations

import os
import secrets
import time
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from smartgallery_tui.errors import DatabaseError, UsageError
from smartgallery_tui.index import journal, keeping, lists, totals, user_lines, user_settings
from smartgallery_tui.index.facts import fact, set_fact
from smartgallery_tui.library import volume_copy
from smartgallery_tui.library.base import actor
from smartgallery_tui.library.explaining import Explaining
from smartgallery_tui.library.marking import Marking
from smartgallery_tui.records.keeping import DuplicateGroup, RestoreOffer

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from smartgallery_tui.library.events import Reporter


_CHECKED_KEY = "checked_s"
_DAY_S = 24 * 3600
_LIBRARY_KEY = "library_id"
_SEEN_KEY = "seen:"
_FOR_EVER_NS = (1 << 63) - 1


class Keeping(Marking, Explaining):
    """What must not be lost."""

    def backup(self, path: str | Path | None = None) -> Path | None:
        """Copy user.db to `path`, or make a rolling backup if the last is a day old.

        Returns:
            The copy, or None where no rolling backup was due.

        Raises:
            UsageError: The folder of `path` is not there.
            DatabaseError: It cannot be written, or `path` exists.
        """
        if path is None:
            return keeping.backup_user(self.data_dir)
        target = Path(path)
        if target.is_dir():
            target = target / f"smartgallery-user-{time.strftime('%Y%m%d-%H%M%S')}.db"
        if not target.parent.is_dir():
            raise UsageError(f"no such folder: {target.parent}")
        keeping.copy_database(self._store.user_path, target)
        return target

    def backups(self) -> list[Path]:
        """Return the rolling backups, oldest first."""
        return keeping.backups(self.data_dir)

    def restore_backup(self, path: str | Path) -> Path | None:
        """Put a backup of user.db in its place; return where the old one is kept.

        Raises:
            UsageError: There is no such file.
            IndexForeignError: `path` is not a whole user.db.
        """
        self._require_changes_allowed()
        if not Path(path).exists():
            raise UsageError(f"no such file: {path}; `smartgallery backup --list` names backups")
        kept = keeping.restore_user(Path(path), self.data_dir)
        self._mirror_marks()
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
        self._require_changes_allowed()
        keeping.backup_user(self.data_dir)
        if isinstance(lines, Path):
            path = lines
            try:
                lines = path.read_text("utf-8").splitlines()
            except OSError as error:
                raise UsageError(f"{path}: cannot be read: {error.strerror}") from error
            except UnicodeDecodeError as error:
                raise UsageError(f"{path} is no user data of smartgallery-tui") from error
            self._take_rules(volume_copy.rules_beside(path))
        lines = list(lines)
        with self._store.read() as db:
            brought = user_lines.import_changes(db, lines)
        seen = user_lines.origin(lines)
        return (
            self._writer.run("user", partial(_import, brought=brought, seen=seen, who=actor()))
            + self._mirror_marks()
        )

    def _take_rules(self, data: bytes | None) -> None:
        """Write node rules where the user has none."""
        target = self.node_rules().file
        if data is None or target is None or target.exists():
            return
        with suppress(OSError):
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with target.open("xb") as file:
                file.write(data)

    def _mirror_marks(self) -> int:
        self._write_marks(lambda _db: None)
        return 0

    def restore_offers(self, *, declined: bool = False) -> list[RestoreOffer]:
        """Return the user data that others left on volumes of the view and that we have not seen.

        `import_user_data(Path(offer.path))` takes it in, `decline_restore` says no for good.

        Args:
            declined: Also what was declined, and what brings nothing new is still looked at.
        """
        offers: list[RestoreOffer] = []
        nothing_new: list[volume_copy.Copy] = []
        roots = [root for root in self.roots() if root.id in self._view.root_ids]
        with self._store.read() as db:
            own = user_settings.value(db, _LIBRARY_KEY)
            for root in roots:
                for copy in volume_copy.copies(root.path):
                    seen = int(user_settings.value(db, _SEEN_KEY + copy.library) or 0)
                    if copy.library == own or (copy.updated_ns <= seen and not declined):
                        continue
                    brought = _importable(db, copy.path)
                    if brought:
                        offers.append(_offer(root.path, copy, brought))
                    elif copy.updated_ns > seen:
                        nothing_new.append(copy)
        for copy in () if self.read_only else nothing_new:
            self._writer.run("user", partial(_note_seen, library=copy.library, at=copy.updated_ns))
        return offers

    def decline_restore(self, offer: RestoreOffer) -> None:
        """Do not offer the data of that library again, whatever becomes of it."""
        self._require_changes_allowed()
        self._writer.run("user", partial(_note_seen, library=offer.library, at=_FOR_EVER_NS))

    def copy_user_data_to_volumes(self) -> int:
        """Write our copy into each root where it is older than our user data; return how many.

        Called when the program is idle and when the library is closed. A root that cannot be
        written is left out; what another user.db wrote is never replaced.
        """
        if self.read_only:
            return 0
        with self._store.read() as db:
            ours = user_settings.changed_ns(db)
            own = user_settings.value(db, _LIBRARY_KEY)
        file = self.node_rules().file
        rules = None if file is None else volume_copy.read_rules(file)
        roots = [r.path for r in self.roots() if r.is_online and volume_copy.can_write(r.path)]
        if not roots or not (ours or rules):
            return 0
        if own is None:
            own = secrets.token_hex(6)
            self._writer.run("user", partial(user_settings.set_value, key=_LIBRARY_KEY, text=own))
        for root in roots if rules else ():
            volume_copy.write_rules(root, own, rules or b"")
        due = [root for root in roots if _copied_ns(root, own) < ours]
        if not due:
            return 0
        with self._store.read() as db:
            lines = list(user_lines.export_lines(db, library=own))
        return sum(volume_copy.write_copy(path, own, lines) for path in due)

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
        self.copy_user_data_to_volumes()
        if self._has_marked:
            keeping.backup_user(self.data_dir)
        return self._daily_problems()

    def _check_daily(self, reporter: Reporter) -> None:
        for problem in self._daily_problems():
            reporter.notice(problem, "error")

    def _daily_problems(self) -> list[str]:
        """Check the databases if the last check is a day old."""
        now_s = time.time()
        with self._store.read() as db:
            checked = fact(db, _CHECKED_KEY)
        if checked is not None and now_s - float(checked) < _DAY_S:
            return []
        problems = [] if checked is None else self.check_integrity()  # a new index needs none
        self._writer.run(
            "index",
            partial(set_fact, key=_CHECKED_KEY, value=str(int(now_s))),
            changes_rows=False,
        )
        return problems

    def duplicates(self) -> list[DuplicateGroup]:
        """Return groups of files with the same content, largest first."""
        with self._store.read() as db:
            return totals.duplicates(db, self._view)

    def _close_down(self) -> None:
        if not self._store.is_writable:
            return
        try:
            self.copy_user_data_to_volumes()
            if self._has_marked:
                keeping.backup_user(self.data_dir)
        except DatabaseError:
            # Leaving must always work; the next start makes both.
            return


def _copied_ns(root: str, own: str) -> int:
    """Return how new the data of our copy in a root is."""
    return max((c.updated_ns for c in volume_copy.copies(root) if c.library == own), default=0)


def _offer(root: str, copy: volume_copy.Copy, brought: user_lines.Imported) -> RestoreOffer:
    contents = {item.content_id for item in brought.changes}
    return RestoreOffer(
        root, copy.library, os.fspath(copy.path), copy.updated_ns,
        len(contents), len(brought.searches), len(brought.albums),
    )  # fmt: skip


def _importable(db: sqlite3.Connection, path: Path) -> user_lines.Imported:
    try:
        return user_lines.import_changes(db, path.read_text("utf-8").splitlines())
    except (OSError, UnicodeDecodeError, UsageError):
        return user_lines.Imported()


def _import(
    db: sqlite3.Connection, brought: user_lines.Imported, seen: tuple[str, int], who: str
) -> int:
    now_ns = time.time_ns()
    if seen[0]:
        _note_seen(db, *seen)
    done = journal.change_marks(db, brought.changes, who, now_ns)
    group_id = done[0] if done else 0
    changes = lists.added(db, brought.searches, brought.albums)
    journal.change_lists(db, changes, who=who, now_ns=now_ns, group_id=group_id)
    return len(done) + len(changes)


def _note_seen(db: sqlite3.Connection, library: str, at: int) -> None:
    user_settings.set_value(db, _SEEN_KEY + library, str(at))

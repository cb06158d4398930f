"""User data beside the pictures: our copy on each volume, and what others left there."""

from __future__ import annotations

import os
import secrets
from functools import partial
from typing import TYPE_CHECKING, Final

from smartgallery_tui.errors import ContainerError, UsageError
from smartgallery_tui.index import user_lines, user_settings
from smartgallery_tui.library import volume_copy
from smartgallery_tui.records.keeping import RestoreOffer

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

    from smartgallery_tui.library.context import Context
    from smartgallery_tui.library.explaining import Explaining

_LIBRARY_KEY: Final = "library_id"
_SEEN_KEY: Final = "seen:"
_FOR_EVER_NS: Final = (1 << 63) - 1


class Volumes:
    """The volume outlives the box: what the user said lies on it, too.

    Args:
        context: The open library.
        explaining: Knows the user's rules for nodes, which go along.
    """

    def __init__(self, context: Context, explaining: Explaining) -> None:
        self._context = context
        self._store = context.store
        self._writer = context.writer
        self._explaining = explaining

    def restore_offers(self, *, declined: bool = False) -> list[RestoreOffer]:
        """Return the user data that others left on volumes of the view and that we have not seen.

        `import_user_data(Path(offer.path))` takes it in, `decline_restore` says no for good.

        Args:
            declined: Also what was declined, and what brings nothing new is still looked at.
        """
        offers: list[RestoreOffer] = []
        nothing_new: list[volume_copy.Copy] = []
        roots = self._context.viewed_roots()
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
        for copy in () if self._context.read_only else nothing_new:
            self._writer.run("user", partial(note_seen, library=copy.library, at=copy.updated_ns))
        return offers

    def decline_restore(self, offer: RestoreOffer) -> None:
        """Do not offer the data of that library again, whatever becomes of it."""
        self._context.require_changes_allowed()
        self._writer.run("user", partial(note_seen, library=offer.library, at=_FOR_EVER_NS))

    def copy_user_data_to_volumes(self) -> int:
        """Write our copy into each root where it is older than our user data; return how many.

        Called when the program is idle and when the library is closed. A root that cannot be
        written is left out; what another user.db wrote is never replaced.
        """
        if self._context.read_only:
            return 0
        with self._store.read() as db:
            ours = user_settings.changed_ns(db)
            own = user_settings.value(db, _LIBRARY_KEY)
        file = self._explaining.node_rules().file
        rules = None if file is None else volume_copy.read_rules(file)
        roots = [
            r.path for r in self._context.roots() if r.is_online and volume_copy.can_write(r.path)
        ]
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
        return user_lines.import_changes(db, volume_copy.read_lines(path))
    except (OSError, ContainerError, UnicodeDecodeError, UsageError):
        return user_lines.Imported()


def note_seen(db: sqlite3.Connection, library: str, at: int) -> None:
    """Note up to when the copy of another library was looked at."""
    user_settings.set_value(db, _SEEN_KEY + library, str(at))

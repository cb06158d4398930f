"""Following folders: what a program writes while we look is known at once.

The kernel tells of changes (inotify); on network file systems, where it cannot, the folders are
looked through every two seconds, and so they are where names are no text, of which it cannot tell
us. Only the folders of changed files are listed. A folder that goes
away as a whole, with its volume, is waited for.
"""

from __future__ import annotations

import os
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from smartgallery_tui.containers import open_source, read_container
from smartgallery_tui.errors import ContainerError
from smartgallery_tui.library.look_through import LookThrough
from smartgallery_tui.records import LibraryChanged, Notice
from smartgallery_tui.scan import skipped_because

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from smartgallery_tui.records import Emit
    from smartgallery_tui.scan import Rules

_REMOTE: Final = ("nfs", "cifs", "smb", "9p", "fuse", "afs", "ceph", "lustre", "gpfs", "virtiofs")
"""Starts of the names of file systems where other machines write without our kernel knowing."""
_DEBOUNCE_MS: Final = 20
_STEP_MS: Final = 5
_LOOK_MS: Final = 1000
"""How often files that are still being written are looked at when nothing else happens."""
_POLL_MS: Final = 2000
_SETTLE_S: Final = 0.03
_TICKS: Final = 3
"""Looks at files that were just written before new changes are asked for."""

_PATIENCE_NS: Final = 10_000_000_000
"""A file that is cut off is taken as it is when nobody has written to it for so long."""


class FolderWatch:
    """Follows folders and says which files in them are new, changed or gone.

    A file that is complete is told within a tenth of a second; one that is still being written
    follows when it stands still and is whole, or has not grown for ten seconds. What lies in a
    folder that is away, or empty, is not gone; when the folder is there again it is looked through.

    Args:
        folders: Absolute real paths, with everything beneath them; they may be away.
        rules: What a scan passes over; asked for again with each change.
        take: Gets the paths that changed and those that are gone, from the watching thread.
    """

    def __init__(
        self,
        folders: Sequence[str],
        rules: Callable[[], Rules],
        take: Callable[[list[str], list[str]], None],
    ) -> None:
        self._folders = list(folders)
        self._away = {folder for folder in folders if _identity(folder) is None}
        self._unseen: list[str] = []
        """Folders in which anything may have changed."""
        self._waiting = _Waiting()
        self._rules = rules
        self._take = take

    def run(
        self, hear: Emit, cancelled: threading.Event, *, is_polling: bool | None = None
    ) -> None:
        """Follow the folders until cancelled; blocks.

        Args:
            hear: Hears of changes and notices, from this thread.
            cancelled: Ends it.
            is_polling: Look through the folders instead of asking the kernel; None: only where
                the kernel cannot know.
        """
        while not cancelled.is_set():
            there = [folder for folder in self._folders if folder not in self._away]
            if not there:
                cancelled.wait(_LOOK_MS / 1000)
            else:
                polls = any(map(_is_remote, there)) if is_polling is None else is_polling
                self._follow(there, hear, cancelled, is_polling=polls)
            # Looked at when they are followed again: what comes between is missed by neither.
            self._unseen = self._returned()
            self._away.difference_update(self._unseen)

    def _look_at_unseen(self, hear: Emit) -> None:
        if self._unseen:
            self._take(self._unseen, [])
            hear(LibraryChanged(changed=len(self._unseen)))
            self._unseen = []

    def _follow(
        self, there: list[str], hear: Emit, cancelled: threading.Event, *, is_polling: bool
    ) -> None:
        """Follow folders until cancelled, or until one goes away or is there again.

        For the kernel it is another one then: it has to be asked anew.
        """
        waiting, known = self._waiting, {folder: _identity(folder) for folder in there}
        skips = partial(_is_skipped, rules=self._rules())
        for changed in _changes(there, cancelled, skips, is_polling=is_polling, hear=hear):
            if changed is None:
                self._unseen = there
            self._look_at_unseen(hear)
            waiting.add(_wanted(changed or (), there, self._rules()))
            for _tick in range(_TICKS):
                if not waiting or cancelled.wait(_SETTLE_S):
                    break
                self._tell(waiting.settled(), there, hear)
            if cancelled.is_set() or self._is_other(known, hear) or self._returned():
                return

    def _is_other(self, known: Mapping[str, tuple[int, int] | None], hear: Emit) -> bool:
        """Whether a followed path is no longer the folder that it was: of that nothing is told."""
        others = [folder for folder, identity in known.items() if _identity(folder) != identity]
        self._miss([folder for folder in others if not _has_entries(folder)], hear)
        self._away.update(others)
        return bool(others)

    def _returned(self) -> list[str]:
        return [folder for folder in sorted(self._away) if _has_entries(folder)]

    def _tell(self, paths: list[str], there: list[str], hear: Emit) -> None:
        there_is = {path: os.path.lexists(path) for path in paths}
        gone = [path for path in paths if not there_is[path]]
        changed = [path for path in paths if there_is[path]]
        if gone:
            # A volume that went away takes nothing along.
            empty = [folder for folder in there if not _has_entries(folder)]
            gone = [path for path in gone if not any(map(partial(_is_in, path), empty))]
            self._miss(empty, hear)
        if changed or gone:
            self._take(changed, gone)
            hear(LibraryChanged(changed=len(changed), removed=len(gone)))

    def _miss(self, folders: list[str], hear: Emit) -> None:
        """Say once of each folder that it is away, and wait for it."""
        for folder in folders:
            if folder not in self._away:
                self._away.add(folder)
                hear(Notice(away(folder), "warning"))


def away(folder: str) -> str:
    """Return what is said where a folder of the library seems to be away."""
    return f"{folder} is empty or cannot be read; its files stay listed"


def _is_in(path: str, folder: str) -> bool:
    return path.startswith(folder.rstrip("/") + "/")


class _Waiting:
    """Paths that changed, until they stand still."""

    def __init__(self) -> None:
        self._seen: dict[str, tuple[int, int] | None] = {}

    def __bool__(self) -> bool:
        return bool(self._seen)

    def add(self, paths: Iterable[str]) -> None:
        """Take paths in; what is known of their size and time stays."""
        for path in paths:
            if path not in self._seen:
                self._seen[path] = _stamp(path)

    def settled(self) -> list[str]:
        """Return, and forget, the paths that stand still and are whole."""
        done: list[str] = []
        for path, before in list(self._seen.items()):
            now = _stamp(path)
            if now == before and not _is_unfinished(path, now):
                del self._seen[path]
                done.append(path)
            else:
                self._seen[path] = now
        return sorted(done)


def _changes(
    paths: Sequence[str],
    cancelled: threading.Event,
    passes_over: Callable[[str], bool],
    *,
    is_polling: bool,
    hear: Emit,
) -> Iterator[set[str] | None]:
    """Yield the paths that changed, an empty set each second, None where anything may have changed.

    Falls back to polling.
    """
    # Imported here: nobody else needs it.
    from watchfiles import watch

    for by_polling in (False, True):
        if is_polling and not by_polling:
            continue
        try:
            for batch in watch(
                *paths, watch_filter=None, debounce=_DEBOUNCE_MS, step=_STEP_MS,
                stop_event=cancelled, rust_timeout=_LOOK_MS, yield_on_timeout=True,
                raise_interrupt=False, force_polling=by_polling, poll_delay_ms=_POLL_MS,
                ignore_permission_denied=True,
            ):  # fmt: skip
                yield {path for _change, path in batch}
        except RuntimeError:  # it stops at the first name that is no UTF-8
            yield from _looks(paths, cancelled, passes_over)
            return
        except OSError as error:
            if by_polling:
                hear(Notice(f"the folders cannot be followed: {error}", "warning"))
                cancelled.wait()
            else:
                hear(Notice(f"following the folders by looking every 2 s: {error}"))
        else:
            return


def _looks(
    paths: Sequence[str], cancelled: threading.Event, passes_over: Callable[[str], bool]
) -> Iterator[set[str] | None]:
    """Yield the same by looking through the folders every two seconds; first None.

    What else changed together with that name is not known.
    """
    look = LookThrough(paths, passes_over)
    yield None
    while not cancelled.wait(_POLL_MS / 1000):
        yield look.changes()


def _wanted(changed: Iterable[str], roots: Sequence[str], rules: Rules) -> Iterator[str]:
    """Yield the paths among some changes that a scan would look at."""
    for path in changed:
        root = next((r for r in roots if _is_in(path, r)), None)
        if root is None:
            continue
        *folders, name = path[len(root) :].strip("/").split("/")
        if any(_is_skipped(folder, rules) for folder in folders):
            continue
        if rules.takes(name) or (not _is_skipped(name, rules) and _may_be_folder(path, name)):
            yield path


def _is_skipped(name: str, rules: Rules) -> bool:
    return skipped_because("", name, rules) is not None


def _may_be_folder(path: str, name: str) -> bool:
    """Whether a path is a folder, or is gone and may have been one."""
    if os.path.lexists(path):
        return Path(path).is_dir() and not Path(path).is_symlink()
    return "." not in name


def _stamp(path: str) -> tuple[int, int] | None:
    """Return size and time of a path, None where there is nothing."""
    try:
        found = Path(path).lstat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns


def _is_unfinished(path: str, stamp: tuple[int, int] | None) -> bool:
    """Whether a file is cut off and was written to a moment ago: more of it may come.

    Video writers pause for seconds between two pieces.
    """
    if stamp is None or time.time_ns() - stamp[1] > _PATIENCE_NS:
        return False
    try:
        with open_source(path) as source:
            return read_container(source, Path(path).name).problem is not None
    except (ContainerError, OSError):
        return False


def _identity(folder: str) -> tuple[int, int] | None:
    """Return what tells a folder from another one at its path, None where there is none."""
    try:
        found = Path(folder).stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _has_entries(folder: str) -> bool:
    try:
        with os.scandir(folder) as entries:
            return next(entries, None) is not None
    except OSError:
        return False


def _is_remote(path: str) -> bool:
    # Imported here: it brings the video tools along.
    from smartgallery_tui.library.machine import file_system

    return file_system(Path(path)).startswith(_REMOTE)

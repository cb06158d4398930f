"""The trash of each root: `ROOT/.smartgallery/trash/ID/NAME` with `ID.json` beside it.

The JSON file is enough to bring a file back where the user data is lost.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from smartgallery_tui.errors import FileChangeError, FileGuardError
from smartgallery_tui.files.guard import OWN_FOLDER, Guard
from smartgallery_tui.files.places import folder_of, join, name_of, names_in
from smartgallery_tui.records import Trashed
from smartgallery_tui.records.bounds import storable_ns

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smartgallery_tui.files.changes import Change

_TRASH = "trash"
_JSON_END = ".json"
_MAX_NOTE_BYTES = 1 << 20


class Trash:
    """The trash folders of a library's roots.

    Args:
        guard: Knows the roots.
    """

    def __init__(self, guard: Guard) -> None:
        self._guard = guard

    def folder_of(self, path: str) -> str:
        """Return the trash folder of the root that holds a path."""
        return join(self._guard.root_of(path), f"{OWN_FOLDER}/{_TRASH}")

    def new_place(self, path: str) -> tuple[str, str]:
        """Return an unused id and the path that an entry will have in the trash."""
        trash_id = f"{time.time_ns():x}-{secrets.token_hex(3)}"
        return trash_id, join(join(self.folder_of(path), trash_id), name_of(path))

    def can_take(self, change: Change) -> bool:
        """Return whether the place that a change names is one of ours and empty.

        An entry that comes back keeps its id, so that earlier changes that name it hold.
        """
        if not change.trash_id:
            return False
        place = folder_of(change.target)
        if place != join(self.folder_of(change.source), change.trash_id):
            return False
        try:
            with self._guard.folder(place, is_own=True) as fd:
                return not names_in(fd)
        except FileGuardError:
            return True

    def prepare(self, trashed: Trashed) -> None:
        """Make the place of an entry and write its note, before it is moved there.

        Raises:
            FileChangeError: The trash cannot be written.
        """
        root = self._guard.root_of(trashed.original)
        try:
            with self._guard.folder(root) as root_fd:
                _make_folders(root_fd, f"{OWN_FOLDER}/{_TRASH}/{trashed.trash_id}")
            with self._guard.folder(self.folder_of(trashed.original), is_own=True) as fd:
                _write_note(fd, trashed)
        except OSError as error:
            message = f"the trash of {root!r} cannot be written: {error.strerror}"
            raise FileChangeError(message) from error

    def clear(self, path: str, trash_id: str) -> None:
        """Remove the note and the empty place of an entry that is not in the trash any more."""
        try:
            with self._guard.folder(self.folder_of(path), is_own=True) as fd:
                _remove_quietly(fd, trash_id)
        except FileGuardError:
            return

    def delete(self, path: str, trash_id: str) -> None:
        """Remove an entry of the trash for ever.

        Raises:
            FileChangeError: It cannot be removed.
        """
        try:
            with self._guard.folder(self.folder_of(path), is_own=True) as fd:
                if trash_id in names_in(fd):
                    shutil.rmtree(trash_id, dir_fd=fd)
                _remove_quietly(fd, trash_id)
        except OSError as error:
            message = f"{path!r} cannot be deleted: {error.strerror}"
            raise FileChangeError(message) from error

    def entries(self, root: str) -> Iterator[Trashed]:
        """Yield what lies in the trash of one root, the newest first."""
        place = join(root, f"{OWN_FOLDER}/{_TRASH}")
        try:
            with self._guard.folder(place, is_own=True) as fd:
                names = names_in(fd)[::-1]
                found = [_read_entry(fd, place, name) for name in names if name[-5:] == _JSON_END]
        except FileGuardError:
            return
        yield from (entry for entry in found if entry is not None)


def _make_folders(root_fd: int, relative: str) -> None:
    """Make a chain of folders, following no link."""
    fd = os.dup(root_fd)
    try:
        for part in relative.split("/"):
            with suppress(FileExistsError):
                os.mkdir(part, dir_fd=fd)
            flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
            inner = os.open(part, flags, dir_fd=fd)
            os.close(fd)
            fd = inner
    finally:
        os.close(fd)


def _write_note(fd: int, trashed: Trashed) -> None:
    """Write the note of an entry completely or not at all."""
    note = {
        "version": 1,
        "original": trashed.original,
        "name": name_of(trashed.original),
        "trashed_ns": trashed.trashed_ns,
        "size_bytes": trashed.size_bytes,
        "is_folder": trashed.is_folder,
        "marks": dict(trashed.marks or {}),
    }
    name = trashed.trash_id + _JSON_END
    scratch = name + ".new"
    flags = os.O_CREAT | os.O_TRUNC | os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        with os.fdopen(os.open(scratch, flags, 0o644, dir_fd=fd), "wb") as file:
            file.write(json.dumps(note).encode("ascii"))
            file.flush()
            os.fsync(file.fileno())
        os.rename(scratch, name, src_dir_fd=fd, dst_dir_fd=fd)
    except OSError:
        _remove_quietly(fd, trashed.trash_id)
        raise


def _remove_quietly(fd: int, trash_id: str) -> None:
    """Remove note and place; a place that still holds something stays."""
    try:
        os.rmdir(trash_id, dir_fd=fd)
    except FileNotFoundError:
        pass
    except OSError:
        return
    for name in (trash_id + _JSON_END, trash_id + _JSON_END + ".new"):
        try:
            os.unlink(name, dir_fd=fd)
        except OSError:
            continue


def _read_entry(fd: int, place: str, note_name: str) -> Trashed | None:
    """Return the entry that a note tells of; None where note or entry is not there."""
    trash_id = note_name.removesuffix(_JSON_END)
    try:
        # A pipe in the place of a note must not be waited for.
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        with os.fdopen(os.open(note_name, flags, dir_fd=fd), "rb") as file:
            note = json.loads(file.read(_MAX_NOTE_BYTES))
        inner = os.open(trash_id, flags | os.O_DIRECTORY, dir_fd=fd)
        try:
            names = names_in(inner)
        finally:
            os.close(inner)
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(note, dict) or not names or not isinstance(note.get("original"), str):
        return None
    marks = note.get("marks")
    return Trashed(
        trash_id=trash_id,
        path=join(join(place, trash_id), names[0]),
        original=note["original"],
        trashed_ns=_whole(note.get("trashed_ns")),
        size_bytes=_whole(note.get("size_bytes")),
        is_folder=note.get("is_folder") is True,
        marks=marks if isinstance(marks, dict) else {},
    )


def _whole(value: object) -> int:
    """Return a number of a note that anybody may have written, within 64 bits."""
    return storable_ns(value) if isinstance(value, int) else 0

"""The machine behind every change: choose a free name, note the intent, act, note the end.

A crash leaves one of a few states, and `recover` tells them apart.
"""

from __future__ import annotations

import os
import stat
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from smartgallery_tui.errors import FileChangeError, FileGuardError, ReadOnlyError
from smartgallery_tui.files.changes import Change, Journal, inverse
from smartgallery_tui.files.places import folder_of, join, name_of
from smartgallery_tui.files.transfer import (
    copy_file,
    exists,
    facts_of,
    free_number,
    move_entry,
    numbered,
    scratch_name,
)
from smartgallery_tui.files.trash import Trash
from smartgallery_tui.files.watch import Watch
from smartgallery_tui.records import Trashed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from smartgallery_tui.files.guard import Guard

_RACES = 100


@dataclass(frozen=True, slots=True)
class Done:
    """A finished change."""

    change: Change
    path: str
    """Where the file is now; "" where it is gone."""
    note: str = ""
    """What a user should know, a new number in the name for example."""
    entry: int = -1
    """Its number in the journal."""


class Steps:
    """One change at a time: noted before it happens and after, with a way back.

    Args:
        guard: The roots.
        journal: Where each change is noted.
        read_only: Refuse everything.
        watch: Stops a copy between two parts, and hears of them.
    """

    def __init__(
        self,
        guard: Guard,
        journal: Journal,
        *,
        read_only: bool = False,
        watch: Watch | None = None,
    ) -> None:
        self._guard = guard
        self._journal = journal
        self._read_only = read_only
        self._watch = watch or Watch()
        self.trash_folder = Trash(guard)
        """The trash of the roots, to list what is in it."""

    def apply(self, change: Change) -> Done:
        """Do a change that undo or redo asks for.

        Raises:
            FileChangeError: It cannot be done any more; nothing has changed.
        """
        if change.action == "make_folder":
            return self._run(replace(change, is_folder=True), self._make_folder)
        if change.action == "remove_folder":
            return self._run(change, self._remove_folder)
        if change.action == "trash" and not self.trash_folder.can_take(change):
            trash_id, target = self.trash_folder.new_place(change.source)
            change = replace(change, trash_id=trash_id, target=target)
        return self._transfer(change)

    def undo(self, change: Change) -> Done:
        """Take a finished change back.

        Raises:
            FileChangeError: It cannot be taken back; nothing has changed.
        """
        back = inverse(change)
        if back is None:
            message = f"{change.source!r} was deleted for ever"
            raise FileChangeError(message)
        return self.apply(back)

    def _roll_back(self, done: Sequence[Done]) -> None:
        """Take back what was done before a part of the same action failed.

        Neither the steps nor their way back count as done then: there is nothing to undo.
        """
        for step in reversed(done):
            back = self.undo(step.change)
            for entry in (back.entry, step.entry):
                self._journal.fail(entry, "a part of the same action failed")

    def _run(self, change: Change, act: Callable[[Change, int], Change]) -> Done:
        """Note the intent, act, note the end; an error changes nothing and is noted too."""
        if self._read_only:
            raise read_only()
        entry = self._journal.intend(change)
        try:
            finished = act(change, entry)
        except OSError as error:
            reason = f"{change.source or change.target!r}: {error.strerror or error}"
            self._journal.fail(entry, reason)
            raise FileChangeError(reason) from error
        except (FileChangeError, FileGuardError) as error:
            self._journal.fail(entry, str(error))
            raise
        self._journal.finish(entry, finished)
        note = ""
        if finished.target != change.target and finished.action != "trash":
            note = taken(finished.target)
        path = "" if finished.action == "delete" else finished.target
        return Done(finished, path, note, entry)

    def _transfer(
        self,
        change: Change,
        *,
        marks: Mapping[str, Any] | None = None,
        may_number: bool = True,
    ) -> Done:
        """Move or copy between two folders of the library, the trash among them."""
        if self._read_only:
            raise read_only()
        check_target(change)
        is_from_trash, is_to_trash = change.action == "restore", change.action == "trash"
        with self._guard.entry(change.source, is_own=is_from_trash) as (fd, name):
            self._guard.root_of(change.target)
            change = self._identify(change, fd, name)

        def act(planned: Change, entry: int) -> Change:
            if is_to_trash:
                self.trash_folder.prepare(_trashed(planned, marks))
            return self._carry(planned, entry, may_number=may_number)

        made = self._make_parents(folder_of(change.target)) if is_from_trash else []
        try:
            return self._run(change, act)
        except (FileChangeError, FileGuardError):
            self._roll_back(made)
            raise
        finally:
            if is_from_trash or is_to_trash:
                self.trash_folder.clear(change.source, change.trash_id)

    def _identify(self, change: Change, fd: int, name: str) -> Change:
        """Return a change that knows which entry it means.

        Raises:
            FileChangeError: There is none, or another one than an earlier change left there.
        """
        facts = facts_of(fd, name)
        if facts is None:
            message = f"{change.source!r} is not there any more"
            raise FileChangeError(message)
        if change.inode and not _is_meant(change, facts):
            message = f"{change.source!r} is another file than it was"
            raise FileChangeError(message)
        if not stat.S_ISREG(facts.st_mode) and not stat.S_ISDIR(facts.st_mode):
            message = f"{change.source!r} is neither a file nor a folder"
            raise FileGuardError(message)
        return replace(_with(change, facts), scratch=scratch_name(name_of(change.target)))

    def _carry(self, change: Change, entry: int, *, may_number: bool) -> Change:
        is_from_trash, is_to_trash = change.action == "restore", change.action == "trash"
        with (
            self._guard.entry(change.source, is_own=is_from_trash) as (source_fd, name),
            self._guard.entry(change.target, is_own=is_to_trash) as (target_fd, wanted),
        ):
            folders = (source_fd, name, target_fd, wanted)
            return _place(
                self._journal,
                change,
                entry,
                folders,
                may_number=may_number,
                watch=self._watch,
            )

    def _import(self, change: Change, entry: int) -> Change:
        source_fd = os.open(folder_of(change.source), os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            with self._guard.entry(change.target) as (target_fd, wanted):
                planned = replace(change, scratch=scratch_name(wanted))
                self._journal.amend(entry, planned)
                folders = (source_fd, name_of(change.source), target_fd, wanted)
                return _place(
                    self._journal,
                    planned,
                    entry,
                    folders,
                    may_number=True,
                    watch=self._watch,
                )
        finally:
            os.close(source_fd)

    def _make_parents(self, folder: str) -> list[Done]:
        """Make the folders that a restored entry was in, as far as they are gone."""
        path = self._guard.root_of(folder)
        made: list[Done] = []
        for part in folder[len(path) :].strip("/").split("/"):
            with self._guard.folder(path) as fd:
                is_absent = bool(part) and not exists(fd, part)
            path = join(path, part)
            if is_absent:
                made.append(self.apply(Change("make_folder", target=path)))
        return made

    def _make_folder(self, change: Change, _entry: int) -> Change:
        with self._guard.entry(change.target) as (fd, name):
            os.mkdir(name, dir_fd=fd)
            return identified(change, fd, name)

    def _remove_folder(self, change: Change, _entry: int) -> Change:
        with self._guard.entry(change.source) as (fd, name):
            os.rmdir(name, dir_fd=fd)
        return replace(change, is_folder=True)

    def _delete(self, change: Change, _entry: int) -> Change:
        self.trash_folder.delete(change.source, change.trash_id)
        return change


def _place(
    journal: Journal,
    change: Change,
    entry: int,
    folders: tuple[int, str, int, str],
    *,
    may_number: bool,
    watch: Watch,
) -> Change:
    """Move or copy to the first name that is free, however many others want it too.

    Args:
        journal: Hears of every other name.
        change: What is intended.
        entry: Its number in the journal.
        folders: Open folder and name of the source, then of the target.
        may_number: Whether a taken name gets a number.
        watch: Stops a copy.
    """
    source_fd, name, target_fd, wanted = folders
    carry = copy_file if change.action in {"copy", "import"} else move_entry
    number = 0
    for _ in range(_RACES):
        if may_number:
            number = free_number(target_fd, [wanted], start=number)
        target = numbered(wanted, number)
        if target != name_of(change.target):
            change = replace(change, target=join(folder_of(change.target), target))
            journal.amend(entry, change)
        try:
            carry(source_fd, name, target_fd, target, scratch=change.scratch, watch=watch)
        except FileExistsError:
            if not may_number:
                message = f"{target!r} is taken: nothing is replaced"
                raise FileChangeError(message) from None
            continue
        return identified(change, target_fd, target)
    message = f"{change.source!r}: every name that is tried gets taken"
    raise FileChangeError(message)


def _is_meant(change: Change, facts: os.stat_result) -> bool:
    """Return whether an entry is the one that an earlier change left.

    Not by inode: a copy across file systems that came back and a folder that was made again have
    another one.
    """
    if change.is_folder or stat.S_ISDIR(facts.st_mode):
        return change.is_folder and stat.S_ISDIR(facts.st_mode)
    return (facts.st_size, facts.st_mtime_ns) == (change.size_bytes, change.mtime_ns)


def check_target(change: Change) -> None:
    """Refuse a move to where the entry is, or into itself."""
    if change.target == change.source and change.action != "copy":
        message = f"{change.source!r} is there already"
        raise FileChangeError(message)
    if change.target.startswith(change.source + "/"):
        message = f"{change.source!r} cannot be moved into itself"
        raise FileGuardError(message)


def _trashed(change: Change, marks: Mapping[str, Any] | None) -> Trashed:
    return Trashed(
        trash_id=change.trash_id,
        path=change.target,
        original=change.source,
        trashed_ns=time.time_ns(),
        size_bytes=change.size_bytes,
        is_folder=change.is_folder,
        marks=marks,
    )


def taken(path: str) -> str:
    """Return the note on a file whose name got a number."""
    return f"the name was taken: now {name_of(path)!r}"


def read_only() -> ReadOnlyError:
    """Return the refusal of read-only mode."""
    message = "the library is open for reading only: no file is changed"
    return ReadOnlyError(message)


def _with(change: Change, facts: os.stat_result) -> Change:
    return replace(
        change,
        device=facts.st_dev,
        inode=facts.st_ino,
        size_bytes=facts.st_size,
        mtime_ns=facts.st_mtime_ns,
        is_folder=stat.S_ISDIR(facts.st_mode),
    )


def identified(change: Change, fd: int, name: str) -> Change:
    """Return a change that knows what its entry is now."""
    facts = facts_of(fd, name)
    return change if facts is None else _with(change, facts)

"""Finishes or takes back a change that a crash interrupted."""

from __future__ import annotations

import os
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

from smartgallery_tui.errors import FileGuardError
from smartgallery_tui.files.steps import identified
from smartgallery_tui.files.transfer import facts_of, is_scratch, same_content

if TYPE_CHECKING:
    from smartgallery_tui.files.changes import Change
    from smartgallery_tui.files.guard import Guard
    from smartgallery_tui.files.operations import Operations


def recover(guard: Guard, operations: Operations, change: Change) -> Change | None:
    """Bring an intended change to one of its two ends.

    Call at start, before any other change, for each entry that was intended and neither finished
    nor failed. Calling it twice does no harm.

    Returns:
        The finished change where it is done now; None where everything is as before.

    Raises:
        FileGuardError: A folder that it needs is not there; ask again when it is.
    """
    trash = operations.trash_folder
    if change.action == "delete":
        trash.delete(change.source, change.trash_id)
        return change
    if change.action in {"make_folder", "remove_folder"}:
        return _recover_folder(guard, change)
    is_done = _recover_transfer(guard, change)
    if change.action in {"trash", "restore"}:
        trash.clear(change.source, change.trash_id)
    return _current(guard, change) if is_done else None


def _recover_folder(guard: Guard, change: Change) -> Change | None:
    with guard.entry(change.source or change.target) as (fd, name):
        facts = facts_of(fd, name)
    is_done = (facts is None) == (change.action == "remove_folder")
    if not is_done or facts is None:
        return change if is_done else None
    return replace(change, device=facts.st_dev, inode=facts.st_ino, is_folder=True)


def _recover_transfer(guard: Guard, change: Change) -> bool:
    """Return whether the entry is at its target; remove what a torn copy left."""
    with ExitStack() as stack:
        try:
            target_fd, target = stack.enter_context(
                guard.entry(change.target, is_own=change.action == "trash")
            )
        except FileGuardError:
            if change.action != "import" and not _is_at_source(guard, change):
                raise
            return False
        if change.scratch and is_scratch(change.scratch) and facts_of(target_fd, change.scratch):
            os.unlink(change.scratch, dir_fd=target_fd)
        if change.action == "import":
            return facts_of(target_fd, target) is not None
        source_fd, source = stack.enter_context(
            guard.entry(change.source, is_own=change.action == "restore")
        )
        at_source, at_target = facts_of(source_fd, source), facts_of(target_fd, target)
        if at_target is None or at_source is None:
            return at_target is not None
        is_linked = (at_source.st_dev, at_source.st_ino) == (at_target.st_dev, at_target.st_ino)
        if change.is_folder or not (
            is_linked or same_content(source_fd, source, target_fd, target)
        ):
            return False
        if change.action != "copy":
            os.unlink(source, dir_fd=source_fd)
        return True


def _is_at_source(guard: Guard, change: Change) -> bool:
    with guard.entry(change.source, is_own=change.action == "restore") as (fd, name):
        return facts_of(fd, name) is not None


def _current(guard: Guard, change: Change) -> Change:
    with guard.entry(change.target, is_own=change.action == "trash") as (fd, name):
        return identified(change, fd, name)

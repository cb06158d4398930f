"""Changes files and folders inside the library: journalled, undoable, never replacing anything."""

from __future__ import annotations

import os
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from smartgallery_tui.errors import FileChangeError, FileGuardError
from smartgallery_tui.files.changes import Change
from smartgallery_tui.files.guard import check_name, keep_extension
from smartgallery_tui.files.places import folder_of, join, name_of, names_in, stem_and_extension
from smartgallery_tui.files.steps import Done, Steps, check_target, identified, read_only, taken
from smartgallery_tui.files.transfer import facts_of, free_number, numbered

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from smartgallery_tui.records import Trashed

__all__ = ["Done", "Operations"]


class Operations(Steps):
    """Changes of files below the roots of a guard. One thread at a time."""

    def rename(self, path: str, new_name: str) -> Done:
        """Give a file another name in its folder; its extension stays.

        Raises:
            FileGuardError: The name cannot be used, or is taken.
        """
        folder, name = folder_of(path), name_of(path)
        return self._rename_to(path, join(folder, keep_extension(name, new_name)))

    def rename_folder(self, path: str, new_name: str) -> Done:
        """Give a folder another name beside its sisters.

        Raises:
            FileGuardError: The name cannot be used or is taken, or the folder is protected.
        """
        self._guard.check_free(path)
        return self._rename_to(path, join(folder_of(path), check_name(new_name)))

    def move(self, path: str, folder: str) -> Done:
        """Move a file or folder into a folder of the library; a taken name gets a number."""
        target = join(folder, name_of(path))
        return self._transfer(Change("move", path, target))

    def copy(self, path: str, folder: str) -> Done:
        """Copy a file into a folder of the library; a taken name gets a number."""
        target = join(folder, name_of(path))
        return self._transfer(Change("copy", path, target))

    def bring(self, path: str, folder: str) -> Done:
        """Copy a file from anywhere into a folder of the library; a taken name gets a number.

        Its name is used as far as the rules for names allow; nothing is followed through a link.
        """
        return self._bring(path, join(folder, check_name(name_of(path))))

    def make_folder(self, parent: str, name: str) -> Done:
        """Make a folder."""
        return self.apply(Change("make_folder", target=join(parent, check_name(name))))

    def remove_folder(self, path: str) -> Done:
        """Remove an empty folder."""
        return self.apply(Change("remove_folder", source=path, is_folder=True))

    def trash(self, path: str, marks: Mapping[str, Any] | None = None) -> Done:
        """Move a file or folder into the trash of its root.

        Args:
            path: What is moved.
            marks: What the user said of it, kept beside it.
        """
        trash_id, target = self.trash_folder.new_place(path)
        return self._transfer(Change("trash", path, target, trash_id=trash_id), marks=marks)

    def trash_tree(self, path: str) -> Done:
        """Move a folder with all that is in it into the trash of its root.

        Raises:
            FileGuardError: The folder is protected.
        """
        self._guard.check_free(path)
        return self.trash(path)

    def restore(self, trashed: Trashed) -> Done:
        """Move an entry of the trash back; where its name is taken it gets a number."""
        change = Change("restore", trashed.path, trashed.original, trash_id=trashed.trash_id)
        return self._transfer(change)

    def delete(self, trashed: Trashed) -> Done:
        """Remove an entry of the trash for ever. Nothing brings it back."""
        change = Change("delete", source=trashed.path, trash_id=trashed.trash_id)
        return self._run(change, self._delete)

    def together(self, paths: Sequence[str], folder: str) -> list[Done]:
        """Move a file and its companions into a folder, under one number; all of them or none."""
        check_target(Change("move", paths[0], join(folder, name_of(paths[0]))))
        targets, number = self._free_targets(paths, folder)
        return _told(self._move_all(paths, targets), number)

    def copy_together(self, paths: Sequence[str], folder: str) -> list[Done]:
        """Copy a file and its companions into a folder, under one number; all of them or none."""
        targets, number = self._free_targets(paths, folder)
        pairs = zip(paths, targets, strict=True)
        acts = [partial(self._transfer, Change("copy", *pair)) for pair in pairs]
        return _told(self.all_or_none(acts), number)

    def bring_together(self, paths: Sequence[str], folder: str) -> list[Done]:
        """Copy a file and its companions from anywhere into a folder; all of them or none."""
        for path in paths:
            check_name(name_of(path))
        targets, number = self._free_targets(paths, folder)
        pairs = zip(paths, targets, strict=True)
        acts = [partial(self._bring, *pair) for pair in pairs]
        return _told(self.all_or_none(acts), number)

    def _bring(self, path: str, target: str) -> Done:
        if "\0" in path:
            message = f"{path!r} is not a path that can be used"
            raise FileGuardError(message)
        return self._run(Change("import", path, target), self._import)

    def _free_targets(self, paths: Sequence[str], folder: str) -> tuple[list[str], int]:
        """Return where files that belong together can go, and the number that they get."""
        stem = stem_and_extension(name_of(paths[0]))[0]
        names = [name_of(path) for path in paths]
        with self._guard.folder(folder) as fd:
            number = free_number(fd, names, stem)
        return [join(folder, numbered(name, number, stem)) for name in names], number

    def rename_together(self, paths: Sequence[str], new_name: str) -> list[Done]:
        """Rename a file and its companions, which share the beginning of its name."""
        folder, name = os.path.split(paths[0])
        old_stem = stem_and_extension(name)[0]
        new_stem = stem_and_extension(keep_extension(name, new_name))[0]
        targets = [
            join(folder, check_name(new_stem + name_of(path)[len(old_stem) :])) for path in paths
        ]
        return self._move_all(paths, targets)

    def all_or_none(self, acts: Sequence[Callable[[], Done]]) -> list[Done]:
        """Do several changes that belong together; if one fails those before it are undone."""
        done: list[Done] = []
        try:
            for act in acts:
                # One by one: what is done when the next one fails has to be known.
                done += [act()]
        except (FileChangeError, FileGuardError):
            self._roll_back(done)
            raise
        return done

    def _move_all(self, paths: Sequence[str], targets: Sequence[str]) -> list[Done]:
        pairs = zip(paths, targets, strict=True)
        return self.all_or_none(
            [
                partial(self._transfer, Change("move", path, target), may_number=False)
                for path, target in pairs
            ]
        )

    def _rename_to(self, path: str, target: str) -> Done:
        if self._read_only:
            raise read_only()
        with self._guard.entry(path) as (fd, name):
            new_name = name_of(target)
            if _is_same_entry(fd, name, new_name):
                return self._run(Change("move", path, target), self._rename_case)
        return self._transfer(Change("move", path, target), may_number=False)

    def _rename_case(self, change: Change, _entry: int) -> Change:
        """Rename where old and new name are one to a file system that ignores case."""
        with self._guard.entry(change.source) as (fd, name):
            new_name = name_of(change.target)
            os.rename(name, new_name, src_dir_fd=fd, dst_dir_fd=fd)
            return identified(change, fd, new_name)


def _told(done: Sequence[Done], number: int) -> list[Done]:
    """Return changes with a note where the files got a number."""
    return [replace(step, note=taken(step.path)) for step in done] if number else list(done)


def _is_same_entry(fd: int, name: str, new_name: str) -> bool:
    """Return whether two names that differ in case mean one entry, not two links to one file."""
    if name == new_name or name.casefold() != new_name.casefold():
        return False
    one, two = facts_of(fd, name), facts_of(fd, new_name)
    if one is None or two is None or (one.st_dev, one.st_ino) != (two.st_dev, two.st_ino):
        return False
    return len({name, new_name} & set(names_in(fd))) < 2

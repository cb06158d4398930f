"""Copies out of the library: originals, clean copies and texts, into any folder a user names.

These files are new and lie outside, so there is nothing to take back and no journal.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from smartgallery_tui.containers import open_source
from smartgallery_tui.errors import FileChangeError
from smartgallery_tui.files.clean import fill_clean
from smartgallery_tui.files.guard import check_name
from smartgallery_tui.files.pieces import write_all
from smartgallery_tui.files.places import join, name_of
from smartgallery_tui.files.transfer import copy_file, free_number, make_file, numbered
from smartgallery_tui.files.watch import Watch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from smartgallery_tui.files.guard import Guard

_RACES = 100


class Exporter:
    """Writes new files into one folder; a taken name gets a number, nothing is replaced.

    Args:
        guard: The roots that files are taken from.
        folder: Where they go; made if it is not there.
        watch: Stops a copy between two parts, and hears of them.
    """

    def __init__(self, guard: Guard, folder: str, *, watch: Watch | None = None) -> None:
        self._guard = guard
        self._folder = folder
        self._watch = watch or Watch()

    def original(self, path: str) -> str:
        """Copy a file as it is; return the path of the copy.

        Raises:
            FileChangeError: It cannot be written; nothing is left.
            FileGuardError: The file is in no root.
        """
        with self._guard.entry(path) as (fd, name):

            def write(target_fd: int, target: str) -> None:
                copy_file(fd, name, target_fd, target, watch=self._watch)

            return self._write(name_of(path), write)

    def clean(self, path: str) -> str:
        """Copy a file without its metadata; return the path of the copy.

        Raises:
            FileChangeError: It cannot be made clean or cannot be written; nothing is left.
            ContainerError: The file cannot be read.
            FileGuardError: The file is in no root.
        """
        with self._guard.entry(path) as (fd, name), open_source(name, dir_fd=fd) as source:

            def write(target_fd: int, target: str) -> None:
                make_file(target_fd, target, lambda fd: fill_clean(source, name, fd))

            return self._write(name_of(path), write)

    def text(self, name: str, data: bytes) -> str:
        """Write a new file; return its path.

        Raises:
            FileChangeError: It cannot be written; nothing is left.
            FileGuardError: The name cannot be used.
        """

        def write(target_fd: int, target: str) -> None:
            make_file(target_fd, target, lambda fd: write_all(fd, data))

        return self._write(check_name(name), write)

    def archive(self, name: str, fill: Callable[[int], None]) -> str:
        """Write a new file whose content is collected; return its path.

        Args:
            name: Its name.
            fill: Writes the content to an open file, again from the start where the name got
                taken meanwhile.

        Raises:
            FileChangeError: It cannot be written; nothing is left.
            FileGuardError: The name cannot be used.
        """

        def write(target_fd: int, target: str) -> None:
            make_file(target_fd, target, fill)

        return self._write(check_name(name), write)

    def _write(self, name: str, write: Callable[[int, str], None]) -> str:
        number = 0
        try:
            with self._open_folder() as fd:
                for _ in range(_RACES):
                    number = free_number(fd, [name], start=number)
                    target = numbered(name, number)
                    try:
                        write(fd, target)
                    except FileExistsError:
                        continue
                    return join(self._folder, target)
        except OSError as error:
            message = f"{self._folder!r} cannot be written: {error.strerror}"
            raise FileChangeError(message) from error
        message = f"{name!r}: every name that is tried gets taken"
        raise FileChangeError(message)

    @contextmanager
    def _open_folder(self) -> Iterator[int]:
        Path(self._folder).mkdir(parents=True, exist_ok=True)
        fd = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            yield fd
        finally:
            os.close(fd)

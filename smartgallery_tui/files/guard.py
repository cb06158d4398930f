"""Decides which paths and names may be touched, and opens their folders so that they stay so."""

from __future__ import annotations

import errno
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from smartgallery_tui.errors import FileGuardError
from smartgallery_tui.files.linux import open_beneath
from smartgallery_tui.files.places import folder_of, name_of, stem_and_extension

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

OWN_FOLDER = ".smartgallery"
PROTECTED_NAMES = frozenset({"_root_", "video", "audio"})
"""Folders right below a root that ComfyUI's own nodes write to."""
MAX_NAME_CHARACTERS = 250
MAX_NAME_BYTES = 255
MAX_PATH_CHARACTERS = 4096
_FORBIDDEN = frozenset('\\/:"*?<>|')


def check_name(name: str) -> str:
    """Return a new name of a file or folder if it may be used.

    Raises:
        FileGuardError: Naming what is wrong with it.
    """
    reason = _name_problem(name)
    if reason:
        message = f"{name!r} cannot be a name: {reason}"
        raise FileGuardError(message)
    return name


def _name_problem(name: str) -> str:
    if not name or name != name.strip():
        return "it is empty or starts or ends with a blank"
    if name.startswith(".") or name.endswith("."):
        return "it starts or ends with a dot"
    found = sorted({c for c in name if c in _FORBIDDEN})
    if found:
        return f"it contains {' '.join(found)}"
    if not name.isprintable():
        return "it contains characters that cannot be printed"
    if len(name) > MAX_NAME_CHARACTERS or len(os.fsencode(name)) > MAX_NAME_BYTES:
        return f"it is longer than {MAX_NAME_CHARACTERS} characters"
    return ""


def usable_name(name: str) -> str:
    """Return a name like this one that may be used: bad characters replaced, its stem cut."""
    cleaned = "".join("_" if c in _FORBIDDEN or not c.isprintable() else c for c in name)
    stem, extension = stem_and_extension(cleaned.strip(" .") or "_")
    room = MAX_NAME_BYTES - len(os.fsencode(extension)) - len("(99)")
    while len(os.fsencode(stem)) > room or len(stem) + len(extension) > MAX_NAME_CHARACTERS - 4:
        stem = stem[:-1]
    return check_name(f"{stem.strip()}{extension}")


def keep_extension(old_name: str, new_name: str) -> str:
    """Return a checked new name that ends in the old one's extension."""
    extension = stem_and_extension(old_name)[1]
    if not new_name.lower().endswith(extension.lower()):
        new_name += extension
    return check_name(new_name)


class Guard:
    """The folders inside which files may be changed.

    Args:
        roots: Absolute real paths of the library's folders.
    """

    def __init__(self, roots: Sequence[str]) -> None:
        self._roots = sorted({root.rstrip("/") or "/" for root in roots}, key=len, reverse=True)

    def root_of(self, path: str) -> str:
        """Return the innermost root that holds a path.

        Raises:
            FileGuardError: The path is not absolute, not plain, or in no root.
        """
        if not path.startswith("/") or "\0" in path or len(path) > MAX_PATH_CHARACTERS:
            message = f"{path!r} is not a path that can be used"
            raise FileGuardError(message)
        parts = path.split("/")[1:]
        try:
            longest = max(len(os.fsencode(part)) for part in parts)
        except UnicodeEncodeError as error:
            message = f"{path!r} is not a path that can be used"
            raise FileGuardError(message) from error
        if longest > MAX_NAME_BYTES:
            message = f"{path!r} has a name of more than {MAX_NAME_BYTES} bytes"
            raise FileGuardError(message)
        if ".." in parts or "." in parts or "" in parts[:-1]:
            message = f"{path!r} is not a plain path"
            raise FileGuardError(message)
        for root in self._roots:
            if path == root or path.startswith(root.rstrip("/") + "/"):
                return root
        message = f"{path!r} is in no folder of this library"
        raise FileGuardError(message)

    def check_free(self, path: str) -> None:
        """Refuse a folder that must keep its place and name.

        Raises:
            FileGuardError: It is a root or holds one, or ComfyUI writes to it.
        """
        inner = path.rstrip("/") + "/"
        if any((root + "/").startswith(inner) for root in self._roots):
            message = f"{path!r} is a root of the library or holds one"
            raise FileGuardError(message)
        if name_of(path) in PROTECTED_NAMES and folder_of(path) == self.root_of(path):
            message = f"{path!r} is protected: ComfyUI writes to it"
            raise FileGuardError(message)

    @contextmanager
    def folder(self, path: str, *, is_own: bool = False) -> Iterator[int]:
        """Open a folder of the library for the time of a with block.

        Args:
            path: Absolute path of the folder.
            is_own: True to reach the trash and other files of this program.

        Raises:
            FileGuardError: It is outside, absent, or belongs to this program.
        """
        root = self.root_of(path)
        relative = path[len(root) :].strip("/")
        if not is_own and OWN_FOLDER in relative.split("/"):
            message = f"{path!r} belongs to the program"
            raise FileGuardError(message)
        root_fd = -1
        try:
            root_fd = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            fd = open_beneath(root_fd, relative)
        except OSError as error:
            raise FileGuardError(_folder_problem(path, error)) from error
        finally:
            if root_fd >= 0:
                os.close(root_fd)
        try:
            yield fd
        finally:
            os.close(fd)

    @contextmanager
    def entry(self, path: str, *, is_own: bool = False) -> Iterator[tuple[int, str]]:
        """Open the folder of an entry; yield it and the entry's name.

        Raises:
            FileGuardError: The entry is a root itself, or its folder cannot be used.
        """
        self.root_of(path)
        if path.rstrip("/") in self._roots:
            message = f"{path!r} is a root of the library"
            raise FileGuardError(message)
        folder, name = folder_of(path), name_of(path)
        if not is_own and name == OWN_FOLDER:
            message = f"{path!r} belongs to the program"
            raise FileGuardError(message)
        with self.folder(folder, is_own=is_own) as fd:
            yield fd, name


def _folder_problem(path: str, error: OSError) -> str:
    if error.errno in {errno.EXDEV, errno.ELOOP}:
        return f"{path!r} leads out of the library"
    return f"{path!r} cannot be opened: {error.strerror}"

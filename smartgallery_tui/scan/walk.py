"""Walk a folder tree: one listing a folder, one `stat` a file, no link followed.

`scandir` on an open folder tells files from folders without a `stat`, and the `stat` relative to it
needs no path lookup, which makes this the quickest walk Python has; a second thread slows it down.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from smartgallery_tui.records.bounds import storable_inode, storable_ns
from smartgallery_tui.scan.rules import skipped_because

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from smartgallery_tui.scan.rules import Rules


_new = tuple.__new__
"""Makes a named tuple in half of the time that its own function takes."""
_PLAIN = 1 << 63
"""Times and inodes below this fit a database column as they are."""


class Entry(NamedTuple):
    """A regular file as `stat` tells it; a tuple because there are a million of them."""

    name: str
    size_bytes: int
    mtime_ns: int
    inode: int


@dataclass(slots=True)
class Listing:
    """What one folder holds."""

    path: str
    mtime_ns: int = 0
    """Taken before the listing: a later change shows as a newer one."""
    device: int = 0
    files: list[Entry] = field(default_factory=list)
    folders: list[str] = field(default_factory=list)
    """Names of the folders to enter."""
    links: list[str] = field(default_factory=list)
    """Names of symbolic links to folders: not followed."""
    skipped: list[tuple[str, str]] = field(default_factory=list)
    """Names and reasons of folders that are not entered; only those worth telling."""
    problem: str | None = None
    """One line if the folder could not be read."""


def walk(root: str, rules: Rules) -> Iterator[Listing]:
    """Yield each folder beneath `root` and the root itself, newest names first.

    A folder that cannot be read yields a listing with a `problem`. The caller may stop at any
    time. Folders are visited once even where mounts make a loop.
    """
    waiting = [root]
    seen: set[tuple[int, int]] = set()
    while waiting:
        path = waiting.pop()
        listing, identity = _list(path, rules)
        if identity in seen:
            continue
        if identity is not None:
            seen.add(identity)
        # Later names (dates, numbers) are popped first: they hold the newest pictures.
        waiting += [join(path, name) for name in sorted(listing.folders)]
        yield listing


def list_folder(path: str, rules: Rules) -> Listing:
    """Return what one folder holds."""
    return _list(path, rules)[0]


def join(folder: str, name: str) -> str:
    """Return the path of `name` in `folder`."""
    return folder + name if folder.endswith("/") else f"{folder}/{name}"


def _list(path: str, rules: Rules) -> tuple[Listing, tuple[int, int] | None]:
    listing = Listing(path)
    try:
        fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC | os.O_NOFOLLOW)
    except OSError as error:
        listing.problem = error.strerror or str(error)
        return listing, None
    try:
        own = os.fstat(fd)
        listing.mtime_ns, listing.device = storable_ns(own.st_mtime_ns), own.st_dev
        _fill(listing, fd, rules)
    except OSError as error:
        listing.problem = error.strerror or str(error)
    finally:
        os.close(fd)
    return listing, (own.st_dev, own.st_ino)


def _fill(listing: Listing, fd: int, rules: Rules) -> None:
    extensions = rules.extensions
    is_plain = not rules.exclude
    wanted: list[os.DirEntry[str]] = []
    with os.scandir(fd) as entries:
        for entry in entries:
            name = entry.name
            if entry.is_file(follow_symlinks=False):
                if (is_plain and name[-4:] in extensions and name[0] != ".") or rules.takes(name):
                    wanted.append(entry)
            elif entry.is_dir(follow_symlinks=False):
                _folder(listing, name, rules)
            elif entry.is_symlink() and _leads_to_folder(fd, name):
                listing.links.append(name)
        _stat(wanted, listing.files.append)


def _stat(wanted: list[os.DirEntry[str]], add: Callable[[Entry], None]) -> None:
    """Ask for the facts of files; the open folder must still be open."""
    for entry in wanted:
        try:
            found = entry.stat(follow_symlinks=False)
        except OSError:
            continue  # gone since the listing
        mtime_ns, inode = found.st_mtime_ns, found.st_ino
        if not (0 <= mtime_ns < _PLAIN and inode < _PLAIN):
            mtime_ns, inode = storable_ns(mtime_ns), storable_inode(inode)
        add(_new(Entry, (entry.name, found.st_size, mtime_ns, inode)))


def _folder(listing: Listing, name: str, rules: Rules) -> None:
    reason = skipped_because(join(listing.path, name), name, rules)
    if reason is None:
        listing.folders.append(name)
    elif reason:
        listing.skipped.append((name, reason))


def _leads_to_folder(fd: int, name: str) -> bool:
    try:
        return stat.S_ISDIR(os.stat(name, dir_fd=fd).st_mode)
    except OSError:
        return False

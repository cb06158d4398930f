"""Moves and copies one file between open folders, never replacing anything, never half."""

from __future__ import annotations

import errno
import os
import secrets
import stat
from contextlib import ExitStack
from hashlib import blake2b
from typing import TYPE_CHECKING

from smartgallery_tui.errors import FileChangeError
from smartgallery_tui.files.linux import rename_noreplace
from smartgallery_tui.files.pieces import write_all
from smartgallery_tui.files.places import stem_and_extension

if TYPE_CHECKING:
    from collections.abc import Callable

    from smartgallery_tui.files.watch import Watch

_CHUNK_BYTES = 1 << 20
_SCRATCH_END = ".part"
_MAX_NUMBER = 100_000
_READ_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


def exists(folder_fd: int, name: str) -> bool:
    """Return whether an open folder has an entry of this name, a dangling link included."""
    return facts_of(folder_fd, name) is not None


def facts_of(folder_fd: int, name: str) -> os.stat_result | None:
    """Return what `stat` tells of an entry itself; None where there is none."""
    try:
        return os.stat(name, dir_fd=folder_fd, follow_symlinks=False)
    except (FileNotFoundError, ValueError):  # the second for a NUL, which no name has
        return None


def numbered(name: str, number: int, stem: str | None = None) -> str:
    """Return `name(1).ext` for number 1, the name itself for 0.

    Args:
        name: Name of a file or folder.
        number: What is put behind its stem.
        stem: A shared beginning, for files that belong together.
    """
    if not number:
        return name
    start = stem_and_extension(name)[0] if stem is None or not name.startswith(stem) else stem
    return f"{start}({number}){name[len(start) :]}"


def free_number(folder_fd: int, names: list[str], stem: str | None = None, start: int = 0) -> int:
    """Return the first number under which all names are free in a folder."""
    for number in range(start, _MAX_NUMBER):
        try:
            if not any(exists(folder_fd, numbered(name, number, stem)) for name in names):
                return number
        except OSError as error:
            if error.errno != errno.ENAMETOOLONG:
                raise
            message = f"{names[0]!r} is taken, and too long for a number behind it"
            raise FileChangeError(message) from error
    message = f"there is no free name like {names[0]!r}"
    raise FileChangeError(message)


def scratch_name(name: str) -> str:
    """Return a hidden name for bytes that are still being collected."""
    return f".{name[:50]}.{secrets.token_hex(4)}{_SCRATCH_END}"


def is_scratch(name: str) -> bool:
    """Return whether a name was made by `scratch_name`."""
    return name.startswith(".") and name.endswith(_SCRATCH_END)


def move_entry(
    source_fd: int,
    source: str,
    target_fd: int,
    target: str,
    *,
    scratch: str,
    watch: Watch,
) -> None:
    """Move a file or folder; across file systems a file is copied, compared and then removed.

    Raises:
        FileExistsError: The target name is taken.
        FileChangeError: A folder would cross file systems, or the file changed meanwhile.
        OSError: What the system says; nothing has changed then.
    """
    try:
        rename_noreplace(source_fd, source, target_fd, target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
    else:
        return
    facts = os.stat(source, dir_fd=source_fd, follow_symlinks=False)
    if not stat.S_ISREG(facts.st_mode):
        message = f"{source!r} cannot be moved to another file system"
        raise FileChangeError(message)
    copy_file(source_fd, source, target_fd, target, scratch=scratch, watch=watch)
    copied = facts_of(target_fd, target)
    try:
        os.unlink(source, dir_fd=source_fd)
    except OSError:
        _take_away(target_fd, target, copied)
        raise


def _take_away(folder_fd: int, name: str, ours: os.stat_result | None) -> None:
    """Remove a copy whose source stays, unless another file has its name by now."""
    found = facts_of(folder_fd, name)
    if ours is not None and found is not None and found.st_ino == ours.st_ino:
        os.unlink(name, dir_fd=folder_fd)


def copy_file(
    source_fd: int,
    source: str,
    target_fd: int,
    target: str,
    *,
    scratch: str = "",
    watch: Watch,
) -> None:
    """Copy a regular file: to a hidden name, synced, read back and compared, then renamed.

    Raises:
        FileExistsError: The target name is taken.
        FileChangeError: It is no regular file, changed meanwhile, or the copy differs.
        OSError: What the system says, a full disk for example; no trace is left then.
    """
    read_fd = os.open(source, _READ_FLAGS, dir_fd=source_fd)
    try:
        before = os.fstat(read_fd)
        if not stat.S_ISREG(before.st_mode):
            message = f"{source!r} is no regular file"
            raise FileChangeError(message)

        def fill(write_fd: int) -> None:
            os.lseek(read_fd, 0, os.SEEK_SET)
            _fill(read_fd, write_fd, before, watch)
            _compare(read_fd, write_fd, before, source, watch)

        make_file(target_fd, target, fill, scratch=scratch)
    finally:
        os.close(read_fd)


def make_file(
    target_fd: int, target: str, fill: Callable[[int], None], *, scratch: str = ""
) -> None:
    """Make a file that has its name only when it is complete.

    Args:
        target_fd: The open folder.
        target: The name.
        fill: Writes the content to an open file; its errors pass, nothing is left then.
        scratch: Hidden name until it is complete; "": none where the file system can do without,
            so that a kill leaves nothing. `fill` may be called a second time then.

    Raises:
        FileExistsError: The name is taken.
        OSError: What the system says.
    """
    if scratch or not _make_nameless(target_fd, target, fill):
        _make_named(target_fd, target, fill, scratch or scratch_name(target))
    _sync_folder(target_fd)


def _sync_folder(folder_fd: int) -> None:
    """Have the names of a folder written, where its file system knows that of folders."""
    try:
        os.fsync(folder_fd)
    except OSError as error:
        if error.errno not in {errno.EINVAL, errno.EBADF, errno.EOPNOTSUPP}:
            raise


def _make_nameless(target_fd: int, target: str, fill: Callable[[int], None]) -> bool:
    """Make a file that has no name before it has its own; False where that is not possible."""
    flags = getattr(os, "O_TMPFILE", 0) | os.O_RDWR | os.O_CLOEXEC
    try:
        write_fd = os.open(".", flags, 0o644, dir_fd=target_fd)
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EROFS}:
            raise
        return False
    try:
        fill(write_fd)
        os.fsync(write_fd)
        try:
            os.link(f"/proc/self/fd/{write_fd}", target, dst_dir_fd=target_fd)
        except FileExistsError:
            raise
        except OSError:
            return False
        return True
    finally:
        os.close(write_fd)


def _make_named(target_fd: int, target: str, fill: Callable[[int], None], scratch: str) -> None:
    flags = os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC
    write_fd = os.open(scratch, flags, 0o644, dir_fd=target_fd)
    try:
        with ExitStack() as undone:
            undone.callback(os.unlink, scratch, dir_fd=target_fd)
            fill(write_fd)
            os.fsync(write_fd)
            rename_noreplace(target_fd, scratch, target_fd, target)
            undone.pop_all()
    finally:
        os.close(write_fd)


def _fill(read_fd: int, write_fd: int, facts: os.stat_result, watch: Watch) -> None:
    while True:
        watch.check()
        data = os.read(read_fd, _CHUNK_BYTES)
        if not data:
            break
        write_all(write_fd, data)
        watch.wrote(len(data))
    os.fchmod(write_fd, stat.S_IMODE(facts.st_mode))
    os.utime(write_fd, ns=(facts.st_atime_ns, facts.st_mtime_ns))


def _compare(read_fd: int, write_fd: int, before: os.stat_result, name: str, watch: Watch) -> None:
    after = os.fstat(read_fd)
    if (after.st_size, after.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
        message = f"{name!r} changed while it was copied"
        raise FileChangeError(message)
    if digest(read_fd, watch) != digest(write_fd, watch):
        message = f"the copy of {name!r} differs from it"
        raise FileChangeError(message)


def digest(fd: int, watch: Watch | None = None) -> bytes:
    """Return a hash of the whole content of an open file."""
    found = blake2b(digest_size=16)
    at = 0
    while data := os.pread(fd, _CHUNK_BYTES, at):
        if watch is not None:
            watch.check()
        found.update(data)
        at += len(data)
    return found.digest()


def same_content(first_fd: int, first: str, second_fd: int, second: str) -> bool:
    """Return whether two regular files hold the same bytes."""
    one = os.open(first, _READ_FLAGS, dir_fd=first_fd)
    try:
        two = os.open(second, _READ_FLAGS, dir_fd=second_fd)
        try:
            sizes = os.fstat(one).st_size, os.fstat(two).st_size
            return sizes[0] == sizes[1] and digest(one) == digest(two)
        finally:
            os.close(two)
    finally:
        os.close(one)

"""The two system calls that Python lacks: rename without replacing, open beneath a folder."""

from __future__ import annotations

import ctypes
import errno
import os
import stat
from functools import cache

_RENAME_NOREPLACE = 1
_OPENAT2_NUMBER = 437
_RESOLVE_NO_MAGICLINKS, _RESOLVE_BENEATH = 0x02, 0x08
_UNSUPPORTED = frozenset({errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP, errno.EPERM})
_TRIES = 100
"""Of an opening that another program's renaming disturbs."""
_FOLDER_FLAGS = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC


class _How(ctypes.Structure):
    """Argument of openat2."""

    _fields_ = (
        ("flags", ctypes.c_uint64),
        ("mode", ctypes.c_uint64),
        ("resolve", ctypes.c_uint64),
    )


@cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def rename_noreplace(source_fd: int, source: str, target_fd: int, target: str) -> None:
    """Move an entry from one open folder to another; never replace what is there.

    Falls back to link and unlink, then to reserving the name, where the file system or the
    kernel cannot rename without replacing.

    Raises:
        FileExistsError: The target name is taken.
        OSError: With EXDEV across file systems, or what the system says.

    Source: renameat2(2).
    """
    try:
        _renameat2(source_fd, source, target_fd, target)
    except AttributeError:
        _rename_step_by_step(source_fd, source, target_fd, target)
    except OSError as error:
        if error.errno not in {errno.ENOSYS, errno.EINVAL}:
            raise
        _rename_step_by_step(source_fd, source, target_fd, target)


def _renameat2(source_fd: int, source: str, target_fd: int, target: str) -> None:
    done = _libc().renameat2(
        source_fd,
        os.fsencode(source),
        target_fd,
        os.fsencode(target),
        ctypes.c_uint(_RENAME_NOREPLACE),
    )
    if done != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code), target)


def _rename_step_by_step(source_fd: int, source: str, target_fd: int, target: str) -> None:
    facts = os.stat(source, dir_fd=source_fd, follow_symlinks=False)
    if stat.S_ISDIR(facts.st_mode):
        # A folder only ever replaces an empty one: the one made here.
        os.mkdir(target, dir_fd=target_fd)
        _rename_over_own(source_fd, source, target_fd, target, is_folder=True)
        return
    try:
        os.link(source, target, src_dir_fd=source_fd, dst_dir_fd=target_fd, follow_symlinks=False)
    except FileExistsError:
        raise
    except OSError as error:
        if error.errno not in _UNSUPPORTED:
            raise
        flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC
        os.close(os.open(target, flags, 0o600, dir_fd=target_fd))
        _rename_over_own(source_fd, source, target_fd, target, is_folder=False)
        return
    os.unlink(source, dir_fd=source_fd)


def _rename_over_own(
    source_fd: int, source: str, target_fd: int, target: str, *, is_folder: bool
) -> None:
    """Rename over an empty entry that this process made; take it away again on failure."""
    try:
        os.rename(source, target, src_dir_fd=source_fd, dst_dir_fd=target_fd)
    except OSError:
        remove = os.rmdir if is_folder else os.unlink
        remove(target, dir_fd=target_fd)
        raise


def open_beneath(root_fd: int, relative: str) -> int:
    """Open a folder below an open one; no link may lead out of it.

    Returns:
        A file descriptor that the caller closes.

    Raises:
        OSError: With EXDEV or ELOOP where the path leads outside.

    Source: openat2(2), RESOLVE_BENEATH; kernels before 5.6 have the walk without links instead.
    """
    if not relative or relative == ".":
        return os.open(".", _FOLDER_FLAGS, dir_fd=root_fd)
    how = _How(_FOLDER_FLAGS, 0, _RESOLVE_BENEATH | _RESOLVE_NO_MAGICLINKS)
    code = errno.EAGAIN  # the kernel's word for: something was renamed meanwhile, ask again
    for _ in range(_TRIES):
        fd = _libc().syscall(
            _OPENAT2_NUMBER, root_fd, os.fsencode(relative), ctypes.byref(how), ctypes.sizeof(how)
        )
        if fd >= 0:
            return int(fd)
        code = ctypes.get_errno()
        if code != errno.EAGAIN:
            break
    if code in {errno.ENOSYS, errno.EPERM, errno.E2BIG}:
        return _walk_beneath(root_fd, relative)
    raise OSError(code, os.strerror(code), relative)


def _walk_beneath(root_fd: int, relative: str) -> int:
    """Open folder after folder, following no link at all."""
    fd = os.open(".", _FOLDER_FLAGS, dir_fd=root_fd)
    for part in relative.split("/"):
        if part in {"", "."}:
            continue
        try:
            if part == "..":
                raise OSError(errno.EXDEV, os.strerror(errno.EXDEV), relative)
            inner = os.open(part, _FOLDER_FLAGS | os.O_NOFOLLOW, dir_fd=fd)
        finally:
            os.close(fd)
        fd = inner
    return fd

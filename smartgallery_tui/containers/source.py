"""Opens one regular file without following links and reads parts of it."""

from __future__ import annotations

import os
import stat
from hashlib import blake2b
from typing import TYPE_CHECKING, Self

from smartgallery_tui.errors import ContainerError
from smartgallery_tui.records.bounds import storable_ns

if TYPE_CHECKING:
    from types import TracebackType

HEAD_BYTES = 32 * 1024
TAIL_BYTES = 16 * 1024
_ID_HEAD_BYTES = 8 * 1024
_PEEK_BYTES = 4 * 1024
_PEEK_LIMIT_BYTES = 64 * 1024

# O_NONBLOCK: opening a FIFO returns at once, before fstat refuses it.
_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY


class Source:
    """An open regular file: its size, times, first part, and reads at any offset.

    Use as a context manager. Not safe to share between threads. `head` and the file's facts are
    plain attributes because the scan reads hundreds of thousands of them.
    """

    __slots__ = (
        "_block",
        "_block_bytes",
        "_block_offset",
        "_fd",
        "_tail",
        "head",
        "mtime_ns",
        "size_bytes",
    )

    def __init__(self, fd: int, facts: os.stat_result, head: bytes) -> None:
        self._fd = fd
        self.size_bytes: int = facts.st_size
        """Size when the file was opened."""
        self.mtime_ns: int = storable_ns(facts.st_mtime_ns)
        self.head = head
        """The first 32 KiB, or the whole of a smaller file."""
        self._tail: bytes | None = None
        self._block = b""
        self._block_offset = 0
        self._block_bytes = _PEEK_BYTES

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        os.close(self._fd)

    def close(self) -> None:
        """Close the file; a with statement does the same."""
        os.close(self._fd)

    def read_at(self, offset: int, count: int) -> bytes:
        """Return up to `count` bytes at `offset`; fewer only where the file ends.

        Raises:
            ContainerError: When the disk cannot be read.
        """
        end = offset + count
        head = self.head
        if end <= len(head):
            return head[offset:end]
        count = min(count, self.size_bytes - offset)
        if count <= 0 or offset < 0:
            return b""
        return self._pread(offset, count)

    def peek(self, offset: int, count: int) -> bytes:
        """Return `count` bytes like `read_at`, through a small read-ahead block.

        For walks over many small headers: the block grows while they lie close together and
        shrinks when large parts are skipped.
        """
        end = offset + count
        if end <= len(self.head):
            return self.head[offset:end]
        start = offset - self._block_offset
        if start < 0 or end > self._block_offset + len(self._block):
            near = 0 <= start <= 2 * len(self._block)
            self._block_bytes = (
                min(2 * self._block_bytes, _PEEK_LIMIT_BYTES) if near else _PEEK_BYTES
            )
            self._block = self.read_at(offset, max(count, self._block_bytes))
            self._block_offset = offset
            start = 0
        return self._block[start : start + count]

    @property
    def has_tail(self) -> bool:
        """True when `tail` costs no read."""
        return self._tail is not None or self.size_bytes <= len(self.head)

    @property
    def tail(self) -> bytes:
        """The last 16 KiB, read once."""
        tail = self._tail
        if tail is None:
            start = max(0, self.size_bytes - TAIL_BYTES)
            tail = self._tail = self.read_at(start, TAIL_BYTES)
        return tail

    def _pread(self, offset: int, count: int) -> bytes:
        try:
            data = os.pread(self._fd, count, offset)
            if len(data) < count:
                data = self._read_rest(data, offset, count)
        except (OSError, OverflowError) as error:
            reason = getattr(error, "strerror", None) or "offset out of range"
            message = f"cannot be read: {reason}"
            raise ContainerError(message) from error
        return data

    def _read_rest(self, data: bytes, offset: int, count: int) -> bytes:
        parts = [data]
        done = len(data)
        while parts[-1] and done < count:
            parts.append(os.pread(self._fd, count - done, offset + done))
            done += len(parts[-1])
        return b"".join(parts)


def open_source(path: str | bytes, *, dir_fd: int | None = None) -> Source:
    """Open a regular file for reading, without following a link and without blocking.

    Args:
        path: Path as bytes, or as `os.fsdecode` gives it.
        dir_fd: Folder that a relative path starts from.

    Raises:
        ContainerError: When the file is absent, unreadable, a link or no regular file.
    """
    try:
        fd = os.open(path, _FLAGS, dir_fd=dir_fd)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "impossible name"
        message = f"cannot be opened: {reason}"
        raise ContainerError(message) from error
    try:
        facts = os.fstat(fd)
        if not stat.S_ISREG(facts.st_mode):
            message = "is not a regular file"
            raise ContainerError(message)
        head = os.pread(fd, HEAD_BYTES, 0)
    except OSError as error:
        os.close(fd)
        message = f"cannot be read: {error.strerror}"
        raise ContainerError(message) from error
    except ContainerError:
        os.close(fd)
        raise
    return Source(fd, facts, head)


def content_id(source: Source) -> bytes:
    """Return the 16 bytes that name a file's content: blake2b of size, first 8 and last 16 KiB.

    Where the two overlap each byte counts once: a file of up to 24 KiB is hashed as a whole.
    Reads the tail, which `read_container` then uses without another read.
    """
    size_bytes = source.size_bytes
    digest = blake2b(size_bytes.to_bytes(8, "little"), digest_size=16)
    if size_bytes <= _ID_HEAD_BYTES + TAIL_BYTES and len(source.head) == size_bytes:
        digest.update(source.head)
    else:
        digest.update(source.head[:_ID_HEAD_BYTES])
        digest.update(source.tail)
    return digest.digest()

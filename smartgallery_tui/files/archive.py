"""Archives: many files in one new one, a ZIP or a tar, that has its name when it is complete."""

from __future__ import annotations

import io
import os
import stat
import tarfile
import time
import zipfile
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any, Protocol, cast

from smartgallery_tui.errors import FileChangeError
from smartgallery_tui.files.places import join, name_of, stem_and_extension
from smartgallery_tui.files.transfer import numbered

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smartgallery_tui.files.watch import Watch

ENDINGS = (".zip", ".tar", ".tar.gz", ".tgz")
"""How the names of archives end that can be written."""
_CHUNK_BYTES = 1 << 20
_READ_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_DOS_YEARS = range(1980, 2108)


class Archive(Protocol):
    """An archive that is being written."""

    def add(self, name: str, size_bytes: int, mtime_ns: int, content: IO[bytes]) -> None:
        """Append one file.

        Args:
            name: Its path inside, with slashes.
            size_bytes: What `content` will yield.
            mtime_ns: Its modification time.
            content: Read to its end.

        Raises:
            FileChangeError: Its size is another one, or the user stopped it.
        """


class Packer:
    """Puts files under free names into an archive, at most one file at a time.

    Args:
        archive: Where they go.
        watch: Stops it between two parts, and hears of them.
    """

    def __init__(self, archive: Archive, watch: Watch) -> None:
        self._archive = archive
        self._watch = watch
        self._taken: set[str] = set()
        self.count = 0
        """Files that are in it."""
        self.is_torn = False
        """A file broke off in its middle: the archive cannot be used."""

    def file(self, folder_fd: int, name: str, inside: str) -> None:
        """Append a regular file of an open folder.

        Raises:
            FileChangeError: It cannot be read; the archive is as it was.
            OSError: The archive cannot be written, or reading broke off in its middle.
        """
        try:
            fd = os.open(name, _READ_FLAGS, dir_fd=folder_fd)
        except OSError as error:
            message = f"{name!r} cannot be read: {error.strerror}"
            raise FileChangeError(message) from error
        facts = os.fstat(fd)
        if not stat.S_ISREG(facts.st_mode):
            os.close(fd)
            message = f"{name!r} is no regular file"
            raise FileChangeError(message)
        with os.fdopen(fd, "rb") as content:
            self.content(inside, content, facts.st_size, facts.st_mtime_ns)

    def content(self, inside: str, content: IO[bytes], size_bytes: int, mtime_ns: int) -> None:
        """Append what an open file yields."""
        self._watch.check()
        watched = cast("IO[bytes]", _Watched(content, self._watch))
        self.is_torn = True
        self._archive.add(self._free(inside), size_bytes, mtime_ns, watched)
        self.is_torn = False
        self.count += 1

    def text(self, inside: str, data: bytes) -> None:
        """Append a new file."""
        self.content(inside, io.BytesIO(data), len(data), time.time_ns())

    def _free(self, inside: str) -> str:
        folder, _, name = inside.rpartition("/")
        number = 0
        while _key(found := f"{folder}/{numbered(name, number)}".lstrip("/")) in self._taken:
            number += 1
        self._taken.add(_key(found))
        return found


@contextmanager
def writing(name: str, fd: int) -> Iterator[Archive]:
    """Begin an archive of the kind that its name says, in an empty open file.

    Raises:
        FileChangeError: The name says no kind that can be written.
    """
    with os.fdopen(os.dup(fd), "r+b") as file:
        lower = name.lower()
        if lower.endswith(".zip"):
            with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED, allowZip64=True) as packed:
                yield _Zip(packed)
        elif lower.endswith(ENDINGS):
            mode: Any = "w" if lower.endswith(".tar") else "w:gz"
            with tarfile.open(fileobj=file, mode=mode, format=tarfile.PAX_FORMAT) as tar:
                yield _Tar(tar)
        else:
            message = f"{name!r} ends in none of {', '.join(ENDINGS)}"
            raise FileChangeError(message)


def inside_names(paths: list[str], roots: list[str]) -> list[str]:
    """Return where files go in an archive: their paths below the root, or below several by name."""
    homes = [max((r for r in roots if p.startswith(join(r, ""))), key=len) for p in paths]
    is_one = len(set(homes)) < 2
    return [
        path[len(home) :].lstrip("/") if is_one else path[len(home) - len(name_of(home)) :]
        for path, home in zip(paths, homes, strict=True)
    ]


def beside(inside: str, extension: str) -> str:
    """Return the name of a file that belongs to another one in an archive."""
    folder, slash, name = inside.rpartition("/")
    return f"{folder}{slash}{stem_and_extension(name)[0]}{extension}"


class _Watched:
    """A file that is read under watch, and must hold what it held at the start."""

    def __init__(self, content: IO[bytes], watch: Watch) -> None:
        self._content = content
        self._watch = watch

    def read(self, size_bytes: int = -1) -> bytes:
        self._watch.check()
        data = self._content.read(size_bytes)
        self._watch.wrote(len(data))
        return data


class _Zip:
    def __init__(self, packed: zipfile.ZipFile) -> None:
        self._packed = packed

    def add(self, name: str, size_bytes: int, mtime_ns: int, content: IO[bytes]) -> None:
        info = zipfile.ZipInfo(_as_text(name), _dos_time(mtime_ns))
        info.external_attr = (stat.S_IFREG | 0o644) << 16
        info.file_size = size_bytes
        written = 0
        with self._packed.open(info, "w") as target:
            while data := content.read(_CHUNK_BYTES):
                written += len(data)
                target.write(data)
        if written != size_bytes:
            raise FileChangeError(_changed(name))


def _as_text(name: str) -> str:
    """Return a name as a ZIP can hold it: it knows no bytes that are not text."""
    return os.fsencode(name).decode("utf-8", "replace")


def _key(name: str) -> str:
    """Return what two names have in common that mean one file to whoever unpacks them."""
    return _as_text(name).casefold()


def _dos_time(mtime_ns: int) -> tuple[int, int, int, int, int, int]:
    """Return a local time of the years that a ZIP knows."""
    try:
        moment = time.localtime(mtime_ns // 1_000_000_000)[:6]
    except (OverflowError, ValueError, OSError):
        moment = (0, 0, 0, 0, 0, 0)
    return moment if moment[0] in _DOS_YEARS else (1980, 1, 1, 0, 0, 0)


class _Tar:
    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar

    def add(self, name: str, size_bytes: int, mtime_ns: int, content: IO[bytes]) -> None:
        info = tarfile.TarInfo(name)
        info.size = size_bytes
        info.mtime = mtime_ns / 1e9
        info.mode = 0o644
        try:
            self._tar.addfile(info, content)
        except OSError as error:
            if error.errno is None:  # tarfile's own word for a file that ended too early
                raise FileChangeError(_changed(name)) from error
            raise


def _changed(name: str) -> str:
    return f"{name!r} changed while it was packed"

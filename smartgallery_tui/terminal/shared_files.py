"""Pictures as files that a terminal on this machine reads itself: no pixel goes over the line."""

from __future__ import annotations

import contextlib
import os
import tempfile
from itertools import count
from pathlib import Path

_PREFIX = "smartgallery-pictures-"
_MEMORY = Path("/dev/shm")  # noqa: S108 - a private folder is made in it


class SharedFile:
    """A file that lives as long as this object. Made and dropped in any thread."""

    __slots__ = ("path",)

    def __init__(self, path: str) -> None:
        self.path = path

    def __del__(self) -> None:
        with contextlib.suppress(OSError):
            Path(self.path).unlink()


class SharedFiles:
    """A private folder of pixels, in memory where the system has such a place.

    Methods may be called from any thread.

    Args:
        parent: Where to make the folder; by default `/dev/shm` or the folder for temporary files.

    Raises:
        OSError: The folder cannot be made.
    """

    def __init__(self, parent: Path | None = None) -> None:
        base = parent or _base()
        _remove_leftovers(base)
        self._folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=base))
        self._numbers = count(1)

    def write(self, data: bytes) -> SharedFile:
        """Return a new file with this content; nobody else may read it.

        Raises:
            OSError: There is no room, or the folder is gone.
        """
        path = str(self._folder / f"{next(self._numbers)}.rgb")
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        file = SharedFile(path)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
        return file

    def close(self) -> None:
        """Remove the folder with everything in it."""
        _remove(self._folder)


def _base() -> Path:
    return _MEMORY if os.access(_MEMORY, os.W_OK | os.X_OK) else Path(tempfile.gettempdir())


def _remove_leftovers(base: Path) -> None:
    """Remove the folders of processes that ended without removing them."""
    for folder in base.glob(f"{_PREFIX}*"):
        number = folder.name.removeprefix(_PREFIX).partition("-")[0]
        with contextlib.suppress(OSError):
            if number.isdecimal() and folder.stat().st_uid == os.getuid() and _is_dead(int(number)):
                _remove(folder)


def _is_dead(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):
        return False
    return False


def _remove(folder: Path) -> None:
    with contextlib.suppress(OSError):
        for path in folder.iterdir():
            path.unlink(missing_ok=True)
        folder.rmdir()

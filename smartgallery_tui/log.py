"""The log file and crash reports: private to the user, bounded, free of prompts and locals."""

from __future__ import annotations

import contextlib
import logging
import logging.handlers
import os
import platform
import time
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from smartgallery_tui import __version__

if TYPE_CHECKING:
    from io import TextIOWrapper

LOGGER_NAME = "smartgallery_tui"
MAX_BYTES = 1_000_000
KEPT_FILES = 7
"""Older files of the log that are kept: one for each day, more where a day filled several."""
MAX_MESSAGE_CHARS = 500
"""A longer record is cut: prompts and graphs have no place in a log."""


class _DailyFile(logging.handlers.RotatingFileHandler):
    """A file for each day that only its owner may read, from its first byte on.

    Yesterday's file gets its day as an ending, `smartgallery.log.2026-11-21`; a day that fills
    more than one file numbers them.
    """

    def _open(self) -> TextIOWrapper:
        self._day = _day_of(self.baseFilename)
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW
        descriptor = os.open(self.baseFilename, flags, 0o600)
        os.fchmod(descriptor, 0o600)
        return open(descriptor, "a", encoding="utf-8", errors="backslashreplace")  # noqa: PTH123 - a descriptor, not a path

    def shouldRollover(self, record: logging.LogRecord) -> bool:  # noqa: N802 - logging's name
        """Tell whether a record belongs into another file: the next day's, or one with room."""
        return _day(record.created) != self._day or bool(super().shouldRollover(record))

    def doRollover(self) -> None:  # noqa: N802 - logging's name
        """Put the full file aside, unless another process did; begin a new one, drop the oldest."""
        base = Path(self.baseFilename)
        if self._is_ours(base):
            target = base.with_name(f"{base.name}.{self._day}")
            number = 1
            while target.exists():
                number += 1
                target = base.with_name(f"{base.name}.{self._day}.{number}")
            with contextlib.suppress(FileNotFoundError):
                base.rename(target)
            old = sorted(base.parent.glob(f"{base.name}.*-*"), key=_age_ns)
            for path in old[:-KEPT_FILES]:
                path.unlink(missing_ok=True)
        if self.stream is not None:
            self.stream.close()
        self.stream = self._open()

    def _is_ours(self, base: Path) -> bool:
        """Tell whether the file of this name is the one that is open here."""
        try:
            return self.stream is not None and os.path.samestat(
                base.stat(), os.fstat(self.stream.fileno())
            )
        except OSError:
            return False


def _day(seconds: float) -> str:
    return time.strftime("%Y-%m-%d", time.localtime(seconds))


def _day_of(path: str) -> str:
    """Return the day on which a file was written last, today where there is none."""
    try:
        return _day(Path(path).stat().st_mtime)
    except OSError:
        return _day(time.time())


def _age_ns(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


class _OneLine(logging.Formatter):
    """Formats a record as one line of bounded length; a traceback shrinks to its last frame."""

    def format(self, record: logging.LogRecord) -> str:
        message = record.getMessage()[:MAX_MESSAGE_CHARS]
        if record.exc_info and record.exc_info[1] is not None:
            message += f" [{_place(record.exc_info[1])}]"
        stamp = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(record.created))
        line = f"{stamp} {record.levelname.lower():<7} {record.name} {message}"
        return "".join(char if char.isprintable() else "\u00b7" for char in line)


def open_log(path: str | Path, *, is_verbose: bool = False) -> logging.Handler:
    """Send the program's log records to a file for each day and return the handler.

    The folder is made if it is missing. Close with `close_log`.

    Raises:
        OSError: The folder or file cannot be written.
    """
    target = Path(path)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handler = _DailyFile(target, maxBytes=MAX_BYTES, encoding="utf-8")
    handler.setFormatter(_OneLine())
    logger = logging.getLogger(LOGGER_NAME)
    logger.setLevel(logging.DEBUG if is_verbose else logging.INFO)
    logger.propagate = False
    logger.addHandler(handler)
    return handler


def close_log(handler: logging.Handler) -> None:
    """Stop logging to a handler that `open_log` returned."""
    logging.getLogger(LOGGER_NAME).removeHandler(handler)
    handler.close()


def tail(path: str | Path, count: int = 100) -> list[str]:
    """Return the last lines of a log file, oldest first; empty where there is no log."""
    try:
        with Path(path).open("rb") as file:
            size_bytes = file.seek(0, os.SEEK_END)
            file.seek(max(0, size_bytes - count * (MAX_MESSAGE_CHARS + 200)))
            lines = file.read().decode("utf-8", "replace").splitlines()
    except OSError:
        return []
    return lines[-count:]


def write_crash_report(folder: str | Path, error: BaseException) -> Path:
    """Write where an error arose to a new file of mode 600 and return its path.

    The report names types, files, lines and functions. Messages and values of variables are
    left out, for they may quote prompts and file names; of an `OSError` the system's text stays.

    Raises:
        OSError: The folder or file cannot be written.
    """
    target = Path(folder)
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"crash-{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}.txt"
    text = "\n".join(
        [
            f"smartgallery {__version__}, Python {platform.python_version()}, {platform.system()}",
            *_report_lines(error),
            "",
        ]
    )
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW
    descriptor = os.open(target / name, flags, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:
        file.write(text)
    return target / name


def _report_lines(error: BaseException) -> list[str]:
    lines: list[str] = []
    current: BaseException | None = error
    seen: set[int] = set()
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        lines.append(_kind(current))
        frames = traceback.extract_tb(current.__traceback__)
        lines += [f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames]
        current = current.__cause__ or current.__context__
        if current is not None:
            lines.append("while handling")
    return lines


def _kind(error: BaseException) -> str:
    name = f"{type(error).__module__}.{type(error).__qualname__}"
    if isinstance(error, OSError) and error.errno is not None:
        return f"{name}: {os.strerror(error.errno)}"
    return name


def _place(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    if not frames:
        return _kind(error)
    return f"{_kind(error)} at {Path(frames[-1].filename).name}:{frames[-1].lineno}"

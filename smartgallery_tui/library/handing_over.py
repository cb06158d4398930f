"""Texts on their way out of the program: to tmux, to a file, to a command line elsewhere."""

from __future__ import annotations

import os
import shlex
import shutil
import socket
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from smartgallery_tui import log
from smartgallery_tui.containers import KNOWN_EXTENSIONS, extension_of
from smartgallery_tui.errors import SmartGalleryError
from smartgallery_tui.library.actor import actor
from smartgallery_tui.paths import find_paths
from smartgallery_tui.records.home import at_home

if TYPE_CHECKING:
    from collections.abc import Sequence

_TMUX_LIMIT_S = 2.0


class HandingOver:
    """What a terminal app may not do by itself: run tmux, write a file, know this machine.

    Args:
        data_dir: Folder of the library's databases.
    """

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir

    def copy_to_tmux(self, text: str) -> bool:
        """Put a text into tmux's buffer and, where tmux allows it, the clipboard beyond.

        Returns:
            Whether tmux took it. Blocks for two seconds at most.
        """
        tmux = shutil.which("tmux")
        if tmux is None or not os.environ.get("TMUX"):
            return False
        try:
            done = subprocess.run(  # noqa: S603 - no shell, our own arguments
                [tmux, "load-buffer", "-w", "-"],
                input=text.encode("utf-8", "surrogateescape"),
                capture_output=True,
                timeout=_TMUX_LIMIT_S,
                check=False,
            )
        except (OSError, subprocess.SubprocessError):
            return False
        return done.returncode == 0

    def save_copied_text(self, text: str, suffix: str = ".txt") -> str:
        """Write a text to a file of mode 600 in the data folder and return its path.

        Raises:
            SmartGalleryError: The file cannot be written.
        """
        target = Path(self._data_dir) / f"last-copy{suffix}"
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW
        try:
            descriptor = os.open(target, flags, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8", errors="surrogateescape") as file:
                file.write(text)
        except (OSError, UnicodeError) as error:
            raise SmartGalleryError(f"{target} cannot be written: {error}") from error
        return str(target)

    def list_inside(self, folder: str, *, with_files: bool = False) -> list[str]:
        """Return the names inside a folder of this machine, those of folders with a slash.

        Args:
            folder: A path; `~` is the home folder. One that cannot be read has nothing inside.
            with_files: Name files of kinds that can be imported, too, behind the folders.
        """
        folders, files = [], []
        try:
            with os.scandir(at_home(folder)) as entries:
                for entry in entries:
                    if entry.is_dir():
                        folders.append(f"{entry.name}/")
                    elif with_files and extension_of(entry.name) in KNOWN_EXTENSIONS:
                        files.append(entry.name)
        except (OSError, ValueError, RuntimeError):
            return []
        return [*sorted(folders, key=_by_name), *sorted(files, key=_by_name)]

    def log_lines(self, count: int = 100) -> list[str]:
        """Return the last lines of the program's log, oldest first."""
        return log.tail(find_paths(data_dir=self._data_dir).log_file, count)

    def fetch_command(self, paths: Sequence[str]) -> str:
        """Return a line that fetches files from this machine when it is run on another one."""
        parts = os.environ.get("SSH_CONNECTION", "").split()
        host = parts[2] if len(parts) == 4 else socket.gethostname()
        port = f"-P {parts[3]} " if len(parts) == 4 and parts[3] != "22" else ""
        if ":" in host:
            host = f"[{host}]"
        sources = " ".join(shlex.quote(f"{actor()}@{host}:{shlex.quote(path)}") for path in paths)
        return f"scp {port}{sources} ."


def _by_name(name: str) -> tuple[bool, str]:
    return name.startswith("."), name.casefold()

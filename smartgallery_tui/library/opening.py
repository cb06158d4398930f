"""Other programs: what can open a file here, and command lines of the user's own."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from typing import TYPE_CHECKING

from smartgallery_tui.errors import SmartGalleryError
from smartgallery_tui.records.openers import Opener

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from smartgallery_tui.library.context import Context
    from smartgallery_tui.records import Item

_TERMINAL_PROGRAMS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "image": (("timg", "{}"), ("chafa", "{}"), ("viu", "{}")),
    "animated": (("timg", "{}"), ("chafa", "{}"), ("mpv", "--vo=tct", "--really-quiet", "{}")),
    "video": (
        ("mpv", "--vo=tct", "--really-quiet", "{}"),
        ("timg", "-V", "{}"),
        ("ffplay", "-autoexit", "{}"),
    ),
    "audio": (("mpv", "--no-video", "{}"), ("ffplay", "-nodisp", "-autoexit", "{}")),
    "other": (("less", "{}"),),
}
"""Programs that draw in a terminal, by kind of file."""
_DESKTOP_PROGRAMS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "image": (("imv", "{}"), ("nsxiv", "{}"), ("feh", "{}"), ("gimp", "{}")),
    "animated": (("mpv", "--loop", "{}"),),
    "video": (("mpv", "{}"), ("vlc", "{}")),
    "audio": (("mpv", "{}"),),
}
"""Programs that need a desktop."""
_PLACE = "{}"


class Opening:
    """Runs other programs on files of the library; the caller has given them the terminal.

    Args:
        context: The open library.
    """

    def __init__(self, context: Context) -> None:
        self._context = context

    def openers(self, item: Item) -> list[Opener]:
        """Return the programs that can open an item on this machine, the user's own first."""
        found = [
            Opener(command, _words(command))
            for kind, command in map(_split_setting, self._context.settings.tools.openers)
            if kind in {item.kind, "all"} and _words(command)
        ]
        known = list(_TERMINAL_PROGRAMS.get(item.kind, ()))
        if os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
            known += [*_DESKTOP_PROGRAMS.get(item.kind, ()), ("xdg-open", _PLACE)]
        found += [Opener(" ".join(argv[:-1]), argv) for argv in known if shutil.which(argv[0])]
        return found

    def open_with(self, opener: Opener, path: str) -> int:
        """Run a program on a file and return its exit code; blocks until it ends.

        Raises:
            SmartGalleryError: It cannot be started.
        """
        argv = [path if word == _PLACE else word for word in opener.argv]
        if _PLACE not in opener.argv:
            argv.append(path)
        return _run(argv)

    def shell_line(self, template: str, paths: Sequence[str]) -> str:
        """Return a command line with the quoted paths in the place of `{}`, or behind it."""
        quoted = " ".join(map(_quoted, paths))
        if _PLACE in template:
            return template.replace(_PLACE, quoted)
        return f"{template} {quoted}".strip()

    def run_shell(self, line: str) -> int:
        """Run a command line in the user's shell and return its exit code; blocks.

        Raises:
            ReadOnlyError: The library is open read-only; a command may change files.
            SmartGalleryError: The shell cannot be started.
        """
        self._context.require_changes_allowed()
        return _run([os.environ.get("SHELL") or "/bin/sh", "-c", line])

    def real_path(self, path: str) -> str:
        """Return where a file really lies, behind symlinks of itself or of its folders."""
        return os.path.realpath(path)


def _split_setting(text: str) -> tuple[str, str]:
    """Return kind and command of `video: mpv {}`; a command alone is for all kinds."""
    kind, colon, command = text.partition(":")
    if colon and kind.strip() in {*_TERMINAL_PROGRAMS, "model"}:
        return kind.strip(), command.strip()
    return "all", text.strip()


def _words(command: str) -> tuple[str, ...]:
    """Return the words of a command; a quotation without its end gives none."""
    try:
        return tuple(shlex.split(command))
    except ValueError:
        return ()


def _quoted(path: str) -> str:
    """Return a path as one word of a shell; a leading dash cannot be taken for an option."""
    return shlex.quote(path if path.startswith("/") else f"./{path}")


def _run(argv: list[str]) -> int:
    try:
        done = subprocess.run(argv, check=False)  # noqa: S603 - what the user chose to run
    except (OSError, ValueError) as error:
        raise SmartGalleryError(
            f"{argv[0]} could not be started: {error}; [tools] openers names programs"
        ) from error
    return done.returncode

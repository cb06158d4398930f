"""Import: files and folders from anywhere on this machine, copied into the library."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from smartgallery_tui.containers import (
    KNOWN_EXTENSIONS,
    extension_of,
    holds_graph,
    open_source,
    read_container,
)
from smartgallery_tui.containers.registry import KIND_BY_EXTENSION
from smartgallery_tui.errors import ContainerError, UsageError
from smartgallery_tui.index import roots as root_rows
from smartgallery_tui.library.changes import CANCELLED, REFUSALS
from smartgallery_tui.library.trashing import Trashing
from smartgallery_tui.records import Outcome

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Sequence

    from smartgallery_tui.files import Change

_MAX_IMPORT_BYTES = 4 << 30


class Bringing(Trashing):
    """Takes whole files of kinds that the library shows; what they came from stays."""

    def import_files(
        self,
        paths: Sequence[str],
        folder: str = "",
        cancelled: threading.Event | None = None,
        told: Callable[[int, int], object] | None = None,
    ) -> list[Outcome]:
        """Copy files, and all that folders hold, into a folder of the library.

        The still and the twin with sound of a video come along and keep their names together.

        Args:
            paths: Files and folders.
            folder: A folder of the library; "" for the first folder of the view.
            cancelled: Stops between two files and within a copy.
            told: Hears how many of how many are done.

        Raises:
            UsageError: The folder is in no folder of the library.
        """
        found = expanded(paths)
        target = os.path.realpath(Path(folder).expanduser()) if folder else self.default_folder()
        if root_rows.enclosing(self.roots(), target) is None:
            raise UsageError(f"{folder} is in no folder of this library")
        outcomes: list[Outcome] = []
        changes: list[Change] = []
        with self._changing(cancelled=cancelled) as operations:
            for group in _grouped(found):
                if told is not None:
                    told(len(outcomes), len(found))
                is_stopped = cancelled is not None and cancelled.is_set()
                problems = {path: CANCELLED if is_stopped else _problem(path) for path in group}
                outcomes += [_failed(path, why) for path, why in problems.items() if why]
                whole = [path for path, why in problems.items() if not why]
                if not whole:
                    continue
                try:
                    done = operations.bring_together(whole, target)
                except REFUSALS as error:
                    outcomes += [_failed(path, str(error)) for path in whole]
                    continue
                changes += [step.change for step in done]
                outcomes += [Outcome(0, ok=True, reason=d.note, path=d.path) for d in done]
        self._follow(changes)
        return [self._known(outcome) for outcome in outcomes]

    def default_folder(self) -> str:
        """Return the folder that new files go to where none is named.

        Raises:
            UsageError: The library has no folder.
        """
        for root in self.roots():
            if root.id in self._view.root_ids:
                if self._view.prefixes:
                    return os.fsdecode(self._view.prefixes[0]).rstrip("/") or "/"
                return root.path
        raise UsageError("the library has no folder yet: scan one first")

    def importable(self, text: str) -> list[str]:
        """Return the files that a pasted text names, or that lie in folders it names.

        [] if any of it is no existing path.

        Terminals paste a dragged file as its path, in quotes or with escaped blanks; a `file://`
        address and one path a line are understood, too.
        """
        words = pasted_paths(text)
        try:
            are_there = bool(words) and all(os.path.lexists(word) for word in words)
        except ValueError:
            return []
        return expanded(words) if are_there else []


def pasted_paths(text: str) -> list[str]:
    """Return the absolute paths that a pasted text consists of; [] where it is something else."""
    import shlex  # rarely needed
    from urllib.parse import unquote

    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(text) > 100_000 or not lines:
        return []
    if all(line.startswith(("/", "~/")) and os.path.lexists(_plain(line)) for line in lines):
        return [_plain(line) for line in lines]
    try:
        words = [word for line in lines for word in shlex.split(line)]
    except ValueError:
        return []
    words = [unquote(w.removeprefix("file://")) if w.startswith("file:///") else w for w in words]
    return [_plain(w) for w in words] if all(w.startswith(("/", "~/")) for w in words) else []


def _plain(path: str) -> str:
    return str(Path(path).expanduser().absolute()) if "\0" not in path else ""


def expanded(paths: Sequence[str]) -> list[str]:
    """Return files, with folders replaced by what they hold; links and hidden names left out."""
    found: list[str] = []
    for path in paths:
        absolute = str(Path(path).expanduser().absolute())
        if not Path(absolute).is_dir():
            found.append(absolute)
            continue
        for folder, folders, names in os.walk(absolute):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            found += [f"{folder}/{n}" for n in sorted(names) if extension_of(n) in KNOWN_EXTENSIONS]
    return found


def _grouped(paths: Sequence[str]) -> list[list[str]]:
    """Return files in groups: a video with its still and its twin, or one file alone."""
    groups: dict[str, list[str]] = {}
    taken: set[str] = set()
    for path in paths:
        if KIND_BY_EXTENSION.get(extension_of(path)) == "video":
            start, _, extension = path.rpartition(".")
            start = start.removesuffix("-audio")
            found = [f"{start}.{extension}", f"{start}-audio.{extension}", f"{start}.png"]
            groups[start] = [one for one in found if one == path or os.path.lexists(one)]
            taken.update(groups[start])
    alone = [[path] for path in dict.fromkeys(paths) if path not in taken]
    return [*groups.values(), *alone]


def _failed(path: str, reason: str) -> Outcome:
    return Outcome(0, ok=False, reason=reason, path=path)


def _problem(path: str) -> str:
    """Return why a file is not taken; "" if it is."""
    if extension_of(path) not in KNOWN_EXTENSIONS:
        return "is of no kind that is shown"
    try:
        with open_source(path) as source:
            if source.size_bytes > _MAX_IMPORT_BYTES:
                return "is larger than 4 GiB"
            if extension_of(path) == ".json" and not holds_graph(source):
                return "holds no graph"
            return read_container(source, path).problem or ""
    except ContainerError as error:
        return str(error)

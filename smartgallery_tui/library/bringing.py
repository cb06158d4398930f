"""Import: files and folders from anywhere on this machine, copied into the library."""

from __future__ import annotations

import glob
import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from smartgallery_tui.containers import (
    KNOWN_EXTENSIONS,
    extension_of,
    open_source,
    read_container,
)
from smartgallery_tui.containers.documents import holds_graph
from smartgallery_tui.containers.registry import KIND_BY_EXTENSION
from smartgallery_tui.errors import ContainerError, UsageError
from smartgallery_tui.index import roots as root_rows
from smartgallery_tui.library.batch import Batch
from smartgallery_tui.records import FileProgress, ImportPlan, Outcome, SyncProgress
from smartgallery_tui.records.home import at_home

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterator, Sequence

    from smartgallery_tui.files import Change, Operations
    from smartgallery_tui.library.context import Context
    from smartgallery_tui.library.folders import Folders
    from smartgallery_tui.library.following import Following
    from smartgallery_tui.library.operating import Operating
    from smartgallery_tui.library.showing import Showing
    from smartgallery_tui.records import Event, Told

_MB = 1_000_000


class Bringing:
    """Takes whole files of kinds that the library shows; what they came from stays.

    Args:
        context: The open library.
        folders: Knows where files go when no folder is named.
        operating: Makes changes of files.
        following: Lets the rows follow the files.
        showing: Makes the thumbnails of what came.
    """

    def __init__(
        self,
        context: Context,
        folders: Folders,
        operating: Operating,
        following: Following,
        showing: Showing,
    ) -> None:
        self._context = context
        self._folders = folders
        self._operating = operating
        self._following = following
        self._showing = showing

    def import_files(
        self,
        paths: Sequence[str],
        folder: str = "",
        cancelled: threading.Event | None = None,
        told: Told | None = None,
        *,
        max_mb: int | None = None,
    ) -> list[Outcome]:
        """Copy files, and all that folders hold, into a folder of the library.

        The still and the twin with sound of a video come along and keep their names together. When
        this returns the files are rows, read, with their thumbnails made.

        Args:
            paths: Files and folders.
            folder: A folder of the library; "" for the first folder of the view.
            cancelled: Stops between two files and within a copy.
            told: Hears how far it is.
            max_mb: Largest file that is taken; 0: any size; None: as the settings say.

        Raises:
            UsageError: The folder is in no folder of the library.
        """
        groups = _grouped(expanded(paths))
        found = [path for group in groups for path in group]
        target = os.path.realpath(at_home(folder)) if folder else self._folders.default_folder()
        if root_rows.enclosing(self._context.roots(), target) is None:
            raise UsageError(f"{folder} is in no folder of this library")
        limit_mb = self._context.settings.safety.import_max_mb if max_mb is None else max_mb
        changes: list[Change] = []

        def bring(operations: Operations, group: Sequence[str]) -> list[Outcome]:
            done = operations.bring_together(group, target)
            changes.extend(step.change for step in done)
            return [Outcome(0, ok=True, reason=step.note, path=step.path) for step in done]

        batch = Batch(len(found), cancelled, told, sum(size_of(path) for path in found))
        with self._operating.lend(watch=batch.watch) as operations:
            for group in groups:
                problems = {} if batch.is_cancelled else _problems(group, limit_mb)
                for path, why in problems.items():
                    batch.fail([(0, path)], why)
                whole = [path for path in group if path not in problems]
                if whole:
                    batch.do([(0, path) for path in whole], partial(bring, operations, whole))
        self._following.follow(changes)
        outcomes = [self._following.known(outcome) for outcome in batch.finish()]
        came = [outcome.id for outcome in outcomes if outcome.ok and outcome.id]
        self._showing.thumbnails_for(came, partial(_tell_pictures, told), cancelled)
        return outcomes

    def import_plan(self, paths: Sequence[str]) -> ImportPlan:
        """Return what an import of files and folders would take, without reading any."""
        found = [path for path in expanded(paths) if os.path.lexists(path)]
        limit_mb = self._context.settings.safety.import_max_mb
        sizes = {path: size_of(path) for path in found}
        large = [path for path, size in sizes.items() if limit_mb and size > limit_mb * _MB]
        return ImportPlan(tuple(found), sum(sizes.values()), tuple(large), limit_mb)

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


def _tell_pictures(told: Told | None, event: Event) -> None:
    if told is not None and isinstance(event, SyncProgress):
        rate, total = event.rate_per_s, event.total or 0
        told(FileProgress(event.done, total, rate, eta_s=event.eta_s, stage="thumbnails"))


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
    return str(at_home(path).absolute()) if "\0" not in path else ""


def expanded(paths: Sequence[str]) -> list[str]:
    """Return files, with folders replaced by what they hold; links and hidden names left out.

    A path that is not there but has a wildcard stands for all that fit it.
    """
    found: list[str] = []
    for absolute in _matching(paths):
        if not Path(absolute).is_dir():
            found.append(absolute)
            continue
        for folder, folders, names in os.walk(absolute):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            found += [f"{folder}/{n}" for n in sorted(names) if extension_of(n) in KNOWN_EXTENSIONS]
    return found


def _matching(paths: Sequence[str]) -> Iterator[str]:
    """Yield absolute paths, in place of one with wildcards those that fit it."""
    for path in paths:
        absolute = str(at_home(path).absolute())
        if glob.has_magic(absolute) and not os.path.lexists(absolute):
            yield from sorted(glob.iglob(absolute))  # noqa: PTH207 - patterns may be absolute
        else:
            yield absolute


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


def size_of(path: str) -> int:
    """Return the size of a file in bytes; 0 where it cannot be told."""
    try:
        return Path(path).lstat().st_size
    except (OSError, ValueError):
        return 0


def _problems(group: Sequence[str], limit_mb: int) -> dict[str, str]:
    """Return why files are not taken; those that are have no entry."""
    found = {path: _problem(path, limit_mb) for path in group}
    return {path: why for path, why in found.items() if why}


def _problem(path: str, limit_mb: int) -> str:
    """Return why a file is not taken; "" if it is."""
    if not os.path.lexists(path):
        return "no such file"
    if extension_of(path) not in KNOWN_EXTENSIONS:
        return "is of no kind that is shown"
    try:
        with open_source(path) as source:
            if limit_mb and source.size_bytes > limit_mb * _MB:
                return f"{source.size_bytes // _MB:,} MB: import takes {limit_mb:,} MB at most"
            if extension_of(path) == ".json" and not holds_graph(source):
                return "holds no graph"
            return read_container(source, path).problem or ""
    except ContainerError as error:
        return str(error)

"""Files that are read before anybody asks: what a process does while the library is opened.

The first scan of a folder reads all of it, in the order in which it is walked. What is read of the
first files is kept until they are asked for, if they are still the same then.
"""

from __future__ import annotations

import os
from itertools import islice
from typing import TYPE_CHECKING, Final

from smartgallery_tui.library.row_recipes import BRIEF_PARTS
from smartgallery_tui.library.tasks import Task
from smartgallery_tui.scan import Rules, join, walk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from smartgallery_tui.index.rows import ReadRow
    from smartgallery_tui.library.reading import FileReader
    from smartgallery_tui.library.row_recipes import Brief, Briefed

MOST: Final = 4000
"""Files that are read ahead at most: what is kept of them takes some 4 MB."""
_STEP: Final = 15
"""Files that are read between two looks for a question."""


class EarlyReading:
    """Reads PNG files of folders ahead, and those that it is asked for. Use from one thread.

    Args:
        reader: Reads them.
    """

    def __init__(self, reader: FileReader) -> None:
        self.reader: Final = reader
        self._known: dict[bytes, Brief] = {}
        self._recipes: list[tuple[int, tuple[object, ...]]] = []

    def go_on_until(self, is_asked: Callable[[], bool], folders: Sequence[str]) -> None:
        """Read ahead until somebody asks, or there is nothing more."""
        tasks = (task for folder in folders for task in _tasks(folder, is_asked))
        for _ in range(0, MOST, _STEP):
            some = list(islice(tasks, _STEP))
            if not some or self.reader.is_full or is_asked():
                return
            found, recipes = self.reader.briefly(some)
            self._recipes += recipes
            for task, one in zip(some, found, strict=True):
                if len(one) == BRIEF_PARTS:
                    self._known[task.path] = one

    def briefly(self, tasks: Sequence[Task]) -> Briefed:
        """Return what `FileReader.briefly` does."""
        if self.reader.is_full:  # the numbers in what was read ahead will be those of others
            self._known.clear()
            self._recipes.clear()
        early = [self._taken(task) for task in tasks]
        rest = [task for task, one in zip(tasks, early, strict=True) if one is None]
        found, recipes = self.reader.briefly(rest)
        others: Iterator[Brief | ReadRow] = iter(found)
        told, self._recipes = [*self._recipes, *recipes], []
        return [next(others) if one is None else one for one in early], told

    def _taken(self, task: Task) -> Brief | None:
        """Return a file that was read ahead, unless it has changed since."""
        brief = self._known.pop(task.path, None)
        if brief is None or task.companions or not task.is_fresh:
            return None
        number, _, is_fresh, stat, values, names = brief
        if stat != (task.size_bytes, task.mtime_ns, False):
            return None
        return number, task.file_id, is_fresh, stat, values, names


def _tasks(folder: str, is_asked: Callable[[], bool]) -> Iterator[Task]:
    """Yield the PNG files below a folder, in the order of a scan, until somebody asks."""
    for listing in walk(folder, Rules(frozenset({".png"}))):
        if is_asked():
            return
        for name, size_bytes, mtime_ns, _ in listing.files:
            path = os.fsencode(join(listing.path, name))
            yield Task(0, path, True, "image", "png", size_bytes, mtime_ns)

"""Read one file into a row: container, metadata, columns. Runs in worker processes too.

Imports neither a database nor a toolkit, so a spawned worker starts quickly.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final

from smartgallery_tui.containers import content_id, open_source, read_container, read_plain
from smartgallery_tui.errors import ContainerError
from smartgallery_tui.library.read_rows import failed, row_of
from smartgallery_tui.library.row_recipes import Briefing, RowMakers
from smartgallery_tui.library.tasks import Task
from smartgallery_tui.metadata import NO_RULES, Reader, Rules, UnfitError, look_of
from smartgallery_tui.records import Container

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from smartgallery_tui.containers import PlainPng
    from smartgallery_tui.index.rows import ReadRow
    from smartgallery_tui.library.row_recipes import Brief, Briefed, Stat
    from smartgallery_tui.metadata import Blanked, Orders, Template, Vote

_MOST_RECIPES: Final = 500
_STILL: Final = look_of(Container("png", "image"))[:2]
_BRACE: Final = ord("{")


_Look = tuple["Task", "Stat", "PlainPng"]
"""A file that was looked into and is not understood yet."""
_LOOK_PARTS: Final = 3


class FileReader:
    """Reads one file after the other; graphs alike are traced once. Use from one thread.

    Args:
        rules: What a user taught about node classes.
        orders: Orders of widgets that other files showed, by class.
    """

    def __init__(self, rules: Rules = NO_RULES, orders: Orders | None = None) -> None:
        self._reader = Reader(rules, orders)
        self._briefings: dict[tuple[Template, tuple[str, ...]], Briefing | None] = {}
        self._new: list[Briefing] = []
        self._makers = RowMakers()

    def take_votes(self) -> list[Vote]:
        """Return what files showed of the order of widgets since this was last asked."""
        return self._reader.take_votes()

    def tell_again(self) -> None:
        """Tell all recipes again with the next files, to someone who has heard none."""
        self._new = [one for one in self._briefings.values() if one is not None]

    def many(self, tasks: Iterable[Task]) -> list[ReadRow]:
        """Return the rows of `tasks`, in order."""
        return self._makers.rows(self.briefly(tasks))

    def one(self, task: Task) -> ReadRow:
        """Return the row of a file; one that cannot be read is a row with a problem."""
        return self.many([task])[0]

    @property
    def is_full(self) -> bool:
        """Whether the next `briefly` forgets all recipes and gives their numbers to others."""
        return len(self._briefings) > _MOST_RECIPES

    def briefly(self, tasks: Iterable[Task]) -> Briefed:
        """Return what `RowMakers.rows` makes the rows of `tasks` of, in order."""
        if self.is_full:
            self._briefings.clear()
        # In two rounds: files that are read and understood in turn take a tenth longer, because
        # each half drives the other out of the processor's caches.
        found = self._each(self._understand, self._each(self._look, tasks))
        new, self._new = self._new, []
        return found, [(one.number, tuple(one.recipe)) for one in new]

    def _each(self, step: Callable[[Any], Any], given: Iterable[Any]) -> list[Any]:
        """Return what a step makes of each file; one that fails is a row with a problem."""
        made = []
        for one in given:
            try:
                made.append(step(one))
            except Exception as error:  # noqa: BLE001 - the per-file guard: no file stops a scan
                made.append(self._failed(one if isinstance(one, Task) else one[0], error))
        return made

    def _failed(self, task: Task, error: Exception) -> ReadRow:
        is_known = isinstance(error, ContainerError)
        problem = str(error) if is_known else f"could not be read ({type(error).__name__})"
        return failed(task, problem, self._reader.version)

    def _look(self, task: Task) -> _Look | ReadRow:
        """Return what a look into a file shows, or its row where its graph cannot be known."""
        with open_source(task.path) as source:
            stat = content_id(source), source.size_bytes, source.mtime_ns
            plain = read_plain(source)
            if plain is not None:
                return task, stat, plain
            container = read_container(source, _name(task.path))
        return self._row(task, stat, container)

    def _understand(self, look: _Look | ReadRow) -> Brief | ReadRow:
        """Return a file in brief where its graph is known but for its values, else its row."""
        if len(look) != _LOOK_PARTS:
            return look
        task, stat, plain = look
        return self._brief(task, stat, plain) or self._row(task, stat, plain.container())

    def _row(self, task: Task, stat: Stat, container: Container) -> ReadRow:
        companions = [_container(companion) for companion in task.companions]
        generation = self._reader.extract(container, [c for c in companions if c is not None])
        return row_of(task, stat, container, generation, self._reader.version)

    def _brief(self, task: Task, stat: Stat, plain: PlainPng) -> Brief | ReadRow | None:
        """Return a file whose graph is known but for its values; None for any other."""
        width, height, head, spans = plain
        sources = _sources(head, spans)
        if sources is None:
            return None
        _, start, end = spans[0]
        known = self._reader.known(head[start:end], (*_STILL, width, height))
        if known is None:
            return None
        template, blanked = known
        at = template, sources
        if at not in self._briefings:
            return self._first(at, blanked, task, stat, plain)
        briefing = self._briefings[at]
        if briefing is None:
            return None
        return briefing.brief(task, blanked, stat, width, height)

    def _first(
        self,
        at: tuple[Template, tuple[str, ...]],
        blanked: Blanked,
        task: Task,
        stat: Stat,
        plain: PlainPng,
    ) -> ReadRow:
        """Return the row of a file whose graph has no recipe yet; later ones will have one."""
        row = self._row(task, stat, plain.container())
        if at[0].completed(blanked) is None:
            return row
        self._briefings[at] = None
        try:
            made = Briefing(len(self._briefings), *at, self._reader.version)
        except UnfitError:
            return row
        brief = made.brief(task, blanked, stat, plain.width, plain.height)
        if brief is not None and made.is_row(brief, row):
            self._briefings[at] = made
            self._new.append(made)
        return row


def _sources(head: bytes, spans: list[tuple[bytes, int, int]]) -> tuple[str, ...] | None:
    """Return what a file holds whose graph may be known by its text."""
    if spans[0][0] != b"prompt":
        return None
    if len(spans) == 1:
        return ("prompt",)
    key, start, end = spans[1]
    if len(spans) > 2 or key != b"workflow" or head[start] != _BRACE:
        return None
    return ("prompt", "workflow") if head.find(b'"nodes"', start, end) > 0 else None


def _container(path: bytes) -> Container | None:
    try:
        with open_source(path) as source:
            return read_container(source, _name(path))
    except ContainerError:
        return None


def _name(path: bytes) -> str:
    return os.fsdecode(path).rsplit("/", 1)[-1]

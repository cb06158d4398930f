"""Questions of the grid to the library, as calls for lanes, and what comes back."""

from __future__ import annotations

import time
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from textual.message import Message

from smartgallery_tui.errors import QuerySyntaxError
from smartgallery_tui.records import Facets, FacetValue
from smartgallery_tui.ui.filter_rows import SHOWN_AS
from smartgallery_tui.ui.folder_tree import root_names
from smartgallery_tui.ui.folding import folded
from smartgallery_tui.ui.grouping import heading
from smartgallery_tui.ui.messages import (
    FacetsLoaded,
    PageLoaded,
    Said,
    SearchAnswered,
    SearchFailed,
)
from smartgallery_tui.ui.note_text import first_line
from smartgallery_tui.ui.query_text import asked_fields, excluded, only_value, quote, without_field
from smartgallery_tui.ui.result_view import PAGE_ROWS

if TYPE_CHECKING:
    import threading
    from collections.abc import Mapping, Sequence

    from textual.message_pump import MessagePump

    from smartgallery_tui.library import Library, Result
    from smartgallery_tui.records import Item
    from smartgallery_tui.records.searches import SavedSearch
    from smartgallery_tui.ui.background import Call
    from smartgallery_tui.ui.folding import FoldedResult
    from smartgallery_tui.ui.grouping import Grouping
    from smartgallery_tui.ui.result_view import ResultView
    from smartgallery_tui.ui.search import Question
    from smartgallery_tui.ui.session import Session

MORE_FACETS = ("prefix", "controlnet", "input", "node")
"""Facets of the sidebar beyond those that are always counted."""
COUNTED_ONE_BY_ONE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "fav": ("yes",),
        "has": ("workflow", "lora", "controlnet", "tag", "album", "note", "problem"),
    }
)
"""Fields of the sidebar that no facet counts, and the values that it lists."""
Marking = Literal["add", "discard", "invert"]
"""What becomes of the marks of items."""
_STEP_ROWS = 500
"""Rows read at once on the way to another group."""
_DATED_FOLDERS = 300
"""Folders that are put in the order of their newest files; the others follow by name."""
_FIRST_ROWS = 200
"""Rows that come with an answer: more than the largest screen shows."""


@dataclass
class MarkedFound(Message):
    """A marked item was found in the result."""

    index: int


@dataclass
class ItemHidden(Message):
    """An item is not in the result."""

    item_id: int


@dataclass
class IdsLoaded(Message):
    """The ids of a part of the result."""

    ids: list[int]
    how: Marking


@dataclass
class OutsideCounted(Message):
    """How many marked items the result does not have."""

    count: int


@dataclass
class PathsRead(Message):
    """The paths of picked items."""

    paths: list[str]


class Picked(Message):
    """A pick is complete."""


@dataclass
class SyncWanted(Message):
    """The index is to be brought up to date."""

    is_quiet: bool = False
    """Asked for by the program: nothing is said where it cannot be done."""
    again: tuple[int, ...] = ()
    """Items whose files are read again, unchanged as they are."""
    is_all_again: bool = False
    """All files are read again."""
    again_after_s: float = 0.0
    """Files that were last read longer ago are read again; 0: no such."""


class QuitWanted(Message):
    """The user wants to leave."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the cursor should be in an answer."""

    item_id: int | None
    """On this item if the answer has it."""
    index: int
    """Else as near to this position as there are items."""
    path: str = ""
    """Before both: on the file of this path."""


def search(library: Library, ticket: int, question: Question, place: Place) -> Call:
    """Return a call that searches and reads the rows around the cursor."""

    def call(cancelled: threading.Event) -> SearchAnswered | SearchFailed | None:
        began = time.perf_counter()
        try:
            found = library.search(
                question.text,
                sort=question.sort,
                descending=question.is_descending,
                cancelled=cancelled,
                typing=question.is_typing,
                seed=question.seed,
            )
        except QuerySyntaxError as error:
            return SearchFailed(ticket, question.text, str(error), error.column, error.suggestion)
        if cancelled.is_set():
            return None
        result = folded(found, question.folds)
        cursor = _cursor(library, result, place)
        start = max(0, cursor - _FIRST_ROWS // 2) // PAGE_ROWS * PAGE_ROWS
        items = result.page(start, _FIRST_ROWS)
        seconds = time.perf_counter() - began
        answer = SearchAnswered(ticket, question.text, result, items, start, cursor, seconds)
        if not result.total and question.text.strip() and not question.is_typing:
            answer.suggestions = library.suggest(question.text)
        answer.offline = tuple(root.path for root in library.viewed_roots() if not root.is_online)
        album = only_value(question.text, "album")
        answer.album_note = first_line(library.album_note(album)) if album else ""
        is_whole = not question.text.strip() and not question.folds.is_any
        answer.whole = result.total if is_whole else library.search().total
        return answer

    return call


def _cursor(library: Library, result: Result | FoldedResult, place: Place) -> int:
    item_id = library.find_path(place.path) if place.path else place.item_id
    position = result.position(item_id) if item_id is not None else None
    if position is None:
        position = min(place.index, result.total - 1)
    return max(0, position)


def facets(library: Library, ticket: int, text: str) -> Call:
    """Return a call that counts the values under a query."""

    def call(cancelled: threading.Event) -> FacetsLoaded | None:
        if cancelled.is_set():
            return None
        try:
            return FacetsLoaded(ticket, _facets(library, text))
        except QuerySyntaxError:
            return None  # the search of the same text says it

    return call


def _facets(library: Library, text: str) -> Facets:
    """Count under a query; a field that is asked for also shows its other values.

    Values of one field are alternatives, so each count says what asking for it too would bring.
    A value that is excluded stays listed, with what asking for it would bring.
    """
    found = library.facets(text)
    fields = {**found.fields, **library.facets(text, fields=MORE_FACETS).fields}
    for name, values in COUNTED_ONE_BY_ONE.items():
        rest = without_field(text, name)
        totals = [library.search(f"{rest} {name}:{value}").total for value in values]
        fields[name] = tuple(
            FacetValue(*pair) for pair in zip(values, totals, strict=True) if pair[1]
        )
    for asked in asked_fields(text):
        name = SHOWN_AS.get(asked, asked)
        if name in fields and name not in COUNTED_ONE_BY_ONE:
            others = library.facets(without_field(text, asked), fields=(name,))
            fields[name] = others[name]
    for field, value, rest in excluded(text):
        name = SHOWN_AS.get(field, field)
        if name in fields and all(value != each.value for each in fields[name]):
            total = library.search(f"{rest} {field}:{quote(value)}").total
            fields[name] = (*fields[name], FacetValue(value, total))
    return Facets(found.total, fields, _own_albums(library, text, fields.get("album", ())))


def _own_albums(library: Library, text: str, albums: Sequence[FacetValue]) -> dict[str, int]:
    """Count what albums with others below them have themselves."""
    rest = without_field(text, "album")
    above = {album.value.rpartition("/")[0].casefold() for album in albums} - {""}
    return {
        album.value: library.search(f"{rest} album:={quote(album.value)}").total
        for album in albums
        if album.value.casefold() in above
    }


@dataclass
class FolderFound(Message):
    """A folder on the way to a file."""

    value: str
    """As a query names it."""


def folder_below(library: Library, item: Item, here: str) -> Call:
    """Return a call that finds the next folder on the way from one down to a file.

    Args:
        library: Knows the roots.
        item: The file.
        here: The open folder as a query names it, or "".
    """

    def call(_cancelled: threading.Event) -> FolderFound | Said:
        folder = item.path.rpartition("/")[0]
        roots = [root.path.rstrip("/") for root in library.viewed_roots()]
        root = max(
            (one for one in roots if f"{folder}/".startswith(f"{one}/")), key=len, default=""
        )
        names = root_names(roots)
        below = folder[len(root) + 1 :] if root else ""
        below = f"{names[root]}/{below}".rstrip("/") if root in names else below
        above = names.get(here.rstrip("/"), "") if here.startswith("/") else here
        if not below or below == above or not f"{below}/".startswith(f"{above}/" if above else ""):
            return Said("This file lies in the open folder itself.", "information")
        depth = above.count("/") + 2 if above else 1
        return FolderFound("/".join(below.split("/")[:depth]))

    return call


@dataclass
class FolderDates(Message):
    """Times of the newest files of folders."""

    dates: dict[str, int]


def folder_dates(library: Library, folders: Sequence[str]) -> Call:
    """Return a call that finds when the newest file of each folder was written."""

    def call(cancelled: threading.Event) -> FolderDates:
        dates: dict[str, int] = {}
        for folder in folders[:_DATED_FOLDERS]:
            newest = library.search(f"folder:{quote(folder)}", cancelled=cancelled).page(0, 1)
            dates[folder] = newest[0].mtime_ns if newest else 0
        return FolderDates(dates)

    return call


def page(view: ResultView, start: int) -> Call:
    """Return a call that reads one page of rows."""
    return lambda _cancelled: PageLoaded(id(view), start, view.result.page(start, PAGE_ROWS))


def want_rows(session: Session, start: int, count: int, target: MessagePump) -> None:
    """Have those rows of a part of the open result read that are not here."""
    view = session.view
    if view is not None:
        for first in view.wanted(start, count):
            session.background.pages.submit("reading rows", page(view, first), target)


def ids(view: ResultView, start: int, end: int | None, *, how: Marking) -> Call:
    """Return a call that reads the ids of a part of the result."""
    first, last = view.span(start, end)
    return lambda _cancelled: IdsLoaded(list(view.result.ids())[first:last], how)


def outside(view: ResultView, marked: Sequence[int]) -> Call:
    """Return a call that counts the marked items that the result does not have."""
    find = view.result.position
    return lambda _cancelled: OutsideCounted(sum(find(item_id) is None for item_id in marked))


def note(library: Library, text: str) -> Call:
    """Return a call that remembers a query that was used."""
    return lambda _cancelled: library.note_search(text)


def warm_up(library: Library) -> Call:
    """Return a call that reads ahead what searches ask for."""
    return lambda cancelled: library.warm_up(cancelled)


def find_item(view: ResultView, item_id: int) -> Call:
    """Return a call that finds the position of an item."""

    def call(_cancelled: threading.Event) -> MarkedFound | ItemHidden:
        place = view.result.position(item_id)
        return ItemHidden(item_id) if place is None else MarkedFound(place)

    return call


def save_search(library: Library, search: SavedSearch) -> Call:
    """Return a call that keeps a search."""

    def call(_cancelled: threading.Event) -> Said:
        library.save_search(search)
        return Said(f"Saved as {search.name}; ' brings it back.", "information")

    return call


def next_group(view: ResultView, cursor: int, delta: int, by: Grouping) -> Call:
    """Return a call that finds the first item of the next or previous day or folder."""

    def call(cancelled: threading.Event) -> MarkedFound | None:
        if delta > 0:
            return _group_after(view, cursor, by, cancelled)
        start = _group_start(view, cursor, by, cancelled)
        if start == cursor and cursor > 0:
            start = _group_start(view, cursor - 1, by, cancelled)
        return MarkedFound(start)

    return call


def _group_after(
    view: ResultView, cursor: int, by: Grouping, cancelled: threading.Event
) -> MarkedFound | None:
    name = None
    for start in range(cursor, view.total, _STEP_ROWS):
        for offset, item in enumerate(view.result.page(start, _STEP_ROWS)):
            name = heading(item, by) if name is None else name
            if heading(item, by) != name:
                return MarkedFound(start + offset)
        if cancelled.is_set():
            return None
    return None


def _group_start(view: ResultView, cursor: int, by: Grouping, cancelled: threading.Event) -> int:
    rows = view.result.page(cursor, 1)
    if not rows:
        return cursor
    name = heading(rows[0], by)
    end = cursor
    while end > 0 and not cancelled.is_set():
        start = max(0, end - _STEP_ROWS)
        rows = view.result.page(start, end - start)
        for offset in range(len(rows) - 1, -1, -1):
            if heading(rows[offset], by) != name:
                return start + offset + 1
        end = start
    return end


def next_marked(view: ResultView, marked: list[int], cursor: int, delta: int) -> Call:
    """Return a call that finds the nearest marked item on one side of the cursor."""

    def call(_cancelled: threading.Event) -> MarkedFound | None:
        places = [view.result.position(item_id) for item_id in marked]
        if delta > 0:
            after = [place for place in places if place is not None and place > cursor]
            return MarkedFound(min(after)) if after else None
        before = [place for place in places if place is not None and place < cursor]
        return MarkedFound(max(before)) if before else None

    return call

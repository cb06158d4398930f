"""Messages that worker threads send to screens; each answer carries the ticket of its question."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from smartgallery_tui.library import Result
    from smartgallery_tui.records import (
        Event,
        Facets,
        Item,
        Outcome,
        Severity,
        SyncReport,
    )
    from smartgallery_tui.records.graphs import NodeSummary
    from smartgallery_tui.records.suggestions import Suggestions
    from smartgallery_tui.ui.folding import FoldedResult
    from smartgallery_tui.ui.text_rows import Row


@dataclass
class SearchAnswered(Message):
    """A search has its answer."""

    ticket: int
    text: str
    result: Result | FoldedResult
    items: list[Item]
    """The rows around the cursor, so that the first paint waits for nothing."""
    start: int
    """Position of the first of `items`."""
    cursor: int
    """Where the cursor belongs in this answer."""
    seconds: float
    suggestions: Suggestions | None = None
    """What would find something, where this finds nothing."""
    whole: int = 0
    """Items that an empty query finds."""
    offline: tuple[str, ...] = ()
    """Folders of the library that could not be read when it was looked last."""
    album_note: str = ""
    """First line of that of the album that is asked for, where it is one."""


@dataclass
class SearchFailed(Message):
    """A search could not be read."""

    ticket: int
    text: str
    reason: str
    column: int
    suggestion: str


@dataclass
class FacetsLoaded(Message):
    """Counts for the filter sidebar."""

    ticket: int
    facets: Facets


@dataclass
class PageLoaded(Message):
    """Rows of the open result."""

    ticket: int
    start: int
    items: list[Item]


class NoticesRead(Message):
    """The notices that are up have been read."""


@dataclass
class InfoLoaded(Message):
    """A tab of the information on the shown item."""

    ticket: int
    tab: str
    rows: Sequence[Row]
    inputs: list[Item] = field(default_factory=list)
    """Pictures that it was made of, to be shown."""
    nodes: Sequence[NodeSummary] | None = None
    """The tree of nodes, in place of rows."""


@dataclass
class SearchWanted(Message):
    """A search was chosen somewhere; the grid is to show it."""

    text: str
    sort: str = ""
    """`date down` and the like, or "" for the order in force."""
    edit: Callable[[str], str] | None = None
    """Makes the query of the one that is asked now; `text` says nothing then."""


@dataclass
class QueryEdited(Message):
    """The query is to be asked with a change: a filter switched, a term taken away."""

    edit: Callable[[str], str]
    """Returns the new query of the one in the box."""


class FollowWanted(Message):
    """The newest file is to be shown as it lands, or no longer."""


@dataclass
class GraphicsWanted(Message):
    """Pictures are to be drawn another way."""

    name: str


@dataclass
class MarksChanged(Message):
    """A change of user data was made."""

    what: str
    outcomes: list[Outcome]
    items: list[Item]
    """Rows as they are now."""


@dataclass
class RefreshWanted(Message):
    """The open search is to be asked again."""

    item_id: int | None = None
    """The item to go to, or None: to stay."""


class SyncNews(Message):
    """An event of a running sync; a newer one replaces it in the queue."""

    def __init__(self, event: Event) -> None:
        self.event = event
        super().__init__()

    def can_replace(self, message: Message) -> bool:
        """Tell whether `message`, which waits in the queue, may be dropped for this one."""
        return isinstance(message, SyncNews) and type(message.event) is type(self.event)


@dataclass
class VersionRead(Message):
    """The databases have been written since they were looked at."""

    version: int


@dataclass
class SyncFinished(Message):
    """A sync ended."""

    report: SyncReport
    read_again: int = 0
    """Files that were to be read again, unchanged as they are."""


@dataclass
class Said(Message):
    """A sentence for the user."""

    text: str
    severity: Severity


@dataclass
class CallFailed(Message):
    """A call in a worker thread failed; shown as a notice."""

    what: str
    reason: str
    severity: Severity = "error"

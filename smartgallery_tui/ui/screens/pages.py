"""Screens of text: statistics, the log. Read in a lane, scrolled like a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Static

from smartgallery_tui.ui import format as words
from smartgallery_tui.ui.content import fit, line

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from textual.app import ComposeResult

    from smartgallery_tui.library import Library
    from smartgallery_tui.records import FacetValue, LibraryStats
    from smartgallery_tui.ui.background import Call

_BAR_CELLS = 30
_LABEL_CELLS = 34


@dataclass
class TextReady(Message):
    """The text of a page is here."""

    title: str
    content: Content
    is_tail: bool = False
    """The end is what matters: scroll there."""


class TextScreen(Screen[None]):
    """A page of text that is safe already.

    Args:
        ready: Title and text.
    """

    AUTO_FOCUS = "VerticalScroll"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,enter", "dismiss(None)", "Close", show=False),
        Binding("j", "scroll(1)", "Down", show=False),
        Binding("k", "scroll(-1)", "Up", show=False),
        Binding("J,space,ctrl+d", "scroll(20)", "Page down", show=False),
        Binding("K,ctrl+u", "scroll(-20)", "Page up", show=False),
        Binding("g,home", "scroll(-1000000)", "Top", show=False),
        Binding("G,end", "scroll(1000000)", "End", show=False),
    ]
    DEFAULT_CSS = """
    TextScreen { background: $background; }
    TextScreen #page-title { height: 1; background: $panel; color: $accent; text-style: bold;
        padding: 0 1; }
    TextScreen VerticalScroll { height: 1fr; padding: 0 1; scrollbar-size-vertical: 1; }
    TextScreen #page-foot { height: 1; background: $surface; color: $text-muted; padding: 0 1; }
    """

    def __init__(self, ready: TextReady) -> None:
        super().__init__()
        self._ready = ready

    def compose(self) -> ComposeResult:
        """Make the page."""
        yield Static(Content(self._ready.title), id="page-title")
        with VerticalScroll():
            yield Static(self._ready.content, id="page-text")
        yield Static(Content("Esc goes back"), id="page-foot")

    def on_mount(self) -> None:
        """Go to the end of what is read from its end."""
        if self._ready.is_tail:
            self.query_one(VerticalScroll).scroll_end(animate=False)

    def action_scroll(self, rows: int) -> None:
        """Scroll."""
        self.query_one(VerticalScroll).scroll_relative(y=rows, animate=False)


def statistics(library: Library) -> Call:
    """Return a call that reads the totals and lays them out."""
    return lambda _cancelled: TextReady("Statistics", stats_text(library.stats()))


def log_page(library: Library) -> Call:
    """Return a call that reads the end of the log."""

    def call(_cancelled: object) -> TextReady:
        rows = [line(row) for row in library.log_lines()]
        content = Content("\n").join(rows or [line("The log is empty.", "dim")])
        return TextReady("The last 100 lines of the log", content, is_tail=True)

    return call


def stats_text(stats: LibraryStats) -> Content:
    """Return the totals with bars."""
    totals = [
        ("Files", f"{stats.total_files:,}"),
        ("Size", words.size(stats.size_bytes)),
        ("Favourites", f"{stats.favorites:,}"),
        ("With a workflow", f"{stats.with_workflow:,}"),
        ("Unrated for 30 days", f"{stats.unrated_old:,}"),
        ("Missing", f"{stats.missing:,}"),
        ("With a problem", f"{stats.problems:,}"),
        ("Not read yet", f"{stats.unread:,}"),
        ("Index", words.size(stats.index_bytes)),
        ("Thumbnails", words.size(stats.cache_bytes)),
        ("Trash", words.size(stats.trash_bytes)),
    ]
    rows = [
        Content.assemble((f"{label:<{_LABEL_CELLS}}", "$foreground-muted"), value)
        for label, value in totals
    ]
    rows += _bars("By kind", _pairs(stats.by_kind))
    rows += _bars("By model", _first(stats.by_model))
    rows += _bars("By LoRA", _first(stats.by_lora))
    rows += _bars("By sampler", _first(stats.by_sampler))
    rows += _bars("By month", _newest(stats.by_month))
    rows += _bars("Space by folder", _first(stats.size_by_folder), words.size)
    rows += _bars("Space by model", _first(stats.size_by_model), words.size)
    return Content("\n").join(rows)


def _pairs(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda pair: -pair[1])


def _first(values: Sequence[FacetValue]) -> list[tuple[str, int]]:
    return [(value.value, value.total) for value in values[:20]]


def _newest(values: Sequence[FacetValue]) -> list[tuple[str, int]]:
    return sorted(((value.value, value.total) for value in values), reverse=True)[:24]


def _bars(
    title: str, pairs: Sequence[tuple[str, int]], shown: Callable[[int], str] = "{:,}".format
) -> list[Content]:
    if not pairs:
        return []
    most = max(count for _name, count in pairs) or 1
    rows = [Content("\n") + line(title, "bold $accent")]
    for name, count in pairs:
        label = fit(name, _LABEL_CELLS - 2)
        pad = _LABEL_CELLS - Content(label).cell_length
        bar = "█" * max(1, round(_BAR_CELLS * count / most))
        rows.append(Content.assemble(label, " " * pad, (bar, "$primary"), f" {shown(count)}"))
    return rows

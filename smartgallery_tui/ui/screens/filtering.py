"""The filters of the grid: the sidebar and the pills say what the search box says, always."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events, getters, on

from smartgallery_tui.ui import query_text
from smartgallery_tui.ui.filter_rows import RANGES
from smartgallery_tui.ui.messages import Said
from smartgallery_tui.ui.screens import asking
from smartgallery_tui.ui.screens.names import TextPopup
from smartgallery_tui.ui.screens.searching import SearchingScreen
from smartgallery_tui.ui.widgets.filter_sidebar import HINTS as FILTER_HINTS
from smartgallery_tui.ui.widgets.filter_sidebar import FilterSidebar
from smartgallery_tui.ui.widgets.pill_bar import PillBar
from smartgallery_tui.ui.widgets.status_line import HintBar

if TYPE_CHECKING:
    from smartgallery_tui.ui.messages import FacetsLoaded
    from smartgallery_tui.ui.session import Session


class FilteringScreen(SearchingScreen):
    """The part of the grid that filters. A filter is a term of the query, nothing besides.

    Args:
        session: What all screens share.
    """

    DEFAULT_CSS = """
    FilteringScreen FilterSidebar { display: none; }
    FilteringScreen PillBar { display: none; }
    FilteringScreen.-filtering FilterSidebar { display: block; }
    FilteringScreen.-filtering PillBar { display: block; }
    FilteringScreen.-slim FilterSidebar { width: 100%; border-right: none; }
    FilteringScreen.-slim.-filtering ThumbGrid { display: none; }
    FilteringScreen.-slim.-filtering RowList { display: none; }
    """

    filters = getters.query_one(FilterSidebar)
    pills = getters.query_one(PillBar)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._facets_ticket = 0

    @property
    def is_filtering(self) -> bool:
        """True while the filters are open."""
        return self.has_class("-filtering")

    def _plain(self, text: str) -> str:
        """Return a query as the sidebar reads it: fields by their usual names."""
        return query_text.canonical(text, self.session.library.query_aliases())

    def text_asked(self, text: str) -> None:
        """Show which values the query names now."""
        if self.is_filtering:
            self.filters.show_text(self._plain(text))
            self.pills.show(text)

    def counts_wanted(self) -> None:
        """Count the values under the query anew."""
        if self.is_filtering:
            self._facets_ticket += 1
            text = self._plain(self._desk.asked.text)
            call = asking.facets(self.session.library, self._facets_ticket, text)
            self.session.background.facets.submit("counting", call, self)

    def on_facets_loaded(self, message: FacetsLoaded) -> None:
        """Show counts unless the query has changed since."""
        if message.ticket == self._facets_ticket:
            self.filters.show(message.facets, self._plain(self._desk.asked.text))

    def action_filter(self) -> None:
        """Open the filters and go there; from there, close them."""
        if self.is_filtering and self.focused is self.filters:
            self.remove_class("-filtering")
            self.set_focus(self.grid)
        else:
            self.add_class("-filtering")
            self.text_asked(self._desk.asked.text)
            self.set_focus(self.filters)
            self.counts_wanted()

    def action_subfolders(self) -> None:
        """Let the folders that are asked for mean all beneath them, or themselves alone."""
        text = self._plain(self.box.text)
        now = query_text.has_subfolders(text)
        if now is None:
            self.app.post_message(
                Said("Choose a folder first: g f, or the filters.", "information")
            )
            return
        self.search_for(query_text.with_subfolders(text, is_on=not now))
        said = "Without subfolders." if now else "With subfolders."
        self.app.post_message(Said(said, "information"))

    @on(FilterSidebar.Chosen)
    def _filter_chosen(self, message: FilterSidebar.Chosen) -> None:
        text = self._plain(self.box.text)
        if message.value:
            excluded = message.is_excluded
            text = query_text.toggle(text, message.field, message.value, exclude=excluded)
        else:
            text = query_text.set_term(text, message.field, "")
        self.search_for(text)

    @on(FilterSidebar.FolderChange)
    def _folder_change_wanted(self, message: FilterSidebar.FolderChange) -> None:
        self.change_folder(message.what, message.value)

    @on(events.DescendantFocus)
    @on(events.DescendantBlur)
    def _focus_moved(self) -> None:
        is_here = self.focused is self.filters
        self.query_one(HintBar).aside = FILTER_HINTS if is_here else ()

    @on(FilterSidebar.TermDropped)
    @on(PillBar.Dropped)
    def _term_dropped(self, message: FilterSidebar.TermDropped | PillBar.Dropped) -> None:
        self.search_for(query_text.without_term(self.box.text, message.number))

    @on(FilterSidebar.Cleared)
    @on(PillBar.Cleared)
    def _filters_cleared(self) -> None:
        self.search_for("")

    @on(FilterSidebar.RangeWanted)
    def _range_wanted(self, message: FilterSidebar.RangeWanted) -> None:
        label, examples = next(
            (words, more) for name, words, more in RANGES if name == message.field
        )
        now = query_text.term_value(self._plain(self.box.text), message.field)

        def typed(value: str | None) -> None:
            if value is not None:
                text = self._plain(self.box.text)
                self.search_for(query_text.set_term(text, message.field, value))

        popup = TextPopup(label, now, f"For example {examples}. Empty takes it away.")
        self.app.push_screen(popup, typed)

    @on(FilterSidebar.DatesWanted)
    def _dates_wanted(self, message: FilterSidebar.DatesWanted) -> None:
        call = asking.folder_dates(self.session.library, message.folders)
        self.session.background.pages.submit("looking at folders", call, self)

    def on_folder_dates(self, message: asking.FolderDates) -> None:
        """Put the folders in the order of their newest files."""
        self.filters.show_dates(message.dates)

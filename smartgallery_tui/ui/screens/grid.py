"""The grid: thumbnails of the open result, the search box above, the filters at the side.

The screen itself says what there is and which part answers which key and message:

- `searching` asks the library and takes its answers;
- `filtering` keeps sidebar, pills and box in step;
- `marking` marks, and jumps to marked items and groups;
- `completing` offers ways to go on in the search box;
- `listing` shows lines instead of cards;
- `groups` puts headings above groups, and closes them;
- `aside` shows the picture beside lines, and what is known of the item under the cursor;
- `focus_play` lets the card under the cursor play;
- `lightbox` shows a picture large, on a screen of its own;
- `telling` says where one is, what runs, and what to do where nothing is;
- `remembering` and `adjusting` bring back how it looked, and follow the settings.

Keys are answered in `grid_keys`, messages here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from textual import events, getters, on
from textual.containers import Horizontal
from textual.widgets import Static

from smartgallery_tui.ui.actions import for_screen
from smartgallery_tui.ui.keymap import bindings_for
from smartgallery_tui.ui.screens import adjusting, asking, remembering
from smartgallery_tui.ui.screens.aside import Aside
from smartgallery_tui.ui.screens.completing import Completing
from smartgallery_tui.ui.screens.filtering import Filtering
from smartgallery_tui.ui.screens.focus_play import FocusPlay
from smartgallery_tui.ui.screens.grid_keys import GridKeys
from smartgallery_tui.ui.screens.grid_marks import GridMarks
from smartgallery_tui.ui.screens.groups import Groups
from smartgallery_tui.ui.screens.lightbox import Lightbox
from smartgallery_tui.ui.screens.listing import Listing
from smartgallery_tui.ui.screens.searching import Searching
from smartgallery_tui.ui.screens.telling import Telling
from smartgallery_tui.ui.widgets.completion_list import CompletionList
from smartgallery_tui.ui.widgets.filter_sidebar import HINTS as FILTER_HINTS
from smartgallery_tui.ui.widgets.filter_sidebar import FilterSidebar
from smartgallery_tui.ui.widgets.pill_bar import PillBar
from smartgallery_tui.ui.widgets.pointed import Pointed
from smartgallery_tui.ui.widgets.row_list import RowList
from smartgallery_tui.ui.widgets.search_box import SearchBox
from smartgallery_tui.ui.widgets.status_line import HintBar, StatusLine
from smartgallery_tui.ui.widgets.thumb_grid import ThumbGrid

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from textual.app import ComposeResult

    from smartgallery_tui.records import Event, Item, ViewSettings
    from smartgallery_tui.ui.actions import Scope
    from smartgallery_tui.ui.messages import (
        FacetsLoaded,
        InfoLoaded,
        PageLoaded,
        QueryEdited,
        SearchAnswered,
        SearchFailed,
        SearchWanted,
    )
    from smartgallery_tui.ui.screens.completing import CompletionsFound
    from smartgallery_tui.ui.screens.playing import FramesRead
    from smartgallery_tui.ui.session import Session


_CSS = """
GridScreen {
    & #middle { height: 1fr; }
    & ThumbGrid { width: 1fr; height: 1fr; }
    & #empty { display: none; width: 1fr; height: 1fr; padding: 1 3; }
    &.-empty #empty { display: block; }
    &.-empty ThumbGrid { display: none; }
    & #beside { display: none; width: 26; height: 1fr; }
    &.-roomy #beside { width: 32; }
    &.-list.-pictured #beside { display: block; }
    &.-list.-pictured.-empty #beside { display: none; }
    &.-text #beside { display: none; }
    & InfoPanel { width: 44; }
    &.-roomy InfoPanel { width: 52; }
    &.-narrow InfoPanel { dock: bottom; width: 100%; }
    &.-zen InfoPanel { display: none; }
    & FilterSidebar { display: none; }
    & PillBar { display: none; }
    &.-filtering FilterSidebar { display: block; }
    &.-filtering PillBar { display: block; }
    &.-asked PillBar { display: block; }
    &.-list RowList { display: block; }
    &.-list ThumbGrid { display: none; }
    &.-empty RowList { display: none; }
    &.-zen FilterSidebar { display: none; }
    &.-zen PillBar { display: none; }
    &.-slim FilterSidebar { border-right: none; }
    &.-slim.-filtering ThumbGrid { display: none; }
    &.-slim.-filtering RowList { display: none; }
    &.-slim.-filtering.-zen ThumbGrid { display: block; }
}
"""


class GridScreen(GridKeys):
    """Browse and search.

    Args:
        session: What all screens share.
    """

    scope: ClassVar[Scope] = "grid"
    BINDINGS = bindings_for("grid")
    DEFAULT_CSS = _CSS

    pills = getters.query_one(PillBar)
    completions = getters.query_one(CompletionList)
    rows = getters.query_one(RowList)
    status = getters.query_one(StatusLine)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.searching = Searching(self)
        self.filtering = Filtering(self)
        self.marking = GridMarks(self)
        self.listing = Listing(self)
        self.groups = Groups(self)
        self.aside = Aside(self)
        self.completing = Completing(self)
        self.telling = Telling(self)
        self.focus_play = FocusPlay(self)
        self.lightbox = Lightbox(self)

    def compose(self) -> ComposeResult:
        """Make the box, the filters, the grid and the two rows at the foot."""
        yield SearchBox()
        yield PillBar()
        with Horizontal(id="middle"):
            yield FilterSidebar()
            look = self.session.library.settings.view
            yield ThumbGrid(
                self.session.pictures, picture_px=look.thumbnail_size, density=look.density
            )
            yield RowList()
            yield Static("", id="empty", markup=False)
            yield from self.aside.parts
        yield StatusLine()
        yield HintBar(self.session.keymap, for_screen("grid"))
        yield CompletionList()
        yield from self.extras()

    def on_mount(self) -> None:
        """Ask the first question."""
        self.grid.marks = set(self.session.marks.ids)
        remembering.take_look(self)
        self.focus_items()
        question = remembering.first_question(self)
        self.box.text = question.text
        self.searching.ask(question, path=self.session.options.start_path)
        if self.session.options.is_following:
            self.action_follow()
        call = asking.warm_up(self.session.library)
        self.session.background.facets.submit("reading ahead", call, self)

    # What others ask of the screen

    @property
    def current(self) -> Item | None:
        """The item under the cursor."""
        view = self.session.view
        return view.get(self.grid.cursor) if view and view.total else None

    @property
    def position(self) -> int:
        """Position of the cursor."""
        return self.grid.cursor

    @property
    def is_settled(self) -> bool:
        """True when no question waits to be asked or answered."""
        return self.searching.is_settled

    def targets(self) -> list[int]:
        """Return the marked ids, else the one under the cursor; in cull mode always that one."""
        if len(self.session.marks) and not self.session.is_culling:
            return self.session.marks.ids
        return [self.current.id] if self.current else []

    def search_for(self, text: str) -> None:
        """Ask a new question and remember the one before with its cursor."""
        self.searching.search_for(text)

    def take(self, wanted: SearchWanted) -> None:
        """Ask what was chosen elsewhere: a query, or a change of the one that is asked now."""
        if wanted.edit is not None:
            self.filtering.edit(wanted.edit)
        else:
            self.searching.take(wanted.text, wanted.sort)

    def step_on(self) -> None:
        """Go to the next item, in cull mode after a judgement."""
        self.grid.cursor += 1

    def use_view(self, view: ViewSettings, changed: Collection[str]) -> None:
        """Look as changed settings say."""
        adjusting.use_view(self.grid, view, changed)

    def state_to_keep(self) -> dict[str, Any]:
        """Return what the next run should find as it is."""
        return remembering.state_to_keep(self)

    # What is shown

    def marks_changed(self) -> None:
        """Show the marks as they are now."""
        self.grid.marks = set(self.session.marks.ids)
        self.grid.range_start = self.session.marks.range_start
        self.show_status()

    def items_changed(self, items: Sequence[Item]) -> None:
        """Take newer versions of rows."""
        if self.session.view is not None:
            self.session.view.replace(items)
            self.rows_changed()
            self.filtering.counts_wanted()

    def rows_changed(self) -> None:
        """Draw rows that arrived or changed."""
        self.grid.rows_changed()
        self.show_status()

    def sync_news(self, event: Event) -> None:
        """Show progress; look again where rows were written."""
        self.telling.sync_news(event)

    def show_state(self) -> None:
        """Show what is there, or what to do where nothing is."""
        self.telling.show_state()

    def show_status(self) -> None:
        """Show the position, the marks and the progress."""
        self.telling.show_status()
        self.lightbox.prepare_soon()

    # Messages of the search

    @on(SearchBox.Edited)
    def _edited(self, message: SearchBox.Edited) -> None:
        self.searching.edited(message.text)
        self.completing.edited()

    @on(SearchBox.CompletionWanted)
    def _completion_wanted(self) -> None:
        self.completing.take()

    def on_completions_found(self, message: CompletionsFound) -> None:
        """Offer ways to go on."""
        self.completing.found(message)

    @on(SearchBox.Submitted)
    def _submitted(self, message: SearchBox.Submitted) -> None:
        self.searching.submitted(message.text)
        self.focus_items()

    @on(SearchBox.Recalled)
    def _recalled(self) -> None:
        self.searching.back()

    def on_search_answered(self, message: SearchAnswered) -> None:
        """Show an answer."""
        self.searching.answered(message)

    def on_search_failed(self, message: SearchFailed) -> None:
        """Say what is wrong with the query."""
        self.searching.failed(message)

    @on(ThumbGrid.PageWanted)
    def _page_wanted(self, message: ThumbGrid.PageWanted) -> None:
        self.searching.want_rows(message.start, message.count)

    def on_page_loaded(self, message: PageLoaded) -> None:
        """Take rows of the open result."""
        self.searching.rows_read(message)

    # Messages of the filters

    def on_query_edited(self, message: QueryEdited) -> None:
        """Ask the query with a change that was made beside the box."""
        self.filtering.edit(message.edit)

    def on_facets_loaded(self, message: FacetsLoaded) -> None:
        """Show counts."""
        self.filtering.counted(message)

    @on(FilterSidebar.RangeWanted)
    def _range_wanted(self, message: FilterSidebar.RangeWanted) -> None:
        self.filtering.ask_range(message.field)

    @on(FilterSidebar.DatesWanted)
    def _dates_wanted(self, message: FilterSidebar.DatesWanted) -> None:
        self.filtering.read_dates(message.folders)

    def on_folder_found(self, message: asking.FolderFound) -> None:
        """Go into the folder that was found."""
        self.filtering.enter(message.value)

    def on_folder_dates(self, message: asking.FolderDates) -> None:
        """Put the folders in the order of their newest files."""
        self.filters.show_dates(message.dates)

    @on(FilterSidebar.AlbumChange)
    def _album_change_wanted(self, message: FilterSidebar.AlbumChange) -> None:
        self.lists.change("album", message.what, message.name)

    @on(FilterSidebar.FolderChange)
    def _folder_change_wanted(self, message: FilterSidebar.FolderChange) -> None:
        self.change_folder(message.what, message.value)

    @on(events.Resize)
    def _resized(self) -> None:
        self.filters.fit_into(self.app.size.width)
        self.call_after_refresh(self.show_status)

    @on(events.DescendantFocus)
    @on(events.DescendantBlur)
    def _focus_moved(self) -> None:
        is_here = self.focused is self.filters
        self.query_one(HintBar).aside = FILTER_HINTS if is_here else ()
        if not self.box.has_focus_within_box:
            self.completing.close()

    # Messages of cursor and marks

    @on(ThumbGrid.CursorMoved)
    def _cursor_moved(self) -> None:
        self.show_status()
        self.let_go()
        self.focus_play.rest()

    def on_info_loaded(self, message: InfoLoaded) -> None:
        """Show what is known of the item under the cursor."""
        self.aside.inspector.take(message)

    def on_frames_read(self, message: FramesRead) -> None:
        """Play the card under the cursor."""
        self.focus_play.take(message)

    @on(Pointed.Clicked)
    def _clicked(self, message: Pointed.Clicked) -> None:
        if message.with_key == "shift":
            self.marking.draw_range(self.grid.cursor, message.index, is_done=True)
            return
        self.grid.cursor = message.index
        if message.with_key:
            self.marking.mark(is_stepping=False)
        elif message.is_double:
            self.action_open()

    @on(Pointed.HeadingClicked)
    def _heading_clicked(self, message: Pointed.HeadingClicked) -> None:
        self.grid.cursor = message.index
        self.groups.switch()

    @on(RowList.SortWanted)
    def _sort_wanted(self, message: RowList.SortWanted) -> None:
        self.action_sort_by(message.sort)

    @on(Pointed.Wheeled)
    def _wheeled(self, message: Pointed.Wheeled) -> None:
        self.listing.move(0, message.rows)

    @on(Pointed.Dragged)
    def _dragged(self, message: Pointed.Dragged) -> None:
        self.marking.draw_range(message.first, message.last, is_done=message.is_done)

    def on_marked_found(self, message: asking.MarkedFound) -> None:
        """Go to the item that was found."""
        self.grid.cursor = message.index

    def on_item_hidden(self, message: asking.ItemHidden) -> None:
        """Ask again for an item that the result does not have: an undo may bring it back."""
        self.searching.look_again(message.item_id)

    def on_ids_loaded(self, message: asking.IdsLoaded) -> None:
        """Mark the ids that were asked for."""
        self.marking.ids_read(message)

    def on_outside_counted(self, message: asking.OutsideCounted) -> None:
        """Show how many marked items are not to be seen here."""
        self.marking.outside_counted(message)

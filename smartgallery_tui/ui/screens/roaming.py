"""Ways to other places: saved searches, things alike, folders, months, pages; and how it looks."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, get_args

from textual.content import Content

from smartgallery_tui.records import GraphicsName
from smartgallery_tui.ui import query_text
from smartgallery_tui.ui.content import line
from smartgallery_tui.ui.messages import FollowWanted, GraphicsWanted, Said, SearchWanted
from smartgallery_tui.ui.notices import HasNotices
from smartgallery_tui.ui.screens import adjusting, asking, picks
from smartgallery_tui.ui.screens.asking import SyncWanted
from smartgallery_tui.ui.screens.compare import CompareReady, CompareScreen, compared
from smartgallery_tui.ui.screens.item_screen import ItemScreen
from smartgallery_tui.ui.screens.jobs import JobsPopup
from smartgallery_tui.ui.screens.log_page import log_page
from smartgallery_tui.ui.screens.managing import AlbumNoteRead, ListChanged, ListManager
from smartgallery_tui.ui.screens.pages import TextReady, TextScreen
from smartgallery_tui.ui.screens.picker import Pick, PickerPopup, PicksLoaded
from smartgallery_tui.ui.screens.popup import ChoicePopup
from smartgallery_tui.ui.screens.statistics import statistics
from smartgallery_tui.ui.screens.theme_choice import ThemePopup

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smartgallery_tui.ui.background import Call
    from smartgallery_tui.ui.grouping import Grouping
    from smartgallery_tui.ui.session import Session

HOUR_S = 3600.0


class RoamingScreen(ItemScreen):
    """A screen that one can leave for other places."""

    DEFAULT_CSS = """
    RoamingScreen.-zen SearchBox { display: none; }
    RoamingScreen.-zen PillBar { display: none; }
    RoamingScreen.-zen FilterSidebar { display: none; }
    RoamingScreen.-zen StatusLine { display: none; }
    RoamingScreen.-zen HintBar { display: none; }
    """

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.lists = ListManager(self, self.action_searches)

    def on_screen_resume(self) -> None:
        """Look as the other screen was left."""
        self.set_class(self.session.is_zen, "-zen")

    @property
    def steps_by(self) -> Grouping:
        """What the keys of groups go by."""
        return self.session.steps_by

    def action_step_group(self, delta: int) -> None:
        """Go to the first item of the next group."""
        view = self.session.view
        if view is not None and view.total:
            call = asking.next_group(view, self.position, delta, self.steps_by)
            self.session.background.pages.submit("finding", call, self)

    def action_step_marked(self, delta: int) -> None:
        """Go to the next marked item."""
        view = self.session.view
        if view is not None and len(self.session.marks):
            call = asking.next_marked(view, self.session.marks.ids, self.position, delta)
            self.session.background.pages.submit("finding marks", call, self)

    def go_to_item(self, item_id: int) -> None:
        """Go to an item of the open result, if it has it."""
        view = self.session.view
        if view is not None:
            call = asking.find_item(view, item_id)
            self.session.background.pages.submit("finding", call, self)

    def action_follow(self) -> None:
        """Show the newest file as it lands; again: leave off."""
        self.app.post_message(FollowWanted())

    def action_zen(self) -> None:
        """Show only pictures, or everything again."""
        self.session.is_zen = not self.session.is_zen
        self.set_class(self.session.is_zen, "-zen")

    def _read(self, what: str, call: Call) -> None:
        self.read_for_dialog(what, call)

    def action_searches(self) -> None:
        """Choose a saved search, an album or a recent query."""
        self._read("reading searches", picks.searches(self.session.library))

    def action_pick_facet(self, name: str) -> None:
        """Choose a folder, a month, an album or a tag."""
        library, view = self.session.library, self.session.view
        text = query_text.canonical(view.result.text if view else "", library.query_aliases())
        self._read(f"reading {name}s", picks.facet(library, name, text))

    def action_alike(self) -> None:
        """Choose what other items should have in common with this one."""
        if self.current is not None:
            self._read("comparing", picks.alike(self.session.library, self.current))

    def on_picks_loaded(self, message: PicksLoaded) -> None:
        """Show the picker."""
        foot = "Tab: rename, delete, note. :save keeps the search you are in."
        is_managing = message.can_save
        popup = PickerPopup(
            message.title,
            message.picks,
            foot if is_managing else "",
            can_manage=is_managing,
        )
        self.app.push_screen(popup, partial(self._picked, message.field))

    def _picked(self, field: str, pick: Pick | None) -> None:
        """Search for what was picked: a query of its own, or a value beside what is asked now."""
        if pick is None:
            return
        if pick.is_to_change:
            self.lists.offer(pick.kind, pick.name)
            return
        if pick.lacks:
            words = f"{pick.name} names a folder that has nothing any more: {pick.lacks}"
            self.app.post_message(Said(words, "warning"))
        edit = partial(query_text.ask_only, field=field, value=pick.query) if field else None
        self.app.post_message(SearchWanted(pick.query, pick.sort, edit))

    def on_album_note_read(self, message: AlbumNoteRead) -> None:
        """Show the note of an album."""
        self.lists.note_read(message)

    def on_list_changed(self, message: ListChanged) -> None:
        """Say what became of a saved search or an album."""
        self.lists.changed(message)

    def action_statistics(self) -> None:
        """Show the totals."""
        self._read("counting", statistics(self.session.library))

    def action_log(self) -> None:
        """Show the end of the log."""
        said = tuple(self.app.notices.history) if isinstance(self.app, HasNotices) else ()
        self._read("reading the log", log_page(self.session.library, said))

    def on_text_ready(self, message: TextReady) -> None:
        """Show a page."""
        self.app.push_screen(TextScreen(message, self.session.background))

    def compare(self, ids: Sequence[int]) -> None:
        """Put items side by side, as many as there is room for."""
        if ids:
            self._read("comparing", compared(self.session.library, ids))
        else:
            self.app.post_message(Said("Mark two to four items to compare them.", "information"))

    def on_compare_ready(self, message: CompareReady) -> None:
        """Show items side by side."""
        self.app.push_screen(CompareScreen(self.session.pictures, message))

    def action_read_again(self) -> None:
        """Read the metadata of the marked items, or of this one, from their files again."""
        if ids := self.targets():
            self.app.post_message(SyncWanted(again=tuple(ids)))

    def action_read_all_again(self) -> None:
        """Read the metadata of all files again, or of those not read lately, after a question."""
        choices = [
            ("a", "all", Content("all files")),
            ("h", "old", Content("only files last read more than an hour ago")),
        ]
        wanted = {"all": SyncWanted(is_all_again=True), "old": SyncWanted(again_after_s=HOUR_S)}

        def answered(which: str | None) -> None:
            if which is not None:
                self.app.post_message(wanted[which])

        foot = "Browsing goes on meanwhile; Esc leaves it."
        self.app.push_screen(ChoicePopup("Read metadata again", choices, foot=foot), answered)

    def action_rescan(self) -> None:
        """Look for new and changed files."""
        self.app.post_message(SyncWanted())

    def action_settings(self) -> None:
        """Change the settings."""
        adjusting.open_settings(self.app, self.session)

    def action_jobs(self) -> None:
        """Show what runs, and stop what is chosen."""
        self.app.push_screen(JobsPopup(self.session))

    def action_theme(self) -> None:
        """Choose the colours."""
        names = [spec.name for spec in self.session.options.themes]
        choices = [(str(n)[-1], name, line(name)) for n, name in enumerate(names, 1)]
        popup = ThemePopup("Theme", choices, current=self.app.theme)
        self.app.push_screen(popup, self._use_theme)

    def action_use_theme(self, name: str) -> None:
        """Use the theme of a name."""
        self.app.theme = name

    def action_graphics(self, name: str = "") -> None:
        """Draw pictures another way, asked for by name or chosen from a list."""
        if name:
            self.app.post_message(GraphicsWanted(name))
            return
        names = get_args(GraphicsName)
        choices = [(str(n), each, Content(each)) for n, each in enumerate(names, 1)]
        now = self.session.pictures.caps.protocol
        popup = ChoicePopup("Draw pictures by", choices, current=now, foot="For this run.")
        self.app.push_screen(popup, lambda each: self.action_graphics(each) if each else None)

    def _use_theme(self, name: str | None) -> None:
        if name:
            self.app.theme = name

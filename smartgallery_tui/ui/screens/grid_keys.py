"""What the keys of the grid do: each action in a line or two, done by one of the grid's parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from textual import getters

from smartgallery_tui.records import Density
from smartgallery_tui.records.searches import SavedSearch
from smartgallery_tui.ui.messages import Said
from smartgallery_tui.ui.screens import adjusting, asking
from smartgallery_tui.ui.screens.compare import to_compare
from smartgallery_tui.ui.screens.names import TextPopup
from smartgallery_tui.ui.screens.popup import ChoicePopup
from smartgallery_tui.ui.screens.roaming import RoamingScreen
from smartgallery_tui.ui.screens.sort_menu import FALLING, SORTS, sort_choices
from smartgallery_tui.ui.widgets.filter_sidebar import FilterSidebar
from smartgallery_tui.ui.widgets.grid_layout import LARGEST_PX, SMALLEST_PX
from smartgallery_tui.ui.widgets.search_box import SearchBox
from smartgallery_tui.ui.widgets.thumb_grid import ThumbGrid

if TYPE_CHECKING:
    from smartgallery_tui.ui.grouping import Grouping
    from smartgallery_tui.ui.screens.aside import Aside
    from smartgallery_tui.ui.screens.completing import Completing
    from smartgallery_tui.ui.screens.filtering import Filtering
    from smartgallery_tui.ui.screens.grid_marks import GridMarks
    from smartgallery_tui.ui.screens.groups import Groups
    from smartgallery_tui.ui.screens.lightbox import Lightbox
    from smartgallery_tui.ui.screens.listing import Listing
    from smartgallery_tui.ui.screens.searching import Searching


class GridKeys(RoamingScreen):
    """The actions of the grid; the parts that do them are made by the screen."""

    searching: Searching
    filtering: Filtering
    marking: GridMarks
    listing: Listing
    groups: Groups
    aside: Aside
    completing: Completing
    lightbox: Lightbox
    box = getters.query_one(SearchBox)
    filters = getters.query_one(FilterSidebar)
    grid = getters.query_one(ThumbGrid)

    def focus_items(self) -> None:
        """Let the keys mean the items: cards take the focus, lines and empty places leave it."""
        is_hidden = self.listing.is_on or self.has_class("-empty")
        self.set_focus(None if is_hidden else self.grid)

    # Move

    def action_move(self, dx: int, dy: int) -> None:
        """Move the cursor."""
        self.listing.move(dx, dy)

    def action_page(self, pages: float) -> None:
        """Go pages down, or up where negative."""
        self.listing.page(pages)

    def action_first(self) -> None:
        """Go to the first item."""
        self.grid.cursor = 0

    def action_last(self) -> None:
        """Go to the last item."""
        self.grid.cursor = self.session.view.total - 1 if self.session.view else 0

    def action_go_to(self, place: int) -> None:
        """Go to the item of a number that counts from 1."""
        self.grid.cursor = place - 1

    def action_step(self, delta: int) -> None:
        """Go to the next or previous item."""
        self.grid.cursor += delta

    @property
    def steps_by(self) -> Grouping:
        """What the keys of groups go by."""
        return self.marking.steps_by

    # View

    def action_open(self) -> None:
        """Show the picture large, or leave a pick with the choice."""
        view = self.session.view
        if view is not None and not view.total:
            self._take_suggestion()
        elif self.session.options.is_pick:
            self.app.post_message(asking.Picked())
        elif view is not None and view.closed(self.grid.cursor):
            self.groups.open()
        else:
            self.open_large()

    def _take_suggestion(self) -> None:
        suggestions = self.searching.suggestions
        if suggestions is not None and suggestions.spellings:
            self.searching.search_for(suggestions.spellings[0].query)

    def open_large(self, *, is_showing: bool = False) -> None:
        """Show the item under the cursor large, be it the first of a closed group."""
        if self.current is None:
            return
        self.session.steps_by = self.marking.steps_by

        def came_back(index: int) -> None:
            self.grid.cursor = index
            self.marks_changed()

        self.lightbox.open(self.grid.cursor, came_back, is_showing=is_showing)

    def action_slideshow(self) -> None:
        """Open the picture and step on by itself."""
        self.open_large(is_showing=True)

    def action_compare(self) -> None:
        """Put marked items side by side; without marks, this one and the one before."""
        self.compare(to_compare(self.session, self.grid.cursor))

    def action_resize(self, steps: int) -> None:
        """Make the pictures bigger or smaller; in the list, sort by the chosen column."""
        self.listing.resize(steps)

    def action_density(self) -> None:
        """Put the cards closer together, or further apart after the closest."""
        densities = get_args(Density)
        place = densities.index(self.grid.density)
        self.action_use_density(densities[(place + 1) % len(densities)])

    def action_use_density(self, name: Density) -> None:
        """Put the cards as close as a density says."""
        self.grid.density = name
        self.app.post_message(Said(f"Cards: {name}.", "information"))

    def action_use_size(self, picture_px: int) -> None:
        """Make the pictures as big as a number of pixels says."""
        self.grid.picture_px = max(SMALLEST_PX, min(LARGEST_PX, picture_px))

    def action_list(self) -> None:
        """Change between pictures and lines."""
        self.listing.switch()

    def action_group(self) -> None:
        """Choose what stands under one heading."""
        self.groups.choose()

    def action_group_by(self, name: str) -> None:
        """Put headings above what has this in common."""
        self.groups.use(name)

    def action_close_group(self) -> None:
        """Show the group under the cursor as one card."""
        self.groups.close()

    def action_open_group(self) -> None:
        """Show all items of the group under the cursor."""
        self.groups.open()

    def action_all_groups(self, is_closing: bool) -> None:
        """Close all groups, or open them."""
        self.groups.set_all(is_closing=is_closing)

    async def action_info(self) -> None:
        """Show or hide what is known of the item under the cursor."""
        await self.aside.make_panel()
        self.aside.inspector.switch()
        self.call_after_refresh(self.aside.show)

    async def action_tab(self, delta: int) -> None:
        """Show another tab of the information."""
        await self.aside.step_tab(delta)

    async def action_raw(self) -> None:
        """Show the raw data of the item under the cursor."""
        await self.aside.make_panel()
        self.aside.inspector.open("raw")

    def action_scroll_info(self, pages: float) -> None:
        """Scroll what is known of the item under the cursor, if it is shown."""
        self.aside.scroll(pages)

    def action_list_picture(self) -> None:
        """Show the picture beside the lines, or leave the room to them."""
        self.aside.switch_picture()

    # Search

    def action_search(self) -> None:
        """Let keys go into the search box."""
        self.box.focus_box()

    def action_filter(self) -> None:
        """Open the filters and go there; from there, close them."""
        self.filtering.switch()

    def action_subfolders(self) -> None:
        """Let the folders that are asked for mean all beneath them, or themselves alone."""
        self.filtering.switch_subfolders()

    def action_drop_term(self) -> None:
        """Choose a part of the query and take it away."""
        self.filtering.drop_term()

    def action_folder_up(self) -> None:
        """Go to the folder above."""
        self.filtering.go_up()

    def action_folder_into(self) -> None:
        """Go one folder further down towards the file under the cursor."""
        self.filtering.go_into()

    def action_back(self) -> None:
        """Go back to the question before."""
        self.searching.back()

    def action_sort(self) -> None:
        """Choose the order."""
        asked = self.searching.asked
        popup = ChoicePopup(
            "Sort by",
            sort_choices(),
            current=f"{asked.sort} {'down' if asked.is_descending else 'up'}",
            foot="Capital letters turn the order round.",
        )

        def chosen(choice: str | None) -> None:
            if choice is not None:
                sort, _, way = choice.partition(" ")
                self.searching.sort_by(SORTS[sort], is_descending=way == "down")

        self.app.push_screen(popup, chosen)

    def action_sort_by(self, name: str) -> None:
        """Take an order by its name, its usual way; the same again turns it round."""
        asked = self.searching.asked
        is_same = asked.sort == name
        is_descending = not asked.is_descending if is_same else name in FALLING
        self.searching.sort_by(SORTS[name], is_descending=is_descending)

    def action_save_search(self) -> None:
        """Ask for a name and keep the search."""
        asked = self.searching.asked

        def named(name: str | None) -> None:
            if name:
                search = SavedSearch(name, asked.text, asked.sort, asked.is_descending)
                self._read("saving", asking.save_search(self.session.library, search))

        self.app.push_screen(TextPopup("Name of this search", asked.text[:40]), named)

    # Mark

    def action_mark(self, is_stepping: bool) -> None:
        """Mark the item under the cursor."""
        self.marking.mark(is_stepping=is_stepping)

    def action_range(self) -> None:
        """Begin a range, or mark everything from its beginning to the cursor."""
        self.marking.mark_range()

    def action_invert(self) -> None:
        """Mark what is not marked."""
        self.marking.mark_places(0, None, is_inverting=True)

    def action_mark_all(self) -> None:
        """Mark every result."""
        self.marking.mark_places(0, None)

    # Program

    def action_hidden(self) -> None:
        """Index hidden files too, or leave them out again; for this run."""
        adjusting.switch_hidden(self.app, self.session)

    def action_escape(self) -> None:
        """Step back: clear the box, leave it, clear the search, clear the marks."""
        self.close_notices()
        if self.completing.close():
            pass
        elif self.box.has_focus_within_box and self.box.text:
            self.box.text = ""
            self.searching.search_for("")
        elif self.focused is self.filters and self.filters.leave_narrow():
            pass
        elif self.focused not in (None, self.grid):
            self.focus_items()
        elif self.searching.asked.text or self.searching.error:
            self.searching.search_for("")
        elif self.session.marks.clear():
            self.marks_changed()

    def action_quit(self) -> None:
        """Leave the program."""
        self.app.post_message(asking.QuitWanted())

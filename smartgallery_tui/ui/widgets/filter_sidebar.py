"""The filter sidebar: facets with counts; choosing a value edits the query, nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widgets.option_list import Option

from smartgallery_tui.records import Facets
from smartgallery_tui.ui import query_text
from smartgallery_tui.ui.filter_rows import SHOWN_AS, Row, Shown, rows
from smartgallery_tui.ui.folder_tree import ORDERS, parent_of
from smartgallery_tui.ui.messages import QueryEdited
from smartgallery_tui.ui.widgets.choice_list import ChoiceList
from smartgallery_tui.ui.widgets.filter_line import narrow_option, option

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from textual import events
    from textual.widgets import OptionList

    from smartgallery_tui.ui.folder_tree import FolderOrder

SLIM_COLUMNS = 56
"""Below this width of the screen the filters take the place of the grid while they are open."""
NARROWEST_CELLS, WIDEST_CELLS, _STEP_CELLS = 20, 60, 4
ALBUM_CHANGES = {"rename": "rename", "trash": "delete", "note": "note"}
"""What the keys of folders do to an album."""
HINTS = (
    ("Enter", "Ask"), ("-", "Exclude"), ("/", "Find"), ("l", "Open"), ("h", "Close"),
    ("a", "New folder"), ("r", "Rename"), ("d", "Trash"), ("> <", "Width"), ("F", "Close"),
)  # fmt: skip
"""Keys for the hint row while the filters have the focus."""


class FilterSidebar(ChoiceList):
    """Facets of the current query: Enter or Space asks for a value, `-` excludes it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "select", "Ask for it", show=False),
        Binding("minus,x", "exclude", "Exclude it", show=False),
        Binding("c", "clear_all", "Clear all", show=False),
        Binding("right,l", "twist(True)", "Open the folder", show=False),
        Binding("left,h", "twist(False)", "Close the folder", show=False),
        Binding("s", "order", "Folders by name or date", show=False),
        Binding("slash", "narrow", "Find a value", show=False),
        Binding("a", "folder('make')", "Make a folder in it", show=False),
        Binding("r", "folder('rename')", "Rename the folder or album", show=False),
        Binding("d", "folder('trash')", "Trash the folder, delete the album", show=False),
        Binding("M", "folder('note')", "Note of the album", show=False),
        Binding("greater_than_sign", "widen(1)", "Wider", show=False),
        Binding("less_than_sign", "widen(-1)", "Narrower", show=False),
    ]
    """
    | Keys | Does |
    | :- | :- |
    | Enter Space | Ask for the value, or take it back. |
    | - x | Exclude the value, or take it back. |
    | / | Type to find a value. |
    | l h | Open or close a section, folder or album. |
    | s | Folders by name, newest first, and both turned round. |
    | c | Clear the whole search. |
    | a r d | Make a folder in a folder, rename it, move it to the trash. |
    | r d M | Rename or delete an album, write its note. |
    | < > | Make the sidebar narrower or wider. |
    """

    cells: reactive[int] = reactive(32, init=False, layout=True)
    """Columns that it takes where it stands beside the grid."""

    DEFAULT_CSS = """
    FilterSidebar {
        width: 32; height: 1fr; max-height: 100%; background: $surface;
        border-right: vkey $panel; scrollbar-size-vertical: 1;
        &:focus { border: none; border-right: vkey $accent; }
    }
    """

    @dataclass
    class RangeWanted(Message):
        """A range of a field is to be typed."""

        field: str

    @dataclass
    class DatesWanted(Message):
        """Folders are to stand newest first."""

        folders: list[str]

    @dataclass
    class AlbumChange(Message):
        """An album is to be renamed or deleted, or its note to be written."""

        what: str
        name: str

    @dataclass
    class FolderChange(Message):
        """A folder is to be made in another, renamed or moved to the trash."""

        what: str
        value: str
        """The folder as a query names it."""

    def __init__(self) -> None:
        super().__init__(id="filters")
        self.shown, self._facets, self._text = Shown(), Facets(), ""
        self._rows: dict[str, Row] = {}
        self._is_narrowing = False

    def show(self, facets: Facets, text: str) -> None:
        """Show counts under a query; the highlight stays on its value."""
        self._facets = facets
        self.show_text(text)

    def show_text(self, text: str) -> None:
        """Show which values a query names, before its counts are here."""
        self._text = text
        self._rebuild()

    def show_dates(self, dates: Mapping[str, int]) -> None:
        """Put folders in the order of their newest files."""
        self.shown.dates = dates
        self._rebuild()

    def states(self) -> dict[tuple[str, str], str]:
        """Return the state that is shown for each listed value of each field."""
        return {
            (row.field, row.value): row.state
            for row in self._rows.values()
            if row.kind in {"value", "branch"}
        }

    def action_exclude(self) -> None:
        """Exclude the highlighted value; take a range or a term away."""
        self._choose(is_excluded=True)

    def action_select(self) -> None:
        """Ask for the highlighted value, or open its section."""
        self._choose(is_excluded=False)

    def action_clear_all(self) -> None:
        """Ask for an empty query."""
        self.post_message(QueryEdited(lambda _text: ""))

    def action_twist(self, is_opening: bool) -> None:
        """Open or close a section or branch; what is closed hands over to what it lies in."""
        row = self._highlighted_row()
        if row is None:
            return
        closed = self.shown.closed
        if row.kind == "heading":
            (closed.discard if is_opening else closed.add)(row.field)
        elif row.kind == "branch" and (is_opening or row.is_open or parent_of(row.value)):
            self._twist_branch(row, is_opening=is_opening)
            return
        elif not is_opening and row.field:
            field = SHOWN_AS.get(row.field, row.field) if row.kind != "range" else "ranges"
            closed.add(field)
            self._rebuild(f"heading:{field}")
            return
        self._rebuild()

    def _twist_branch(self, row: Row, *, is_opening: bool) -> None:
        opened = self.shown.albums if row.field == "album" else self.shown.folders
        wanted = None
        if is_opening and row.is_open is False:
            opened.add(row.value)
        elif not is_opening and row.is_open:
            opened.discard(row.value)
        elif not is_opening:
            parent = parent_of(row.value)
            opened.discard(parent)
            wanted = f"value:{row.field}:{parent}"
        self._rebuild(wanted)

    def action_folder(self, what: str) -> None:
        """Ask for a change of the highlighted folder or album."""
        row = self._highlighted_row()
        if row is None or row.kind != "branch":
            return
        if row.field == "album" and what in ALBUM_CHANGES:
            self.post_message(self.AlbumChange(ALBUM_CHANGES[what], row.value))
        elif row.field == "folder" and what != "note":
            self.post_message(self.FolderChange(what, row.value))

    def action_widen(self, steps: int) -> None:
        """Make the sidebar wider or narrower."""
        self.cells = self.cells + steps * _STEP_CELLS

    def validate_cells(self, cells: int) -> int:
        """Keep room for a value and for the grid."""
        return max(NARROWEST_CELLS, min(WIDEST_CELLS, cells))

    def watch_cells(self) -> None:
        """Take the width."""
        self.fit_into(self.app.size.width)

    def fit_into(self, screen_cells: int) -> None:
        """Take all of a slim screen, else the width that was chosen."""
        self.styles.width = "100%" if screen_cells < SLIM_COLUMNS else self.cells

    def action_order(self) -> None:
        """Take the next order of folders: by name, newest first, and both turned round."""
        orders = list(ORDERS)
        self.use_order(orders[(orders.index(self.shown.order) + 1) % len(orders)])

    def use_order(self, order: FolderOrder) -> None:
        """Put folders in an order."""
        self.shown.order = order
        if order.startswith("date"):
            folders = [value.value for value in self._facets["folder"]]
            self.post_message(self.DatesWanted(folders))
        self._rebuild()

    def action_narrow(self) -> None:
        """Take the next letters as text to find values by."""
        self._is_narrowing = True
        self._rebuild()

    def on_key(self, event: events.Key) -> None:
        """While a value is being found, letters belong to its text."""
        if not self._is_narrowing:
            return
        text = self.shown.narrow
        if event.key == "escape":
            text, self._is_narrowing = "", False
        elif event.key == "enter":
            self._is_narrowing = False
        elif event.key == "backspace":
            text = text[:-1]
        elif event.is_printable and event.character:
            text += event.character
        else:
            return
        event.stop()
        event.prevent_default()
        self.shown.narrow = text
        self._rebuild()

    def leave_narrow(self) -> bool:
        """List everything again; return whether anything was left out."""
        was = self._is_narrowing or bool(self.shown.narrow)
        self.shown.narrow, self._is_narrowing = "", False
        if was:
            self._rebuild()
        return was

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Treat a click like Enter."""
        event.stop()
        self._choose(is_excluded=False)

    def on_mount(self) -> None:
        """Make the lines anew under another theme: one of sixteen colours dims nothing."""
        self.app.theme_changed_signal.subscribe(self, lambda _theme: self._rebuild())

    def on_resize(self) -> None:
        """Fit the texts to the new width."""
        self._rebuild()

    def _highlighted_row(self) -> Row | None:
        option = self.highlighted_option
        return self._rows.get(option.id) if option is not None and option.id else None

    def _choose(self, *, is_excluded: bool) -> None:
        row = self._highlighted_row()
        if row is None:
            return
        if row.kind == "more":
            self.shown.facets ^= {row.field}
            self._rebuild()
        elif row.kind == "heading":
            self.shown.closed ^= {row.field}
            self._rebuild()
        elif row.kind == "range" and not is_excluded:
            self.post_message(self.RangeWanted(row.field))
        else:
            self.post_message(QueryEdited(_edit(row, is_excluded=is_excluded)))

    def _rebuild(self, wanted: str | None = None) -> None:
        highlighted = self.highlighted_option
        wanted = wanted or (highlighted.id if highlighted else None)
        top = self.scroll_offset.y
        found = rows(self._facets, self._text, self.shown)
        self._rows = {row.id: row for row in found if row.id}
        width, is_ansi = self.size.width, self.app.current_theme.ansi
        order = ORDERS[self.shown.order]
        options = [option(row, width, is_ansi=is_ansi, order=order) for row in found]
        if self.shown.narrow or self._is_narrowing:
            line = narrow_option(
                self.shown.narrow, width, is_typing=self._is_narrowing, is_empty=not options
            )
            options.insert(0, line)
        elif not options:
            options = [Option(Content.styled("Nothing to filter by yet", "dim"), disabled=True)]
        self.clear_options()
        self.add_options(options)
        places = {each.id: place for place, each in enumerate(options) if each.id}
        place = places.get(wanted) if wanted else None
        if place is None or (self._is_narrowing and wanted and wanted.startswith("heading:")):
            values = [at for name, at in places.items() if not name.startswith("heading:")]
            place = min(values or places.values(), default=None)
        self.highlighted = place
        self.scroll_to(y=top, animate=False)


def _edit(row: Row, *, is_excluded: bool) -> Callable[[str], str]:
    """Return what choosing a line makes of the query."""
    if row.kind == "clear":
        return lambda _text: ""
    if row.kind == "term":
        return partial(query_text.without_term, number=int(row.value))
    if row.kind == "range":
        return partial(query_text.set_term, field=row.field, value="")
    return partial(query_text.toggle, field=row.field, value=row.value, exclude=is_excluded)

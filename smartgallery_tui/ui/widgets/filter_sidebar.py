"""The filter sidebar: facets with counts; choosing a value edits the query, nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets.option_list import Option

from smartgallery_tui.records import Facets
from smartgallery_tui.ui import query_text
from smartgallery_tui.ui.content import fit
from smartgallery_tui.ui.filter_rows import Row, Shown, rows
from smartgallery_tui.ui.folder_tree import parent_of
from smartgallery_tui.ui.messages import QueryEdited
from smartgallery_tui.ui.widgets.choice_list import ChoiceList

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from textual import events
    from textual.widgets import OptionList

    from smartgallery_tui.ui.folder_tree import FolderOrder

_MARKS = {"+": "●", "-": "−", "": "·"}  # noqa: RUF001 - a minus that is as wide as the dots
_TWISTS = {True: "▾", False: "▸", None: " "}
_STYLES = {"+": "bold $success", "-": "$text-error strike", "": ""}


HINTS = (
    ("Enter", "Ask"), ("-", "Exclude"), ("/", "Find"), ("l", "Open"), ("h", "Close"),
    ("a", "New folder"), ("r", "Rename"), ("d", "Trash"), ("F", "Close"),
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
        Binding("r", "folder('rename')", "Rename the folder", show=False),
        Binding("d", "folder('trash')", "Trash the folder", show=False),
    ]
    """
    | Keys | Does |
    | :- | :- |
    | Enter Space | Ask for the value, or take it back. |
    | - x | Exclude the value, or take it back. |
    | / | Type to find a value. |
    | l h | Open or close a folder. |
    | s | Folders by name, or newest first. |
    | c | Clear the whole search. |
    | a r d | Make a folder in a folder, rename it, move it to the trash. |
    """

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
    class FolderChange(Message):
        """A folder is to be made in another, renamed or moved to the trash."""

        what: str
        value: str
        """The folder as a query names it."""

    def __init__(self) -> None:
        super().__init__(id="filters")
        self.shown = Shown()
        self._facets = Facets()
        self._text = ""
        self._rows: dict[str, Row] = {}
        self._is_narrowing = False

    def show(self, facets: Facets, text: str) -> None:
        """Show counts under a query; the highlight stays on its value."""
        self._facets = facets
        self._text = text
        self._rebuild()

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
            if row.kind in {"value", "folder"}
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
        """Open or close the highlighted folder; a closed one hands over to its parent."""
        row = self._highlighted_row()
        if row is None or row.kind != "folder":
            return
        folders = self.shown.folders
        if is_opening and row.is_open is False:
            folders.add(row.value)
        elif not is_opening and row.is_open:
            folders.discard(row.value)
        elif not is_opening and (parent := parent_of(row.value)):
            folders.discard(parent)
            self._rebuild(f"value:folder:{parent}")
            return
        self._rebuild()

    def action_folder(self, what: str) -> None:
        """Ask for a change of the highlighted folder."""
        row = self._highlighted_row()
        if row is not None and row.kind == "folder":
            self.post_message(self.FolderChange(what, row.value))

    def action_order(self) -> None:
        """Order folders by name, or newest first."""
        order: FolderOrder = "name" if self.shown.order == "date" else "date"
        self.shown.order = order
        if order == "date":
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
        was = bool(self.shown.narrow) or self._is_narrowing
        self.shown.narrow, self._is_narrowing = "", False
        if was:
            self._rebuild()
        return was

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Treat a click like Enter."""
        event.stop()
        self._choose(is_excluded=False)

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
        options = [self._option(row) for row in found]
        if self.shown.narrow or self._is_narrowing:
            options.insert(0, self._narrow_option(is_empty=not options))
        elif not options:
            options = [Option(Content.styled("Nothing to filter by yet", "dim"), disabled=True)]
        self.clear_options()
        self.add_options(options)
        places = {option.id: place for place, option in enumerate(options) if option.id}
        place = places.get(wanted) if wanted else None
        self.highlighted = place if place is not None else min(places.values(), default=None)
        self.scroll_to(y=top, animate=False)

    def _narrow_option(self, *, is_empty: bool) -> Option:
        cursor = "▏" if self._is_narrowing else ""
        note = "  nothing" if is_empty else ""
        text = fit(self.shown.narrow, max(4, self.size.width - 12))
        body = Content.assemble(("/ ", "bold $accent"), text, cursor, (note, "dim"))
        return Option(body, disabled=True)

    def _option(self, row: Row) -> Option:
        if row.kind == "heading":
            note = " newest first" if row.label == "Folder" and self._is_by_date else ""
            body = Content.assemble((row.label, "bold $accent"), (note, "dim"))
            return Option(body, disabled=True)
        if row.kind in {"more", "clear"}:
            return Option(Content.styled(f"  {row.label}", "dim"), id=row.id)
        return Option(self._line(row), id=row.id)

    @property
    def _is_by_date(self) -> bool:
        return self.shown.order == "date"

    def _line(self, row: Row) -> Content:
        style = _STYLES[row.state]
        indent = "  " * min(row.depth, 6)
        twist = f"{_TWISTS[row.is_open]} " if row.kind == "folder" else ""
        lead = f"{indent}{_MARKS[row.state]} {twist}"
        width = max(12, self.size.width - 3)
        note = fit(row.note, width // 2)
        room = max(4, width - len(lead) - Content(note).cell_length - 1)
        name = fit(row.label, room)
        gap = " " * max(1, room - Content(name).cell_length + 1)
        note_style = style if row.kind == "range" else "dim"
        return Content.assemble((lead, style or "dim"), (name, style), gap, (note, note_style))


def _edit(row: Row, *, is_excluded: bool) -> Callable[[str], str]:
    """Return what choosing a line makes of the query."""
    if row.kind == "clear":
        return lambda _text: ""
    if row.kind == "term":
        return partial(query_text.without_term, number=int(row.value))
    if row.kind == "range":
        return partial(query_text.set_term, field=row.field, value="")
    return partial(query_text.toggle, field=row.field, value=row.value, exclude=is_excluded)

"""A dialog with a field above a list: typing narrows the list, the arrows move in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Generic

from textual import events, on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from smartgallery_tui.ui.screens.popup import Popup, ResultT
from smartgallery_tui.ui.widgets.choice_list import ChoiceList

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

SHOWN = 300
"""Rows that a list holds; typing brings up the others."""


class FieldListPopup(Popup[ResultT], Generic[ResultT]):
    """The field, the list and their keys; what they mean is up to each dialog.

    A dialog says what is in the list by `show_rows`, and answers `typed`, `entered` and `chosen`.

    Args:
        title: Heading; safe already.
        text: What stands in the field.
        placeholder: Shown in an empty field; ours.
        foot: A line below; ours.
        nothing: Shown in an empty list; ours.
    """

    AUTO_FOCUS = "Input"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Close", show=False)]
    DEFAULT_CSS = """
    FieldListPopup > Vertical { width: 76; }
    FieldListPopup Input { border: none; height: 1; padding: 0; background: $panel; }
    FieldListPopup Input:focus { border: none; background-tint: transparent; }
    """

    def __init__(
        self,
        title: Content,
        *,
        text: str = "",
        placeholder: str = "",
        foot: str = "",
        nothing: str = "Nothing fits.",
    ) -> None:
        super().__init__()
        self._title = title
        self._text = text
        self._placeholder = placeholder
        self._foot = foot
        self._nothing = nothing
        self._listed_for: str | None = None

    def compose(self) -> ComposeResult:
        """Make the field and the list."""
        with Vertical():
            yield Static(self._title, id="title", classes="popup-title")
            yield Input(
                self._text,
                placeholder=self._placeholder,
                compact=True,
                select_on_focus=False,
                id="field",
            )
            yield ChoiceList(id="rows")
            if self._foot:
                yield Static(Content(self._foot), id="foot", classes="popup-foot")

    def on_mount(self) -> None:
        """Fill the list."""
        self._list_for(self._text)

    @property
    def field(self) -> Input:
        """The field."""
        return self.query_one("#field", Input)

    @property
    def place(self) -> int | None:
        """Position of the highlighted row."""
        return self.query_one("#rows", ChoiceList).highlighted

    def typed(self, text: str) -> None:
        """Show the rows that fit a text."""
        raise NotImplementedError

    def entered(self, text: str) -> None:
        """Answer Enter in the field."""
        raise NotImplementedError

    def chosen(self, place: int) -> None:
        """Answer Enter or a click on a row."""
        raise NotImplementedError

    def show_rows(self, rows: Sequence[Content], highlighted: int | None = 0) -> None:
        """Put rows into the list.

        Args:
            rows: Safe already.
            highlighted: The row that Enter means; None: none before an arrow key.
        """
        listed = self.query_one("#rows", ChoiceList)
        listed.clear_options()
        listed.add_options(Option(row) for row in rows)
        if not rows:
            listed.add_option(Option(Content.styled(self._nothing, "dim"), disabled=True))
        listed.highlighted = highlighted if rows else None

    def say_below(self, text: str) -> None:
        """Change the line below the list."""
        self.query_one("#foot", Static).update(Content(text))

    def _list_for(self, text: str) -> None:
        """Bring the list up to date: Tab and Enter may come before the news of the last letter."""
        if text != self._listed_for:
            self._listed_for = text
            self.typed(text)

    @on(Input.Changed, "#field")
    def _changed(self, event: Input.Changed) -> None:
        self._list_for(event.value)

    @on(Input.Submitted, "#field")
    def _submitted(self, event: Input.Submitted) -> None:
        self._list_for(event.value)
        self.entered(event.value)

    @on(OptionList.OptionSelected, "#rows")
    def _selected(self, event: OptionList.OptionSelected) -> None:
        self.chosen(event.option_index)

    def tabbed(self) -> bool:
        """Answer Tab; return whether it meant something here."""
        return False

    def turned(self) -> bool:
        """Answer Shift+Tab; return whether it meant something here."""
        return False

    def on_key(self, event: events.Key) -> None:
        """Move the highlight while the field has the keys, and take Tab.

        No binding with priority: it would overtake the letters that were typed before it.
        """
        moves = {"down": "cursor_down", "up": "cursor_up"}
        moves |= {"pagedown": "page_down", "pageup": "page_up"}
        if event.key in {"tab", "shift+tab"}:
            self._list_for(self.field.value)
            is_taken = self.tabbed() if event.key == "tab" else self.turned()
        elif event.key in moves and self.field.has_focus:
            getattr(self.query_one("#rows", ChoiceList), f"action_{moves[event.key]}")()
            is_taken = True
        else:
            return
        if is_taken:
            event.stop()
            event.prevent_default()

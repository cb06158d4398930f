"""The search box: one line to type in, and below it what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from smartgallery_tui.ui.content import line
from smartgallery_tui.ui.widgets.completion_list import CompletionList

if TYPE_CHECKING:
    from textual.app import ComposeResult


class QueryInput(Input):
    """The line itself: its keys go to the list of completions first, then leave the box."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "lower", "Next completion, or to the results", show=False),
        Binding("up", "upper", "Completion before, or earlier searches", show=False),
        Binding("tab", "complete", "Complete", show=False),
    ]

    @property
    def _completions(self) -> CompletionList | None:
        return self.screen.query_one_optional(CompletionList)

    def action_lower(self) -> None:
        """Go to the next completion, or to the results."""
        listed = self._completions
        if listed is None or not listed.move(1):
            self.post_message(self.Submitted(self, self.value))

    def action_upper(self) -> None:
        """Go to the completion before, or ask for the search before this one."""
        listed = self._completions
        if listed is None or listed.highlighted is None or not listed.move(-1):
            self.post_message(SearchBox.Recalled())

    def action_complete(self) -> None:
        """Take the best completion, or ask for some."""
        self.post_message(SearchBox.CompletionWanted())

    async def action_submit(self) -> None:
        """Take the completion that is highlighted, else the whole query."""
        listed = self._completions
        if listed is not None and listed.highlighted is not None:
            self.action_complete()
        else:
            await super().action_submit()


class SearchBox(Vertical):
    """A query box with a row for errors and suggestions that is only there when it is needed."""

    DEFAULT_CSS = """
    SearchBox { height: auto; width: 100%; background: $surface; }
    SearchBox > Horizontal { height: 1; }
    SearchBox #query-mark { width: 3; color: $accent; padding: 0 1; }
    SearchBox #query-count { width: auto; padding: 0 1; color: $text-muted; }
    SearchBox QueryInput {
        border: none; height: 1; padding: 0; background: $surface; width: 1fr;
        &:focus { border: none; background-tint: transparent; }
    }
    SearchBox #query-note { height: auto; max-height: 3; padding: 0 1 0 3; display: none; }
    SearchBox.-noted #query-note { display: block; }
    SearchBox.-error #query-note { color: $text-error; }
    """

    @dataclass
    class Edited(Message):
        """The text changed under the user's hands."""

        text: str

    @dataclass
    class Submitted(Message):
        """The user is done typing."""

        text: str

    class Recalled(Message):
        """The user wants an earlier search back."""

    class CompletionWanted(Message):
        """The user wants to go on as a completion says."""

    _count = ""
    """The figure shown."""

    def compose(self) -> ComposeResult:
        """Make the row and the note."""
        with Horizontal():
            yield Static("/", id="query-mark", markup=False)
            yield QueryInput(
                placeholder="search: words, model:flux, cfg:>7, -word; Tab completes",
                select_on_focus=False,
                compact=True,
                id="query",
            )
            yield Static("", id="query-count", markup=False)
        yield Static("", id="query-note", markup=False)

    @property
    def text(self) -> str:
        """The query as typed."""
        return self.query_one("#query", QueryInput).value

    @text.setter
    def text(self, value: str) -> None:
        box = self.query_one("#query", QueryInput)
        if box.value == value:
            return
        with box.prevent(Input.Changed):
            box.value = value
        box.cursor_position = len(value)

    @property
    def cursor(self) -> int:
        """Where the next letter goes."""
        return self.query_one("#query", QueryInput).cursor_position

    def replace(self, start: int, end: int, text: str) -> None:
        """Put `text` in the place of a part of the query, as if it had been typed."""
        box = self.query_one("#query", QueryInput)
        box.replace(text, start, end)
        box.cursor_position = start + len(text)

    @property
    def has_focus_within_box(self) -> bool:
        """True while keys go into the box."""
        return self.query_one("#query", QueryInput).has_focus

    def focus_box(self) -> None:
        """Let keys go into the box, from the very next one on: a widget's own `focus` waits."""
        self.screen.set_focus(self.query_one("#query", QueryInput))

    def show_count(self, text: str) -> None:
        """Show a short figure at the right end; the same again costs nothing."""
        if text != self._count:
            # A new text may be wider: Textual lays out the whole screen for it.
            self._count = text
            self.query_one("#query-count", Static).update(Content(text))

    def show_error(self, reason: str, column: int, suggestion: str) -> None:
        """Say what is wrong, with a mark under its column."""
        indent = min(column, max(0, self.size.width - 8))
        words = reason + (f" Did you mean {suggestion}?" if suggestion else "")
        note = Content(" " * indent + "^ ") + line(words)
        self.query_one("#query-note", Static).update(note)
        self.add_class("-noted", "-error")

    def clear_note(self) -> None:
        """Take the note away."""
        if self.has_class("-noted"):
            self.remove_class("-noted", "-error")

    @on(Input.Changed, "#query")
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Edited(event.value))

    @on(Input.Submitted, "#query")
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Submitted(event.value))

"""A dialog for the note of one item or of many: several lines, kept by a key of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static, TextArea

from smartgallery_tui.terminal.safe_text import safe
from smartgallery_tui.ui import format as words
from smartgallery_tui.ui.content import plain
from smartgallery_tui.ui.screens.popup import ConfirmPopup, Popup

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from smartgallery_tui.records import SharedData
    from smartgallery_tui.ui.scope import Scope

LIMIT_CHARACTERS = 20_000
_SHOWN_NOTES = 3


@dataclass
class NotesLoaded(Message):
    """The notes of what an action means."""

    scope: Scope
    said: SharedData


class NotePopup(Popup[str]):
    """Asks for a note; the result is what is to be written, None to leave all as it is.

    Where all items have the same note it can be edited; where they differ the field is empty, and
    what would be replaced is told and asked.

    Args:
        scope: Whose note.
        said: What they have now.
        grace_s: How long questions ignore keys after opening.
    """

    AUTO_FOCUS = "TextArea"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Close", show=False),
        Binding("ctrl+s", "keep", "Keep", show=False),
    ]
    DEFAULT_CSS = """
    NotePopup > Vertical { width: 76; }
    NotePopup TextArea { border: none; height: auto; min-height: 4; max-height: 14; padding: 0; }
    NotePopup TextArea:focus { border: none; }
    NotePopup #others { color: $text-warning; height: auto; }
    """

    def __init__(self, scope: Scope, said: SharedData, *, grace_s: float) -> None:
        super().__init__()
        self._scope = scope
        self._said = said
        self._grace_s = grace_s
        with_note = sum(note.total for note in said.notes)
        is_shared = len(said.notes) == 1 and with_note == said.total
        note = said.notes[0].value if is_shared else ""
        self._before = safe(note, LIMIT_CHARACTERS, newlines=True)
        self._others = 0 if is_shared else with_note

    def compose(self) -> ComposeResult:
        """Make the field."""
        with Vertical():
            title = Content(f"Note of {self._scope.words}")
            yield Static(title, id="title", classes="popup-title")
            yield TextArea(self._before, id="note", compact=True, soft_wrap=True)
            if self._others:
                yield Static(Content(self._told()), id="others")
            foot = "Ctrl+S keeps it, Enter begins a line, Esc leaves it; empty: no note."
            yield Static(Content(foot), classes="popup-foot")

    def _told(self) -> str:
        """Return what the items have now, where that differs."""
        shown = [f"“{plain(note.value, 40)}”" for note in self._said.notes[:_SHOWN_NOTES]]
        rest = len(self._said.notes) - len(shown)
        more = f" and {rest:,} more" if rest > 0 else ""
        number = words.count(len(self._said.notes), "note")
        return f"Replaces {number} of {words.count(self._others, 'item')}: {', '.join(shown)}{more}"

    @property
    def _text(self) -> str:
        return self.query_one("#note", TextArea).text.strip()

    def on_mount(self) -> None:
        """Begin behind what is there."""
        area = self.query_one("#note", TextArea)
        area.move_cursor(area.document.end)

    def action_keep(self) -> None:
        """Close with the text; ask first where other notes would be lost."""
        text = self._text
        if text == self._before.strip() and not self._others:
            self.dismiss(None)
        elif self._others:
            number = words.count(self._others, "item")
            verb = "Replace" if text else "Remove"
            question = f"{verb} the notes of {number}? One undo takes it back."
            self._ask(question, text)
        else:
            self.dismiss(text)

    def action_leave(self) -> None:
        """Close without a result; ask where something was typed."""
        if self._text == self._before.strip():
            self.dismiss(None)
        else:
            self._ask("Leave the note as it was? What was typed is lost.", None)

    def _ask(self, question: str, answer: str | None) -> None:
        def answered(is_yes: bool | None) -> None:
            if is_yes:
                self.dismiss(answer)

        self.app.push_screen(ConfirmPopup(Content(question), grace_s=self._grace_s), answered)

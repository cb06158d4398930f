"""A dialog for tags and albums: type a new one or switch one from the list; a line of text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import on
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from smartgallery_tui.ui.content import line, plain
from smartgallery_tui.ui.screens.field_list import SHOWN, FieldListPopup
from smartgallery_tui.ui.screens.popup import Popup

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from smartgallery_tui.records import FacetValue, SharedData
    from smartgallery_tui.ui.scope import Scope

Names = tuple[tuple[str, bool], ...]
"""Names, each with whether it is to be added or taken away."""
_FOOT = "● all, ◐ some have it. Enter switches; a, b adds both; -a takes away."


@dataclass
class NamesLoaded(Message):
    """All tags or albums, and those of the items in question."""

    kind: str
    scope: Scope
    known: Sequence[FacetValue]
    said: SharedData


class NamesPopup(FieldListPopup[Names]):
    """Asks for names; the result is each of them with whether it is to be added.

    Args:
        title: Heading; safe already.
        kind: `tag` or `album`.
        known: All names with their counts.
        said: What the items have already.
    """

    def __init__(
        self, title: Content, kind: str, known: Sequence[FacetValue], said: SharedData
    ) -> None:
        super().__init__(
            title, placeholder=f"name of a new {kind}, or type to narrow", foot=_FOOT,
            nothing=f"There is no {kind} yet: type its name.",
        )  # fmt: skip
        mine = said.tags if kind == "tag" else said.albums
        self._kind = kind
        self._total = said.total
        self._mine = dict(mine)
        self._counts = dict(known)
        self._names = [*self._mine, *(name for name in self._counts if name not in self._mine)]
        self._shown: list[Names] = []

    def typed(self, text: str) -> None:
        """Show what was typed, then the names that fit."""
        typed = _parts(text)
        last = text.rpartition(",")[2].strip().removeprefix("-").strip().lower()
        fitting = [name for name in self._names if last in name.lower()][:SHOWN]
        self._shown = [typed] if typed else []
        rows = [self._typed_row(typed)] if typed else []
        self._shown += [((name, self._mine.get(name, 0) < self._total),) for name in fitting]
        rows += [self._row(name) for name in fitting]
        self.show_rows(rows, 0 if typed else None)

    def entered(self, text: str) -> None:
        """Take the highlighted row; an empty field means none."""
        del text
        if self.place is not None:
            self.chosen(self.place)

    def chosen(self, place: int) -> None:
        """Close with a row."""
        if place < len(self._shown):
            self.dismiss(self._shown[place])

    def tabbed(self) -> bool:
        """Put the first name of the list into the field."""
        before, comma, last = self.field.value.rpartition(",")
        has_typed = bool(_parts(self.field.value))
        if len(self._shown) > has_typed:
            sign = "-" if last.strip().startswith("-") else ""
            name = plain(self._shown[has_typed][0][0])
            self.field.value = f"{before}{comma}{' ' * bool(comma)}{sign}{name}"
            self.field.cursor_position = len(self.field.value)
        return True

    def _typed_row(self, typed: Names) -> Content:
        added = [name for name, is_in in typed if is_in]
        taken = [name for name, is_in in typed if not is_in]
        known = {name.casefold() for name in self._names}
        is_new = [name for name in added if name.casefold() not in known]
        words = f"new {self._kind} " if added == is_new and len(added) == 1 else "add "
        parts = [line(words + ", ".join(added))] if added else []
        parts += [line("take away " + ", ".join(taken))] if taken else []
        return Content.assemble(("+ " if added else "- ", "$accent"), Content("; ").join(parts))

    def _row(self, name: str) -> Content:
        count = self._mine.get(name, 0)
        mark = "● " if count and count == self._total else "◐ " if count else "  "
        some = f"{count:,} of {self._total:,} here, " if 0 < count < self._total else ""
        rest = f"  {some}{self._counts.get(name, 0):,} in all"
        return Content.assemble(mark, line(name), (rest, "$foreground-muted"))


def _parts(text: str) -> Names:
    """Return the names of a typed text: `a, -b` adds a and takes b away."""
    parts = [part.strip() for part in text.split(",")]
    names = [(part.removeprefix("-").strip(), not part.startswith("-")) for part in parts]
    return tuple(dict.fromkeys(pair for pair in names if pair[0]))


class TextPopup(Popup[str]):
    """Asks for a line of text.

    Args:
        title: Heading; ours.
        text: What is there now.
    """

    AUTO_FOCUS = "Input"
    DEFAULT_CSS = """
    TextPopup Input { border: none; height: 1; padding: 0; background: $panel; }
    TextPopup Input:focus { border: none; background-tint: transparent; }
    """

    def __init__(self, title: str, text: str, foot: str = "Enter keeps it, Esc leaves it.") -> None:
        super().__init__()
        self._title = title
        self._text = text
        self._foot = foot

    def compose(self) -> ComposeResult:
        """Make the field."""
        with Vertical():
            yield Static(Content(self._title), classes="popup-title")
            yield Input(self._text, compact=True, select_on_focus=False, id="text")
            yield Static(Content(self._foot), classes="popup-foot")

    @on(Input.Submitted, "#text")
    def _done(self, event: Input.Submitted) -> None:
        self.dismiss(event.value.strip())

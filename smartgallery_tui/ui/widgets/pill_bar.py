"""What is asked for, in one row: the open folder as a path, each other term as a pill."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widget import Widget

from smartgallery_tui.ui.content import fit, plain
from smartgallery_tui.ui.messages import QueryEdited
from smartgallery_tui.ui.query_text import (
    ask_only,
    folders_of,
    has_subfolders,
    terms,
    values_of,
    without_term,
)
from smartgallery_tui.ui.widgets.caption import NOTE

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual import events

    Edit = Callable[[str], str]

_WIDEST_CELLS = 28
_WIDEST_PART_CELLS = 20
_TAIL_CELLS = 16
"""Kept free for `+12` and `clear all`."""
_SHORTEST_NOTE_CELLS = 8
_CLOSE = "×"  # noqa: RUF001 - the sign on a button that closes


class _Row:
    """Pieces of a line, and what a click on each of them makes of the query."""

    def __init__(self) -> None:
        self.parts: list[Content] = []
        self.used = 0
        self._ends: list[tuple[int, Edit | None]] = []

    def add(self, text: str, style: str = "", edit: Edit | None = None) -> None:
        """Add a piece."""
        piece = Content.styled(text, style) if style else Content(text)
        self.parts.append(piece)
        self.used += piece.cell_length
        self._ends.append((self.used, edit))

    def edit_at(self, x: int) -> Edit | None:
        """Return what a click on a column stands for, or None."""
        return next((edit for end, edit in self._ends if x < end), None)


class PillBar(Widget):
    """One row; it is the query itself, so it never says anything else.

    A click on a part of the path goes to that folder, one on a pill takes its term away.
    """

    DEFAULT_CSS = """
    PillBar { height: 1; width: 100%; background: $surface; display: none; padding: 0 1; }
    """
    ALLOW_SELECT = False

    def __init__(self) -> None:
        super().__init__(id="pills")
        self._text = ""
        self._note = ""
        self._row = _Row()

    def show(self, text: str) -> None:
        """Show the terms of a query."""
        if text != self._text:
            self._text = text
            self.refresh()

    def show_note(self, note: str) -> None:
        """Show the first line of an album's note behind the terms; "" takes it away."""
        first = plain(note)
        if first != self._note:
            self._note = first
            self.refresh()

    def render(self) -> Content:
        """Return the path and the pills that fit, and how many do not."""
        self._row = row = _Row()
        if not terms(self._text):
            return Content.styled("No filters. Enter asks for a value, - excludes it.", "dim")
        folder = _open_folder(self._text)
        if folder:
            self._add_path(row, folder)
        self._add_pills(row, has_path=bool(folder))
        row.add("clear all", "$accent", lambda _text: "")
        room = self.size.width - row.used - 5
        if self._note and room > _SHORTEST_NOTE_CELLS:
            row.add(f"  {NOTE} {fit(self._note, room)}", "$foreground-muted")
        return Content("").join(row.parts)

    def _add_pills(self, row: _Row, *, has_path: bool) -> None:
        pills = [
            (number, term)
            for number, term in enumerate(terms(self._text))
            if not has_path or term.startswith("-") or not values_of(term, "folder")
        ]
        for place, (number, term) in enumerate(pills):
            word = f" {fit(term, _WIDEST_CELLS)} {_CLOSE} "
            is_wide = row.used + len(word) > self.size.width - _TAIL_CELLS
            if is_wide and (place or has_path):
                row.add(f"+{len(pills) - place} ", "dim")
                return
            style = "$text-error on $panel" if term.startswith("-") else "$foreground on $panel"
            row.add(word, style, partial(without_term, number=number))
            row.add(" ")

    def _add_path(self, row: _Row, folder: str) -> None:
        """Add the open folder; parts in its middle are left out where there is no room."""
        steps = [("all", ""), *_steps(folder)]
        words = [fit(plain(name), _WIDEST_PART_CELLS) for name, _value in steps]
        room = max(12, (self.size.width - _TAIL_CELLS) * 2 // 3)
        first = 1
        while first < len(steps) - 1 and _cells([words[0], *words[first:]]) > room:
            first += 1
        for place in (0, *range(first, len(steps) - 1)):
            edit = partial(ask_only, field="folder", value=steps[place][1])
            row.add(words[place], "$foreground-muted", edit)
            row.add(" / … / " if first > 1 and place == 0 else " / ", "dim")
        row.add(words[-1], "bold $accent")
        tail = " alone" if has_subfolders(self._text) is False else ""
        row.add(
            f"{tail} {_CLOSE} ", "$foreground-muted", partial(ask_only, field="folder", value="")
        )
        row.add(" ")

    def on_click(self, event: events.Click) -> None:
        """Do what the clicked part stands for."""
        event.stop()
        place = event.x - self.styles.padding.left
        edit = self._row.edit_at(place)
        if edit is not None:
            self.post_message(QueryEdited(edit))


def _open_folder(text: str) -> str:
    """Return the one folder that a query asks for, or ""."""
    named = folders_of(text)
    return named[0] if len(named) == 1 else ""


def _steps(folder: str) -> list[tuple[str, str]]:
    """Return name and value of a folder and of those above it, from the top."""
    if folder.startswith("/"):
        return [(folder.rstrip("/").rpartition("/")[2] or "/", folder)]
    names = folder.split("/")
    return [(name, "/".join(names[:depth])) for depth, name in enumerate(names, 1)]


def _cells(words: list[str]) -> int:
    return sum(Content(word).cell_length + 3 for word in words)

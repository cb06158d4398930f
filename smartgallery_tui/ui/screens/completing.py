"""Completion in the search box: asks for ways to go on, and puts the chosen one into the query."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from smartgallery_tui.records.suggestions import Completion
    from smartgallery_tui.ui.screens.grid import GridScreen

_HAS_FIELD = re.compile(r"(?:^|[\s(])-?[A-Za-z_]+:[^\s()]*$")
"""The end of a text where a value is being typed: the list comes by itself."""


@dataclass
class CompletionsFound(Message):
    """Ways to go on from a text."""

    text: str
    cursor: int
    choices: list[Completion]


class Completing:
    """The list below the search box.

    Args:
        screen: The grid with the box and the list.
    """

    def __init__(self, screen: GridScreen) -> None:
        self._screen = screen

    def edited(self) -> None:
        """Offer values while one is being typed; else offer nothing before Tab asks for it."""
        box = self._screen.box
        if _HAS_FIELD.search(box.text[: box.cursor]):
            self._ask()
        else:
            self.close()

    def take(self) -> None:
        """Put the best choice into the query; without any, ask for some."""
        choice = self._screen.completions.best
        if choice is None:
            self._ask()
            return
        box = self._screen.box
        self.close()
        is_done = not choice.text.endswith(":") and choice.end == len(box.text)
        box.replace(choice.start, choice.end, choice.text + (" " if is_done else ""))

    def close(self) -> bool:
        """Take the list away; return whether it was there."""
        return self._screen.completions.close()

    def found(self, message: CompletionsFound) -> None:
        """Show what was found, unless the text has changed since."""
        box = self._screen.box
        if (message.text, message.cursor) == (box.text, box.cursor) and box.has_focus_within_box:
            typed = message.text[: message.cursor]
            choices = [one for one in message.choices if typed[one.start :] != one.text]
            self._screen.completions.show(choices)

    def _ask(self) -> None:
        box, library = self._screen.box, self._screen.session.library
        text, cursor = box.text, box.cursor

        def call(_cancelled: object) -> CompletionsFound:
            return CompletionsFound(text, cursor, library.complete(text, cursor))

        self._screen.session.background.detail.submit("completing", call, self._screen)

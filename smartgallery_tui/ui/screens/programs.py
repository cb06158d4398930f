"""Ways out to other programs, and any value of an item for the clipboard."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.app import SuspendNotSupported
from textual.content import Content
from textual.message import Message

from smartgallery_tui.errors import SmartGalleryError
from smartgallery_tui.ui import values
from smartgallery_tui.ui.content import block, line
from smartgallery_tui.ui.copying import put_away
from smartgallery_tui.ui.messages import Said
from smartgallery_tui.ui.screens.names import TextPopup
from smartgallery_tui.ui.screens.pages import TextReady
from smartgallery_tui.ui.screens.picker import Pick, PickerPopup
from smartgallery_tui.ui.screens.popup import ChoicePopup, ConfirmPopup
from smartgallery_tui.ui.text_rows import text

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from smartgallery_tui.records import Item
    from smartgallery_tui.records.openers import Opener
    from smartgallery_tui.ui.screens.base import GalleryScreen

_KEYS = "123456789"
_SHOW_PATH = "path"


@dataclass
class OpenersFound(Message):
    """The programs for an item are known."""

    item: Item
    openers: list[Opener]


@dataclass
class ValuesRead(Message):
    """Every value of an item is here."""

    picks: list[Pick]


@dataclass
class LineReady(Message):
    """A command line is ready to be shown."""

    line: str


class Programs:
    """Hands items to other programs, and values of them to the clipboard.

    Args:
        screen: The screen that it acts for.
    """

    def __init__(self, screen: GalleryScreen) -> None:
        self._screen = screen
        self._session = screen.session

    # Programs

    def openers(self) -> None:
        """Choose a program to open the item with."""
        item = self._screen.current
        if item is not None:
            library = self._session.library
            self._screen.read_for_dialog(
                "looking for programs",
                lambda _cancelled: OpenersFound(item, library.openers(item)),
            )

    def openers_found(self, message: OpenersFound) -> None:
        """Offer the programs."""
        choices = [
            (key, str(place), line(opener.name))
            for place, (key, opener) in enumerate(zip(_KEYS, message.openers, strict=False))
        ]
        choices.append(("p", _SHOW_PATH, Content("show the whole path")))

        def chosen(choice: str | None) -> None:
            if choice == _SHOW_PATH:
                self._screen.post_message(TextReady("Path", [text(block(message.item.path))]))
            elif choice is not None:
                opener = message.openers[int(choice)]
                library, path = self._session.library, message.item.path
                self._hand_over(opener.name, lambda: library.open_with(opener, path))

        none = "No program for this kind is installed; [tools] openers may name one."
        foot = "" if message.openers else none
        self._screen.app.push_screen(ChoicePopup("Open with", choices, foot=foot), chosen)

    def shell(self) -> None:
        """Ask for a command line for the targets, show it as it will run, and run it."""
        ids = self._screen.targets()
        if refusal := self._session.refusal("no commands are run"):
            self._screen.app.post_message(refusal)
        elif ids:
            title = f"Shell command on {self._screen.what_is_meant()}"
            foot = "{} stands for the files. Enter shows it as it will run, Esc leaves it."
            popup = TextPopup(title, "", foot)
            self._screen.app.push_screen(popup, lambda text: self._expand(text, ids))

    def _expand(self, template: str | None, ids: list[int]) -> None:
        if not template or not template.strip():
            return
        library = self._session.library
        self._screen.read_for_dialog(
            "reading paths",
            lambda _cancelled: LineReady(
                library.shell_line(template, [item.path for item in library.items(ids)])
            ),
        )

    def line_ready(self, message: LineReady) -> None:
        """Ask before the line is run."""
        library, command = self._session.library, message.line

        def answered(is_yes: bool | None) -> None:
            if is_yes:
                self._hand_over("The command", lambda: library.run_shell(command), is_waiting=True)

        question = Content.assemble("Run this?\n\n", block(command, "bold", 2_000))
        self._screen.app.push_screen(
            ConfirmPopup(question, grace_s=self._screen.grace_s()), answered
        )

    def _hand_over(self, name: str, run: Callable[[], int], *, is_waiting: bool = False) -> None:
        """Give the terminal to another program until it ends."""
        try:
            with self._suspended():
                code = run()
                if is_waiting:
                    input(f"\n[{'done' if code == 0 else f'exit code {code}'}; Enter goes back] ")
        except (SmartGalleryError, EOFError, KeyboardInterrupt) as error:
            self._screen.app.post_message(Said(str(error) or "interrupted", "error"))
            return
        self._screen.app.refresh(layout=True)
        if code != 0:
            self._screen.app.post_message(Said(f"{name} ended with exit code {code}.", "warning"))

    def _suspended(self) -> AbstractContextManager[None]:
        try:
            return self._screen.app.suspend()
        except SuspendNotSupported:  # pragma: no cover - raised on entering where it happens
            return nullcontext()

    # Values

    def copy_any(self) -> None:
        """Choose any value of the item and copy it."""
        item = self._screen.current
        if item is not None:
            library = self._session.library

            def call(_cancelled: object) -> ValuesRead:
                pairs = values.pairs(
                    library.item(item.id), library.generation(item.id), library.user_data(item.id)
                )
                return ValuesRead([Pick(label, value, value) for label, value in pairs])

            self._screen.read_for_dialog("reading values", call)

    def values_read(self, message: ValuesRead) -> None:
        """Offer the values."""
        self._screen.app.push_screen(PickerPopup("Copy a value", message.picks), self._copy_value)

    def _copy_value(self, pick: Pick | None) -> None:
        if pick is not None:
            is_tmux = self._session.caps.is_tmux
            call = put_away(self._session.library, pick.query, pick.label, is_tmux=is_tmux)
            self._session.background.detail.submit("copying", call, self._screen.app)

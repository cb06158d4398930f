"""Small dialogs over a screen: a choice, a question. Their ground is clear, pictures stay."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from smartgallery_tui.ui.widgets.choice_list import ChoiceList

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

ResultT = TypeVar("ResultT")
GRACE_S = 0.1
"""Keys typed this soon after a question opened were meant for what was there before."""


class Popup(ModalScreen[ResultT | None], Generic[ResultT]):
    """A dialog that Esc and `q` close without a result."""

    AUTO_FOCUS = "ChoiceList"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q", "leave", "Close", show=False)]
    DEFAULT_CSS = """
    Popup { align: center middle; background: transparent; }
    Popup > Vertical {
        width: 60; max-width: 96%; height: auto; max-height: 90%;
        background: $panel; border: round $accent; padding: 0 1;
    }
    Popup .popup-title { text-style: bold; color: $accent; height: auto; max-height: 2; }
    Popup .popup-body { height: auto; margin-bottom: 1; }
    Popup .popup-foot { color: $text-muted; height: auto; }
    Popup ChoiceList { height: auto; max-height: 20; }
    """

    def action_leave(self) -> None:
        """Close without a result."""
        self.dismiss(None)


class ChoicePopup(Popup[str]):
    """One of several, chosen by its key, or with the list's keys and Enter.

    Args:
        title: Heading; ours.
        choices: Key, result and words of each; words are safe already.
        current: Result of the choice in force.
        body: Lines between heading and choices; safe already.
        foot: A line below; ours.
    """

    def __init__(
        self,
        title: str,
        choices: Sequence[tuple[str, str, Content]],
        *,
        current: str = "",
        body: Content | None = None,
        foot: str = "",
    ) -> None:
        super().__init__()
        self._title = title
        self._choices = choices
        self._current = current
        self._body = body
        self._foot = foot

    def compose(self) -> ComposeResult:
        """Make the list."""
        with Vertical():
            yield Static(Content(self._title), classes="popup-title")
            if self._body is not None:
                yield Static(self._body, classes="popup-body")
            yield ChoiceList(id="choices")
            if self._foot:
                yield Static(Content(self._foot), classes="popup-foot")

    def on_mount(self) -> None:
        """Fill the list and highlight what is in force."""
        choices = self.query_one("#choices", ChoiceList)
        for key, result, words in self._choices:
            mark = "● " if result == self._current else "  "
            body = Content.assemble(mark, (f"{key:<3}", "bold $accent"), words)
            choices.add_option(Option(body, id=result))
        places = [result for _, result, _ in self._choices]
        choices.highlighted = places.index(self._current) if self._current in places else 0

    def on_key(self, event: events.Key) -> None:
        """Take a choice by its key."""
        for key, result, _ in self._choices:
            if key and event.character == key:
                event.stop()
                event.prevent_default()
                self.dismiss(result)
                return

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option_id)


class ConfirmPopup(Popup[bool]):
    """A question of yes or no; keys typed before it was seen do nothing.

    `y` and `n` answer at once. The arrows and Tab go from one answer to the other, Enter and Space
    give the one that is highlighted: no, at first.

    Args:
        question: One or two lines; safe already.
        grace_s: How long keys are ignored after opening.
    """

    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(True)", "Yes", show=False),
        Binding("n", "answer(False)", "No", show=False),
        Binding("left,right,up,down,h,j,k,l,tab,shift+tab", "turn", "The other", show=False),
        Binding("enter,space", "give", "Answer", show=False),
    ]

    def __init__(self, question: Content, *, grace_s: float = GRACE_S) -> None:
        super().__init__()
        self._question = question
        self._opened_s = time.monotonic()
        self._grace_s = grace_s
        self._is_yes = False

    def compose(self) -> ComposeResult:
        """Make the question."""
        with Vertical():
            yield Static(self._question)
            yield Static(self._answers(), id="answers")

    def _answers(self) -> Content:
        parts = []
        for key, words, is_yes in (("y", "yes", True), ("n", "no", False)):
            body = Content.assemble(" ", (key, "bold $accent"), f" {words} ")
            if is_yes is self._is_yes:
                style = "bold $block-cursor-foreground on $block-cursor-background"
                body = Content.styled(body.plain, style)
            parts.append(body)
        return Content("  ").join(parts)

    def action_turn(self) -> None:
        """Highlight the other answer."""
        self._is_yes = not self._is_yes
        self.query_one("#answers", Static).update(self._answers(), layout=False)

    def action_give(self) -> None:
        """Give the highlighted answer."""
        self.action_answer(self._is_yes)

    def action_answer(self, is_yes: bool) -> None:
        """Answer, unless the key was typed before anybody could have read the question."""
        if time.monotonic() - self._opened_s >= self._grace_s:
            self.dismiss(is_yes)

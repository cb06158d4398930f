"""Dialogs for changes of files: a new name, a typed yes, a folder to write to, what failed."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, Static
from textual.widgets.option_list import Option

from smartgallery_tui.ui import format as words
from smartgallery_tui.ui.content import line, plain
from smartgallery_tui.ui.ended import reason_of
from smartgallery_tui.ui.screens.popup import GRACE_S, Popup
from smartgallery_tui.ui.widgets.choice_list import ChoiceList

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.app import ComposeResult

    from smartgallery_tui.records import ImportPlan, Outcome
    from smartgallery_tui.ui.scope import FolderChoice

_SHOWN_FAILURES = 300


class RenamePopup(Popup[str]):
    """Asks for a new name; what is wrong with it stands below while it is typed.

    Args:
        name: The name now; from anywhere.
        check: Asks what is wrong with a name; the answer comes through `checked`.
        foot: A line below; ours.
    """

    AUTO_FOCUS = "Input"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Close", show=False)]
    DEFAULT_CSS = """
    RenamePopup > Vertical { width: 76; }
    RenamePopup Horizontal { height: 1; }
    RenamePopup Input { border: none; height: 1; padding: 0; background: $panel; width: 1fr; }
    RenamePopup Input:focus { border: none; background-tint: transparent; }
    RenamePopup #extension { width: auto; color: $text-muted; }
    RenamePopup #problem { height: auto; min-height: 1; color: $text-error; }
    """

    def __init__(self, name: str, check: Callable[[str], None], foot: str = "") -> None:
        super().__init__()
        stem, dot, extension = name.rpartition(".")
        self._stem, self._extension = (stem, dot + extension) if stem else (name, "")
        self._shown = plain(self._stem, 255)
        self._check = check
        self._foot = foot
        self._checked = ""
        self._problem = ""
        self._is_wanted = False

    def compose(self) -> ComposeResult:
        """Make the field."""
        with Vertical():
            yield Static(Content("Rename"), classes="popup-title")
            with Horizontal():
                yield Input(self._shown, compact=True, select_on_focus=False, id="name")
                yield Static(line(self._extension), id="extension")
            yield Static("", id="problem", markup=False)
            yield Static(
                Content(f"Enter renames, Esc leaves it. {self._foot}".rstrip()),
                classes="popup-foot",
            )

    @on(Input.Changed, "#name")
    def _changed(self, event: Input.Changed) -> None:
        self._is_wanted = False
        self._check(event.value)

    @on(Input.Submitted, "#name")
    def _submitted(self, event: Input.Submitted) -> None:
        if event.value == self._checked:
            self._answer(event.value)
        else:
            self._is_wanted = True
            self._check(event.value)

    def checked(self, text: str, problem: str) -> None:
        """Take what is wrong with a name, unless another one is typed by now."""
        if text != self.query_one("#name", Input).value:
            return
        self._checked, self._problem = text, problem
        self.query_one("#problem", Static).update(line(problem))
        if self._is_wanted:
            self._answer(text)

    def _answer(self, text: str) -> None:
        self._is_wanted = False
        if not self._problem:
            self.dismiss(text if text != self._shown else None)


class TypedPopup(Popup[bool]):
    """A question that only a typed word answers with yes; keys typed too early do nothing.

    Args:
        question: What will happen; safe already.
        word: What has to be typed.
        grace_s: How long keys are ignored after opening.
    """

    AUTO_FOCUS = "Input"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Close", show=False)]
    DEFAULT_CSS = """
    TypedPopup > Vertical { border: round $error; }
    TypedPopup Input { border: none; height: 1; padding: 0; background: $panel; }
    TypedPopup Input:focus { border: none; background-tint: transparent; }
    """

    def __init__(self, question: Content, word: str, *, grace_s: float = GRACE_S) -> None:
        super().__init__()
        self._question = question
        self._word = word
        self._grace_s = grace_s
        self._opened_s = time.monotonic()

    def compose(self) -> ComposeResult:
        """Make the question and the field."""
        with Vertical():
            yield Static(self._question)
            yield Input(placeholder=self._word, compact=True, id="word")
            foot = f"Type {self._word} and press Enter; Esc leaves everything as it is."
            yield Static(Content(foot), classes="popup-foot")

    def on_mount(self) -> None:
        """Let no notice lie over the question."""
        self.app.clear_notifications()

    async def on_event(self, event: events.Event) -> None:
        """Drop keys that nobody can have meant for this question."""
        is_typed = isinstance(event, (events.Key, events.Paste))
        if is_typed and time.monotonic() - self._opened_s < self._grace_s:
            return
        await super().on_event(event)

    @on(Input.Submitted, "#word")
    def _submitted(self, event: Input.Submitted) -> None:
        self.dismiss(event.value.strip().lower() == self._word)


class ImportPopup(Popup[str]):
    """Asks whether files are to be imported.

    The result is `y`, `l` to take large ones, too, or `f` to choose another folder first.

    Args:
        plan: What there is.
        place: Where to.
        grace_s: How long keys are ignored after opening.
    """

    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer('y')", "Yes", show=False),
        Binding("l", "answer('l')", "Large ones, too", show=False),
        Binding("f", "answer('f')", "Another folder", show=False),
        Binding("n,enter", "leave", "No", show=False),
    ]

    def __init__(self, plan: ImportPlan, place: FolderChoice, *, grace_s: float) -> None:
        super().__init__()
        self._plan = plan
        self._place = place
        self._grace_s = grace_s
        self._opened_s = time.monotonic()

    def compose(self) -> ComposeResult:
        """Make the question."""
        plan = self._plan
        files = words.count(len(plan.paths), "file")
        size = words.size(plan.size_bytes)
        key = "bold $accent"
        answers: list[str | tuple[str, str]] = [("y", key), " yes   "]
        with Vertical():
            yield Static(Content(f"Import {files} into {self._place.name}? ({size})"))
            if plan.large:
                large = f"{len(plan.large):,} of them" if len(plan.paths) > 1 else "It"
                verb = "is" if len(plan.large) == 1 else "are"
                limit = f"{large} {verb} larger than {plan.limit_mb:,} MB"
                out = "it" if len(plan.large) == 1 else "them"
                yield Static(Content(f"{limit} ([safety] import_max_mb); y leaves {out} out."))
                answers += [("l", key), " large ones, too   "]
            answers += [("f", key), " another folder   ", ("n", key), " no"]
            yield Static(Content.assemble(*answers))

    def action_answer(self, answer: str) -> None:
        """Answer, unless the key was typed before anybody could have read the question."""
        if time.monotonic() - self._opened_s >= self._grace_s:
            self.dismiss(answer)


class FailuresPopup(Popup[bool]):
    """What of a batch was not done, and why; `r` tries those items again.

    Args:
        title: "12 done, 3 failed"; ours.
        failed: The outcomes; their texts come from anywhere.
        can_retry: Offer to try them again.
        grace_s: How long `r` is ignored after opening.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("r", "retry", "Try again", show=False)]
    DEFAULT_CSS = """
    FailuresPopup > Vertical { width: 90; border: round $warning; }
    """

    def __init__(
        self,
        title: str,
        failed: Sequence[Outcome],
        *,
        can_retry: bool = True,
        grace_s: float = GRACE_S,
    ) -> None:
        super().__init__()
        self._can_retry = can_retry
        self._title = title
        self._failed = failed
        self._grace_s = grace_s
        self._opened_s = time.monotonic()

    def compose(self) -> ComposeResult:
        """Make the list of reasons."""
        with Vertical():
            yield Static(Content(self._title), classes="popup-title")
            yield ChoiceList(id="failures")
            foot = "r tries them again, Esc closes." if self._can_retry else "Esc closes."
            yield Static(Content(foot), classes="popup-foot")

    def on_mount(self) -> None:
        """Fill the list."""
        rows = [_failure(outcome) for outcome in self._failed[:_SHOWN_FAILURES]]
        rest = len(self._failed) - len(rows)
        if rest > 0:
            rows.append(Content(f"… and {rest:,} more"))
        listed = self.query_one("#failures", ChoiceList)
        listed.add_options(Option(row) for row in rows)
        listed.highlighted = 0

    def action_retry(self) -> None:
        """Close and try again, unless the key was typed before this could have been seen."""
        if self._can_retry and time.monotonic() - self._opened_s >= self._grace_s:
            self.dismiss(True)


def _failure(outcome: Outcome) -> Content:
    name = outcome.path.rpartition("/")[2]
    reason = reason_of(outcome)
    is_named = not name or name in reason
    return line(reason if is_named else f"{name}: {reason}", limit=240)

"""The keys of a screen, made from the registry; typing narrows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from smartgallery_tui.ui.actions import GROUPS, for_screen
from smartgallery_tui.ui.screens.popup import Popup
from smartgallery_tui.ui.text_rows import TextRow, text
from smartgallery_tui.ui.widgets.row_text import RowText

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from smartgallery_tui.ui.actions import Action, Scope
    from smartgallery_tui.ui.keymap import Keymap

TITLES = {"grid": "Keys of the grid", "detail": "Keys of the picture"}
_KEY_CELLS = 24
SYNTAX = (
    ("castle moat", "both words: prompts, names, models, LoRAs, tags"),
    ('"red fox"', "the phrase"),
    ("-neon", "without the word"),
    ("a OR b", "one of the two"),
    ("model:flux", "a field: model lora sampler scheduler seed steps cfg size name path kind"),
    ("cfg:>7  steps:20..30", "more than; from, to"),
    ("fav:yes", "favourites"),
)
"""The query language in a nutshell."""


Section = tuple[str, "Sequence[tuple[str, str]]"]
"""A heading with keys and what they do."""


class HelpScreen(Popup[None]):
    """Keys and what they do; typing narrows them.

    Args:
        title: Whose keys they are; ours.
        sections: Headings with keys and words; ours.
        tail: What stands below them while nothing narrows them.
    """

    AUTO_FOCUS = "#help-filter"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("f1", "leave", "Close", show=False)]
    DEFAULT_CSS = """
    HelpScreen > Vertical { width: 84; height: 90%; }
    HelpScreen Input { border: none; height: 1; padding: 0; background: $panel; }
    HelpScreen Input:focus { border: none; background-tint: transparent; }
    HelpScreen VerticalScroll { height: 1fr; scrollbar-size-vertical: 1; }
    """

    def __init__(
        self, title: str, sections: Sequence[Section], tail: Sequence[Section] = ()
    ) -> None:
        super().__init__()
        self._title = title
        self._sections = sections
        self._tail = tail

    def compose(self) -> ComposeResult:
        """Make the table."""
        with Vertical():
            yield Static(Content(self._title), classes="popup-title")
            yield Input(placeholder="type to narrow, Esc closes", compact=True, id="help-filter")
            with VerticalScroll(can_focus=False):
                yield RowText(self._table(""), id="help-table")

    @on(Input.Changed, "#help-filter")
    def _narrow(self, event: Input.Changed) -> None:
        if event.value == "?":
            self.dismiss(None)  # the key that opened it
        self.query_one("#help-table", RowText).show(self._table(event.value))

    def on_key(self, event: events.Key) -> None:
        """Scroll with the keys that the filter has no use for."""
        pages = {"down": 1, "up": -1, "pagedown": 15, "pageup": -15}
        if event.key in pages:
            event.stop()
            scroll = self.query_one(VerticalScroll)
            scroll.scroll_relative(y=pages[event.key], animate=False)

    def _table(self, wanted: str) -> list[TextRow]:
        rows: list[TextRow] = []
        for heading, members in self._sections:
            found = [_two(*each) for each in members if _has(" ".join(each), wanted)]
            rows += [_title(heading), *found] if found else []
        for heading, members in () if wanted.strip() else self._tail:
            rows += [_title(heading), *(_two(*each) for each in members)]
        return rows or [text(Content.styled("No key does that here.", "dim"))]


def gallery_help(keymap: Keymap, scope: Scope, aside: Sequence[tuple[str, str]] = ()) -> HelpScreen:
    """Return the help of a screen of the gallery, with the query language below.

    What only this screen can do comes first, before it what the part that has the focus can do.

    Args:
        keymap: The keys in force.
        scope: The screen that was asked for.
        aside: Keys and words of the part that has the focus.
    """
    sections: list[Section] = [("Here", aside)] if aside else []
    actions = for_screen(scope)
    own = [action for action in actions if action.screens == (scope,)]
    for group in GROUPS:
        members = [action for action in own if action.group == group]
        members += [each for each in actions if each.group == group and each not in own]
        sections.append((group, [_of(action, keymap) for action in members]))
    return HelpScreen(TITLES[scope], sections, [("Searching", SYNTAX)] if scope == "grid" else [])


def _of(action: Action, keymap: Keymap) -> tuple[str, str]:
    """Return the keys of an action, or how the palette finds it, and its sentence."""
    return keymap.show(action.id) or f":{action.label.lower()}", action.tooltip


def _has(words: str, wanted: str) -> bool:
    return all(word in words.lower() for word in wanted.lower().split())


def _title(words: str) -> TextRow:
    return text(Content.styled(words, "bold $accent"))


def _two(left: str, right: str) -> TextRow:
    return TextRow(Content(right), Content.assemble("  ", (left, "bold")), _KEY_CELLS)

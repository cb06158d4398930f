"""The keys of a screen, made from the registry; typing narrows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events, on
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


class HelpScreen(Popup[None]):
    """Keys, what they do, and the query language below.

    What only this screen can do comes first, before it what the part that has the focus can do.

    Args:
        keymap: The keys in force.
        scope: The screen that was asked for.
        aside: Keys and words of the part that has the focus.
    """

    AUTO_FOCUS = "#help-filter"
    DEFAULT_CSS = """
    HelpScreen > Vertical { width: 84; height: 90%; }
    HelpScreen Input { border: none; height: 1; padding: 0; background: $panel; }
    HelpScreen Input:focus { border: none; background-tint: transparent; }
    HelpScreen VerticalScroll { height: 1fr; scrollbar-size-vertical: 1; }
    """

    def __init__(self, keymap: Keymap, scope: Scope, aside: Sequence[tuple[str, str]] = ()) -> None:
        super().__init__()
        self._keymap = keymap
        self._scope: Scope = scope
        self._aside = aside

    def compose(self) -> ComposeResult:
        """Make the table."""
        with Vertical():
            yield Static(Content(TITLES[self._scope]), classes="popup-title")
            yield Input(placeholder="type to narrow, Esc closes", compact=True, id="help-filter")
            with VerticalScroll(can_focus=False):
                yield RowText(self._table(""), id="help-table")

    @on(Input.Changed, "#help-filter")
    def _narrow(self, event: Input.Changed) -> None:
        self.query_one("#help-table", RowText).show(self._table(event.value))

    def on_key(self, event: events.Key) -> None:
        """Scroll with the keys that the filter has no use for."""
        pages = {"down": 1, "up": -1, "pagedown": 15, "pageup": -15}
        if event.key in pages:
            event.stop()
            scroll = self.query_one(VerticalScroll)
            scroll.scroll_relative(y=pages[event.key], animate=False)
        elif event.key in {"question_mark", "q"} and not self.query_one(Input).value:
            event.stop()
            event.prevent_default()
            self.dismiss(None)

    def _table(self, wanted: str) -> list[TextRow]:
        rows: list[TextRow] = []
        aside = [(keys, words) for keys, words in self._aside if _has(f"{keys} {words}", wanted)]
        if aside:
            rows += [_title("Here"), *(_two(keys, words) for keys, words in aside)]
        actions = [action for action in for_screen(self._scope) if self._fits(action, wanted)]
        own = [action for action in actions if action.screens == (self._scope,)]
        for group in GROUPS:
            members = [action for action in own if action.group == group]
            members += [each for each in actions if each.group == group and each not in own]
            if members:
                rows += [_title(group), *(self._row(action) for action in members)]
        if self._scope == "grid" and not wanted.strip():
            rows += [_title("Searching"), *(_two(example, words) for example, words in SYNTAX)]
        return rows or [text(Content.styled("No key does that here.", "dim"))]

    def _fits(self, action: Action, wanted: str) -> bool:
        return _has(f"{self._keymap.show(action.id)} {action.label} {action.tooltip}", wanted)

    def _row(self, action: Action) -> TextRow:
        return _two(self._keymap.show(action.id) or "(:)", action.tooltip)


def _has(words: str, wanted: str) -> bool:
    return all(word in words.lower() for word in wanted.lower().split())


def _title(words: str) -> TextRow:
    return text(Content.styled(words, "bold $accent"))


def _two(left: str, right: str) -> TextRow:
    return TextRow(Content(right), Content.assemble("  ", (left, "bold")), _KEY_CELLS)

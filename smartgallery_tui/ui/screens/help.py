"""The keys of a screen, made from the registry; typing narrows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events, on
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from smartgallery_tui.ui.actions import GROUPS, for_screen
from smartgallery_tui.ui.screens.popup import Popup

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from smartgallery_tui.ui.actions import Action, Scope
    from smartgallery_tui.ui.keymap import Keymap

TITLES = {"grid": "Keys of the grid", "detail": "Keys of the picture"}
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

    Args:
        keymap: The keys in force.
        scope: The screen that was asked for.
    """

    AUTO_FOCUS = "#help-filter"
    DEFAULT_CSS = """
    HelpScreen > Vertical { width: 84; height: 90%; }
    HelpScreen Input { border: none; height: 1; padding: 0; background: $panel; }
    HelpScreen Input:focus { border: none; background-tint: transparent; }
    HelpScreen VerticalScroll { height: 1fr; scrollbar-size-vertical: 1; }
    """

    def __init__(self, keymap: Keymap, scope: Scope) -> None:
        super().__init__()
        self._keymap = keymap
        self._scope: Scope = scope

    def compose(self) -> ComposeResult:
        """Make the table."""
        with Vertical():
            yield Static(Content(TITLES[self._scope]), classes="popup-title")
            yield Input(placeholder="type to narrow, Esc closes", compact=True, id="help-filter")
            with VerticalScroll(can_focus=False):
                yield Static(self._table(""), id="help-table")

    @on(Input.Changed, "#help-filter")
    def _narrow(self, event: Input.Changed) -> None:
        self.query_one("#help-table", Static).update(self._table(event.value))

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

    def _table(self, wanted: str) -> Content:
        rows: list[Content] = []
        actions = [action for action in for_screen(self._scope) if self._fits(action, wanted)]
        for group in GROUPS:
            members = [action for action in actions if action.group == group]
            if members:
                rows.append(Content.styled(group, "bold $accent"))
                rows += [self._row(action) for action in members]
        if self._scope == "grid" and not wanted.strip():
            rows.append(Content.styled("Searching", "bold $accent"))
            rows += [_two(example, words) for example, words in SYNTAX]
        if not rows:
            rows.append(Content.styled("No key does that here.", "dim"))
        return Content("\n").join(rows)

    def _fits(self, action: Action, wanted: str) -> bool:
        text = f"{self._keymap.show(action.id)} {action.label} {action.tooltip}".lower()
        return all(word in text for word in wanted.lower().split())

    def _row(self, action: Action) -> Content:
        return _two(self._keymap.show(action.id) or "(:)", action.tooltip)


def _two(left: str, right: str) -> Content:
    return Content.assemble("  ", (f"{left:<20}", "bold"), " ", right)

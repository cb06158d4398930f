"""The table of keys as Markdown, from the registry: the README holds this very text."""

from __future__ import annotations

from smartgallery_tui.ui.actions import ACTIONS, GROUPS, Action
from smartgallery_tui.ui.keymap import show_key

_PLACES = {("grid",): "grid", ("detail",): "picture", ("grid", "detail"): "both"}


def key_table() -> str:
    """Return the table: keys, screen, what they do, and the id for `[keys]`."""
    rows = ["| Keys | Where | Does | Id |", "|---|---|---|---|"]
    for group in GROUPS:
        rows += [_row(action) for action in ACTIONS if action.group == group]
    return "\n".join(rows)


def _row(action: Action) -> str:
    keys = " ".join(f"`{_escape(show_key(key))}`" for key in action.keys) or "`:`"
    place = _PLACES[action.screens]
    return f"| {keys} | {place} | {_escape(action.tooltip)} | `{action.id}` |"


def _escape(text: str) -> str:
    return text.replace("|", "\\|")

"""Keys pressed one after the other: `g g`, `y p`. Textual knows single keys only."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from smartgallery_tui.ui.actions import Action, Scope
    from smartgallery_tui.ui.keymap import Keymap

Chosen = tuple[str, "Action"]


class Chords:
    """Remembers the first key of a chord until the second one or something else comes.

    Args:
        keymap: The keys in force.
    """

    def __init__(self, keymap: Keymap) -> None:
        self._keymap = keymap
        self._scope: Scope = "grid"
        self.pending = ""
        """The first key, by Textual's name, or ""."""

    def choices(self) -> list[Chosen]:
        """Return what the second key may be: key and action."""
        return self._keymap.chords(self._scope).get(self.pending, [])

    def begin(self, scope: Scope, key: str) -> bool:
        """Take `key` as a first key if chords begin with it; return whether it was taken."""
        if key not in self._keymap.chords(scope):
            return False
        self._scope = scope
        self.pending = key
        return True

    def finish(self, key: str) -> Action | None:
        """Return the action that `key` completes, or None; nothing is pending afterwards."""
        found = [action for second, action in self.choices() if second == key]
        self.pending = ""
        return found[0] if found else None

    def drop(self) -> None:
        """Forget the first key."""
        self.pending = ""

"""The two rows at the foot: where the cursor is and what runs; and the keys to press next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from smartgallery_tui.ui.actions import BATCH_HINTS
from smartgallery_tui.ui.keymap import show_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events

    from smartgallery_tui.ui.actions import Action
    from smartgallery_tui.ui.keymap import Keymap


_HELP = "app.help"
_GAP = "  "
"""Stands between the parts of the status line."""
_LEAST_CELLS = 16
"""A part of which less is left tells nothing: of a date no minute, of a model no name."""


class StatusLine(Widget):
    """One row: `left` is cut where it meets `right`, between its parts rather than in one."""

    DEFAULT_CSS = """
    StatusLine { height: 1; width: 100%; background: $panel; color: $foreground; }
    """
    ALLOW_SELECT = False

    left: reactive[Content] = reactive(Content, layout=False)
    """Position and the item under the cursor; safe already."""
    right: reactive[Content] = reactive(Content, layout=False)
    """Counts and progress; safe already."""

    def render(self) -> Content:
        """Return the row."""
        width = self.size.width
        right = self.right.truncate(max(0, width - 12), ellipsis=True)
        room = max(0, width - right.cell_length - 3)
        left = _cut(self.left, room)
        gap = max(1, width - left.cell_length - right.cell_length - 2)
        return Content.assemble(" ", left, " " * gap, right, " ")


def _cut(parts: Content, room: int) -> Content:
    """Return as much as fits; the place and the name, which come first, are cut anywhere."""
    cut = parts.truncate(max(0, room), ellipsis=True)
    text = cut.plain
    gap = text.rfind(_GAP)
    is_scrap = len(text) - gap - len(_GAP) <= _LEAST_CELLS and text.count(_GAP) > 1
    if cut.cell_length == parts.cell_length or not is_scrap:
        return cut
    return parts[:gap] + Content(" …")


_Hint = tuple[str, str, str]
"""A key, words for it, and what it calls."""


class HintBar(Widget):
    """One row of keys, from the registry; as many as fit, the key of the help in any case.

    A click on one does what the key does.
    While items are marked it says how many, and what can be done with them.

    Args:
        keymap: The keys in force.
        actions: The actions of the screen.
    """

    marked: reactive[int] = reactive(0, layout=False)
    """Items that an action means."""

    aside: reactive[tuple[tuple[str, str], ...]] = reactive((), layout=False)
    """Keys and words of the part that has the focus; they take the place of the others."""

    DEFAULT_CSS = """
    HintBar { height: 1; width: 100%; background: $surface; color: $text-muted; }
    """
    ALLOW_SELECT = False

    def __init__(self, keymap: Keymap, actions: Sequence[Action]) -> None:
        super().__init__(id="hints")
        self._actions = tuple(actions)
        self._hints: list[_Hint] = []
        self._batch: list[_Hint] = []
        self._help: list[_Hint] = []
        self._ends: list[tuple[int, str]] = []
        self.use(keymap)

    def use(self, keymap: Keymap) -> None:
        """Show the keys of a keymap."""
        shown = sorted((each for each in self._actions if each.hint), key=lambda a: a.hint)
        self._hints = _hints(keymap, shown)
        known = {action.id: action for action in self._actions}
        self._batch = _hints(keymap, [known[name] for name in BATCH_HINTS if name in known])
        self._help = _hints(keymap, [known[_HELP]] if _HELP in known else [])
        self.refresh()

    def render(self) -> Content:
        """Return the row."""
        parts = []
        used = 1
        if self.marked and not self.aside:
            parts.append(Content.styled(f"{self.marked:,} marked:", "bold $accent"))
            used += parts[0].cell_length + 2
        self._ends = [(used, "")]
        for part, action in self._fitting(used):
            self._ends += [(used, ""), (used + part.cell_length, action)]
            used += part.cell_length + 2
            parts.append(part)
        return Content(" ") + Content("  ").join(parts)

    def _fitting(self, used: int) -> list[tuple[Content, str]]:
        """Return the hints that fit behind what is used of the row, each with its call."""
        hints = self._batch if self.marked else self._hints
        shown = [_hint(*each) for each in ([(*one, "") for one in self.aside] or hints)]
        help_ = [_hint(*each) for each in self._help if not self.aside and not self.marked]
        found: list[tuple[Content, str]] = []
        for number, part in enumerate(shown):
            later = help_ if any(each in shown[number + 1 :] for each in help_) else []
            if used + sum(each.cell_length + 2 for each, _ in (part, *later)) > self.size.width:
                return found + [
                    each for each in later if used + each[0].cell_length < self.size.width
                ]
            used += part[0].cell_length + 2
            found.append(part)
        return found

    async def on_click(self, event: events.Click) -> None:
        """Do what the clicked words say."""
        action = next((action for end, action in self._ends if event.x < end), "")
        if action:
            await self.app.run_action(action, self.screen)


def _hint(key: str, label: str, action: str) -> tuple[Content, str]:
    return Content.assemble((key, "bold $accent"), " ", label), action


def _hints(keymap: Keymap, actions: Sequence[Action]) -> list[_Hint]:
    """Return key, words and call of the actions that have a key."""
    return [
        (show_key(keymap.keys(action.id)[0]), action.label, action.action)
        for action in actions
        if keymap.keys(action.id)
    ]

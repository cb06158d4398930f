"""A dialog to pick from a list by typing: saved searches, albums, folders, recent queries."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from textual.content import Content
from textual.fuzzy import Matcher
from textual.message import Message

from smartgallery_tui.ui.content import line, plain
from smartgallery_tui.ui.screens.field_list import SHOWN, FieldListPopup

if TYPE_CHECKING:
    from collections.abc import Sequence

ListKind = Literal["", "album", "search"]
"""What a name stands for; "" is nothing that can be changed."""


@dataclass(frozen=True, slots=True)
class Pick:
    """One thing to pick."""

    label: str
    """What is shown and matched; from anywhere."""
    query: str
    """The search that it stands for."""
    note: str = ""
    """Shown behind the label; from anywhere."""
    sort: str = ""
    """Order of a saved search, as `date down`, or ""."""
    kind: ListKind = ""
    """Where it is a saved search or an album, which can be changed."""
    name: str = ""
    """The whole name of such a one."""
    depth: int = 0
    """How many albums it lies in."""
    lacks: str = ""
    """Folders that it names and that have nothing any more."""
    is_to_change: bool = False
    """It is to be renamed, deleted and the like, not searched for."""


@dataclass
class PicksLoaded(Message):
    """The things to pick from are here."""

    title: str
    picks: list[Pick]
    can_save: bool = False
    field: str = ""
    """The picks are values of this field, to be asked for beside what is asked now."""


class PickerPopup(FieldListPopup[Pick]):
    """Fuzzy search in a list; the result is what was picked.

    Args:
        title: Heading; ours.
        picks: All of them, best first.
        foot: A line below; ours.
        can_manage: Tab on a saved search or album asks for a change of it.
    """

    def __init__(
        self,
        title: str,
        picks: Sequence[Pick],
        foot: str = "",
        *,
        can_manage: bool = False,
    ) -> None:
        nothing = "Nothing fits." if picks else "Nothing here yet."
        super().__init__(Content(title), placeholder="type to narrow", foot=foot, nothing=nothing)
        self._picks = picks
        self._can_manage = can_manage
        self._shown: list[Pick] = []

    def typed(self, text: str) -> None:
        """Show what fits."""
        self._shown = _best(self._picks, text)[:SHOWN]
        self.show_rows(
            [
                Content.assemble(
                    "" if text.strip() else "  " * pick.depth,
                    line(pick.name if text.strip() and pick.name else pick.label, limit=120),
                    "  ",
                    line(pick.note, "dim"),
                )
                for pick in self._shown
            ]
        )

    def entered(self, text: str) -> None:
        """Take the highlighted row."""
        del text
        self.chosen(self.place or 0)

    def tabbed(self) -> bool:
        """Ask what is to become of the highlighted row."""
        place = self.place
        if not self._can_manage or place is None or place >= len(self._shown):
            return False
        if self._shown[place].kind:
            self.dismiss(replace(self._shown[place], is_to_change=True))
        return True

    def chosen(self, place: int) -> None:
        """Close with a row."""
        if place < len(self._shown):
            self.dismiss(self._shown[place])


def _best(picks: Sequence[Pick], wanted: str) -> list[Pick]:
    if not wanted.strip():
        return list(picks)
    matcher = Matcher(wanted)
    scored = [
        (matcher.match(plain(f"{pick.name or pick.label} {pick.note}", 200)), pick)
        for pick in picks
    ]
    fitting = [pair for pair in scored if pair[0] > 0]
    fitting.sort(key=lambda pair: -pair[0])
    return [pick for _score, pick in fitting]

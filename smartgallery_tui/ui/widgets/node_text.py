"""Rows of text that may be a tree of nodes, to be walked and folded by keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from smartgallery_tui.ui.node_tree import NodeTree
from smartgallery_tui.ui.widgets.row_text import RowText

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smartgallery_tui.records.graphs import NodeSummary
    from smartgallery_tui.ui.text_rows import Row

HINTS = (
    ("j k", "Go"), ("h", "Close"), ("l", "Open"), ("Space", "Turn"), ("-", "Close all"),
    ("+", "Open all"), ("F", "Leave"),
)  # fmt: skip
"""Keys for the hint row while the tree has them."""


class NodeText(RowText):
    """Shows rows; a tree of nodes takes keys after `enter`.

    Which nodes are closed stays from file to file: those of one workflow have the same names.
    """

    @dataclass
    class Taken(Message):
        """The tree takes the keys, or takes them no more."""

        hints: tuple[tuple[str, str], ...]
        """Those keys."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "move(1)", "Down", show=False),
        Binding("k,up", "move(-1)", "Up", show=False),
        Binding("J,pagedown", "move(10)", "Page down", show=False),
        Binding("K,pageup", "move(-10)", "Page up", show=False),
        Binding("home", "move(-10000)", "First", show=False),
        Binding("G,end", "move(10000)", "Last", show=False),
        Binding("h,left", "fold('close')", "Close", show=False),
        Binding("l,right", "fold('open')", "Open", show=False),
        Binding("space,enter", "fold('turn')", "Close or open", show=False),
        Binding("minus", "fold('close_all')", "Close all", show=False),
        Binding("plus,equals_sign", "fold('open_all')", "Open all", show=False),
        Binding("escape,F", "leave", "Leave", show=False),
    ]

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._tree: NodeTree | None = None
        self._folded: set[str] = set()

    def show(self, rows: Sequence[Row]) -> None:
        """Show rows that are no tree."""
        self._tree = None
        self.action_leave()
        super().show(rows)

    def show_nodes(self, nodes: Sequence[NodeSummary]) -> None:
        """Show a tree."""
        tree = NodeTree(nodes, self._folded)
        if self._tree is not None:
            tree.go_to(self._tree.current)
        self._tree = tree
        self._draw()

    def seek(self, words: str) -> list[int]:
        """Mark words wherever they stand, in closed nodes, too: those open."""
        if words.strip() and self._tree is not None and self._folded:
            self._tree.open_all()
            self._draw()
        return super().seek(words)

    def enter(self) -> bool:
        """Take keys; False where there is no tree."""
        if self._tree is None:
            return False
        self.can_focus = True
        self.screen.set_focus(self)
        return True

    def action_leave(self) -> None:
        """Take no keys any more."""
        if self.has_focus:
            self.screen.set_focus(None)
        self.can_focus = False

    def on_focus(self) -> None:
        """Show the current node."""
        self._draw()
        self.post_message(self.Taken(HINTS))

    def on_blur(self) -> None:
        """Show none as the current one."""
        self.can_focus = False
        self._draw()
        self.post_message(self.Taken(()))

    def action_move(self, places: int) -> None:
        """Go to another node."""
        if self._tree is not None:
            self._tree.move(places)
            self._draw()

    def action_fold(self, how: str) -> None:
        """Close or open the node, or all."""
        if self._tree is not None:
            getattr(self._tree, how)()
            self._draw()

    def _draw(self) -> None:
        if self._tree is None:
            return
        super().show(self._tree.rows(has_cursor=self.has_focus))
        if self.has_focus:
            self.call_after_refresh(self._to_current)

    def _to_current(self) -> None:
        """Scroll to the current node."""
        if self._tree is not None:
            self.show_row(self._tree.row)

"""Which pictures the cards of a grid show, and where the picture of a card stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from smartgallery_tui.ui.pictures.wishes import thumbnail_key
from smartgallery_tui.ui.widgets.grid_layout import wish_order

if TYPE_CHECKING:
    from smartgallery_tui.records import Item
    from smartgallery_tui.ui.pictures.wishes import PictureKey
    from smartgallery_tui.ui.widgets.grid_layout import GridLayout
    from smartgallery_tui.ui.widgets.moving_card import MovingCard


class Cards(Protocol):
    """The grid, as far as its pictures depend on it."""

    cursor: int
    top_row: int
    layout_now: GridLayout

    @property
    def total(self) -> int:
        """Return the length of the result."""

    def item_at(self, index: int) -> Item | None:
        """Return the item at a position, or None while it is not loaded."""


class CardPictures:
    """Knows the pictures of the cards by position and back.

    Args:
        grid: The grid, read only.
        moving: The card that shows frames.
    """

    def __init__(self, grid: Cards, moving: MovingCard) -> None:
        self._grid = grid
        self._moving = moving
        self._indices: dict[PictureKey, int] = {}

    def wishes(self) -> tuple[list[PictureKey], list[PictureKey]]:
        """Return what is shown now, from the cursor outwards, and what will be soon."""
        grid = self._grid
        near, ahead = wish_order(grid.layout_now, grid.top_row, grid.cursor, grid.total)
        self._indices = {key: index for index in near if (key := self.key_at(index)) is not None}
        self._indices |= self._moving.wanted
        soon = [key for index in ahead if (key := self.key_at(index)) is not None]
        return list(self._indices), [*self._moving.ahead, *soon]

    def key_at(self, index: int) -> PictureKey | None:
        """Return the picture of a position, or None if there is none to show."""
        item = self._grid.item_at(index)
        if item is None or item.state == "missing" or item.kind in {"audio", "other"}:
            return None
        layout = self._grid.layout_now
        still = thumbnail_key(item, layout.picture_width, layout.picture_height)
        return self._moving.key_at(index) or still

    def card_of(self, key: PictureKey) -> tuple[int, int] | None:
        """Return column and line of the card that shows a picture now, or None."""
        index = self._indices.get(key)
        if index is None or self.key_at(index) != key:
            return None
        return self._grid.layout_now.card(index, self._grid.top_row)

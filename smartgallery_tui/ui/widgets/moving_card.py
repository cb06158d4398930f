"""The card under the cursor while its item moves: frames in the place of its thumbnail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from smartgallery_tui.ui.pictures.wishes import thumbnail_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smartgallery_tui.records import Item
    from smartgallery_tui.ui.pictures.layer import PictureLayer
    from smartgallery_tui.ui.pictures.wishes import PictureKey
    from smartgallery_tui.ui.widgets.grid_layout import GridLayout


class Cards(Protocol):
    """The grid, as far as one of its cards may show something else."""

    cursor: int
    layout_now: GridLayout

    def ask_for_pictures(self) -> None:
        """Ask for what is shown now."""

    def picture_ready(self, key: PictureKey) -> None:
        """Draw a picture that can be drawn."""

    def item_at(self, index: int) -> Item | None:
        """Return the item at a position, or None while it is not loaded."""


class MovingCard:
    """Shows frames on one card; the cards beside it are not written.

    The frame before stays until the next one can be drawn, and the thumbnail stays wanted, so that
    it is there at once when the card stops.

    Args:
        grid: Draws the card.
        pictures: Tells which frames can be drawn.
    """

    def __init__(self, grid: Cards, pictures: PictureLayer) -> None:
        self._grid = grid
        self._pictures = pictures
        self._index: int | None = None
        self._drawn: PictureKey | None = None
        self._wanted: PictureKey | None = None
        self._ahead: list[PictureKey] = []

    @property
    def is_drawn(self) -> bool:
        """Tell whether the frame that was asked for is on the screen."""
        return self._drawn is not None and self._drawn == self._wanted

    @property
    def wanted(self) -> dict[PictureKey, int]:
        """Return the frame to be drawn and the thumbnail behind it, with their position."""
        if self._wanted is None or self._index is None:
            return {}
        found = {self._wanted: self._index}
        if (item := self._grid.item_at(self._index)) is not None:
            found[self._key(item)] = self._index
        return found

    @property
    def ahead(self) -> list[PictureKey]:
        """Return the frames that follow."""
        return self._ahead

    def show(self, item: Item, ahead: Sequence[Item] = (), *, keeps_drawn: bool = True) -> None:
        """Show a frame on the card under the cursor as soon as it can be drawn.

        Args:
            item: The frame.
            ahead: Those that follow; prepared.
            keeps_drawn: What is drawn stays until then.
        """
        self._index = self._grid.cursor
        if not keeps_drawn:
            self._drawn = None
        self._wanted = self._key(item)
        self._ahead = [self._key(one) for one in ahead]
        self._grid.ask_for_pictures()
        if not self.is_drawn and self._pictures.placed(self._wanted) is not None:
            self._grid.picture_ready(self._wanted)

    def ready(self, key: PictureKey) -> None:
        """Note that a picture can be drawn."""
        if key == self._wanted:
            self._drawn = key

    def key_at(self, index: int) -> PictureKey | None:
        """Return the frame that is drawn at a position, or None where none is."""
        if index != self._index or self._drawn is None:
            return None
        layout = self._grid.layout_now
        is_as_large = self._drawn.box_cells == (layout.picture_width, layout.picture_height)
        return self._drawn if is_as_large else None

    def stop(self) -> None:
        """Show the thumbnail again."""
        index, self._index = self._index, None
        self._drawn = self._wanted = None
        self._ahead = []
        if index is None:
            return
        self._grid.ask_for_pictures()
        if (item := self._grid.item_at(index)) is not None:
            self._grid.picture_ready(self._key(item))

    def _key(self, item: Item) -> PictureKey:
        layout = self._grid.layout_now
        return thumbnail_key(item, layout.picture_width, layout.picture_height)

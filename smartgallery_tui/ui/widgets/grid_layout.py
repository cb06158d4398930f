"""How big a card of the grid is and how many fit: numbers in, numbers out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from smartgallery_tui.records import Density

SMALLEST_PX, LARGEST_PX, STEP_PX = 128, 512, 64
AHEAD = 20
"""Thumbnails prepared beyond either end of the page."""
_NARROWEST_CARD_CELLS = 12
_LOWEST_PICTURE_CELLS = 3
_FEWEST_COLUMNS = {"compact": 6, "normal": 4, "comfortable": 3}
_CAPTION_LINES = {"compact": 1, "normal": 2, "comfortable": 4}
_PICTURE_TO_CAPTION = 3
"""A picture is at least so many times as high as the caption below it."""


@dataclass(frozen=True, slots=True)
class GridLayout:
    """Cards of a grid on the screen; all sizes in cells."""

    columns: int
    rows: int
    """Rows of cards that are completely visible."""
    card_width: int
    card_height: int
    picture_width: int
    picture_height: int
    left: int
    """Empty columns left of the first card."""
    inset: int
    """Empty columns left of the picture within a card."""
    heading_height: int = 0
    """Lines above the pictures of a row that name groups."""
    caption_height: int = 1
    """Lines below the picture: the name, then what is known of the item."""

    @property
    def is_text(self) -> bool:
        """Tell whether items are lines of words."""
        return not self.picture_height

    @property
    def page(self) -> int:
        """Return the number of cards on the screen."""
        return self.columns * self.rows

    def card(self, index: int, top_row: int) -> tuple[int, int] | None:
        """Return column and line of a card's picture, or None while it is not on the screen."""
        row = index // self.columns - top_row
        if not 0 <= row < self.rows:
            return None
        y = row * self.card_height + self.heading_height
        return self.left + index % self.columns * self.card_width, y

    def index_at(self, x: int, y: int, top_row: int) -> int | None:
        """Return the index of the card at a cell, which may lie beyond the result's end."""
        row, column = y // self.card_height, (x - self.left) // self.card_width
        if not (0 <= row < self.rows and 0 <= column < self.columns):
            return None
        return (top_row + row) * self.columns + column

    def moved(self, cursor: int, dx: int, dy: int, total: int) -> int:
        """Return the cursor after a step; a step in a row goes on in the next row.

        A step down onto a short last row goes to its end; a step up from the first row stays.
        """
        target = cursor + dx + dy * self.columns
        if dy > 0 and target >= total:
            last_row = (total - 1) // self.columns
            return total - 1 if cursor // self.columns < last_row else cursor
        return cursor if dy < 0 and target < 0 else target

    def top_row(self, top_row: int, cursor: int, total: int) -> int:
        """Return the first visible row: as near to `top_row` as shows the cursor."""
        row = cursor // self.columns
        last = max(0, max(0, total - 1) // self.columns - self.rows + 1)
        return max(0, min(max(top_row, row - self.rows + 1), row, last))

    def inset_of(self, width_cells: int, height_cells: int) -> tuple[int, int]:
        """Return the offset of a picture within its card: centred."""
        left = self.inset + (self.picture_width - width_cells) // 2
        return left, (self.picture_height - height_cells + 1) // 2


def grid_layout(
    size_cells: tuple[int, int],
    cell_px: tuple[int, int],
    picture_px: int,
    density: Density,
    *,
    heading_height: int = 0,
    is_text: bool = False,
) -> GridLayout:
    """Return the layout of a grid.

    The picture size says how wide a card should be; density sets the gaps and the fewest
    columns, as long as a card keeps twelve cells. Rows are as many as fit best, and then grow to
    fill the height.

    Args:
        size_cells: Width and height of the grid.
        cell_px: Width and height of a cell in pixels.
        picture_px: Longest side of a picture.
        density: compact, normal or comfortable.
        heading_height: Lines to keep free above each row of cards.
        is_text: Each item is a line of words, and more of them below where density allows.
    """
    if is_text:
        return _lines_of_text(size_cells, density, heading_height)
    width, height = max(1, size_cells[0]), max(1, size_cells[1])
    gap_x = 1 if density == "compact" else 2
    wanted = max(_NARROWEST_CARD_CELLS, round(picture_px / cell_px[0]) + gap_x)
    most = max(1, width // _NARROWEST_CARD_CELLS)
    columns = max(1, min(most, max(width // wanted, _FEWEST_COLUMNS[density])))
    card_width = width // columns
    picture_width = max(1, card_width - gap_x)
    square = max(_LOWEST_PICTURE_CELLS, round(picture_width * cell_px[0] / cell_px[1]))
    rows, caption, picture_height = _heights(height, square, density, heading_height)
    return GridLayout(
        columns=columns,
        rows=rows,
        card_width=card_width,
        card_height=max(2 + heading_height, height // rows),
        picture_width=picture_width,
        picture_height=picture_height,
        left=(width - columns * card_width) // 2,
        inset=gap_x // 2,
        heading_height=heading_height,
        caption_height=caption,
    )


def _heights(
    height: int, square: int, density: Density, heading_height: int
) -> tuple[int, int, int]:
    """Return the rows of cards in so many lines, and of each card the lines of words and picture.

    `square` is how high a picture as wide as its card would be, in cells.
    """
    gap_y = 1 if density == "comfortable" else 0
    caption = max(1, min(_CAPTION_LINES[density], square // _PICTURE_TO_CAPTION))
    lines = caption + gap_y + heading_height
    rows = max(1, round(height / (square + lines)))
    while rows > 1 and height // rows - lines < min(square * 2 // 3, square):
        rows -= 1
    card_height = max(2 + heading_height, height // rows)
    caption = max(1, min(caption, card_height - 1 - gap_y - heading_height))
    lines = caption + gap_y + heading_height
    return rows, caption, max(1, min(card_height - lines, square + square // 3))


def _lines_of_text(
    size_cells: tuple[int, int], density: Density, heading_height: int
) -> GridLayout:
    width, height = max(1, size_cells[0]), max(1, size_cells[1])
    caption = max(1, min(_CAPTION_LINES[density] - 1, height - heading_height))
    card_height = caption + heading_height
    return GridLayout(
        columns=1,
        rows=max(1, height // card_height),
        card_width=width,
        card_height=card_height,
        picture_width=width,
        picture_height=0,
        left=0,
        inset=0,
        heading_height=heading_height,
        caption_height=caption,
    )


def wish_order(
    layout: GridLayout, top_row: int, cursor: int, total: int
) -> tuple[list[int], list[int]]:
    """Return the visible indices from the cursor outwards, and those to prepare beyond them."""
    first = top_row * layout.columns
    last = min(first + layout.page, total)
    row, column = divmod(cursor, layout.columns)

    def distance(index: int) -> int:
        return max(abs(index // layout.columns - row), abs(index % layout.columns - column))

    ahead = [
        *range(last, min(total, last + AHEAD)),
        *range(first - 1, max(-1, first - 1 - AHEAD), -1),
    ]
    return sorted(range(first, last), key=distance), ahead

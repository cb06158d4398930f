"""How big a card of the grid is and how many fit: numbers in, numbers out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from smartgallery_tui.records import Density

SMALLEST_PX, LARGEST_PX, STEP_PX = 128, 512, 64
_NARROWEST_CARD_CELLS = 12
_LOWEST_PICTURE_CELLS = 3
_FEWEST_COLUMNS = {"compact": 6, "normal": 4, "comfortable": 3}


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

    @property
    def page(self) -> int:
        """Return the number of cards on the screen."""
        return self.columns * self.rows


def grid_layout(
    size_cells: tuple[int, int],
    cell_px: tuple[int, int],
    picture_px: int,
    density: Density,
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
    """
    width, height = max(1, size_cells[0]), max(1, size_cells[1])
    gap_x = 1 if density == "compact" else 2
    gap_y = 1 if density == "comfortable" else 0
    wanted = max(_NARROWEST_CARD_CELLS, round(picture_px / cell_px[0]) + gap_x)
    most = max(1, width // _NARROWEST_CARD_CELLS)
    columns = max(1, min(most, max(width // wanted, _FEWEST_COLUMNS[density])))
    card_width = width // columns
    picture_width = max(1, card_width - gap_x)
    square = max(_LOWEST_PICTURE_CELLS, round(picture_width * cell_px[0] / cell_px[1]))
    lines = 1 + gap_y
    rows = max(1, round(height / (square + lines)))
    while rows > 1 and height // rows - lines < min(square * 2 // 3, square):
        rows -= 1
    card_height = max(2, height // rows)
    picture_height = max(1, min(card_height - lines, square + square // 3))
    return GridLayout(
        columns=columns,
        rows=rows,
        card_width=card_width,
        card_height=card_height,
        picture_width=picture_width,
        picture_height=picture_height,
        left=(width - columns * card_width) // 2,
        inset=gap_x // 2,
    )

"""Paints a few cells of a widget at once, without a frame of the compositor.

The compositor repaints a changed line from the widget's left edge up to the change; on a row of
pictures that is most of the row. A widget whose lines are `RunStrip`s can write just the cells that
changed: a cursor move is two captions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual.geometry import Region
    from textual.strip import Strip
    from textual.widget import Widget

    from smartgallery_tui.terminal.caps import TerminalCaps
    from smartgallery_tui.ui.pictures.link import Link


class Canvas(Protocol):
    """The picture layer, as far as cells are written through it."""

    @property
    def link(self) -> Link:
        """The line to the terminal."""

    @property
    def caps(self) -> TerminalCaps:
        """What the terminal can do."""


def paint(layer: Canvas, widget: Widget, parts: Iterable[tuple[Region, Sequence[Strip]]]) -> None:
    """Paint regions of a widget now, or have the compositor do it where that is not safe.

    Args:
        layer: Writes to the terminal.
        widget: The widget; its next full paint must show the same.
        parts: Regions within the widget, each with the strips of its lines, already cropped.
    """
    later: list[Region] = []
    codes: list[str] = []
    console = widget.app.console
    for region, strips in parts:
        place = region.translate(widget.content_region.offset)
        if not (layer.link.is_open and is_uncovered(widget, place)):
            later.append(region)
            continue
        for y, strip in zip(place.line_range, strips, strict=True):
            codes.append(f"\x1b[{y + 1};{place.x + 1}H{strip.render(console)}")
    if codes:
        layer.link.write_cells("".join(codes), has_sync=layer.caps.has_sync)
    if later:
        widget.refresh(*later)


def is_uncovered(widget: Widget, place: Region) -> bool:
    """Tell whether nothing lies over a place on the screen; corners and middle are looked at.

    Args:
        widget: The widget that the place belongs to.
        place: Screen cells.
    """
    if not widget.is_attached or widget.screen is not widget.app.screen:
        return False
    screen = widget.screen
    if not screen.region.contains_region(place) or not place:
        return False
    right, bottom = place.right - 1, place.bottom - 1
    middle = ((place.x + right) // 2, (place.y + bottom) // 2)
    corners = {(place.x, place.y), (right, place.y), (place.x, bottom), (right, bottom), middle}
    return all(screen.get_widget_at(x, y)[0] is widget for x, y in corners)

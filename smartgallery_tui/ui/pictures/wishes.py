"""What a widget asks of the picture layer, and what it gets."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from smartgallery_tui.terminal.view import ViewSpec

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smartgallery_tui.records import Item, Picture
    from smartgallery_tui.terminal.encode import Quality
    from smartgallery_tui.terminal.rows import Row


UNKNOWN_PX = (1, 1)
"""Stands for the size of a picture that its file does not tell."""


@dataclass(frozen=True, slots=True)
class PictureKey:
    """One picture at one size in one view; equal keys look alike."""

    id: int
    content: bytes
    mtime_ns: int
    width_cells: int
    height_cells: int
    is_sharp: bool = False
    """Made from the file's own pixels and not from its thumbnail."""
    size_px: tuple[int, int] = (0, 0)
    """Size of the file's picture where it is known; (0, 0) for the thumbnails of a grid."""
    view: ViewSpec = field(default_factory=ViewSpec)

    @property
    def known_size_px(self) -> tuple[int, int] | None:
        """Return the size of the file's picture, or None where the file does not tell it."""
        return self.size_px if self.size_px not in {(0, 0), UNKNOWN_PX} else None

    @property
    def is_preview(self) -> bool:
        """Tell whether it is a thumbnail that stands in for a sharp picture."""
        return not self.is_sharp and self.size_px != (0, 0)

    @property
    def box_cells(self) -> tuple[int, int]:
        """Return the room for it in cells."""
        return self.width_cells, self.height_cells


def thumbnail_key(item: Item, width_cells: int, height_cells: int) -> PictureKey:
    """Return the key of an item's thumbnail in a box of cells."""
    return PictureKey(item.id, item.content_id, item.mtime_ns, width_cells, height_cells)


@dataclass(frozen=True, slots=True)
class Placed:
    """A picture that can be drawn now."""

    width_cells: int
    height_cells: int
    rows: tuple[Row, ...]
    quality: Quality = "full"
    """After `low` a better version follows."""


class PictureOwner(Protocol):
    """A widget that shows pictures."""

    def picture_ready(self, key: PictureKey) -> None:
        """Repaint the cells of a picture; called on the event loop."""

    def pictures_lost(self) -> None:
        """Repaint everything and ask again: the screen is a new one."""

    def picture_origin(self, key: PictureKey) -> tuple[int, int] | None:
        """Return the screen cell of its upper left corner, or None while it is not shown."""


class PictureSource(Protocol):
    """The part of a library that gives pixels; called from worker threads, may block."""

    def thumbnail(self, id: int, box_px: tuple[int, int]) -> Picture:  # noqa: A002 - Library's name
        """Return a picture that fits the box, from the thumbnail store where it can."""

    def micro(self, id: int) -> Picture | None:  # noqa: A002 - Library's name
        """Return the kept tiny picture, or None if none was made yet."""

    def picture(
        self,
        id: int,  # noqa: A002 - Library's name
        box_px: tuple[int, int],
        part: tuple[float, float, float, float] | None = None,
    ) -> Picture:
        """Return a picture, or a part of it, that fits the box, from the file."""

    def cached_payload(self, id: int, key: str) -> bytes | None:  # noqa: A002 - Library's name
        """Return an encoded picture stored before."""

    def store_payload(self, id: int, key: str, data: bytes) -> None:  # noqa: A002 - Library's name
        """Store an encoded picture."""


@dataclass(slots=True)
class Wishes:
    """What one owner wants, best first."""

    visible: Sequence[PictureKey] = ()
    ahead: Sequence[PictureKey] = ()
    """Wanted soon: prepared, and the first large ones perhaps sent."""
    sends_ahead: bool = False

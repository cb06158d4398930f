"""Storyboards: made once for a size, then kept in the thumbnail store as one row of JPEGs."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

from smartgallery_tui.errors import MediaCancelledError, MediaError
from smartgallery_tui.index.thumbs import Entry
from smartgallery_tui.media import thumbnails

if TYPE_CHECKING:
    from collections.abc import Callable

    from smartgallery_tui.jobs import Job
    from smartgallery_tui.library.picture_maker import Box, PictureMaker, StoryboardPlan
    from smartgallery_tui.records import Item, Picture

_COUNT = struct.Struct(">B")
_LENGTH = struct.Struct(">I")
_QUALITY: Final = 85


class Storyboards:
    """Reads evenly spaced frames; those of a size that thumbnails have are kept. Any thread.

    Args:
        maker: Decodes them, and has the store.
        plan: Makes the plan of a storyboard in a thread of its pool; blocks.
        begin: Makes a frame in a thread of its pool.
        result: Waits for one.
    """

    def __init__(
        self,
        maker: PictureMaker,
        plan: Callable[[Item, Box], StoryboardPlan],
        begin: Callable[[Callable[[], Picture]], Job[Picture]],
        result: Callable[[Job[Picture]], Picture],
    ) -> None:
        self._maker = maker
        self._plan = plan
        self._begin = begin
        self._result = result

    def read(self, item: Item, box_px: Box) -> list[Picture]:
        """Return the frames, the last one included.

        Raises:
            ToolMissingError: It is a video and ffmpeg is not installed.
            MediaError: None can be made.
        """
        key = f"storyboard-1:{box_px[0]}x{box_px[1]}"
        is_kept = max(box_px) <= thumbnails.MAX_STORED_PX and bool(item.content_id)
        data = self._maker.store.payload(item.content_id, key) if is_kept else None
        if data is not None and (known := _unpacked(data, box_px)):
            return known
        plan = self._plan(item, box_px)
        found = list(plan.pictures) or self._sought(plan)
        if is_kept and self._maker.is_unchanged(item) and len(found) > 1:
            self._maker.store.add(item.content_id, [Entry("payload", _packed(found), key=key)])
        return found

    def _sought(self, plan: StoryboardPlan) -> list[Picture]:
        """Return the frames of a long video, as many at a time as there are cores."""
        jobs = [self._begin(part) for part in plan.parts]
        found: list[Picture] = []
        errors: list[MediaError] = []
        for job in jobs:
            try:
                found.append(self._result(job))
            except MediaCancelledError:
                raise
            except MediaError as error:
                errors.append(error)
        if not found:
            raise errors[0]
        return found


def _packed(pictures: list[Picture]) -> bytes:
    parts = [_COUNT.pack(len(pictures))]
    for picture in pictures:
        longest = max(picture.width_px, picture.height_px)
        jpeg = thumbnails.jpeg_of_picture(picture, longest, _QUALITY)
        parts += [_LENGTH.pack(len(jpeg)), jpeg]
    return b"".join(parts)


def _unpacked(data: bytes, box_px: Box) -> list[Picture]:
    """Return the pictures, or none where the bytes are not as they were written."""
    found: list[Picture] = []
    at = _COUNT.size
    try:
        (count,) = _COUNT.unpack_from(data)
        for _ in range(count):
            (length,) = _LENGTH.unpack_from(data, at)
            at += _LENGTH.size + length
            found.append(thumbnails.picture_of_jpeg(data[at - length : at], box_px))
    except (struct.error, MediaError):
        return []
    return found

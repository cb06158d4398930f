"""Pictures: the library's part for pixels."""

from __future__ import annotations

import threading
from functools import partial
from typing import TYPE_CHECKING

from smartgallery_tui.errors import MediaCancelledError
from smartgallery_tui.index import picture_rows
from smartgallery_tui.index.writer import SCAN

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from smartgallery_tui.index.picture_rows import Damage
    from smartgallery_tui.jobs import CacheStats
    from smartgallery_tui.library.context import Context
    from smartgallery_tui.library.pictures import Box, Part, Pictures
    from smartgallery_tui.library.thumbnailing import Listeners, ThumbnailReport
    from smartgallery_tui.records import Emit, Frame, Item, Picture, Settings


class Showing:
    """Pictures of items. These methods block: call them from worker threads.

    Args:
        context: The open library.
        item: Returns the item of an id.
    """

    def __init__(self, context: Context, item: Callable[[int], Item]) -> None:
        self._context = context
        self._store = context.store
        self._item = item
        self._lock = threading.Lock()
        self._opened: Pictures | None = None
        self._is_over = False

    def thumbnail(
        self, file_id: int, box_px: Box, *, cancelled: threading.Event | None = None
    ) -> Picture:
        """Return a picture that fits the box, from the thumbnail store where it can.

        The aspect is kept, nothing is enlarged, EXIF orientation is applied, transparency lies
        on a checkerboard. The newest caller is served first.

        Raises:
            MediaError: It cannot be made; the text says why in one line.
        """
        return self._pictures().thumbnail(file_id, box_px, cancelled=cancelled)

    def picture(
        self,
        file_id: int,
        box_px: Box,
        part: Part | None = None,
        *,
        cancelled: threading.Event | None = None,
    ) -> Picture:
        """Return a sharp picture that fits the box, from the file; at most 24 megapixels.

        Args:
            file_id: The item.
            box_px: Largest width and height.
            part: What to return, as fractions of the picture as seen: left, top, right, bottom.
                Of the largest pictures this is the way to see their pixels.
            cancelled: Set by a caller that does not want it any more.

        Raises:
            MediaError: As `thumbnail`.
        """
        return self._pictures().picture(file_id, box_px, part, cancelled=cancelled)

    def micro(self, file_id: int) -> Picture | None:
        """Return a picture of at most 64 pixels for the first instant, or None: not made yet."""
        return self._pictures().micro(file_id)

    def cached_payload(self, file_id: int, key: str) -> bytes | None:
        """Return what `store_payload` kept for the item's content under this key, or None."""
        return self._pictures().cached_payload(file_id, key)

    def store_payload(self, file_id: int, key: str, data: bytes) -> None:
        """Keep an encoded picture; the key names box, protocol and encoder."""
        self._pictures().store_payload(file_id, key, data)

    def prefetch(self, ids: Sequence[int], box_px: Box, *, is_sharp: bool = False) -> None:
        """Make pictures ahead, in this order, when nothing else waits; returns at once.

        A new call drops what is left of the one before. Without ids it starts a decode process.
        """
        self._pictures().prefetch(ids, box_px, is_sharp=is_sharp)

    def frames(self, file_id: int, box_px: Box, limit: int) -> list[Frame]:
        """Return the first frames of an animated picture, with how long each is shown.

        Raises:
            MediaError: As `thumbnail`.
        """
        return self._pictures().frames(file_id, box_px, limit)

    def storyboard(self, file_id: int, box_px: Box) -> list[Picture]:
        """Return 11 evenly spaced frames of a video or animated picture, the last included.

        Raises:
            ToolMissingError: It is a video and ffmpeg is not installed.
            MediaError: As `thumbnail`.
        """
        return self._pictures().storyboard(file_id, box_px)

    def make_thumbnails(
        self,
        emit: Emit | None = None,
        cancelled: threading.Event | None = None,
        *,
        retries: bool = False,
    ) -> ThumbnailReport:
        """Make every thumbnail of the view that is missing, newest files first; blocks.

        As many at a time as there are cores. A file whose pixels are damaged becomes a row with
        its problem, and is tried again only by another decoder, or when its content changes.

        Args:
            emit: Hears progress, at most ten times a second.
            cancelled: Stops it; what was made stays.
            retries: Try again what failed before.
        """
        pictures = self._pictures()
        with self._store.read() as db:
            total = picture_rows.count_with_pixels(db, self._context.view)
            pages = picture_rows.with_pixels(db, self._context.view)
            report = pictures.make_all(
                pages, total, self._listeners(emit), cancelled, retries=retries
            )
        if not report.was_cancelled:
            self.forget_orphans()
        return report

    def thumbnails_for(
        self,
        ids: Sequence[int],
        emit: Emit | None = None,
        cancelled: threading.Event | None = None,
    ) -> ThumbnailReport:
        """Make the missing thumbnails of some items now, in this order; blocks.

        For files that have just come in. Items without pixels and missing files are left out.

        Args:
            ids: The items; unknown ones are left out.
            emit: Hears progress, at most ten times a second.
            cancelled: Stops it; what was made stays.
        """
        with self._store.read() as db:
            wanted = picture_rows.those_with_pixels(db, ids)
        return self._pictures().make_all([wanted], len(wanted), self._listeners(emit), cancelled)

    def tidy_pictures(self) -> None:
        """Forget kept pictures that no file has any more, in the background; returns at once.

        Does nothing before the first picture was wanted, or within an hour of the last time.
        """
        pictures = self._opened
        if pictures is not None and not self._context.read_only:
            pictures.tidying.start(self._known_contents)

    def _listeners(self, emit: Emit | None) -> Listeners:
        # Imported here: many commands make no pictures.
        from smartgallery_tui.library.thumbnailing import Listeners

        return Listeners(self._note_damage, emit) if emit else Listeners(self._note_damage)

    def media_notice(self) -> str:
        """Return a sentence for the user the first time a tool was found missing, else ""."""
        return self._pictures().media_notice()

    def picture_stats(self) -> CacheStats:
        """Return sizes and uses of the pictures in memory."""
        return self._pictures().memory_stats()

    def use_settings(self, settings: Settings) -> None:
        """Take other settings where pictures are being made; else the next start does."""
        if self._opened is not None:
            self._opened.use_settings(settings)

    def close(self) -> None:
        """Stop decoding. Idempotent; takes at most two seconds."""
        with self._lock:
            pictures, self._opened = self._opened, None
            self._is_over = True
        if pictures is not None:
            pictures.close()

    def _pictures(self) -> Pictures:
        with self._lock:
            if self._opened is None:
                if self._is_over:
                    raise MediaCancelledError("the library is closed")
                # Imported here: Pillow costs 60 ms, and many commands show nothing.
                from smartgallery_tui.library.picture_maker import PictureMaker
                from smartgallery_tui.library.pictures import Pictures

                maker = PictureMaker(self._context.cache_dir / "thumbs.db", self._context.settings)
                self._opened = Pictures(self._item, maker)
            return self._opened

    def _note_damage(self, found: Sequence[Damage]) -> None:
        if not self._store.newer:
            self._context.writer.run("index", partial(picture_rows.note_damage, found=found), SCAN)

    def forget_orphans(self) -> None:
        """Forget kept pictures that no file has any more, now; blocks."""
        self._pictures().tidying.finish(self._known_contents)

    def _known_contents(self, contents: Sequence[bytes]) -> set[bytes]:
        with self._store.read() as db:
            return picture_rows.known_contents(db, contents)

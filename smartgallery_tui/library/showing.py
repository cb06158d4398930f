"""Pictures: the library's part for pixels."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from smartgallery_tui.errors import MediaCancelledError
from smartgallery_tui.index import picture_rows
from smartgallery_tui.index.writer import SCAN
from smartgallery_tui.library.looking import Looking

if TYPE_CHECKING:
    import threading
    from collections.abc import Sequence

    from smartgallery_tui.index.picture_rows import Damage
    from smartgallery_tui.jobs import CacheStats
    from smartgallery_tui.library.pictures import Box, Pictures
    from smartgallery_tui.library.thumbnailing import ThumbnailReport
    from smartgallery_tui.media.ffmpeg import FfmpegStatus
    from smartgallery_tui.records import Emit, Frame, Picture


class Showing(Looking):
    """Pictures of items. These methods block: call them from worker threads."""

    _opened_pictures: Pictures | None = None

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
        self, file_id: int, box_px: Box, *, cancelled: threading.Event | None = None
    ) -> Picture:
        """Return a sharp picture that fits the box, from the file; at most 24 megapixels.

        Raises:
            MediaError: As `thumbnail`.
        """
        return self._pictures().picture(file_id, box_px, cancelled=cancelled)

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
        self, emit: Emit | None = None, cancelled: threading.Event | None = None
    ) -> ThumbnailReport:
        """Make every thumbnail of the view that is missing, newest files first; blocks.

        A file whose pixels are damaged becomes a row with its problem.

        Args:
            emit: Hears progress, at most ten times a second.
            cancelled: Stops it; what was made stays.
        """
        with self._store.read() as db:
            total = picture_rows.count_with_pixels(db, self._view)
            pages = picture_rows.with_pixels(db, self._view)
            report = self._pictures().make_all(pages, total, self._note_damage, emit, cancelled)
        self._forget_orphans()
        return report

    def ffmpeg_status(self) -> FfmpegStatus:
        """Return where ffmpeg is, its version and what is wrong with it; runs it once."""
        return self._pictures().ffmpeg_status()

    def media_notice(self) -> str:
        """Return a sentence for the user the first time a tool was found missing, else ""."""
        return self._pictures().media_notice()

    def picture_stats(self) -> CacheStats:
        """Return sizes and uses of the pictures in memory."""
        return self._pictures().memory_stats()

    def clear_thumbnails(self) -> None:
        """Forget every kept thumbnail and payload."""
        self._pictures().clear_cache()

    def close(self) -> None:
        """Stop decoding, then close the rest. Idempotent; takes at most two seconds here."""
        with self._closing:
            pictures, self._opened_pictures = self._opened_pictures, None
            self._is_showing_over = True
        if pictures is not None:
            pictures.close()
        super().close()

    _is_showing_over = False

    def _pictures(self) -> Pictures:
        with self._closing:
            if self._opened_pictures is None:
                if self._is_showing_over:
                    raise MediaCancelledError("the library is closed")
                # Imported here: Pillow costs 60 ms, and many commands show nothing.
                from smartgallery_tui.library.picture_maker import PictureMaker
                from smartgallery_tui.library.pictures import Pictures

                maker = PictureMaker(self.cache_dir / "thumbs.db", self.settings)
                self._opened_pictures = Pictures(self.item, maker)
            return self._opened_pictures

    def _note_damage(self, found: Sequence[Damage]) -> None:
        if not self._store.newer:
            self._writer.run("index", partial(picture_rows.note_damage, found=found), SCAN)

    def _forget_orphans(self) -> int:
        with self._store.read() as db:
            return self._pictures().prune_orphans(partial(picture_rows.known_contents, db))

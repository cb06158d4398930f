"""Make one picture of one item, and keep its thumbnail. Knows which tool suits which file."""

from __future__ import annotations

import contextlib
import hashlib
import os
import threading
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import PIL

from smartgallery_tui.errors import MediaError, NoPreviewError, ToolMissingError
from smartgallery_tui.index.thumbs import Entry, ThumbStore
from smartgallery_tui.media import thumbnails, video
from smartgallery_tui.media.ffmpeg import Ffmpeg
from smartgallery_tui.media.pool import DecodePool
from smartgallery_tui.records import Frame, Item, Picture
from smartgallery_tui.records.bounds import storable_ns

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from smartgallery_tui.media.decode import Part
    from smartgallery_tui.media.pool import Decoded
    from smartgallery_tui.records import Settings

MOST_PIXELS: Final = 24_000_000
"""Of one picture, however large its file is: 72 MB."""
_HEAVY_PIXELS: Final = 32_000_000
_JPEG: Final = frozenset({"jpeg", "jpg"})
"""Made smaller while they are decoded, which a part of full size is not."""
_LARGEST_FRAME_PX: Final = (8192, 8192)
_MOST_WORKERS: Final = 8
_LEAST_WAIT_S: Final = 30.0
_MOST_WAIT_S: Final = 150.0
_PIXELS_A_SECOND: Final = 2_000_000
_NO_PICTURE: Final = {
    "audio": "sound has no picture",
    "model": "3D models have no preview; open the file with another program",
    "other": "this kind of file has no preview",
}

Box = tuple[int, int]


@dataclass(frozen=True, slots=True)
class StoryboardPlan:
    """The frames of a storyboard, or calls that each give one."""

    pictures: tuple[Picture, ...] = ()
    parts: tuple[Callable[[], Picture], ...] = ()


class PictureMaker:
    """Decoder, ffmpeg and thumbnail store in one hand. Methods block; any thread may call.

    Args:
        cache_file: The thumbnail store; None keeps a little in memory.
        settings: Sizes, quality, limits, names of tools.
        workers: Decode processes; 0 takes one a core.
    """

    def __init__(
        self, cache_file: str | Path | None, settings: Settings, *, workers: int = 0
    ) -> None:
        self._cache_file = cache_file
        self._settings = settings
        self.core_count = workers or len(os.sched_getaffinity(0))
        """Decode processes that many thumbnails are made with."""
        self.worker_count = min(_MOST_WORKERS, self.core_count)
        """Decode processes that a screen makes use of."""
        self._closing = threading.Event()
        self._decoder = DecodePool(self.core_count)
        self.ffmpeg = Ffmpeg(settings.tools.ffmpeg, settings.tools.ffprobe, self._closing)
        self._lock = threading.Lock()
        self._store: ThumbStore | None = None
        self._heavy = threading.Lock()
        self._ffmpeg_version = ""
        self._notice = ""
        self._is_notice_told = False

    @property
    def store(self) -> ThumbStore:
        """The thumbnail store, opened by its first use."""
        with self._lock:
            if self._store is None:
                limit_bytes = self._settings.cache.max_size_mb << 20
                self._store = ThumbStore(
                    self._cache_file, limit_bytes=limit_bytes, version=thumbnails.VERSION
                )
            return self._store

    def use_settings(self, settings: Settings) -> None:
        """Take other sizes, quality and limit; pictures that are kept stay."""
        with self._lock:
            self._settings = settings
            if self._store is not None:
                self._store.set_limit(settings.cache.max_size_mb << 20)

    def kept(self, item: Item, box_px: Box) -> Picture | None:
        """Return the picture from the store, or None if it must be made."""
        stored_px = self.stored_px(box_px)
        if not stored_px or not item.content_id:
            return None
        data = self.store.thumbnail(item.content_id, stored_px)
        if data is None:
            return None
        try:
            return thumbnails.picture_of_jpeg(data, box_px)
        except MediaError:
            return None

    def micro(self, item: Item) -> Picture | None:
        """Return the kept tiny picture, or None."""
        data = self.store.micro(item.content_id) if item.content_id else None
        if data is None:
            return None
        try:
            return thumbnails.picture_of_jpeg(data, (thumbnails.MICRO_PX, thumbnails.MICRO_PX))
        except MediaError:
            return None

    def stored_px(self, box_px: Box) -> int:
        """Return the longest side of the thumbnail kept for a box; 0: none is kept."""
        return thumbnails.stored_size_px(box_px, self._settings.view.thumbnail_size)

    def make(self, item: Item, box_px: Box, *, is_sharp: bool, part: Part | None = None) -> Picture:
        """Return a picture that fits the box; keeps the thumbnail of one that is not sharp.

        Of a sharp picture a part alone is decoded if one is named.

        Raises:
            MediaError: It cannot be made; the text says why.
        """
        if item.kind in _NO_PICTURE:
            raise NoPreviewError(_NO_PICTURE[item.kind])
        if not is_sharp and (picture := self.kept(item, box_px)) is not None:
            return picture
        stored_px = 0 if is_sharp else self.stored_px(box_px)
        box_px = bounded(item, box_px)
        if item.kind == "video":
            return self._of_video(item, box_px, stored_px, part)
        with self._turn_for(item, part):
            decoded = self._decode(item, box_px, stored_px, part, is_sharp=is_sharp)
        is_fresh = (decoded.size_bytes, decoded.mtime_ns) == (item.size_bytes, item.mtime_ns)
        if stored_px and is_fresh:
            self._keep(item, stored_px, decoded.stored, decoded.micro)
        return decoded.picture

    def _turn_for(self, item: Item, part: Part | None) -> AbstractContextManager[object]:
        """Return what lets one picture at a time through that needs a gigabyte to decode."""
        pixels = (item.width or 0) * (item.height or 0)
        is_light = item.format == "png" or (item.format in _JPEG and part is None)
        is_heavy = pixels > _HEAVY_PIXELS and not is_light
        return self._heavy if is_heavy else contextlib.nullcontext()

    def _decode(
        self, item: Item, box_px: Box, stored_px: int, part: Part | None, *, is_sharp: bool
    ) -> Decoded:
        return self._decoder.still(
            item.path,
            box_px,
            stored_px=stored_px,
            micro_px=thumbnails.MICRO_PX if stored_px else 0,
            quality=self._settings.view.thumbnail_quality,
            is_sharp=is_sharp,
            part=part,
            limit_s=patience_s(item),
        )

    def make_kept(self, item: Item) -> None:
        """Make and keep the thumbnail of the usual size, and the tiny one.

        Raises:
            MediaError: It cannot be made.
        """
        self.make(item, (1, 1), is_sharp=False)

    def note_failure(self, item: Item, reason: str) -> None:
        """Remember that this content gives no picture with the decoder of today."""
        with contextlib.suppress(MediaError):
            if item.content_id and _is_fresh(item):
                entry = Entry("failure", reason.encode(), key=self.decoder_of(item))
                self.store.add(item.content_id, [entry])

    def decoder_of(self, item: Item) -> str:
        """Return name and version of what decodes an item; a newer one may do what this cannot."""
        if item.kind != "video":
            return f"pillow {PIL.__version__}"
        if not self._ffmpeg_version:
            self._ffmpeg_version = f"ffmpeg {self.ffmpeg.status().version}"
        return self._ffmpeg_version

    def frames(self, item: Item, box_px: Box, limit: int) -> list[Frame]:
        """Return the first frames of an animated picture.

        Raises:
            MediaError: Not even the first can be decoded.
        """
        found = self._decoder.frames(item.path, box_px, limit, limit_s=patience_s(item))
        return [Frame(one.picture, one.duration_ms) for one in found]

    def storyboard_parts(self, item: Item, box_px: Box) -> StoryboardPlan:
        """Return 11 evenly spaced frames, or for a long video the calls that seek them.

        Raises:
            ToolMissingError: It is a video and ffmpeg is not installed.
            MediaError: It cannot be decoded.
        """
        count = video.STORYBOARD_FRAMES
        if item.kind != "video":
            found = self._decoder.frames(
                item.path, box_px, count, is_spread=True, limit_s=patience_s(item)
            )
            return StoryboardPlan(pictures=tuple(one.picture for one in found))
        duration_ms = item.duration_ms
        if duration_ms is None:
            duration_ms = self.ffmpeg.probe(item.path).duration_ms or 0
        if duration_ms <= video.WHOLE_CLIP_MS:
            return StoryboardPlan(tuple(video.whole_clip(self.ffmpeg, item.path, box_px)))
        parts = [
            partial(self.ffmpeg.frame, item.path, at_s, box_px)
            for at_s in video.seek_times_s(duration_ms)
        ]
        last = partial(video.last_frame, self.ffmpeg, item.path, box_px)
        return StoryboardPlan(parts=(*parts, last))

    @staticmethod
    def is_unchanged(item: Item) -> bool:
        """Tell whether the file is there and still the one that the item describes."""
        with contextlib.suppress(MediaError):
            return _is_fresh(item)
        return False

    def warm(self) -> None:
        """Start a decode process ahead of its first request."""
        self._decoder.warm()

    def process_ids(self) -> list[int]:
        """Return the ids of the decode processes."""
        return self._decoder.process_ids()

    def take_notice(self) -> str:
        """Return a sentence for the user once, when something was found missing; else ""."""
        with self._lock:
            if self._is_notice_told:
                return ""
            self._is_notice_told = bool(self._notice)
            return self._notice

    def stop(self) -> None:
        """End all decode processes and programs; whoever waits for them gets an error."""
        self._closing.set()
        self._decoder.close()

    def close(self) -> None:
        """Stop, and close the store."""
        self.stop()
        with self._lock:
            if self._store is not None:
                self._store.close()

    def _of_video(self, item: Item, box_px: Box, stored_px: int, part: Part | None) -> Picture:
        wide_box = (max(box_px[0], stored_px), max(box_px[1], stored_px))
        if part is not None:
            wide_box = _LARGEST_FRAME_PX
        try:
            is_fresh = _is_fresh(item)
            picture = video.poster(self.ffmpeg, item.path, wide_box, item.duration_ms)
        except ToolMissingError as error:
            with self._lock:
                self._notice = str(error)
            raise NoPreviewError("videos have no preview without ffmpeg") from error
        if stored_px and is_fresh:
            quality = self._settings.view.thumbnail_quality
            stored = thumbnails.jpeg_of_picture(picture, stored_px, quality)
            micro = thumbnails.jpeg_of_picture(picture, thumbnails.MICRO_PX, quality)
            self._keep(item, stored_px, stored, micro)
        if part is not None:
            picture = thumbnails.cut_picture(picture, part)
        return thumbnails.shrink_picture(picture, box_px)

    def _keep(self, item: Item, stored_px: int, stored: bytes, micro: bytes) -> None:
        if item.content_id:
            entries = [Entry("thumbnail", stored, size_px=stored_px), Entry("micro", micro)]
            self.store.add(item.content_id, entries)


def content_key(item: Item) -> bytes:
    """Return what tells contents apart, for a file that was not read yet too."""
    if item.content_id:
        return item.content_id
    told = f"{item.size_bytes} {item.mtime_ns} ".encode() + os.fsencode(item.path)
    return hashlib.blake2b(told, digest_size=16).digest()


def bounded(item: Item, box_px: Box) -> Box:
    """Return a box that keeps a picture below the largest size that is handed around."""
    width, height = item.width or box_px[0], item.height or box_px[1]
    pixels = min(box_px[0], width) * min(box_px[1], height)
    if pixels <= MOST_PIXELS:
        return box_px
    scale = (MOST_PIXELS / pixels) ** 0.5
    return max(1, int(min(box_px[0], width) * scale)), max(1, int(min(box_px[1], height) * scale))


def patience_s(item: Item) -> float:
    """Return how long a decoder may work on an item: longer for larger pictures."""
    pixels = (item.width or 0) * (item.height or 0)
    return min(_MOST_WAIT_S, _LEAST_WAIT_S + pixels / _PIXELS_A_SECOND)


def _is_fresh(item: Item) -> bool:
    """Tell whether the file is still the one that the item describes.

    Raises:
        MediaError: It is gone.
    """
    try:
        state = Path(item.path).lstat()
    except (OSError, ValueError) as error:
        raise MediaError(f"cannot open the file: {getattr(error, 'strerror', error)}") from error
    return (state.st_size, storable_ns(state.st_mtime_ns)) == (item.size_bytes, item.mtime_ns)

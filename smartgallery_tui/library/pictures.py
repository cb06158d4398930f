"""Pictures of items for whoever shows them: at once from memory, else made by a pool.

All methods may be called from any thread but the event loop's: they block. A picture that
several callers want at once is made once.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from smartgallery_tui.errors import MediaCancelledError, MediaError, SmartGalleryError
from smartgallery_tui.index.thumbs import Entry
from smartgallery_tui.jobs import (
    BoundedCache,
    CacheStats,
    Expiry,
    Job,
    JobCancelledError,
    JobPool,
    Priority,
    return_large_blocks,
)
from smartgallery_tui.library.picture_maker import PictureMaker, content_key
from smartgallery_tui.library.storyboards import Storyboards
from smartgallery_tui.library.thumbnailing import Thumbnailing
from smartgallery_tui.library.tidying import Tidying

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from smartgallery_tui.library.picture_maker import StoryboardPlan
    from smartgallery_tui.library.thumbnailing import Listeners, ThumbnailReport
    from smartgallery_tui.records import Frame, Item, Picture, Settings

MEMORY_BYTES: Final = 32 << 20
"""Decoded pictures kept in memory."""
MEMORY_TTL_S: Final = 600.0
_LOOK_S: Final = 120.0
"""How often pictures that are too old are looked for: nobody may ask for any."""
_ERRORS_KEPT: Final = 2_000
_ERROR_TTL_S: Final = 60.0
_CLOSE_S: Final = 1.0
_POLL_S: Final = 0.05

Box = tuple[int, int]
Part = tuple[float, float, float, float]
T = TypeVar("T")


class _Key(NamedTuple):
    """One picture at one size."""

    content: bytes
    box_px: Box
    is_sharp: bool = False
    part: Part | None = None


@dataclass(slots=True)
class _Shared:
    """A job that several callers may wait for."""

    job: Job[Picture]
    waiting: int
    """Callers that wait; the job is dropped when the last one gives up."""


class Pictures:
    """Pictures of a library's items.

    Args:
        locate: Returns the item of an id; raises `SmartGalleryError` for an unknown one.
        maker: Makes them; closed with this object.
    """

    def __init__(self, locate: Callable[[int], Item], maker: PictureMaker) -> None:
        return_large_blocks()
        self._locate = locate
        self._maker = maker
        self._lock = threading.Lock()
        self._memory: BoundedCache[_Key, Picture] = BoundedCache(
            MEMORY_BYTES, MEMORY_TTL_S, cost=lambda picture: len(picture.rgb)
        )
        self._expiry = Expiry(self._memory.expire, _LOOK_S)
        self._errors: BoundedCache[_Key, MediaError] = BoundedCache(_ERRORS_KEPT, _ERROR_TTL_S)
        self._jobs = JobPool("picture", maker.worker_count)
        self._running: dict[_Key, _Shared] = {}
        self._ahead: list[threading.Event] = []
        self._storyboards = Storyboards(maker, self._storyboard_plan, self._submit, self._result)
        self.tidying = Tidying(maker, lambda call: self._submit_ahead(call, threading.Event()))
        """Forgets what no file has any more."""

    def thumbnail(
        self, item_id: int, box_px: Box, *, cancelled: threading.Event | None = None
    ) -> Picture:
        """Return a picture of an item that fits the box, quickly rather than sharply.

        Args:
            item_id: The item.
            box_px: Largest width and height.
            cancelled: Set by a caller that does not want it any more.

        Raises:
            MediaError: It cannot be made; the text says why in one line.
            MediaCancelledError: `cancelled` was set, or the library was closed.
        """
        item = self._locate(item_id)
        return self._wait(_Key(content_key(item), box_px), item, cancelled)

    def picture(
        self,
        item_id: int,
        box_px: Box,
        part: Part | None = None,
        *,
        cancelled: threading.Event | None = None,
    ) -> Picture:
        """Return a sharp picture of an item, decoded from its file.

        Args:
            item_id: The item.
            box_px: Largest width and height.
            part: Left, top, right and bottom of what to return, as fractions of the picture as
                seen; None: everything.
            cancelled: Set by a caller that does not want it any more.

        Raises:
            MediaError: As `thumbnail`.
        """
        item = self._locate(item_id)
        return self._wait(_Key(content_key(item), box_px, True, part), item, cancelled)

    def micro(self, item_id: int) -> Picture | None:
        """Return the kept tiny picture (at most 64 pixels), or None if none was made yet.

        Takes a quarter of a millisecond: for the first instant of a page.
        """
        return self._maker.micro(self._locate(item_id))

    def cached_payload(self, item_id: int, key: str) -> bytes | None:
        """Return what `store_payload` kept for an item's content under this key, or None."""
        item = self._locate(item_id)
        return self._maker.store.payload(item.content_id, key) if item.content_id else None

    def store_payload(self, item_id: int, key: str, data: bytes) -> None:
        """Keep an encoded picture of an item; the key names box, protocol and encoder."""
        item = self._locate(item_id)
        if item.content_id:
            self._maker.store.add(item.content_id, [Entry("payload", data, key=key)])

    def prefetch(self, item_ids: Sequence[int], box_px: Box, *, is_sharp: bool = False) -> None:
        """Make pictures ahead when nothing else waits, in this order; returns at once.

        A new call drops what is left of the one before. Called without ids it starts a decode
        process, so that the first page need not wait for one.
        """
        tokens = [threading.Event() for _ in item_ids]
        with self._lock:
            stale, self._ahead = self._ahead, tokens
        for token in stale:
            token.set()
        if not item_ids:
            self._submit_ahead(self._maker.warm, threading.Event())
        # The newest job of a priority runs first.
        for item_id, token in reversed(list(zip(item_ids, tokens, strict=True))):
            call = partial(self._make_ahead, item_id, box_px, is_sharp=is_sharp)
            self._submit_ahead(call, token)

    def frames(self, item_id: int, box_px: Box, limit: int) -> list[Frame]:
        """Return the first frames of an animated picture, fitted to the box.

        Args:
            item_id: The item.
            box_px: Largest width and height.
            limit: Most frames; fewer come where they would need over 96 MB.

        Raises:
            MediaError: As `thumbnail`.
        """
        item = self._locate(item_id)
        return self._result(self._submit(lambda: self._maker.frames(item, box_px, limit)))

    def storyboard(self, item_id: int, box_px: Box) -> list[Picture]:
        """Return 11 evenly spaced frames of a video or animated picture, the last one included.

        Raises:
            ToolMissingError: It is a video and ffmpeg is not installed.
            MediaError: As `thumbnail`.
        """
        item = self._locate(item_id)
        return self._storyboards.read(item, box_px)

    def _storyboard_plan(self, item: Item, box_px: Box) -> StoryboardPlan:
        return self._result(self._submit(lambda: self._maker.storyboard_parts(item, box_px)))

    def make_all(
        self,
        pages: Iterable[Sequence[Item]],
        total: int,
        listeners: Listeners,
        cancelled: threading.Event | None,
        *,
        retries: bool = False,
    ) -> ThumbnailReport:
        """Make what thumbnails are missing; see `Thumbnailing`."""
        cancelled = cancelled or threading.Event()
        return Thumbnailing(self._maker, listeners, cancelled, retries=retries).run(pages, total)

    def media_notice(self) -> str:
        """Return a sentence for the user the first time something is missing, else ""."""
        return self._maker.take_notice()

    def use_settings(self, settings: Settings) -> None:
        """Take other sizes, quality and limit from now on."""
        self._maker.use_settings(settings)

    def memory_stats(self) -> CacheStats:
        """Return sizes and uses of the pictures in memory."""
        return self._memory.stats()

    def close(self) -> None:
        """Stop everything; returns within two seconds, hung decoders or not."""
        self._expiry.close()
        self._maker.stop()
        self._jobs.close(_CLOSE_S)
        self._maker.close()

    def _wait(self, key: _Key, item: Item, cancelled: threading.Event | None) -> Picture:
        if (picture := self._memory.get(key)) is not None:
            return picture
        if (error := self._errors.get(key)) is not None:
            raise error
        # A kept thumbnail is read here: it takes a millisecond and no place in the queue.
        if not key.is_sharp and (picture := self._maker.kept(item, key.box_px)) is not None:
            self._remember(key, picture)
            return picture
        shared = self._share(key, item)
        try:
            return self._result(shared.job, cancelled)
        finally:
            with self._lock:
                shared.waiting -= 1
                if not shared.waiting:
                    shared.job.cancel()

    def _share(self, key: _Key, item: Item) -> _Shared:
        with self._lock:
            shared = self._running.get(key)
            if shared is None or shared.job.cancelled.is_set():
                shared = _Shared(self._submit(partial(self._make, key, item)), 0)
                self._running[key] = shared
            shared.waiting += 1
            return shared

    def _make(self, key: _Key, item: Item) -> Picture:
        """Make a picture in a thread of the pool and remember what came of it."""
        try:
            picture = self._maker.make(item, key.box_px, is_sharp=key.is_sharp, part=key.part)
        except MediaCancelledError:
            raise
        except MediaError as error:
            self._errors.set(key, error.with_traceback(None))
            raise
        finally:
            with self._lock:
                self._running.pop(key, None)
        self._remember(key, picture)
        return picture

    def _remember(self, key: _Key, picture: Picture) -> None:
        self._memory.set(key, picture)
        self._expiry.begin()

    def _make_ahead(self, item_id: int, box_px: Box, *, is_sharp: bool) -> None:
        try:
            item = self._locate(item_id)
            key = _Key(content_key(item), box_px, is_sharp)
            if self._memory.get(key) is None and self._errors.get(key) is None:
                self._make(key, item)
        except SmartGalleryError:
            return  # whoever asks for the picture itself will hear of it

    def _submit(self, call: Callable[[], T], priority: Priority = Priority.VISIBLE) -> Job[T]:
        try:
            return self._jobs.submit(call, priority=priority)
        except JobCancelledError as error:
            raise MediaCancelledError(str(error)) from error

    def _submit_ahead(self, call: Callable[[], None], token: threading.Event) -> None:
        try:
            self._jobs.submit(call, priority=Priority.BACKGROUND, cancelled=token)
        except JobCancelledError:
            return  # the library is closing

    def _result(self, job: Job[T], cancelled: threading.Event | None = None) -> T:
        while True:
            try:
                return job.result(_POLL_S if cancelled is not None else None)
            except TimeoutError:
                if cancelled is not None and cancelled.is_set():
                    raise MediaCancelledError("cancelled") from None
            except JobCancelledError as error:
                raise MediaCancelledError(str(error)) from error

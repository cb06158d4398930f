"""Threads that get pixels from the library and encode them, the most wanted first."""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from smartgallery_tui.errors import SmartGalleryError
from smartgallery_tui.terminal.encode import Payload, encode, fitted, pack, payload_name, unpack
from smartgallery_tui.terminal.shared_files import SharedFiles
from smartgallery_tui.terminal.view import WHOLE, arrange, enlarged, needed, shown_size

if TYPE_CHECKING:
    from collections.abc import Callable

    from smartgallery_tui.records import Picture
    from smartgallery_tui.terminal.caps import TerminalCaps
    from smartgallery_tui.terminal.encode import Quality
    from smartgallery_tui.ui.pictures.wishes import PictureKey, PictureSource

THREADS = 2
PREVIEW_PX = 320
"""Longest side of a thumbnail that stands in for a large picture."""
TINY_PX = 64
"""Longest side of a tiny picture; a shorter one is all that there is of it."""
_ENLARGED = 64
"""More than any card is larger than a tiny picture."""


def call_plainly(work: Callable[[], None]) -> None:
    """Run `work`: the guard of an app that has none of its own."""
    work()


@dataclass(frozen=True, slots=True)
class Job:
    """A picture to encode."""

    key: PictureKey
    quality: Quality
    is_fine: bool = field(default=False, compare=False)
    """The link takes a better version of a large picture."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """A finished job: a payload, or the reason why there is none."""

    job: Job
    payload: Payload | None
    caps: TerminalCaps
    """What it was made for."""
    reason: str = ""


class PictureWorkers:
    """Daemon threads: leaving the program never waits for a decoder.

    Args:
        source: The library.
        caps: The terminal; replaced when it changes.
        next_job: Called in a worker thread under the lock; returns what is wanted most.
        done: Called in a worker thread with every finished job.
        guard: Runs each job and reports a failure that is not an error of ours.
    """

    def __init__(
        self,
        source: PictureSource,
        caps: TerminalCaps,
        next_job: Callable[[], Job | None],
        done: Callable[[Encoded], None],
        guard: Callable[[Callable[[], None]], None],
    ) -> None:
        self.caps = caps
        self.lock = threading.Condition()
        self._source = source
        self._next_job = next_job
        self._done = done
        self._guard = guard
        self._is_closed = False
        self._threads: list[threading.Thread] = []
        self._files: SharedFiles | None = None

    def wake(self) -> None:
        """Let idle threads look for a job; call with the lock held."""
        if self._is_closed:
            return
        if not self._threads:
            for number in range(THREADS):
                thread = threading.Thread(target=self._run, name=f"pictures-{number}", daemon=True)
                self._threads.append(thread)
                thread.start()
        self.lock.notify_all()

    def close(self) -> None:
        """End the threads after their job, without waiting."""
        with self.lock:
            self._is_closed = True
            if self._files is not None:
                self._files.close()
            self.lock.notify_all()

    def _run(self) -> None:
        while True:
            with self.lock:
                job = None
                while not self._is_closed and (job := self._next_job()) is None:
                    self.lock.wait()
                if job is None:
                    return
            self._finish(job)

    def _finish(self, job: Job) -> None:
        results: list[Encoded] = []
        caps = self.caps

        def work() -> None:
            results.append(self._encoded(job, caps))

        self._guard(work)
        failed = Encoded(job, None, caps, "internal error, see the log")
        self._done(results[0] if results else failed)

    def _encoded(self, job: Job, caps: TerminalCaps) -> Encoded:
        try:
            return Encoded(job, self._payload(job, caps), caps)
        except (SmartGalleryError, OSError) as error:
            return Encoded(job, None, caps, str(error))

    def _payload(self, job: Job, caps: TerminalCaps) -> Payload:
        if caps.sees_our_files:
            # Without room for the file the pixels are sent.
            with suppress(OSError):
                return self._made(job, caps).shared(self._shared_files())
            caps = replace(caps, sees_our_files=False)
        return self._made(job, caps)

    def _made(self, job: Job, caps: TerminalCaps) -> Payload:
        key = job.key
        if key.is_sharp:
            return self._sharp(job, caps)
        return self._preview(job, caps) if key.is_preview else self._thumbnail(job, caps)

    def _shared_files(self) -> SharedFiles:
        with self.lock:
            if self._is_closed:
                raise FileNotFoundError
            if self._files is None:
                self._files = SharedFiles()
            return self._files

    def _thumbnail(self, job: Job, caps: TerminalCaps) -> Payload:
        """Return a thumbnail; what had to be encoded is stored."""
        key = job.key
        if caps.sees_our_files:
            return encode(self._source.thumbnail(key.id, box_px(caps, key.box_cells)), caps,
                          key.box_cells)  # fmt: skip
        name = payload_name(caps, key.box_cells, job.quality)
        stored = self._source.cached_payload(key.id, name)
        if stored is not None and (known := unpack(stored)) is not None:
            return known
        if job.quality == "low" and (tiny := self._source.micro(key.id)) is not None:
            return self._tiny(tiny, caps, key.box_cells)
        picture = self._source.thumbnail(key.id, box_px(caps, key.box_cells))
        payload = encode(picture, caps, key.box_cells, job.quality)
        self._source.store_payload(key.id, name, pack(payload))
        return payload

    @staticmethod
    def _tiny(picture: Picture, caps: TerminalCaps, box_cells: tuple[int, int]) -> Payload:
        """Return the kept tiny picture, as large as the thumbnail that will follow on it.

        On a slow line that is a fifth of the bytes of a thumbnail in low quality.
        """
        times = _ENLARGED if max(picture.width_px, picture.height_px) >= TINY_PX else 1
        size = picture.width_px * times, picture.height_px * times
        shown = fitted(size, box_px(caps, box_cells))
        if caps.protocol == "sixel":
            picture = enlarged(picture, shown)
        return encode(picture, caps, box_cells, "low", shown)

    def _preview(self, job: Job, caps: TerminalCaps) -> Payload:
        """Return the thumbnail in the place and size of the sharp picture that will follow."""
        key = job.key
        box = box_px(caps, key.box_cells)
        thumbnail = self._source.thumbnail(key.id, (PREVIEW_PX, PREVIEW_PX))
        size = key.known_size_px or (thumbnail.width_px, thumbnail.height_px)
        picture = arrange(thumbnail, key.view, box, size, most_px=PREVIEW_PX)
        shown = shown_size(size, box, key.view)
        quality: Quality = "full" if caps.protocol == "halfblock" else "low"
        return encode(picture, caps, key.box_cells, quality, shown)

    def _sharp(self, job: Job, caps: TerminalCaps) -> Payload:
        """Return what the view shows of a picture; of a large one only that part is decoded."""
        key = job.key
        box = box_px(caps, key.box_cells)
        cut = needed(key.known_size_px or box, box, key.view)
        if key.known_size_px is None or cut.part == WHOLE:
            picture = self._source.picture(key.id, cut.box_px)
        else:
            picture = self._source.picture(key.id, cut.box_px, cut.part)
        covered = cut.part if key.known_size_px else WHOLE
        size = key.known_size_px or (picture.width_px, picture.height_px)
        # A terminal that scales pictures itself enlarges the frames of an animation.
        most_px = max(picture.width_px, picture.height_px)
        is_scaled = key.id < 0 and caps.protocol == "kitty"
        shown = arrange(picture, key.view, box, size, covered, most_px=most_px if is_scaled else 0)
        return encode(
            shown, caps, key.box_cells, job.quality, shown_size(size, box, key.view),
            is_fine=job.is_fine,
        )  # fmt: skip


def box_px(caps: TerminalCaps, box_cells: tuple[int, int]) -> tuple[int, int]:
    """Return the size of a box of cells in pixels."""
    return box_cells[0] * caps.cell_width_px, box_cells[1] * caps.cell_height_px

"""The picture layer: the app's one place that asks for pixels and sends pictures.

Widgets say what they want, best first; threads decode and encode it; the event loop sends it as
fast as the link takes it, and tells the widget when a picture can be drawn. Everything here but
the methods that say otherwise runs on the event loop.
"""

from __future__ import annotations

import time
from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING

from smartgallery_tui.terminal.asking import cell_size
from smartgallery_tui.ui.pictures.backends import BlockBackend, KittyBackend, OverlayBackend
from smartgallery_tui.ui.pictures.link import Link
from smartgallery_tui.ui.pictures.overlay import Overlay
from smartgallery_tui.ui.pictures.shelf import Shelf
from smartgallery_tui.ui.pictures.wishes import Wishes
from smartgallery_tui.ui.pictures.workers import Encoded, Job, PictureWorkers, call_plainly

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.app import App
    from textual.timer import Timer

    from smartgallery_tui.terminal.caps import TerminalCaps
    from smartgallery_tui.terminal.encode import Payload, Quality
    from smartgallery_tui.ui.pictures.backends import Backend
    from smartgallery_tui.ui.pictures.link import Writer
    from smartgallery_tui.ui.pictures.wishes import PictureKey, PictureOwner, PictureSource, Placed

REFINE_AFTER_S = 0.8
"""On a slow link better versions wait until the cursor has rested for so long."""
AHEAD_AFTER_S = 1.0
"""The next large pictures are sent when nothing was wanted, made or sent for so long."""
MOST_AHEAD = 2
_END_OF_TRANSMISSION = "\x1b_Gq=2,m=0;\x1b\\"


class PictureLayer(Shelf):
    """Pictures for all widgets of an app.

    Args:
        app: The app; its `pictures` attribute must be this layer before it runs.
        source: The library.
        caps: What the probe found.
        guard: Runs a worker's job and reports unexpected failures.
    """

    def __init__(
        self,
        app: App[object],
        source: PictureSource,
        caps: TerminalCaps,
        guard: Callable[[Callable[[], None]], None] = call_plainly,
    ) -> None:
        super().__init__()
        self.app = app
        self.caps = caps
        self.link = Link(app, caps.rtt_ms / 1000, self.pump)
        self._finished: deque[Encoded] = deque()
        self._last_want_s = 0.0
        self._is_resting = False
        self._rest_timer: Timer | None = None
        self._sending: tuple[PictureKey, Payload, Quality] | None = None
        self._workers = PictureWorkers(source, caps, self._next_job, self._job_done, guard)
        self._overlay = Overlay(self)
        self._backend = self._make_backend()

    @property
    def has_pictures(self) -> bool:
        """Tell whether pictures are drawn at all."""
        return self.caps.protocol != "none"

    @property
    def is_idle(self) -> bool:
        """Tell whether nothing is being made or sent."""
        with self._workers.lock:
            is_working = bool(self._running) or self._next_job_unlocked() is not None
        return not (is_working or self._finished or self._sending)

    # What widgets use

    def want(
        self,
        owner: PictureOwner,
        visible: Sequence[PictureKey],
        ahead: Sequence[PictureKey] = (),
        *,
        sends_ahead: bool = False,
    ) -> None:
        """Set what a widget shows now and soon, best first; its older wishes are dropped.

        With `sends_ahead` the next large ones may be sent before they are shown.
        """
        if not self.has_pictures:
            return
        with self._workers.lock:
            others = {other: wishes for other, wishes in self._owners.items() if other is not owner}
            self._owners = {owner: Wishes(tuple(visible), tuple(ahead), sends_ahead), **others}
        self._last_want_s = time.monotonic()
        self._rest()
        if self._is_low_first:
            self.app.set_timer(REFINE_AFTER_S + 0.05, self.pump)
        self.pump()

    def release(self, owner: PictureOwner) -> None:
        """Forget a widget."""
        with self._workers.lock:
            self._owners.pop(owner, None)

    # What the app and the driver use

    def attach(self, driver: Writer) -> None:
        """Take a driver that has just entered the alternate screen: nothing is on it."""
        self._forget_screen()
        self.link.open(driver)
        self.app.call_later(self.repaint)

    def detach(self) -> str:
        """Return what to write before the screen is left; nothing is sent afterwards."""
        text = self._backend.free_all()
        if self.caps.protocol == "kitty" and self.link.is_sending:
            text = _END_OF_TRANSMISSION + text
        self._forget_screen()
        self.link.close()
        return text

    def blanks_written(self, numbers: set[int]) -> None:
        """Note whose cells a frame writes as blanks, which erases what was drawn over them."""
        self._overlay.erased(numbers)

    def shutdown(self) -> None:
        """End the threads without waiting for them."""
        self._workers.close()

    def use(self, caps: TerminalCaps) -> None:
        """Change protocol or cell size; everything is made and sent afresh."""
        if caps == self.caps:
            return
        self.link.write(self._backend.free_all(), marked=False)
        self.caps = caps
        with self._workers.lock:
            self._workers.caps = caps
            self._payloads.clear()
            self._failed.clear()
        self._backend = self._make_backend()
        self._forget_screen()
        self.repaint()

    def measure(self) -> None:
        """Look at the size of a cell: a resize may come from a change of the font."""
        size = cell_size() if self.link.is_open else None
        if size is not None and size != (self.caps.cell_width_px, self.caps.cell_height_px):
            width, height = size
            self.use(
                replace(
                    self.caps, cell_width_px=width, cell_height_px=height, is_cell_size_known=True
                )
            )

    def resend(self) -> None:
        """Send every picture again: the terminal lost them or shows them wrong."""
        self.link.write(self._backend.free_all(), marked=False)
        self._forget_screen()
        self.repaint()

    def repaint(self) -> None:
        """Let every owner draw itself and ask again."""
        for owner in list(self._owners):
            owner.pictures_lost()
        self.pump()

    # Sending

    def pump(self) -> None:
        """Send what is wanted most, as much as the link takes."""
        while self._finish_sending() and self.link.room_bytes() > 0:
            if self._overlay.is_behind:
                break
            following = self._next_to_send()
            if following is None:
                break
            key, payload, _ = following
            self._sending = following
            self.link.queue(self._backend.transmission(key, payload))
        with self._workers.lock:
            # What is sent and how fast the link proved to be change what is to be made next.
            self._workers.wake()
        self._overlay.wake()

    def unplace(self, key: PictureKey) -> None:
        """Have a picture made again: its payload was dropped."""
        with self._workers.lock:
            self._placed.pop(key, None)
            self._workers.wake()

    def _finish_sending(self) -> bool:
        """Write the rest of the picture being sent and place it; False if it has to wait."""
        if not self.link.flush():
            return False
        if self._sending is not None:
            key, payload, quality = self._sending
            self._sending = None
            self._place(key, payload, quality)
        return True

    def _place(self, key: PictureKey, payload: Payload, quality: Quality) -> None:
        placed = self._backend.place(key, payload, quality)
        self._overlay.placed(key)
        self._placed[key] = placed
        self._placed.move_to_end(key)
        if isinstance(self._backend, BlockBackend):
            self.link.expect(_block_bytes(placed))
        for owner in [owner for owner, wanted in self.visible_wishes() if wanted == key]:
            owner.picture_ready(key)
        kept = [wanted for _, wanted in self.visible_wishes()]
        self.link.write(self._backend.surplus(self._placed, kept), marked=False)

    def _next_to_send(self) -> tuple[PictureKey, Payload, Quality] | None:
        is_refining = self._may_refine()
        for _, key in self.visible_wishes():
            quality = self._quality(key, is_refining=is_refining)
            payload = self._payloads.get((key, quality)) if quality else None
            if quality and payload is not None:
                self._payloads.move_to_end((key, quality))
                return key, payload, quality
        return self._next_ahead()

    def _next_ahead(self) -> tuple[PictureKey, Payload, Quality] | None:
        """Return a large picture that will probably be shown next, if the link has long been idle.

        Only where the terminal keeps pictures, and no more than the next two.
        """
        if self.caps.protocol != "kitty" or self._is_low_first or not self._is_resting:
            return None
        if not (self._may_refine() and self.link.pacer.is_idle):
            return None
        wishes = next(iter(self._owners.values()), Wishes())
        sharp = [key for key in wishes.ahead if key.is_sharp] if wishes.sends_ahead else []
        for key in sharp[:MOST_AHEAD]:
            payload = self._payloads.get((key, "full"))
            if payload is not None and key not in self._placed:
                return key, payload, "full"
        return None

    def _rest(self) -> None:
        """Note that something was made; look again when nothing was for a while."""
        if self._rest_timer is not None:
            self._rest_timer.stop()
        self._is_resting = False
        if self.caps.protocol == "kitty" and self.app.is_running:
            self._rest_timer = self.app.set_timer(AHEAD_AFTER_S, self._rested)

    def _rested(self) -> None:
        self._is_resting = True
        self.pump()

    def _quality(self, key: PictureKey, *, is_refining: bool) -> Quality | None:
        """Return the quality in which a picture should be sent next, or None if it need not be."""
        shown = self._placed.get(key)
        if shown is None:
            return "low" if self._is_low_first else "full"
        return "full" if shown.is_low and is_refining else None

    @property
    def _is_low_first(self) -> bool:
        return self.caps.protocol not in {"halfblock", "none"} and self.link.pacer.is_slow

    def _may_refine(self) -> bool:
        """Tell whether all is there at least in low quality and, on a slow link, nobody acts."""
        if self._is_low_first and time.monotonic() - self._last_want_s < REFINE_AFTER_S:
            return False
        return all(key in self._placed or key in self._failed for _, key in self.visible_wishes())

    def _forget_screen(self) -> None:
        self._placed.clear()
        self._sending = None
        self._overlay.forget()
        self.link.forget()

    def _make_backend(self) -> Backend:
        if self.caps.protocol == "kitty":
            return KittyBackend(self.caps)
        if self.caps.protocol in {"sixel", "iterm"}:
            return OverlayBackend(self._overlay.number)
        return BlockBackend(self.caps)

    # Worker side

    def _next_job(self) -> Job | None:
        """Return the most wanted picture that nobody works on; called under the lock."""
        job = self._next_job_unlocked()
        if job is not None:
            self._running.add(job)
        return job

    def _next_job_unlocked(self) -> Job | None:
        is_refining = self._may_refine()
        for wishes in self._owners.values():
            for key in wishes.visible:
                quality = self._quality(key, is_refining=is_refining)
                if quality and self._is_missing(key, quality):
                    return Job(key, quality, is_fine=not self.link.pacer.is_slow)
        for wishes in self._owners.values():
            for key in wishes.ahead:
                quality = "low" if self._is_low_first else "full"
                if self._is_missing(key, quality):
                    return Job(key, quality, is_fine=not self.link.pacer.is_slow)
        return None

    def _job_done(self, encoded: Encoded) -> None:
        """Take a finished job; called in a worker thread."""
        with self._workers.lock:
            is_first = not self._finished
            self._finished.append(encoded)
        if is_first:
            self.app.call_later(self._collect)

    def _collect(self) -> None:
        """Keep what the threads have finished and send it."""
        with self._workers.lock:
            while self._finished:
                self._keep(self._finished.popleft())
        self._rest()
        self.pump()

    def _keep(self, encoded: Encoded) -> None:
        key, quality = encoded.job.key, encoded.job.quality
        self._running.discard(encoded.job)
        if encoded.payload is None:
            self._failed[key] = encoded.reason
            for owner in [owner for owner, wanted in self.visible_wishes() if wanted == key]:
                owner.picture_ready(key)
            return
        self._store(key, quality, encoded.payload)


def _block_bytes(placed: Placed) -> int:
    return sum(len(row.body(0, row.width_cells)) for row in placed.rows)

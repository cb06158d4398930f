"""The picture layer: the app's one place that asks for pixels and sends pictures.

Widgets say what they want, best first; threads decode and encode it; the event loop sends it as
fast as the link takes it, and tells the widget when a picture can be drawn. Everything here but
the methods that say otherwise runs on the event loop.
"""

from __future__ import annotations

import logging
from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from smartgallery_tui.terminal.asking import cell_size
from smartgallery_tui.ui.pictures.attachment import Asker, Attachment, TerminalChanged
from smartgallery_tui.ui.pictures.backends import BlockBackend, KittyBackend, OverlayBackend
from smartgallery_tui.ui.pictures.link import Link, Writer
from smartgallery_tui.ui.pictures.overlay import Overlay
from smartgallery_tui.ui.pictures.priorities import FULL_AFTER_S, REFINE_AFTER_S, Priorities
from smartgallery_tui.ui.pictures.shelf import Shelf
from smartgallery_tui.ui.pictures.wishes import Wishes
from smartgallery_tui.ui.pictures.workers import Encoded, Job, PictureWorkers, call_plainly

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from textual.app import App
    from textual.timer import Timer

    from smartgallery_tui.terminal.caps import TerminalCaps
    from smartgallery_tui.terminal.encode import Payload, Quality
    from smartgallery_tui.ui.pictures.backends import Backend
    from smartgallery_tui.ui.pictures.wishes import PictureKey, PictureOwner, PictureSource, Placed

_LOG = logging.getLogger(__name__)
AHEAD_AFTER_S = 1.0
"""The next large pictures are sent when nothing was wanted, made or sent for so long."""
_END_OF_TRANSMISSION = "\x1b_Gq=2,m=0;\x1b\\"


class TerminalDriver(Writer, Asker, Protocol):
    """The driver of a terminal."""


class PictureLayer:
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
        self.app = app
        self.caps = caps
        self.link = Link(app, caps.rtt_ms / 1000, self.pump)
        self._shelf = Shelf()
        self._priorities = Priorities(self._shelf, self.link.pacer, caps.protocol)
        self._finished: deque[Encoded] = deque()
        self._rest_timer: Timer | None = None
        self._sending: tuple[PictureKey, Payload, Quality] | None = None
        self._workers = PictureWorkers(source, caps, self._next_job, self._job_done, guard)
        self._overlay = Overlay(self)
        self.attachment = Attachment(app, self)
        self._backend = self._make_backend()

    @property
    def has_pictures(self) -> bool:
        """Tell whether pictures are drawn at all."""
        return self.caps.protocol != "none"

    @property
    def is_idle(self) -> bool:
        """Tell whether nothing is being made or sent."""
        with self._workers.lock:
            is_working = bool(self._shelf.running) or self._priorities.next_job() is not None
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
            before = self._shelf.owners
            others = {other: wishes for other, wishes in before.items() if other is not owner}
            wishes = Wishes(tuple(visible), tuple(ahead), sends_ahead)
            self._shelf.owners = {owner: wishes, **others}
        self._priorities.note_want()
        self._rest()
        if self._priorities.is_low_first:
            for after_s in (REFINE_AFTER_S, FULL_AFTER_S):
                self.app.set_timer(after_s + 0.05, self.pump)
        self.pump()

    def placed(self, key: PictureKey) -> Placed | None:
        """Return a picture that can be drawn now, or None."""
        found = self._shelf.placed.get(key)
        if found is not None:
            self._shelf.placed.move_to_end(key)
        return found

    def problem(self, key: PictureKey) -> str | None:
        """Return why a picture cannot be shown, or None."""
        return self._shelf.failed.get(key)

    def release(self, owner: PictureOwner) -> None:
        """Forget a widget."""
        with self._workers.lock:
            self._shelf.owners.pop(owner, None)

    # What the app and the driver use

    def attach(self, driver: TerminalDriver, caps: TerminalCaps | None = None) -> None:
        """Take a driver that has just entered the alternate screen: nothing is on it.

        Args:
            driver: Writes to the terminal.
            caps: What the terminal can do, where it was asked again.
        """
        if caps is not None and caps != self.caps:
            self._take(caps)
            self.app.post_message(TerminalChanged(caps))
        self._forget_screen()
        self.link.open(driver)
        self.attachment.begin(driver)
        self.app.call_later(self.repaint)

    def detach(self) -> str:
        """Return what to write before the screen is left; nothing is sent afterwards."""
        text = self._backend.free_all()
        if self.caps.protocol == "kitty" and self.link.is_sending:
            text = _END_OF_TRANSMISSION + text
        self._forget_screen()
        self.attachment.pause()
        if self.link.is_open:
            caps = self.caps
            _LOG.info("%s: %s; %s", caps.protocol, caps.reason, self.link.pacer.words())
        self.link.close()
        return text

    def blanks_written(self, numbers: set[int], *, is_frame: bool) -> None:
        """Note whose cells are written as blanks, which erases what was drawn over them.

        Args:
            numbers: Whose.
            is_frame: By a frame of the screen, and not by a widget for itself.
        """
        self._overlay.erased(numbers, is_frame=is_frame)

    def shutdown(self) -> None:
        """End the threads without waiting for them."""
        self.attachment.end()
        self._workers.close()

    def use(self, caps: TerminalCaps) -> None:
        """Change protocol or cell size; everything is made and sent afresh."""
        if caps == self.caps:
            return
        self.link.write(self._backend.free_all(), marked=False)
        self._take(caps)
        self._forget_screen()
        self.repaint()

    def take_terminal(self, caps: TerminalCaps) -> None:
        """Draw for another terminal, or for the same with nothing on it."""
        self.use(caps)
        self.resend()

    def _take(self, caps: TerminalCaps) -> None:
        self.caps = caps
        with self._workers.lock:
            self._workers.caps = caps
            self._shelf.forget_encoded()
        self._priorities.protocol = caps.protocol
        self._backend = self._make_backend()

    def measure(self) -> None:
        """Look at the size of a cell: a resize may come from a change of the font."""
        self.attachment.look()
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
        self.try_again()

    def try_again(self) -> None:
        """Make those pictures that could not be made: their files may be back."""
        with self._workers.lock:
            self._shelf.failed.clear()
        self.repaint()

    def repaint(self) -> None:
        """Let every owner draw itself and ask again."""
        for owner in list(self._shelf.owners):
            owner.pictures_lost()
        self.pump()

    # Sending

    def pump(self) -> None:
        """Send what is wanted most, as much as the link takes."""
        while self._finish_sending() and self.link.room_bytes() > 0:
            if self._overlay.is_behind:
                break
            following = self._priorities.next_to_send()
            if following is None:
                break
            key, payload, _ = following
            self._sending = following
            self.link.queue(self._backend.transmission(key, payload))
        with self._workers.lock:
            # What is sent and how fast the link proved to be change what is to be made next.
            self._workers.wake()
        self._overlay.wake()

    def visible_wishes(self) -> Iterator[tuple[PictureOwner, PictureKey]]:
        """Yield what is on screens, the newest widget first."""
        return self._shelf.visible_wishes()

    def payload(self, key: PictureKey, quality: Quality) -> Payload | None:
        """Return the encoded form of a placed picture."""
        return self._shelf.payloads.get((key, quality))

    def unplace(self, key: PictureKey) -> None:
        """Have a picture made again: its payload was dropped."""
        with self._workers.lock:
            self._shelf.placed.pop(key, None)
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
        self._shelf.placed[key] = placed
        self._shelf.placed.move_to_end(key)
        if isinstance(self._backend, BlockBackend):
            self.link.expect(_block_bytes(placed))
        for owner in self._shelf.owners_of(key):
            owner.picture_ready(key)
        kept = [wanted for _, wanted in self.visible_wishes()]
        self.link.write(self._backend.surplus(self._shelf.placed, kept), marked=False)

    def _rest(self) -> None:
        """Note that something was made; look again when nothing was for a while."""
        if self._rest_timer is not None:
            self._rest_timer.stop()
        self._priorities.is_resting = False
        if self.caps.protocol == "kitty" and self.app.is_running:
            self._rest_timer = self.app.set_timer(AHEAD_AFTER_S, self._rested)

    def _rested(self) -> None:
        self._priorities.is_resting = True
        self.pump()

    def _forget_screen(self) -> None:
        self._shelf.placed.clear()
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
        job = self._priorities.next_job()
        if job is not None:
            self._shelf.running.add(job)
        return job

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
        self._shelf.running.discard(encoded.job)
        if encoded.caps != self.caps:
            return  # made for the terminal before
        if encoded.payload is None:
            self._shelf.fail(key, encoded.reason)
            for owner in self._shelf.owners_of(key):
                owner.picture_ready(key)
            return
        self._shelf.store(key, quality, encoded.payload)


def _block_bytes(placed: Placed) -> int:
    return sum(len(row.body(0, row.width_cells)) for row in placed.rows)

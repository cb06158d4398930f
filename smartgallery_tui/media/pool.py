"""A few decode processes behind a blocking call; a crash in one costs one file."""

from __future__ import annotations

import contextlib
import json
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import smartgallery_tui
from smartgallery_tui.errors import (
    MediaCancelledError,
    MediaError,
    NoPreviewError,
    UndecodableError,
)
from smartgallery_tui.media.worker import BEGUN, LENGTHS, MAX_HEADER_BYTES
from smartgallery_tui.records import Picture
from smartgallery_tui.records.bounds import storable_ns

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from smartgallery_tui.media.decode import Part

_START = """
import sys
sys.path[:0] = sys.argv[3:]
from smartgallery_tui.media import worker
worker.start()
"""
_MAX_PAYLOAD_BYTES = 1 << 30
_HEAVY_BYTES = 64 << 20
_REAP_S = 0.5
_FAULTS: Mapping[str, type[MediaError]] = MappingProxyType(
    {"content": UndecodableError, "kind": NoPreviewError}
)
"""What a process blames; for everything else a later try may do better."""
_OF_OUTSIDE = frozenset({signal.SIGKILL, signal.SIGTERM, signal.SIGHUP, signal.SIGINT})
"""Signals that say nothing about the file: somebody ended the process, or memory ran out."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """What a decode process answered."""

    picture: Picture
    source_size_px: tuple[int, int]
    """Size of the whole picture as seen."""
    size_bytes: int
    mtime_ns: int
    """Size and time of the file that was read: proof of which content this is."""
    stored: bytes = b""
    """A JPEG for the thumbnail store, if asked for."""
    micro: bytes = b""
    """A tiny JPEG, if asked for."""
    duration_ms: int = 0
    """How long a frame is shown."""
    rgba: bytes = b""
    """All pixels with their transparency, if asked for; the picture is empty then."""


class DecodePool:
    """Decode processes: started when needed, at most `size`, replaced when they die.

    A process is a fresh interpreter (nothing is forked from a threaded program) with no
    terminal, no input and a memory limit; it leaves when we do, however we go. All methods may
    be called from any thread; they block.

    Args:
        size: Most processes at once.
        memory_bytes: Address space of each.
        idle_s: Processes that rest this long are ended.
    """

    def __init__(self, size: int, *, memory_bytes: int = 3 << 29, idle_s: float = 60.0) -> None:
        self._memory_bytes = memory_bytes
        self._idle_s = idle_s
        self._places = threading.BoundedSemaphore(max(1, size))
        self._lock = threading.Lock()
        self._idle: list[_Worker] = []
        self._busy: set[_Worker] = set()
        self._is_closed = False
        self._timer: threading.Timer | None = None

    def still(
        self,
        path: str,
        box_px: tuple[int, int],
        *,
        stored_px: int = 0,
        micro_px: int = 0,
        quality: int = 85,
        is_sharp: bool = False,
        part: Part | None = None,
        limit_s: float = 30.0,
    ) -> Decoded:
        """Return a picture file's first frame as pixels that fit the box.

        Args:
            path: The file.
            box_px: Largest width and height; a picture is never enlarged.
            stored_px: Longest side of a JPEG to make along with it; 0 for none.
            micro_px: Longest side of a second, tiny JPEG; 0 for none.
            quality: JPEG quality, 1 to 100.
            is_sharp: Take the better, slower filter.
            part: Left, top, right and bottom of what to return, as fractions; None: everything.
            limit_s: The process is killed when it needs longer.

        Raises:
            NoPreviewError: The file is of a kind without pixels.
            MediaError: It is damaged, too large, too slow, or crashed the decoder.
        """
        request = {
            "task": "still", "path": path, "box": list(box_px), "stored_px": stored_px,
            "micro_px": micro_px, "quality": quality, "is_sharp": is_sharp, "part": part,
        }  # fmt: skip
        [decoded] = self._ask(request, limit_s)
        return decoded

    def frames(
        self,
        path: str,
        box_px: tuple[int, int],
        limit: int,
        *,
        is_spread: bool = False,
        limit_s: float = 30.0,
    ) -> list[Decoded]:
        """Return up to `limit` frames of an animated picture that fit the box.

        Args:
            path: The file.
            box_px: Largest width and height.
            limit: Most frames; fewer where they would need too much memory.
            is_spread: Take them evenly from the first to the last, instead of the first ones.
            limit_s: The process is killed when it needs longer.

        Raises:
            MediaError: As `still`, if not even one frame could be decoded.
        """
        request = {
            "task": "frames", "path": path, "box": list(box_px), "limit": limit,
            "is_spread": is_spread,
        }  # fmt: skip
        frames: list[Decoded] = []
        try:
            frames.extend(self._ask(request, limit_s))
        except MediaError:
            if not frames:
                raise
        return frames

    def rgba(self, path: str, *, limit_s: float = 60.0) -> tuple[bytes, int, int]:
        """Return all pixels of a PNG or WebP file as RGBA, its width and its height.

        Raises:
            MediaError: As `still`.
        """
        [decoded] = self._ask({"task": "rgba", "path": path}, limit_s)
        return decoded.rgba, *decoded.source_size_px

    def warm(self) -> None:
        """Start one process ahead of the first request; returns at once if one is there."""
        with self._lock:
            if self._is_closed or self._idle or self._busy:
                return
            with contextlib.suppress(MediaError):  # the first request says why
                self._idle.append(_Worker(self._memory_bytes))
            self._look_later()

    def process_ids(self) -> list[int]:
        """Return the ids of the processes that run now."""
        with self._lock:
            return [worker.pid for worker in (*self._idle, *self._busy)]

    def close(self) -> None:
        """Kill all processes, busy ones too; waiting callers get a `MediaError`."""
        with self._lock:
            self._is_closed = True
            if self._timer is not None:
                self._timer.cancel()
            idle, self._idle = self._idle, []
            busy = list(self._busy)
        for worker in busy:
            worker.stop()
        for worker in idle:
            worker.kill()

    def _ask(self, request: dict[str, object], limit_s: float) -> Iterator[Decoded]:
        with self._places:
            is_asked = False
            while not is_asked:
                worker = self._borrow()
                is_asked = True
                try:
                    yield from worker.ask(request, limit_s)
                except MediaError as error:
                    if self._is_closed:  # we killed it; the file is not at fault
                        raise MediaCancelledError("the program is closing") from error
                    if not worker.died_resting:
                        raise
                    is_asked = False  # this one never saw the file; another takes it
                finally:
                    self._give_back(worker)

    def _borrow(self) -> _Worker:
        with self._lock:
            if self._is_closed:
                raise MediaCancelledError("the program is closing")
            while self._idle:
                worker = self._idle.pop()
                worker.is_fresh = False
                if worker.is_alive:
                    break
                worker.kill()
            else:
                worker = _Worker(self._memory_bytes)
            self._busy.add(worker)
            return worker

    def _give_back(self, worker: _Worker) -> None:
        with self._lock:
            self._busy.discard(worker)
            worker.rested_s = time.monotonic()
            is_kept = worker.is_ready and not self._is_closed
            if is_kept:
                self._idle.append(worker)
                self._look_later()
        if not is_kept:
            worker.kill()

    def _look_later(self) -> None:
        """Look for processes that rest when the first can have rested long enough; lock held."""
        if self._timer is None and self._idle:
            rested_s = time.monotonic() - min(worker.rested_s for worker in self._idle)
            self._timer = threading.Timer(max(0.0, self._idle_s - rested_s), self._end_resting)
            self._timer.daemon = True
            self._timer.start()

    def _end_resting(self) -> None:
        with self._lock:
            self._timer = None
            now = time.monotonic()
            resting = [one for one in self._idle if now - one.rested_s >= self._idle_s]
            self._idle = [one for one in self._idle if one not in resting]
            self._look_later()
        for worker in resting:
            worker.kill()


class _Worker:
    """One decode process and our end of its socket. Used by one thread at a time."""

    def __init__(self, memory_bytes: int) -> None:
        home = str(Path(smartgallery_tui.__file__).parent.parent)
        try:
            with contextlib.ExitStack() as failing:
                ours, theirs = socket.socketpair()
                failing.callback(ours.close)
                argv = [sys.executable, "-I", "-S", "-c", _START]
                argv += [str(theirs.fileno()), str(memory_bytes), home, *sys.path]
                with theirs:
                    self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                        argv,
                        stdin=subprocess.DEVNULL,
                        stdout=subprocess.DEVNULL,
                        stderr=subprocess.DEVNULL,
                        pass_fds=(theirs.fileno(),),
                        start_new_session=True,
                        cwd="/",
                    )
                failing.pop_all()
        except OSError as error:  # no memory or no descriptor left: not the file's fault
            raise MediaError(f"no decoder can be started: {error.strerror}") from error
        self._channel = ours
        self._lock = threading.Lock()
        self.is_ready = True
        """Between requests, with nothing left in the socket."""
        self.is_fresh = True
        """Not yet taken from those that rest."""
        self.died_resting = False
        """Ended before it began with a request; whatever ended it, it was not the file."""
        self.rested_s = time.monotonic()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        with self._lock:
            return self._process.poll() is None

    def ask(self, request: dict[str, object], limit_s: float) -> Iterator[Decoded]:
        """Send a request and yield its answers.

        Raises:
            MediaError: The process says why not, dies, or is too slow (and then is killed).
        """
        self.is_ready = False
        has_begun = False
        deadline_s = time.monotonic() + limit_s
        text = json.dumps(request).encode()
        try:
            self._channel.settimeout(limit_s)
            self._channel.sendall(LENGTHS.pack(len(text), 0) + text)
            if self._exactly(len(BEGUN), deadline_s) != BEGUN:
                raise ValueError("no beginning")
            has_begun = True
            while True:
                header, payload = self._receive(deadline_s)
                if not header.get("more"):
                    self.is_ready = len(payload) < _HEAVY_BYTES
                if header.get("parts") or not header.get("ok"):
                    yield _decoded(header, payload)
                if not header.get("more"):
                    return
        except TimeoutError as error:
            self.kill()
            raise UndecodableError(f"took longer than {limit_s:.0f} s to decode") from error
        except (OSError, EOFError, ValueError, RecursionError) as error:
            self.died_resting = not (has_begun or self.is_fresh)
            raise self._cause_of_death() from error

    def stop(self) -> None:
        """End the process; whoever waits for its answer gets an error. From any thread."""
        with self._lock:
            if self._process.poll() is None:
                self._process.kill()
            with contextlib.suppress(OSError):
                self._channel.shutdown(socket.SHUT_RDWR)

    def kill(self) -> None:
        """End the process at once, reap it and let go of it."""
        self.is_ready = False
        self.stop()
        # Not even a kill ends a process that hangs in a file system; it must not hold us up.
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_REAP_S)
        self._channel.close()

    def _receive(self, deadline_s: float) -> tuple[dict[str, object], bytes]:
        lengths = self._exactly(LENGTHS.size, deadline_s)
        header_bytes, payload_bytes = LENGTHS.unpack(lengths)
        if header_bytes > MAX_HEADER_BYTES or payload_bytes > _MAX_PAYLOAD_BYTES:
            raise ValueError("impossible length")
        header = json.loads(self._exactly(header_bytes, deadline_s))
        if not isinstance(header, dict):
            raise ValueError("no object")
        return header, bytes(self._exactly(payload_bytes, deadline_s))

    def _exactly(self, count: int, deadline_s: float) -> bytearray:
        data = bytearray(count)
        view = memoryview(data)
        done = 0
        while done < count:
            remaining = deadline_s - time.monotonic()
            if remaining <= 0:
                raise TimeoutError
            self._channel.settimeout(remaining)
            got = self._channel.recv_into(view[done:])
            if not got:
                raise EOFError
            done += got
        return data

    def _cause_of_death(self) -> MediaError:
        with self._lock, contextlib.suppress(subprocess.TimeoutExpired, ValueError):
            code = self._process.wait(_REAP_S)
            if code < 0:
                end = signal.Signals(-code)
                kind = MediaError if end in _OF_OUTSIDE else UndecodableError
                return kind(f"the decoder crashed on this file ({end.name})")
        return MediaError("the decoder gave no usable answer for this file")


def _decoded(header: dict[str, object], payload: bytes) -> Decoded:
    """Return an answer as a value, or raise its reason.

    Raises:
        MediaError: The process refused the file.
        ValueError: The answer is not of the agreed shape.
    """
    if not header.get("ok"):
        reason = str(header.get("reason"))[:200]
        raise _FAULTS.get(str(header.get("fault")), MediaError)(reason)
    try:
        parts = _split(header["parts"], payload)
        width_px, height_px = int(str(header["width_px"])), int(str(header["height_px"]))
        source = header["source"]
        rgb, rgba = parts.get("rgb", b""), parts.get("rgba", b"")
        area = width_px * height_px
        if (len(rgb), len(rgba)) not in {(area * 3, 0), (0, area * 4)}:
            raise ValueError("pixels do not fill the picture")
        if not isinstance(source, list):
            raise TypeError("no size")
        return Decoded(
            picture=Picture(width_px, height_px, rgb) if rgb else Picture(0, 0, b""),
            rgba=rgba,
            source_size_px=(int(source[0]), int(source[1])),
            size_bytes=int(str(header["size_bytes"])),
            mtime_ns=storable_ns(int(str(header["mtime_ns"]))),
            stored=parts.get("stored", b""),
            micro=parts.get("micro", b""),
            duration_ms=int(str(header.get("duration_ms", 0))),
        )
    except (LookupError, TypeError) as error:
        raise ValueError("an answer of another shape") from error


def _split(sizes: object, payload: bytes) -> dict[str, bytes]:
    if not isinstance(sizes, list):
        raise TypeError("no list")
    parts: dict[str, bytes] = {}
    start = 0
    for name, size in sizes:
        parts[str(name)] = payload[start : start + size] if len(sizes) > 1 else payload
        start += size
    return parts

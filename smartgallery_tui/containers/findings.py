"""Collects what a reader finds in a file and keeps it within the limits for text."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from smartgallery_tui.errors import ContainerError
from smartgallery_tui.records import Container, Kind, NamedText

if TYPE_CHECKING:
    from smartgallery_tui.containers.source import Source

MAX_TEXT_BYTES = 64 << 20
"""Most text taken from one file."""
MAX_OTHER_TEXT_BYTES = 16 << 20
"""Most text under keys that no reader of metadata depends on."""
MAX_TEXTS = 2000
"""Most texts under other keys."""
MAX_STEPS = 1_000_000
"""Most parts (boxes, elements, blocks) visited in one file: a bound on time."""
MAX_PIXELS = 250_000_000
"""More are not decoded, not even strip by strip."""

_MAIN_KEYS = frozenset({"prompt", "workflow", "parameters", "comment", "usercomment"})
_PREFIXES = ("prompt", "workflow")


class Findings:
    """What is known of one file so far.

    Args:
        source: The open file.
        format_name: Lower-case format by magic.
        kind: What the file is to a viewer.
    """

    __slots__ = (
        "_keys",
        "_main_left",
        "_other_left",
        "_steps_left",
        "duration_ms",
        "format",
        "frame_rate",
        "frames",
        "height",
        "is_turned",
        "kind",
        "problem",
        "source",
        "texts",
        "width",
    )

    def __init__(self, source: Source, format_name: str, kind: Kind) -> None:
        self.source = source
        self.format = format_name
        self.kind: Kind = kind
        self.width: int | None = None
        self.height: int | None = None
        self.is_turned = False
        """Shown with width and height swapped."""
        self.duration_ms: int | None = None
        self.frames: int | None = None
        self.frame_rate: float | None = None
        self.texts: list[NamedText] = []
        self.problem: str | None = None
        self._keys: set[str] = set()
        self._steps_left = MAX_STEPS
        self._main_left = MAX_TEXT_BYTES
        self._other_left = MAX_OTHER_TEXT_BYTES

    def fail(self, problem: str) -> None:
        """Note a problem; the first one stays."""
        if self.problem is None:
            self.problem = problem

    def room_bytes(self, key: str) -> int:
        """Return how many bytes of text may still be added under `key`."""
        if key.lower() in _MAIN_KEYS:
            return self._main_left
        return self._other_left if len(self.texts) < MAX_TEXTS else 0

    def spend(self, steps: int = 1) -> None:
        """Count visited parts.

        Raises:
            ContainerError: When the file has more of them than any real one.
        """
        self._steps_left -= steps
        if self._steps_left < 0:
            message = "has more parts than can be read"
            raise ContainerError(message)

    def takes(self, key: str, size_bytes: int) -> bool:
        """Return whether a text of this size fits; a main one that does not is a problem."""
        if size_bytes <= self.room_bytes(key):
            return True
        if key.lower() in _MAIN_KEYS:
            self.fail(f"its {key} is longer than {MAX_TEXT_BYTES >> 20} MiB of text")
        return False

    def add(self, key: str, value: str, place: str) -> None:
        """Keep a text under a lower-case key; what exceeds the limits is left out."""
        key = key.lower()
        if not self.takes(key, len(value)):
            return
        if key in _MAIN_KEYS:
            self._main_left -= len(value)
        else:
            self._other_left -= len(value)
        self._keys.add(key)
        self.texts.append(NamedText(key, value, place))

    def add_bytes(self, key: str, data: bytes, place: str) -> None:
        """Keep bytes as text, UTF-8 before Latin-1."""
        self.add(key, decode(data), place)

    def add_prefixed(self, key: str, value: str, place: str) -> None:
        """Keep a text; a `prompt:` or `workflow:` in front of it becomes its key."""
        for prefix in _PREFIXES:
            size = len(prefix) + 1
            if value[:size].lower() == prefix + ":":
                self.add(prefix, value[size:], place)
                return
        self.add(key, value, place)

    def add_inflated(self, key: str, data: bytes, place: str) -> None:
        """Keep a zlib-compressed text; one that is no zlib stream is left out."""
        room = self.room_bytes(key)
        if room <= 0:
            return
        try:
            value = zlib.decompressobj().decompress(data, room + 1)
        except zlib.error:
            return
        if self.takes(key, len(value)):
            self.add_bytes(key, value, place)

    def has(self, key: str) -> bool:
        """Return whether a text with this key was found."""
        return key in self._keys

    def set_size(self, width: int, height: int) -> None:
        """Keep the size in pixels; one that cannot be drawn is a problem."""
        self.width = width
        self.height = height
        problem = size_problem(width, height)
        if problem:
            self.fail(problem)

    def set_timing(self, duration_ms: int | None, frames: int | None) -> None:
        """Keep duration and frame count, and the rate that follows from them."""
        self.duration_ms = duration_ms or None
        self.frames = frames or None
        if duration_ms and frames and self.frame_rate is None:
            self.frame_rate = round(frames * 1000 / duration_ms, 3)

    def finish(self) -> Container:
        """Return the findings as a value; width and height are those of the picture as seen."""
        width, height = (self.height, self.width) if self.is_turned else (self.width, self.height)
        return Container(
            self.format,
            self.kind,
            width,
            height,
            self.duration_ms,
            self.frames,
            self.frame_rate,
            tuple(self.texts),
            self.problem,
        )


def decode(data: bytes) -> str:
    """Return bytes as text: UTF-8, or Latin-1 where they are not."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("latin-1")


def size_problem(width: int, height: int) -> str | None:
    """Return why a picture of this size cannot be drawn, or None."""
    if width <= 0 or height <= 0:
        return f"its header says {width} x {height} pixels"
    if width * height > MAX_PIXELS:
        return f"its header says {width} x {height} pixels, more than can be drawn"
    return None


def need(data: bytes, count: int, what: str) -> bytes:
    """Return `data` if it is `count` bytes long.

    Raises:
        ContainerError: When the file ended before.
    """
    if len(data) < count:
        message = f"is cut off in {what}"
        raise ContainerError(message)
    return data

"""Pictures of a video: one for its thumbnail, several for its storyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from smartgallery_tui.errors import MediaCancelledError, MediaError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smartgallery_tui.media.ffmpeg import Ffmpeg
    from smartgallery_tui.records import Picture

T = TypeVar("T")

STORYBOARD_FRAMES: Final = 11
WHOLE_CLIP_MS: Final = 60_000
"""Shorter videos are decoded once from end to end; in longer ones each frame is sought."""
_POSTER_AT_S: Final = 1.0
_TAILS_S: Final = (2.0, 15.0)
_MOST_KEPT: Final = 48


def poster(ffmpeg: Ffmpeg, path: str, box_px: tuple[int, int], duration_ms: int | None) -> Picture:
    """Return a frame that stands for the video: at one second, or the middle of shorter ones.

    Raises:
        ToolMissingError: ffmpeg is not installed.
        MediaError: The video cannot be decoded.
    """
    at_s = _POSTER_AT_S if duration_ms is None else min(_POSTER_AT_S, duration_ms / 2000)
    try:
        return ffmpeg.frame(path, at_s, box_px)
    except MediaCancelledError:
        raise
    except MediaError:
        if at_s <= 0:
            raise
        return ffmpeg.frame(path, 0.0, box_px)


def whole_clip(ffmpeg: Ffmpeg, path: str, box_px: tuple[int, int]) -> list[Picture]:
    """Return 11 evenly spaced frames, from the first to the true last, in one pass.

    Fewer if the video has fewer. Holds at most 49 frames while it works.

    Raises:
        ToolMissingError: ffmpeg is not installed.
        MediaError: The video cannot be decoded.
    """
    kept = Evenly()
    ffmpeg.every_frame(path, box_px, kept.take)
    return spread(kept.pictures(), STORYBOARD_FRAMES)


def seek_times_s(duration_ms: int) -> list[float]:
    """Return the times of a storyboard's frames but the last one, which is sought apart."""
    step_s = duration_ms / 1000 / (STORYBOARD_FRAMES - 1)
    return [index * step_s for index in range(STORYBOARD_FRAMES - 1)]


def last_frame(ffmpeg: Ffmpeg, path: str, box_px: tuple[int, int]) -> Picture:
    """Return the true last frame of a long video.

    Raises:
        ToolMissingError: ffmpeg is not installed.
        MediaError: The video cannot be decoded.
    """
    *early, final = _TAILS_S
    for tail_s in early:
        try:
            return ffmpeg.last_frame(path, box_px, tail_s)
        except MediaCancelledError:
            raise
        except MediaError:
            continue
    return ffmpeg.last_frame(path, box_px, final)


class Evenly:
    """Keeps a few evenly spaced pictures of a stream whose length is not known, and the last.

    When it is full, every second one goes and from then on only every second is taken.
    """

    def __init__(self) -> None:
        self._kept: list[Picture] = []
        self._stride = 1
        self._seen = 0
        self._last: Picture | None = None

    def take(self, picture: Picture) -> None:
        """Look at the next picture of the stream."""
        if self._seen % self._stride == 0:
            if len(self._kept) == _MOST_KEPT:
                del self._kept[1::2]
                self._stride *= 2
            if self._seen % self._stride == 0:
                self._kept.append(picture)
        self._seen += 1
        self._last = picture

    def pictures(self) -> list[Picture]:
        """Return what was kept, in order, the last of the stream at the end."""
        if self._last is None or (self._kept and self._kept[-1] is self._last):
            return list(self._kept)
        return [*self._kept, self._last]


def spread(values: Sequence[T], count: int) -> list[T]:
    """Return `count` evenly spaced values, the first and the last among them, or all of fewer."""
    if len(values) <= count:
        return list(values)
    return [values[round(index * (len(values) - 1) / (count - 1))] for index in range(count)]

"""Where an animation stands: which frame, how long, paused or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smartgallery_tui.records import Item

MOST_FRAMES_PER_S = 12
"""More is not sent: the terminal shall stay quick for keys."""
_DEFAULT_S = 0.1
"""How long a frame is shown where the file does not say."""
_AHEAD = 2


class Player:
    """Walks through frames in a circle.

    Args:
        rows: The frames, as rows for the picture layer.
        seconds: How long each is shown; 0 where the file does not say.
        is_paused: Wait for the user.
    """

    def __init__(
        self, rows: Sequence[Item], seconds: Sequence[float], *, is_paused: bool = False
    ) -> None:
        self.rows = list(rows)
        self._seconds = list(seconds)
        self.is_paused = is_paused
        self.place = 0
        """Position of the shown frame."""
        self.has_begun = False
        """A frame of the animation is shown, not its still picture."""

    def step(self, delta: int) -> Item:
        """Go on by `delta` frames, round the circle, and return the frame there.

        Where frames follow faster than they are shown, some are left out so that the speed is
        the file's.
        """
        if self.has_begun or delta < 0:
            self.place = (self.place + delta * self._stride()) % len(self.rows)
        self.has_begun = True
        return self.rows[self.place]

    @property
    def delay_s(self) -> float:
        """How long the shown frame stays."""
        return max(1 / MOST_FRAMES_PER_S, self._stated_s() * self._stride())

    def ahead(self) -> list[Item]:
        """Return the frames that follow."""
        stride = self._stride()
        return [
            self.rows[(self.place + number * stride) % len(self.rows)]
            for number in range(1, 1 + _AHEAD)
        ]

    def _stated_s(self) -> float:
        return self._seconds[self.place] or _DEFAULT_S

    def _stride(self) -> int:
        if self.is_paused:
            return 1
        return max(1, round(1 / MOST_FRAMES_PER_S / self._stated_s()))

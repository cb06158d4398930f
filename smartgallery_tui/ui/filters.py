"""The net below the sanitiser: no control character of a text reaches the terminal."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.filter import LineFilter

if TYPE_CHECKING:
    from textual.color import Color

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_STAND_IN = "\u00b7"


class ControlFilter(LineFilter):
    """Replace control characters in what widgets draw.

    Every text should have gone through `safe` already. Escape codes that Textual makes are
    marked as control segments and stay; the picture widgets draw lines of their own that no
    filter sees.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the segments with control characters replaced by a middle dot."""
        if not any(_CONTROL.search(text) for text, _, control in segments if not control):
            return segments
        return [
            segment
            if segment.control
            else Segment(_CONTROL.sub(_STAND_IN, segment.text), segment.style)
            for segment in segments
        ]

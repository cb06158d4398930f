"""The net below the sanitiser: no control character of any text reaches the terminal."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.filter import LineFilter

if TYPE_CHECKING:
    from textual.color import Color

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


class ControlFilter(LineFilter):
    """Replaces control characters in text segments; segments that are control codes stay.

    Widths of a changed line may be off by the characters replaced: this is the net, not the way.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the segments of a line without control characters in their text."""
        if not any(_CONTROL.search(text) for text, _style, control in segments if not control):
            return segments
        return [
            segment
            if segment.control
            else Segment(_CONTROL.sub("\u00b7", segment.text), segment.style)
            for segment in segments
        ]

"""The net below the sanitiser: no control character of any text reaches the terminal.

Text that somebody types or pastes, or that is put into a field, is drawn by the field itself.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.filter import LineFilter

if TYPE_CHECKING:
    from textual.color import Color

_UNWANTED = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)
"""Controls, marks that turn the direction of text, and halves of characters: bytes of file names
that are no text. A terminal cannot be sent those."""


class ControlFilter(LineFilter):
    """Replaces control characters in text segments; segments that are control codes stay.

    Widths of a changed line may be off by the characters replaced: this is the net, not the way.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the segments of a line without control characters in their text."""
        if not any(_UNWANTED.search(text) for text, _style, control in segments if not control):
            return segments
        return [
            segment
            if segment.control
            else Segment(_UNWANTED.sub(_stand_in, segment.text), segment.style)
            for segment in segments
        ]


def _stand_in(found: re.Match[str]) -> str:
    """Return what is shown instead; nothing for what has no width."""
    code = ord(found[0])
    if 0xD800 <= code <= 0xDFFF:
        return "\ufffd"
    return "\u00b7" if code < 0xA0 else ""

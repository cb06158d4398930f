"""Keeps escape sequences together: what a slow link tears apart must not act as keys.

Sits between the terminal and the key parser. Text goes through at once. An escape sequence is
held until its last byte is there, however late that comes. A lone ESC becomes the key after the
escape delay; if what follows within two seconds is the rest of a torn sequence, that rest is
dropped: nobody types `[A` in one packet.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

ESC = "\x1b"
TORN_AFTER_ESC_S = 2.0
"""How long the rest of a sequence may come after its ESC was taken for a key."""
STRING_TIMEOUT_S = 2.0
"""How long an unfinished control string may swallow what comes."""
LONGEST_SEQUENCE = 64
LONGEST_STRING = 4096

_CSI = re.compile(r"\x1b\[[\x30-\x3f]*[\x20-\x2f]*[\x40-\x7e]")
_CSI_BEGUN = re.compile(r"\x1b\[[\x30-\x3f]*[\x20-\x2f]*\Z")
_SS3 = re.compile(r"\x1bO[\x30-\x7e]")
_STRING = re.compile(r"\x1b[PX^_\]].*?(?:\x1b\\|\x07)", re.DOTALL)
_STRING_BEGUN = re.compile(r"\x1b[PX^_\]]")
_TAIL = re.compile(r"\[[\x30-\x3f]*[\x20-\x2f]*[\x40-\x7e]|O[A-DFHP-S]")
_LEGACY_MOUSE = "\x1b[M"


@dataclass(slots=True)
class TornKeys:
    """Puts sequences together. One thread (the input thread) owns it; times are seconds."""

    escape_delay_s: float = 0.1
    _held: str = ""
    _held_since_s: float = 0.0
    _escape_s: float = -TORN_AFTER_ESC_S
    """When a lone ESC became the key."""

    @property
    def is_holding(self) -> bool:
        """Tell whether a part of a sequence waits for its rest."""
        return bool(self._held)

    def feed(self, text: str, now_s: float) -> str:
        """Return what the key parser may see of `text` and of what was held before."""
        if not self._held:
            text = self._without_tail(text, now_s)
            self._held_since_s = now_s
        elif now_s - self._held_since_s > STRING_TIMEOUT_S and _STRING_BEGUN.match(self._held):
            # Not the rest of a string any more: somebody types.
            self._held = ""
            self._held_since_s = now_s
        pending = self._held + text
        self._held = ""
        out: list[str] = []
        at = 0
        while at < len(pending):
            escape = pending.find(ESC, at)
            if escape < 0:
                out.append(pending[at:])
                break
            out.append(pending[at:escape])
            piece, at = self._sequence(pending, escape)
            out.append(piece)
        return "".join(out)

    def take_escape(self, now_s: float) -> bool:
        """Tell once that a lone ESC has waited long enough to be the key."""
        if self._held != ESC or now_s - self._held_since_s < self.escape_delay_s:
            return False
        self._held = ""
        self._escape_s = now_s
        return True

    def _without_tail(self, text: str, now_s: float) -> str:
        """Drop the rest of a sequence whose ESC went through as a key."""
        is_late = now_s - self._escape_s < TORN_AFTER_ESC_S
        self._escape_s = -TORN_AFTER_ESC_S
        if is_late and (tail := _TAIL.match(text)):
            return text[tail.end() :]
        return text

    def _sequence(self, text: str, at: int) -> tuple[str, int]:
        """Return the sequence that starts at `at` as the parser may see it, and where it ends."""
        for pattern in (_CSI, _SS3):
            if match := pattern.match(text, at):
                return match[0], match.end()
        if match := _STRING.match(text, at):
            # Answers that nobody waits for; as keys they would be commands.
            return "", match.end()
        rest = text[at:]
        is_string = _STRING_BEGUN.match(rest) is not None
        if (
            (_CSI_BEGUN.match(rest) and len(rest) < LONGEST_SEQUENCE)
            or rest in {ESC, ESC + "O"}
            or (is_string and len(rest) < LONGEST_STRING)
        ):
            self._held = rest
            return "", len(text)
        if is_string or rest.startswith(ESC + "["):
            return "", len(text)
        length = 1 if rest[1] == ESC else 2
        return rest[:length], at + length

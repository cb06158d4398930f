"""Keeps escape sequences together: what a slow link tears apart must not act as keys.

Sits between the terminal and the key parser. Text goes through at once. An escape sequence is
held until its last byte is there, however late that comes.

An ESC that begins no sequence is the key, and it says so at once as `ESCAPE_KEY`: Esc and another
key typed quickly are two keys, never one key with Alt. A lone ESC waits for the escape delay, or
until the terminal has answered a question that was put after it came: a terminal answers in order,
so the rest of a torn sequence would have come before. If a rest comes later all the same, it is
put behind an ESC again: nobody types `[A` in one packet.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

ESC = "\x1b"
ESCAPE_KEY = "\x1b[27u"
"""The Esc key as terminals write it that tell it from the beginning of a sequence."""
ANSWER_GRACE_S = 0.03
"""How long after the terminal's answer a lone ESC is still held: one read may overtake another."""
MOST_QUESTIONS = 3
"""Unanswered questions after which the terminal is not asked any more."""
TORN_AFTER_ESC_S = 2.0
"""How long the rest of a sequence may come after its ESC was taken for a key."""
STRING_TIMEOUT_S = 2.0
"""How long an unfinished control string may swallow what comes."""
LONGEST_SEQUENCE = 64
LONGEST_STRING = 4096

_CSI = re.compile(r"\x1b\[[\x30-\x3f]*[\x20-\x2f]*[\x40-\x7e]")
_CSI_BEGUN = re.compile(r"\x1b\[[\x30-\x3f]*[\x20-\x2f]*\Z")
_SS3 = re.compile(r"\x1bO[A-IMP-Sj-y]")
_STRING = re.compile(r"\x1b[PX^_\]].*?(?:\x1b\\|\x07)", re.DOTALL)
_STRING_BEGUN = re.compile(r"\x1b[PX^_\]]")
_TAIL = re.compile(r"\[[\x30-\x3f]*[\x20-\x2f]*[\x40-\x7e]|O[A-DFHP-S]")
_ANSWER = re.compile(r"\x1b\[\?[0-9;]*c")
_ALT_KEYS = frozenset("\x7f\b")
"""Alt with Backspace deletes a word: this stays one key."""


@dataclass(slots=True)
class TornKeys:
    """Puts sequences together. One thread (the input thread) owns it; times are seconds."""

    escape_delay_s: float = 0.1
    _held: str = ""
    _held_since_s: float = 0.0
    _escape_s: float = -TORN_AFTER_ESC_S
    """When a lone ESC became the key."""
    _answered_s: float | None = None
    """When the terminal answered while an ESC was held."""
    _questions: int = 0
    """How many answers are on their way."""

    def may_ask(self) -> bool:
        """Tell whether the terminal should be asked now, and count the question."""
        if self._held != ESC or self._questions >= MOST_QUESTIONS:
            return False
        self._questions += 1
        return True

    @property
    def is_escape_held(self) -> bool:
        """Tell whether a lone ESC waits: the key, or the beginning of a sequence."""
        return self._held == ESC

    @property
    def due_s(self) -> float:
        """When a lone ESC is the key."""
        due_s = self._held_since_s + self.escape_delay_s
        return due_s if self._answered_s is None else min(due_s, self._answered_s + ANSWER_GRACE_S)

    def feed(self, text: str, now_s: float) -> str:
        """Return what the key parser may see of `text` and of what was held before."""
        text = self._without_answers(text, now_s)
        if not text:
            return ""
        if not self._held:
            text = self._with_escape(text, now_s)
            self._held_since_s = now_s
        elif now_s - self._held_since_s > STRING_TIMEOUT_S and _STRING_BEGUN.match(self._held):
            # Not the rest of a string any more: somebody types.
            self._held = ""
            self._held_since_s = now_s
        pending, self._held, self._answered_s = self._held + text, "", None
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
        if self.is_escape_held:
            self._held_since_s = now_s
        return "".join(out)

    def take_escape(self, now_s: float) -> str:
        """Return the Esc key once a lone ESC has waited long enough to be it, else ""."""
        if not self.is_escape_held or now_s < self.due_s:
            return ""
        self._held = ""
        self._answered_s = None
        self._escape_s = now_s
        return ESCAPE_KEY

    def _without_answers(self, text: str, now_s: float) -> str:
        """Take the terminal's answers out; one that comes behind a lone ESC says that it is one."""
        rest, count = _ANSWER.subn("", text)
        self._questions = max(0, self._questions - count)
        if count and self.is_escape_held and not self._questions and text.startswith(ESC):
            self._answered_s = now_s
        return rest

    def _with_escape(self, text: str, now_s: float) -> str:
        """Complete the rest of a sequence whose ESC went through as a key."""
        is_late = now_s - self._escape_s < TORN_AFTER_ESC_S
        self._escape_s = -TORN_AFTER_ESC_S
        return ESC + text if is_late and _TAIL.match(text) else text

    def _sequence(self, text: str, at: int) -> tuple[str, int]:
        """Return the sequence that starts at `at` as the parser may see it, and where it ends."""
        for pattern in (_CSI, _SS3):
            if match := pattern.match(text, at):
                return "" if _ANSWER.fullmatch(match[0]) else match[0], match.end()
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
            following = text.find(ESC, at + 1)
            return "", following if following > 0 and not is_string else len(text)
        if rest[1] in _ALT_KEYS:
            return rest[:2], at + 2
        return ESCAPE_KEY, at + 1

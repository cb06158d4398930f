"""The one sanitiser: untrusted text to text that is safe to print on any terminal.

File names, prompts, model names and node titles come from strangers. Neither Textual nor a plain
`print` removes escape sequences from them (they set clipboards and clear screens), so every
such text goes through `safe` on its way out of the model, and never before: databases, JSON and
search keep the original.
"""

from __future__ import annotations

import re

_BAD = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\ufeff\ufff0-\ufffb\ufffe\uffff\ud800-\udfff\U0010eeee\U000e0000-\U000e0fff]"
)
_COMBINING = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_COMBINING_RUN = re.compile(f"([{_COMBINING}]{{4}})[{_COMBINING}]+")
_REPLACEMENT = "\ufffd"
_DOT = "\u00b7"

DEFAULT_LIMIT = 20_000
"""Characters of one text that a screen may hold: longer ones stall the layout for seconds."""


def safe(text: str, limit: int = DEFAULT_LIMIT, *, newlines: bool = False) -> str:
    r"""Return `text` without anything that a terminal would act on.

    C0 controls become their Unicode pictures, DEL, C1, bidi, zero-width, tag characters and the
    kitty placeholder become a middle dot, undecodable bytes become U+FFFD, and at most four
    combining marks stay in a run. The zero-width joiner stays: emoji need it.

    Args:
        text: Any text, lone surrogates allowed.
        limit: Cut after this many characters.
        newlines: Keep line feeds (and turn carriage returns and tabs into plain white space).
    """
    cut = text[:limit]
    if cut.isascii() and cut.isprintable():
        return cut
    if newlines:
        cut = cut.replace("\r\n", "\n").replace("\t", "    ")

    def replace(match: re.Match[str]) -> str:
        char = match[0]
        if newlines and char == "\n":
            return char
        return _stand_in(ord(char))

    return _COMBINING_RUN.sub(r"\1", _BAD.sub(replace, cut))


def _stand_in(code: int) -> str:
    if code < 0x20:
        return chr(0x2400 + code)
    if 0xD800 <= code <= 0xDFFF:
        return _REPLACEMENT
    return _DOT

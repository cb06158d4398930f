"""The form in which words are searched: what the full-text index is fed, what a query becomes.

One function decides what a word is, for prompts, names, tags and notes alike, so that the index,
a query and a match in memory cannot disagree. The full-text tables use FTS5's `ascii` tokeniser,
which takes every character outside ASCII as part of a word: all that is more than ASCII is
decided here.
"""

from __future__ import annotations

import re
import unicodedata

_CJK = (
    "\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u3100-\u312f\u3130-\u318f\u31a0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f"
    "\U00020000-\U0003ffff"
)
_OWN_WORD = re.compile(f"([{_CJK}])")
_ACCENT = re.compile("[\u0300-\u036f]")
_NO_LETTER = re.compile(r"[^\w\x00-\x7f]")
_WORD = re.compile("[a-z0-9\x80-\U0010ffff]+")


def search_form(text: str) -> str:
    """Return `text` as the full-text index takes it.

    ASCII text comes back as it is (the tokeniser lowers it and splits at everything but letters
    and digits). In other text letters are lowered and lose their accents, each CJK character and
    each pictograph becomes a word of its own, and punctuation becomes a blank.
    """
    if text.isascii():
        return text.replace("\0", " ")
    folded = unicodedata.normalize("NFKC", text).casefold().replace("\0", " ")
    bare = unicodedata.normalize("NFC", _ACCENT.sub("", unicodedata.normalize("NFD", folded)))
    return _OWN_WORD.sub(r" \1 ", _NO_LETTER.sub(_without_letter, bare))


def search_words(text: str) -> list[str]:
    """Return the words of `text`, exactly those that the full-text index makes of it."""
    form = search_form(text)
    return _WORD.findall(form.lower() if form.isascii() else form)


def _without_letter(match: re.Match[str]) -> str:
    char = match[0]
    category = unicodedata.category(char)
    if category[0] == "M":
        return char
    return f" {char} " if category in {"So", "Sk"} else " "

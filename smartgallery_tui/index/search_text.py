"""The form in which words are searched: for the full-text index and for query terms alike.

FTS5's unicode61 takes a run of CJK characters as one word, so nobody would find a part of it.
Here each such character becomes a word of its own; a query turns them into a phrase.
"""

from __future__ import annotations

import re

_CJK = re.compile(
    "([\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u3100-\u312f\u3130-\u318f\u31a0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f"
    "\U00020000-\U0003ffff])"
)


def search_form(text: str) -> str:
    """Return `text` with blanks around each CJK character; other text is returned as it is."""
    return text if text.isascii() else _CJK.sub(r" \1 ", text)

"""The first line of a Markdown note as plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_CHARS = 2_000
"""As much of a note is looked at."""


def parser() -> MarkdownIt:
    """Return a parser that shows `&#x202e;` as it is written: its character is not safe."""
    # Imported here: it takes 20 ms that a start has no use for.
    from markdown_it import MarkdownIt

    return MarkdownIt("gfm-like").disable("entity")


def first_line(note: str) -> str:
    """Return the first line of a note without the signs of Markdown; from anywhere, not yet safe.

    Blocks, so call it from a worker thread.
    """
    if not note.strip():
        return ""
    for token in parser().parse(note[:_CHARS]):
        is_text = token.type == "inline"
        words = _words(token) if is_text else token.content.strip().partition("\n")[0]
        if words:
            return words
    return ""


def _words(token: Token) -> str:
    """Return the text of a heading or paragraph up to its first line break."""
    found = []
    for child in token.children or ():
        if child.type in {"softbreak", "hardbreak"}:
            break
        found.append(_words(child) if child.type == "image" else child.content)
    return "".join(found).strip()

"""The one factory for text that comes from outside: sanitised, never markup, never too long.

File names, prompts, tags, queries and error texts that quote them are written by strangers. A
screen shows such text only as `Content` made here: markup in it stays text, escape sequences
become visible pictures, and what would stall the layout is cut with a note.
"""

from __future__ import annotations

from textual.content import Content

from smartgallery_tui.terminal.safe_text import DEFAULT_LIMIT, safe

LINE_LIMIT = 400
"""Characters of a one-line text: wider than any terminal."""
BLOCK_LINES = 2_000
"""Lines of one text that a screen may hold."""
MARKDOWN_LINES = 400
"""Lines of one Markdown text that a screen may hold: each may become a widget of its own."""


def plain(text: str, limit: int = LINE_LIMIT) -> str:
    """Return `text` on one line, safe to print."""
    return safe(text, limit)


def line(text: str, style: str = "", limit: int = LINE_LIMIT) -> Content:
    """Return `text` as one styled line; `style` is ours, never the text's."""
    cleaned = safe(text, limit)
    return Content.styled(cleaned, style) if style else Content(cleaned)


def block(text: str, style: str = "", limit: int = DEFAULT_LIMIT) -> Content:
    """Return `text` with its line breaks, cut with a note where it is too long to lay out."""
    cleaned = safe(text, limit, newlines=True)
    rows = cleaned.split("\n")
    cut_lines = len(rows) - BLOCK_LINES
    if cut_lines > 0:
        cleaned = "\n".join(rows[:BLOCK_LINES])
    body = Content.styled(cleaned, style) if style else Content(cleaned)
    cut_chars = len(text) - limit
    if cut_chars <= 0 and cut_lines <= 0:
        return body
    rest = f"{cut_chars:,} characters" if cut_chars > 0 else f"{cut_lines:,} lines"
    return body + Content.styled(f"\n… {rest} more", "dim")


def fit(text: str, width_cells: int) -> str:
    """Return `text` on one line, cut in its middle to `width_cells` so that the end stays."""
    cleaned = safe(text)
    content = Content(cleaned)
    if content.cell_length <= width_cells:
        return cleaned
    if width_cells < 4:
        return content.truncate(max(0, width_cells)).plain
    tail = min(len(cleaned), width_cells // 3)
    end = Content(cleaned[-tail:])
    while end.cell_length > width_cells // 3:
        end = Content(end.plain[1:])
    head = content.truncate(width_cells - 1 - end.cell_length).plain
    return f"{head}…{end.plain}"


def source(text: str, limit: int = DEFAULT_LIMIT) -> str:
    """Return `text` as the source of a Markdown widget, cut where it is too long to lay out.

    The parser must leave entities alone: `&#x202e;` would bring back what was taken out here.
    """
    rows = safe(text, limit, newlines=True).split("\n")
    if len(text) <= limit and len(rows) <= MARKDOWN_LINES:
        return "\n".join(rows)
    return "\n".join([*rows[:MARKDOWN_LINES], "", "… cut here"])

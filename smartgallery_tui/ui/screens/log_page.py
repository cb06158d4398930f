"""The page of the log: its last lines and what this run has said, by level."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from smartgallery_tui.ui import format as words
from smartgallery_tui.ui.content import line
from smartgallery_tui.ui.screens.pages import Kinds, TextReady
from smartgallery_tui.ui.text_rows import TextRow, text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smartgallery_tui.library import Library
    from smartgallery_tui.ui.background import Call
    from smartgallery_tui.ui.notices import Notice

LINES = 500
"""Lines of the log that are shown."""
EVERY_S = 5.0
"""How often the open page reads the log again."""
_STAMP_CELLS = 20
_STYLES = {"warning": "$text-warning", "error": "$text-error", "critical": "$text-error"}
_BAD = frozenset({"error", "critical"})


def log_page(library: Library, notices: Sequence[Notice]) -> Call:
    """Return a call that reads the end of the log."""

    def call(_cancelled: object) -> TextReady:
        lines = library.log_lines(LINES)
        return TextReady(
            "Log", (), is_tail=True, again=call, every_s=EVERY_S, kinds=_kinds(lines, notices)
        )

    return call


def _kinds(lines: Sequence[str], notices: Sequence[Notice]) -> list[Kinds]:
    bad = [one for one in lines if level(one) in _BAD]
    warned = [one for one in lines if level(one) in _BAD or level(one) == "warning"]
    return [
        Kinds("a", "all", _log_rows(lines)),
        Kinds("w", "warnings", _log_rows(warned)),
        Kinds("e", "errors", _log_rows(bad)),
        Kinds("s", "said", _notice_rows(notices)),
    ]


def level(log_line: str) -> str:
    """Return the level of a line of the log, or "" for a line of another shape."""
    parts = log_line.split(maxsplit=3)
    return parts[2] if len(parts) == 4 else ""


def _log_rows(lines: Sequence[str]) -> list[TextRow]:
    rows = []
    for one in lines:
        style = _STYLES.get(level(one), "")
        stamp, rest = one[: _STAMP_CELLS - 1], one[_STAMP_CELLS:]
        lead = line(stamp, "$foreground-muted")
        rows.append(TextRow(line(rest, style, 1_000), lead, _STAMP_CELLS))
    return rows or [text(Content.styled("There is nothing of this in the log.", "dim"))]


def _notice_rows(notices: Sequence[Notice]) -> list[TextRow]:
    rows = []
    for notice in notices:
        stamp = words.clock(notice.when_s)
        lead = Content.styled(f"{stamp:<{_STAMP_CELLS}}", "$foreground-muted")
        body = line(notice.text, _STYLES.get(notice.severity, ""), 1_000)
        rows.append(TextRow(body, lead, _STAMP_CELLS))
    return rows or [text(Content.styled("Nothing was said in this run.", "dim"))]

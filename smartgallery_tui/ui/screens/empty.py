"""What stands in the grid's place when there is nothing to show, and what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from smartgallery_tui.ui.content import line

if TYPE_CHECKING:
    from smartgallery_tui.records.suggestions import Suggestions
    from smartgallery_tui.ui.result_view import ResultView


def words(
    query: str,
    view: ResultView | None,
    suggestions: Suggestions | None = None,
    *,
    is_looking: bool = False,
) -> Content:
    """Return the text of an empty grid; while it is looked for files, that is said."""
    if query.strip():
        return _no_hits(query, view, suggestions)
    if is_looking:
        return _say("Looking for pictures …", "They appear here as they are found.")
    return _say(
        "There are no pictures here yet.",
        "Run ComfyUI, or put files into the folder; R looks again.",
        "q leaves; `smartgallery DIR` opens another folder.",
    )


def _no_hits(query: str, view: ResultView | None, suggestions: Suggestions | None) -> Content:
    parts = [
        Content.styled("Nothing found.", "bold"),
        Content.assemble(("for  ", "$foreground-muted"), line(query)),
    ]
    if view is not None and view.result.unread:
        parts.append(line(f"{view.result.unread:,} files are not read yet; this answer may grow."))
    if suggestions is not None:
        parts += _suggested(suggestions)
    parts.append(line("Esc clears the search, Backspace goes back, F shows what there is."))
    return Content("\n").join(parts)


def _suggested(suggestions: Suggestions) -> list[Content]:
    """Return what each part finds alone, and spellings that find something."""
    rows = [
        Content.assemble(
            "  ", line(part.text), ("  alone: ", "$foreground-muted"), f"{part.total:,}"
        )
        for part in suggestions.parts[:8]
        if len(suggestions.parts) > 1
    ]
    for number, spelling in enumerate(suggestions.spellings[:5]):
        lead = "Enter searches for  " if number == 0 else "or  "
        rows.append(
            Content.assemble(lead, line(spelling.query, "bold $accent"), f"  {spelling.total:,}")
        )
    return rows


def _say(title: str, *rows: str) -> Content:
    return Content("\n").join([Content.styled(title, "bold"), *(Content(row) for row in rows)])

"""The page of totals: figures, bars, a line through time, the newest files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from smartgallery_tui.ui import format as words
from smartgallery_tui.ui.content import fit, line, plain
from smartgallery_tui.ui.screens.pages import TextReady
from smartgallery_tui.ui.text_rows import TextRow, heading, text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from smartgallery_tui.library import Library
    from smartgallery_tui.records import FacetValue, Item, LibraryStats
    from smartgallery_tui.ui.background import Call

RECENT = 6
"""Newest files that are named."""
EVERY_S = 30.0
"""How often the open page counts again."""
_BAR_CELLS = 30
_LABEL_CELLS = 34
_LINE_MONTHS = 60
_HEIGHTS = "▁▂▃▄▅▆▇█"


def statistics(library: Library) -> Call:
    """Return a call that reads the totals and lays them out."""

    def call(_cancelled: object) -> TextReady:
        recent = library.search("").page(0, RECENT)
        rows = stats_text(library.stats(), recent, round(library.picture_stats().used))
        return TextReady("Statistics", rows, again=call, every_s=EVERY_S)

    return call


def stats_text(
    stats: LibraryStats, recent: Sequence[Item] = (), held_bytes: int = 0
) -> list[TextRow]:
    """Return the totals with bars.

    Args:
        stats: The totals.
        recent: The newest items.
        held_bytes: What the pictures in memory take.
    """
    totals = [
        ("Files", f"{stats.total_files:,}"),
        ("Size", words.size(stats.size_bytes)),
        ("Favourites", f"{stats.favorites:,}"),
        ("With a workflow", f"{stats.with_workflow:,}"),
        ("Unrated for 30 days", f"{stats.unrated_old:,}"),
        ("Missing", f"{stats.missing:,}"),
        ("With a problem", f"{stats.problems:,}"),
        ("Not read yet", f"{stats.unread:,}"),
        ("Index", words.size(stats.index_bytes)),
        ("Thumbnails", words.size(stats.cache_bytes)),
        ("Trash", words.size(stats.trash_bytes)),
    ]
    if held_bytes:
        totals.append(("Pictures in memory", words.size(held_bytes)))
    rows = [_figure(label, value) for label, value in totals]
    rows += _newest_files(recent)
    rows += _through_time(stats.by_month)
    rows += _bars("By kind", sorted(stats.by_kind.items(), key=lambda pair: -pair[1]))
    rows += _bars("By model", _first(stats.by_model))
    rows += _bars("By LoRA", _first(stats.by_lora))
    rows += _bars("By sampler", _first(stats.by_sampler))
    above, folders = _below(_first(stats.size_by_folder))
    title = f"Space by folder, in {plain(above)}" if above else "Space by folder"
    rows += _bars(title, folders, words.size)
    rows += _bars("Space by model", _first(stats.size_by_model), words.size)
    return rows


def _figure(label: str, value: str) -> TextRow:
    return TextRow(Content(value), Content.styled(label, "$foreground-muted"), _LABEL_CELLS + 2)


def _newest_files(recent: Sequence[Item]) -> list[TextRow]:
    rows = heading(Content.styled("Newest", "bold $accent")) if recent else []
    for item in recent:
        facts = (words.date(item.mtime_ns), words.dimensions(item), words.size(item.size_bytes))
        body = line("  ".join(fact for fact in facts if fact), "$foreground-muted")
        rows.append(TextRow(body, line(fit(item.name, _LABEL_CELLS)), _LABEL_CELLS + 2))
    return rows


def _through_time(months: Sequence[FacetValue]) -> list[TextRow]:
    """Return the files of each month as a line of blocks; months without files are its gaps."""
    counts = {value.value: value.total for value in months}
    if not counts:
        return []
    names = _between(min(counts), max(counts))[-_LINE_MONTHS:]
    most = max(counts.get(name, 0) for name in names) or 1
    blocks = "".join(_block(counts.get(name, 0), most) for name in names)
    busiest = max(names, key=lambda name: counts.get(name, 0))
    said = f"{names[0]} to {names[-1]}, most in {busiest}: {words.count(counts[busiest], 'file')}"
    bars = _bars("By month", sorted(_first(months), reverse=True))
    return [
        *heading(Content.styled("Through time", "bold $accent")),
        text(Content.styled(blocks, "$primary")),
        text(Content.styled(said, "$foreground-muted")),
        *bars,
    ]


def _block(count: int, most: int) -> str:
    return _HEIGHTS[min(7, count * 8 // (most + 1))] if count else " "


def _between(first: str, last: str) -> list[str]:
    """Return all months from one to another, `2025-11` and the like."""
    try:
        year, month = map(int, first.split("-"))
        until = tuple(map(int, last.split("-")))
    except ValueError:
        return [first, last]
    found: list[str] = []
    while (year, month) <= until:
        found.append(f"{year:04}-{month:02}")
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return found


def _first(values: Sequence[FacetValue] | Mapping[str, int]) -> list[tuple[str, int]]:
    pairs = values.items() if hasattr(values, "items") else values
    return [(name, total) for name, total in list(pairs)[:20]]


def _below(pairs: Sequence[tuple[str, int]]) -> tuple[str, list[tuple[str, int]]]:
    """Return the folder that all paths have above them, and the paths as seen from there."""
    parts = [name.split("/") for name, _total in pairs]
    shared = 0
    if len(parts) > 1:
        columns = zip(*parts, strict=False)
        shared = next((n for n, column in enumerate(columns) if len(set(column)) > 1),
                      min(map(len, parts)))  # fmt: skip
    if shared < 2:
        return "", list(pairs)
    own = ["/".join(names[shared:]) or "." for names in parts]
    totals = [total for _name, total in pairs]
    return "/".join(parts[0][:shared]), list(zip(own, totals, strict=True))


def _bars(
    title: str, pairs: Sequence[tuple[str, int]], shown: Callable[[int], str] = "{:,}".format
) -> list[TextRow]:
    if not pairs:
        return []
    most = max(count for _name, count in pairs) or 1
    rows = heading(line(title, "bold $accent"))
    for name, count in pairs:
        bar = "█" * max(1, round(_BAR_CELLS * count / most))
        body = Content.assemble((bar, "$primary"), f" {shown(count)}")
        rows.append(TextRow(body, line(fit(name, _LABEL_CELLS)), _LABEL_CELLS + 2))
    return rows

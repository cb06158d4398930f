"""`stats`: totals of the library."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from smartgallery_tui.cli.exit_codes import ExitCode
from smartgallery_tui.cli.output import stdout
from smartgallery_tui.cli.text import size

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smartgallery_tui.cli.context import Context
    from smartgallery_tui.cli.parser import Parser
    from smartgallery_tui.records import LibraryStats

HAS_QUERY = False


def add_arguments(parser: Parser) -> None:
    """Add the command's own arguments."""
    parser.add_argument("--json", action="store_true", help="one object")


def run(context: Context) -> int:
    """Print the totals."""
    with context.open_library() as library:
        stats = library.stats()
    out = stdout()
    if context.arguments.json:
        found = {f.name: getattr(stats, f.name) for f in dataclasses.fields(stats)}
        out.json({k: v if isinstance(v, int) else dict(v) for k, v in found.items()})
    else:
        out.lines(_lines(stats))
    return ExitCode.OK


def _lines(stats: LibraryStats) -> Iterator[str]:
    yield f"files          {stats.total_files}  ({size(stats.size_bytes)})"
    for kind, total in stats.by_kind.items():
        yield f"  {kind:<12} {total}"
    yield f"with workflow  {stats.with_workflow}"
    yield f"favourites     {stats.favorites}"
    yield f"unrated, older than 30 days  {stats.unrated_old}"
    yield f"problems       {stats.problems}"
    yield f"missing        {stats.missing}"
    if stats.unread:
        yield f"not read yet   {stats.unread}"
    yield f"index          {size(stats.index_bytes)}"
    yield f"thumbnails     {size(stats.cache_bytes)}"
    yield f"trash          {size(stats.trash_bytes)}"
    for title, values in (
        ("by model", stats.by_model),
        ("by LoRA", stats.by_lora),
        ("by sampler", stats.by_sampler),
        ("by month", stats.by_month),
    ):
        if values:
            yield title
        for value in values[:10]:
            yield f"  {value.total:>7}  {value.value}"

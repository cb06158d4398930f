"""`explain FILE`: which node gave which value, and what was not understood."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smartgallery_tui.cli.exit_codes import ExitCode
from smartgallery_tui.cli.output import complain, stdout
from smartgallery_tui.errors import ContainerError
from smartgallery_tui.library.inspect import explain_file
from smartgallery_tui.library.node_rules import load_node_rules

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smartgallery_tui.cli.context import Context
    from smartgallery_tui.cli.parser import Parser
    from smartgallery_tui.records.graphs import Explanation

HAS_QUERY = False


def add_arguments(parser: Parser) -> None:
    """Add the command's own arguments."""
    parser.add_argument("file", metavar="FILE", help="what to read")
    parser.add_argument("--json", action="store_true", help="one object a node")


def run(context: Context) -> int:
    """Print one block a node; 1 if there is nothing to explain."""
    arguments = context.arguments
    try:
        found = explain_file(arguments.file, load_node_rules(context.paths.rules_file))
    except ContainerError as error:
        complain(f"{arguments.file}: {error}")
        return ExitCode.FAILED
    if not found:
        complain(f"{arguments.file}: holds no graph and no generation text")
        return ExitCode.FAILED
    out = stdout()
    for one in found:
        if arguments.json:
            out.json(_shape(one))
        else:
            out.lines(_lines(one))
    return ExitCode.OK


def _shape(one: Explanation) -> dict[str, Any]:
    return {
        "node": one.node,
        "class": one.class_type,
        "title": one.title,
        "gave": [{"field": name, "value": value} for name, value in one.gave],
        "note": one.note,
    }


def _lines(one: Explanation) -> Iterator[str]:
    title = f'  "{one.title}"' if one.title and one.title != one.class_type else ""
    yield f"{one.node or '-':>5}  {one.class_type}{title}"
    for name, value in one.gave:
        first, *others = value.splitlines() or [""]
        yield f"{'':9}{name:<12} {first}"
        yield from (f"{'':22}{line}" for line in others)
    if one.note:
        yield f"{'':9}({one.note})"

"""`paths`: the folders and files that the program uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartgallery_tui.cli.exit_codes import ExitCode
from smartgallery_tui.cli.output import stdout

if TYPE_CHECKING:
    from smartgallery_tui.cli.context import Context
    from smartgallery_tui.cli.parser import Parser

HAS_QUERY = False


def add_arguments(parser: Parser) -> None:
    """Add the command's own arguments."""
    parser.add_argument("--json", action="store_true", help="one object")


def run(context: Context) -> int:
    """Print every path, whether it exists or not."""
    paths = context.paths
    shown = {
        "config": paths.config_file,
        "data": paths.data_dir,
        "cache": paths.cache_dir,
        "state": paths.state_dir,
        "log": paths.log_file,
        "themes": paths.themes_dir,
        "nodes": paths.rules_file,
        "demo": paths.demo_dir,
    }
    out = stdout()
    if context.arguments.json:
        out.json({name: str(path) for name, path in shown.items()})
    else:
        out.lines(f"{name:<8}{path}" for name, path in shown.items())
    return ExitCode.OK

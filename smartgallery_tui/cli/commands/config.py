"""`config check` and `config init`: look at the settings, write a first file."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from smartgallery_tui.cli.exit_codes import ExitCode
from smartgallery_tui.cli.output import complain, stdout
from smartgallery_tui.config import check_values, detect_comfyui, load_themes, write_initial
from smartgallery_tui.library.node_rules import load_node_rules

if TYPE_CHECKING:
    from smartgallery_tui.cli.context import Context
    from smartgallery_tui.cli.parser import Parser

HAS_QUERY = False


def add_arguments(parser: Parser) -> None:
    """Add the command's own arguments."""
    parser.add_argument("action", choices=("check", "init"),
                        help="check the settings, or write a first file")  # fmt: skip


def run(context: Context) -> int:
    """Check the settings (1 if something is wrong) or write a commented first file."""
    return _init(context) if context.arguments.action == "init" else _check(context)


def _check(context: Context) -> int:
    themes, theme_problems = load_themes(context.paths.themes_dir)
    rule_problems = load_node_rules(context.paths.rules_file).problems
    problems = [
        *context.problems, *check_values(context.settings, [theme.name for theme in themes]),
        *_key_problems(context), *theme_problems, *rule_problems,
    ]  # fmt: skip
    for problem in problems:
        complain(str(problem))
    if problems:
        return ExitCode.FAILED
    file = context.paths.config_file
    state = "no problems" if file.exists() else "not there; defaults are in force"
    stdout().line(f"{file}: {state}")
    return ExitCode.OK


def _key_problems(context: Context) -> list[str]:
    """Return what of `[keys]` cannot be used."""
    if not context.settings.keys:
        return []
    from smartgallery_tui.ui.keymap import Keymap  # brings Textual along, for half a second

    return Keymap(context.settings.keys).problems


def _init(context: Context) -> int:
    found = detect_comfyui(os.environ)
    values = {"library.output_path": found.output_dir, "library.input_path": found.input_dir}
    known = {name: value for name, value in values.items() if value}
    write_initial(context.paths.config_file, known)
    out = stdout()
    out.line(f"wrote {context.paths.config_file}")
    if found.output_dir:
        out.line(f"output folder: {found.output_dir} ({found.how})")
    else:
        out.line("no ComfyUI was found; set output_path in it")
    return ExitCode.OK

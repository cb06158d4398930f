"""`doctor`: what the terminal and this machine can do, for people and for bug reports."""

from __future__ import annotations

import dataclasses
import os
import sys
from typing import TYPE_CHECKING, Any

from smartgallery_tui.cli.exit_codes import ExitCode
from smartgallery_tui.cli.output import stdout
from smartgallery_tui.cli.text import size
from smartgallery_tui.config import ask_server, check_values, detect_comfyui, local_address
from smartgallery_tui.library import machine

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from smartgallery_tui.cli.context import Context
    from smartgallery_tui.cli.parser import Parser
    from smartgallery_tui.terminal.measuring import LineSpeed

HAS_QUERY = False

_VARIABLES = (
    "TERM", "TERM_PROGRAM", "COLORTERM", "TMUX", "STY", "SSH_CONNECTION", "LANG", "LC_ALL",
    "NO_COLOR", "ESCDELAY",
)  # fmt: skip
_SECRET = frozenset({"SSH_CONNECTION", "TMUX"})
"""Their values name hosts and sockets; that they are set is all a report needs."""
_LABEL_WIDTH = 16


def add_arguments(parser: Parser) -> None:
    """Add the command's own arguments."""
    parser.add_argument("--json", action="store_true", help="one object")


def run(context: Context) -> int:
    """Print the facts."""
    facts = {
        "versions": machine.versions(),
        "terminal": _terminal(context),
        "environment": {name: _variable(name) for name in _VARIABLES if name in os.environ},
        "tools": machine.tool_facts(context.settings),
        "database": machine.sqlite_facts(),
        "folders": _folders(context),
        "files": _files(context),
        "ComfyUI": {**_comfyui(), **_server(context.settings.comfyui.url)},
        "settings": _settings(context),
    }
    out = stdout()
    if context.arguments.json:
        out.json(facts)
    else:
        out.lines(_lines(facts))
    return ExitCode.OK


def _terminal(context: Context) -> dict[str, Any]:
    """Return what the probe finds; without a terminal nothing is asked."""
    if not (sys.stdin and sys.stdin.isatty() and sys.stdout.isatty()):
        return {"protocol": "not asked: stdin and stdout are not a terminal"}
    from smartgallery_tui.terminal import probe  # loads the encoders
    from smartgallery_tui.terminal.measuring import measure_line

    caps = dataclasses.asdict(probe(context.settings.graphics.protocol))
    cell = f"{caps.pop('cell_width_px')} x {caps.pop('cell_height_px')} px"
    known = "" if caps.pop("is_cell_size_known", True) else " (assumed)"
    notes = caps.pop("notes", ())
    words = {name.removeprefix("is_").replace("_", " "): value for name, value in caps.items()}
    del words["rtt ms"]
    line = _line_words(measure_line(), is_tmux=bool(words["tmux"]))
    return {**words, "cell": cell + known, "line": line, "notes": list(notes)}


def _line_words(speed: LineSpeed | None, *, is_tmux: bool) -> str:
    """Return round trip and rate of the line."""
    if speed is None:
        return "not measured: the terminal does not answer"
    rate = f"{size(round(speed.bytes_per_s))}/s" if speed.bytes_per_s else "rate not measured"
    return f"{speed.rtt_s * 1000:.0f} ms, {rate}{' (to tmux)' if is_tmux else ''}"


def _variable(name: str) -> str:
    return "set" if name in _SECRET else os.environ[name]


def _unwritable(folder: Path) -> str:
    return "" if machine.is_writable(folder) else " (cannot be written)"


def _folders(context: Context) -> dict[str, str]:
    paths = context.paths
    kind = machine.file_system(paths.data_dir)
    warning = " (a container's layer: gone with the container)" if kind == "overlay" else ""
    warning += _unwritable(paths.data_dir)
    return {
        "settings": f"{paths.config_file}{'' if paths.config_file.exists() else ' (not there)'}",
        "data": f"{paths.data_dir} [{kind}]{warning}",
        "cache": f"{paths.cache_dir}{_unwritable(paths.cache_dir)}",
        "log": str(paths.log_file),
    }


def _files(context: Context) -> dict[str, str]:
    sizes = machine.file_sizes(context.paths.data_dir, context.paths.cache_dir)
    return {
        name: "not there" if size_bytes is None else size(size_bytes)
        for name, size_bytes in sizes.items()
    }


def _comfyui() -> dict[str, Any]:
    found = detect_comfyui(os.environ)
    if not found.output_dir:
        return {"found": "no", "looked": list(found.looked)}
    return {"output": found.output_dir, "input": found.input_dir, "why": found.how}


def _server(url: str) -> dict[str, str]:
    """Return what the configured ComfyUI answers; nothing is asked where no address is set."""
    address = local_address(url) if url else None
    if address is None:
        return {"server": "not asked: [comfyui] url is not an address of this machine"}
    found = ask_server(*address, is_asking_queue=True)
    if found is None:
        return {"server": f"{url}: no ComfyUI answers"}
    version = f"version {found.version}, " if found.version else ""
    return {"server": f"{url}: {version}{found.waiting} running or waiting"}


def _settings(context: Context) -> dict[str, Any]:
    problems = [*context.problems, *check_values(context.settings)]
    return {
        "profile": context.paths.profile or "default",
        "problems": [str(problem) for problem in problems] or "none",
    }


def _lines(facts: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    for section, values in facts.items():
        yield f"{section}"
        for name, value in values.items():
            if isinstance(value, list):
                yield from (
                    f"  {name if not number else '':<{_LABEL_WIDTH}} {part}"
                    for number, part in enumerate(value)
                )
            elif value != "":
                yield f"  {name:<{_LABEL_WIDTH}} {_word(value)}"


def _word(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)

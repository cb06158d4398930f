"""`workflow FILE`: the embedded workflow or prompt, byte for byte."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from smartgallery_tui.cli.exit_codes import ExitCode
from smartgallery_tui.cli.output import complain, stdout
from smartgallery_tui.errors import ContainerError, UsageError
from smartgallery_tui.library.inspect import file_payloads

if TYPE_CHECKING:
    from smartgallery_tui.cli.context import Context
    from smartgallery_tui.cli.parser import Parser

HAS_QUERY = False


def add_arguments(parser: Parser) -> None:
    """Add the command's own arguments."""
    parser.add_argument("file", metavar="FILE", help="what to read")
    parser.add_argument("--api", action="store_true", help="the prompt in API format instead")
    parser.add_argument("-o", "--output", metavar="OUT", help="write to a new file")


def run(context: Context) -> int:
    """Print or write the text; 1 if the file holds none."""
    arguments = context.arguments
    try:
        found = file_payloads(arguments.file)
    except ContainerError as error:
        complain(f"{arguments.file}: {error}")
        return ExitCode.FAILED
    text = found.prompt if arguments.api else found.workflow
    what = "prompt" if arguments.api else "workflow"
    if text is None:
        complain(f"{arguments.file}: holds no {what}{_hint(found.prompt, arguments.api)}")
        return ExitCode.FAILED
    data = text.encode("utf-8", "surrogateescape" if _is_escaped(text) else "surrogatepass")
    if arguments.output:
        _write_new(Path(arguments.output), data)
    elif sys.stdout.isatty():
        stdout().lines(text.splitlines())
    else:
        stdout().raw(data)
    return ExitCode.OK


def _hint(prompt: str | None, is_api: bool) -> str:
    return "" if is_api or prompt is None else "; it holds a prompt: try --api"


def _is_escaped(text: str) -> bool:
    """Tell whether all lone surrogates stand for undecodable bytes."""
    return all(not 0xD800 <= ord(char) <= 0xDFFF or 0xDC80 <= ord(char) <= 0xDCFF for char in text)


def _write_new(path: Path, data: bytes) -> None:
    try:
        with path.open("xb") as file:
            file.write(data)
    except FileExistsError:
        raise UsageError(f"{path} is there already; name another file") from None
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror}") from error

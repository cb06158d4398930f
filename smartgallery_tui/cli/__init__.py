"""The command line: arguments in, data on stdout, sentences on stderr, an exit code."""

from __future__ import annotations

from smartgallery_tui import __version__


def run(argv: list[str]) -> int:
    """Run one command line (without the program's name) and return its exit code."""
    if argv and argv[0] in ("--version", "-V"):
        print(f"smartgallery {__version__}")  # noqa: T201 - before anything else is loaded
        return 0
    from smartgallery_tui.cli.main import run_command  # --version must cost next to nothing

    return run_command(argv)

"""The exit codes that scripts may rely on."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What a process of ours ends with."""

    OK = 0
    FAILED = 1
    """Nothing was found, or some of the items failed."""
    USAGE = 2
    """A wrong argument, no such folder, or no terminal to draw on."""
    INDEX = 3
    """The databases cannot be used: locked, newer than the program, or not ours."""
    INTERRUPTED = 130

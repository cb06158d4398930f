"""What is said of a command line that cannot be read: what is wrong, and what may be meant."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

_PLAIN = (
    (re.compile(r"^argument (\S+): expected one argument$"), r"\1 needs a value"),
    (re.compile(r"^argument (\S+): expected at least one argument$"), r"\1 needs a value"),
    (re.compile(r"^argument (\S+): invalid int value: (.*)$"), r"\1: \2 is no whole number"),
    (re.compile(r"^argument (\S+): ignored explicit argument .*$"), r"\1 takes no value"),
    (re.compile(r"^argument (\S+): not allowed with argument (\S+)$"),
     r"\1 and \2 exclude each other"),
    (re.compile(r"^argument (\S+): "), r"\1: "),
    (re.compile(r"^the following arguments are required: (.*)$"), r"\1 is missing"),
)  # fmt: skip
"""What argparse says, and how people say it."""


def plainly(message: str) -> str:
    """Return a complaint of argparse in plain words."""
    for pattern, words in _PLAIN:
        message, count = pattern.subn(words, message)
        if count:
            break
    return message


def near(word: str, known: Iterable[str]) -> str:
    """Return the known word that `word` may have been meant as, or ""."""
    close = difflib.get_close_matches(word, list(known), 1, 0.6)
    return close[0] if close else ""


def no_option(word: str, known: Iterable[str]) -> str:
    """Return what is said of an option that is not there."""
    close = near(word, known)
    return f"there is no option {word}" + (f"; did you mean {close}?" if close else "")


def no_choice(value: object, choices: Iterable[Any]) -> str:
    """Return what is said of a value that is none of those that may be."""
    known = [str(each) for each in choices]
    word = str(value).strip("\0")  # what marks a word of a query that begins with a dash
    close = near(word, known)
    said = f"{word!r} is none of {', '.join(known)}"
    return said + (f"; did you mean {close}?" if close else "")


def too_many(words: list[str], first: str, commands: Iterable[str]) -> str:
    """Return what is said of words that nothing takes.

    Args:
        words: Those words.
        first: The folder that was named, where no command was; it may be meant as one.
        commands: Names of all commands.
    """
    if first:
        close = near(first, commands)
        hint = f"did you mean {close}?" if close else "only one folder or file can be browsed"
        return f"{first!r} is no command; {hint}"
    return f"{' '.join(map(repr, words))} is one word too many; quote what belongs together"

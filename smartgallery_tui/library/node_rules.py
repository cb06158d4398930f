"""The file in which a user teaches node classes: read and checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from smartgallery_tui.metadata import NO_RULES, RuleProblem, Rules, parse_rules

if TYPE_CHECKING:
    from pathlib import Path

_MAX_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class NodeRules:
    """The rules of a file; none where it is absent."""

    file: Path | None = None
    rules: Rules = NO_RULES
    problems: tuple[str, ...] = ()
    """One line each, with the file and the line in it."""


def load_node_rules(file: Path | None) -> NodeRules:
    """Return the rules of a TOML file and what is wrong with it; what is right still holds."""
    if file is None:
        return NodeRules()
    try:
        with file.open("rb") as stream:
            data = stream.read(_MAX_BYTES + 1)
    except FileNotFoundError:
        return NodeRules(file)
    except OSError as error:
        return NodeRules(file, problems=(f"{file}: cannot be read: {error.strerror}",))
    if len(data) > _MAX_BYTES:
        return NodeRules(file, problems=(f"{file}: is longer than 1 MiB and is not read",))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return NodeRules(file, problems=(f"{file}: is not UTF-8 text",))
    rules, problems = parse_rules(text)
    return NodeRules(file, rules, tuple(_line(file, problem) for problem in problems))


def _line(file: Path, problem: RuleProblem) -> str:
    place = f"{file}:{problem.line}" if problem.line else str(file)
    return f"{place}: {problem.message}"

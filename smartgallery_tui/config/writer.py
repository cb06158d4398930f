"""Writes settings: a commented first file, and single values line by line beside a user's own."""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tomli_w

from smartgallery_tui.config.reader import usable_value
from smartgallery_tui.config.schema import all_settings, find_setting, sections
from smartgallery_tui.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping


def initial_text(values: Mapping[str, Any] | None = None) -> str:
    """Return a settings file that documents every key; only `values` are in force.

    Args:
        values: `section.key` to value; every other key is shown as a comment with its default.
    """
    chosen = dict(values or {})
    lines = ["# Settings of SmartGallery TUI. A line that starts with '#' shows a default."]
    for section in sections():
        lines += ["", f"[{section}]"]
        for setting in all_settings():
            if setting.section != section:
                continue
            lines.append(f"# {setting.help}")
            if setting.name in chosen:
                lines.append(_assignment(setting.key, chosen[setting.name]))
            else:
                lines.append(f"# {_assignment(setting.key, setting.default)}")
        if section == "keys":
            lines += ["# The id of an action (see README.md) and the keys that replace its own.",
                      '# "app.favorite" = "f"']  # fmt: skip
    return "\n".join(lines) + "\n"


def write_initial(path: str | Path, values: Mapping[str, Any] | None = None) -> None:
    """Write a first settings file; never replaces one.

    Raises:
        ConfigError: The file is there already, or cannot be written.
    """
    target = Path(path)
    if target.exists() or target.is_symlink():
        raise ConfigError(f"{target} is there already and stays; move it away to begin anew")
    _write_atomically(target, initial_text(values))


def set_value(path: str | Path, name: str, value: object) -> None:
    """Set one key of a settings file; every other line, comments too, stays as it is.

    Args:
        path: The settings file; made if it is missing.
        name: `section.key`.
        value: bool, int, str or a sequence of texts.

    Raises:
        ConfigError: The key is unknown, the value cannot be used, or the file is written in a
            way that cannot be changed safely (then nothing is written).
    """
    setting = find_setting(name)
    if setting is None:
        raise ConfigError(f"there is no setting {name!r}")
    plain = list(value) if isinstance(value, (tuple, list)) else value
    usable, problem = usable_value(setting, plain)
    if problem:
        raise ConfigError(problem)
    target = Path(path)
    text = _existing_text(target)
    changed = _with_value(text, setting.section, setting.key, plain)
    if not _is_only_change(text, changed, setting.section, setting.key, plain):
        raise ConfigError(f"{target}: set {setting.key} below [{setting.section}] by hand")
    del usable
    _write_atomically(target, changed)


def _existing_text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}") from error


def _assignment(key: str, value: object) -> str:
    plain = list(value) if isinstance(value, tuple) else value
    return tomli_w.dumps({key: plain}).strip().replace("\n    ", " ").replace("\n", "")


def _with_value(text: str, section: str, key: str, value: object) -> str:
    """Return `text` with the key's line replaced, or a line or section added."""
    line = _assignment(key, value)
    lines = text.splitlines(keepends=True)
    start = next((n for n, row in enumerate(lines) if _header(row) == section), None)
    if start is None:
        gap = "\n" if text and not text.endswith("\n\n") else ""
        end = "" if not text or text.endswith("\n") else "\n"
        return f"{text}{end}{gap}[{section}]\n{line}\n"
    stop = next((n for n in range(start + 1, len(lines)) if _header(lines[n])), len(lines))
    for number in range(start + 1, stop):
        if match := re.match(rf"(\s*)[\"']?{re.escape(key)}[\"']?\s*=(.*)$", lines[number]):
            lines[number] = f"{match[1]}{line}{_trailing_comment(match[2])}\n"
            return "".join(lines)
    if not lines[start].endswith("\n"):
        lines[start] += "\n"
    lines.insert(start + 1, line + "\n")
    return "".join(lines)


def _header(line: str) -> str:
    match = re.match(r"\s*\[\s*[\"']?([\w-]+)[\"']?\s*\]", line)
    return match[1] if match else ""


def _trailing_comment(rest: str) -> str:
    """Return the comment behind a value; "" where quotes make it uncertain."""
    before, mark, comment = rest.rpartition("#")
    quotes = before.count('"') + before.count("'")
    return f"  #{comment.rstrip()}" if mark and quotes % 2 == 0 else ""


def _is_only_change(old: str, new: str, section: str, key: str, value: object) -> bool:
    """Tell whether `new` differs from `old` in this one value and in nothing else."""
    try:
        before, after = tomllib.loads(old), tomllib.loads(new)
    except tomllib.TOMLDecodeError:
        return False
    table = before.setdefault(section, {})
    if not isinstance(table, dict):
        return False
    table[key] = value
    return before == after


def _write_atomically(path: Path, text: str) -> None:
    """Write a file whole or not at all, following a symlink (dotfile managers use them)."""
    target = path.resolve()
    temporary = ""
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=target.parent, prefix=".config-")
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            Path(temporary).chmod(target.stat().st_mode & 0o777)
        Path(temporary).replace(target)
    except OSError as error:
        if temporary:
            with contextlib.suppress(OSError):
                Path(temporary).unlink()
        raise ConfigError(f"{path}: cannot be written: {error.strerror}") from error

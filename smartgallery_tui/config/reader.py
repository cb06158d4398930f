"""Reads settings: defaults, then the file, then the environment; reports what it cannot use."""

from __future__ import annotations

import dataclasses
import difflib
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smartgallery_tui.config.schema import (
    KEYS_SECTION,
    RENAMED,
    Setting,
    all_settings,
    find_setting,
    sections,
)
from smartgallery_tui.records import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping

_SHORT_ENV = (("SMARTGALLERY_OUTPUT", "library.output_path"),
              ("SMARTGALLERY_INPUT", "library.input_path"))  # fmt: skip
_TOML_PLACE = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)")
_ENTRY = re.compile(r"""\s*(?:"([^"]*)"|'([^']*)'|([\w.-]+))\s*=""")
_MAX_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class ConfigProblem:
    """Something in the settings that was not used."""

    message: str
    source: str = ""
    """File name or environment variable."""
    line: int | None = None
    """1-based line of the file, where it is known."""
    is_whole: bool = False
    """Nothing of the file could be used."""

    def __str__(self) -> str:
        place = f"{self.source}:{self.line}" if self.line else self.source
        return f"{place}: {self.message}" if place else self.message


def load_settings(path: str | Path, env: Mapping[str, str]) -> tuple[Settings, list[ConfigProblem]]:
    """Return the settings of a file and an environment, and what could not be used in them.

    A missing file is no problem. A value that cannot be used leaves the default in place, so
    that the program always starts.

    Args:
        path: The TOML file.
        env: The environment; `SMARTGALLERY_<SECTION>_<KEY>` wins over the file.
    """
    values: dict[str, Any] = {}
    keys: dict[str, str] = {}
    problems: list[ConfigProblem] = []
    text, tables = _read(Path(path), problems)
    lines = _line_numbers(text)
    for section, table in tables.items():
        for key, value, problem in _section_values(section, table):
            line = lines.get((section, key)) or lines.get((section, ""))
            if problem:
                problems.append(ConfigProblem(problem, str(path), line))
            elif section == KEYS_SECTION:
                keys[key] = value
            else:
                values[f"{section}.{key}"] = value
    _read_env(env, values, problems)
    return _build(values, keys), problems


def usable_value(setting: Setting, value: object) -> tuple[Any, str]:
    """Return `value` as the setting wants it and "", or None and what is wrong with it."""
    wrong = f"{setting.name} must be {setting.accepts()}, not {value!r}"
    if setting.type is tuple:
        if isinstance(value, list) and all(isinstance(part, str) for part in value):
            return tuple(value), ""
        return None, wrong
    if not isinstance(value, setting.type) or (setting.type is int and isinstance(value, bool)):
        return None, wrong
    if setting.choices and value not in setting.choices:
        return None, wrong + _did_you_mean(str(value), setting.choices, is_named=True)
    if setting.minimum is not None and isinstance(value, int):
        low, high = setting.minimum, setting.maximum or value
        if not low <= value <= high or (value - low) % setting.step:
            return None, wrong
    return value, ""


def _read(path: Path, problems: list[ConfigProblem]) -> tuple[str, dict[str, Any]]:
    try:
        with path.open("rb") as file:
            raw = file.read(_MAX_BYTES)
        text = raw.decode("utf-8-sig")
        return text, tomllib.loads(text)
    except FileNotFoundError:
        return "", {}
    except OSError as error:
        what, line = f"cannot be read: {error.strerror}", None
    except UnicodeDecodeError:
        what, line = "is not UTF-8 text", None
    except tomllib.TOMLDecodeError as error:
        match = _TOML_PLACE.search(str(error))
        line = int(match[1]) if match and match[1] else None
        what = f"not TOML: {_TOML_PLACE.sub('', str(error))}"
    except RecursionError:
        what, line = "nested too deeply", None
    problems.append(ConfigProblem(f"{what}; nothing of it is used", str(path), line, is_whole=True))
    return "", {}


def _section_values(section: str, table: object) -> list[tuple[str, Any, str]]:
    """Return (key, usable value, problem) for everything below one top-level key."""
    if section not in sections():
        return [("", None, _unknown_section(section))]
    if not isinstance(table, dict):
        return [("", None, f"[{section}] must be a section")]
    found = []
    for key, value in table.items():
        if section == KEYS_SECTION:
            good = isinstance(value, str)
            found.append((key, value, "" if good else f"keys.{key} must be a text of keys"))
            continue
        setting = find_setting(f"{section}.{key}")
        if setting is None:
            found.append((key, None, _unknown_key(section, key)))
        else:
            found.append((key, *usable_value(setting, value)))
    return found


def _unknown_section(name: str) -> str:
    if name in RENAMED:
        section, _, key = RENAMED[name].partition(".")
        return f"unknown key {name!r}; write {key!r} below [{section}]"
    return f"unknown section or key {name!r}" + _did_you_mean(name, sections())


def _unknown_key(section: str, key: str) -> str:
    if key in RENAMED and RENAMED[key] != f"{section}.{key}":
        home, _, name = RENAMED[key].partition(".")
        return f"unknown key {key!r} in [{section}]; write {name!r} below [{home}]"
    known = [setting.key for setting in all_settings() if setting.section == section]
    return f"unknown key {key!r} in [{section}]" + _did_you_mean(key, known)


def _did_you_mean(word: str, known: tuple[str, ...] | list[str], *, is_named: bool = False) -> str:
    """Return what may be meant, else all that may be, unless that was named already."""
    close = difflib.get_close_matches(word, known, 1, 0.6)
    all_of_them = "" if is_named else f"; known: {', '.join(known)}"
    return f"; did you mean {close[0]!r}?" if close else all_of_them


def _line_numbers(text: str) -> dict[tuple[str, str], int]:
    """Return the 1-based line of each (section, key), and of each header as (section, "")."""
    lines: dict[tuple[str, str], int] = {}
    section = ""
    for number, line in enumerate(text.splitlines(), 1):
        if header := re.match(r"\s*\[\s*[\"']?([\w.-]+)", line):
            section = header[1]
            lines.setdefault((section, ""), number)
        elif entry := _ENTRY.match(line):
            name = entry[1] or entry[2] or entry[3]
            place = (section, name) if section else (name.partition(".")[0], "")
            lines.setdefault(place, number)
    return lines


def _read_env(
    env: Mapping[str, str], values: dict[str, Any], problems: list[ConfigProblem]
) -> None:
    for variable, name in _SHORT_ENV:
        if env.get(variable):
            values[name] = env[variable]
    for setting in all_settings():
        raw = env.get(setting.env_name)
        if raw is None:
            continue
        value, problem = usable_value(setting, _from_text(setting, raw))
        if problem:
            problems.append(ConfigProblem(problem, setting.env_name))
        else:
            values[setting.name] = value


def _from_text(setting: Setting, raw: str) -> object:
    """Return an environment variable's text as TOML would have given it."""
    if setting.type is tuple:
        return [part for part in raw.split(":") if part]
    if setting.type is bool:
        return {"1": True, "true": True, "yes": True, "on": True,
                "0": False, "false": False, "no": False, "off": False, "": False}.get(
                    raw.lower(), raw)  # fmt: skip
    if setting.type is int:
        return int(raw) if re.fullmatch(r"-?\d{1,9}", raw) else raw
    return raw


def _build(values: Mapping[str, Any], keys: Mapping[str, str]) -> Settings:
    settings = Settings(keys=tuple(keys.items()))
    for name in sections():
        changes = {
            key.partition(".")[2]: value
            for key, value in values.items()
            if key.partition(".")[0] == name
        }
        if changes:
            section = dataclasses.replace(getattr(settings, name), **changes)
            settings = dataclasses.replace(settings, **{name: section})
    return settings

"""What a settings file may hold: sections, keys, types and ranges, from the record classes."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import typing
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin

from smartgallery_tui.records import settings as records
from smartgallery_tui.records.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping

KEYS_SECTION = "keys"
"""The one section with free keys: binding ids."""

_RANGES: Mapping[tuple[str, str], tuple[int, int, int]] = MappingProxyType(
    {
        ("view", "thumbnail_size"): (128, 512, 64),
        ("view", "thumbnail_quality"): (1, 100, 1),
        ("cache", "max_size_mb"): (100, 10_000, 1),
        ("scan", "workers"): (0, 64, 1),
        ("safety", "trash_days"): (0, 3650, 1),
        ("safety", "import_max_mb"): (0, 1_000_000, 1),
    }
)

RENAMED: Mapping[str, str] = MappingProxyType(
    {
        "base_output_path": "library.output_path",
        "base_input_path": "library.input_path",
        "max_cache_size_mb": "cache.max_size_mb",
        "ffprobe_manual_path": "tools.ffprobe",
        "max_upload_size_mb": "safety.import_max_mb",
        "thumbnail_quality": "view.thumbnail_quality",
        "thumbnail_size": "view.thumbnail_size",
        "output_path": "library.output_path",
        "input_path": "library.input_path",
        "theme": "view.theme",
        "profile": "keys.profile",
    }
)
"""Keys of older galleries, and keys that belong into a section, with their place here."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One key of the settings file."""

    section: str
    key: str
    type: type
    """bool, int, str or tuple (a list of texts)."""
    default: Any
    choices: tuple[str, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    step: int = 1
    help: str = ""

    @property
    def name(self) -> str:
        """Return `section.key`."""
        return f"{self.section}.{self.key}"

    @property
    def env_name(self) -> str:
        """Return the environment variable that sets it."""
        return f"SMARTGALLERY_{self.section}_{self.key}".upper()

    def accepts(self) -> str:
        """Return what a value may be, in words."""
        if self.choices:
            return f"one of {', '.join(self.choices)}"
        if self.minimum is not None:
            stepped = f" in steps of {self.step}" if self.step > 1 else ""
            return f"a whole number from {self.minimum} to {self.maximum}{stepped}"
        return {bool: "true or false", int: "a whole number", str: "a text"}.get(
            self.type, "a list of texts"
        )


@cache
def all_settings() -> tuple[Setting, ...]:
    """Return every setting in the order of the record classes."""
    found: list[Setting] = []
    defaults = Settings()
    for section in dataclasses.fields(Settings):
        values = getattr(defaults, section.name)
        if section.name == KEYS_SECTION:
            continue
        hints = typing.get_type_hints(type(values))
        texts = _field_texts(type(values).__name__)
        found += [
            _setting(section.name, field.name, hints[field.name], values, texts[field.name])
            for field in dataclasses.fields(values)
        ]
    return tuple(found)


def find_setting(name: str) -> Setting | None:
    """Return the setting called `section.key`, None if there is none."""
    return next((setting for setting in all_settings() if setting.name == name), None)


def sections() -> tuple[str, ...]:
    """Return the names of all sections."""
    return tuple(section.name for section in dataclasses.fields(Settings))


def _setting(section: str, key: str, hint: object, values: object, text: str) -> Setting:
    default = getattr(values, key)
    low, high, step = _RANGES.get((section, key), (None, None, 1))
    return Setting(
        section=section,
        key=key,
        type=type(default),
        default=default,
        choices=get_args(hint) if get_origin(hint) is Literal else (),
        minimum=low,
        maximum=high,
        step=step,
        help=text,
    )


@cache
def _field_texts(class_name: str) -> Mapping[str, str]:
    """Return the text below each field of a record class: they live in the source only."""
    tree = ast.parse(inspect.getsource(records))
    body = next(
        node.body
        for node in tree.body
        if isinstance(node, ast.ClassDef) and node.name == class_name
    )
    texts: dict[str, str] = {}
    for field, after in zip(body, [*body[1:], ast.Pass()], strict=True):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
            texts[field.target.id] = _text_of(after)
    return MappingProxyType(texts)


def _text_of(node: ast.stmt) -> str:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return " ".join(str(node.value.value).split())
    return ""

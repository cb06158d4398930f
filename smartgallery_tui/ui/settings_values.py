"""Settings by their names in the file: read one, or replace some."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from smartgallery_tui.records import Settings


def value_of(settings: Settings, key: str) -> Any:
    """Return a setting by section and name, as in `view.theme`."""
    section, _, name = key.partition(".")
    return getattr(getattr(settings, section), name)


def with_values(settings: Settings, values: Mapping[str, object]) -> Settings:
    """Return settings with some of them replaced; names that are unknown here are left out."""
    for key, value in values.items():
        section, _, name = key.partition(".")
        part = getattr(settings, section, None)
        if section == "keys":
            settings = replace(settings, keys=_keys(settings.keys, name, value))
        elif part is not None and name in {each.name for each in fields(part)}:
            settings = replace(settings, **{section: replace(part, **{name: value})})
    return settings


def _keys(
    keys: tuple[tuple[str, str], ...], name: str, value: object
) -> tuple[tuple[str, str], ...]:
    kept = tuple(pair for pair in keys if pair[0] != name)
    return (*kept, (name, str(value))) if value is not None else kept

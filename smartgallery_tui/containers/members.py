"""Cuts a JSON object into its members without changing a byte of their text."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_BLANK = re.compile(r"[ \t\n\r]*")
_scan = json.JSONDecoder().raw_decode


def members(text: str) -> Iterator[tuple[str, str]]:
    """Yield key and raw text of each member of a JSON object, up to the first damage.

    Numbers like NaN are let through: ComfyUI writes them.
    """
    at = _BLANK.match(text, 1 if text[:1] == "\ufeff" else 0).end()  # type: ignore[union-attr]
    if text[at : at + 1] != "{":
        return
    at += 1
    try:
        while True:
            at = _skip(text, at)
            key, at = _scan(text, at)
            at = _skip(text, at)
            if not isinstance(key, str) or text[at : at + 1] != ":":
                return
            start = _skip(text, at + 1)
            _, at = _scan(text, start)
            yield key, text[start:at]
            at = _skip(text, at)
            if text[at : at + 1] != ",":
                return
            at += 1
    except (ValueError, RecursionError):
        return


def member_texts(text: str, keys: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield the named members: a JSON string decoded, anything else as its raw text."""
    for key, raw in members(text):
        if key in keys:
            yield key, json.loads(raw) if raw[:1] == '"' else raw


def member(text: str, key: str) -> str:
    """Return the raw text of one member of a JSON object; "" where there is none."""
    return next((raw for name, raw in members(text) if name == key), "")


def _skip(text: str, at: int) -> int:
    match = _BLANK.match(text, at)
    return match.end() if match else at

"""From text to JSON values, forgiving what real writers do."""

from __future__ import annotations

import json
from typing import Any

import orjson

MAX_TEXT_CHARS = 64 << 20
"""A longer text is not read as JSON."""

_UNWRAPS = 3


class UnreadableJsonError(ValueError):
    """A text is not JSON, or too deep or large to be read."""


def load_json(text: str) -> Any:
    """Return the value that a text holds.

    Accepts NaN and Infinity, a byte-order mark, trailing NULs and lone surrogates, and JSON
    that was encoded again as a JSON string (up to three times).

    Raises:
        UnreadableJsonError: If the text cannot be read; the message is one line.
    """
    value = _load_once(text)
    for _ in range(_UNWRAPS):
        if not (isinstance(value, str) and value.lstrip()[:1] in ("{", "[", '"')):
            break
        value = _load_once(value)
    return value


def load_plain_object(text: str) -> dict[str, Any] | None:
    """Return the object that a text holds if it is JSON to the letter, with no NUL inside."""
    try:
        value = orjson.loads(text)
    except ValueError:
        return None
    return value if isinstance(value, dict) and "\\u0000" not in text else None


def load_object(text: str | None) -> dict[str, Any] | None:
    """Return the JSON object that a text holds, or None if it holds anything else."""
    if not text or text.lstrip("\ufeff \t\r\n")[:1] not in ("{", '"'):
        return None
    try:
        value = load_json(text)
    except UnreadableJsonError:
        return None
    return value if isinstance(value, dict) else None


def _load_once(text: str) -> Any:
    try:
        return orjson.loads(text)
    except ValueError:
        return _load_leniently(text)


def _load_leniently(text: str) -> Any:
    if len(text) > MAX_TEXT_CHARS:
        raise UnreadableJsonError(f"{len(text):,} characters of JSON are more than are read")
    try:
        return json.loads(text.strip("\ufeff\x00 \t\r\n"))
    except RecursionError:
        raise UnreadableJsonError("the JSON is nested too deeply") from None
    except ValueError as error:
        raise UnreadableJsonError(f"not JSON: {str(error)[:120]}") from None

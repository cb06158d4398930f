"""How one stored value is compared: shared by SQL, bitmaps and the match on a record."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from smartgallery_tui.index.search_text import search_words
from smartgallery_tui.query.fields import FIELDS, glob_pattern, plain_form
from smartgallery_tui.records.names import name_form, normalise_name

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from smartgallery_tui.query.ast import NameMode, Range

_BOUNDARY = re.compile(r"[a-z]+|\d+|[^\W\d_a-z]+")
REGEX_TEXT_LIMIT = 20_000
"""Characters of one text that a regular expression looks at."""


def words_in(text: str, words: Sequence[str], is_prefix: bool) -> bool:
    """Return whether `words` stand next to each other in `text`."""
    found = search_words(text)
    count = len(words)
    whole, last = list(words[:-1]), words[-1]
    for start in range(len(found) - count + 1):
        end = start + count - 1
        if found[start:end] == whole and (
            found[end] == last or (is_prefix and found[end].startswith(last))
        ):
            return True
    return False


@lru_cache(maxsize=65536)
def name_starts(name: str) -> str:
    r"""Return the squeezed form of a name at each place where a part of it begins.

    `SDXL\Juggernaut_v9.safetensors` gives `\njuggernautv9\nv9\n9\n`: a bare word finds a model
    by the beginning of any of its parts, whatever the separators.
    """
    form = name_form(name)
    spaced = normalise_name(name)
    offsets = {0}
    for match in _BOUNDARY.finditer(spaced):
        offsets.add(match.start() - spaced.count(" ", 0, match.start()))
    return "\n" + "\n".join(form[offset:] for offset in sorted(offsets)) + "\n"


def begins_part(name: str, words: Sequence[str]) -> bool:
    """Return whether a part of a model or LoRA name begins with the words, run together."""
    return "\n" + "".join(words) in name_starts(name)


def in_range(node: Range, number: float) -> bool:
    """Return whether a number lies in the range."""
    if node.low is not None and (number < node.low or (node.is_low_open and number == node.low)):
        return False
    return node.high is None or not (
        number > node.high or (node.is_high_open and number == node.high)
    )


@lru_cache(maxsize=256)
def comparison(field: str, value: str, mode: NameMode) -> Callable[[str], bool]:
    """Return the test of one stored text of `field`."""
    if field == "folder":
        return _folder_comparison(value, mode)
    form = name_form if FIELDS[field].sort == "name" else plain_form
    if mode == "glob":
        pattern = glob_pattern(form, value)
        return lambda stored: pattern.fullmatch(form(stored)) is not None
    wanted = form(value)
    if mode == "exact":
        return lambda stored: form(stored) == wanted
    if mode == "prefix":
        return lambda stored: form(stored).startswith(wanted)
    if field == "album":
        return lambda stored: f"{form(stored)}/".startswith(f"{wanted}/")
    return lambda stored: wanted in form(stored)


@lru_cache(maxsize=64)
def regex(pattern: str) -> re.Pattern[str]:
    """Return the compiled form of a regular expression; it ignores case."""
    return re.compile(pattern, re.IGNORECASE)


def _folder_comparison(value: str, mode: NameMode) -> Callable[[str], bool]:
    wanted = plain_form(value).rstrip("/")
    is_absolute = wanted.startswith("/") or not wanted
    inner = wanted if is_absolute else f"/{wanted}"
    if mode == "exact":
        if is_absolute:
            return lambda stored: plain_form(stored).rstrip("/") == inner
        return lambda stored: plain_form(stored).rstrip("/").endswith(inner)
    if mode == "glob":
        pattern = glob_pattern(plain_form, inner if is_absolute else f"*{inner}")
        return lambda stored: _glob_above(pattern, plain_form(stored).rstrip("/"))
    if mode == "prefix":
        if is_absolute:
            return lambda stored: plain_form(stored).startswith(inner)
        return lambda stored: inner in plain_form(stored)
    if is_absolute:
        return lambda stored: f"{plain_form(stored).rstrip('/')}/".startswith(f"{inner}/")
    return lambda stored: f"{inner}/" in f"{plain_form(stored).rstrip('/')}/"


def _glob_above(pattern: re.Pattern[str], folder: str) -> bool:
    """Return whether the folder, or one that holds it, matches."""
    while folder:
        if pattern.fullmatch(folder):
            return True
        folder = folder.rpartition("/")[0]
    return False

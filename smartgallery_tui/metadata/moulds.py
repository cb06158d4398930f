"""The text of a graph around its blanks: values are cut out of a like text without decoding it.

Files of one workflow hold texts that differ at the blanks only (see `blanks`). What stands between
the blanks is a mould; what fits it is the graph of that mould with other values.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import orjson

from smartgallery_tui.metadata.blanks import Blanked

if TYPE_CHECKING:
    from collections.abc import Mapping

_END_CHARS: Final = 24
_MOST_ALIKE: Final = 8
_GAP: Final = "\0"
_GAP_TEXT: Final = '"\\u0000"'


class Mould:
    """What stands around the blanks of a graph, as ComfyUI writes it.

    Args:
        prompt: The graph; as it was afterwards.
        blanked: Its blanks, with their values put back.
    """

    __slots__ = ("_first", "_holes", "_key", "_kinds", "_rest")

    def __init__(self, prompt: Mapping[str, Any], blanked: Blanked) -> None:
        blanked.put(_GAP)
        self._first, *self._rest = json.dumps(prompt).split(_GAP_TEXT)
        blanked.restore()
        self._key = blanked.key
        self._kinds = blanked.kinds
        self._holes = blanked.holes

    def values_of(self, text: str) -> Blanked | None:
        """Return the blanks of a graph in JSON; None if it differs in anything but them.

        Each piece that is cut out must be one number or string: then the text around it can have
        no other meaning. A line break between the pieces shows strings that were cut in two,
        because JSON has none inside a string.
        """
        if not text.startswith(self._first) or "\\u0000" in text:
            return None
        cut: list[str] = []
        start = len(self._first)
        for piece in self._rest:
            end = text.find(piece, start)
            if end < 0:
                return None
            cut.append(text[start:end])
            start = end + len(piece)
        if start != len(text):
            return None
        try:
            found = orjson.loads("[" + ",\n".join(cut) + "]")
        except ValueError:
            return None
        return self._blanked(found) if len(found) == len(cut) else None

    def _blanked(self, found: list[Any]) -> Blanked | None:
        """Return values as blanks; None unless each of them would have been blanked here."""
        made = Blanked()
        made.key = self._key
        made.kinds = self._kinds
        values = made.values
        for value, (kind, place, loads_tags) in zip(found, self._holes, strict=True):
            if not kind.accepts(value) or (loads_tags and "<" in value):
                return None
            at = new = len(values)
            if kind.is_compared:
                at = made.compared.setdefault(value, new)
            if at != place:
                return None
            if at == new:
                values.append(float(value) if kind.is_float else value)
        return made


class Moulds:
    """The moulds of a reader, the last used of those alike first."""

    def __init__(self) -> None:
        self._known: dict[str, list[Mould]] = {}
        self._keys: set[bytes] = set()

    def add(self, prompt: Mapping[str, Any], text: str, blanked: Blanked) -> None:
        """Remember a graph by its text, if that is written as ComfyUI does.

        Args:
            prompt: The graph.
            text: As it lay in the file.
            blanked: Its blanks, with their values put back.
        """
        if blanked.key in self._keys:
            return
        self._keys.add(blanked.key)
        mould = Mould(prompt, blanked)
        found = mould.values_of(text)
        if found is not None and found.values == blanked.values:
            alike = self._known.setdefault(text[-_END_CHARS:], [])
            alike.insert(0, mould)
            del alike[_MOST_ALIKE:]

    def blanked(self, text: str) -> Blanked | None:
        """Return what `blank` makes of the graph in a text; None if that fits no mould."""
        alike = self._known.get(text[-_END_CHARS:], [])
        for at, mould in enumerate(alike):
            found = mould.values_of(text)
            if found is not None:
                if at:
                    alike.insert(0, alike.pop(at))
                return found
        return None

    def clear(self) -> None:
        """Forget all."""
        self._known.clear()
        self._keys.clear()

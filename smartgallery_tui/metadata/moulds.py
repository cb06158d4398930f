"""The text of a graph around its blanks: values are cut out of a like text without decoding it.

Files of one workflow hold texts that differ at the blanks only (see `blanks`). What stands between
the blanks is a mould; what fits it is the graph of that mould with other values.
"""

from __future__ import annotations

import json
from operator import call
from typing import TYPE_CHECKING, Any, Final

import orjson

from smartgallery_tui.metadata.blanks import Blanked

if TYPE_CHECKING:
    from collections.abc import Mapping

_END_BYTES: Final = 24
_MOST_ALIKE: Final = 8
_GAP: Final = "\0"
_GAP_TEXT: Final = b'"\\u0000"'
_NUL: Final = b"\\u0000"


class Mould:
    """What stands around the blanks of a graph, as ComfyUI writes it.

    Args:
        prompt: The graph; as it was afterwards.
        blanked: Its blanks, with their values put back.
    """

    __slots__ = (
        "_accepts", "_compared", "_compared_places", "_first", "_floats", "_key", "_kinds",
        "_last", "_new", "_rest", "_shared", "_tagged",
    )  # fmt: skip

    def __init__(self, prompt: Mapping[str, Any], blanked: Blanked) -> None:
        blanked.put(_GAP)
        pieces = json.dumps(prompt).encode().split(_GAP_TEXT)
        self._first, self._last = pieces[0], pieces[-1]
        self._rest = [(piece, len(piece)) for piece in pieces[1:]]
        blanked.restore()
        self._key = blanked.key
        self._kinds = blanked.kinds
        holes = list(enumerate(blanked.holes))
        self._accepts = [hole.kind.accepts for _, hole in holes]
        self._floats = [at for at, hole in holes if hole.kind.is_float]
        self._tagged = [at for at, hole in holes if hole.loads_tags]
        self._compared = [at for at, hole in holes if hole.kind.is_compared]
        self._compared_places = [hole.place for _, hole in holes if hole.kind.is_compared]
        first = {hole.place: at for at, hole in reversed(holes)}
        self._new = sorted(first.values())
        self._shared = [(at, first[hole.place]) for at, hole in holes if at != first[hole.place]]

    def values_of(self, text: bytes) -> Blanked | None:
        """Return the blanks of a graph in JSON; None if it differs in anything but them.

        Each piece that is cut out must be one number or string: then the text around it can have
        no other meaning. A line break between the pieces shows strings that were cut in two,
        because JSON has none inside a string.
        """
        if not (text.startswith(self._first) and text.endswith(self._last)):
            return None
        cut: list[bytes] = []
        start = len(self._first)
        find = text.find
        for piece, size in self._rest:
            end = find(piece, start)
            if end < 0:
                return None
            cut.append(text[start:end])
            start = end + size
        if start != len(text):
            return None
        values = b",\n".join(cut)
        if _NUL in values:
            return None
        try:
            found = orjson.loads(b"[%b]" % values)
        except ValueError:
            return None
        return self._blanked(found) if len(found) == len(cut) else None

    def _blanked(self, found: list[Any]) -> Blanked | None:
        """Return values as blanks; None unless each of them would have been blanked here."""
        if not all(map(call, self._accepts, found)):
            return None
        for at in self._tagged:
            if "<" in found[at]:
                return None
        for at, other in self._shared:
            if found[at] != found[other]:
                return None
        compared = dict(
            zip([found[at] for at in self._compared], self._compared_places, strict=True)
        )
        if len(compared) != len(self._compared) - len(self._shared):
            return None
        for at in self._floats:
            found[at] = float(found[at])
        values = [found[at] for at in self._new] if self._shared else found
        return Blanked(self._key, self._kinds, values, compared)


class Moulds:
    """The moulds of a reader, the last used of those alike first."""

    def __init__(self) -> None:
        self._known: dict[bytes, list[Mould]] = {}
        self._keys: set[bytes] = set()

    def add(self, prompt: Mapping[str, Any], text: bytes, blanked: Blanked) -> None:
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
            alike = self._known.setdefault(text[-_END_BYTES:], [])
            alike.insert(0, mould)
            del alike[_MOST_ALIKE:]

    def blanked(self, text: bytes) -> Blanked | None:
        """Return what `blank` makes of the graph in a text; None if that fits no mould."""
        alike = self._known.get(text[-_END_BYTES:], [])
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

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
from smartgallery_tui.metadata.picking import picker

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from smartgallery_tui.metadata.blanks import Hole, Kind

_END_BYTES: Final = 24
_MOST_ALIKE: Final = 8
_MOST_TEXTS: Final = 1000
_LONG_BYTES: Final = 1000
_NEAR_BYTES: Final = 300
_GAP: Final = "\0"
_GAP_TEXT: Final = b'"\\u0000"'
_BACKSLASH: Final = b"\\"
_NUL: Final = b"\\u0000"
_ESCAPE: Final = b"\\u00"
"""What begins letters of ASCII, and others, that are written by number."""


class Run(dict[bytes, tuple[Any, ...] | None]):
    """Blanks of which many files have the same values: these are known by their text.

    Two of them side by side are a run, or one alone. The texts met last are kept, but for long
    ones; `run[text]` is None for one that does not fit.

    Args:
        kinds: Of the blanks.
        gaps: What stands between them.
    """

    __slots__ = ("_gaps", "_kinds")

    def __init__(self, kinds: tuple[Kind, ...], gaps: tuple[bytes, ...]) -> None:
        super().__init__()
        self._kinds = kinds
        self._gaps = gaps

    def __missing__(self, text: bytes) -> tuple[Any, ...] | None:
        cut: list[bytes] = []
        rest = text
        for gap in self._gaps:
            value, _, rest = rest.partition(gap)
            cut.append(value)
        cut.append(rest)
        found = _decoded(b",\n".join(cut), len(cut))
        if found is None or not all(map(call, [kind.accepts for kind in self._kinds], found)):
            return None
        made = tuple(
            [
                float(value) if kind.is_float else value
                for value, kind in zip(found, self._kinds, strict=True)
            ]
        )
        if len(text) < _LONG_BYTES:
            if len(self) >= _MOST_TEXTS:
                self.clear()
            self[text] = made
        return made


Runs = dict[tuple[tuple["Kind", ...], tuple[bytes, ...]], Run]
"""Runs by the kinds of their blanks and what stands between: many graphs have the same."""


class Mould:
    """What stands around the blanks of a graph, as ComfyUI writes it.

    Args:
        prompt: The graph; as it was afterwards.
        blanked: Its blanks, with their values put back.
        runs: Those of other moulds, which are used again; new ones are added.
    """

    __slots__ = (
        "_accepts", "_compared", "_compared_count", "_first", "_key", "_kinds", "_last", "_pieces",
        "_shared", "_tagged", "_values",
    )  # fmt: skip

    def __init__(self, prompt: Mapping[str, Any], blanked: Blanked, runs: Runs) -> None:
        blanked.put(_GAP)
        self._first, *pieces = json.dumps(prompt).encode().split(_GAP_TEXT)
        self._last = pieces[-1] if pieces else b""
        blanked.restore()
        self._key = blanked.key
        self._kinds = blanked.kinds
        holes = blanked.holes
        self._pieces: list[tuple[bytes, Run | None]] = []
        steady: list[int] = []
        varied: list[int] = []
        for some in _side_by_side(holes, pieces):
            run = _run([holes[at].kind for at in some], pieces[some[0] : some[-1]], runs)
            self._pieces.append((pieces[some[-1]], run))
            (varied if run is None else steady).extend(some)
        self._accepts = [holes[at].kind.accepts for at in varied]
        self._take_order([holes[at] for at in (*steady, *varied)])

    def _take_order(self, holes: Sequence[Hole]) -> None:
        """Remember where values are found: those of runs stand before all others."""
        first = {hole.place: at for at, hole in reversed(list(enumerate(holes)))}
        self._values = picker([first[place] for place in sorted(first)])
        self._tagged = [at for at, hole in enumerate(holes) if hole.loads_tags]
        self._shared = [
            (at, first[hole.place]) for at, hole in enumerate(holes) if at != first[hole.place]
        ]
        compared = [at for at in first.values() if holes[at].kind.is_compared]
        self._compared = picker(compared)
        self._compared_count = len(compared)

    def values_of(self, text: bytes) -> Blanked | None:
        """Return the blanks of a graph in JSON; None if it differs in anything but them.

        Each piece that is cut out must be one number or string: then the text around it can have
        no other meaning.
        """
        if not (text.startswith(self._first) and text.endswith(self._last)):
            return None
        found: list[Any] = []
        varied: list[bytes] = []
        gap, rest = self._first, text[len(self._first) :]
        for piece, run in self._pieces:
            cut, gap, rest = rest.partition(piece)
            if run is None:
                varied.append(cut)
            else:
                values = run[cut]
                if values is None:
                    return None
                found += values
        if rest or not gap:
            return None
        texts = b",\n".join(varied)
        more = _decoded(texts, len(varied))
        if more is None or not all(map(call, self._accepts, more)):
            return None
        found += more
        return self._blanked(found, _may_name(texts))

    def _blanked(self, found: list[Any], may_name: bool) -> Blanked | None:
        """Return values as blanks; None unless the same ones would have been blanked here."""
        for at in self._tagged:
            if "<" in found[at]:
                return None
        for at, other in self._shared:
            if found[at] != found[other]:
                return None
        compared = set(self._compared(found))
        if len(compared) != self._compared_count:
            return None
        return Blanked(self._key, self._kinds, [*self._values(found)], compared, may_name)


def _decoded(values: bytes, count: int) -> list[Any] | None:
    """Return the values that so many pieces of JSON are; None unless each of them is one.

    A line break between the pieces shows strings that were cut in two, because JSON has none
    inside a string.
    """
    if _BACKSLASH in values and _NUL in values:
        return None
    try:
        found: list[Any] = orjson.loads(b"[%b]" % values)
    except ValueError:
        return None
    return found if len(found) == count else None


def _may_name(texts: bytes) -> bool:
    """Tell whether LoRAs or embeddings may be named in texts in JSON."""
    return (
        b"<lora:" in texts or b"embedding:" in texts or (_BACKSLASH in texts and _ESCAPE in texts)
    )


def _side_by_side(holes: Sequence[Hole], pieces: Sequence[bytes]) -> Iterator[list[int]]:
    """Yield the places of blanks that are cut out together: two at most.

    More of them have more different values together than files of one graph have in common.
    """
    some: list[int] = []
    for at, hole in enumerate(holes):
        if some and not (
            len(some) == 1
            and not hole.kind.varies
            and not holes[some[0]].kind.varies
            and len(pieces[at - 1]) < _NEAR_BYTES
        ):
            yield some
            some = []
        some.append(at)
    if some:
        yield some


def _run(kinds: Iterable[Kind], gaps: Iterable[bytes], runs: Runs) -> Run | None:
    """Return the run of some blanks; None where their values are hardly met twice."""
    key = tuple(kinds), tuple(gaps)
    if key[0][0].varies:
        return None
    if key not in runs:
        runs[key] = Run(*key)
    return runs[key]


class Moulds:
    """The moulds of a reader, the last used of those alike first."""

    def __init__(self) -> None:
        self._known: dict[bytes, list[Mould]] = {}
        self._keys: set[bytes] = set()
        self._runs: Runs = {}

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
        mould = Mould(prompt, blanked, self._runs)
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
        self._runs.clear()

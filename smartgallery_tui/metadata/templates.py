"""Make an answer for one graph into answers for all graphs that differ from it in blanks only.

A graph is traced with marks in its blanks (see `blanks`). Wherever a mark comes out, the value of
a blank belongs; all else is the same for every such graph. A mark that comes out where its kind
has no business makes the graph unfit, and each of its like is traced by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any, Final

from smartgallery_tui.metadata.blanks import (
    AMOUNT,
    PICTURE,
    SEED,
    SIDE,
    STEPS,
    STRENGTH,
    TEXT,
    TEXT_MARK,
    WEIGHTS,
    WORD,
    Blanked,
    Kind,
)
from smartgallery_tui.metadata.findings import Findings
from smartgallery_tui.metadata.names import has_written_names, names_in, written_names
from smartgallery_tui.records.generation import (
    Headline,
    LoraUse,
    NameUse,
    SamplingPass,
)

Make = Callable[[list[Any]], Any]
Step = tuple[Make, list[Any], tuple[tuple[int, int], ...]]
"""What makes a value, the row it is made of, and which parts of the row are earlier values."""

_KINDS_OF: Mapping[str, tuple[Kind, ...]] = {
    # field of a record: the kinds of blanks that may come out there
    "seed": (SEED,),
    "steps": (STEPS,),
    "cfg": (AMOUNT,),
    "guidance": (AMOUNT,),
    "denoise": (AMOUNT,),
    "width": (SIDE,),
    "height": (SIDE,),
    "sampler": (WORD,),
    "scheduler": (WORD,),
    "model": (WEIGHTS,),
    "models": (WEIGHTS,),
    "name": (WEIGHTS, PICTURE),
    "strength_model": (STRENGTH,),
    "strength_clip": (STRENGTH,),
    "positive": (TEXT,),
    "negative": (TEXT,),
}
_COMPARED = frozenset({
    "model", "models", "name", "strength_model", "strength_clip", "positive", "negative",
})  # fmt: skip
"""Fields of which the tracer keeps each value once."""
_WRITTEN_ROLES = frozenset({"lora", "embedding"})
"""Roles of names that stand in texts."""
_FIELDS: Mapping[type, tuple[str, ...]] = {
    record: tuple(one.name for one in fields(record))
    for record in (Headline, LoraUse, NameUse, SamplingPass)
}


class UnfitError(ValueError):
    """A mark came out where a value of its kind has no business."""


class Template:
    """The answer for all graphs of one key.

    It is a list of steps: each makes one more value out of those before it, the first of which
    are the values of the blanks. The last ones are parts of the answer.

    Args:
        found: What the graph with marks says.
        blanked: Its blanks.

    Raises:
        UnfitError: If there can be no template.
    """

    __slots__ = (
        "_constants", "_count", "_joining", "_made", "_mentions", "_naming", "_places", "_rivals",
        "_slots", "_steps", "_summing", "_text_places", "count", "found",
    )  # fmt: skip

    def __init__(self, found: Findings, blanked: Blanked) -> None:
        self.found: Final = found
        """The answer for the graph with marks."""
        self._slots = blanked.slots
        self._count = len(blanked.values)
        self._steps: list[Step] = []
        self._places: dict[Hashable, int] = {}
        self._constants: set[Any] = set()
        for one in (found.headline, *found.passes):
            for text in (*one.positive, *one.negative) if one is not None else ():
                self.place(text, "positive")
        self._joining = self._take_steps()
        self.count: Final = self._count
        """How many values `completed` returns."""
        names = self._place(found.names, "")
        mentions = [self._mention(what, is_sure) for what, is_sure in found.mentions]
        self._mentions = [one for one in mentions if one is not None]
        self._text_places = self._used_texts()
        self._rivals = {
            (use.role, use.name): self.place(use.name, "name")
            for use in found.names
            if use.role in _WRITTEN_ROLES
        }
        self._naming = self._take_steps()
        self._made = [*(self._place(value, "") for value in found[:2]), names]
        self._summing = self._take_steps()

    def _take_steps(self) -> list[Step]:
        """Return the steps that were added since this was last asked."""
        steps, self._steps = self._steps, []
        self._count += len(steps)
        return steps

    def filled(self, blanked: Blanked) -> Findings | None:
        """Return the answer for a graph with other values in its blanks; None as `completed`."""
        values = self.completed(blanked)
        if values is None:
            return None
        written = self.written_names(values)
        _run(self._naming, values)
        _run(self._summing, values)
        found = self.found
        at_headline, at_passes, at_names = self._made
        return Findings(
            found.headline if at_headline is None else values[at_headline],
            found.passes if at_passes is None else values[at_passes],
            written or (found.names if at_names is None else values[at_names]),
            (),
            found.warnings,
        )

    def completed(self, blanked: Blanked) -> list[Any] | None:
        """Return the values of a graph's blanks, and behind them the texts joined of some.

        None where a value is equal to one that stands in the graph elsewhere: the tracer drops
        repetitions, and there was none when the template was made.
        """
        if not self._constants.isdisjoint(blanked.compared):
            return None
        values = blanked.values.copy()
        if self._joining:
            _run(self._joining, values)
            texts = set(values[len(blanked.values) :])
            if len(texts) < len(self._joining) or not texts.isdisjoint(blanked.compared):
                return None
            if not self._constants.isdisjoint(texts):
                return None
        return values

    def written_names(self, completed: list[Any]) -> tuple[NameUse, ...]:
        """Return all names where texts name some, or nothing; takes what `completed` returned."""
        if not self._texts_with_names(completed):
            return ()
        values = completed.copy()
        _run(self._naming, values)
        return names_in(
            [(v if p is None else values[p], is_sure) for v, p, is_sure in self._mentions]
        )

    def more_names(self, completed: list[Any]) -> tuple[NameUse, ...] | None:
        """Return the names that texts add to those of the graph, each once.

        None where the graph itself has one of them: then `written_names` knows which one counts.
        """
        texts = self._texts_with_names(completed)
        if not texts:
            return ()
        found: dict[tuple[str, str], NameUse] = {}
        for text in texts:
            for use in written_names(text):
                found.setdefault((use.role, use.name), use)
        for (role, name), at in self._rivals.items():
            if (role, name if at is None else completed[at]) in found:
                return None
        return tuple(found.values())

    def _texts_with_names(self, completed: list[Any]) -> list[str]:
        return [completed[at] for at in self._text_places if has_written_names(completed[at])]

    def place(self, value: Any, field: str) -> int | None:
        """Return the place in what `completed` returns of the value of a field of a record.

        Args:
            value: As it stands in `found`.
            field: Name of the field.

        Returns:
            None for a value that is always the same.

        Raises:
            UnfitError: If a mark came out where it has no business.
        """
        kind, place = self._slots.get(value, (None, None))
        if kind is not None and kind in _KINDS_OF.get(field, ()):
            return place
        if isinstance(value, str) and "\0" in value:
            return self._joined_place(value, field)
        if field in _COMPARED and value is not None:
            self._constants.add(value)
        return None

    def _mention(self, what: NameUse | str, is_sure: bool) -> tuple[Any, int | None, bool] | None:
        if not isinstance(what, str):
            return what, self._place(what, ""), is_sure
        if "\0" not in what:
            return (what, None, is_sure) if has_written_names(what) else None
        kind, place = self._slots[what]
        return (what, place, is_sure) if kind is TEXT else None

    def _used_texts(self) -> list[int]:
        """Return the places of texts that the graph uses: names in others do not count."""
        found = [at for what, at, _ in self._mentions if isinstance(what, str) and at is not None]
        return list(dict.fromkeys(found))

    def _place(self, value: Any, field: str) -> int | None:
        """Return the place of the step that makes a part; None where it is always the same."""
        if value is None:
            return None
        if isinstance(value, tuple):
            return self._row_place(tuple, value, [field] * len(value))
        names = _FIELDS.get(type(value))
        if names is not None:
            row = [getattr(value, name) for name in names]
            return self._row_place(_MAKERS[type(value)], row, names)
        return self.place(value, field)

    def _row_place(self, make: Make, row: Sequence[Any], fields: Iterable[str]) -> int | None:
        places = [self._place(value, field) for value, field in zip(row, fields, strict=True)]
        return self._step(make, row, places)

    def _joined_place(self, text: str, field: str) -> int | None:
        """Return the place of the step that joins a text of blanks and what stands between."""
        if field not in ("positive", "negative"):
            raise UnfitError(field)
        pieces = [piece for piece in TEXT_MARK.split(text) if piece]
        for piece in pieces:
            if "\0" in piece and self._slots.get(piece, (None, 0))[0] is not TEXT:
                raise UnfitError(field)
        places = [self._slots[piece][1] if "\0" in piece else None for piece in pieces]
        return self._step("".join, pieces, places)

    def _step(self, make: Make, row: Sequence[Any], places: Sequence[int | None]) -> int | None:
        holes = tuple((at, place) for at, place in enumerate(places) if place is not None)
        if not holes:
            return None
        key = (make, tuple(row))
        if key not in self._places:
            self._places[key] = self._count + len(self._steps)
            self._steps.append((make, list(row), holes))
        return self._places[key]


def _run(steps: Iterable[Step], values: list[Any]) -> None:
    """Add a value for each step."""
    for make, row, holes in steps:
        made = row.copy()
        for at, place in holes:
            made[at] = values[place]
        values.append(make(made))


def _maker(record: type) -> Make:
    return lambda row: record(*row)


_MAKERS: Mapping[type, Make] = {record: _maker(record) for record in _FIELDS}

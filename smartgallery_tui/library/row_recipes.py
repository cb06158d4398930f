"""Rows of files whose graphs are known but for their values.

Nearly all files of a library come from a few graphs. What their rows have in common is said once,
in a recipe; of each file only the values that differ travel from the process that reads it to the
one that writes rows (`Brief`).
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from smartgallery_tui.index.ready import USUAL, bound, bound_each, ready, varying
from smartgallery_tui.library.read_rows import (
    PREVIEW_CHARS,
    Texts,
    extra_text,
    names_of,
    seed_text,
)
from smartgallery_tui.metadata import UnfitError
from smartgallery_tui.metadata.picking import picker
from smartgallery_tui.records.text_digest import text_digest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from smartgallery_tui.index.ready import ReadyRow
    from smartgallery_tui.index.rows import ReadName, ReadPrompt, ReadRow
    from smartgallery_tui.library.tasks import Task
    from smartgallery_tui.metadata import Blanked, Template
    from smartgallery_tui.records import Headline, SamplingPass

Brief = tuple[int, int, bool, tuple[int, int, bool], tuple[Any, ...], "tuple[ReadName, ...]"]
"""A file: number of its recipe; file id, whether it is new and its stat as in `ReadRow`; its
values; and names that its texts add."""

Stat = tuple[bytes, int, int]
"""Content id, size in bytes, time of the last change in ns."""

BRIEF_PARTS: Final = 6

Briefed = tuple["list[Brief | ReadRow]", "list[tuple[int, tuple[Any, ...]]]"]
"""Files in brief, or whole where there is no recipe; and new recipes with their numbers."""


class Recipe(NamedTuple):
    """How rows follow from values: plain tuples, so that `marshal` carries them.

    A place is one among the values of a brief, followed by `constants`.
    """

    constants: tuple[Any, ...]
    columns: tuple[int, ...]
    """Places of the values of `READ_COLUMNS`."""
    digests: tuple[int, ...]
    bodies: tuple[int, ...]
    prompts: tuple[ReadPrompt, ...]
    passes: tuple[tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]], ...]
    names: tuple[int, ...]
    """Four places to a name."""
    nodes: str


class RowMaker:
    """Makes rows by one recipe."""

    def __init__(self, recipe: Recipe) -> None:
        self._constants = bound(recipe.constants)
        self._columns = picker(varying(recipe.columns))
        self._digests = picker(recipe.digests)
        self._bodies = picker(recipe.bodies)
        self._prompts = bound_each(recipe.prompts)
        self._passes = [(picker(values), plus, minus) for values, plus, minus in recipe.passes]
        self._names = picker(recipe.names)
        self._nodes = recipe.nodes

    def row(self, brief: Brief) -> ReadyRow:
        """Return the row of a file."""
        _, file_id, is_fresh, stat, values, names = brief
        pool = values + self._constants
        passes = tuple([(pick(pool), plus, minus) for pick, plus, minus in self._passes])
        uses = self._names(pool)
        if names:
            uses += bound(chain.from_iterable(names))
        return (
            file_id, is_fresh, USUAL, stat, self._columns(pool), self._digests(pool),
            self._bodies(pool), (self._prompts, passes, uses, self._nodes),
        )  # fmt: skip


class RowMakers:
    """Makes the rows of what one `FileReader` said in brief; recipes are known by number."""

    def __init__(self) -> None:
        self._makers: dict[int, RowMaker] = {}

    def rows(self, briefed: Briefed) -> list[ReadRow]:
        """Return the rows of files, in order."""
        found, recipes = briefed
        makers = self._makers
        for number, recipe in recipes:
            makers[number] = RowMaker(Recipe(*recipe))
        return [makers[one[0]].row(one) if len(one) == BRIEF_PARTS else ready(one) for one in found]


class Briefing:
    """Says of files of one graph what their recipe asks for.

    Args:
        number: The number of the recipe.
        template: Of the graph.
        sources: Which texts the files hold.
        version: The reader's.

    Raises:
        UnfitError: Where there can be no recipe.
    """

    def __init__(
        self, number: int, template: Template, sources: tuple[str, ...], version: int
    ) -> None:
        self.number: Final = number
        self._template = template
        made = _Builder(template)
        self.recipe: Final = made.recipe(sources, version)
        self._derived = made.derived
        self._pick = picker(made.wanted)

    def brief(
        self,
        task: Task,
        blanked: Blanked,
        stat: Stat,
        width: int,
        height: int,
    ) -> Brief | None:
        """Return a file in brief; None where that says less than its whole row would.

        Args:
            task: What was asked for.
            blanked: Its graph, of the template.
            stat: Of the file.
            width: Of the picture, in pixels.
            height: The same.
        """
        completed = self._template.completed(blanked)
        if completed is None:
            return None
        more = self._template.more_names(completed) if blanked.may_name else ()
        if more is None:
            return None
        content, size_bytes, mtime_ns = stat
        completed += (content, width, height)
        for make in self._derived:
            completed.append(make(completed))
        file_id, _, is_fresh, _, _, old_bytes, old_ns, _ = task
        return (
            self.number, file_id, is_fresh,
            (size_bytes, mtime_ns, size_bytes != old_bytes or mtime_ns != old_ns),
            self._pick(completed), names_of(more)[0] if more else (),
        )  # fmt: skip

    def is_row(self, brief: Brief, row: ReadRow) -> bool:
        """Whether a file in brief gives this row; names may stand in any order."""
        *made, (*mine, names, nodes) = RowMaker(self.recipe).row(brief)
        *whole, (*theirs, other_names, other_nodes) = ready(row)
        is_same = (made, mine, nodes) == (whole, theirs, other_nodes)
        return is_same and _named(names) == _named(other_names)


def _named(names: Iterable[Any]) -> set[tuple[Any, ...]]:
    """Return names of which each is four values."""
    four = iter(names)
    return set(zip(four, four, four, four, strict=True))


class _Builder:
    """Finds out where the values of a template's answer go."""

    def __init__(self, template: Template) -> None:
        self._template = template
        self._content = template.count
        self._constants: dict[tuple[type, Any], int] = {}
        self._places: dict[tuple[str, Any], int] = {}
        self.wanted: list[int] = []
        """Which of the completed values, with content, size and derived ones behind them."""
        self.derived: list[Callable[[list[Any]], Any]] = []

    def recipe(self, sources: tuple[str, ...], version: int) -> Recipe:
        """Return the recipe."""
        found = self._template.found
        headline = found.headline
        if headline is None or not found.passes:
            raise UnfitError("no headline")
        texts = Texts()
        passes = [
            (self._pass(one), texts.add(0, one.positive), texts.add(1, one.negative))
            for one in found.passes
        ]
        texts.rank(headline)
        columns = self._columns(headline, sources, version, len(passes))
        bodies = [body for _, body in texts.found]
        digests = [self._digest(body) for body in bodies]
        places = [self._term(body, "positive") for body in bodies]
        others, nodes = names_of(found.names)
        fields = ("", "name", "strength_model", "strength_clip")
        names = [
            self._term(value, field)
            for use in others
            for value, field in zip(use, fields, strict=True)
        ]
        settled = self._settled
        return Recipe(
            tuple([value for _, value in self._constants]), settled(columns), settled(digests),
            settled(places), texts.uses(),
            tuple([(settled(values), plus, minus) for values, plus, minus in passes]),
            settled(names), nodes,
        )  # fmt: skip

    def _columns(
        self, headline: Headline, sources: tuple[str, ...], version: int, pass_count: int
    ) -> list[int]:
        constant, want, content = self._constant, self._want, self._content
        held = ("ComfyUI", ",".join(sources), int("workflow" in sources), 1)
        return [
            want(content), *[constant(v) for v in ("image", "png", "indexed", None, version)],
            want(content + 1), want(content + 2), *[constant(v) for v in (None, None, None, *held)],
            self._preview(headline), self._term(headline.model, "model"), *self._values(headline),
            self._extra(headline, headline.model), constant(pass_count),
        ]  # fmt: skip

    def _pass(self, one: SamplingPass) -> list[int]:
        model = one.models[0] if one.models else None
        return [
            self._constant(one.node), self._constant(one.class_type), self._term(model, "model"),
            *self._values(one), self._extra(one, model),
        ]  # fmt: skip

    def _values(self, one: Headline | SamplingPass) -> list[int]:
        term = self._term
        fields = ("sampler", "scheduler", "steps", "cfg", "guidance", "denoise")
        return [
            *[term(getattr(one, field), field) for field in fields], self._seed(one.seed),
            term(one.width, "width"), term(one.height, "height"),
        ]  # fmt: skip

    def _seed(self, seed: int | None) -> int:
        at = self._template.place(seed, "seed")
        if at is None:
            return self._constant(seed_text(seed))
        return self._derive(("seed", at), lambda values: str(values[at]))

    def _preview(self, headline: Headline) -> int:
        text = headline.positive[0] if headline.positive else ""
        at = self._template.place(text, "positive")
        if at is None:
            return self._constant(text[:PREVIEW_CHARS])
        return self._derive(("preview", at), lambda values: values[at][:PREVIEW_CHARS])

    def _digest(self, body: str) -> int:
        at = self._template.place(body, "positive")
        if at is None:
            return self._constant(text_digest(body.encode()))
        return self._derive(("digest", at), lambda values: text_digest(values[at].encode()))

    def _extra(self, one: Headline | SamplingPass, model: str | None) -> int:
        if not one.loras and one.models == ((model,) if model is not None else ()):
            return self._constant("")
        place = self._template.place
        models = [(name, place(name, "models")) for name in one.models]
        loras = [
            (
                (use.name, place(use.name, "name")),
                (use.strength_model, place(use.strength_model, "strength_model")),
                (use.strength_clip, place(use.strength_clip, "strength_clip")),
                (int(use.in_prompt), None),
            )
            for use in one.loras
        ]

        def extra(values: list[Any]) -> str:
            return extra_text(_given(models, values), [_given(use, values) for use in loras])

        return self._derive(("extra", (one.models, one.loras)), extra)

    def _term(self, value: Any, field: str) -> int:
        """Return the place of a field's value; a constant's is negative until all are known."""
        at = None if value is None else self._template.place(value, field)
        return self._constant(value) if at is None else self._want(at)

    def _constant(self, value: Any) -> int:
        # 1 and 1.0 are equal, and not the same in a column.
        return ~self._constants.setdefault((type(value), value), len(self._constants))

    def _want(self, at: int) -> int:
        return self._places.setdefault(("", at), self._added(at))

    def _derive(self, key: tuple[str, Any], make: Callable[[list[Any]], Any]) -> int:
        if key not in self._places:
            self.derived.append(make)
            self._places[key] = self._added(self._content + 2 + len(self.derived))
        return self._places[key]

    def _added(self, at: int) -> int:
        if at not in self.wanted:
            self.wanted.append(at)
        return self.wanted.index(at)

    def _settled(self, places: Iterable[int]) -> tuple[int, ...]:
        count = len(self.wanted)
        return tuple([at if at >= 0 else count + ~at for at in places])


def _given(parts: Iterable[tuple[Any, int | None]], values: list[Any]) -> tuple[Any, ...]:
    """Return parts of which some have their place among values."""
    return tuple([value if at is None else values[at] for value, at in parts])

"""The row of a file that was read: its columns, prompts, passes and names as plain tuples.

Imports neither a database nor a toolkit, so a spawned worker starts quickly.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, overload

import orjson

from smartgallery_tui.metadata import READER_VERSION
from smartgallery_tui.records.text_digest import text_digest

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from smartgallery_tui.index.rows import ReadName, ReadPass, ReadPrompt, ReadRow, ReadText
    from smartgallery_tui.library.tasks import Task
    from smartgallery_tui.records import (
        Container,
        Generation,
        Headline,
        LoraUse,
        NameUse,
        SamplingPass,
        State,
    )

PREVIEW_CHARS: Final = 200


def failed(task: Task, problem: str, version: int = READER_VERSION) -> ReadRow:
    """Return the row of a file that could not be read."""
    columns = (
        None, task.kind, task.format, "error_recorded", problem, version, None, None, None,
        None, None, None, "", 0, 0, "", None, None, None, None, None, None, None, None, None, None,
        "", 0,
    )  # fmt: skip
    return (
        task.file_id,
        task.is_fresh,
        columns,
        (task.size_bytes, task.mtime_ns, False),
        (),
        (),
        (),
        (),
        "",
    )


def row_of(
    task: Task,
    stat: tuple[bytes, int, int],
    container: Container,
    generation: Generation,
    version: int,
) -> ReadRow:
    """Return the row of a file.

    Args:
        task: What was asked for.
        stat: Content id, size in bytes, time of the last change in ns.
        container: What was read of the file.
        generation: What its texts say.
        version: The reader's.
    """
    texts = Texts()
    headline = generation.headline
    content, size_bytes, mtime_ns = stat
    is_other = size_bytes != task.size_bytes or mtime_ns != task.mtime_ns
    sources = generation.sources
    passes = tuple([pass_of(item, texts) for item in generation.passes])
    found = _NOTHING
    preview = extra = ""
    if headline is not None:
        texts.rank(headline)
        preview = (headline.positive[0] if headline.positive else "")[:PREVIEW_CHARS]
        extra = extra_of(headline.models, headline.loras, headline.model)
        found = (
            headline.model, headline.sampler, headline.scheduler, headline.steps, headline.cfg,
            headline.guidance, headline.denoise, seed_text(headline.seed), headline.width,
            headline.height,
        )  # fmt: skip
    columns = (
        content, container.kind, container.format, _state(container, generation),
        _clean(container.problem or generation.problem), version, container.width,
        container.height, container.duration_ms, container.frames, container.frame_rate,
        generation.generator, ",".join(sources), int("workflow" in sources),
        int(headline is not None), _clean(preview), *_cleaned(found), extra, len(passes),
    )  # fmt: skip
    return (
        task.file_id, task.is_fresh, columns, (size_bytes, mtime_ns, is_other),
        tuple(texts.found), texts.uses(), passes, *names_of(generation.names),
    )  # fmt: skip


_NOTHING: tuple[object, ...] = (None,) * 10


def names_of(uses: Sequence[NameUse]) -> tuple[tuple[ReadName, ...], str]:
    """Return the names other than node classes, and the node classes as one sorted text."""
    others: list[ReadName] = []
    nodes: set[str] = set()
    for use in uses:
        name = use.name
        if not name.isascii():
            name = _clean(name)
        if use.role == "node":
            nodes.add(name)
        elif name:
            others.append((use.role, name, use.strength_model, use.strength_clip))
    nodes.discard("")
    listed = "\n".join([name.replace("\n", " ") for name in sorted(nodes)])
    return tuple(others), listed


def _state(container: Container, generation: Generation) -> State:
    """Return the state of a file that was read.

    Only a damaged file is an error: metadata that nobody can understand is no metadata. A graph
    counts as metadata as soon as one of its nodes is known.
    """
    if container.problem is not None:
        return "error_recorded"
    is_known = generation.headline is not None or bool(generation.names)
    return "indexed" if is_known else "indexed_without_metadata"


class Texts:
    """The different prompts of one file and where they are used."""

    def __init__(self) -> None:
        self.found: list[ReadText] = []
        self._places: dict[str, int] = {}
        self._ranks: dict[tuple[int, int], int | None] = {}

    def add(self, role: int, bodies: Iterable[str]) -> tuple[int, ...]:
        """Note the prompts of a pass; return their positions in `found`."""
        places = tuple([self._place(body) for body in bodies])
        for place in places:
            self._ranks[role, place] = None
        return places

    def rank(self, headline: Headline) -> None:
        """Note the prompts of the headline."""
        for role, bodies in enumerate((headline.positive, headline.negative)):
            for rank, body in enumerate(bodies):
                self._ranks[role, self._place(body)] = rank

    def uses(self) -> tuple[ReadPrompt, ...]:
        """Return each prompt in each role once."""
        return tuple([(role, place, rank) for (role, place), rank in self._ranks.items()])

    def _place(self, body: str) -> int:
        place = self._places.get(body)
        if place is None:
            data = body.encode("utf-8", "replace")
            clean = body if body.isascii() else data.decode("utf-8")
            self.found.append((text_digest(data), clean))
            place = self._places[body] = len(self.found) - 1
        return place


def pass_of(item: SamplingPass, texts: Texts) -> ReadPass:
    """Return a sampling pass; its prompts are noted in `texts`."""
    model = item.models[0] if item.models else None
    values = (
        item.node, item.class_type, model, item.sampler, item.scheduler, item.steps, item.cfg,
        item.guidance, item.denoise, seed_text(item.seed), item.width, item.height,
        extra_of(item.models, item.loras, model),
    )  # fmt: skip
    return _cleaned(values), texts.add(0, item.positive), texts.add(1, item.negative)


def extra_of(models: tuple[str, ...], loras: tuple[LoraUse, ...], model: str | None) -> str:
    """Return as JSON what the columns of a row cannot hold: several models, LoRAs."""
    if not loras and models == ((model,) if model is not None else ()):
        return ""
    return extra_text(
        models, [(u.name, u.strength_model, u.strength_clip, int(u.in_prompt)) for u in loras]
    )


def extra_text(models: Sequence[str], loras: Sequence[tuple[object, ...]]) -> str:
    """Return models and LoRAs (name, two strengths, whether a prompt says it) as JSON."""
    extra = {"models": models, "loras": loras}
    try:
        return orjson.dumps(extra).decode()
    except TypeError:  # undecodable bytes in a name
        return json.dumps(extra)


def seed_text(seed: int | None) -> str | None:
    """Return a seed as the database holds it: it may exceed 64 bits with a sign."""
    return None if seed is None else str(seed)


@overload
def _clean(text: str) -> str: ...
@overload
def _clean(text: None) -> None: ...
@overload
def _clean(text: str | None) -> str | None: ...
def _clean(text: str | None) -> str | None:
    """Return `text` as the database can hold it: lone surrogates become question marks."""
    if text is None or text.isascii():
        return text
    return text.encode("utf-8", "replace").decode("utf-8")


def _cleaned(values: tuple[object, ...]) -> tuple[object, ...]:
    """Return `values` with each text as the database can hold it."""
    if "".join([value for value in values if value.__class__ is str]).isascii():
        return values
    return tuple([_clean(value) if isinstance(value, str) else value for value in values])

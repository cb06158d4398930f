"""Read one file into a row: container, metadata, columns. Runs in worker processes too.

Imports neither a database nor a toolkit, so a spawned worker starts quickly.
"""

from __future__ import annotations

import json
import os
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

from smartgallery_tui.containers import content_id, open_source, read_container
from smartgallery_tui.errors import ContainerError
from smartgallery_tui.metadata import READER_VERSION, extract

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from smartgallery_tui.index.rows import ReadName, ReadPass, ReadRow, ReadText
    from smartgallery_tui.records import Container, Generation, LoraUse, SamplingPass, State

PREVIEW_CHARS = 200


class Task(NamedTuple):
    """A file to read."""

    file_id: int
    path: bytes
    is_fresh: bool
    kind: str
    format: str
    size_bytes: int
    mtime_ns: int
    companions: tuple[bytes, ...] = ()
    """Paths whose metadata stands in where the file has none."""


def read_many(tasks: Sequence[Task]) -> list[ReadRow]:
    """Return the rows of `tasks`, in order; a file that cannot be read is a row with a problem."""
    return [read_one(task) for task in tasks]


def read_one(task: Task) -> ReadRow:
    """Return the row of one file; never raises for what a file holds."""
    try:
        return _read(task)
    except ContainerError as error:
        return failed(task, str(error))
    except Exception as error:  # noqa: BLE001 - the per-file guard: one file never stops a scan
        return failed(task, f"could not be read ({type(error).__name__})")


def _read(task: Task) -> ReadRow:
    path = os.fsdecode(task.path)
    name = path.rsplit("/", 1)[-1]
    with open_source(path) as source:
        content = content_id(source)
        container = read_container(source, name)
        size_bytes, mtime_ns = source.size_bytes, source.mtime_ns
    companions = [_container(companion) for companion in task.companions]
    generation = extract(container, companions=[c for c in companions if c is not None])
    return _row(task, (content, size_bytes, mtime_ns), container, generation)


def _container(path: bytes) -> Container | None:
    text = os.fsdecode(path)
    try:
        with open_source(text) as source:
            return read_container(source, text.rsplit("/", 1)[-1])
    except ContainerError:
        return None


def failed(task: Task, problem: str) -> ReadRow:
    """Return the row of a file that could not be read."""
    columns = (
        None, task.kind, task.format, task.size_bytes, task.mtime_ns, "error_recorded", problem,
        READER_VERSION, None, None, None, None, None, None, "", 0, 0, "", None, None, None, None,
        None, None, None, None, None, None, "", 0,
    )  # fmt: skip
    return task.file_id, task.is_fresh, columns, (), (), (), (), ()


def _row(
    task: Task, stat: tuple[bytes, int, int], container: Container, generation: Generation
) -> ReadRow:
    texts = _Texts()
    headline = generation.headline
    problem = container.problem or generation.problem
    content, size_bytes, mtime_ns = stat
    state = _state(container, generation)
    passes = tuple([_pass(item, texts) for item in generation.passes])
    found: tuple[object, ...] = (None,) * 10
    positive: tuple[int, ...] = ()
    negative: tuple[int, ...] = ()
    preview = extra = ""
    if headline is not None:
        positive, negative = texts.add(headline.positive), texts.add(headline.negative)
        preview = (headline.positive[0] if headline.positive else "")[:PREVIEW_CHARS]
        extra = _extra(headline.models, headline.loras, headline.model)
        found = (
            headline.model, headline.sampler, headline.scheduler, headline.steps, headline.cfg,
            headline.guidance, headline.denoise, _seed(headline.seed), headline.width,
            headline.height,
        )  # fmt: skip
    columns = (
        content, container.kind, container.format, size_bytes, mtime_ns, state,
        _clean(problem), READER_VERSION, container.width, container.height, container.duration_ms,
        container.frames, container.frame_rate, generation.generator,
        ",".join(generation.sources), int("workflow" in generation.sources),
        int(headline is not None), _clean(preview) or "", *_cleaned(found), extra,
        len(generation.passes),
    )  # fmt: skip
    names: tuple[ReadName, ...] = tuple(
        [
            (use.role, clean, use.strength_model, use.strength_clip)
            for use in generation.names
            if (clean := _clean(use.name))
        ]
    )
    return (
        task.file_id, task.is_fresh, columns, tuple(texts.found), positive, negative, passes, names,
    )  # fmt: skip


def _state(container: Container, generation: Generation) -> State:
    """Return the state of a file that was read.

    Only a damaged file is an error: metadata that nobody can understand is no metadata. A graph
    counts as metadata as soon as one of its nodes is known.
    """
    if container.problem is not None:
        return "error_recorded"
    is_known = generation.headline is not None or bool(generation.names)
    return "indexed" if is_known else "indexed_without_metadata"


class _Texts:
    """The different prompts of one file."""

    def __init__(self) -> None:
        self.found: list[ReadText] = []
        self._places: dict[str, int] = {}

    def add(self, bodies: Iterable[str]) -> tuple[int, ...]:
        """Return the positions of `bodies` in `found`."""
        return tuple([self._place(body) for body in bodies])

    def _place(self, body: str) -> int:
        place = self._places.get(body)
        if place is None:
            data = body.encode("utf-8", "replace")
            clean = body if body.isascii() else data.decode("utf-8")
            self.found.append((blake2b(data, digest_size=16).digest(), clean))
            place = self._places[body] = len(self.found) - 1
        return place


def _pass(item: SamplingPass, texts: _Texts) -> ReadPass:
    model = item.models[0] if item.models else None
    values = (
        item.node, item.class_type, model, item.sampler, item.scheduler, item.steps, item.cfg,
        item.guidance, item.denoise, _seed(item.seed), item.width, item.height,
        _extra(item.models, item.loras, model),
    )  # fmt: skip
    return _cleaned(values), texts.add(item.positive), texts.add(item.negative)


def _extra(models: tuple[str, ...], loras: tuple[LoraUse, ...], model: str | None) -> str:
    if not loras and models == ((model,) if model is not None else ()):
        return ""
    uses = [[u.name, u.strength_model, u.strength_clip, int(u.in_prompt)] for u in loras]
    return json.dumps({"models": models, "loras": uses}, ensure_ascii=True)


def _seed(seed: int | None) -> str | None:
    return None if seed is None else str(seed)


def _clean(text: str | None) -> str | None:
    """Return `text` as the database can hold it: lone surrogates become question marks."""
    if text is None or text.isascii():
        return text
    return text.encode("utf-8", "replace").decode("utf-8")


def _cleaned(values: tuple[object, ...]) -> tuple[object, ...]:
    return tuple([_clean(value) if isinstance(value, str) else value for value in values])

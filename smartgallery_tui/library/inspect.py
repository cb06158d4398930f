"""Reads single files without an index: what `inspect`, `explain` and `workflow` print."""

from __future__ import annotations

import contextlib
import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from smartgallery_tui.containers import open_source, read_container
from smartgallery_tui.errors import ContainerError, MediaError
from smartgallery_tui.metadata import NO_RULES, extract, payloads, read_stealth_alpha
from smartgallery_tui.metadata.explain import explain
from smartgallery_tui.records import NamedText

if TYPE_CHECKING:
    from smartgallery_tui.library.node_rules import NodeRules
    from smartgallery_tui.media.hidden import PixelReader
    from smartgallery_tui.metadata import Payloads
    from smartgallery_tui.records import Container, Generation
    from smartgallery_tui.records.graphs import Explanation

_COMPANION_SUFFIXES = (".png", ".json", ".txt")
"""Beside a file without metadata, a file of the same stem may carry it."""
_HIDING_FORMATS = frozenset({"png", "webp"})


@dataclass(frozen=True, slots=True)
class Inspection:
    """One file as it was read."""

    path: str
    """As given."""
    container: Container
    generation: Generation
    problem: str | None = None
    """One line: the file is damaged, or its metadata cannot be understood."""


class Inspector:
    """Reads single files. Use as a context manager: a decode process may be part of it.

    Args:
        rules: Rules of the user's own for node classes.
    """

    def __init__(self, rules: NodeRules | None = None) -> None:
        self._rules = rules.rules if rules is not None else NO_RULES
        self._pixels: PixelReader | None = None

    def inspect(self, path: str) -> Inspection:
        """Return what a file says of itself.

        Where the file carries no generation data, a companion of the same stem (`.png`, `.json`,
        `.txt`) is read; then the text that some tools hide in a picture's lowest bits.

        Raises:
            ContainerError: The file cannot be opened or is of no known format.
        """
        container = _read(path)
        generation = extract(container, rules=self._rules)
        if not generation.sources and (others := _companions(path)):
            generation = extract(container, companions=others, rules=self._rules)
        if not generation.sources and (hidden := self._with_hidden_text(path, container)):
            generation = extract(hidden)
        return Inspection(path, container, generation, container.problem or generation.problem)

    def explain(self, path: str) -> list[Explanation]:
        """Return which node of a file's graph gave which value, in the order of the file.

        Raises:
            ContainerError: The file cannot be opened or is of no known format.
        """
        container = _read(path)
        if found := explain(container, companions=_companions(path), rules=self._rules):
            return found
        hidden = self._with_hidden_text(path, container)
        return explain(hidden) if hidden else []

    def close(self) -> None:
        """End the decode process, if one was needed."""
        if self._pixels is not None:
            self._pixels.close()

    def __enter__(self) -> Inspector:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def _with_hidden_text(self, path: str, container: Container) -> Container | None:
        """Return the container with the text that its pixels hide, None where they hide none."""
        if container.format not in _HIDING_FORMATS or container.problem is not None:
            return None
        try:
            pixels = self._reader().read(str(Path(path).absolute()))
        except MediaError:
            return None
        text = read_stealth_alpha(*pixels)
        if text is None:
            return None
        hidden = NamedText("parameters", text, "lowest bits of the pixels")
        return dataclasses.replace(container, texts=(*container.texts, hidden))

    def _reader(self) -> PixelReader:
        if self._pixels is None:
            # Imported here: few files are searched for it.
            from smartgallery_tui.media.hidden import PixelReader

            self._pixels = PixelReader()
        return self._pixels


def explain_file(path: str, rules: NodeRules | None = None) -> list[Explanation]:
    """Return which node of one file's graph gave which value; see `Inspector`."""
    with Inspector(rules) as inspector:
        return inspector.explain(path)


def file_payloads(path: str) -> Payloads:
    """Return the raw prompt, workflow and parameters of a file or of its companion.

    Raises:
        ContainerError: The file cannot be opened or is of no known format.
    """
    found = payloads(_read(path))
    if found.prompt is None and found.workflow is None and found.parameters is None:
        for other in _companions(path):
            found = payloads(other)
            if found.prompt is not None or found.workflow is not None:
                break
    return found


def _read(path: str) -> Container:
    with open_source(path) as source:
        return read_container(source, Path(path).name)


def _companions(path: str) -> list[Container]:
    """Return the readable companions of a file."""
    found = []
    for suffix in _COMPANION_SUFFIXES:
        other = Path(path).with_suffix(suffix)
        if str(other) == path:
            continue
        with contextlib.suppress(ContainerError):
            found.append(_read(str(other)))
    return found

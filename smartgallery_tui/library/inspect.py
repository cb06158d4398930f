"""Reads single files without an index: what `inspect`, `explain` and `workflow` print."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from smartgallery_tui.containers import open_source, read_container
from smartgallery_tui.errors import ContainerError
from smartgallery_tui.metadata import extract, payloads

if TYPE_CHECKING:
    from smartgallery_tui.metadata import Payloads
    from smartgallery_tui.records import Container, Generation

_COMPANION_SUFFIXES = (".png", ".json", ".txt")
"""Beside a file without metadata, a file of the same stem may carry it."""


@dataclass(frozen=True, slots=True)
class Inspection:
    """One file as it was read."""

    path: str
    """As given."""
    container: Container
    generation: Generation
    problem: str | None = None
    """One line: the file is damaged, or its metadata cannot be understood."""


def inspect_file(path: str) -> Inspection:
    """Return what a file says of itself.

    A companion of the same stem (`.png`, `.json`, `.txt`) is read where the file itself carries
    no generation data.

    Raises:
        ContainerError: The file cannot be opened or is of no known format.
    """
    container = _read(path)
    generation = extract(container)
    if not generation.sources:
        others = _companions(path)
        if others:
            generation = extract(container, companions=others)
    return Inspection(path, container, generation, container.problem or generation.problem)


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

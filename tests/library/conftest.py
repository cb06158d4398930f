"""A folder of pictures and a library on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from smartgallery_tui.library import Library
from tests.library.samples import picture

if TYPE_CHECKING:
    from pathlib import Path

Open = Callable[..., Library]


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """Three pictures in two folders."""
    root = tmp_path / "output"
    picture(root / "one.png", 1)
    picture(root / "two.png", 2)
    picture(root / "sub" / "three.png", 3)
    return root


@pytest.fixture
def open_library(data_dir: Path, tmp_path: Path) -> Iterator[Open]:
    """Open libraries on one data folder; all are closed at the end."""
    opened: list[Library] = []

    def make(*roots: Path, **options: object) -> Library:
        settings = {"data_dir": data_dir, "cache_dir": tmp_path / "cache", **options}
        library = Library.open(roots=roots, **settings)  # type: ignore[arg-type]
        library._parts.syncing.settle_s = 0.0
        opened.append(library)
        return library

    yield make
    for library in opened:
        library.close()


@pytest.fixture
def library(open_library: Open, output: Path) -> Library:
    """The three pictures, read."""
    made = open_library(output)
    made.sync()
    return made

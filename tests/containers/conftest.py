"""Writes bytes to a file and reads them back as a container."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from smartgallery_tui.containers import open_source, read_container
from smartgallery_tui.records import Container

if TYPE_CHECKING:
    from pathlib import Path

# Same examples in every run, and no folder of them left in the project.
settings.register_profile("repeatable", database=None, derandomize=True, deadline=None)
settings.load_profile("repeatable")

Read = Callable[[bytes, str], Container]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def read_bytes(data: bytes, name: str) -> Container:
        path = tmp_path / name
        path.write_bytes(data)
        with open_source(str(path)) as source:
            return read_container(source, name)

    return read_bytes

"""A few real pictures, the command line in this process, and a terminal to run it on."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from smartgallery_tui.cli import run
from smartgallery_tui.demo.library import _encode
from smartgallery_tui.demo.plan import make_plan

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


class Done(NamedTuple):
    """What a command line left behind."""

    code: int
    out: bytes
    err: str


Sg = "Callable[..., Done]"


@pytest.fixture
def sg(capfdbinary: pytest.CaptureFixture[bytes]) -> Callable[..., Done]:
    """Return a function that runs a command line in this process."""

    def call(*words: object) -> Done:
        capfdbinary.readouterr()
        code = run([str(word) for word in words])
        captured = capfdbinary.readouterr()
        return Done(int(code), captured.out, captured.err.decode("utf-8", "replace"))

    return call


def rows(out: bytes) -> list[dict[str, Any]]:
    """Return the JSON objects that were printed, one on a line."""
    return [json.loads(line) for line in out.splitlines()]


@pytest.fixture(scope="session")
def few_pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with six pictures of the sample library; do not change it."""
    folder = tmp_path_factory.mktemp("few") / "output"
    wanted = {"png": 3, "webp": 1, "a1111": 1, "bare-jpeg": 1}
    for entry in make_plan():
        if wanted.get(entry.form, 0):
            wanted[entry.form] -= 1
            target = folder / entry.path
            target.parent.mkdir(parents=True, exist_ok=True)
            data = _encode(entry)
            assert data is not None
            target.write_bytes(data)
    return folder


@pytest.fixture
def pictures(few_pictures: Path, tmp_path: Path) -> Path:
    """Return a folder with six pictures of your own."""
    return shutil.copytree(few_pictures, tmp_path / "output")


@pytest.fixture
def scanned(sg: Callable[..., Done], pictures: Path) -> Path:
    """Return the folder with six pictures, scanned."""
    assert sg("scan", pictures).code == 0
    return pictures

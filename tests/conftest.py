"""What every test gets: a home of its own, a sane terminal, nothing of the caller's settings."""

from __future__ import annotations

import gc
import itertools
import os
import shutil
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FEWEST_PROCESSES, MOST_PROCESSES = 2, 8
"""Of `-n auto`: many tests wait for a terminal or a disk; each process takes some memory."""
_LEAKY = (
    "SMARTGALLERY_", "NO_COLOR", "FORCE_COLOR", "TMUX", "STY", "SSH_", "KITTY_", "WEZTERM_",
    "ITERM_", "LC_TERMINAL", "TERM_PROGRAM", "COLORTERM", "TEXTUAL", "COMFYUI", "VTE_VERSION",
    "ESCDELAY", "LINES", "COLUMNS",
)  # fmt: skip


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int | None:
    """Return how many processes `-n auto` means: the cores that this process may use, in bounds."""
    if os.environ.get("PYTEST_XDIST_AUTO_NUM_WORKERS"):
        return None
    return min(max(len(os.sched_getaffinity(0)), FEWEST_PROCESSES), MOST_PROCESSES)


def pytest_collection_finish() -> None:
    """Spare the garbage collector a walk over thousands of collected tests, again and again.

    Nor does it look after every few hundred objects: that took a fifth of the time of all tests.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return folders that do not exist yet; pytest would look at all earlier ones for each."""
    folder = tmp_path_factory.mktemp("homes")
    return (folder / str(number) for number in itertools.count())


@pytest.fixture(autouse=True)
def own_home(homes: Iterator[Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    """Point HOME and the XDG folders at an empty folder and clear what would change a result."""
    home = next(homes)
    home.mkdir()
    for name in list(os.environ):
        # The snapshot plug-in talks to itself through the environment.
        if name.startswith(_LEAKY) and not name.startswith("TEXTUAL_SNAPSHOT"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(home))
    for kind in ("CONFIG", "DATA", "STATE", "CACHE", "RUNTIME"):
        folder = home / kind.lower()
        folder.mkdir(mode=0o700)
        monkeypatch.setenv(f"XDG_{kind}_{'DIR' if kind == 'RUNTIME' else 'HOME'}", str(folder))
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setenv("TZ", "UTC")
    return home


@pytest.fixture(scope="session")
def fresh_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with new databases, to be copied: making them takes twenty times longer."""
    from smartgallery_tui.index.store import Store

    folder = tmp_path_factory.mktemp("fresh") / "data"
    Store(folder).close()
    return folder


@pytest.fixture
def data_dir(fresh_data: Path, tmp_path: Path) -> Path:
    """The data folder of a library of your own, with its databases."""
    return shutil.copytree(fresh_data, tmp_path / "data")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):
    """Turn a skip for want of ffmpeg into a failure on CI, where it has to be installed."""
    report = yield
    if report.skipped and os.environ.get("CI") == "true" and "ffmpeg" in str(report.longrepr):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid}: ffmpeg must be installed on CI"
    return report

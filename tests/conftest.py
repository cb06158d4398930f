"""What every test gets: a home of its own, a sane terminal, nothing of the caller's settings."""

from __future__ import annotations

import gc
import os
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

_LEAKY = (
    "SMARTGALLERY_", "NO_COLOR", "FORCE_COLOR", "TMUX", "STY", "SSH_", "KITTY_", "WEZTERM_",
    "ITERM_", "LC_TERMINAL", "TERM_PROGRAM", "COLORTERM", "TEXTUAL", "COMFYUI", "VTE_VERSION",
    "ESCDELAY", "LINES", "COLUMNS",
)  # fmt: skip


def pytest_collection_finish() -> None:
    """Spare the garbage collector a walk over thousands of collected tests, again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Point HOME and the XDG folders at an empty folder and clear what would change a result."""
    home = tmp_path_factory.mktemp("home")
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


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):
    """Turn a skip for want of ffmpeg into a failure on CI, where it has to be installed."""
    report = yield
    if report.skipped and os.environ.get("CI") == "true" and "ffmpeg" in str(report.longrepr):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid}: ffmpeg must be installed on CI"
    return report

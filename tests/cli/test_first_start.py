"""The first start on a terminal: what was found is opened, and remembered."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from smartgallery_tui.config import load_settings
from tests.cli.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Done


@pytest.fixture
def install(pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an installation with six pictures, named by the environment; no port is asked."""
    base = tmp_path / "ComfyUI"
    (base / "input").mkdir(parents=True)
    pictures.rename(base / "output")
    monkeypatch.setenv("COMFYUI_PATH", str(base))
    monkeypatch.setenv("SMARTGALLERY_COMFYUI_URL", "")
    return base


def test_what_was_found_is_asked_for_once(install: Path, own_home: Path) -> None:
    with Terminal("--graphics", "none") as terminal:
        terminal.read_until("A ComfyUI was found (COMFYUI_PATH)")
        terminal.send(b"\r")
        terminal.read_until("1/6")
        terminal.send(b"/ext:webp\r")
        terminal.read_until("1/1")
        terminal.send(b"q")
        assert terminal.wait() == 0
    settings, _ = load_settings(own_home / "config" / "smartgallery" / "config.toml", {})
    assert settings.library.output_path == str(install / "output")
    assert settings.library.input_path == str(install / "input")
    with Terminal("--graphics", "none") as again:
        again.read_until("1/1")
        assert "ext:webp" in again.shown.text()


def test_after_the_demo_it_asks_again(
    sg: Callable[..., Done], install: Path, own_home: Path
) -> None:
    demo = shutil.copytree(install / "output", own_home / "data" / "smartgallery" / "demo")
    assert sg("scan", demo).code == 0
    with Terminal("--graphics", "none") as terminal:
        terminal.read_until("A ComfyUI was found")
        terminal.send(b"\x11")
        assert terminal.wait() == 0

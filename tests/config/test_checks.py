from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from smartgallery_tui.config import check_values, value_problem, value_warning
from smartgallery_tui.records import Settings

if TYPE_CHECKING:
    from pathlib import Path


def test_folders_are_checked(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    settings = Settings()
    library = replace(
        settings.library,
        output_path=str(tmp_path),
        input_path=f"{tmp_path}/no",
        extra_roots=(str(tmp_path), f"{tmp_path}/file"),
    )
    assert [str(problem) for problem in check_values(replace(settings, library=library))] == [
        f"library.input_path: {tmp_path}/no does not exist",
        f"library.extra_roots: {tmp_path}/file is not a folder",
    ]


def test_a_theme_must_be_there() -> None:
    assert check_values(Settings(), ["dark"]) == []
    (problem,) = check_values(Settings(), ["light", "nord"])
    assert str(problem) == "view.theme: there is no theme 'dark'; known: light, nord"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("view.thumbnail_size", 200, "in steps of 64"),
        ("cache.max_size_mb", 50, "from 100 to 10000"),
        ("view.mouse", 3, "true or false"),
        ("view.density", "dense", "one of"),
        ("comfyui.url", "http://example.org", "no address of this machine"),
        ("tools.openers", ("video: mpv '{}",), "has no end"),
        ("library.output_path", "a\0b", "does not exist"),
        ("no.such", 1, "there is no setting"),
    ],
)
def test_what_cannot_be_used_is_said(name: str, value: object, said: str) -> None:
    assert said in value_problem(name, value)


def test_a_missing_tool_is_a_warning_only() -> None:
    assert value_problem("tools.ffmpeg", "no-such-tool") == ""
    assert "is not found" in value_warning("tools.ffmpeg", "no-such-tool")
    assert value_warning("tools.ffmpeg", "sh") == ""

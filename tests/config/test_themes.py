from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from smartgallery_tui.config import load_themes

if TYPE_CHECKING:
    from pathlib import Path

GOOD = '[colors]\nprimary = "#112233"\n[variables]\nborder = "#ff0000"\n'


def test_the_built_in_themes_have_no_problem() -> None:
    themes, problems = load_themes()
    assert problems == []
    is_dark = {theme.name: theme.is_dark for theme in themes}
    assert set(is_dark) >= {"dark", "light"}
    assert (is_dark["dark"], is_dark["light"]) == (True, False)


def test_a_user_theme_joins_and_replaces(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(GOOD)
    (tmp_path / "dark.toml").write_text(GOOD)
    themes = {theme.name: theme for theme in load_themes(tmp_path)[0]}
    assert len(themes) == len(load_themes()[0]) + 1
    assert themes["dark"].colors == (("primary", "#112233"),)
    assert themes["mine"].variables == (("border", "#ff0000"),)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "needs a 'primary'"),
        ("[colors]\nprimary = 'red; }'\n", "must be a colour like"),
        (GOOD.replace("primary", "primery"), "unknown colour 'primery'"),
        ("[colors\n", "not TOML"),
        (GOOD.replace("#ff0000", "red; } Screen { display: none"), "cannot be used"),
        ("colors = 3\n", "must be a section"),
    ],
)
def test_what_cannot_be_used_is_said(tmp_path: Path, text: str, part: str) -> None:
    (tmp_path / "mine.toml").write_text(text)
    problems = load_themes(tmp_path)[1]
    assert any(part in str(problem) for problem in problems)


def test_a_bad_file_name_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "My Theme.toml").write_text(GOOD)
    themes, problems = load_themes(tmp_path)
    assert themes == load_themes()[0]
    assert "file name" in str(problems[0])

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from smartgallery_tui.config import load_settings
from smartgallery_tui.config.schema import all_settings
from smartgallery_tui.records import Settings

if TYPE_CHECKING:
    from pathlib import Path


def write(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "config.toml"
    file.write_text(text, "utf-8")
    return file


def problems_of(tmp_path: Path, text: str) -> list[tuple[int | None, str]]:
    settings, problems = load_settings(write(tmp_path, text), {})
    assert settings == Settings()
    return [(problem.line, problem.message) for problem in problems]


def test_a_missing_file_gives_the_defaults(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "none.toml", {}) == (Settings(), [])


def test_every_section_is_read(tmp_path: Path) -> None:
    file = write(
        tmp_path,
        """
        [library]
        output_path = "/out"
        extra_roots = ["/a", "/b"]
        [view]
        thumbnail_size = 320
        density = "compact"
        mouse = false
        [keys]
        "app.favorite" = "F"
        """,
    )
    settings, problems = load_settings(file, {})
    assert problems == []
    assert settings.library.output_path == "/out"
    assert settings.library.extra_roots == ("/a", "/b")
    assert settings.view.thumbnail_size == 320
    assert settings.view.density == "compact"
    assert settings.view.mouse is False
    assert settings.keys == (("app.favorite", "F"),)


@pytest.mark.parametrize(
    ("text", "line", "part"),
    [
        ("[view]\nteme = 'x'\n", 2, "did you mean 'theme'"),
        ("\n[vew]\ntheme = 'x'\n", 2, "did you mean 'view'"),
        ("theme = 'x'\n", 1, "below [view]"),
        ("base_output_path = '/x'\n", 1, "write 'output_path' below [library]"),
        ("[view]\n\nthumbnail_size = 300\n", 3, "from 128 to 512 in steps of 64"),
        ("[view]\nthumbnail_size = true\n", 2, "must be a whole number"),
        ("[view]\nthumbnail_quality = 0\n", 2, "from 1 to 100"),
        ("[cache]\nmax_size_mb = 20000\n", 2, "from 100 to 10000"),
        ("[view]\ndensity = 'compct'\n", 2, "did you mean 'compact'"),
        ("[library]\nextra_roots = 'x'\n", 2, "must be a list of texts"),
        ("[view]\nmouse = 'yes'\n", 2, "must be true or false"),
        ("[keys]\n'grid.open' = 3\n", 2, "must be a text of keys"),
        ("view = 3\n", 1, "must be a section"),
        ("[view]\ntheme = \n", 2, "not TOML"),
    ],
)
def test_what_cannot_be_used_is_named_with_its_line(
    tmp_path: Path, text: str, line: int, part: str
) -> None:
    ((at, message),) = problems_of(tmp_path, text)
    assert at == line
    assert part in message


def test_one_wrong_value_leaves_the_others_in_force(tmp_path: Path) -> None:
    settings, problems = load_settings(
        write(tmp_path, "[view]\nthumbnail_size = 1\ntheme = 'light'\n"), {}
    )
    assert len(problems) == 1
    assert settings.view.theme == "light"
    assert settings.view.thumbnail_size == 256


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"a=" + b"[" * 5000, b"\0" * 100])
def test_rubbish_still_starts(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "config.toml"
    file.write_bytes(content)
    settings, problems = load_settings(file, {})
    assert settings == Settings()
    assert len(problems) == 1


def test_a_folder_in_its_place_is_a_problem(tmp_path: Path) -> None:
    _, problems = load_settings(tmp_path, {})
    assert "cannot be read" in str(problems[0])


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    file = write(tmp_path, "[view]\ntheme = 'light'\nmouse = true\n[library]\noutput_path='/f'\n")
    env = {
        "SMARTGALLERY_VIEW_MOUSE": "no",
        "SMARTGALLERY_OUTPUT": "/env",
        "SMARTGALLERY_LIBRARY_EXTRA_ROOTS": "/a:/b",
        "SMARTGALLERY_SCAN_WORKERS": "3",
    }
    settings, problems = load_settings(file, env)
    assert problems == []
    assert settings.view.theme == "light"
    assert settings.view.mouse is False
    assert settings.library.output_path == "/env"
    assert settings.library.extra_roots == ("/a", "/b")
    assert settings.scan.workers == 3


def test_a_bad_variable_is_named(tmp_path: Path) -> None:
    _, problems = load_settings(tmp_path / "none", {"SMARTGALLERY_SCAN_WORKERS": "many"})
    assert str(problems[0]).startswith("SMARTGALLERY_SCAN_WORKERS: scan.workers must be")


def test_every_setting_says_what_it_is() -> None:
    for setting in all_settings():
        assert setting.help.endswith("."), setting.name
        assert setting.accepts()


def test_what_a_value_may_be_is_named_once(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('[view]\ndensity = "bogus"\n[graphics]\nprotocol = "sixl"\n')
    _settings, problems = load_settings(file, {})
    said = [str(problem) for problem in problems]
    assert said[0].endswith("must be one of compact, normal, comfortable, not 'bogus'")
    assert said[1].endswith("did you mean 'sixel'?")

"""The settings file while the app runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from smartgallery_tui.cli.settings_file import SettingsFile, list_folders
from smartgallery_tui.errors import ConfigError, UsageError

if TYPE_CHECKING:
    from pathlib import Path


def test_edits_are_noticed_and_own_writes_are_not(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('[view]\ntheme = "dark"\n')
    file = SettingsFile(path)
    assert file.changed() == ({}, [])
    file.save("view.theme", "nord")
    assert file.changed() == ({}, [])
    path.write_text('[view]\ntheme = "light"\n[keys]\n"grid.filter" = "b"\nsize = 1\n[veiw]\n')
    changed, problems = file.changed()
    assert changed["view.theme"] == "light"
    assert changed["keys.grid.filter"] == "b"
    assert any("veiw" in problem for problem in problems)
    path.write_text("[view]\n")
    changed, problems = file.changed()
    assert changed["view.theme"] == "dark"
    assert changed["keys.grid.filter"] is None
    assert problems == []


def test_a_half_written_file_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('[view]\ntheme = "nord"\n')
    file = SettingsFile(path)
    path.write_text('[view]\ntheme = "no')
    changed, problems = file.changed()
    assert changed == {}
    assert "config.toml: not TOML" in problems[0]
    path.write_text('[view]\ntheme = "light"\n')
    assert file.changed() == ({"view.theme": "light"}, [])


def test_a_forced_read_only_is_not_the_files(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    file = SettingsFile(path, is_read_only_forced=True)
    path.write_text("[safety]\nread_only = true\n")
    assert file.changed() == ({}, [])


def test_folders_must_exist_and_values_fit(tmp_path: Path) -> None:
    file = SettingsFile(tmp_path / "config.toml")
    with pytest.raises(UsageError, match="does not exist"):
        file.check("library.output_path", str(tmp_path / "none"))
    assert file.check("library.output_path", str(tmp_path)) == ""
    assert file.check("library.input_path", "") == ""
    assert "not found" in file.check("tools.ffmpeg", "no-such-tool")
    with pytest.raises(UsageError, match="from 100"):
        file.check("cache.max_size_mb", 5)
    with pytest.raises(ConfigError):
        file.save("cache.max_size_mb", 5)


def test_each_setting_has_its_words_and_what_decides_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = SettingsFile(tmp_path / "config.toml")
    texts = file.texts()
    assert texts["cache.max_size_mb"].count("100 to 10000") == 1
    assert texts["safety.trash_days"].endswith("A whole number from 0 to 3650.")
    assert file.fixed() == {}
    monkeypatch.setenv("SMARTGALLERY_OUTPUT", str(tmp_path))
    monkeypatch.setenv("SMARTGALLERY_VIEW_THEME", "nord")
    assert file.fixed() == {
        "library.output_path": "SMARTGALLERY_OUTPUT",
        "view.theme": "SMARTGALLERY_VIEW_THEME",
    }


def test_listing_folders(tmp_path: Path) -> None:
    for name in ("b", "A", ".hidden"):
        (tmp_path / name).mkdir()
    (tmp_path / "file").write_text("")
    assert list_folders(str(tmp_path)) == ["A", "b", ".hidden"]
    assert list_folders(str(tmp_path / "none")) == []

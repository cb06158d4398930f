from __future__ import annotations

from pathlib import Path

import pytest

from smartgallery_tui.errors import UsageError
from smartgallery_tui.paths import find_paths


def test_the_xdg_folders_are_kept_apart(own_home: Path) -> None:
    paths = find_paths()
    assert paths.config_file == own_home / "config" / "smartgallery" / "config.toml"
    assert paths.data_dir == own_home / "data" / "smartgallery"
    assert paths.cache_dir == own_home / "cache" / "smartgallery"
    assert paths.log_file == own_home / "state" / "smartgallery" / "smartgallery.log"
    assert not paths.data_dir.exists()


def test_a_profile_has_everything_of_its_own() -> None:
    plain, work = find_paths(), find_paths(profile="work")
    for name in ("config_file", "data_dir", "cache_dir", "state_dir"):
        assert getattr(plain, name) != getattr(work, name)


@pytest.mark.parametrize("name", ["../x", "a/b", ".", " ", "-x", "a\nb", "x" * 65])
def test_a_profile_is_a_plain_name(name: str) -> None:
    with pytest.raises(UsageError, match="profile"):
        find_paths(profile=name)


def test_a_data_folder_gets_a_cache_of_its_own(tmp_path: Path) -> None:
    one = find_paths(data_dir=tmp_path / "a").cache_dir
    assert one != find_paths(data_dir=tmp_path / "b").cache_dir
    assert one == find_paths(data_dir=str(tmp_path / "a")).cache_dir


def test_arguments_win_over_the_environment(tmp_path: Path) -> None:
    env = {"SMARTGALLERY_DATA_DIR": "/env/data", "SMARTGALLERY_CONFIG": "/env/c.toml"}
    paths = find_paths(data_dir=tmp_path, env=env)
    assert paths.data_dir == tmp_path
    assert paths.config_file == Path("/env/c.toml")
    assert paths.themes_dir == Path("/env/themes")

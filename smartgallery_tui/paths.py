"""Where the program keeps its files: XDG folders, a set for each profile."""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs

from smartgallery_tui.errors import UsageError
from smartgallery_tui.records.home import at_home

if TYPE_CHECKING:
    from collections.abc import Mapping

APP_NAME = "smartgallery"
_PROFILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")


@dataclass(frozen=True, slots=True)
class Paths:
    """The folders and files of one profile. None of them has to exist."""

    config_file: Path
    data_dir: Path
    """`index.db`, `user.db` and their backups."""
    cache_dir: Path
    """`thumbs.db`: may be deleted at any time."""
    state_dir: Path
    """The log and crash reports."""
    profile: str = ""

    @property
    def log_file(self) -> Path:
        """Return the file that the log is written to."""
        return self.state_dir / "smartgallery.log"

    @property
    def themes_dir(self) -> Path:
        """Return the folder for a user's own theme files."""
        return self.config_file.parent / "themes"

    @property
    def rules_file(self) -> Path:
        """Return the file in which a user teaches node classes."""
        return self.config_file.parent / "nodes.toml"

    @property
    def demo_dir(self) -> Path:
        """Return the folder of the sample library."""
        return self.data_dir / "demo"


def find_paths(
    *,
    profile: str = "",
    config_file: str | Path | None = None,
    data_dir: str | Path | None = None,
    cache_dir: str | Path | None = None,
    env: Mapping[str, str] | None = None,
) -> Paths:
    """Return the paths of a profile; what is given wins over the environment and the defaults.

    Args:
        profile: Name of a profile; "" takes `SMARTGALLERY_PROFILE`, then the default one.
        config_file: Replaces `config.toml`.
        data_dir: Replaces the data folder; the cache then gets a folder of its own, too.
        cache_dir: Replaces the cache folder.
        env: Environment, `os.environ` if None. XDG folders always come from the process.

    Raises:
        UsageError: The profile's name could not be a folder name.
    """
    values = os.environ if env is None else env
    profile = profile or values.get("SMARTGALLERY_PROFILE", "")
    if profile and not _PROFILE.fullmatch(profile):
        raise UsageError(f"profile {profile!r}: use letters, digits, '-', '_' and '.' only")
    part = Path("profiles", profile) if profile else Path()
    config = config_file or values.get("SMARTGALLERY_CONFIG")
    data = data_dir or values.get("SMARTGALLERY_DATA_DIR")
    cache = cache_dir or values.get("SMARTGALLERY_CACHE_DIR")
    return Paths(
        config_file=_absolute(config)
        if config
        else platformdirs.user_config_path(APP_NAME) / part / "config.toml",
        data_dir=_absolute(data) if data else platformdirs.user_data_path(APP_NAME) / part,
        cache_dir=_absolute(cache) if cache else _cache_dir(part, data),
        state_dir=platformdirs.user_state_path(APP_NAME) / part,
        profile=profile,
    )


def _absolute(path: str | Path) -> Path:
    return at_home(path).absolute()


def _cache_dir(part: Path, data: str | Path | None) -> Path:
    """Return the default cache folder: one for each data folder, so that they never mix."""
    base = platformdirs.user_cache_path(APP_NAME)
    if not data:
        return base / part
    digest = hashlib.blake2b(os.fsencode(_absolute(data)), digest_size=6).hexdigest()
    return base / f"data-{digest}"

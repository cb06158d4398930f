"""What the caller of the app decides, and what it lends to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from smartgallery_tui.library import Library
    from smartgallery_tui.records.themes import ThemeSpec


@dataclass(frozen=True, slots=True)
class FirstRun:
    """What the first screen says and can do where no folder is known."""

    looked: tuple[str, ...] = ()
    """Where a ComfyUI was looked for, one line each."""
    found: str = ""
    """An output folder to offer, or ""."""
    how: str = ""
    """What led there."""
    missing: str = ""
    """The configured folder, where it is not there."""
    open_folder: Callable[[str], Library] | None = None
    """Opens a library on a folder; raises `SmartGalleryError` with one line. Any thread."""
    make_demo: Callable[[], Library] | None = None
    """Makes the demo library and opens it. Any thread."""


@dataclass(frozen=True, slots=True)
class AppOptions:
    """How one run of the app behaves."""

    themes: tuple[ThemeSpec, ...] = ()
    theme: str = ""
    """Name of a theme; "" takes the one of the settings."""
    query: str = ""
    """The search to start with."""
    start_path: str = ""
    """A file to put the cursor on."""
    is_pick: bool = False
    """Enter chooses the marked items and leaves; `q` chooses nothing."""
    is_following: bool = False
    """Show the newest output as it lands."""
    is_syncing: bool = True
    """Bring the index up to date at the start."""
    notices: tuple[str, ...] = ()
    """Lines to show once: settings that cannot be used and the like."""
    state: Mapping[str, Any] = field(default_factory=dict)
    """What the screens kept from an earlier run."""
    first_run: FirstRun = field(default_factory=FirstRun)
    write_crash_report: Callable[[BaseException], str] | None = None
    """Writes a report without prompts or values of variables and returns its path."""
    save_setting: Callable[[str, object], None] | None = None
    """Writes one setting (`view.theme`) to the user's file; raises `SmartGalleryError`."""
    check_setting: Callable[[str, object], str] | None = None
    """Raises `SmartGalleryError` with one line where a value cannot be used, returns one where it
    may be kept but something will not work. Any thread."""
    setting_texts: Mapping[str, str] = field(default_factory=dict)
    """What each setting (`view.theme`) is and may be, in one line."""
    fixed_settings: Mapping[str, str] = field(default_factory=dict)
    """Settings that the file does not decide, with what decides them."""
    list_folders: Callable[[str], list[str]] | None = None
    """Returns the folders inside a folder, for choosing one; [] where it cannot be read."""
    changed_settings: Callable[[], tuple[dict[str, object], list[str]]] | None = None
    """Returns the settings (`view.theme`) whose lines in the file changed since the last call,
    and what is wrong with the file. Any thread."""
    is_read_only_forced: bool = False
    """Read-only was asked for when the program was started: no setting takes it back."""
    is_slow_link: bool = False
    """True over SSH: escape sequences may be torn, confirmations wait a little longer."""


@dataclass(slots=True)
class AppResult:
    """What a run left behind."""

    code: int = 0
    """Exit code: 0, 1 where `pick` was left without a choice, 130 interrupted."""
    state: dict[str, Any] = field(default_factory=dict)
    """What the screens want back the next time."""
    picked: tuple[str, ...] = ()
    """Paths chosen by `pick`."""
    message: str = ""
    """One line for the terminal after the screen is restored."""

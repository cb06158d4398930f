"""Settings and the grid: opens their screen, and looks as changed ones say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

from smartgallery_tui.ui.messages import Said
from smartgallery_tui.ui.screens.settings import SettingsScreen

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from textual.app import App

    from smartgallery_tui.records import ViewSettings
    from smartgallery_tui.ui.session import Session
    from smartgallery_tui.ui.widgets.thumb_grid import ThumbGrid


@runtime_checkable
class TakesSettings(Protocol):
    """An app that can use changed settings at once."""

    def use_settings(self, values: Mapping[str, object]) -> None:
        """Use changed settings."""


def open_settings(app: App[object], session: Session) -> None:
    """Show the settings; the app uses what is saved there."""
    options = session.options
    if options.save_setting is None:
        app.post_message(
            Said(
                "Settings cannot be written in this run; `smartgallery paths` names their file.",
                "warning",
            )
        )
        return
    app.push_screen(SettingsScreen(session.library.settings, options, session.background))


def switch_hidden(app: App[object], session: Session) -> None:
    """Index hidden files too, or leave them out again; for this run."""
    is_on = not session.library.settings.scan.hidden
    if not session.library.can_index:
        app.post_message(
            Said("The index cannot be written; `smartgallery doctor` says why.", "warning")
        )
    elif isinstance(app, TakesSettings):
        words = "Hidden files are shown." if is_on else "Hidden files are left out."
        app.post_message(Said(words, "information"))
        app.use_settings({"scan.hidden": is_on})


def use_view(grid: ThumbGrid, view: ViewSettings, changed: Collection[str]) -> None:
    """Look as changed settings say."""
    if "view.thumbnail_size" in changed:
        grid.picture_px = view.thumbnail_size
    if "view.density" in changed:
        grid.density = view.density

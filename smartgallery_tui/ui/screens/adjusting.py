"""Settings and the grid: opens their screen and follows what was changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

from smartgallery_tui.ui.messages import Said
from smartgallery_tui.ui.screens.remembering import RememberingGrid
from smartgallery_tui.ui.screens.settings import SettingsScreen

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from smartgallery_tui.records import ViewSettings


@runtime_checkable
class TakesSettings(Protocol):
    """An app that can use changed settings at once."""

    def use_settings(self, values: Mapping[str, object]) -> None:
        """Use changed settings."""


class AdjustingGrid(RememberingGrid):
    """The part of the grid that knows of settings."""

    def action_settings(self) -> None:
        """Change the settings."""
        options = self.session.options
        if options.save_setting is None:
            self.app.post_message(Said("Settings cannot be written in this run.", "warning"))
            return
        settings = self.session.library.settings
        screen = SettingsScreen(settings, options, self.session.background)
        self.app.push_screen(screen, self._settings_saved)

    def action_hidden(self) -> None:
        """Index hidden files too, or leave them out again; for this run."""
        is_on = not self.session.library.settings.scan.hidden
        if not self.session.library.can_index:
            words = "The index cannot be written; it stays as it is."
            self.app.post_message(Said(words, "warning"))
        elif isinstance(self.app, TakesSettings):
            words = "Hidden files are shown." if is_on else "Hidden files are left out."
            self.app.post_message(Said(words, "information"))
            self.app.use_settings({"scan.hidden": is_on})

    def _settings_saved(self, changed: Mapping[str, object] | None) -> None:
        if changed and isinstance(self.app, TakesSettings):
            self.app.use_settings(changed)

    def use_view(self, view: ViewSettings, changed: Collection[str]) -> None:
        """Look as changed settings say."""
        if "view.thumbnail_size" in changed:
            self.grid.picture_px = view.thumbnail_size
        if "view.density" in changed:
            self.grid.density = view.density

    def view_changed(self) -> None:
        """Ask again: the library shows other folders."""
        self.refresh_soon()

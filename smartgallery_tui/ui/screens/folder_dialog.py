"""The dialog that asks for a folder of this machine, wherever one is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartgallery_tui.ui.screens.names import TextPopup
from smartgallery_tui.ui.screens.path_picker import PathPopup

if TYPE_CHECKING:
    from textual.screen import Screen

    from smartgallery_tui.ui.background import Background
    from smartgallery_tui.ui.options import AppOptions


def folder_dialog(
    title: str, path: str, options: AppOptions, background: Background
) -> Screen[str | None]:
    """Return a dialog whose result is the path of a folder as typed.

    Args:
        title: Heading; ours.
        path: What is there now, or "": then it begins in the home folder.
        options: Lends what lists folders; without it the path is typed.
        background: The lanes.
    """
    if options.list_folders is None:
        return TextPopup(title, path)
    return PathPopup(title, path, options.list_folders, background)

"""What all screens of one run share: the library, the lanes, the keys, the marks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from smartgallery_tui.ui.marks import Marks

if TYPE_CHECKING:
    from smartgallery_tui.library import Library
    from smartgallery_tui.terminal import TerminalCaps
    from smartgallery_tui.ui.background import Background
    from smartgallery_tui.ui.keymap import Keymap
    from smartgallery_tui.ui.options import AppOptions
    from smartgallery_tui.ui.pictures.layer import PictureLayer
    from smartgallery_tui.ui.result_view import ResultView


@dataclass(slots=True)
class Session:
    """Given to every screen; only the event loop changes it."""

    library: Library
    caps: TerminalCaps
    options: AppOptions
    keymap: Keymap
    background: Background
    pictures: PictureLayer
    marks: Marks = field(default_factory=Marks)
    view: ResultView | None = None
    """The open result; the detail walks through the same one."""
    is_info_open: bool = False
    """The information panel stays as it was left."""
    info_tab: str = "fields"
    """Its tab stays as well."""

"""What all screens of one run share: the library, the lanes, the keys, the marks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from smartgallery_tui.ui.frame_shelf import FrameShelf
from smartgallery_tui.ui.info import TABS
from smartgallery_tui.ui.marks import Marks
from smartgallery_tui.ui.messages import Said
from smartgallery_tui.ui.works import Works

if TYPE_CHECKING:
    from collections.abc import Mapping

    from smartgallery_tui.library import Library
    from smartgallery_tui.terminal import TerminalCaps
    from smartgallery_tui.ui.background import Background
    from smartgallery_tui.ui.grouping import Grouping
    from smartgallery_tui.ui.keymap import Keymap
    from smartgallery_tui.ui.options import AppOptions
    from smartgallery_tui.ui.pictures.layer import PictureLayer
    from smartgallery_tui.ui.result_view import ResultView


_TOLD = 100


@dataclass(slots=True)
class Session:
    """Given to every screen; only the event loop changes it."""

    library: Library
    caps: TerminalCaps
    options: AppOptions
    keymap: Keymap
    background: Background
    pictures: PictureLayer
    frames: FrameShelf = field(default_factory=FrameShelf)
    """Frames of videos and animated pictures that are shown."""
    marks: Marks = field(default_factory=Marks)
    view: ResultView | None = None
    """The open result; the detail walks through the same one."""
    steps_by: Grouping = "day"
    """What the large view steps by from group to group."""
    is_info_open: bool = False
    """The information panel stays as it was left."""
    is_grid_info_open: bool = False
    """The panel beside the cards, too."""
    is_zen: bool = False
    """Only pictures are shown."""
    is_following: bool = False
    """The newest file is shown as it lands."""
    is_culling: bool = False
    """A judgement steps on to the next item."""
    held_id: int | None = None
    """The item judged last: it stays in its place until the next step, whatever is searched for."""
    works: Works = field(default_factory=Works)
    """Changes of files on their way."""
    is_stale: bool = False
    """The open result is to be asked for again after the next step."""
    state: dict[str, Any] = field(default_factory=dict)
    """What earlier runs left, and what this one leaves."""
    info_tab: str = "fields"
    """Its tab stays as well."""

    told: list[str] = field(default_factory=list)
    """What scans have told in this run and earlier ones, newest last."""

    def is_new(self, text: str) -> bool:
        """Note that something is told; return whether it is for the first time."""
        is_new = text not in self.told
        if is_new:
            self.told = [*self.told, text][-_TOLD:]
        return is_new

    def refusal(self, what: str) -> Said | None:
        """Return why nothing may be changed, after `what` then is not done; None: it may be."""
        why = self.library.why_read_only
        return Said(f"Read-only: {what}; {why}.", "warning") if why else None

    def take_state(self, state: Mapping[str, Any]) -> None:
        """Take what an earlier run left, as far as it makes sense."""
        self.state = dict(state)
        self.is_info_open = state.get("info_open") is True
        self.is_zen = state.get("zen") is True
        self.is_grid_info_open = state.get("grid_info_open") is True
        told = state.get("told")
        self.told = [str(text) for text in told][-_TOLD:] if isinstance(told, list) else []
        if state.get("info_tab") in TABS:
            self.info_tab = state["info_tab"]

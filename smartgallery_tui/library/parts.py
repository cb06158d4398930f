"""The parts of an open library, put together: who is handed what is decided here alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartgallery_tui.library.bringing import Bringing
from smartgallery_tui.library.changes import Changing
from smartgallery_tui.library.explaining import Explaining
from smartgallery_tui.library.exporting import Exporting
from smartgallery_tui.library.folders import Folders
from smartgallery_tui.library.following import Following
from smartgallery_tui.library.handing_over import HandingOver
from smartgallery_tui.library.indexing import Indexing
from smartgallery_tui.library.keeping import Keeping
from smartgallery_tui.library.looking import Looking
from smartgallery_tui.library.marking import Marking
from smartgallery_tui.library.opening import Opening
from smartgallery_tui.library.operating import Operating
from smartgallery_tui.library.recovering import Recovering
from smartgallery_tui.library.remembering import Remembering
from smartgallery_tui.library.searching import search_engine
from smartgallery_tui.library.settling import Settling
from smartgallery_tui.library.showing import Showing
from smartgallery_tui.library.stepping import Stepping
from smartgallery_tui.library.syncing import Syncing
from smartgallery_tui.library.trashing import Trashing
from smartgallery_tui.library.volumes import Volumes

if TYPE_CHECKING:
    from smartgallery_tui.library.context import Context


class Parts:
    """One of each.

    A part knows the context and the parts that it is handed, all of them made before it: there
    is no way round in a circle.

    Args:
        context: The open library; its view is chosen.
    """

    def __init__(self, context: Context) -> None:
        self.context = context
        self.folders = Folders(context)
        self.explaining = Explaining(context.store)
        self.looking = Looking(context)
        self.searching = search_engine(context)
        self.showing = Showing(context, self.looking.item)
        self.marking = Marking(context)
        self.remembering = Remembering(context)
        self.volumes = Volumes(context, self.explaining)
        self.keeping = Keeping(context, self.explaining, self.volumes)
        self.indexing = Indexing(context, self.explaining)
        self.following = following = Following(context, self.indexing.index_paths)
        self.operating = operating = Operating(context, following)
        self.changing = Changing(operating, self.looking, self.marking)
        self.trashing = Trashing(context, operating, following)
        self.stepping = Stepping(context, operating, following)
        self.recovering = Recovering(context, following)
        self.bringing = Bringing(context, self.folders, operating, following, self.showing)
        self.exporting = Exporting(context, self.looking, self.marking)
        self.syncing = Syncing(
            context, self.folders, self.explaining, self.showing, self.keeping.daily_problems,
            (self.indexing.index_waiting, self.trashing.empty_by_age),
        )  # fmt: skip
        self.settling = Settling(context, self.folders, self.showing)
        self.handing_over = HandingOver(context.data_dir)
        self.opening = Opening(context)

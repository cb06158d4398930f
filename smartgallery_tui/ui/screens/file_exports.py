"""The dialogs of the `e` menu: where to, and what goes into an archive."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual.content import Content

from smartgallery_tui.ui import file_calls
from smartgallery_tui.ui.actions import EXPORTS
from smartgallery_tui.ui.content import line, plain
from smartgallery_tui.ui.screens.path_picker import PlacePopup
from smartgallery_tui.ui.screens.popup import ChoicePopup
from smartgallery_tui.ui.works import Work

if TYPE_CHECKING:
    from smartgallery_tui.ui.file_messages import ExportReady
    from smartgallery_tui.ui.scope import Scope
    from smartgallery_tui.ui.screens.base import GalleryScreen

ARCHIVE = "archive"
ARCHIVE_ENDINGS = (".zip", ".tar", ".tar.gz", ".tgz")
TABLES = frozenset({"csv", "jsonl"})


class ExportDialogs:
    """Asks what an export needs to know, one dialog after the other.

    Args:
        screen: The screen that they open over.
    """

    def __init__(self, screen: GalleryScreen) -> None:
        self._screen = screen
        self._session = screen.session

    def begin(self, kind: str, scope: Scope) -> None:
        """Look for a folder to offer."""
        last = str(self._session.state.get("export_folder", ""))
        call = file_calls.export_place(self._session.library, kind, scope, last)
        self._screen.read_for_dialog("looking for a folder", call)

    def ask(self, ready: ExportReady) -> None:
        """Ask where to."""
        kind, scope, folder = ready.kind, ready.scope, ready.folder
        what = next(text for _key, each, text in EXPORTS if each == kind)
        if kind == ARCHIVE:
            title = f"Pack {scope.words} into"
            foot = "Enter goes on; the name ends in .zip, .tar or .tar.gz. Tab goes into a folder."
            folder = f"{folder.rstrip('/')}/smartgallery.zip"
        else:
            title = f"Export {what} of {scope.words} to the folder"
            foot = "Enter writes, Tab goes into a folder, Esc leaves. A taken name gets a number."
        popup = PlacePopup(
            line(title), folder, self._session.library.list_inside, self._session.background,
            foot=foot,
        )  # fmt: skip
        then = self._choose_contents if kind == ARCHIVE else partial(self._export, kind)
        self._screen.app.push_screen(popup, partial(then, scope))

    def _export(self, kind: str, scope: Scope, folder: str | None) -> None:
        if not folder:
            return
        if kind != "workflow":
            self._session.state["export_folder"] = folder
        change = file_calls.export(self._session.library, kind, folder)
        is_one = kind in TABLES
        done = "written to" if is_one else f"exported to {plain(folder, 120)}"
        self._screen.want(
            Work("export", done, scope.ids, change, is_one_file=is_one, is_changing=False)
        )

    def _choose_contents(self, scope: Scope, path: str | None) -> None:
        """Ask what goes into an archive."""
        if not path:
            return
        if not path.lower().endswith(ARCHIVE_ENDINGS):
            path += ".zip"
        choices = [(key, letters, Content(text)) for key, letters, text in file_calls.PACKED]
        last = str(self._session.state.get("packed", ""))
        popup = ChoicePopup("What goes into the archive", choices, current=last)
        self._screen.app.push_screen(popup, partial(self._pack, scope, path))

    def _pack(self, scope: Scope, path: str, contents: str | None) -> None:
        if contents is None:
            return
        self._session.state["packed"] = contents
        self._session.state["export_folder"] = path.rpartition("/")[0] or "/"
        library, is_remote = self._session.library, self._session.caps.is_remote
        change = file_calls.packing(library, path, contents)
        work = Work(
            "pack", "packed into", scope.ids, change, is_one_file=True, is_changing=False,
            fetch_line=library.fetch_command if is_remote else None,
        )  # fmt: skip
        self._screen.want(work)

"""Changes of files as calls for lanes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from smartgallery_tui.errors import SmartGalleryError
from smartgallery_tui.records import CANCELLED, FileProgress, Outcome
from smartgallery_tui.ui.file_messages import (
    ExportReady,
    FolderAnswered,
    FoldersLoaded,
    ImportPlanned,
    ImportReady,
    NameChecked,
    ScopeKnown,
    Stepped,
    TrashLoaded,
    WorkDone,
    WorkGoesOn,
)
from smartgallery_tui.ui.messages import CallFailed
from smartgallery_tui.ui.scope import FolderChoice, FolderList, look_up
from smartgallery_tui.ui.works import Either

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Sequence

    from textual.message import Message
    from textual.message_pump import MessagePump

    from smartgallery_tui.library import Library
    from smartgallery_tui.records import Item, Told
    from smartgallery_tui.ui.background import Call
    from smartgallery_tui.ui.result_view import ResultView
    from smartgallery_tui.ui.scope import Scope
    from smartgallery_tui.ui.works import Change, Job

_UNEXPECTED = "it failed unexpectedly; the log has the place"
_SHOWN_ROWS = 500
"""Rows read again after a change; the others are read when they come into view."""

_TABLES = frozenset({"csv", "jsonl"})
PACKED = (
    ("1", "", "the files"),
    ("2", "w", "the files and their workflows"),
    ("3", "t", "the files and a table (CSV)"),
    ("4", "wt", "the files, their workflows and a table"),
    ("5", "c", "clean copies without metadata"),
)
"""What an archive may hold: key, letters for `packing`, words."""


def working(library: Library, job: Job, listener: MessagePump) -> Call:
    """Return a call that makes a change of files and tells how far it is."""
    work = job.work

    def told(progress: FileProgress) -> None:
        listener.post_message(WorkGoesOn(job, progress))

    def call(cancelled: threading.Event) -> None:
        outcomes = [Outcome(one, ok=False, reason=_UNEXPECTED) for one in work.ids or (0,)]
        items: list[Item] = []
        try:
            outcomes = _outcomes(job, cancelled, told)
            items = _rows(library, outcomes)
        finally:  # whatever happens, it is over
            listener.post_message(WorkDone(job, outcomes, items))

    return call


def _outcomes(job: Job, cancelled: threading.Event, told: Told) -> list[Outcome]:
    work = job.work
    if job.stop.is_set():
        return [Outcome(one, ok=False, reason=CANCELLED) for one in work.ids]
    told(FileProgress(0, work.total or len(work.ids)))
    try:
        return work.change(work.ids, Either(cancelled, job.stop), told)
    except SmartGalleryError as error:
        return [Outcome(one, ok=False, reason=str(error)) for one in work.ids or (0,)]


def _rows(library: Library, outcomes: Sequence[Outcome]) -> list[Item]:
    return library.items([outcome.id for outcome in outcomes[:_SHOWN_ROWS] if outcome.id])


def stepping(library: Library, job: Job, listener: MessagePump, *, is_undo: bool) -> Call:
    """Return a call that takes the last change back, or makes it again."""

    def told(progress: FileProgress) -> None:
        listener.post_message(WorkGoesOn(job, progress))

    def call(_cancelled: threading.Event) -> None:
        outcomes = [Outcome(0, ok=False, reason=_UNEXPECTED)]
        items: list[Item] = []
        try:
            outcomes = library.undo(told) if is_undo else library.redo(told)
            items = _rows(library, outcomes)
        except SmartGalleryError as error:
            outcomes = [Outcome(0, ok=False, reason=str(error))]
        finally:  # whatever happens, it is over
            listener.post_message(Stepped(is_undo, outcomes, items, job))

    return call


def scope_of(view: ResultView | None, ids: Sequence[int], then: Callable[[Scope], None]) -> Call:
    """Return a call that counts how many of the marked items are outside the view."""
    return lambda _cancelled: ScopeKnown(look_up(view, ids), then)


def check_name(library: Library, item: Item, text: str) -> Call:
    """Return a call that tells what is wrong with a new name."""
    return lambda _cancelled: NameChecked(text, library.name_problem(item.id, text))


def folders(library: Library, here: str, then: Callable[[FolderList, str], None]) -> Call:
    """Return a call that reads the folders of the library."""

    def call(_cancelled: threading.Event) -> FoldersLoaded:
        found = FolderList(tuple(library.folders()), tuple(library.newest_folders()))
        return FoldersLoaded(found, here or library.default_folder(), then)

    return call


def folder_change(what: str, change: Callable[[], Outcome]) -> Call:
    """Return a call that makes, renames or trashes a folder."""
    return lambda _cancelled: FolderAnswered(what, change())


def export_place(library: Library, kind: str, scope: Scope, last: str) -> Call:
    """Return a call that finds a folder to offer: ComfyUI's own one for workflows."""

    def call(_cancelled: threading.Event) -> ExportReady:
        comfy = library.comfy_workflows_folder() if kind == "workflow" else ""
        return ExportReady(kind, scope, comfy or last or library.export_folder())

    return call


def export(library: Library, kind: str, folder: str) -> Change:
    """Return a change that writes something of each item, or a table of all, into a folder."""

    def write(ids: Sequence[int], cancelled: threading.Event, told: Told) -> list[Outcome]:
        if kind in _TABLES:
            made = library.export_table(ids, folder, kind, cancelled=cancelled)
            return [replace(made, id=one) for one in ids] if made.ok else [made]
        return library.export(ids, folder, kind=kind, cancelled=cancelled, told=told)

    return write


def pasted(library: Library, text: str, folder: str) -> Call:
    """Return a call that tells whether a pasted text names files to import."""

    def call(_cancelled: threading.Event) -> Message | None:
        paths = library.importable(text)
        if not paths:
            return None
        place = FolderChoice(folder or library.default_folder())
        return ImportPlanned(library.import_plan(paths), place)

    return call


def import_place(library: Library, folder: str) -> Call:
    """Return a call that finds the folder that an import goes to."""
    return lambda _cancelled: ImportReady(folder or library.default_folder())


def planned(library: Library, path: str, folder: str) -> Call:
    """Return a call that tells what an import of a typed path would take."""

    def call(_cancelled: threading.Event) -> Message:
        plan = library.import_plan([path])
        if not plan.paths:
            reason = f"{path} is not there, or holds nothing that can be imported"
            return CallFailed("import", reason, "warning")
        return ImportPlanned(plan, FolderChoice(folder or library.default_folder()))

    return call


def importing(
    library: Library, paths: Sequence[str], place: FolderChoice, *, takes_large: bool = False
) -> Change:
    """Return a change that imports files into a folder, made first if it is named; it takes no ids.

    What is tried again finds the folder there.
    """

    def bring(_ids: Sequence[int], cancelled: threading.Event, told: Told) -> list[Outcome]:
        folder = place.folder
        if place.new_name:
            made = library.make_folder(folder, place.new_name)
            folder = made.path if made.ok else f"{folder}/{place.new_name}"
        limit = 0 if takes_large else None
        return library.import_files(paths, folder, cancelled, told, max_mb=limit)

    return bring


def packing(library: Library, path: str, contents: str) -> Change:
    """Return a change that packs items into an archive.

    Args:
        library: Whose items.
        path: Of the archive.
        contents: What goes in: letters of `PACKED`.
    """

    def pack(ids: Sequence[int], cancelled: threading.Event, told: Told) -> list[Outcome]:
        return library.export_archive(
            ids, path, clean="c" in contents, workflows="w" in contents, table="t" in contents,
            cancelled=cancelled, told=told,
        )  # fmt: skip

    return pack


def moving(library: Library, folder: str, new_name: str, *, is_copy: bool) -> Change:
    """Return a change that moves or copies items into a folder, made first if it is named."""

    def carry(ids: Sequence[int], cancelled: threading.Event, told: Told) -> list[Outcome]:
        target = folder
        if new_name:
            made = library.make_folder(folder, new_name)
            if not made.ok:
                return [Outcome(item_id, ok=False, reason=made.reason) for item_id in ids]
            target = made.path
        act = library.copy if is_copy else library.move
        return act(ids, target, cancelled, told)

    return carry


def trash_entries(library: Library) -> Call:
    """Return a call that reads what lies in the trash."""
    return lambda _cancelled: TrashLoaded(library.trashed())


def renaming(library: Library, new_name: str) -> Change:
    """Return a change that renames one item."""
    return lambda ids, _cancelled, _told: library.rename(ids[0], new_name)

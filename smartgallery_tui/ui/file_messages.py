"""Messages about changes of files: what is wanted, how far it is, what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from collections.abc import Callable

    from smartgallery_tui.records import FileProgress, ImportPlan, Item, Outcome, Trashed
    from smartgallery_tui.ui.scope import FolderChoice, FolderList, Scope
    from smartgallery_tui.ui.works import Job, Work


@dataclass
class WorkWanted(Message):
    """A change of files is to be made."""

    work: Work


class WorkGoesOn(Message):
    """A change of files goes on; a newer message replaces it in the queue."""

    def __init__(self, job: Job, progress: FileProgress) -> None:
        self.job = job
        self.progress = progress
        super().__init__()

    def can_replace(self, message: Message) -> bool:
        """Tell whether `message`, which waits in the queue, may be dropped for this one."""
        return isinstance(message, WorkGoesOn) and message.job is self.job


@dataclass
class WorkDone(Message):
    """A change of files has ended, wholly or in part."""

    job: Job
    outcomes: list[Outcome]
    items: list[Item]
    """Rows as they are now."""


@dataclass
class FailuresWanted(Message):
    """What of a change was not done is to be shown."""

    job: Job


@dataclass
class Stepped(Message):
    """An action was taken back or done again."""

    is_undo: bool
    outcomes: list[Outcome]
    items: list[Item]
    job: Job


@dataclass
class ScopeKnown(Message):
    """How many of the marked items are outside the view is known."""

    scope: Scope
    then: Callable[[Scope], None]


@dataclass
class NameChecked(Message):
    """A name that is being typed was checked."""

    text: str
    problem: str


@dataclass
class FoldersLoaded(Message):
    """The folders of the library, for a picker."""

    folders: FolderList
    here: str
    """The folder of the current item, or the first one."""
    then: Callable[[FolderList, str], None]


@dataclass
class FolderAnswered(Message):
    """A folder was made, renamed or trashed, or could not be."""

    what: str
    outcome: Outcome


@dataclass
class ExportReady(Message):
    """A place to export to is known."""

    kind: str
    scope: Scope
    folder: str


@dataclass
class ImportPlanned(Message):
    """What an import would take is known."""

    plan: ImportPlan
    place: FolderChoice
    """Where to: a folder of the library, or one to be made."""


@dataclass
class ImportReady(Message):
    """A folder of the library to import into is known."""

    folder: str


@dataclass
class TrashLoaded(Message):
    """What lies in the trash."""

    entries: list[Trashed]

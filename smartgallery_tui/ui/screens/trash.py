"""The trash: what lies in it, the way back, the way out for ever."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static
from textual.widgets.option_list import Option

from smartgallery_tui.ui import file_calls
from smartgallery_tui.ui import format as words
from smartgallery_tui.ui.content import fit, line
from smartgallery_tui.ui.file_messages import TrashLoaded, WorkWanted
from smartgallery_tui.ui.screens.beside import BesideScreen
from smartgallery_tui.ui.screens.file_dialogs import TypedPopup
from smartgallery_tui.ui.widgets.choice_list import ChoiceList
from smartgallery_tui.ui.works import Work

if TYPE_CHECKING:
    import threading
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from smartgallery_tui.records import Outcome, Told, Trashed
    from smartgallery_tui.ui.session import Session

_NEXT_CELLS = 40
_FOOT = "Enter restores  Space marks  D deletes for ever  E empties  ? keys  Esc back"


class TrashScreen(BesideScreen):
    """A list of what was thrown away, the newest first.

    Args:
        session: What all screens share.
        grace_s: How long questions ignore keys after opening.
    """

    HELP_TITLE = "Keys of the trash"
    AUTO_FOCUS = "ChoiceList"
    SHOWS_JOBS: ClassVar = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "dismiss(None)", "Close", show=False),
        Binding("enter,r", "restore", "Bring back", show=False, priority=True),
        Binding("space,x", "mark", "Mark the entry and step on", show=False),
        Binding("A", "mark_all", "Mark all, or none", show=False),
        Binding("D,delete", "delete", "Delete for ever", show=False),
        Binding("E", "empty", "Delete everything here for ever", show=False),
    ]
    DEFAULT_CSS = """
    TrashScreen { background: $background; }
    TrashScreen #trash-title { height: 1; background: $panel; color: $accent; text-style: bold;
        padding: 0 1; }
    TrashScreen ChoiceList { height: 1fr; max-height: 100%; border: none; }
    TrashScreen #trash-foot { height: 1; background: $surface; color: $text-muted; padding: 0 1; }
    """

    def __init__(self, session: Session, *, grace_s: float) -> None:
        super().__init__()
        self._session = session
        self._grace_s = grace_s
        self._entries: list[Trashed] = []
        self._marked: set[str] = set()
        self._is_read = False

    @property
    def is_reading(self) -> bool:
        """True until what lies in the trash is here, or cannot be read: keys wait for it."""
        return not self._is_read and not self._session.background.pages.is_idle

    def compose(self) -> ComposeResult:
        """Make the list."""
        yield Static(Content("Trash"), id="trash-title")
        yield ChoiceList(id="trash")
        yield Static(Content(_FOOT), id="trash-foot")

    def on_mount(self) -> None:
        """Read what lies in the trash; a notice that is up would lie over it."""
        self.app.clear_notifications()
        self.load()

    def load(self) -> None:
        """Read again what lies in the trash."""
        call = file_calls.trash_entries(self._session.library)
        self._session.background.pages.submit("reading the trash", call, self)

    def show_progress(self) -> None:
        """Show how far a change is, in place of the keys."""
        running = self._session.works.text
        self.query_one("#trash-foot", Static).update(Content(running or _FOOT))

    def on_trash_loaded(self, message: TrashLoaded) -> None:
        """Show the entries."""
        self._is_read = True
        self._entries = message.entries
        self._marked &= {entry.trash_id for entry in self._entries}
        self._fill()

    def _fill(self) -> None:
        listed = self.query_one("#trash", ChoiceList)
        place = listed.highlighted or 0
        listed.clear_options()
        listed.add_options(Option(self._row(entry)) for entry in self._entries)
        if not self._entries:
            empty = Content.styled("The trash is empty.", "dim")
            listed.add_option(Option(empty, disabled=True))
        listed.highlighted = min(place, len(self._entries) - 1) if self._entries else None
        size = words.size(sum(entry.size_bytes for entry in self._entries))
        marked = f", {len(self._marked):,} marked" if self._marked else ""
        title = f"Trash: {words.count(len(self._entries), 'entry', 'entries')}, {size}{marked}"
        self.query_one("#trash-title", Static).update(Content(title))

    def _row(self, entry: Trashed) -> Content:
        folder, _, name = entry.original.rpartition("/")
        mark = "● " if entry.trash_id in self._marked else "  "
        when = words.date(entry.trashed_ns)
        size = "folder" if entry.is_folder else words.size(entry.size_bytes)
        room = max(12, self.size.width - 2 - 18 - 10)
        shown = fit(name, min(room, _NEXT_CELLS))
        pad = " " * max(1, _NEXT_CELLS + 1 - Content(shown).cell_length)
        rest = max(0, room - _NEXT_CELLS - 2)
        return Content.assemble(
            mark, (f"{when}  ", "dim"), (f"{size:>8}  ", "dim"), shown,
            pad if rest > 8 else "", (fit(folder, rest), "dim") if rest > 8 else "",
        )  # fmt: skip

    def on_resize(self) -> None:
        """Fit the rows to the width."""
        if self._entries:
            self._fill()

    def _chosen(self) -> list[Trashed]:
        if self._marked:
            return [entry for entry in self._entries if entry.trash_id in self._marked]
        place = self.query_one("#trash", ChoiceList).highlighted
        return [self._entries[place]] if place is not None and self._entries else []

    def action_mark(self) -> None:
        """Mark the highlighted entry and step on."""
        listed = self.query_one("#trash", ChoiceList)
        place = listed.highlighted
        if place is None or not self._entries:
            return
        self._marked ^= {self._entries[place].trash_id}
        self._fill()
        listed.highlighted = min(place + 1, len(self._entries) - 1)

    def action_mark_all(self) -> None:
        """Mark all entries, or none."""
        every = {entry.trash_id for entry in self._entries}
        self._marked = set() if self._marked == every else every
        self._fill()

    def action_restore(self) -> None:
        """Bring the chosen entries back."""
        chosen = self._chosen()
        if not chosen or self._refuses():
            return
        library = self._session.library

        def restore(_ids: Sequence[int], flag: threading.Event, told: Told) -> list[Outcome]:
            return library.restore(chosen, flag, told)

        work = Work("restore", "restored", (), restore, total=len(chosen))
        self.app.post_message(WorkWanted(work))

    def action_delete(self) -> None:
        """Delete the chosen entries for ever; a word has to be typed."""
        self._ask_to_delete(self._chosen(), "delete")

    def action_empty(self) -> None:
        """Delete everything here for ever; a word has to be typed."""
        self._ask_to_delete(self._entries, "empty")

    def _ask_to_delete(self, chosen: Sequence[Trashed], word: str) -> None:
        if not chosen or self._refuses():
            return
        size = words.size(sum(entry.size_bytes for entry in chosen))
        one = chosen[0].original.rpartition("/")[2] if len(chosen) == 1 else ""
        what = one or words.count(len(chosen), "entry", "entries")
        question = line(f"Delete {what} ({size}) for ever? Nothing brings it back.", "bold")
        popup = TypedPopup(question, word, grace_s=self._grace_s)
        self.app.push_screen(popup, partial(self._delete, list(chosen)))

    def _delete(self, chosen: list[Trashed], is_sure: bool | None) -> None:
        if not is_sure:
            return
        library = self._session.library

        def delete(_ids: Sequence[int], flag: threading.Event, told: Told) -> list[Outcome]:
            return library.delete_trashed(chosen, flag, told)

        size = words.size(sum(entry.size_bytes for entry in chosen))
        done = f"deleted for ever, {size} freed"
        work = Work("delete", done, (), delete, total=len(chosen))
        self.app.post_message(WorkWanted(work))

    def _refuses(self) -> bool:
        refusal = self._session.refusal("the trash stays as it is")
        if refusal is not None:
            self.app.post_message(refusal)
        return refusal is not None

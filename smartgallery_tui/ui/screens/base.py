"""What the grid and the detail have in common: keys from the registry, marks, help, palette."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Protocol, runtime_checkable

from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input, OptionList, Static

from smartgallery_tui.ui import format as words
from smartgallery_tui.ui.content import plain
from smartgallery_tui.ui.file_messages import WorkWanted
from smartgallery_tui.ui.messages import NoticesRead
from smartgallery_tui.ui.screens.help import gallery_help
from smartgallery_tui.ui.screens.popup import GRACE_S
from smartgallery_tui.ui.widgets.filter_sidebar import SLIM_COLUMNS
from smartgallery_tui.ui.widgets.status_line import HintBar
from smartgallery_tui.ui.widgets.which_key import WhichKey

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from smartgallery_tui.records import Event, Item
    from smartgallery_tui.ui.actions import Scope
    from smartgallery_tui.ui.background import Call
    from smartgallery_tui.ui.session import Session
    from smartgallery_tui.ui.works import Work

MIN_COLUMNS = 30
MIN_ROWS = 8

ROOMY_COLUMNS = 132
"""From this width on the list has a picture of its current item beside it."""


class TakesKeys(Protocol):
    """Can hold keys for a dialog."""

    @property
    def quiet_s(self) -> float:
        """How long no key has come."""

    def expect_dialog(self) -> None:
        """Hold keys until a dialog is there."""

    def expect_nothing(self) -> None:
        """Let keys act again."""


@runtime_checkable
class HasKeys(Protocol):
    """An app whose keys are read by an object of its own."""

    keys: TakesKeys


class GalleryScreen(Screen[None]):
    """A screen whose keys come from the registry.

    Args:
        session: What all screens share.
    """

    AUTO_FOCUS = ""
    scope: ClassVar[Scope]
    DEFAULT_CSS = """
    GalleryScreen { layers: default which-key; }
    GalleryScreen #too-small { display: none; }
    GalleryScreen.-choosing Toast { display: none; }
    GalleryScreen.-tiny > * { display: none; }
    GalleryScreen.-tiny > #too-small { display: block; }
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session

    @property
    def current(self) -> Item | None:
        """The item that an action without marks means."""
        raise NotImplementedError

    def targets(self) -> list[int]:
        """Return the ids that an action means."""
        raise NotImplementedError

    @property
    def position(self) -> int:
        """Position of the current item in the result."""
        raise NotImplementedError

    def view_replaced(self, index: int) -> None:
        """Take a new result, which has the shown item at `index`."""

    def step_on(self) -> None:
        """Go to the next item, in cull mode after a judgement."""
        raise NotImplementedError

    def go_to_item(self, item_id: int) -> None:
        """Go to an item of the open result, if it has it."""
        raise NotImplementedError

    def here(self) -> str:
        """Return the folder of the current item, or "" where there is none."""
        item = self.current
        return item.path[: -len(item.name)].rstrip("/") or "/" if item is not None else ""

    def what_is_meant(self) -> str:
        """Return what an action means: one name, or how many items."""
        ids = self.targets()
        if len(ids) == 1 and self.current is not None and self.current.id == ids[0]:
            return plain(self.current.name, 60)
        return words.count(len(ids), "item")

    @property
    def is_typing(self) -> bool:
        """True while keys belong to a text field or a list and not to the screen."""
        return isinstance(self.focused, (Input, OptionList))

    @property
    def is_settled(self) -> bool:
        """True when nothing waits to be asked."""
        return True

    def items_changed(self, items: Sequence[Item]) -> None:
        """Take newer versions of rows."""

    def marks_changed(self) -> None:
        """Show the marks as they are now."""

    def sync_news(self, event: Event) -> None:
        """Take an event of a running sync."""

    def extras(self) -> ComposeResult:
        """Make the list of second keys, and what takes over in a terminal without room."""
        yield WhichKey(id="which-key", markup=False)
        text = f"This terminal is too small: {MIN_COLUMNS} columns and {MIN_ROWS} rows are needed."
        yield Static(Content(text), id="too-small")

    def on_resize(self) -> None:
        """Change to a message and back as the room asks for it."""
        size = self.app.size
        self.set_class(self.session.caps.is_text, "-text")
        self.set_class(size.width < MIN_COLUMNS or size.height < MIN_ROWS, "-tiny")
        self.set_class(size.width < 100, "-narrow")
        self.set_class(size.width < SLIM_COLUMNS, "-slim")
        self.set_class(size.width >= ROOMY_COLUMNS, "-roomy")

    def on_screen_suspend(self) -> None:
        """Note that a dialog has come."""
        if isinstance(self.app, HasKeys):
            self.app.keys.expect_nothing()

    def refuses(self) -> bool:
        """Tell whether nothing may be changed, and say so."""
        refusal = self.session.refusal("nothing is changed")
        if refusal is not None:
            self.app.post_message(refusal)
        return refusal is not None

    def grace_s(self) -> float:
        """Return how long a question ignores keys: until it can have been seen."""
        return GRACE_S + self.session.caps.rtt_ms / 1000

    def want(self, work: Work) -> None:
        """Have a change of files made."""
        self.app.post_message(WorkWanted(work))

    def read_for_dialog(self, what: str, call: Call) -> None:
        """Read what a dialog shows; keys typed meanwhile are for the dialog."""
        self.session.background.detail.submit(what, call, self)
        if isinstance(self.app, HasKeys):
            self.app.keys.expect_dialog()

    def close_notices(self) -> None:
        """Have the notices that are up taken down: Esc means them, too."""
        self.app.post_message(NoticesRead())

    def action_help(self) -> None:
        """Show the keys of this screen."""
        hints = self.query_one_optional(HintBar)
        aside = hints.aside if hints is not None else ()
        self.app.push_screen(gallery_help(self.session.keymap, self.scope, aside))

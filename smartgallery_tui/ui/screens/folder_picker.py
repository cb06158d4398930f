"""A dialog to choose a folder of the library by typing, or to make one on the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.fuzzy import Matcher
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from smartgallery_tui.ui.content import line, plain
from smartgallery_tui.ui.screens.popup import Popup
from smartgallery_tui.ui.widgets.choice_list import ChoiceList

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

_SHOWN = 300


@dataclass(frozen=True, slots=True)
class FolderChoice:
    """A folder, or one to be made in it."""

    folder: str
    new_name: str = ""
    """Of a folder to be made in `folder`, or ""."""
    is_copy: bool = False


class FolderPicker(Popup[FolderChoice]):
    """Fuzzy search in the folders of the library.

    Args:
        title: Heading for each way, the second one for copies; "" where there is one way only.
        folders: Absolute paths.
        here: Where the current item is: new folders are offered there.
        can_make: Offer to make a folder.
    """

    AUTO_FOCUS = "Input"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Close", show=False),
        Binding("tab", "turn", "Move or copy", show=False, priority=True),
    ]
    DEFAULT_CSS = """
    FolderPicker > Vertical { width: 76; }
    FolderPicker Input { border: none; height: 1; padding: 0; background: $panel; }
    FolderPicker Input:focus { border: none; background-tint: transparent; }
    """

    def __init__(
        self, title: tuple[str, str], folders: Sequence[str], here: str, *, can_make: bool = True
    ) -> None:
        super().__init__()
        self._titles = title
        self._here = here
        self._can_make = can_make
        self._is_copy = False
        self._prefix = _common(folders)
        others = [folder for folder in folders if folder != here]
        self._folders = [here, *others] if here in folders else others
        self._shown: list[FolderChoice] = []

    def compose(self) -> ComposeResult:
        """Make the field and the list."""
        with Vertical():
            yield Static(Content(self._titles[0]), id="picker-title", classes="popup-title")
            yield Input(placeholder="type to narrow, or a new name", compact=True, id="folder")
            yield ChoiceList(id="folders")
            foot = "Enter chooses" + ("; Tab copies instead." if self._titles[1] else ".")
            yield Static(Content(foot), id="picker-foot", classes="popup-foot")

    def on_mount(self) -> None:
        """Fill the list."""
        self._fill("")

    def action_turn(self) -> None:
        """Change between moving and copying."""
        if self._titles[1]:
            self._is_copy = not self._is_copy
            self.query_one("#picker-title", Static).update(Content(self._titles[self._is_copy]))
            words = "moves" if self._is_copy else "copies"
            self.query_one("#picker-foot", Static).update(
                Content(f"Enter chooses; Tab {words} instead.")
            )

    @on(Input.Changed, "#folder")
    def _narrow(self, event: Input.Changed) -> None:
        self._fill(event.value)

    @on(Input.Submitted, "#folder")
    def _first(self) -> None:
        self._choose(self.query_one("#folders", ChoiceList).highlighted or 0)

    @on(OptionList.OptionSelected)
    def _picked(self, event: OptionList.OptionSelected) -> None:
        self._choose(event.option_index)

    def _choose(self, place: int) -> None:
        if place < len(self._shown):
            chosen = self._shown[place]
            self.dismiss(FolderChoice(chosen.folder, chosen.new_name, self._is_copy))

    def on_key(self, event: events.Key) -> None:
        """Move the highlight while the field has the keys."""
        if event.key not in {"down", "up"} or not self.query_one("#folder", Input).has_focus:
            return
        event.stop()
        folders = self.query_one("#folders", ChoiceList)
        if event.key == "down":
            folders.action_cursor_down()
        else:
            folders.action_cursor_up()

    def _fill(self, wanted: str) -> None:
        self._shown = [FolderChoice(folder) for folder in self._best(wanted)[:_SHOWN]]
        self._shown += self._new(wanted.strip())
        folders = self.query_one("#folders", ChoiceList)
        folders.clear_options()
        folders.add_options(Option(self._row(choice)) for choice in self._shown)
        if not self._shown:
            folders.add_option(Option(Content.styled("Nothing fits.", "dim"), disabled=True))
        folders.highlighted = 0 if self._shown else None

    def _best(self, wanted: str) -> list[str]:
        if not wanted.strip():
            return self._folders
        matcher = Matcher(wanted.strip())
        scored = [(matcher.match(plain(self._label(path), 300)), path) for path in self._folders]
        fitting = sorted((pair for pair in scored if pair[0] > 0), key=lambda pair: -pair[0])
        return [path for _score, path in fitting]

    def _new(self, wanted: str) -> list[FolderChoice]:
        """Return places for a new folder of the typed name: a folder typed before it, or here."""
        if not wanted or not self._can_make:
            return []
        head, slash, name = wanted.rpartition("/")
        parents = [path for path in self._folders if slash and self._label(path) == head]
        if slash:
            return [FolderChoice(path, name) for path in parents if name]
        parents = [self._here] if self._here else []
        if self._prefix in self._folders and self._prefix != self._here:
            parents.append(self._prefix)
        return [FolderChoice(path, wanted) for path in parents]

    def _label(self, path: str) -> str:
        """Return a path without what all folders begin with."""
        return path[len(self._prefix) :].lstrip("/") or path.rpartition("/")[2] or path

    def _row(self, choice: FolderChoice) -> Content:
        label = line(self._label(choice.folder), limit=200)
        if choice.new_name:
            return Content.assemble(
                ("+ new folder ", "$accent"), line(choice.new_name, "bold"), " in ", label
            )
        where = Content.styled("  here", "dim") if choice.folder == self._here else Content()
        return label + where


def _common(folders: Sequence[str]) -> str:
    """Return the folder that all of them begin with; the roots' own names stay readable."""
    if not folders:
        return ""
    parts = [folder.rstrip("/").split("/") for folder in folders]
    shortest = min(parts, key=len)
    shared = 0
    while shared < len(shortest) and all(part[shared] == shortest[shared] for part in parts):
        shared += 1
    return "/".join(shortest[:shared])

"""The settings: changed one by one, kept or dropped together, used at once where they can be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from smartgallery_tui.errors import SmartGalleryError
from smartgallery_tui.ui.content import fit, line, plain
from smartgallery_tui.ui.screens.beside import BesideScreen
from smartgallery_tui.ui.screens.entries import EntriesPopup
from smartgallery_tui.ui.screens.folder_dialog import folder_dialog
from smartgallery_tui.ui.screens.names import TextPopup
from smartgallery_tui.ui.screens.popup import ChoicePopup
from smartgallery_tui.ui.screens.theme_choice import ThemePopup
from smartgallery_tui.ui.settings_draft import SettingsDraft
from smartgallery_tui.ui.settings_fields import FIELDS, GROUPS, Field, Value, words_for
from smartgallery_tui.ui.widgets.choice_list import ChoiceList

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.screen import Screen

    from smartgallery_tui.records import Settings
    from smartgallery_tui.ui.background import Background, Call
    from smartgallery_tui.ui.options import AppOptions

_LABEL_CELLS = 36
_BY_KEY = {field.key: field for field in FIELDS}


@dataclass
class SettingChecked(Message):
    """A value was looked at before it is taken."""

    key: str
    value: Value
    problem: str = ""
    """Why it cannot be used, or ""."""
    warning: str = ""


@dataclass
class SettingsSaved(Message):
    """Settings were written; goes on to the app, which uses them."""

    changed: dict[str, Value]
    forgotten: tuple[str, ...] = ()
    """Folders that leave the library."""


@dataclass
class RootsWanted(Message):
    """The screen wants to know which folders the library has."""


@dataclass
class RootsRead(Message):
    """The folders of the library are here."""

    unnamed: tuple[str, ...]
    """Those that no setting names."""
    offered: tuple[str, ...] = ()
    """Linked folders that a scan found and did not follow."""


class SettingsScreen(BesideScreen):
    """A list of settings. What was saved is told by `SettingsSaved`.

    Args:
        settings: In force now.
        options: Lends what checks and writes a setting, and what lists folders.
        background: The lanes.
    """

    HELP_TITLE = "Keys of the settings"
    AUTO_FOCUS = "ChoiceList"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "change", "Change the setting, like Enter", show=False),
        Binding("l,right", "turn(1)", "Take the next value", show=False),
        Binding("h,left", "turn(-1)", "Take the value before", show=False),
        Binding("s,ctrl+s", "save", "Save all", show=False),
        Binding("escape,q", "drop", "Drop the changes", show=False),
    ]
    DEFAULT_CSS = """
    SettingsScreen { background: $background; }
    SettingsScreen #settings-title { height: 1; background: $panel; color: $accent;
        text-style: bold; padding: 0 1; }
    SettingsScreen ChoiceList { height: 1fr; max-height: 100%; padding: 0 1; }
    SettingsScreen #settings-help { height: 2; color: $text-muted; padding: 0 1; }
    SettingsScreen #settings-help.-wrong { color: $text-error; }
    SettingsScreen #settings-foot { height: 1; background: $surface; color: $text-muted;
        padding: 0 1; }
    """

    def __init__(self, settings: Settings, options: AppOptions, background: Background) -> None:
        super().__init__()
        self._themes = tuple(spec.name for spec in options.themes)
        self._options = options
        self._background = background
        self._draft = SettingsDraft(settings)
        self._offered: tuple[str, ...] = ()

    def compose(self) -> ComposeResult:
        """Make the list."""
        yield Static(Content("Settings"), id="settings-title")
        yield ChoiceList(id="settings")
        yield Static("", id="settings-help", markup=False)
        foot = "Enter changes one  h l turn it  s saves all  ? keys  Esc drops the changes"
        yield Static(Content(foot), id="settings-foot")

    def on_mount(self) -> None:
        """Fill the list; ask which folders the library has; notices would lie over it."""
        self.app.clear_notifications()
        self._fill()
        self.post_message(RootsWanted())

    def on_roots_read(self, message: RootsRead) -> None:
        """Take note of folders that are in the library and in no setting."""
        self._draft.take_roots(message.unnamed)
        self._offered = message.offered
        self._fill()

    def on_resize(self) -> None:
        """Fit the rows to the width."""
        self._fill()

    @property
    def _settings(self) -> ChoiceList:
        return self.query_one("#settings", ChoiceList)

    def _fill(self) -> None:
        settings = self._settings
        place = settings.highlighted
        settings.clear_options()
        for heading, fields in GROUPS:
            settings.add_option(Option(Content.styled(heading, "bold $accent"), disabled=True))
            settings.add_options(Option(self._row(field), id=field.key) for field in fields)
        settings.highlighted = 1 if place is None else place
        count = self._draft.count
        title = f"Settings: {count} changed, s saves" if count else "Settings"
        self.query_one("#settings-title", Static).update(Content(title), layout=False)

    def _row(self, field: Field) -> Content:
        value = self._draft.shown(field.key)
        is_changed = self._draft.is_changed(field.key)
        is_wrong = field.key in self._draft.problems
        style = "$text-error" if is_wrong else "bold $accent" if is_changed else ""
        mark = "✗ " if is_wrong else "● " if is_changed else "  "
        room = max(10, self.size.width - _LABEL_CELLS - 8)
        shown = fit(words_for(value), room) or "not set"
        fixed = self._options.fixed_settings.get(field.key, "")
        return Content.assemble(
            (mark, style), (f"{field.label:<{_LABEL_CELLS}}", "$foreground-muted"),
            line(shown, style if value or not is_wrong else "dim"),
            (f"  ({fixed})" if fixed else "", "dim"),
        )  # fmt: skip

    @on(OptionList.OptionHighlighted)
    def _explain(self, event: OptionList.OptionHighlighted) -> None:
        self._show_help(event.option_id or "")

    def _show_help(self, key: str) -> None:
        problem = self._draft.problems.get(key, "")
        shown = self.query_one("#settings-help", Static)
        shown.set_class(bool(problem), "-wrong")
        shown.update(line(problem or self._options.setting_texts.get(key, "")), layout=False)

    # Change one

    @property
    def _field(self) -> Field | None:
        option = self._settings.highlighted_option
        return _BY_KEY.get(option.id or "") if option is not None else None

    @on(OptionList.OptionSelected)
    def _selected(self) -> None:
        self.action_change()

    def action_change(self) -> None:
        """Ask for another value of the highlighted setting."""
        field = self._field
        if field is None or self._is_fixed(field):
            return
        value = self._draft.shown(field.key)
        if field.kind == "switch":
            self._set(field.key, not value)
        elif field.kind == "choice":
            self._choose(field, value)
        elif field.kind in {"folders", "lines"} and isinstance(value, tuple):
            is_folders = field.kind == "folders"
            ask = self._ask_folder if is_folders else self._ask_line
            foot = self._offer(value) if is_folders else ""
            popup = EntriesPopup(field.label, value, ask, foot)
            self.app.push_screen(popup, lambda entries: self._listed(field, entries))
        elif field.kind == "folder":
            dialog = folder_dialog(field.label, str(value), self._options, self._background)
            self.app.push_screen(dialog, lambda text: self._check(field.key, text))
        else:
            dialog = TextPopup(field.label, str(value))
            self.app.push_screen(dialog, lambda text: self._typed(field, text))

    def action_turn(self, steps: int) -> None:
        """Take the next or the former value of a switch or a choice."""
        field = self._field
        if field is None or self._is_fixed(field):
            return
        if field.kind == "switch":
            self._set(field.key, not self._draft.now[field.key])
        elif field.kind == "choice":
            values = field.choices or self._themes
            now = self._draft.now[field.key]
            place = values.index(now) if now in values else 0
            self._set(field.key, values[(place + steps) % len(values)])

    def _is_fixed(self, field: Field) -> bool:
        by = self._options.fixed_settings.get(field.key)
        if by:
            self.notify(f"{by} decides this.", severity="warning", markup=False)
        return bool(by)

    def _choose(self, field: Field, value: Value) -> None:
        values = field.choices or self._themes
        choices = [("", str(choice), line(str(choice))) for choice in values]
        kind = ThemePopup if field.key == "view.theme" else ChoicePopup
        popup = kind(field.label, choices, current=str(value))
        self.app.push_screen(popup, lambda text: self._typed(field, text))

    def _listed(self, field: Field, entries: tuple[str, ...] | None) -> None:
        if entries is not None:
            self._check(field.key, self._draft.sorted_out(field.key, entries))

    def _offer(self, known: tuple[str, ...]) -> str:
        """Return a line about linked folders that may be added."""
        linked = [path for path in self._offered if path not in known]
        return (
            plain(f"Linked, not followed: {', '.join(linked)}. a begins there.") if linked else ""
        )

    def _ask_folder(self, path: str) -> Screen[str | None]:
        known = self._draft.shown("library.extra_roots")
        linked = [each for each in self._offered if isinstance(known, tuple) and each not in known]
        start = path or next(iter(linked), "")
        return folder_dialog("Folder", start, self._options, self._background)

    def _ask_line(self, text: str) -> Screen[str | None]:
        return TextPopup("Entry", text)

    def _typed(self, field: Field, text: str | None) -> None:
        if text is None:
            return
        if not isinstance(self._draft.before[field.key], int):
            self._check(field.key, text)
        elif text.removeprefix("-").isdecimal() and len(text) < 10:
            self._check(field.key, int(text))
        else:
            self.notify("This must be a number.", severity="warning", markup=False)

    def _check(self, key: str, value: Value | None) -> None:
        """Take a new value and look at it in a lane: folders may lie on slow disks."""
        if value is None:
            return
        self._set(key, value)
        look = self._look

        def call(_cancelled: object) -> SettingChecked:
            return look(key, value)

        self._background.changes.submit("checking a setting", call, self)

    def _look(self, key: str, value: Value) -> SettingChecked:
        check = self._options.check_setting
        if check is None:
            return SettingChecked(key, value)
        try:
            return SettingChecked(key, value, warning=check(key, value))
        except SmartGalleryError as error:
            return SettingChecked(key, value, problem=str(error))

    def on_setting_checked(self, message: SettingChecked) -> None:
        """Say what is wrong with a value, if it is still the one."""
        if self._draft.now[message.key] != message.value:
            return
        said = message.problem or message.warning
        if said:
            self.notify(said, severity="warning", markup=False)
        self._set(message.key, message.value, message.problem)

    def _set(self, key: str, value: Value, problem: str = "") -> None:
        self._draft.put(key, value, problem)
        if key == "view.theme" and value in self._themes:
            self.app.theme = str(value)
        self._fill()
        self._show_help(key)

    # Keep or drop

    def action_save(self) -> None:
        """Write what was changed; nothing is written while a value cannot be used."""
        if self._draft.problems:
            key, problem = next(iter(self._draft.problems.items()))
            self._settings.highlighted = self._settings.get_option_index(key)
            self.notify(problem, severity="error", markup=False)
            return
        call = self._writing(self._draft.changed, self._draft.forgotten)
        self._background.changes.submit("saving settings", call, self)

    def _writing(self, changed: dict[str, Value], forgotten: tuple[str, ...]) -> Call:
        look, save = self._look, self._options.save_setting

        def call(_cancelled: object) -> Message:
            checked = [look(key, value) for key, value in changed.items()]
            for each in checked:
                if each.problem:
                    return each
            for key, value in changed.items():
                if save is not None:
                    save(key, value)
            return SettingsSaved(changed, forgotten)

        return call

    def on_settings_saved(self) -> None:
        """Close."""
        self.dismiss(None)

    def action_drop(self) -> None:
        """Close without writing."""
        theme = self._draft.before["view.theme"]
        if self._draft.now["view.theme"] != theme and theme in self._themes:
            self.app.theme = str(theme)
        self.dismiss(None)

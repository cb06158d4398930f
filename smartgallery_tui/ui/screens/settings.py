"""The settings: changed one by one, kept or dropped together, used at once where they can be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.screen import Screen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from smartgallery_tui.ui.content import line
from smartgallery_tui.ui.screens.names import TextPopup
from smartgallery_tui.ui.screens.path_picker import PathPopup
from smartgallery_tui.ui.screens.popup import ChoicePopup
from smartgallery_tui.ui.screens.theme_choice import ThemePopup
from smartgallery_tui.ui.settings_values import value_of
from smartgallery_tui.ui.widgets.choice_list import ChoiceList

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from smartgallery_tui.records import Settings
    from smartgallery_tui.ui.background import Background, Call
    from smartgallery_tui.ui.options import AppOptions

Value = str | int | bool
Kind = Literal["text", "folder", "number", "switch", "choice"]


@dataclass(frozen=True, slots=True)
class Field:
    """One setting."""

    key: str
    """Section and name, as in the file."""
    label: str
    kind: Kind = "text"
    choices: tuple[Value, ...] = ()


FIELDS: tuple[Field, ...] = (
    Field("library.output_path", "ComfyUI's output folder", "folder"),
    Field("library.input_path", "ComfyUI's input folder", "folder"),
    Field("view.thumbnail_size", "Picture size", "choice", (128, 192, 256, 320, 384, 448, 512)),
    Field("view.density", "Density", "choice", ("compact", "normal", "comfortable")),
    Field("view.theme", "Theme", "choice"),
    Field("view.mouse", "Mouse", "switch"),
    Field("scan.hidden", "Hidden files and folders", "switch"),
    Field("cache.max_size_mb", "Thumbnail cache, MB", "number"),
    Field(
        "graphics.protocol",
        "Pictures by",
        "choice",
        ("auto", "kitty", "sixel", "iterm", "halfblock", "none"),
    ),
    Field("safety.read_only", "Read-only", "switch"),
    Field("safety.confirm", "Ask before changing several files", "switch"),
    Field("comfyui.url", "ComfyUI's address"),
)


@dataclass
class SettingsSaved(Message):
    """Settings were written."""

    changed: dict[str, Value]


class SettingsScreen(Screen[dict[str, Value] | None]):
    """A list of settings; the result is what was saved.

    Args:
        settings: In force now.
        options: Lends what checks and writes a setting, and what lists folders.
        background: The lanes.
    """

    AUTO_FOCUS = "ChoiceList"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "drop", "Drop the changes", show=False),
        Binding("s", "save", "Save", show=False),
    ]
    DEFAULT_CSS = """
    SettingsScreen { background: $background; }
    SettingsScreen #settings-title { height: 1; background: $panel; color: $accent;
        text-style: bold; padding: 0 1; }
    SettingsScreen ChoiceList { height: 1fr; padding: 1 1; }
    SettingsScreen #settings-foot { height: 1; background: $surface; color: $text-muted;
        padding: 0 1; }
    """

    def __init__(
        self,
        settings: Settings,
        options: AppOptions,
        background: Background,
    ) -> None:
        super().__init__()
        self._themes = tuple(spec.name for spec in options.themes)
        self._options = options
        self._background = background
        self._before: dict[str, Value] = {
            field.key: value_of(settings, field.key) for field in FIELDS
        }
        self._now = dict(self._before)

    def compose(self) -> ComposeResult:
        """Make the list."""
        yield Static(Content("Settings"), id="settings-title")
        yield ChoiceList(id="settings")
        yield Static(
            Content("Enter changes one, s saves all, Esc drops the changes"), id="settings-foot"
        )

    def on_mount(self) -> None:
        """Fill the list."""
        self._fill()

    def _fill(self) -> None:
        settings = self.query_one("#settings", ChoiceList)
        place = settings.highlighted or 0
        settings.clear_options()
        settings.add_options(Option(self._row(field), id=field.key) for field in FIELDS)
        settings.highlighted = place

    def _row(self, field: Field) -> Content:
        value = self._now[field.key]
        shown = {True: "on", False: "off"}.get(value, "") if isinstance(value, bool) else str(value)
        is_changed = value != self._before[field.key]
        style = "bold $accent" if is_changed else ""
        return Content.assemble(
            ("● " if is_changed else "  ", style),
            (f"{field.label:<36}", "$foreground-muted"),
            line(shown or "not set", style),
        )

    @on(OptionList.OptionSelected)
    def _change(self, event: OptionList.OptionSelected) -> None:
        field = FIELDS[event.option_index]
        value = self._now[field.key]
        if field.kind == "switch":
            self._set(field, not value)
        elif field.kind == "choice":
            values = field.choices or self._themes
            choices = [("", str(choice), line(str(choice))) for choice in values]
            popup = ChoicePopup(field.label, choices, current=str(value))
            if field.key == "view.theme":
                popup = ThemePopup(field.label, choices, current=str(value))
            self.app.push_screen(popup, lambda text: self._typed(field, text))
        elif field.kind == "folder" and self._options.list_folders is not None:
            picker = PathPopup(
                field.label, str(value), self._options.list_folders, self._background
            )
            self.app.push_screen(picker, lambda text: self._typed(field, text))
        else:
            popup_text = TextPopup(field.label, str(value))
            self.app.push_screen(popup_text, lambda text: self._typed(field, text))

    def _typed(self, field: Field, text: str | None) -> None:
        if text is None:
            return
        is_number = isinstance(self._before[field.key], int)
        if is_number and not text.isdecimal():
            self.notify("This must be a number.", severity="warning", markup=False)
            return
        self._set(field, int(text) if is_number else text)

    def _set(self, field: Field, value: Value) -> None:
        self._now[field.key] = value
        if field.key == "view.theme" and value in self._themes:
            self.app.theme = str(value)
        self._fill()

    def action_save(self) -> None:
        """Write what was changed."""
        changed = {key: value for key, value in self._now.items() if value != self._before[key]}
        self._background.changes.submit("saving settings", self._writing(changed), self)

    def _writing(self, changed: dict[str, Value]) -> Call:
        check, save = self._options.check_setting, self._options.save_setting

        def call(_cancelled: object) -> SettingsSaved:
            for key, value in changed.items():
                if check is not None:
                    check(key, value)
            for key, value in changed.items():
                if save is not None:
                    save(key, value)
            return SettingsSaved(changed)

        return call

    def on_settings_saved(self, message: SettingsSaved) -> None:
        """Close."""
        self.dismiss(message.changed)

    def action_drop(self) -> None:
        """Close without writing."""
        theme = self._before["view.theme"]
        if self._now["view.theme"] != theme and theme in self._themes:
            self.app.theme = str(theme)
        self.dismiss(None)

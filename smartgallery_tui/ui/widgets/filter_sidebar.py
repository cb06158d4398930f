"""The filter sidebar: facets with counts; choosing a value edits the query, nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets.option_list import Option

from smartgallery_tui.records import Facets, FacetValue
from smartgallery_tui.ui.content import fit, plain
from smartgallery_tui.ui.query_text import state_of
from smartgallery_tui.ui.widgets.choice_list import ChoiceList

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.widgets import OptionList

HEADINGS = {
    "kind": "Kind", "fav": "Favourite", "rating": "Rating", "status": "Status",
    "model": "Model", "lora": "LoRA", "sampler": "Sampler", "scheduler": "Scheduler",
    "folder": "Folder", "format": "Format", "generator": "Generator", "tag": "Tag",
    "album": "Album", "month": "Month", "orient": "Shape", "vae": "VAE",
    "controlnet": "ControlNet", "node": "Node",
}  # fmt: skip
"""Facets in the order of the sidebar; fields that are not named here follow by name."""

_QUERY_FIELDS = {"month": "date"}
"""Facets whose values a query asks for under another field."""
_SHOWN = 8
_MARKS = {"+": "●", "-": "−", "": "·"}  # noqa: RUF001 - a minus that is as wide as the dots


class FilterSidebar(ChoiceList):
    """Facets of the current query: Enter or Space asks for a value, `-` excludes it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "select", "Ask for it", show=False),
        Binding("minus,x", "exclude", "Exclude it", show=False),
        Binding("c", "clear_all", "Clear all", show=False),
    ]
    """
    | Keys | Does |
    | :- | :- |
    | Enter Space | Ask for the value, or take it back. |
    | - x | Exclude the value, or take it back. |
    | c | Clear the whole search. |
    """

    DEFAULT_CSS = """
    FilterSidebar {
        width: 30; height: 1fr; max-height: 100%; background: $surface;
        border-right: vkey $panel; scrollbar-size-vertical: 1;
        &:focus { border: none; border-right: vkey $accent; }
    }
    """

    @dataclass
    class Chosen(Message):
        """A value was chosen or excluded."""

        field: str
        value: str
        is_excluded: bool

    class Cleared(Message):
        """All filters are to go."""

    def __init__(self) -> None:
        super().__init__(id="filters")
        self._facets = Facets()
        self._text = ""
        self._open: set[str] = set()
        self._targets: dict[str, tuple[str, str]] = {}

    def show(self, facets: Facets, text: str) -> None:
        """Show counts under a query; the highlight stays on its value."""
        self._facets = facets
        self._text = text
        self._rebuild()

    def show_text(self, text: str) -> None:
        """Show which values a query names, before its counts are here."""
        self._text = text
        self._rebuild()

    def action_exclude(self) -> None:
        """Exclude the highlighted value."""
        self._choose(is_excluded=True)

    def action_select(self) -> None:
        """Ask for the highlighted value, or open its section."""
        self._choose(is_excluded=False)

    def action_clear_all(self) -> None:
        """Ask for an empty query."""
        self.post_message(self.Cleared())

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Treat a click like Enter."""
        event.stop()
        self._choose(is_excluded=False)

    def on_resize(self) -> None:
        """Fit the texts to the new width."""
        self._rebuild()

    def _choose(self, *, is_excluded: bool) -> None:
        option = self.highlighted_option
        if option is None or option.id is None:
            return
        if option.id.startswith("more:"):
            self._open ^= {option.id.removeprefix("more:")}
            self._rebuild()
            return
        field, value = self._targets[option.id]
        self.post_message(self.Chosen(field, value, is_excluded))

    def _rebuild(self) -> None:
        highlighted = self.highlighted_option
        wanted = highlighted.id if highlighted else None
        top = self.scroll_offset.y
        self._targets = {}
        options: list[Option] = []
        for field in self._fields():
            options += self._section(field, self._facets[field])
        if not options:
            options = [Option(Content.styled("Nothing to filter by yet", "dim"), disabled=True)]
        self.clear_options()
        self.add_options(options)
        places = {option.id: place for place, option in enumerate(options) if option.id}
        place = places.get(wanted) if wanted else None
        self.highlighted = place if place is not None else min(places.values(), default=None)
        self.scroll_to(y=top, animate=False)

    def _fields(self) -> list[str]:
        known = [name for name in HEADINGS if self._facets[name]]
        return known + sorted(name for name in self._facets.fields if name not in HEADINGS)

    def _section(self, field: str, values: Sequence[FacetValue]) -> list[Option]:
        heading = HEADINGS.get(field, plain(field).capitalize())
        options = [Option(Content.styled(heading, "bold $accent"), disabled=True)]
        is_open = field in self._open
        asked = _QUERY_FIELDS.get(field, field)
        shown = list(values if is_open else values[:_SHOWN])
        if not is_open:
            shown += [v for v in values[_SHOWN:] if state_of(self._text, asked, v.value)]
        options += [self._value(asked, value) for value in shown]
        rest = len(values) - len(shown)
        if rest > 0 or is_open:
            words = "  fewer" if is_open else f"  … {rest:,} more"
            options.append(Option(Content.styled(words, "dim"), id=f"more:{field}"))
        return options

    def _value(self, field: str, value: FacetValue) -> Option:
        state = state_of(self._text, field, value.value)
        total = f"{value.total:,}"
        room = max(6, self.size.width - len(total) - 5)
        name = fit(_short(value.value), room)
        width = Content(name).cell_length
        style = {"+": "bold $success", "-": "$text-error strike", "": ""}[state]
        option_id = f"value:{field}:{value.value}"
        self._targets[option_id] = (field, value.value)
        body = Content.assemble(
            (f"{_MARKS[state]} ", style or "dim"),
            (name, style),
            " " * max(1, room - width + 1),
            (total, "dim"),
        )
        return Option(body, id=option_id)


def _short(value: str) -> str:
    """Return a model's name without the ending that all of them have."""
    for ending in (".safetensors", ".gguf", ".ckpt"):
        if value.endswith(ending) and len(value) > len(ending):
            return value.removesuffix(ending)
    return value

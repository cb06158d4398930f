"""An option list with the keys that people of vi expect and no markup anywhere."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import OptionList


class ChoiceList(OptionList):
    """A list to choose from: `j k g G` beside the arrow keys, texts never parsed as markup."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "cursor_down", "Down", show=False),
        Binding("k", "cursor_up", "Up", show=False),
        Binding("g", "first", "First", show=False),
        Binding("G", "last", "Last", show=False),
        Binding("ctrl+d,J", "page_down", "Page down", show=False),
        Binding("ctrl+u,K", "page_up", "Page up", show=False),
    ]
    """
    | Keys | Does |
    | :- | :- |
    | j k | Move the highlight. |
    | g G | Go to the first or last option. |
    | J K ^D ^U | Go a page down or up. |
    """

    DEFAULT_CSS = """
    ChoiceList {
        border: none;
        padding: 0;
        background: transparent;
        &:focus { border: none; background-tint: transparent; }
        &:focus > .option-list--option-highlighted {
            background: $block-cursor-blurred-background; color: $block-cursor-blurred-foreground;
        }
        &:focus:ansi > .option-list--option-highlighted {
            background: $block-cursor-background; color: $block-cursor-foreground;
        }
    }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, classes=classes, markup=False)

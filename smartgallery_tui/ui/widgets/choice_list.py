"""An option list with the keys that people of vi expect and no markup anywhere."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import OptionList


class ChoiceList(OptionList):
    """A list to choose from: `j k g G` beside the arrow keys, texts never parsed as markup."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "cursor_down", "Go down", show=False),
        Binding("k", "cursor_up", "Go up", show=False),
        Binding("g", "first", "Go to the first one", show=False),
        Binding("G", "last", "Go to the last one", show=False),
        Binding("ctrl+d,J", "page_down", "Go a page down", show=False),
        Binding("ctrl+u,K", "page_up", "Go a page up", show=False),
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

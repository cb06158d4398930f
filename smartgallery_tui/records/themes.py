"""Themes as values: what a theme file says, before any toolkit sees it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ThemeSpec:
    """One theme: named colours and free variables for the style sheets."""

    name: str
    is_dark: bool = True
    colors: tuple[tuple[str, str], ...] = ()
    """Pairs of colour name (`primary`, `background`, `surface` ...) and `#rrggbb`."""
    variables: tuple[tuple[str, str], ...] = ()
    """Pairs of variable name and value, as style sheets use them (`$name`)."""
    is_ansi: bool = False
    """Colours are names of the terminal's own sixteen (`ansi_blue`), not `#rrggbb`."""

"""Themes: from the values of a theme file to what Textual wants."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.theme import Theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import App

    from smartgallery_tui.records.themes import ThemeSpec

FALLBACK = "dark"
"""The theme that is used where the wanted one is missing."""


def dress(app: App[object], specs: Sequence[ThemeSpec], wanted: str) -> list[str]:
    """Give an app its themes, and the wanted one to wear; return what was wrong with the wish."""
    themes = [make_theme(spec) for spec in specs]
    for theme in themes:
        app.register_theme(theme)
    app.theme, problem = choose(wanted, themes)
    return [problem] if problem and themes else []


def make_theme(spec: ThemeSpec) -> Theme:
    """Return the Textual theme of a theme file; its values are checked already."""
    colors = dict(spec.colors)
    return Theme(
        name=spec.name,
        primary=colors["primary"],
        secondary=colors.get("secondary"),
        accent=colors.get("accent"),
        foreground=colors.get("foreground"),
        background=colors.get("background"),
        surface=colors.get("surface"),
        panel=colors.get("panel"),
        boost=colors.get("boost"),
        success=colors.get("success"),
        warning=colors.get("warning"),
        error=colors.get("error"),
        dark=spec.is_dark,
        variables=dict(spec.variables),
        ansi=spec.is_ansi,
    )


def choose(name: str, themes: Sequence[Theme]) -> tuple[str, str]:
    """Return the name of the theme to use and one line if it is not the wanted one."""
    known = [theme.name for theme in themes]
    if name in known:
        return name, ""
    instead = FALLBACK if FALLBACK in known else (known[0] if known else "textual-dark")
    listed = ", ".join(sorted(known)) or "none"
    return instead, f"There is no theme {name!r} (known: {listed}); {instead} is used."

"""Themes can be read: each pair of colours that carries text has contrast enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.color import Color

from smartgallery_tui.config import load_themes
from smartgallery_tui.ui.theming import choose, make_theme

if TYPE_CHECKING:
    from smartgallery_tui.records.themes import ThemeSpec

SPECS = load_themes()[0]
PAIRS = [
    (text, ground)
    for text in ("foreground", "primary", "accent", "error", "success", "warning")
    for ground in ("background", "surface", "panel")
]


def contrast(text: str, ground: str) -> float:
    """Return the WCAG contrast ratio of two colours."""
    lights = sorted(_luminance(Color.parse(name)) for name in (text, ground))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def _luminance(color: Color) -> float:
    parts = [
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4
        for part in color.normalized
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def test_there_are_six_light_and_dark() -> None:
    assert len(SPECS) >= 6
    assert {spec.is_dark for spec in SPECS} == {True, False}
    assert load_themes()[1] == []


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
def test_contrast(spec: ThemeSpec) -> None:
    colors = dict(spec.colors)
    poor = {
        pair: round(contrast(colors[pair[0]], colors[pair[1]]), 1)
        for pair in PAIRS
        if contrast(colors[pair[0]], colors[pair[1]]) < (7 if pair[0] == "foreground" else 3)
    }
    assert not poor
    variables = dict(spec.variables)
    cursor = contrast(variables["block-cursor-foreground"], variables["block-cursor-background"])
    assert cursor >= 4.5


def test_a_missing_theme_is_said() -> None:
    themes = [make_theme(spec) for spec in SPECS]
    assert choose("nord", themes) == ("nord", "")
    name, problem = choose("pink", themes)
    assert name == "dark"
    assert "pink" in problem

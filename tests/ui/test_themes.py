"""Themes can be read: each pair of colours that carries text has contrast enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.color import Color
from textual.geometry import Region

from smartgallery_tui.config import load_themes
from smartgallery_tui.ui.theming import choose, make_theme
from tests.ui.conftest import make_app, settle

if TYPE_CHECKING:
    from rich.segment import Segment

    from smartgallery_tui.library import Library
    from smartgallery_tui.records.themes import ThemeSpec
    from smartgallery_tui.ui.app import SmartGalleryApp

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


def test_one_is_made_of_the_terminals_own_colours() -> None:
    ansi = next(spec for spec in SPECS if spec.is_ansi)
    assert all(value.startswith("ansi_") for _name, value in (*ansi.colors, *ansi.variables[:1]))


@pytest.mark.parametrize("name", ["ansi", "light"])
async def test_a_theme_draws_the_screens(app: SmartGalleryApp, name: str) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        app.theme = name
        await pilot.press("F", "F", "x", "enter", "i", "question_mark")
        await settle(pilot)
        assert app.theme == name


async def test_counts_of_the_filters_follow_a_change_of_theme(app: SmartGalleryApp) -> None:
    def count() -> Segment:
        strips = app.screen.query_one("#filters").render_lines(Region(0, 0, 31, 20))
        return next(each for strip in strips for each in strip if each.text.endswith("12"))

    async with app.run_test(size=(100, 40)) as pilot:
        await settle(pilot)
        await pilot.press("F")
        await settle(pilot)
        assert count().text == "12", "muted, beside its name"
        app.theme = "ansi"
        await settle(pilot)
        assert count().text.startswith("image"), "written like its name"
        assert not count().style.dim
        app.theme = "dark"
        await settle(pilot)
        assert count().text == "12"


async def test_no_color_is_honoured(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = make_app(library)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        ground = app.screen.background_colors[1]
        shown = app.screen._compositor.render_strips()
        for line_filter in app.get_line_filters():
            shown = [strip.apply_filter(line_filter, ground) for strip in shown]
        colors = {
            color.triplet
            for strip in shown
            for segment in strip
            if segment.style
            for color in (segment.style.color, segment.style.bgcolor)
            if color is not None and color.triplet is not None
        }
        assert colors
        assert all(red == green == blue for red, green, blue in colors)


async def test_the_highlighted_row_of_sixteen_colours_can_be_read(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        app.theme = "ansi"
        await pilot.press("F")
        await settle(pilot)
        shown = app.screen._compositor.render_strips()
        row = next(strip for strip in shown if "image" in strip.text and "12" in strip.text)
        for word in ("image", "12"):
            style = next(part.style for part in row if word in part.text)
            assert style is not None
            assert style.color is not None
            assert style.bgcolor is not None
            assert (style.color.number, style.bgcolor.number, style.dim) == (0, 7, None)


COLORED = [spec for spec in SPECS if not spec.is_ansi]


@pytest.mark.parametrize("spec", COLORED, ids=lambda spec: spec.name)
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

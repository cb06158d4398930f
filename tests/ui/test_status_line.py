"""The status line: cut between its parts where it has no room for all of them."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult
from textual.content import Content

from smartgallery_tui.ui.actions import for_screen
from smartgallery_tui.ui.keymap import Keymap
from smartgallery_tui.ui.widgets.status_line import HintBar, StatusLine

LEFT = "1/74  ComfyUI_00072_.png  1024x1024 1.0 MP  114 kB  2025-11-02 10:56  flux1-dev.safetensors"


class Lines(App[None]):
    def compose(self) -> ComposeResult:
        yield StatusLine()


@pytest.mark.parametrize(
    ("width", "right", "shown"),
    [
        (100, "", LEFT),
        (80, "", "1/74  ComfyUI_00072_.png  1024x1024 1.0 MP  114 kB  2025-11-02 10:56 …"),
        (80, "Scan: 74 new files", "1/74  ComfyUI_00072_.png  1024x1024 1.0 MP  114 kB …"),
        (86, "", "1/74  ComfyUI_00072_.png  1024x1024 1.0 MP  114 kB  2025-11-02 10:56 …"),
        (92, "", LEFT[:88] + "…"),
        (64, "", "1/74  ComfyUI_00072_.png  1024x1024 1.0 MP  114 kB …"),
        (20, "", "1/74  ComfyUI_00…"),
    ],
)  # fmt: skip
async def test_no_part_is_cut_to_a_scrap(width: int, right: str, shown: str) -> None:
    app = Lines()
    async with app.run_test(size=(width, 1)) as pilot:
        line = app.query_one(StatusLine)
        line.left, line.right = Content(LEFT), Content(right)
        await pilot.pause()
        row = "".join(segment.text for segment in app.screen._compositor.render_strips()[0])
    blank = " " * (width - len(shown) - len(right) - 2)
    assert row == f" {shown}{blank}{right} "


@pytest.mark.parametrize(
    ("width", "shown"),
    [
        (80, "Enter Open  / Search  F Filter  Space Mark  f Favourite  , Sort  ? Help"),
        (60, "Enter Open  / Search  F Filter  Space Mark  ? Help"),
        (40, "Enter Open  / Search  ? Help"),
        (22, "Enter Open  ? Help"),
        (12, "? Help"),
        (6, ""),
    ],
)
async def test_the_key_of_the_help_is_always_among_the_hints(width: int, shown: str) -> None:
    class Hints(App[None]):
        def compose(self) -> ComposeResult:
            yield HintBar(Keymap(()), for_screen("grid"))

    app = Hints()
    async with app.run_test(size=(width, 1)):
        row = "".join(segment.text for segment in app.screen._compositor.render_strips()[0])
    assert row.strip() == shown

"""The status line: cut between its parts where it has no room for all of them."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult
from textual.content import Content

from smartgallery_tui.ui.widgets.status_line import StatusLine

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
        (86, "", LEFT[:83] + "…"),
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

"""The grid without a terminal: cursor, rows, captions, what it asks for."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len
from textual.geometry import Region

from smartgallery_tui.terminal import TerminalCaps
from smartgallery_tui.ui.widgets.caption import MARK, caption, details, spoken, stand_in
from smartgallery_tui.ui.widgets.grid_layout import grid_layout, wish_order
from smartgallery_tui.ui.widgets.thumb_grid import ThumbGrid
from tests.ui.conftest import reached
from tests.ui.pty.pictures import GalleryForTests, Rows, make_item

if TYPE_CHECKING:
    from textual.app import App

    from smartgallery_tui.ui.widgets.pointed import Pointed

SIZES = [(80, 24), (120, 40), (200, 50)]


async def loaded(pilot) -> ThumbGrid:
    """Return the grid when all its pictures are there."""
    grid = pilot.app.query_one(ThumbGrid)
    await reached(lambda: grid.is_settled and pilot.app.pictures.is_idle)
    await pilot.pause()
    return grid


def text_of(grid: ThumbGrid) -> str:
    """Return what the grid shows as text."""
    size = grid.size
    return "\n".join(strip.text for strip in grid.render_lines(Region(0, 0, *size)))


def app_of(protocol: str = "halfblock", total: int = 240) -> GalleryForTests:
    """Return the test app."""
    return GalleryForTests(TerminalCaps(protocol), total)


@pytest.mark.parametrize("size", SIZES)
async def test_pictures_are_drawn_at_every_size(size: tuple[int, int]) -> None:
    app = app_of()
    async with app.run_test(size=size) as pilot:
        grid = await loaded(pilot)
        shown = text_of(grid)
        assert shown.count("▀") > 200
        assert "ComfyUI_" in shown
        lines = shown.split("\n")
        assert len(lines) == grid.size.height
        assert {cell_len(line) for line in lines} == {grid.size.width}


async def test_pixels_are_made_off_the_event_loop() -> None:
    app = app_of()
    async with app.run_test(size=(120, 40)) as pilot:
        await loaded(pilot)
        assert app.source.threads
        assert threading.current_thread().name not in app.source.threads


async def test_the_broken_picture_says_why_and_the_rest_is_there() -> None:
    app = app_of()
    async with app.run_test(size=(120, 40)) as pilot:
        grid = await loaded(pilot)
        assert "✗ the picture" in text_of(grid)


async def test_the_cursor_moves_by_cards_and_rows() -> None:
    app = app_of(total=30)
    async with app.run_test(size=(120, 40)) as pilot:
        grid = await loaded(pilot)
        columns = grid.layout_now.columns
        grid.move(1, 0)
        assert grid.cursor == 1
        grid.move(0, 1)
        assert grid.cursor == columns + 1
        grid.move(0, -1)
        grid.move(0, -1)
        assert grid.cursor == 1
        grid.cursor = 10_000
        assert grid.cursor == 29
        grid.move(0, 1)
        assert grid.cursor == 29
        grid.cursor = -5
        assert grid.cursor == 0


async def test_down_from_above_a_short_last_row_goes_to_its_end() -> None:
    app = app_of(total=9)
    async with app.run_test(size=(120, 40)) as pilot:
        grid = await loaded(pilot)
        columns = grid.layout_now.columns
        grid.cursor = columns * ((9 - 1) // columns) - 1
        grid.move(0, 1)
        assert grid.cursor == 8


async def test_pages_keep_the_cursor_on_its_line() -> None:
    app = app_of()
    async with app.run_test(size=(120, 40)) as pilot:
        grid = await loaded(pilot)
        layout = grid.layout_now
        grid.move(1, 1)
        line = grid.cursor // layout.columns - grid.top_row
        grid.page(1)
        assert grid.cursor == 1 + layout.columns * (1 + layout.rows)
        assert grid.cursor // layout.columns - grid.top_row == line
        grid.page(0.5)
        grid.page(-100)
        assert grid.cursor // layout.columns == 0


async def test_inserts_above_do_not_move_what_is_looked_at() -> None:
    app = app_of()
    async with app.run_test(size=(120, 40)) as pilot:
        grid = await loaded(pilot)
        columns = grid.layout_now.columns
        grid.cursor = columns * 7
        line = grid.cursor // columns - grid.top_row
        grid.set_result(Rows(240 + columns * 4), columns * 11)
        assert grid.cursor == columns * 11
        assert grid.cursor // columns - grid.top_row == line


async def test_missing_rows_are_asked_for_and_drawn_when_they_come() -> None:
    class Late(Rows):
        is_here = False

        def get(self, index: int):
            return super().get(index) if self.is_here else None

    asked: list[ThumbGrid.PageWanted] = []

    class LateApp(GalleryForTests):
        def on_thumb_grid_page_wanted(self, message: ThumbGrid.PageWanted) -> None:
            asked.append(message)

    app = LateApp(TerminalCaps("halfblock"))
    app.rows = Late(100_000)
    async with app.run_test(size=(120, 40)) as pilot:
        await reached(lambda: bool(asked))
        grid = app.query_one(ThumbGrid)
        assert asked[-1].start == 0
        assert "ComfyUI" not in text_of(grid)
        assert text_of(grid).count("…") == grid.layout_now.page, "each card has a stand-in"
        grid.cursor = 70_000
        await pilot.pause()
        assert asked[-1].start <= 70_000 < asked[-1].start + asked[-1].count
        app.rows.is_here = True
        grid.rows_changed()
        assert "ComfyUI_70" in text_of(grid)


async def test_the_sign_of_a_status_has_its_colour() -> None:
    class Judged(Rows):
        def get(self, index: int):
            return replace(super().get(index), status=("approved", "rejected", "")[index % 3])

    app = app_of()
    app.rows = Judged(240)
    async with app.run_test(size=(120, 40)) as pilot:
        grid = await loaded(pilot)
        shown = [run for strip in grid.render_lines(Region(0, 0, *grid.size)) for run in strip]
        colors = {
            segment.text.strip(): segment.style.color
            for segment in shown
            if segment.text.strip() in {"✓", "✗"} and segment.style is not None
        }
        assert len(set(colors.values())) == 2


async def test_marks_are_shown() -> None:
    app = app_of()
    async with app.run_test(size=(120, 40)) as pilot:
        grid = await loaded(pilot)
        grid.marks = {2}
        assert text_of(grid).count("●") == 1
        grid.marks = set()
        assert "●" not in text_of(grid)


async def test_no_pictures_means_no_work() -> None:
    app = app_of("none")
    async with app.run_test(size=(80, 24)) as pilot:
        grid = await loaded(pilot)
        assert "ComfyUI" in text_of(grid)
        assert app.source.asked == []


async def test_cards_grow_and_shrink() -> None:
    app = app_of()
    async with app.run_test(size=(200, 50)) as pilot:
        grid = await loaded(pilot)
        before = grid.layout_now.columns
        grid.resize_cards(2)
        assert grid.layout_now.columns < before
        grid.resize_cards(-100)
        assert grid.picture_px == 128
        grid.resize_cards(0)
        assert grid.layout_now.columns == before


async def test_messages_tell_of_the_cursor() -> None:
    seen: list[int] = []

    class Listening(GalleryForTests):
        def on_thumb_grid_cursor_moved(self, message: ThumbGrid.CursorMoved) -> None:
            seen.append(message.item.id)

    app: App[None] = Listening(TerminalCaps("none"))
    async with app.run_test(size=(80, 24)) as pilot:
        await loaded(pilot)
        await pilot.press("right")
        await pilot.pause()
        assert seen[-1] == 2


async def test_the_mouse_tells_what_it_points_at() -> None:
    seen: list[object] = []

    class Listening(GalleryForTests):
        def on_pointed_clicked(self, message: Pointed.Clicked) -> None:
            seen.append((message.index, message.is_double))

        def on_pointed_dragged(self, message: Pointed.Dragged) -> None:
            seen.append((message.first, message.last, "range"))

        def on_pointed_wheeled(self, message: Pointed.Wheeled) -> None:
            seen.append(message.rows)

    app: App[None] = Listening(TerminalCaps("none"))
    async with app.run_test(size=(80, 24)) as pilot:
        grid = await loaded(pilot)
        x, y = grid.layout_now.card(1, 0)
        await pilot.click(ThumbGrid, offset=(x + 2, y + 2), times=2)
        assert seen == [(1, False), (1, True)]
        seen.clear()
        await pilot.mouse_down(ThumbGrid, offset=(x + 2, y + 2))
        await pilot.mouse_up(ThumbGrid, offset=(2, y + 2))
        await pilot.pause()
        assert (1, 0, "range") in seen


@pytest.mark.parametrize("density", ["compact", "normal", "comfortable"])
@pytest.mark.parametrize("px", [128, 256, 512])
@pytest.mark.parametrize("size", [(1, 1), (20, 5), (80, 22), (200, 48), (500, 200)])
def test_layouts_fit(size: tuple[int, int], px: int, density: str) -> None:
    layout = grid_layout(size, (10, 20), px, density)
    assert layout.columns * layout.card_width <= size[0]
    assert layout.columns >= 1
    assert layout.rows >= 1
    assert layout.picture_width <= layout.card_width
    if size[1] >= 5:
        assert layout.rows * layout.card_height <= size[1]
        assert layout.picture_height < layout.card_height


def test_density_sets_the_fewest_columns() -> None:
    columns = [
        grid_layout((80, 22), (8, 16), 512, density).columns
        for density in ("compact", "normal", "comfortable")
    ]
    assert columns == [6, 4, 3]


def test_wishes_go_from_the_cursor_outwards() -> None:
    layout = grid_layout((200, 48), (10, 20), 256, "normal")
    cursor = layout.columns * 11 + 3
    near, ahead = wish_order(layout, 10, cursor, 100_000)
    assert near[0] == cursor
    assert len(near) == layout.page
    assert set(near).isdisjoint(ahead)
    assert len(ahead) == 40


@pytest.mark.parametrize(
    "name",
    [
        "plain.png",
        "猫の写真と長い名前.png",
        "👩‍🚀emoji👍🏽.png",
        "e\u0301" * 40,
        "\x1b[31m\x07evil\n.png",
        "",
    ],
)
@pytest.mark.parametrize("width", [1, 5, 12, 30])
def test_captions_fill_their_cells(name: str, width: int) -> None:
    item = make_item(
        1, name=name, is_favorite=True, rating=3, kind="video", duration_ms=61_000,
        status="review", has_note=True, width=832, height=1216, prompt_preview=name * 9,
    )  # fmt: skip
    for text in (
        "".join(caption(item, width, mark=MARK)),
        *(details(item, line, 3, width) for line in range(3)),
    ):
        assert cell_len(text) == width
        assert text.isprintable() or "\u200d" in text


def test_captions_show_what_fits() -> None:
    item = make_item(
        1, name="a.png", rating=4, status="approved", pass_count=2, is_favorite=True, has_note=True
    )
    sign, text = caption(item, 30, mark=MARK)
    assert sign == "✓ "
    assert text.startswith("● ♥ a.png")
    assert text.endswith("4★ \u00d72 ✎")
    video = make_item(1, kind="video", duration_ms=3_661_000)
    assert caption(video, 40, mark="")[1].endswith("▶1:01:01")


def test_a_line_of_words_says_what_the_signs_of_a_card_say() -> None:
    item = make_item(1, name="a.png", rating=4, is_favorite=True, sources=("workflow",))
    words = spoken(item, 80, mark=MARK, has_figures=False).strip()
    assert words == "a.png, marked, 4 stars, favourite, workflow"
    words = spoken(replace(item, sources=("prompt",)), 80, mark="", has_figures=False)
    assert words.strip() == "a.png, 4 stars, favourite, API prompt"


def test_the_line_of_figures_says_what_its_width_allows() -> None:
    item = make_item(
        1, width=832, height=1216, size_bytes=98_000, mtime_ns=1_760_000_000 * 10**9,
        sources=("prompt", "workflow"), prompt_preview="a red fox in the deep snow of winter",
    )  # fmt: skip
    assert details(item, 0, 1, 40).strip() == "2025-10-09 08:53 832\u00d71216 98 kB wf"
    assert details(item, 0, 1, 18).split() == ["10-09", "832\u00d71216", "wf"]
    assert details(replace(item, sources=("prompt",)), 0, 1, 18).split()[-1] == "api"
    assert details(replace(item, sources=()), 0, 1, 18).split()[-1] == "832\u00d71216"
    assert details(item, 0, 1, 10).split() == ["832\u00d71216"]
    assert details(item, 1, 2, 20).strip() == "a red fox in the …"
    prompt = [details(item, line, 3, 20).strip() for line in (1, 2)]
    assert prompt == ["a red fox in the", "deep snow of winter"]


def test_details_show_as_the_density_allows() -> None:
    shown = {
        density: grid_layout((120, 60), (10, 20), 256, density)
        for density in ("compact", "normal", "comfortable")
    }
    assert [layout.caption_height for layout in shown.values()] == [1, 2, 4]
    for layout in shown.values():
        used = layout.picture_height + layout.caption_height
        assert used <= layout.card_height
        assert layout.rows * layout.card_height <= 60


def test_stand_ins_are_one_safe_line() -> None:
    assert stand_in(make_item(1, kind="audio", format="flac"), None) == "♪ flac"
    assert "\x1b" not in stand_in(make_item(1), "bad\x1b[2J")

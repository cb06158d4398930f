"""The lightbox picture without a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.geometry import Region

from smartgallery_tui.terminal import TerminalCaps
from tests.ui.conftest import reached
from tests.ui.pty.pictures import GalleryForTests, Lightbox, make_item

if TYPE_CHECKING:
    from smartgallery_tui.records import Picture
    from smartgallery_tui.ui.widgets.picture_view import PictureView


async def opened(pilot) -> PictureView:
    """Open the lightbox and return its picture when it is sharp."""
    await pilot.press("enter")
    await pilot.pause()
    screen = pilot.app.screen
    assert isinstance(screen, Lightbox)
    return await sharp(pilot, screen.view)


async def sharp(pilot, view: PictureView) -> PictureView:
    """Wait until all is drawn."""
    await reached(lambda: bool(view.size.width) and pilot.app.pictures.is_idle)
    await pilot.pause()
    return view


def lines(view: PictureView) -> list[str]:
    """Return what is shown as text."""
    return [strip.text for strip in view.render_lines(Region(0, 0, *view.size))]


def app() -> GalleryForTests:
    """Return the test app."""
    return GalleryForTests(TerminalCaps("halfblock"))


async def test_the_picture_is_shown_whole_and_centred() -> None:
    async with app().run_test(size=(120, 40)) as pilot:
        view = await opened(pilot)
        rows = [line for line in lines(view) if "▀" in line]
        assert len(rows) >= 30
        left = len(rows[0]) - len(rows[0].lstrip())
        right = len(rows[0]) - len(rows[0].rstrip())
        assert abs(left - right) <= 1


async def test_zoom_is_bounded_and_kept_for_the_next_picture() -> None:
    async with app().run_test(size=(120, 40)) as pilot:
        view = await opened(pilot)
        assert not view.is_zoomed
        view.zoom(100)
        assert view.view.zoom == 8.0
        view.pan(1, 1)
        place = (view.view.center_x, view.view.center_y)
        assert place[0] > 0.5
        view.show(make_item(9))
        assert view.view.zoom == 8.0
        assert (view.view.center_x, view.view.center_y) == place
        await sharp(pilot, view)
        assert "▀" in lines(view)[0]
        view.zoom(-100)
        assert not view.is_zoomed
        view.zoom(3)
        view.fit()
        assert not view.is_zoomed


async def test_panning_stops_at_the_edge() -> None:
    async with app().run_test(size=(120, 40)) as pilot:
        view = await opened(pilot)
        view.zoom(6)
        for _ in range(60):
            view.pan(-1, -1)
        corner = view.view
        view.pan(-1, -1)
        assert view.view == corner
        view.pan(1, 0)
        assert view.view != corner


async def test_actual_pixels_of_a_large_picture() -> None:
    async with app().run_test(size=(60, 20)) as pilot:
        view = await opened(pilot)
        view.actual()
        assert view.view.zoom == pytest.approx(768 / (view.size.height * 20), rel=0.01)


async def test_zooming_out_goes_to_half_the_fitted_size() -> None:
    async with app().run_test(size=(120, 40)) as pilot:
        view = await opened(pilot)
        whole = len([line for line in lines(view) if "▀" in line])
        view.zoom(-1)
        view.zoom(-100)
        assert view.view.zoom == 0.5
        assert not view.is_zoomed
        await sharp(pilot, view)
        assert len([line for line in lines(view) if "▀" in line]) == pytest.approx(whole / 2, abs=1)
        view.zoom(100)
        assert view.view.zoom == 1.0, "the fitted size is not stepped over"


async def test_the_view_is_told_in_words() -> None:
    async with app().run_test(size=(60, 20)) as pilot:
        view = await opened(pilot)
        assert view.view_words == "fit 49 %"
        view.actual()
        assert view.view_words == "100 %"
        view.rotate(1)
        view.flip()
        assert view.view_words == "100 %, turned 90°, mirrored"
        view.rotate(-1)
        view.flip()
        view.fit()
        assert view.view_words == "fit 49 %"


async def test_of_a_huge_picture_the_shown_part_is_decoded() -> None:
    test_app = app()
    asked: list[tuple[object, ...]] = []
    plain = test_app.source.picture

    def picture(item_id: int, *arguments: object) -> Picture:
        asked.append(arguments)
        return plain(item_id, arguments[0])

    test_app.source.picture = picture
    async with test_app.run_test(size=(120, 40)) as pilot:
        view = await opened(pilot)
        view.show(make_item(1, width=16_000, height=12_500))
        await sharp(pilot, view)
        whole = len(asked)
        view.zoom(1)
        view.zoom(2)
        await sharp(pilot, view)
        view.actual()
        assert view.view_words == "100 %"
        while len(asked) == whole:
            await pilot.pause(0.01)
        await sharp(pilot, view)
        assert len(asked) == whole + 1, "nothing is decoded for views that were only passed"
        box, part = asked[-1]
        assert part[2] - part[0] < 0.2
        assert box[0] == pytest.approx((part[2] - part[0]) * 16_000, abs=1)


async def test_turning_is_a_view() -> None:
    async with app().run_test(size=(120, 40)) as pilot:
        view = await opened(pilot)
        view.rotate(-1)
        assert view.view.quarter_turns == 3
        view.flip()
        view.flip(vertically=True)
        assert view.view.is_mirrored
        assert view.view.is_flipped
        view.flip()
        view.flip(vertically=True)
        view.rotate(1)
        assert view.view.is_plain


async def test_a_broken_picture_says_why() -> None:
    async with app().run_test(size=(80, 24)) as pilot:
        view = await opened(pilot)
        view.show(make_item(3))
        await sharp(pilot, view)
        assert any("ends in the middle" in line for line in lines(view))


async def test_the_next_pictures_are_prepared() -> None:
    test_app = app()
    async with test_app.run_test(size=(120, 40)) as pilot:
        view = await opened(pilot)
        view.show(make_item(1), [make_item(200), make_item(201)])
        await sharp(pilot, view)
        assert {200, 201} <= set(test_app.source.asked)

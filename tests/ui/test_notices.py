"""Notices: Esc takes them down and still steps back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartgallery_tui.ui.screens.grid import GridScreen
from tests.ui.conftest import settle, until

if TYPE_CHECKING:
    from smartgallery_tui.ui.app import SmartGalleryApp


async def test_escape_takes_notices_down_and_they_may_come_again(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settle(pilot)
        app.say("Two files moved.", "information")
        app.say("A disk is full.", "error")
        await settle(pilot)
        assert sorted(round(notice.timeout) for notice in app._notifications) == [5, 7]
        await pilot.press("escape")
        await settle(pilot)
        assert not len(app._notifications)
        app.say("Two files moved.", "information")
        await settle(pilot)
        assert len(app._notifications) == 1
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(app.screen, GridScreen)
        assert not len(app._notifications)


async def test_a_notice_waits_until_a_dialog_is_closed(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settle(pilot)
        app.say("Before.", "information")
        await pilot.press("comma")
        await settle(pilot)
        app.say("Meanwhile.", "error")
        app.say("Meanwhile.", "error")
        await settle(pilot)
        assert not [toast for toast in app.screen.query("Toast") if toast.region], "none over it"
        await pilot.press("q")
        await until(pilot, lambda: len(app.screen.query("Toast")) == 2)
        assert [notice.text for notice in app.notices.history] == ["Before.", "Meanwhile."]


async def test_only_the_newest_of_what_is_merely_told_stays(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settle(pilot)
        app.say("One copied.", "information")
        app.say("The disk is full.", "error")
        app.say("Two copied.", "information")
        await settle(pilot)
        shown = [notice.message for notice in app._notifications]
        assert shown == ["The disk is full.", "Two copied."]


async def test_the_list_of_second_keys_is_not_covered(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settle(pilot)
        app.say("One copied.", "information")
        await pilot.press("y")
        await until(pilot, lambda: app.screen.query_one("WhichKey").has_class("-shown"))
        assert not [toast for toast in app.screen.query("Toast") if toast.display]
        await pilot.press("escape")
        await settle(pilot)
        assert not app.screen.has_class("-choosing")

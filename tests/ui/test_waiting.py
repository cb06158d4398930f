"""Waiting for an app ends: with what went wrong in it, when something did."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.ui.conftest import settle

if TYPE_CHECKING:
    from smartgallery_tui.ui.app import SmartGalleryApp


class OutOfOrderError(Exception):
    """What the app dies of here."""


async def start(app: SmartGalleryApp) -> None:
    """Start the app and wait until it is still; fail when it seems to be."""
    async with app.run_test() as pilot:
        await settle(pilot)
        pytest.fail("a dead app is not still")


async def test_an_app_that_dies_at_its_start_keeps_no_test_waiting(
    app: SmartGalleryApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(_screen: object) -> None:
        raise OutOfOrderError

    monkeypatch.setattr("smartgallery_tui.ui.screens.grid.GridScreen.on_mount", break_down)
    monkeypatch.setattr(app, "_print_error_renderables", lambda: None)
    with pytest.raises(OutOfOrderError):
        await start(app)

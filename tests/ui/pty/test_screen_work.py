"""What a key makes the program draw, beyond the bytes that are seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.screen import Screen

from tests.ui.conftest import settle

if TYPE_CHECKING:
    import pytest

    from smartgallery_tui.ui.app import SmartGalleryApp


async def test_a_cursor_move_lays_nothing_out(
    app: SmartGalleryApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    laid_out: list[object] = []
    real = Screen._refresh_layout

    def counted(self: Screen[object], *args: object, **options: object) -> None:
        laid_out.append(self)
        real(self, *args, **options)  # type: ignore[arg-type]

    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("l")
        await settle(pilot)
        monkeypatch.setattr(Screen, "_refresh_layout", counted)
        await pilot.press("l", "h", "l")
        await settle(pilot)
        assert not laid_out

"""Databases of a newer version: everything is shown, nothing is written, and a banner says why."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from smartgallery_tui.library import Library
from tests.ui.conftest import make_app, screen_text, settle

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("name", ["index.db", "user.db"])
async def test_a_newer_schema_is_shown_and_not_written(
    library: Library, folder: Path, tmp_path: Path, name: str
) -> None:
    library.close()
    place = library.data_dir / name
    with closing(sqlite3.connect(place)) as db:
        db.execute("PRAGMA user_version = 99")
    before = place.read_bytes()
    with Library.open(
        data_dir=library.data_dir, cache_dir=tmp_path / "cache", roots=[folder]
    ) as newer:
        app = make_app(newer, notices=tuple(newer.notices))
        async with app.run_test(size=(110, 24), notifications=True) as pilot:
            await settle(pilot)
            shown = screen_text(app)
            assert f"{name} was made by a newer version (schema 99" in shown
            assert "pic_11.png" in shown
            await pilot.press("f")
            await settle(pilot)
            assert app.last_said.startswith("Read-only: favourite is not changed")
        assert newer.search("fav:yes").total == 0
    assert place.read_bytes() == before

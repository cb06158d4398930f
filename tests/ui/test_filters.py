"""The filters: sidebar, pills and search box say the same; each of them edits the query."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartgallery_tui.records import Facets, FacetValue
from smartgallery_tui.records.searches import SavedSearch
from smartgallery_tui.ui import filter_rows, folder_tree, query_text
from tests.ui.conftest import COUNT, library_of, make_app, settle
from tests.ui.test_grid_keys import grid_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from textual.pilot import Pilot

    from smartgallery_tui.library import Library
    from smartgallery_tui.ui.app import SmartGalleryApp
    from smartgallery_tui.ui.screens.grid import GridScreen

WORDS = st.sampled_from(["castle", "model:sdxl", "-lora:x", "cfg:>7", '"a b"', "folder:=a,b"])
MODELS = tuple(FacetValue(f"model {n}.safetensors", 100 - n) for n in range(64))


def open_section(grid: GridScreen, option_id: str) -> None:
    """Put the highlight on a row of the sidebar."""
    places = [option.id for option in grid.filters.options]
    grid.filters.highlighted = places.index(option_id)


def listed(rows: list[filter_rows.Row], field: str) -> list[str]:
    return [row.label for row in rows if row.field == field and row.kind in {"value", "folder"}]


@given(st.lists(WORDS, max_size=5).map(" ".join), st.integers(0, 4))
def test_dropping_a_term_leaves_the_others(text: str, number: int) -> None:
    terms = query_text.terms(text)
    kept = [term for place, term in enumerate(terms) if place != number]
    assert query_text.terms(query_text.without_term(text, number)) == kept


@given(
    st.lists(WORDS, max_size=4).map(" ".join),
    st.lists(
        st.tuples(
            st.sampled_from(["model", "lora", "folder"]),
            st.sampled_from(["sdxl", "flux dev", "a", "b/c", 'q"x']),
            st.sampled_from(["+", "-", ""]),
        ),
        max_size=6,
    ),
)
def test_the_sidebar_shows_what_the_query_says(
    text: str, edits: list[tuple[str, str, str]]
) -> None:
    for field, value, state in edits:
        text = query_text.set_state(text, field, value, state)
        facets = Facets(9, {field: (FacetValue(value, 3),)})
        rows = filter_rows.rows(facets, text, filter_rows.Shown())
        states = [row.state for row in rows if row.field == field and row.kind != "range"]
        if field == "folder" and "/" in value:
            continue  # its parent is not listed here, so it is not either
        assert states[-1] == state == query_text.state_of(text, field, value)
        pills = [row.label for row in rows if row.kind == "term"]
        assert pills == query_text.terms(text)


@given(st.lists(WORDS, max_size=4).map(" ".join), st.sampled_from(["5..8", ">=7", "", "3"]))
def test_a_range_is_one_term(text: str, value: str) -> None:
    changed = query_text.set_term(text, "cfg", value)
    assert query_text.term_value(changed, "cfg") == value
    assert query_text.set_term(changed, "cfg", "") == query_text.set_term(text, "cfg", "")


def test_subfolders_on_and_off() -> None:
    text = 'fox folder:a,"b c" -folder:d'
    alone = query_text.with_subfolders(text, is_on=False)
    assert alone == 'fox folder:=a,="b c" -folder:d'
    assert query_text.has_subfolders(alone) is False
    assert query_text.with_subfolders(alone, is_on=True) == text
    assert query_text.has_subfolders("fox") is None
    assert query_text.state_of(alone, "folder", "b c") == "+"
    assert query_text.toggle(alone, "folder", "b c") == "fox folder:=a -folder:d"
    assert query_text.toggle("folder:=a", "folder", "e") == "folder:=a,=e"


def test_a_long_facet_is_cut_opened_and_searched() -> None:
    facets = Facets(99, {"model": MODELS})
    rows = filter_rows.rows(facets, "", filter_rows.Shown())
    assert len(listed(rows, "model")) == filter_rows.SHOWN
    assert rows[-1].label == "… 56 more"
    rows = filter_rows.rows(facets, "", filter_rows.Shown(facets={"model"}))
    assert len(listed(rows, "model")) == 64
    rows = filter_rows.rows(facets, "", filter_rows.Shown(narrow="EL 63"))
    assert listed(rows, "model") == ["model 63"]


def test_the_folder_tree() -> None:
    names = {"/x/output": 9, "run 10": 4, "run 2": 3, "run 2/b": 1, "run 2/a": 2, "Alpha": 1}
    values = [FacetValue(name, total) for name, total in names.items()]
    lines = folder_tree.branches(values, ())
    assert [line.label for line in lines] == ["output", "Alpha", "run 2", "run 10"]
    assert [line.is_open for line in lines] == [None, None, False, None]
    assert [line.count for line in lines] == ["9", "1", "0 +3", "4"]
    lines = folder_tree.branches(values, {"run 2"}, "date", {"run 10": 5, "run 2/b": 4})
    assert [line.label for line in lines] == ["output", "run 10", "Alpha", "run 2", "b", "a"]
    assert [line.depth for line in lines] == [0, 1, 1, 1, 2, 2]
    lines = folder_tree.branches(values, (), "date back", {"run 10": 5, "run 2": 4})
    assert [line.label for line in lines] == ["output", "Alpha", "run 2", "run 10"]
    lines = folder_tree.branches(values, (), "name back")
    assert [line.label for line in lines] == ["output", "run 10", "run 2", "Alpha"]
    assert [line.value for line in folder_tree.found(values, "2/B")] == ["run 2/b"]


@pytest.fixture
def nested(tmp_path: Path) -> Iterator[Library]:
    """A library with folders in folders."""
    with library_of(tmp_path, ("a", "a/deep", "b", "b")) as opened:
        yield opened


async def open_filters(pilot: Pilot[object], app: SmartGalleryApp) -> GridScreen:
    await settle(pilot)
    await pilot.press("F")
    await settle(pilot)
    return grid_of(app)


async def test_asking_excluding_and_pills(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        grid = await open_filters(pilot, app)
        open_section(grid, "value:sampler:euler")
        await pilot.press("enter")
        await settle(pilot)
        open_section(grid, "value:model:fluxdev.safetensors")
        await pilot.press("x")
        await settle(pilot)
        assert grid.box.text == "sampler:euler -model:fluxdev.safetensors"
        assert grid.filters.states()["sampler", "euler"] == "+"
        assert "sampler:euler" in str(grid.pills.render())
        assert grid.session.view is not None
        assert grid.session.view.total == 4
        open_section(grid, "term:0")
        await pilot.press("enter")
        await settle(pilot)
        assert grid.box.text == "-model:fluxdev.safetensors"
        assert "sampler" not in str(grid.pills.render())
        await pilot.press("c")
        await settle(pilot)
        assert grid.box.text == ""


async def test_a_pill_goes_with_a_click(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        grid = await open_filters(pilot, app)
        grid.search_for("fox cfg:>4")
        await settle(pilot)
        await pilot.click(grid.pills, offset=(10, 0))
        await settle(pilot)
        assert grid.box.text == "fox"


async def test_a_range_is_typed(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        grid = await open_filters(pilot, app)
        open_section(grid, "range:steps")
        await pilot.press("enter", *"20..22", "enter")
        await settle(pilot)
        assert grid.box.text == "steps:20..22"
        assert grid.session.view is not None
        assert grid.session.view.total == 3
        open_section(grid, "range:steps")
        await pilot.press("minus")
        await settle(pilot)
        assert grid.session.view.total == COUNT


async def test_a_slim_terminal_shows_filters_alone(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(44, 16)) as pilot:
        grid = await open_filters(pilot, app)
        assert grid.filters.size.width > 40
        assert not grid.grid.display
        await pilot.press("F")
        await settle(pilot)
        assert grid.grid.display
        assert grid.grid.has_focus


async def test_typing_finds_a_value(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        grid = await open_filters(pilot, app)
        await pilot.press("slash", *"jugg", "enter", "enter")
        await settle(pilot)
        assert grid.box.text == "model:juggernaut.safetensors"
        await pilot.press("escape")
        assert grid.filters.has_focus
        await pilot.press("escape")
        assert grid.grid.has_focus


async def test_folders_open_close_and_leave_their_inner_ones_out(nested: Library) -> None:
    app = make_app(nested)
    async with app.run_test(size=(120, 40)) as pilot:
        grid = await open_filters(pilot, app)
        open_section(grid, "value:folder:a")
        await pilot.press("l")
        assert ("folder", "a/deep") in grid.filters.states()
        await pilot.press("j", "h")
        assert ("folder", "a/deep") not in grid.filters.states()
        await pilot.press("enter")
        await settle(pilot)
        assert grid.session.view is not None
        assert grid.session.view.total == 2
        await pilot.press("full_stop")
        await settle(pilot)
        assert grid.box.text == "folder:=a"
        assert grid.session.view.total == 1
        await pilot.press("full_stop")
        await settle(pilot)
        assert grid.session.view.total == 2


async def test_folders_newest_first(nested: Library) -> None:
    app = make_app(nested)
    async with app.run_test(size=(120, 40)) as pilot:
        grid = await open_filters(pilot, app)
        await pilot.press("s")
        await settle(pilot)
        folders = [value for field, value in grid.filters.states() if field == "folder"]
        assert folders[1:] == ["b", "a"]


async def test_a_saved_search_names_its_vanished_folder(nested: Library) -> None:
    nested.save_search(SavedSearch("old", 'folder:"a/gone" fox', "date", True))
    nested.save_search(SavedSearch("kept", "folder:a -folder:gone", "date", True))
    app = make_app(nested)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await pilot.press("apostrophe")
        await settle(pilot)
        picks = {pick.label: pick.note for pick in app.screen._picks}
        assert picks["old"].startswith("folder gone: a/gone;")
        assert picks["kept"].startswith("saved:")
        await pilot.press(*"kept", "enter")
        await settle(pilot)
        assert "nothing any more" not in app.last_said
        await pilot.press("apostrophe")
        await settle(pilot)
        await pilot.press(*"old", "enter")
        await settle(pilot)
        assert app.last_said == "old names a folder that has nothing any more: a/gone"


async def test_other_names_of_fields_are_the_same_filter(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        grid = await open_filters(pilot, app)
        grid.search_for("Checkpoint:fluxdev.safetensors -dir:gone cfg_scale:>4")
        await settle(pilot)
        assert grid.filters.states()["model", "fluxdev.safetensors"] == "+"
        assert grid.box.text.startswith("Checkpoint:")
        open_section(grid, "range:cfg")
        await pilot.press("x")
        await settle(pilot)
        assert grid.box.text == "model:fluxdev.safetensors -folder:gone"

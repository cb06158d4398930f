"""The information beside the picture: tree, files with their pictures, words found in a tab."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from PIL import Image, PngImagePlugin

from smartgallery_tui.library import Library
from smartgallery_tui.records import Generation, Headline, Item, LoraUse
from smartgallery_tui.records.graphs import NodeSummary
from smartgallery_tui.ui import format as words
from smartgallery_tui.ui.generation_text import generation_text
from smartgallery_tui.ui.node_tree import NodeTree
from smartgallery_tui.ui.screens.detail import DetailScreen
from smartgallery_tui.ui.screens.grid import GridScreen
from smartgallery_tui.ui.widgets.picture_view import PictureView
from tests.ui.conftest import graph, make_app, screen_text, settle
from tests.ui.pty.pictures import make_item

if TYPE_CHECKING:
    from pathlib import Path

    from textual.pilot import Pilot

    from smartgallery_tui.ui.app import SmartGalleryApp


async def opened(pilot: Pilot[object], *keys: str) -> DetailScreen:
    """Open the first picture and press keys there."""
    await settle(pilot)
    for key in ("enter", *keys):
        await pilot.press(key)
        await settle(pilot)
    screen = pilot.app.screen
    assert isinstance(screen, DetailScreen)
    return screen


def shown(screen: DetailScreen) -> str:
    return screen.info.rows.text


async def test_the_tree_names_the_inputs_and_the_way_to_each_node(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot, "i", "tab", "tab")
        rows = shown(screen).splitlines()
        assert "SaveImage #9" in rows
        assert "images: VAEDecode #8" in rows
        assert "samples: KSampler #3" in rows
        assert "positive: CLIPTextEncode #6" in rows
        assert "negative: CLIPTextEncode #7" in rows
        assert "text = blurry" in rows
        assert "seed = 1011" in rows
        assert "clip ← CheckpointLoaderSimple #4" in rows, "a node that stands elsewhere"
        assert any("denoise = 1" in row for row in rows), "defaults are there, too"


def test_nodes_have_the_colour_of_what_they_are_for() -> None:
    nodes = [
        NodeSummary("1", "SaveImage", category="output"),
        NodeSummary("2", "KSampler", depth=1, category="sampling", via="images"),
        NodeSummary("3", "LoraLoader", is_muted=True, category="model"),
    ]
    legend, save, sampler, lora = NodeTree(nodes, set()).rows()
    assert legend.plain.strip() == "● output  ● sampling  ● model"
    styles = [str(row.body.spans[-1].style) for row in (save, sampler)]
    assert styles == ["bold $text-success", "bold $text-accent"]
    assert "did not run" in lora.plain


async def test_nodes_are_closed_and_opened(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot, "i", "F")
        assert "Close all" in screen_text(app), "the hints are those of the tree"
        whole = shown(screen)
        await pilot.press("j", "j", "h")
        assert "▸ samples: KSampler #3  +4" in shown(screen).splitlines()
        assert "EmptyLatentImage" not in shown(screen)
        assert "vae ← CheckpointLoaderSimple #4" in shown(screen), "what is above stays open"
        await pilot.press("n")
        await settle(pilot)
        assert screen.index == 1
        assert "KSampler #3  +4" in shown(screen), "the next file has it closed, too"
        await pilot.press("l")
        assert "EmptyLatentImage #5" in shown(screen)
        assert screen.index == 1, "l opens, and goes to no other picture"
        await pilot.press("minus")
        assert len(shown(screen).splitlines()) == 4
        await pilot.press("p", "plus", "F")
        await settle(pilot)
        assert shown(screen) == whole
        await pilot.press("l")
        assert screen.index == 1


async def test_esc_leaves_the_tree_and_words_are_found_in_closed_nodes(
    app: SmartGalleryApp,
) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot, "F", "minus", "escape")
        assert app.screen is screen
        assert "blurry" not in shown(screen)
        await pilot.press("slash", *"blurry")
        await settle(pilot)
        assert "1/1 line" in screen_text(app)
        await pilot.press("escape", "escape")
        assert app.screen is not screen


async def test_a_tree_left_with_the_picture_has_no_keys_when_it_is_back(
    app: SmartGalleryApp,
) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot, "F", "j")
        await pilot.press("q")
        await settle(pilot)
        screen = await opened(pilot, "l")
        assert screen.index == 1, "l goes to the next picture"
        assert "Close all" not in screen_text(app)


def test_a_tree_is_walked() -> None:
    nodes = [
        NodeSummary("1", "Save"),
        NodeSummary("2", "Sampler", depth=1, values=(("seed", "1"),)),
        NodeSummary("3", "Loader", depth=2),
        NodeSummary("4", "Aside", is_unused=True),
    ]

    def heads(tree: NodeTree) -> list[str]:
        return [row.plain.strip().split("  ")[0] for row in tree.rows(has_cursor=True)][1:]

    closed: set[str] = set()
    tree = NodeTree(nodes, closed)
    tree.move(99)
    tree.rows()
    assert tree.row == 5
    tree.move(-1)
    tree.close()  # a loader without values: to the sampler
    tree.close()
    assert heads(tree) == ["Save #1", "▸ Sampler #2", "Aside #4"]
    assert tree.row == 2
    tree.close()  # it is closed: to what it feeds
    tree.close()
    assert heads(tree) == ["▸ Save #1", "Aside #4"]
    tree.open()
    tree.open()
    tree.open()
    assert heads(tree) == ["Save #1", "Sampler #2", "seed = 1", "Loader #3", "Aside #4"]
    tree.close_all()
    tree.move(1)
    tree.open_all()
    assert not closed
    assert NodeTree([], set()).rows()[0].plain.strip() == "There is no graph in this file."


async def test_words_are_found_in_a_tab_and_enter_goes_on(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot, "i", "I", "slash", *"CLIPText")
        assert screen.inspector.is_finding
        said = screen.query_one("#info-found").render()
        assert str(said) == "1/2 lines"
        first = screen.info.scroll.scroll_y
        await pilot.press("enter")
        await settle(pilot)
        assert str(screen.query_one("#info-found").render()) == "2/2 lines"
        assert screen.info.scroll.scroll_y > first
        await pilot.press("escape")
        await settle(pilot)
        assert app.screen is screen, "Esc leaves the field only"
        assert not screen.inspector.is_finding
        await pilot.press("l")
        assert screen.index == 1


async def test_files_that_it_was_made_of_are_shown_as_pictures(tmp_path: Path) -> None:
    output, source = tmp_path / "output", tmp_path / "input"
    output.mkdir()
    source.mkdir()
    Image.new("RGB", (32, 32), "red").save(source / "start.png")
    nodes = graph(1)
    nodes["5"] = {"class_type": "VAEEncode", "inputs": {"pixels": ["10", 0], "vae": ["4", 2]}}
    nodes["10"] = {"class_type": "LoadImage", "inputs": {"image": "start.png"}}
    texts = PngImagePlugin.PngInfo()
    texts.add_text("prompt", json.dumps(nodes))
    Image.new("RGB", (64, 48), "blue").save(output / "made.png", pnginfo=texts)
    (tmp_path / "linked").symlink_to(output)
    library = Library.open(data_dir=tmp_path / "data", cache_dir=tmp_path / "cache", roots=[output])
    library.add_root(source, role="input")
    library.sync()
    app = make_app(library)
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot, "i", "shift+tab", "shift+tab")
        assert str(source / "start.png") in shown(screen)
        views = list(screen.info.query(PictureView))
        assert [view.item.name for view in views if view.item] == ["start.png"]
        assert screen.info.has_class("-with-inputs")
        await pilot.press("tab")
        await settle(pilot)
        assert not screen.info.has_class("-with-inputs")
    library.close()


async def test_fields_tell_shape_and_pixels(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot, "i", "3", "f")
        text = shown(screen)
        assert "Size 64\u00d748  4:3" in text
        assert "Rating ★★★" in text
        status = screen.status.left.plain
        assert "★★★" in status
        assert "♥" in status


@pytest.mark.parametrize(("columns", "width"), [(80, 80), (120, 44), (200, 64)])
async def test_the_panel_has_the_room_that_there_is(
    app: SmartGalleryApp, columns: int, width: int
) -> None:
    async with app.run_test(size=(columns, 30)) as pilot:
        screen = await opened(pilot, "i")
        assert screen.info.outer_size.width == width
        assert screen.picture.size.height >= 13


def test_shapes_have_names() -> None:
    sizes = {(1024, 1024): "1:1", (832, 1216): "1:1.46", (1920, 1080): "16:9", (768, 1344): "4:7"}
    sizes |= {(1216, 832): "1.46:1", (512, 768): "2:3", (100, 0): "", (768, 1344): "1:1.75"}
    for (width, height), name in sizes.items():
        assert words.aspect(make_item(1, width=width, height=height)) == name


def test_the_generation_text_is_what_other_programs_read() -> None:
    headline = Headline(
        model="sdxl/base.safetensors", models=("sdxl/base.safetensors",),
        loras=(LoraUse("detail.safetensors", 0.8, 1.0),), sampler="euler", scheduler="karras",
        steps=20, cfg=7.0, seed=2**64 - 1, positive=("a fox",), negative=("blurry",),
        width=832, height=1216, denoise=1.0,
    )  # fmt: skip
    assert generation_text(Generation(headline=headline)) == (
        "a fox <lora:detail:0.8>\n"
        "Negative prompt: blurry\n"
        "Steps: 20, Sampler: euler, Schedule type: karras, CFG scale: 7, "
        "Seed: 18446744073709551615, Size: 832x1216, Model: base"
    )
    assert generation_text(Generation()) == ""


async def test_the_generation_text_is_copied(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("y", "m")
        await settle(pilot)
        assert app.clipboard.startswith("portrait of a cat\nNegative prompt: blurry\nSteps: 31")


async def test_a_status_again_takes_it_away_in_the_picture(
    app: SmartGalleryApp, library: Library
) -> None:
    async with app.run_test(size=(100, 30)) as pilot:
        screen = await opened(pilot, "Y", "a")
        item = screen.current
        assert isinstance(item, Item)
        assert item.status == "approved"
        assert "approved" in screen.status.right.plain
        await pilot.press("Y", "a")
        await settle(pilot)
        assert library.item(item.id).status == ""
        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(app.screen, GridScreen)


async def test_when_a_file_was_read_last_is_told(app: SmartGalleryApp, library: Library) -> None:
    [item] = library.search("name:pic_11").page(0, 1)
    when = library.last_read_ns(item.id)
    assert when is not None
    assert library.last_read_ns(999) is None
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot, "i", "tab", "tab", "tab")
        assert f"Last read {words.date(when)}" in shown(screen).splitlines()

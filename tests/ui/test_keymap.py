from __future__ import annotations

from typing import TYPE_CHECKING

from smartgallery_tui.ui.actions import ACTIONS, GROUPS, for_screen
from smartgallery_tui.ui.keymap import Keymap, textual_key
from smartgallery_tui.ui.screens.detail import DetailScreen
from smartgallery_tui.ui.screens.grid import GridScreen
from tests.ui.conftest import make_app, settle
from tests.ui.test_grid_keys import grid_of

if TYPE_CHECKING:
    from smartgallery_tui.library import Library

SCREENS = {"grid": GridScreen, "detail": DetailScreen}


def test_ids_and_keys_are_unique_on_each_screen() -> None:
    assert len({action.id for action in ACTIONS}) == len(ACTIONS)
    for scope in SCREENS:
        keys = [key for action in for_screen(scope) for key in action.keys]
        assert len(set(keys)) == len(keys)
        first = {key.split()[0] for key in keys if " " in key}
        assert not first & set(keys), "a key cannot be a chord's first key and act alone"


def test_every_action_exists() -> None:
    from smartgallery_tui.ui.app import SmartGalleryApp

    for scope, screen in SCREENS.items():
        for action in for_screen(scope):
            name = action.action.partition("(")[0]
            owner = SmartGalleryApp if name.startswith("app.") else screen
            assert hasattr(owner, f"action_{name.removeprefix('app.')}"), action.id


def test_every_action_is_explained() -> None:
    for action in ACTIONS:
        assert action.group in GROUPS
        assert action.tooltip.endswith(".")
        assert action.label


def test_no_key_that_the_way_to_the_terminal_eats() -> None:
    keys = {key for action in ACTIONS for chord in action.keys for key in chord.split()}
    assert not keys & {"~", "ctrl+b", "ctrl+a", "ctrl+w", "ctrl+s"}


def test_wrong_entries_are_said() -> None:
    keymap = Keymap([("grid.opn", "x"), ("grid.sort", "~"), ("grid.sort", "bogus"), ("app.x", "")])
    assert [problem.split(":")[0] for problem in keymap.problems] == [
        "[keys] grid.opn", "[keys] grid.sort", "[keys] grid.sort", "[keys] app.x",
    ]  # fmt: skip
    assert "did you mean grid.open?" in keymap.problems[0]


def test_a_taken_key_is_taken_from_the_other() -> None:
    keymap = Keymap([("grid.sort", "x")])
    assert keymap.keys("grid.sort") == ("x",)
    assert keymap.keys("app.mark") == ()
    assert "app.mark is left without a key" in keymap.problems[0]


def test_profile_and_own_keys() -> None:
    keymap = Keymap([("profile", "nsxiv"), ("app.mark", "z")])
    assert keymap.keys("app.mark") == ("z",)
    assert "space" in keymap.keys("app.next")
    assert not [problem for problem in keymap.problems if "no such" in problem]
    assert Keymap([("profile", "vi")]).problems


def test_comma_is_a_key() -> None:
    assert Keymap([("grid.sort", ",")]).keys("grid.sort") == (",",)
    assert textual_key(",") == "comma"


async def test_remapped_keys_act(library: Library) -> None:
    from dataclasses import replace

    settings = replace(library.settings, keys=(("grid.right", "e"), ("app.last", "e e, Z")))
    library.use_settings(settings)
    app = make_app(library)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("l")
        assert grid_of(app).grid.cursor == 0
        await pilot.press("Z")
        assert grid_of(app).grid.cursor == 11


def test_a_key_with_alt_is_refused_with_the_reason() -> None:
    keymap = Keymap([("app.favorite", "alt+f")])
    assert keymap.keys("app.favorite") == ("f",)
    assert keymap.problems == [
        "[keys] app.favorite: alt+f is not used: terminals send it as Esc and a key"
    ]


def test_the_profile_of_nsxiv_has_no_problems_and_its_keys() -> None:
    keymap = Keymap([("profile", "nsxiv")])
    assert keymap.keys("app.next") == ("n", "space")
    assert keymap.keys("app.mark") == ("m",)
    assert keymap.keys("app.move") == ("g m",)
    assert keymap.problems == []

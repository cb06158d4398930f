"""Every key of the registry on every screen: it runs its action, and the action does something."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from smartgallery_tui.ui.actions import ACTIONS, for_screen
from smartgallery_tui.ui.keymap import textual_key
from smartgallery_tui.ui.palette import ActionProvider
from smartgallery_tui.ui.screens.base import GalleryScreen
from smartgallery_tui.ui.screens.detail import DetailScreen
from smartgallery_tui.ui.screens.grid import GridScreen
from tests.ui.conftest import make_app, settle

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from smartgallery_tui.library import Library
    from smartgallery_tui.records import Item
    from smartgallery_tui.ui.actions import Action, Scope
    from smartgallery_tui.ui.app import SmartGalleryApp
    from smartgallery_tui.ui.result_view import ResultView

SIZE = (100, 24)
PARTS = 4
"""Tests that share the keys of a screen, so that several processes may try them."""
START = 5
"""Where the cursor stands before every key: there is something on all sides."""


@dataclass(frozen=True)
class Effect:
    """What an action changes, as `state` names it, and what has to be pressed before."""

    what: str
    before: tuple[str, ...] = ()


CURSOR, SCREEN, MARKS, DATA = Effect("cursor"), Effect("screen"), Effect("marks"), Effect("data")
CLIPBOARD, SAID = Effect("clipboard"), Effect("said")
COMMON: dict[str, Effect] = {
    "app.first": CURSOR, "app.last": CURSOR, "app.next": CURSOR, "app.previous": CURSOR,
    "app.next_marked": Effect("cursor", ("end", "x", "home")),
    "app.previous_marked": Effect("cursor", ("home", "x", "end")),
    "app.searches": SCREEN, "app.alike": SCREEN, "app.cull": Effect("modes"),
    "app.zen": Effect("classes"), "app.storyboard": SAID, "app.openers": SCREEN,
    "app.shell": SCREEN, "app.compare": SCREEN, "app.go_month": SCREEN,
    "app.go_album": SCREEN, "app.statistics": SCREEN, "app.jobs": SCREEN, "app.log": SCREEN,
    "app.theme": SCREEN, "app.mark_step": MARKS, "app.mark": MARKS, "app.favorite": DATA,
    **{f"app.rate_{stars}": DATA for stars in (1, 2, 3, 4, 5)},
    "app.rate_0": Effect("data", ("3",)),
    "app.status": SCREEN, "app.tags": SCREEN, "app.albums": SCREEN, "app.note": SCREEN,
    "app.undo": Effect("data", ("4",)), "app.redo": Effect("data", ("4", "u")),
    **{
        action.id: Effect("answer")
        for action in ACTIONS
        if action.id.startswith("app.copy_") and action.id != "app.copy_any"
    },
    "app.go_trash": SCREEN, "app.graphics": SCREEN, "app.rename": SCREEN, "app.move": SCREEN,
    "app.import": SCREEN, "app.trash": Effect("screen or said"), "app.delete": SCREEN,
    **{
        action.id: Effect("screen or said")
        for action in ACTIONS
        if action.id.startswith("app.export_") or action.id.endswith("_folder")
    },
    "app.go_folder": SCREEN, "app.copy_any": SCREEN, "app.follow": Effect("modes"),
    "app.read_again": SAID, "app.read_all_again": SCREEN,
    "app.quit_now": Effect("calls"), "app.help": SCREEN, "app.settings": SCREEN,
    "app.previous_group": CURSOR, "app.next_group": Effect("calls"), "app.rescan": Effect("calls"),
    "app.palette": SCREEN, "app.offers": SAID, "app.redraw": Effect("calls"),
    "app.suspend": Effect("calls"),
}  # fmt: skip
EFFECTS: dict[Scope, dict[str, Effect]] = {
    "grid": {
        **COMMON,
        "grid.left": CURSOR, "grid.right": CURSOR, "grid.up": CURSOR, "grid.down": CURSOR,
        "app.page_down": Effect("cursor", ("home",)), "app.page_up": Effect("cursor", ("end",)),
        "app.half_down": Effect("cursor", ("home",)), "app.half_up": Effect("cursor", ("end",)),
        "grid.open": SCREEN, "grid.bigger": Effect("size"), "grid.smaller": Effect("size"),
        "grid.search": Effect("focus"), "grid.filter": Effect("focus"),
        "grid.back": Effect("query", ("slash", *"fox", "enter")), "grid.sort": SCREEN,
        "grid.group": SCREEN, "grid.subfolders": SAID, "grid.hidden": SAID,
        "grid.info": Effect("info"), "grid.next_tab": Effect("info"),
        "grid.previous_tab": Effect("info"), "grid.raw": Effect("info"),
        "grid.info_down": Effect("calls"), "grid.info_up": Effect("calls"),
        "grid.list_picture": Effect("classes", ("g", "v")),
        "grid.close_group": SAID, "grid.open_group": SAID, "grid.close_groups": SAID,
        "grid.open_groups": SAID,
        "grid.save_search": SCREEN, "app.slideshow": SCREEN, "grid.density": Effect("size"),
        "grid.drop_term": Effect("query", ("slash", *"fox", "enter")),
        "grid.folder_up": SAID, "grid.folder_into": SAID,
        "grid.list": Effect("classes"), "grid.range": MARKS,
        "grid.invert": MARKS, "grid.mark_all": MARKS,
        "app.escape": Effect("marks", ("x",)), "grid.quit": Effect("calls"),
    },
    "detail": {
        **COMMON,
        "detail.left": CURSOR, "detail.right": CURSOR,
        "detail.down": Effect("calls"), "detail.up": Effect("calls"),
        "app.page_down": Effect("calls"), "app.page_up": Effect("calls"),
        "app.half_down": Effect("calls"), "app.half_up": Effect("calls"),
        "detail.close": SCREEN, "detail.next_tab": Effect("info", ("i",)),
        "detail.previous_tab": Effect("info", ("i",)), "detail.raw": Effect("info"),
        "detail.find": Effect("focus"), "detail.fold": Effect("focus"),
        "detail.rotate_left": Effect("view"), "detail.rotate_right": Effect("view"),
        "detail.flip": Effect("view"), "detail.flip_vertically": Effect("view"),
        "detail.info": Effect("info"), "detail.zoom_in": Effect("view"),
        "detail.zoom_out": Effect("view", ("plus", "plus")),
        "detail.fit": Effect("view", ("plus",)), "detail.actual": Effect("calls"),
        "detail.play": Effect("calls"), "detail.previous_frame": Effect("calls"),
        "detail.next_frame": Effect("calls"), "app.slideshow": Effect("modes"),
        "app.escape": SCREEN,
    },
}  # fmt: skip
UNSEEN = {
    "grid.info_down", "grid.info_up",
    "app.next_group", "app.redraw", "app.suspend", "app.quit_now", "grid.quit", "app.rescan",
    "app.page_down", "app.page_up", "app.half_down", "app.half_up", "detail.down", "detail.up",
    "detail.actual", "detail.play", "detail.previous_frame", "detail.next_frame",
}  # fmt: skip
"""Actions whose effect does not show here; that they are called is what counts."""


@pytest.mark.parametrize("scope", EFFECTS)
def test_every_action_has_a_row(scope: Scope) -> None:
    known = {action.id for action in for_screen(scope)}
    assert known - set(EFFECTS[scope]) == set(), "actions without a test"
    assert set(EFFECTS[scope]) - known == set(), "tests without an action"


class Watched:
    """An app at a known place, and what is to be seen of it."""

    def __init__(self, app: SmartGalleryApp, library: Library, pilot: Pilot[object]) -> None:
        self.app, self.library, self.pilot = app, library, pilot
        self.calls: list[str] = []

    async def begin(self, scope: Scope) -> None:
        """Go back to where every key is tried: nothing marked, nothing asked, cursor at START."""
        app = self.app
        while len(app.screen_stack) > 2:
            await app.pop_screen()
        grid = app.screen
        assert isinstance(grid, GridScreen)
        session = grid.session
        session.marks.clear()
        session.is_culling = session.is_zen = session.is_info_open = False
        session.is_grid_info_open = False
        grid.aside.is_picture_wanted = None
        session.info_tab, session.held_id = "fields", None
        if getattr(grid, "_following", None) is not None:
            grid.action_follow()
        for name in ("-zen", "-list", "-filtering"):
            grid.remove_class(name)
        if grid.box.text or app.query_one_optional("SearchBox.-error"):
            grid.search_for("")
        grid.set_focus(grid.grid)
        await settle(self.pilot)
        grid.grid.picture_px = 256
        grid.grid.cursor = START
        grid.marks_changed()
        app._clipboard = ""
        app.last_said = ""
        app.notices.clear()
        if scope == "detail":
            grid.action_open()
        await settle(self.pilot)
        self.calls.clear()

    def state(self) -> dict[str, Any]:
        """Return what can be seen."""
        app, screen = self.app, self.app.screen
        base = next(one for one in reversed(app.screen_stack) if isinstance(one, GalleryScreen))
        grid = next(one for one in app.screen_stack if isinstance(one, GridScreen))
        session = grid.session
        view = session.view
        cursor = base.index if isinstance(base, DetailScreen) else grid.grid.cursor
        return {
            "cursor": cursor,
            "screen": type(screen).__name__,
            "marks": (tuple(session.marks.ids), session.marks.range_start),
            "data": [(row.is_favorite, row.rating, row.status) for row in self._rows(view)],
            "clipboard": app.clipboard,
            "said": tuple(app.notices.history),
            "answer": (app.clipboard, app.last_said),
            "screen or said": (type(screen).__name__, app.last_said),
            "classes": frozenset(base.classes),
            "modes": (base.modes(), session.is_culling),
            "size": (grid.grid.picture_px, grid.grid.density),
            "focus": type(base.focused).__name__,
            "query": grid.box.text,
            "view": base.picture.view if isinstance(base, DetailScreen) else None,
            "info": (session.is_info_open, session.is_grid_info_open, session.info_tab),
            "calls": tuple(self.calls),
        }

    def _rows(self, view: ResultView | None) -> list[Item]:
        """Return the rows as the library has them now."""
        return self.library.items([row.id for row in view.rows()]) if view else []

    async def press(self, key: str) -> None:
        """Press a key or chord as the registry writes it."""
        for part in key.split():
            await self.pilot.press(textual_key(part))
        await settle(self.pilot)


def spy(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    """Note which actions are run; those that would end the app or stop it are only noted."""
    app = watched.app
    run = app.run_action
    held = {"app.quit_now", "app.suspend_process", "quit", "app.redraw"}

    async def note(action: Any, *arguments: Any, **named: Any) -> bool:
        name = action if isinstance(action, str) else action[1]
        watched.calls.append(name)
        return True if name in held else await run(action, *arguments, **named)

    monkeypatch.setattr(app, "run_action", note)


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("scope", EFFECTS)
async def test_every_key_does_what_the_table_says(
    library: Library, monkeypatch: pytest.MonkeyPatch, scope: Scope, part: int
) -> None:
    app = make_app(library, save_setting=lambda _key, _value: None)
    failed: list[str] = []
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        watched = Watched(app, library, pilot)
        spy(watched, monkeypatch)
        for action in for_screen(scope)[part::PARTS]:
            effect = EFFECTS[scope].get(action.id)
            if effect is None:
                continue  # test_every_action_has_a_row says it
            for key in action.keys or (f":{action.id}",):
                await watched.begin(scope)
                for one in effect.before:
                    await pilot.press(one)
                await settle(pilot)
                watched.calls.clear()
                before = watched.state()
                await _act(watched, action, key)
                after = watched.state()
                if action.action not in watched.calls:
                    failed.append(f"{action.id} {key}: ran {watched.calls}")
                elif action.id not in UNSEEN and before[effect.what] == after[effect.what]:
                    failed.append(f"{action.id} {key}: {effect.what} stays {after[effect.what]!r}")
    assert not failed, "\n".join(failed)


async def _act(watched: Watched, action: Action, key: str) -> None:
    if key.startswith(":") and len(key) > 1:
        await watched.app.run_action(action.action, watched.app.screen)
        await settle(watched.pilot)
    else:
        await watched.press(key)


@pytest.mark.parametrize("scope", EFFECTS)
async def test_every_action_is_in_the_palette(library: Library, scope: Scope) -> None:
    app = make_app(library)
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        if scope == "detail":
            await pilot.press("enter")
            await settle(pilot)
        provider = ActionProvider(app.screen)
        listed = [hit.text async for hit in provider.discover()]
        for action in for_screen(scope):
            if action.id == "app.palette":
                continue
            assert action.label in listed, action.id
            hits = [hit async for hit in provider.search(action.label)]
            best = max(hits, key=lambda hit: hit.score)
            assert best.text is not None
            assert action.label in {hit.text for hit in hits}, action.id

"""The palette: every action of the screen by name, and a number to go to an item."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, get_args

from textual.command import DiscoveryHit, Hit, Hits, Provider

from smartgallery_tui.records import Density, GraphicsName
from smartgallery_tui.ui.actions import for_screen
from smartgallery_tui.ui.grouping import SORT_OF
from smartgallery_tui.ui.screens.base import GalleryScreen
from smartgallery_tui.ui.screens.sort_menu import SORTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smartgallery_tui.ui.actions import Action


class ActionProvider(Provider):
    """Offers what the registry has for the screen below the palette."""

    async def discover(self) -> Hits:
        """Yield every action, in the order of the registry."""
        for action, keys in self._actions():
            yield DiscoveryHit(
                f"{action.label}  {keys}",
                partial(self._run, action.action),
                text=action.label,
                help=action.tooltip,
            )

    async def search(self, query: str) -> Hits:
        """Yield the actions that fit, and the item of a number."""
        place = query.strip().lstrip("#")
        if place.isdecimal() and len(place) < 10:
            yield Hit(
                1.0,
                f"Go to item {int(place):,}",
                partial(self._run, f"go_to({int(place)})"),
                text=place,
                help="Move the cursor to this position.",
            )
        for words, call in self._ways(query.strip()):
            yield Hit(1.0, words, partial(self._run, call), text=words)
        for words, call in self._with_argument(query):
            yield Hit(0.95, words, partial(self._run, call), text=words)
        matcher = self.matcher(query)
        for action, keys in self._actions():
            score = _score(query, action, matcher.match(action.label))
            if score > 0:
                yield Hit(
                    min(1.0, score),
                    matcher.highlight(f"{action.label}  {keys}"),
                    partial(self._run, action.action),
                    text=action.label,
                    help=action.tooltip,
                )

    def _ways(self, query: str) -> Iterator[tuple[str, str]]:
        """Yield where `+12`, `-12` and `50%` go: so many items on or back, so far down."""
        screen = self.screen
        if not isinstance(screen, GalleryScreen) or not query.isascii() or len(query) > 9:
            return
        if query[:1] in {"+", "-"} and query[1:].isdecimal():
            way = "on" if query.startswith("+") else "back"
            yield f"{int(query[1:]):,} items {way}", f"step({int(query)})"
        view = screen.session.view
        if query.endswith("%") and query[:-1].isdecimal() and view is not None and view.total:
            part = min(100, int(query[:-1]))
            yield f"{part} % of the way", f"go_to({1 + (view.total - 1) * part // 100})"

    def _with_argument(self, query: str) -> Iterator[tuple[str, str]]:
        """Yield what a word and the beginning of its argument may mean: `graphics six`."""
        word, _, rest = query.strip().lower().partition(" ")
        screen = self.screen
        if not rest or not isinstance(screen, GalleryScreen):
            return
        themes = tuple(spec.name for spec in screen.session.options.themes)
        is_grid = screen.scope == "grid"
        known = {
            "graphics": ("graphics", get_args(GraphicsName), True),
            "theme": ("use_theme", themes, True),
            "group": ("group_by", ("none", *SORT_OF), is_grid),
            "density": ("use_density", get_args(Density), is_grid),
            "sort": ("sort_by", tuple(SORTS), is_grid),
        }
        if word == "import":
            path = query.strip().partition(" ")[2].strip()
            yield f"import {path}", f"import_path({path!r})"
        if word == "size" and is_grid and rest.strip().isdecimal():
            yield f"pictures of {int(rest)} pixels", f"use_size({int(rest)})"
        action, values, is_here = known.get(word, ("", (), False))
        for value in values:
            if is_here and value.startswith(rest.strip()):
                yield f"{word} {value}", f"{action}('{value}')"

    def _actions(self) -> Iterator[tuple[Action, str]]:
        screen = self.screen
        if isinstance(screen, GalleryScreen):
            for action in for_screen(screen.scope):
                if action.id != "app.palette":
                    yield action, screen.session.keymap.show(action.id)

    async def _run(self, action: str) -> None:
        await self.app.run_action(action, self.screen)


def _score(query: str, action: Action, fuzzy: float) -> float:
    """Return how well an action fits: its first words, its name, words of its explanation."""
    wanted = query.strip().lower()
    label = action.label.lower()
    if f"{label} ".startswith(f"{wanted} "):
        return 1.0
    if label.startswith(wanted):
        return 0.97
    if fuzzy > 0:
        return min(0.9, 0.5 + fuzzy / 4)
    return 0.3 if wanted in action.tooltip.lower() else 0.0

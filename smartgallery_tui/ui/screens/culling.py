"""Judging one item after the other: cull mode, and what holds the judged item in its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartgallery_tui.ui.messages import RefreshWanted, Said
from smartgallery_tui.ui.screens.opening import OpeningScreen

if TYPE_CHECKING:
    from collections.abc import Callable

_KEPT_PLACES = 40


class CullingScreen(OpeningScreen):
    """A screen whose cursor may step on by itself after a judgement."""

    def action_cull(self) -> None:
        """Step on by itself after each judgement; again: stop. Goes on where it was left."""
        session = self.session
        session.is_culling = not session.is_culling
        if session.is_culling:
            place = self.cull_places().get(self._cull_key())
            if place is not None and (self.current is None or place != self.current.id):
                self.go_to_item(place)
                self.app.post_message(Said("Back where culling stopped.", "information"))
        else:
            self.keep_cull_place()
        self.marks_changed()

    def cull_places(self) -> dict[str, int]:
        """Return where each search was left in cull mode: item ids by search."""
        kept = self.session.state.get("culls")
        if not isinstance(kept, dict):
            return {}
        return {str(key): place for key, place in kept.items() if isinstance(place, int)}

    def keep_cull_place(self) -> None:
        """Remember where this search was left."""
        if self.current is not None:
            places = self.cull_places()
            places.pop(self._cull_key(), None)
            places[self._cull_key()] = self.current.id
            self.session.state["culls"] = dict(list(places.items())[-_KEPT_PLACES:])

    def _cull_key(self) -> str:
        view = self.session.view
        return f"{self.session.library.view_key()} {view.result.text if view else ''}"

    def judge(self, what: str, call: Callable[[], None]) -> None:
        """Make a judgement; in cull mode step on at once, so that the next key means the next."""
        if refusal := self.session.refusal(f"{what} is not changed"):
            self.app.post_message(refusal)
            return
        call()
        if self.session.is_culling:
            self.step_on()
            self.keep_cull_place()

    def modes(self) -> list[str]:
        """Return what goes on, in words for the status line."""
        view = self.session.view
        following = ["following"] if self.session.is_following else []
        if not self.session.is_culling or view is None:
            return following
        return [*following, f"cull {min(self.position + 1, view.total):,}/{view.total:,}"]

    def let_go(self) -> None:
        """Look again after a step away from an item that was held in its place."""
        session = self.session
        current = self.current
        if session.held_id is None or (current is not None and current.id == session.held_id):
            return
        session.held_id = None
        if session.is_stale:
            session.is_stale = False
            self.app.post_message(RefreshWanted())

    @property
    def position(self) -> int:
        """Position of the current item in the result."""
        raise NotImplementedError

    def view_replaced(self, index: int) -> None:
        """Take a new result, which has the shown item at `index`."""

    def step_on(self) -> None:
        """Go to the next item, in cull mode after a judgement."""
        raise NotImplementedError

    def go_to_item(self, item_id: int) -> None:
        """Go to an item of the open result, if it has it."""
        raise NotImplementedError

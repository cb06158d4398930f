"""Judging one item after the other: cull mode, and what holds the judged item in its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartgallery_tui.ui.messages import RefreshWanted, Said

if TYPE_CHECKING:
    from collections.abc import Callable

    from smartgallery_tui.ui.screens.base import GalleryScreen

_KEPT_PLACES = 40


class Culling:
    """Makes judgements; in cull mode the cursor steps on by itself after each.

    Args:
        screen: The screen that it acts for.
    """

    def __init__(self, screen: GalleryScreen) -> None:
        self._screen = screen
        self._session = screen.session

    def switch(self) -> None:
        """Step on by itself after each judgement; again: stop. Goes on where it was left."""
        session = self._session
        session.is_culling = not session.is_culling
        if session.is_culling:
            place = self.places().get(self._key())
            if place is not None and (
                self._screen.current is None or place != self._screen.current.id
            ):
                self._screen.go_to_item(place)
                self._screen.app.post_message(Said("Back where culling stopped.", "information"))
        else:
            self.keep_place()
        self._screen.marks_changed()

    def places(self) -> dict[str, int]:
        """Return where each search was left in cull mode: item ids by search."""
        kept = self._session.state.get("culls")
        if not isinstance(kept, dict):
            return {}
        return {str(key): place for key, place in kept.items() if isinstance(place, int)}

    def keep_place(self) -> None:
        """Remember where this search was left."""
        if self._screen.current is not None:
            places = self.places()
            places.pop(self._key(), None)
            places[self._key()] = self._screen.current.id
            self._session.state["culls"] = dict(list(places.items())[-_KEPT_PLACES:])

    def _key(self) -> str:
        view = self._session.view
        return f"{self._session.library.view_key()} {view.result.text if view else ''}"

    def judge(self, what: str, call: Callable[[], None]) -> None:
        """Make a judgement; in cull mode step on at once, so that the next key means the next."""
        if refusal := self._session.refusal(f"{what} is not changed"):
            self._screen.app.post_message(refusal)
            return
        call()
        if self._session.is_culling:
            self._screen.step_on()
            self.keep_place()

    def modes(self) -> list[str]:
        """Return what goes on, in words for the status line."""
        view = self._session.view
        following = ["following"] if self._session.is_following else []
        if not self._session.is_culling or view is None:
            return following
        return [*following, f"cull {min(self._screen.position + 1, view.total):,}/{view.total:,}"]

    def let_go(self) -> None:
        """Look again after a step away from an item that was held in its place."""
        session = self._session
        current = self._screen.current
        if session.held_id is None or (current is not None and current.id == session.held_id):
            return
        session.held_id = None
        if session.is_stale:
            session.is_stale = False
            self._screen.app.post_message(RefreshWanted())

"""Changes of user data: asked for in a lane, answered with the rows as they are afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartgallery_tui.ui.messages import MarksChanged

if TYPE_CHECKING:
    from collections.abc import Callable

    from smartgallery_tui.records import Outcome, Status
    from smartgallery_tui.ui.background import Call
    from smartgallery_tui.ui.session import Session

_SHOWN_ROWS = 500
"""Rows read again after a change; the others are read when they come into view."""


def set_favorite(session: Session, ids: list[int], *, on: bool) -> Call:
    """Return a call that makes items favourites or takes it back."""
    what = "favourite" if on else "no favourite"
    return _change(session, what, lambda: session.library.set_favorite(ids, on))


def set_rating(session: Session, ids: list[int], stars: int) -> Call:
    """Return a call that rates items."""
    what = f"{stars} stars" if stars else "no stars"
    return _change(session, what, lambda: session.library.set_rating(ids, stars))


def set_status(session: Session, ids: list[int], status: Status) -> Call:
    """Return a call that sets the review status of items."""
    what = status.replace("_", " ") or "no status"
    return _change(session, what, lambda: session.library.set_status(ids, status))


def set_note(session: Session, item_id: int, text: str) -> Call:
    """Return a call that writes a note."""
    return _change(session, "note", lambda: session.library.set_note(item_id, text))


def set_name(session: Session, ids: list[int], kind: str, name: str, *, on: bool) -> Call:
    """Return a call that adds a tag or album to items, or takes it away."""
    library = session.library
    if kind == "tag":
        change = library.tag if on else library.untag
    else:
        change = library.album_add if on else library.album_remove
    what = f"{kind} {name}" if on else f"{kind} {name} removed"
    return _change(session, what, lambda: change(ids, name))


def _change(session: Session, what: str, change: Callable[[], list[Outcome]]) -> Call:
    def call(_cancelled: object) -> MarksChanged:
        outcomes = change()
        ids = [outcome.id for outcome in outcomes[:_SHOWN_ROWS]]
        return MarksChanged(what, outcomes, session.library.items(ids))

    return call

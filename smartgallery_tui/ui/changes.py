"""Changes of user data: asked for in a lane, answered with the rows as they are afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartgallery_tui.ui.format import count
from smartgallery_tui.ui.messages import MarksChanged

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from smartgallery_tui.records import Outcome, Status
    from smartgallery_tui.ui.background import Call
    from smartgallery_tui.ui.screens.names import Names
    from smartgallery_tui.ui.session import Session

_SHOWN_ROWS = 500
"""Rows read again after a change; the others are read when they come into view."""


def set_favorite(session: Session, ids: list[int], *, on: bool) -> Call:
    """Return a call that makes items favourites or takes it back."""
    what = "favourite" if on else "no favourite"
    return _change(session, what, lambda: session.library.set_favorite(ids, on))


def set_rating(session: Session, ids: list[int], stars: int) -> Call:
    """Return a call that rates items."""
    what = count(stars, "star") if stars else "no stars"
    return _change(session, what, lambda: session.library.set_rating(ids, stars))


def set_status(session: Session, ids: list[int], status: Status) -> Call:
    """Return a call that sets the review status of items."""
    what = status.replace("_", " ") or "no status"
    return _change(session, what, lambda: session.library.set_status(ids, status))


def set_note(session: Session, ids: Sequence[int], text: str) -> Call:
    """Return a call that writes a note, the same one to all items."""
    what = "note" if text else "note removed"
    return _change(session, what, lambda: session.library.set_note(ids, text))


def set_names(session: Session, ids: Sequence[int], kind: str, names: Names) -> Call:
    """Return a call that adds tags or albums to items, or takes them away; one step for undo."""
    added = [name for name, is_in in names if is_in]
    taken = [name for name, is_in in names if not is_in]
    parts = [f"{kind} {', '.join(added)}"] if added else []
    parts += [f"{kind} {', '.join(taken)} removed"] if taken else []
    what, library = "; ".join(parts), session.library

    def change() -> list[Outcome]:
        if kind == "tag":
            return library.mark(ids, tags=added, without_tags=taken)
        return library.put_into_albums(ids, added, taken)

    return _change(session, what, change)


def _change(session: Session, what: str, change: Callable[[], list[Outcome]]) -> Call:
    def call(_cancelled: object) -> MarksChanged:
        outcomes = change()
        ids = [outcome.id for outcome in outcomes[:_SHOWN_ROWS]]
        return MarksChanged(what, outcomes, session.library.items(ids))

    return call

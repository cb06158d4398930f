"""Changes of user data: asked for in a lane, answered with the rows as they are afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartgallery_tui.ui.messages import MarksChanged

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable

    from textual.message_pump import MessagePump

    from smartgallery_tui.records import Item, Outcome
    from smartgallery_tui.ui.session import Session

_SHOWN_ROWS = 500
"""Rows read again after a change; the others are read when they come into view."""


def set_favorite(session: Session, target: MessagePump, ids: list[int], *, on: bool) -> None:
    """Make items favourites or take it back."""
    what = "favourite" if on else "no favourite"
    _submit(session, target, what, ids, lambda: session.library.set_favorite(ids, on))


def _submit(
    session: Session,
    target: MessagePump,
    what: str,
    ids: list[int],
    change: Callable[[], list[Outcome]],
) -> None:
    def call(_cancelled: threading.Event) -> MarksChanged:
        outcomes = change()
        return MarksChanged(what, outcomes, read_again(session, ids))

    session.background.changes.submit(what, call, target)


def read_again(session: Session, ids: list[int]) -> list[Item]:
    """Return the rows of some items as they are now; blocks, for lanes."""
    return session.library.items(ids[:_SHOWN_ROWS])

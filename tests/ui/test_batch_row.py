"""What the two rows at the foot say of marked items."""

from __future__ import annotations

from smartgallery_tui.ui.actions import ACTIONS, BATCH_HINTS


def test_every_hint_of_the_batch_row_is_an_action() -> None:
    assert set(BATCH_HINTS) <= {action.id for action in ACTIONS}

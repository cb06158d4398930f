"""From a container to everything that is known of how the file was made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartgallery_tui.metadata.generators import read_generation_text
from smartgallery_tui.metadata.payloads import Payloads, find_payloads
from smartgallery_tui.metadata.reader import Reader
from smartgallery_tui.metadata.rules import NO_RULES, Rules

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smartgallery_tui.metadata.widgets import Orders
    from smartgallery_tui.records.generation import Container, Generation


def payloads(container: Container) -> Payloads:
    """Return the raw texts of a file, byte-true where they lay in it as a text of their own."""
    found = find_payloads(container)
    if found.others:
        read = read_generation_text(found.others)
        found.parameters = read[1] if read is not None else None
    return found.as_payloads()


def extract(
    container: Container,
    *,
    companions: Sequence[Container] = (),
    rules: Rules = NO_RULES,
    orders: Orders | None = None,
) -> Generation:
    """Return how a file was made, as far as its texts say.

    Pure and total: bad input gives a record with `problem` and never an error. Who reads many
    files keeps a `Reader` instead.

    Args:
        container: What was read of the file.
        companions: Files that may speak for it (a video's still, a sidecar); used only where
            the file itself says nothing.
        rules: What a user taught about node classes.
        orders: Widget orders learned from other files.
    """
    return Reader(rules, orders, memory_bytes=0).extract(container, companions)

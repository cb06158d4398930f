"""Keys act in the order in which they were typed, however fast they come."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.cli.conftest import Done

LEFT, HOME, DELETE, BACKSPACE = b"\x1b[D", b"\x1b[H", b"\x1b[3~", b"\x7f"
TYPED = b"".join(
    (b"ca", BACKSPACE, b"ats", LEFT * 2, BACKSPACE, b"u", HOME, DELETE, b"b", LEFT, b"a")
)
WORD = "abuts"
"""What the keys of `TYPED` make of each other in their order, and in no other."""


@pytest.fixture
def browsing(sg: Callable[..., Done], pictures: Path) -> Iterator[Terminal]:
    """The program with six pictures."""
    assert sg("scan", pictures).code == 0
    with Terminal(pictures, "--graphics", "none") as terminal:
        terminal.read_until("1/6")
        yield terminal


def test_the_search_box_takes_keys_in_their_order(browsing: Terminal) -> None:
    browsing.send(b"/" + TYPED)
    browsing.read_until(f"/ {WORD}")


def test_the_palette_takes_keys_in_their_order(browsing: Terminal) -> None:
    browsing.send(b"\x10" + TYPED)
    browsing.read_until(f" {WORD}")


def test_the_note_takes_keys_in_their_order(browsing: Terminal) -> None:
    browsing.send(b"M" + TYPED)
    browsing.read_until(f" {WORD}")


def test_the_trash_takes_keys_that_were_typed_ahead_of_it(browsing: Terminal) -> None:
    browsing.send(b"d")
    browsing.read_until("1/5")
    browsing.send(b"gt E")
    browsing.read_until("Delete")
    browsing.send(b"\x1b")
    browsing.read_until("1 marked")

"""Escape sequences torn anywhere, at any distance."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartgallery_tui.terminal.torn_keys import TornKeys

SEQUENCES = [
    "\x1b[A", "\x1bOP", "\x1b[1;5C", "\x1b[<0;12;33M", "\x1b[27u", "\x1b[1;1R", "\x1b[?2026;2$y",
]  # fmt: skip


@pytest.mark.parametrize("sequence", SEQUENCES)
def test_whole_sequences_pass(sequence: str) -> None:
    assert TornKeys().feed(f"a{sequence}b", 0.0) == f"a{sequence}b"


@pytest.mark.parametrize("sequence", SEQUENCES)
@pytest.mark.parametrize("delay_s", [0.01, 0.39, 30.0])
def test_a_sequence_torn_after_its_second_byte_is_one(sequence: str, delay_s: float) -> None:
    torn = TornKeys(0.4)
    for at in range(2, len(sequence)):
        assert torn.feed(sequence[:at], 100.0) == ""
        assert not torn.take_escape(100.0 + delay_s)
        assert torn.feed(sequence[at:], 100.0 + delay_s) == sequence


def test_a_sequence_torn_after_esc_is_one_within_the_delay() -> None:
    torn = TornKeys(0.4)
    assert torn.feed("\x1b", 1.0) == ""
    assert not torn.take_escape(1.3)
    assert torn.feed("[A", 1.35) == "\x1b[A"


def test_the_rest_of_a_sequence_never_acts() -> None:
    torn = TornKeys(0.4)
    torn.feed("\x1b", 1.0)
    assert torn.take_escape(1.5)
    assert torn.feed("[Ax", 2.0) == "x"


def test_typing_after_escape_acts() -> None:
    torn = TornKeys(0.4)
    torn.feed("\x1b", 1.0)
    assert torn.take_escape(1.5)
    assert not torn.take_escape(1.6)
    assert torn.feed("[", 2.0) == "["
    assert torn.feed("A", 2.2) == "A"


def test_answers_that_nobody_waits_for_vanish() -> None:
    torn = TornKeys()
    assert torn.feed("a\x1b_Gi=3;OK\x1b\\b\x1bP>|kitty\x1b\\c\x1b]11;rgb:0/0/0\x07d", 0.0) == "abcd"
    assert torn.feed("\x1b_Gi=3;EN", 1.0) == ""
    assert torn.feed("OENT\x1b\\x", 1.1) == "x"


def test_an_unfinished_string_does_not_swallow_typing_for_ever() -> None:
    torn = TornKeys()
    assert torn.feed("\x1b_", 0.0) == ""
    assert torn.feed("jk", 5.0) == "jk"


def test_alt_keys_pass() -> None:
    assert TornKeys().feed("\x1bx\x1b\x1b[A", 0.0) == "\x1bx\x1b\x1b[A"


@given(st.lists(st.text(alphabet="\x1b[]_POA0;m\\~x\x07", max_size=6), max_size=12))
def test_nothing_breaks_it_and_typing_comes_back(pieces: list[str]) -> None:
    torn = TornKeys(0.4)
    now = 0.0
    for piece in pieces:
        now += 0.3
        torn.feed(piece, now)
        torn.take_escape(now + 0.1)
    now += 10
    torn.take_escape(now)
    torn.feed("m\x07\x1b\\", now + 5)
    assert torn.feed("hello", now + 60).endswith("hello")

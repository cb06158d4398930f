"""Escape sequences torn anywhere, at any distance."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartgallery_tui.terminal.torn_keys import ANSWER_GRACE_S, ESCAPE_KEY, TornKeys

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


def test_the_rest_of_a_sequence_never_acts_as_letters() -> None:
    torn = TornKeys(0.4)
    torn.feed("\x1b", 1.0)
    assert torn.take_escape(1.5) == ESCAPE_KEY
    assert torn.feed("[Ax", 2.0) == "\x1b[Ax"


def test_typing_after_escape_acts() -> None:
    torn = TornKeys(0.4)
    torn.feed("\x1b", 1.0)
    assert torn.take_escape(1.5) == ESCAPE_KEY
    assert not torn.take_escape(1.6)
    assert torn.feed("[", 2.0) == "["
    assert torn.feed("A", 2.2) == "A"


@pytest.mark.parametrize("key", [*"jqdr/?'0:~", "\r", "\t", "é"])
def test_escape_and_a_key_are_two_keys(key: str) -> None:
    assert TornKeys(0.4).feed(f"\x1b{key}", 0.0) == f"{ESCAPE_KEY}{key}"
    torn = TornKeys(0.4)
    assert torn.feed("\x1b", 1.0) == ""
    assert torn.feed(key, 1.01) == f"{ESCAPE_KEY}{key}"


def test_escape_and_a_sequence_are_two_keys() -> None:
    assert (
        TornKeys(0.4).feed("\x1b\x1b[A\x1b\x1bOB", 0.0) == f"{ESCAPE_KEY}\x1b[A{ESCAPE_KEY}\x1bOB"
    )
    torn = TornKeys(0.4)
    assert torn.feed("\x1b\x1b", 0.0) == ESCAPE_KEY
    assert torn.take_escape(0.5) == ESCAPE_KEY


def test_escape_and_a_capital_o_are_two_keys_unless_they_are_a_function_key() -> None:
    assert TornKeys().feed("\x1bO1", 0.0) == f"{ESCAPE_KEY}O1"
    assert TornKeys().feed("\x1bOP", 0.0) == "\x1bOP"


def test_the_terminals_answer_says_that_escape_was_alone() -> None:
    torn = TornKeys(0.4)
    assert torn.feed("\x1b", 1.0) == ""
    assert torn.may_ask()
    assert torn.due_s == pytest.approx(1.4)
    assert torn.feed("\x1b[?62;22c", 1.1) == ""
    assert torn.due_s == pytest.approx(1.1 + ANSWER_GRACE_S)
    assert not torn.take_escape(1.11)
    assert torn.take_escape(1.1 + ANSWER_GRACE_S) == ESCAPE_KEY


def test_only_the_answer_to_the_last_question_counts() -> None:
    torn = TornKeys(0.4)
    assert torn.feed("\x1b", 1.0) == ""
    assert torn.may_ask()
    assert torn.feed("j\x1b", 1.05) == f"{ESCAPE_KEY}j"
    assert torn.may_ask()
    torn.feed("\x1b[?62;22c", 1.1)
    assert torn.due_s == pytest.approx(1.45)
    torn.feed("\x1b[?62;22c", 1.2)
    assert torn.due_s == pytest.approx(1.2 + ANSWER_GRACE_S)
    for _ in range(5):
        torn.feed("j\x1b", 2.0)
        torn.may_ask()
    assert not torn.may_ask()


def test_an_answer_behind_a_torn_sequence_changes_nothing() -> None:
    torn = TornKeys(0.4)
    assert torn.feed("\x1b", 1.0) == ""
    assert torn.feed("[A\x1b[?62;22c", 1.15) == "\x1b[A"
    assert torn.feed("\x1b[?6", 2.0) == ""
    assert torn.feed("2cx", 2.1) == "x"


def test_a_broken_sequence_takes_nothing_with_it() -> None:
    assert TornKeys().feed("\x1b[12\x1b[A", 0.0) == "\x1b[A"


def test_answers_that_nobody_waits_for_vanish() -> None:
    torn = TornKeys()
    assert torn.feed("a\x1b_Gi=3;OK\x1b\\b\x1bP>|kitty\x1b\\c\x1b]11;rgb:0/0/0\x07d", 0.0) == "abcd"
    assert torn.feed("\x1b_Gi=3;EN", 1.0) == ""
    assert torn.feed("OENT\x1b\\x", 1.1) == "x"


def test_an_unfinished_string_does_not_swallow_typing_for_ever() -> None:
    torn = TornKeys()
    assert torn.feed("\x1b_", 0.0) == ""
    assert torn.feed("jk", 5.0) == "jk"


def test_alt_with_backspace_passes() -> None:
    assert TornKeys().feed("\x1b\x7f", 0.0) == "\x1b\x7f"


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

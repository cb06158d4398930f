"""Sets of positions, the rank index, and columns of values."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smartgallery_tui.query.ast import Range
from smartgallery_tui.query.bitmaps import (
    RankIndex,
    bits_of,
    flags_of,
    positions_of,
    span_bits,
    union,
)
from smartgallery_tui.query.columns import NumberColumn, TextColumn, pick

OPTIONS = settings(max_examples=60, deadline=None, database=None, derandomize=True)
sets = st.integers(0, 9000).flatmap(
    lambda count: st.tuples(st.just(count), st.integers(0, 100), st.integers(0, 1 << 30))
)


def made(count, percent, seed):
    rng = random.Random(seed)
    return [p for p in range(count) if rng.randrange(100) < percent]


@OPTIONS
@given(sets)
def test_positions_come_back(drawn):
    count, percent, seed = drawn
    positions = made(count, percent, seed)
    shuffled = positions[:]
    random.Random(seed).shuffle(shuffled)
    bits = bits_of(shuffled, count)
    assert positions_of(bits, count) == positions
    assert bits.bit_count() == len(positions)
    assert [p for p, flag in enumerate(flags_of(bits, count)) if flag] == positions


@OPTIONS
@given(sets)
def test_any_page_and_any_rank(drawn):
    count, percent, seed = drawn
    positions = made(count, percent, seed)
    index = RankIndex(bits_of(positions, count), count)
    assert index.total == len(positions)
    rng = random.Random(seed)
    for _ in range(5):
        start = rng.randrange(-2, count + 2)
        wanted = positions[start : start + 24] if start >= 0 else []
        assert index.select(start, 24) == wanted
        position = rng.randrange(-1, count + 9)
        rank = positions.index(position) if position in positions else None
        assert index.rank(position) == rank


def test_spans_and_unions():
    assert positions_of(span_bits(2, 5), 8) == [2, 3, 4]
    assert span_bits(5, 5) == span_bits(6, 5) == 0
    assert positions_of(union([0b1, 0b100]), 3) == [0, 2]
    assert union([]) == 0


def test_duplicates_count_once():
    assert bits_of([3, 3, 3], 4) == 8
    assert bits_of([1, 1] * 500, 4) == 2


@pytest.mark.parametrize("count", [40, 5000])
def test_a_text_column_counts_frequent_and_rare_values(count):
    pairs = [(p, "common") for p in range(count)] + [(3, "rare"), (3, "rare"), (7, "rare"), (1, "")]
    column = TextColumn(pairs, count)
    assert sorted(column.values()) == ["common", "rare"]
    assert positions_of(column.one("rare"), count) == [3, 7]
    assert column.one("none") == 0
    assert positions_of(column.where(lambda value: value.startswith("r")), count) == [3, 7]
    assert column.any() == span_bits(0, count)
    chosen = bits_of([2, 3], count)
    assert column.totals(chosen, lambda: flags_of(chosen, count)) == {"common": 2, "rare": 1}
    assert column.totals(0, lambda: b"") == {}


@pytest.mark.parametrize("count", [40, 5000])
def test_a_text_column_takes_new_values(count):
    column = TextColumn([(p, "a") for p in range(count)] + [(3, "b")], count)
    column.replace(bits_of([3, 4], count), [(3, "c"), (4, "a"), (4, "b"), (3, "")])
    assert positions_of(column.one("b"), count) == [4]
    assert positions_of(column.one("c"), count) == [3]
    assert column.one("a") == span_bits(0, count) & ~(1 << 3)
    column.replace(span_bits(0, count), [(p, "b") for p in range(count)])
    assert column.one("b") == column.any() == span_bits(0, count)


@OPTIONS
@given(
    st.lists(st.tuples(st.integers(0, 99), st.integers(0, 20) | st.floats(0, 20)), max_size=80),
    st.integers(0, 20),
    st.integers(0, 20),
    st.booleans(),
    st.booleans(),
)
def test_a_number_column_knows_every_range(pairs, low, high, low_open, high_open):
    column = NumberColumn(pairs, 100)
    for bounds in [(low, high), (low, None), (None, high), (None, None)]:
        node = Range("cfg", *bounds, low_open, high_open)
        wanted = {
            p for p, value in pairs
            if (bounds[0] is None or value > low or (value == low and not low_open))
            and (bounds[1] is None or value < high or (value == high and not high_open))
        }  # fmt: skip
        assert set(positions_of(column.where(node), 100)) == wanted
    assert set(positions_of(column.any(), 100)) == {p for p, _ in pairs}
    column.replace(bits_of([5], 100), [(5, 3), (5, 99)])
    assert positions_of(column.where(Range("cfg", 99, None)), 100) == [5]


def test_seeds_of_64_bits_compare_exactly():
    top = 2**64 - 1
    column = NumberColumn([(p, top - p) for p in range(3000)], 3000)
    assert positions_of(column.where(Range("seed", top - 1, top)), 3000) == [0, 1]
    assert positions_of(column.where(Range("seed", None, top - 2999)), 3000) == [2999]


def test_pick_keeps_the_order():
    flags = bytes([1, 0, 1, 1])
    assert pick([3, 1, 0, 2], flags) == [3, 0, 2]
    assert pick([2], flags) == [2]
    assert pick([], flags) == []

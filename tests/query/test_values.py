"""Regular expressions that are refused, and numbers with units."""

from __future__ import annotations

import pytest

from smartgallery_tui.errors import QuerySyntaxError
from smartgallery_tui.query.ast import Range
from smartgallery_tui.query.parser import parse
from smartgallery_tui.query.values import is_explosive


@pytest.mark.parametrize("pattern", ["(a+)+", "(a*b*)*", "((a+)b)+", "(?:x{2,})+", "(a+){2,}"])
def test_repeated_repetitions_are_refused(pattern):
    assert is_explosive(pattern)
    with pytest.raises(QuerySyntaxError, match="for ever"):
        parse(f"re:/{pattern}/")


@pytest.mark.parametrize(
    "pattern", ["a+b*", "(a|b)+", r"\(a+\)+", "[(+]+", "(a+)", "a{2,3}", "(ab)?c+", "[]+)(]+", ")+"]
)
def test_other_expressions_are_not(pattern):
    assert not is_explosive(pattern)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("size:1k", 1000, 1000),
        ("size:1.5MB", 1_500_000, 1_500_000),
        ("size:2gib", 2 << 30, 2 << 30),
        ("duration:10", 9500, 10_500),
        ("duration:10s", 9500, 10_500),
        ("duration:500ms", 0, 1000),
        ("duration:2min", 119_500, 120_500),
        ("duration:1h", 3_599_500, 3_600_500),
        ("duration:1:02:03", 3_722_500, 3_723_500),
        ("fps:30", 29.5, 30.5),
        ("fps:29.97", 29.96, 29.98),
        ("rating:3", 3, 3),
        ("cfg:.5", 0.5, 0.5),
        ("w:512", 512, 512),
    ],
)
def test_numbers_with_units(text, low, high):
    node = parse(text)
    assert isinstance(node, Range)
    assert (node.low, node.high) == (pytest.approx(low), pytest.approx(high))


def test_a_ratio_is_met_nearly():
    node = parse("ratio:16:9")
    assert node.low < 1366 / 768 < node.high
    assert parse("ratio:>1.5") == Range("ratio", 1.5, None, is_low_open=True)
    assert parse("ratio:4/3..16/9") == Range("ratio", 4 / 3, 16 / 9)

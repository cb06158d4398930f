"""Dates and ages, in the time zone of the computer."""

from __future__ import annotations

from datetime import datetime

import pytest

from smartgallery_tui.query.ast import Range
from smartgallery_tui.query.dates import month_of, read_age, read_day, to_ns
from smartgallery_tui.query.parser import parse

NOW = datetime(2026, 3, 14, 12, 0)  # noqa: DTZ001 - a Saturday


def ns(*parts):
    return to_ns(datetime(*parts))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2026", (2026, 1, 1), (2027, 1, 1)),
        ("2026-03", (2026, 3, 1), (2026, 4, 1)),
        ("2025-12", (2025, 12, 1), (2026, 1, 1)),
        ("2026-03-14", (2026, 3, 14), (2026, 3, 15)),
        ("2026/3/4", (2026, 3, 4), (2026, 3, 5)),
        ("2026-03-14T09:30", (2026, 3, 14, 9, 30), (2026, 3, 14, 9, 31)),
        ("today", (2026, 3, 14), (2026, 3, 15)),
        ("Yesterday", (2026, 3, 13), (2026, 3, 14)),
        ("march", (2026, 3, 1), (2026, 4, 1)),
        ("dec", (2025, 12, 1), (2026, 1, 1)),
        ("april", (2025, 4, 1), (2025, 5, 1)),
        ("monday", (2026, 3, 9), (2026, 3, 10)),
        ("saturday", (2026, 3, 14), (2026, 3, 15)),
        ("week", (2026, 3, 9), (2026, 3, 16)),
        ("month", (2026, 3, 1), (2026, 4, 1)),
        ("year", (2026, 1, 1), (2027, 1, 1)),
    ],
)
def test_days(text, start, end):
    span = read_day(text, NOW)
    assert (span.start_ns, span.end_ns) == (ns(*start), ns(*end))


@pytest.mark.parametrize(
    "text", ["", "ma", "2026-13", "2026-02-30", "0000", "noday", "2026-03-14T25:00"]
)
def test_no_days(text):
    assert read_day(text, NOW) is None


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("7d", 604800), ("36h", 129600), ("2w", 1209600), ("30min", 1800), ("1.5d", 129600),
     ("2 days", 172800), ("1 week", 604800), ("10s", 10)],
)  # fmt: skip
def test_ages(text, seconds):
    assert read_age(text) == seconds * 1_000_000_000


@pytest.mark.parametrize("text", ["9" * 400 + "y", "9" * 20 + "s", "1." + "9" * 20 + "d", "d"])
def test_no_ages(text):
    assert read_age(text) is None


def test_months_and_years_are_average_ones():
    assert read_age("12mo") == read_age("1y") == read_age("12 months")
    assert read_age("x") is None


def test_comparisons_take_the_whole_day():
    day, after = ns(2026, 3, 14), ns(2026, 3, 15)
    for text, wanted in [
        ("date:2026-03-14", Range("date", day, after, is_high_open=True)),
        ("date:>2026-03-14", Range("date", after, None)),
        ("date:>=2026-03-14", Range("date", day, None)),
        ("date:<2026-03-14", Range("date", None, day, is_high_open=True)),
        ("date:<=2026-03-14", Range("date", None, after, is_high_open=True)),
        ("before:2026-03-14", Range("date", None, day, is_high_open=True)),
        ("since:2026-03-14", Range("date", day, None)),
        ("after:2026-03-14", Range("date", after, None)),
        ("until:2026-03-14", Range("date", None, after, is_high_open=True)),
        ("date:2026-03-14..2026-03-14", Range("date", day, after, is_high_open=True)),
        ("date:today", Range("date", day, after, is_high_open=True)),
    ]:
        assert parse(text, now=NOW) == wanted, text


def test_an_age_counts_back_from_now():
    week_ago = to_ns(NOW) - 604800 * 1_000_000_000
    day_ago = to_ns(NOW) - 86400 * 1_000_000_000
    assert parse("age:<7d", now=NOW) == Range("date", week_ago, None, is_low_open=True)
    assert parse("age:7d", now=NOW) == parse("age:<7d", now=NOW)
    assert parse("age:>7d", now=NOW) == Range("date", None, week_ago, is_high_open=True)
    assert parse("age:1d..7d", now=NOW) == Range("date", week_ago, day_ago)


def test_the_month_of_a_file():
    assert month_of(ns(2026, 3, 31, 23)) == "2026-03"
    assert month_of(1 << 62) == "2116-02"
    assert month_of(-(1 << 80)) == ""

"""Dates and ages of the query language, as spans of nanoseconds since 1970.

All days are days of the computer's own time zone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DATE = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?")
_TIME = re.compile(r"(\d{4}-\d{1,2}-\d{1,2})[t ](\d{1,2}):(\d{2})")
_AGE = re.compile(
    r"(\d{1,9}(?:\.\d{1,9})?)\s*(s|sec|min|h|hours?|d|days?|w|weeks?|mo|months?|m|y|years?)"
)
_AGE_SECONDS = {
    "s": 1, "sec": 1, "min": 60, "h": 3600, "d": 86400, "w": 604800, "mo": 2_629_746,
    "m": 2_629_746, "y": 31_556_952,
}  # fmt: skip
_NS = 1_000_000_000
MIN_NAME = 3
"""Fewest letters of a month or weekday."""


@dataclass(frozen=True, slots=True)
class Span:
    """From `start_ns` up to and without `end_ns`."""

    start_ns: int
    end_ns: int


def read_day(text: str, now: datetime) -> Span | None:
    """Return the span that a date names, or None if it names none.

    `2026`, `2026-03`, `2026-03-14`, `2026-03-14T09:30`, `today`, `yesterday`, `march` (the last
    one that has begun), `monday` (the last one, today included), `week`, `month`, `year`
    (the current ones).
    """
    wanted = text.strip().casefold()
    if found := _TIME.fullmatch(wanted):
        return _minute(found)
    if found := _DATE.fullmatch(wanted):
        return _calendar(found)
    day = datetime(now.year, now.month, now.day)  # noqa: DTZ001 - local days are meant
    return _relative(wanted.removeprefix("this ").removeprefix("this-"), day)


def read_age(text: str) -> int | None:
    """Return the nanoseconds that an age like `7d`, `2w`, `36h`, `3mo`, `1y` spans, or None."""
    found = _AGE.fullmatch(text.strip().casefold())
    if found is None:
        return None
    unit = found[2]
    seconds = _AGE_SECONDS.get(unit) or _AGE_SECONDS["mo" if unit.startswith("mo") else unit[0]]
    return int(float(found[1]) * seconds * _NS)


def month_of(mtime_ns: int) -> str:
    """Return the local month of a moment as `2026-03`, or "" where there is no such date."""
    try:
        return f"{datetime.fromtimestamp(mtime_ns // _NS):%Y-%m}"  # noqa: DTZ006
    except (ValueError, OverflowError, OSError):
        return ""


def to_ns(moment: datetime) -> int:
    """Return a local (naive) or aware moment as nanoseconds since 1970."""
    return int(moment.timestamp()) * _NS + moment.microsecond * 1000


def _relative(word: str, day: datetime) -> Span | None:
    if word == "today":
        return _days(day, 1)
    if word == "yesterday":
        return _days(day - timedelta(days=1), 1)
    if word == "week":
        return _days(day - timedelta(days=day.weekday()), 7)
    if word == "month":
        return _month(day.year, day.month)
    if word == "year":
        return _year(day.year)
    return _named(word, day)


def _named(word: str, day: datetime) -> Span | None:
    if len(word) < MIN_NAME:
        return None
    for number, name in enumerate(_MONTHS, 1):
        if name.startswith(word):
            return _month(day.year if number <= day.month else day.year - 1, number)
    for number, name in enumerate(_WEEKDAYS):
        if name.startswith(word):
            return _days(day - timedelta(days=(day.weekday() - number) % 7), 1)
    return None


def _calendar(found: re.Match[str]) -> Span | None:
    year, month, day = (int(part) if part else None for part in found.groups())
    try:
        if year is None or month is None:
            return _year(year or 0)
        if day is None:
            return _month(year, month)
        return _days(datetime(year, month, day), 1)  # noqa: DTZ001
    except (ValueError, OverflowError, OSError):
        return None


def _minute(found: re.Match[str]) -> Span | None:
    try:
        year, month, day = (int(part) for part in found[1].split("-"))
        start = datetime(year, month, day, int(found[2]), int(found[3]))  # noqa: DTZ001
        return Span(to_ns(start), to_ns(start + timedelta(minutes=1)))
    except (ValueError, OverflowError, OSError):
        return None


def _days(start: datetime, count: int) -> Span:
    return Span(to_ns(start), to_ns(start + timedelta(days=count)))


def _month(year: int, month: int) -> Span:
    start = datetime(year, month, 1)  # noqa: DTZ001
    after = datetime(year + month // 12, month % 12 + 1, 1)  # noqa: DTZ001
    return Span(to_ns(start), to_ns(after))


def _year(year: int) -> Span:
    return Span(to_ns(datetime(year, 1, 1)), to_ns(datetime(year + 1, 1, 1)))  # noqa: DTZ001

"""Figures for people: sizes, dates, durations, counts."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from smartgallery_tui.records import Item

_ASPECTS = ((1, 1), (5, 4), (4, 3), (3, 2), (16, 10), (5, 3), (16, 9), (2, 1), (21, 9), (3, 1))
_ASPECT_SLACK = 0.015
_TINY_PIXELS = 50_000
_UNITS = ("B", "kB", "MB", "GB", "TB")


def size(size_bytes: int) -> str:
    """Return a size with three digits at most and its unit."""
    value = float(size_bytes)
    for unit in _UNITS:
        if value < 1000 or unit == _UNITS[-1]:
            digits = 1 if value < 10 and unit != "B" else 0
            return f"{value:.{digits}f} {unit}"
        value /= 1000
    return ""  # pragma: no cover - the loop always returns


def date(mtime_ns: int, zone: tzinfo | None = None) -> str:
    """Return the minute of a modification time, in the local zone unless one is given."""
    try:
        moment = datetime.fromtimestamp(mtime_ns / 1e9, tz=UTC).astimezone(zone)
    except (OverflowError, ValueError, OSError):
        return "?"
    return moment.strftime("%Y-%m-%d %H:%M")


def clock(seconds: float) -> str:
    """Return the local date and time of a moment, to the second."""
    return datetime.fromtimestamp(seconds, tz=UTC).astimezone().strftime("%Y-%m-%d %H:%M:%S")


def duration(duration_ms: int) -> str:
    """Return a play length as `m:ss` or `h:mm:ss`, to the nearest second."""
    hours, rest = divmod(round(duration_ms / 1000), 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def eta(seconds: float) -> str:
    """Return a remaining time, coarse."""
    if seconds < 60:
        return f"{max(1, round(seconds))} s left"
    if seconds < 3600:
        return f"{round(seconds / 60)} min left"
    return f"{seconds / 3600:.1f} h left"


def progress(
    what: str,
    done: int,
    total: int | None,
    *,
    rate_per_s: float,
    bytes_per_s: float = 0.0,
    eta_s: float | None = None,
) -> str:
    """Return how far something is: count, rate and remaining time, as far as they are known."""
    parts = [what] if what else []
    if total:
        parts.append(f"{done:,}/{total:,}")
    elif done:
        parts.append(f"{done:,}")
    if bytes_per_s >= 1:
        parts.append(f"{size(int(bytes_per_s))}/s")
    elif rate_per_s >= 1:
        parts.append(f"{rate_per_s:,.0f}/s")
    if eta_s is not None and eta_s >= 1:
        parts.append(eta(eta_s))
    return " ".join(parts)


def count(number: int, noun: str, plural: str = "") -> str:
    """Return a number with its noun: `1 file`, `12,000 files`."""
    word = noun if number == 1 else plural or f"{noun}s"
    return f"{number:,} {word}"


def number(value: float) -> str:
    """Return a setting such as cfg without a useless fraction."""
    return f"{value:g}"


def dimensions(item: Item) -> str:
    """Return `832x1216` with a proper sign, or "" where it is not known."""
    return f"{item.width}\u00d7{item.height}" if item.width and item.height else ""


def megapixels(item: Item) -> str:
    """Return the size of a picture in megapixels, or "" where it is not known or tiny."""
    pixels = (item.width or 0) * (item.height or 0)
    return f"{pixels / 1e6:.1f} MP" if pixels >= _TINY_PIXELS else ""


def model_name(name: str) -> str:
    """Return the name of a model without its folder and the ending that most of them have."""
    short = name.replace("\\", "/").rpartition("/")[2]
    for ending in (".safetensors", ".gguf", ".ckpt"):
        if short.endswith(ending) and len(short) > len(ending):
            return short.removesuffix(ending)
    return short


def aspect(item: Item) -> str:
    """Return width over height as people say it: `2:3`, or `1.46:1` where no name is near."""
    if not (item.width and item.height):
        return ""
    value = item.width / item.height
    for wide, high in _ASPECTS:
        for ratio, name in ((wide / high, f"{wide}:{high}"), (high / wide, f"{high}:{wide}")):
            if abs(value / ratio - 1) < _ASPECT_SLACK:
                return name
    return f"{value:.2f}:1" if value > 1 else f"1:{1 / value:.2f}"

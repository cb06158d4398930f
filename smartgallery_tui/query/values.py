"""The values of a field: from the text behind `field:` to a leaf of the query tree."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from smartgallery_tui.errors import QuerySyntaxError
from smartgallery_tui.index.search_text import search_words
from smartgallery_tui.query.ast import Has, Name, NameMode, Node, Not, Pattern, Range, Words
from smartgallery_tui.query.dates import Span, read_age, read_day, to_ns
from smartgallery_tui.query.fields import (
    BY_ALIAS,
    EMPTIABLE,
    HAS_ONLY,
    NEVER_EMPTY,
    Field,
    is_whole_name,
    plain_form,
    suggest_field,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Value:
    """One value as typed."""

    text: str
    column: int
    operator: str = ""
    """`>`, `>=`, `<`, `<=`, `=`, `~` or nothing; `!=` is the parser's."""
    is_quoted: bool = False
    is_prefix: bool = False
    """A `*` stood behind it, or it is still being typed."""
    is_typed: bool = False
    """It is still being typed: it may be incomplete."""
    is_regex: bool = False


@dataclass(frozen=True, slots=True)
class Amount:
    """A number as typed: what it is exactly, and the span that it means when asked for alone."""

    exact: float
    low: float
    high: float
    is_high_open: bool = False

    @property
    def is_span(self) -> bool:
        """Whether it is a stretch of time by nature (a day) rather than a rounded number."""
        return self.is_high_open and self.exact == self.low


_NUMBER = r"-?(?:\d{1,40}(?:\.\d{0,20})?|\.\d{1,20})"
_PLAIN = re.compile(_NUMBER)
_COUNTS = re.compile(r"(\d{1,40})-(\d{1,40})")
_PIXELS = re.compile(r"(\d{1,9}|[?*])\s*[x×]\s*(\d{1,9}|[?*])", re.IGNORECASE)  # noqa: RUF001 - typed so
_BYTES = re.compile(r"(\d{1,20}(?:\.\d{1,9})?)\s*([kmgt]?)(i?b)?", re.IGNORECASE)
_TIME = re.compile(r"(\d{1,12}(?:\.\d{1,9})?)\s*(ms|s|sec|m|min|h)?", re.IGNORECASE)
_CLOCK = re.compile(r"(?:(\d{1,4}):)?(\d{1,4}):(\d{1,2}(?:\.\d{1,3})?)")
_PROPORTION = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)[:/](\d{1,9}(?:\.\d{1,9})?)")
_TIME_MS = {"ms": 1, "": 1000, "s": 1000, "sec": 1000, "m": 60_000, "min": 60_000, "h": 3_600_000}
_RATIO_TOLERANCE = 0.01
_YES = frozenset({"yes", "y", "true", "1", "on"})
_NO = frozenset({"no", "n", "false", "0", "off"})
_MAX_PATTERN = 500
_REPETITION = re.compile(r"[*+]|\{\d*,\d*\}")
_REGEX_TOKEN = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\{\d*,\d*\}|.", re.DOTALL)


def build(field: Field, value: Value, now: datetime) -> Node:
    """Return the node for one value of a field.

    Raises:
        QuerySyntaxError: If the field cannot take the value; it names the value's column.
    """
    if value.text == "" and value.is_prefix and not value.is_quoted and not value.operator:
        return _any_value(field, value)
    if field.name in EMPTIABLE and not value.is_quoted and value.text.casefold() == "none":
        return Not(Has(field.name, value.column))
    if value.is_regex:
        return _pattern(field, value)
    return _BUILDERS[field.sort](field, value, now)


def word_leaf(field: str, value: Value) -> Node:
    """Return the leaf for words of a text field; "" is the one-box search."""
    words = search_words(value.text)
    if not words:
        raise QuerySyntaxError(
            f"`{value.text}` holds no letter or digit to search for", value.column
        )
    return Words(field, tuple(words), value.is_prefix, value.column)


def pattern_leaf(field: str, value: Value) -> Node:
    """Return the leaf for a regular expression.

    Raises:
        QuerySyntaxError: If it is none, or far too long.
    """
    if len(value.text) > _MAX_PATTERN:
        raise QuerySyntaxError(
            f"the regular expression is longer than {_MAX_PATTERN} characters", value.column
        )
    if is_explosive(value.text):
        raise QuerySyntaxError(
            f"`/{value.text}/` repeats a repetition, which can take for ever; make it simpler",
            value.column,
        )
    try:
        re.compile(value.text, re.IGNORECASE)
    except (re.error, OverflowError, RecursionError) as error:
        raise QuerySyntaxError(
            f"`/{value.text}/` is no regular expression: {error}", value.column
        ) from error
    return Pattern(field, value.text, value.column)


def is_explosive(pattern: str) -> bool:
    """Return whether a repeated group of a regular expression holds a repetition itself.

    `(a+)+` tries every way to cut a text into pieces and cannot be interrupted while it does.
    """
    repeats = [False]
    at = 0
    while found := _REGEX_TOKEN.match(pattern, at):
        token, at = found[0], found.end()
        if token == "(":  # noqa: S105 - a bracket
            repeats.append(False)
        elif token == ")" and len(repeats) > 1:  # noqa: S105 - a bracket
            inner = repeats.pop()
            is_repeated = _REPETITION.match(pattern, at) is not None
            if inner and is_repeated:
                return True
            repeats[-1] = repeats[-1] or inner or is_repeated
        elif _REPETITION.fullmatch(token):
            repeats[-1] = True
    return False


def _any_value(field: Field, value: Value) -> Node:
    if field.name in NEVER_EMPTY:
        raise QuerySyntaxError(f"`{field.name}:` needs a value", value.column)
    return Has(field.name, value.column)


def _pattern(field: Field, value: Value) -> Node:
    if field.sort not in {"words", "name", "exact"} and field.name != "name":
        raise QuerySyntaxError(f"`{field.name}:` takes no regular expression", value.column)
    return pattern_leaf(field.name, value)


def _words(field: Field, value: Value, _now: datetime) -> Node:
    _only_operators(field, value, "=")
    return word_leaf(field.name, value)


def _name(field: Field, value: Value, _now: datetime) -> Node:
    _only_operators(field, value, "=~")
    return Name(field.name, value.text, _name_mode(value, "part"), value.column)


def _exact(field: Field, value: Value, _now: datetime) -> Node:
    _only_operators(field, value, "=~")
    mode = _name_mode(value, "exact")
    text = value.text.removeprefix(".") if field.name == "ext" else value.text
    if field.choices:
        _check_choice(field, value, mode)
    if field.name == "album" and mode == "exact" and value.operator != "=":
        mode = "part"
    return Name(field.name, text, mode, value.column)


def _name_mode(value: Value, default: NameMode) -> NameMode:
    if value.operator == "=":
        return "exact"
    if value.operator == "~":
        return "glob"
    if not value.is_quoted and ("*" in value.text or "?" in value.text):
        return "glob"
    if value.is_prefix and (default == "exact" or not value.is_typed):
        return "prefix"
    return "exact" if default == "part" and is_whole_name(value.text) else default


def _check_choice(field: Field, value: Value, mode: NameMode) -> None:
    wanted = plain_form(value.text)
    if mode == "glob" or wanted in field.choices:
        return
    if mode == "prefix" and any(choice.startswith(wanted) for choice in field.choices):
        return
    near = difflib.get_close_matches(wanted, field.choices, n=1)
    hint = f"did you mean `{near[0]}`?" if near else "it knows " + ", ".join(field.choices)
    raise QuerySyntaxError(
        f"`{field.name}:` has no value `{value.text}`; {hint}",
        value.column,
        near[0] if near else "",
    )


def _path(field: Field, value: Value, _now: datetime) -> Node:
    _only_operators(field, value, "=~")
    mode = _name_mode(value, "part")
    if mode == "exact" and value.operator != "=":
        mode = "part"
    text = value.text if field.name == "name" or value.text == "/" else value.text.rstrip("/")
    return Name(field.name, text, mode, value.column)


def _number(field: Field, value: Value, _now: datetime) -> Node:
    def read(text: str, column: int) -> Amount:
        amount = _AMOUNTS[field.units](text.strip())
        if amount is None:
            raise QuerySyntaxError(
                f"`{text}` is no value for `{field.name}:`; "
                f"write {_EXAMPLES[field.units].format(field.name)}",
                column,
            )
        return amount

    if found := _COUNTS.fullmatch(value.text):
        low, high = read(found[1], value.column), read(found[2], value.column)
        return Range(field.name, low.exact, high.exact, column=value.column)
    return _range(field.name, value, read)


def _dimension(field: Field, value: Value, now: datetime) -> Node:
    text = value.text + "*" if value.is_prefix else value.text
    if found := _PIXELS.fullmatch(value.text) or _PIXELS.fullmatch(text):
        _only_operators(field, value, "=~")
        text = f"{found[1]}x{found[2]}"
        is_open = "*" in text or "?" in text
        text = text.replace("?", "*")
        return Name("size", text, "glob" if is_open else "exact", value.column)
    return _number(Field("size", "number", field.help, units="bytes"), value, now)


def _date(field: Field, value: Value, now: datetime) -> Node:
    if field.name == "age":
        return _age(value, now)

    def read(text: str, column: int) -> Amount:
        span = _epoch(text) or read_day(text, now)
        if span is None:
            raise QuerySyntaxError(
                f"`{text}` is no date; write 2026-03-14, 2026-03, march, today or yesterday",
                column,
            )
        if span.start_ns == span.end_ns:
            return Amount(span.start_ns, span.start_ns, span.start_ns)
        return Amount(span.start_ns, span.start_ns, span.end_ns, True)

    return _range("date", value, read)


def _epoch(text: str) -> Span | None:
    digits = text.removeprefix("@")
    if digits == text or not re.fullmatch(r"-?\d{1,19}", digits):
        return None
    return Span(int(digits), int(digits))


def _age(value: Value, now: datetime) -> Node:
    def read(text: str) -> int:
        age_ns = read_age(text)
        if age_ns is None:
            raise QuerySyntaxError(
                f"`{text}` is no age; write 7d, 36h, 2w, 3mo or 1y", value.column
            )
        return to_ns(now) - age_ns

    if ".." in value.text:
        young, old = value.text.split("..", 1)
        low = read(old) if old else None
        high = read(young) if young else None
        return Range("date", low, high, column=value.column)
    moment = read(value.text)
    if value.operator in {">", ">="}:
        return Range("date", None, moment, False, value.operator == ">", value.column)
    return Range("date", moment, None, value.operator != "<=", False, value.column)


def _flag(field: Field, value: Value, _now: datetime) -> Node:
    _only_operators(field, value, "=")
    wanted = value.text.casefold()
    if wanted in _YES:
        return Has(field.name, value.column)
    if wanted in _NO:
        return Not(Has(field.name, value.column))
    raise QuerySyntaxError(f"`{field.name}:` takes yes or no, not `{value.text}`", value.column)


def _has(field: Field, value: Value, _now: datetime) -> Node:
    _only_operators(field, value, "=")
    wanted = value.text.casefold()
    known = BY_ALIAS.get(wanted)
    if wanted in HAS_ONLY:
        return Has(wanted, value.column)
    if known is not None and known.name not in NEVER_EMPTY:
        return Has(known.name, value.column)
    near = suggest_field(wanted)
    hint = f"; did you mean `{near}`?" if near else ""
    raise QuerySyntaxError(
        f"`has:` takes the name of a field, not `{value.text}`{hint}", value.column, near
    )


def _range(name: str, value: Value, read: Callable[[str, int], Amount]) -> Node:
    column = value.column + len(value.operator)
    if ".." in value.text:
        return _span(name, value, read)
    amount = read(value.text, column)
    if value.operator == ">":
        return Range(
            name,
            amount.high if amount.is_span else amount.exact,
            None,
            not amount.is_span,
            False,
            value.column,
        )
    if value.operator == ">=":
        return Range(name, amount.exact, None, column=value.column)
    if value.operator == "<":
        return Range(name, None, amount.exact, False, True, value.column)
    if value.operator == "<=":
        high = amount.high if amount.is_span else amount.exact
        return Range(name, None, high, False, amount.is_span, value.column)
    return Range(name, amount.low, amount.high, False, amount.is_high_open, value.column)


def _span(name: str, value: Value, read: Callable[[str, int], Amount]) -> Node:
    column = value.column + len(value.operator)
    low_text, high_text = value.text.split("..", 1)
    is_high_open = high_text.startswith("<")
    high_column = column + len(low_text) + 2 + is_high_open
    high_text = high_text.removeprefix("<")
    low = read(low_text, column) if low_text else None
    high = read(high_text, high_column) if high_text else None
    if low is None and high is None:
        raise QuerySyntaxError(f"`{name}:..` needs a bound", value.column)
    return Range(
        name,
        None if low is None else low.exact,
        None if high is None else (high.high if high.is_span else high.exact),
        value.operator == ">",
        is_high_open or (high is not None and high.is_span),
        value.column,
    )


def _only_operators(field: Field, value: Value, allowed: str) -> None:
    if value.operator and value.operator not in allowed:
        raise QuerySyntaxError(
            f"`{field.name}:` cannot be compared with `{value.operator}`; "
            f"write {field.name}:{value.text}",
            value.column,
        )


def _exactly(number: float) -> Amount:
    return Amount(number, number, number)


def _number_of(text: str) -> float | None:
    if not _PLAIN.fullmatch(text):
        return None
    number = float(text)
    return int(text) if text.lstrip("-").isdigit() else number


def _plain_amount(text: str) -> Amount | None:
    number = _number_of(text)
    return None if number is None else _exactly(number)


def _seed_amount(text: str) -> Amount | None:
    return _exactly(int(text)) if re.fullmatch(r"\d{1,40}", text) else None


def _fps_amount(text: str) -> Amount | None:
    number = _number_of(text)
    if number is None:
        return None
    tolerance = 0.5 if float(number).is_integer() else 0.01
    return Amount(number, number - tolerance, number + tolerance, True)


def _bytes_amount(text: str) -> Amount | None:
    found = _BYTES.fullmatch(text)
    if found is None:
        return None
    power = " kmgt".index(found[2].lower() or " ")
    # As sizes are shown: a file of "2.0 MB" has 2,000,000 bytes; 2mib are 2,097,152.
    step = 1024 if (found[3] or "").lower() == "ib" else 1000
    return _exactly(int(float(found[1]) * step**power))


def _time_amount(text: str) -> Amount | None:
    if found := _CLOCK.fullmatch(text):
        seconds = int(found[1] or 0) * 3600 + int(found[2]) * 60 + float(found[3])
        exact = int(seconds * 1000)
    elif found := _TIME.fullmatch(text):
        exact = int(float(found[1]) * _TIME_MS[(found[2] or "").lower()])
    else:
        return None
    return Amount(exact, exact - 500, exact + 500, True)


def _ratio_amount(text: str) -> Amount | None:
    if found := _PROPORTION.fullmatch(text):
        if float(found[2]) == 0:
            return None
        exact = float(found[1]) / float(found[2])
    else:
        number = _number_of(text)
        if number is None or number < 0:
            return None
        exact = float(number)
    return Amount(exact, exact * (1 - _RATIO_TOLERANCE), exact * (1 + _RATIO_TOLERANCE))


_AMOUNTS: dict[str, Callable[[str], Amount | None]] = {
    "count": _plain_amount,
    "factor": _plain_amount,
    "seed": _seed_amount,
    "rate": _fps_amount,
    "bytes": _bytes_amount,
    "time": _time_amount,
    "ratio": _ratio_amount,
}
_EXAMPLES: dict[str, str] = {
    "count": "{0}:3, {0}:>=3 or {0}:2..5",
    "factor": "{0}:0.5, {0}:>0.5 or {0}:0.2..0.8",
    "seed": "{0}:42, {0}:>42 or {0}:1..99",
    "rate": "{0}:24, {0}:>=24 or {0}:16..30",
    "bytes": "{0}:>2mb, {0}:500kb..2mb",
    "time": "{0}:>10s, {0}:1m..2m",
    "ratio": "{0}:16:9, {0}:>1.5",
}
"""What may be written for an amount, by its units."""
_BUILDERS: dict[str, Callable[[Field, Value, datetime], Node]] = {
    "words": _words,
    "name": _name,
    "exact": _exact,
    "path": _path,
    "number": _number,
    "dimension": _dimension,
    "date": _date,
    "flag": _flag,
    "has": _has,
}

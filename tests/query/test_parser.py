"""Text to tree: what each form means, where errors point, and that no text breaks it."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smartgallery_tui.errors import QuerySyntaxError
from smartgallery_tui.query.ast import (
    And,
    Everything,
    Has,
    Name,
    Not,
    Or,
    Pattern,
    Range,
    Words,
    leaves,
    mentions,
    render,
)
from smartgallery_tui.query.fields import BY_ALIAS, FIELDS
from smartgallery_tui.query.parser import MAX_DEPTH, MAX_LENGTH, parse, parse_parts
from tests.query.records import TERMS, queries

NOW = datetime(2026, 3, 14, 12, 0)  # noqa: DTZ001 - local days are meant
OPTIONS = settings(max_examples=150, deadline=None, database=None, derandomize=True)


def word(text, *, prefix=False, field=""):
    return Words(field, tuple(text.split()), prefix)


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("", Everything()),
        ("  ", Everything()),
        ("*", Everything()),
        ("castle", word("castle")),
        ("Castle NIGHT", And((word("castle"), word("night")))),
        ("cast*", word("cast", prefix=True)),
        ('"old castle"', word("old castle")),
        ('"old cast"*', word("old cast", prefix=True)),
        ("-neon", Not(word("neon"))),
        ("NOT neon", Not(word("neon"))),
        ("a AND b", And((word("a"), word("b")))),
        ("a b OR c", Or((And((word("a"), word("b"))), word("c")))),
        ("a | b", Or((word("a"), word("b")))),
        ("a (b OR c)", And((word("a"), Or((word("b"), word("c")))))),
        ("-(a b)", Not(And((word("a"), word("b"))))),
        ("image(1)", word("image 1")),
        ("(a b(1))", And((word("a"), word("b 1")))),
        ("or", word("or")),
        ("東京", word("東 京")),
        ("sd3.5_large", word("sd3 5 large")),
        ("http://x", word("http x")),
        ("16:9", word("16 9")),
        ("model:flux", Name("model", "flux")),
        ("MODEL:flux", Name("model", "flux")),
        ("checkpoint:flux", Name("model", "flux")),
        ("model:flux,sdxl", Or((Name("model", "flux"), Name("model", "sdxl")))),
        ('tag:"a, b",c', Or((Name("tag", "a, b", "exact"), Name("tag", "c", "exact")))),
        ("model:x.safetensors", Name("model", "x.safetensors", "exact")),
        ("model:=flux", Name("model", "flux", "exact")),
        ("model:flux*", Name("model", "flux", "prefix")),
        ("model:*dev*", Name("model", "*dev", "glob")),
        ("sampler:euler", Name("sampler", "euler", "exact")),
        ("sampler:eu*", Name("sampler", "eu", "prefix")),
        ("-lora:x", Not(Name("lora", "x"))),
        ("lora:*", Has("lora")),
        ("has:lora", Has("lora")),
        ("has:checkpoint", Has("model")),
        ("has:workflow", Has("workflow")),
        ("fav:yes", Has("fav")),
        ("favorite:no", Not(Has("fav"))),
        ("tag:none", Not(Has("tag"))),
        ("ext:.PNG", Name("ext", "PNG", "exact")),
        ("steps:20", Range("steps", 20, 20)),
        ("steps:20-30", Range("steps", 20, 30)),
        ("steps:20..30", Range("steps", 20, 30)),
        ("steps:..30", Range("steps", None, 30)),
        ("steps:20..", Range("steps", 20, None)),
        ("cfg:>7", Range("cfg", 7, None, is_low_open=True)),
        ("cfg:>=7.5", Range("cfg", 7.5, None)),
        ("cfg:<7", Range("cfg", None, 7, is_high_open=True)),
        ("cfg:<=7", Range("cfg", None, 7)),
        ("cfg:!=7", Not(Range("cfg", 7, 7))),
        ("seed:18446744073709551615", Range("seed", 2**64 - 1, 2**64 - 1)),
        ("size:832x1216", Name("size", "832x1216", "exact")),
        ("size:832x?", Name("size", "832x*", "glob")),
        ("size:>2mb", Range("size", 2_000_000, None, is_low_open=True)),
        ("size:>2MiB", Range("size", 2 << 20, None, is_low_open=True)),
        ("size:>2k", Range("size", 2_000, None, is_low_open=True)),
        ("duration:>1:30", Range("duration", 90_000, None, is_low_open=True)),
        ("duration:1m..2m", Range("duration", 60_000, 120_000)),
        ("folder:/a/b/", Name("folder", "/a/b")),
        ("folder:=a", Name("folder", "a", "exact")),
        ("prompt:castle", word("castle", field="prompt")),
        ("re:/a b/", Pattern("", "a b")),
        (r"re:/a\/b\d/", Pattern("", r"a/b\d")),
        ("model:/^flux/", Pattern("model", "^flux")),
        ("path:/home/x", Name("path", "/home/x")),
    ],
)
def test_what_a_text_means(text, node):
    assert parse(text, now=NOW) == node


@pytest.mark.parametrize(
    ("text", "column", "message", "suggestion"),
    [
        ("modle:x", 0, "no field `modle:`", "model"),
        ("castle modle:x", 7, "no field `modle:`", "model"),
        ("zzzzqq:x", 0, "put it in quotes", ""),
        ("kind:imgae", 5, "no value `imgae`", "image"),
        ("kind:zzz", 5, "it knows image", ""),
        ("has:modle", 4, "name of a field", "model"),
        ('"castle', 0, "never closed", ""),
        ("a (b", 2, "never closed", ""),
        ("a ) b", 2, "closes nothing", ""),
        ("()", 1, "empty", ""),
        ("OR a", 0, "before it", ""),
        ("a OR", 2, "behind it", ""),
        ("AND a", 0, "before it", ""),
        ("- a", 0, "needs a word", ""),
        ("a -", 2, "needs a word", ""),
        ("NOT", 0, "needs a word", ""),
        ("!!!", 0, "no letter or digit", ""),
        ("ca*le", 2, "can only end a word", ""),
        ("model:", 0, "needs a value", ""),
        ("model: x", 0, "needs a value", ""),
        ('model:""', 6, "needs a value", ""),
        ("steps:abc", 6, "no value for `steps:`", ""),
        ("steps:>abc", 7, "no value for `steps:`", ""),
        ("steps:2..abc", 9, "no value for `steps:`", ""),
        ("steps:..", 6, "needs a bound", ""),
        ("seed:1.5", 5, "no value for `seed:`", ""),
        ("date:notaday", 5, "no date", ""),
        ("age:<7q", 4, "no age", ""),
        ("fav:maybe", 4, "yes or no", ""),
        ("model:>3", 6, "cannot be compared", ""),
        ("fav:>1", 4, "cannot be compared", ""),
        ("size:*", 5, "needs a value", ""),
        ("re:x", 0, "between slashes", ""),
        ("re:/(/", 0, "no regular expression", ""),
        ("steps:/2/", 6, "takes no regular expression", ""),
        ('model:"a"b', 9, "blank or a comma", ""),
        ("ratio:1:0", 6, "no value for `ratio:`", ""),
    ],
)
def test_an_error_names_the_token_and_its_column(text, column, message, suggestion):
    with pytest.raises(QuerySyntaxError, match=message) as caught:
        parse(text, now=NOW)
    assert (caught.value.column, caught.value.suggestion) == (column, suggestion)


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("cast", word("cast", prefix=True)),
        ("old cast", And((word("old"), word("cast", prefix=True)))),
        ("cast ", word("cast")),
        ('"old ca', word("old ca")),
        ('"', Everything()),
        ("castle -", word("castle")),
        ("castle OR", word("castle")),
        ("castle model:", word("castle")),
        ("(castle", word("castle", prefix=True)),
        ("(", Everything()),
        ("re:/x", Everything()),
        ("model:flux", Name("model", "flux")),
        ("sampler:eu", Name("sampler", "eu", "prefix")),
        ("kind:im", Name("kind", "im", "prefix")),
        ("castle steps:>", word("castle")),
    ],
)
def test_the_end_of_a_text_may_still_be_typed(text, node):
    assert parse(text, now=NOW, typing=True) == node


def test_limits():
    with pytest.raises(QuerySyntaxError, match="longer"):
        parse("a" * (MAX_LENGTH + 1))
    deep = "(" * MAX_DEPTH + "a" + ")" * MAX_DEPTH
    assert parse(deep) == word("a")
    with pytest.raises(QuerySyntaxError, match="levels"):
        parse(f"({deep})")
    with pytest.raises(QuerySyntaxError, match="longer"):
        parse(f"re:/{'a' * 600}/")


@settings(OPTIONS, max_examples=400)
@given(
    st.text(max_size=40)
    | st.lists(
        st.sampled_from(
            [*' ()"-*:,/\\<>=~!.|', " OR ", " AND ", "NOT ", "re:/", "..", "a", "日", "7", "\x00"]
            + [f"{name}:" for name in BY_ALIAS]
        ),
        max_size=12,
    ).map("".join),
    st.booleans(),
)
def test_any_text_gives_a_tree_or_a_syntax_error(text, typing):
    error = None
    try:
        node = parse(text, now=NOW, typing=typing)
    except QuerySyntaxError as raised:
        error = raised
    if error is None:
        assert parse(render(node), now=NOW) == node
    else:
        assert 0 <= error.column <= len(text)
        assert str(error)


@OPTIONS
@given(queries())
def test_a_tree_as_text_gives_the_same_tree(text):
    node = parse(text, now=NOW)
    assert parse(render(node), now=NOW) == node


@pytest.mark.parametrize("text", TERMS)
def test_every_term_survives_being_written(text):
    node = parse(text, now=NOW)
    assert parse(render(node), now=NOW) == node


def test_parts_stand_side_by_side():
    text = 'castle -neon AND (a OR b) model:"x y"'
    pieces = [text[start:end] for start, end, _ in parse_parts(text)]
    assert pieces == ["castle", "-neon", "(a OR b)", 'model:"x y"']
    assert [text[start:end] for start, end, _ in parse_parts(" a OR b ") for text in [" a OR b "]]
    assert parse_parts("") == []


def test_leaves_and_mentions():
    node = parse("a -(model:x OR missing:yes)")
    assert [leaf.field for leaf in leaves(node)] == ["", "model", "missing"]
    assert mentions(node, "missing")
    assert not mentions(node, "root")


def test_every_field_has_one_line_of_help():
    for field in FIELDS.values():
        assert field.help
        assert "\n" not in field.help
        assert BY_ALIAS[field.name] is field


def test_what_is_unfinished_adds_nothing():
    for text in ("castle OR (", "castle (", "castle OR -", "castle OR model:", "(castle) -("):
        assert parse(text, typing=True) == word("castle"), text
    assert parse("castle OR *") == Or((word("castle"), Everything()))
    assert parse("-*") == Not(Everything())
    assert render(parse("-* OR castle")) == '-* OR "castle"'

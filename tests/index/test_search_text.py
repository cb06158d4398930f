"""What a word is: the same for the full-text index, for queries and for Python."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smartgallery_tui.index.search_text import search_form, search_words

OPTIONS = settings(max_examples=200, deadline=None, database=None, derandomize=True)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("A castle, by-night!", ["a", "castle", "by", "night"]),
        ("snake_case.v2", ["snake", "case", "v2"]),
        ("Ünïcode Façade", ["unicode", "facade"]),
        ("Straße", ["strasse"]),
        ("東京の夜 city", ["東", "京", "の", "夜", "city"]),
        ("한국어", ["한", "국", "어"]),
        ("が", ["が"]),
        ("\uff26\uff35\uff2c\uff2c width", ["full", "width"]),
        ("🏰tower", ["🏰", "tower"]),
        ("«quoted»—dash", ["quoted", "dash"]),
        ("Модель", ["модель"]),
        ("हिन्दी", ["हिन्दी"]),
        ("a\x00b", ["a", "b"]),
        ("lone\udc80surrogate", ["lone", "surrogate"]),
        ("!!!", []),
        ("", []),
    ],
)
def test_words(text, words):
    assert search_words(text) == words


def test_plain_text_is_indexed_as_it_is():
    assert search_form("A castle") == "A castle"


@OPTIONS
@given(st.lists(st.text(max_size=30), max_size=8))
def test_the_full_text_index_sees_the_same_words(texts):
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute("CREATE VIRTUAL TABLE t USING fts5(body, content='', tokenize='ascii')")
        db.execute("CREATE VIRTUAL TABLE v USING fts5vocab(t, row)")
        for number, text in enumerate(texts, 1):
            db.execute("INSERT INTO t (rowid, body) VALUES (?, ?)", (number, search_form(text)))
        indexed = {row[0] for row in db.execute("SELECT term FROM v")}
        assert indexed == {word for text in texts for word in search_words(text)}
        for number, text in enumerate(texts, 1):
            if words := search_words(text):
                query = '"' + " ".join(words) + '"'
                found = db.execute("SELECT rowid FROM t WHERE t MATCH ?", (query,)).fetchall()
                assert (number,) in found


@OPTIONS
@given(st.text())
def test_the_form_of_a_form_has_the_same_words(text):
    assert search_words(search_form(text)) == search_words(text)

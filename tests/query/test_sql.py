"""SQL of a query: parameters only, never NULL, and the guard of regular expressions."""

from __future__ import annotations

import sqlite3

import pytest

from smartgallery_tui.errors import QueryTimeoutError
from smartgallery_tui.query import texts
from smartgallery_tui.query.parser import parse
from tests.query.record import Record
from tests.query.records import TERMS
from tests.query.sql_functions import query_functions
from tests.query.sql_meaning import find_ids, to_sql


def test_a_condition_is_never_null_and_holds_no_value(shelf):
    shelf.fill([Record("/library/a.png", "a.png", "/library")])
    for text in TERMS:
        where, params = to_sql(parse(text))
        assert where.count("?") == len(params), text
        with shelf.store.read() as db, query_functions(db):
            (found,) = db.execute(f"SELECT ({where}) FROM files f", params).fetchone()
        assert found in (0, 1), text


def test_numbers_beyond_the_database(shelf):
    shelf.fill([Record("/library/a.png", "a.png", "/library", size_bytes=5)])
    with shelf.store.read() as db:
        assert find_ids(db, parse(f"steps:<{10**30}")) == []
        assert find_ids(db, parse(f"size:<{10**19}")) == [1]
        assert find_ids(db, parse(f"-size:>{10**19}")) == [1]


def test_a_slow_expression_is_given_up(shelf, monkeypatch):
    shelf.fill([Record("/library/a.png", "a.png", "/library")])
    monkeypatch.setattr(texts, "REGEX_SECONDS", -1.0)
    with shelf.store.read() as db, pytest.raises(QueryTimeoutError):
        find_ids(db, parse("name:/a/"))


def test_other_errors_of_sql_pass_through(shelf):
    db = sqlite3.connect(":memory:")
    with pytest.raises(sqlite3.OperationalError), query_functions(db):
        db.execute("SELECT nothing FROM nowhere")
    db.close()

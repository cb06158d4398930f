"""The three meanings of a query are one: SQL, bitmaps and the match on a record."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from smartgallery_tui.errors import QuerySyntaxError
from smartgallery_tui.query.ast import quote
from smartgallery_tui.query.parser import parse
from tests.query import records as made
from tests.query.meaning import match
from tests.query.record import Record
from tests.query.sql_meaning import find_ids, to_sql

NOW = datetime(2026, 3, 14, 12, 0)  # noqa: DTZ001 - local days are meant
OPTIONS = settings(
    max_examples=20,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def by_match(node, library):
    order = sorted(
        enumerate(library, 1), key=lambda each: (each[1].mtime_ns, each[0]), reverse=True
    )
    return [number for number, record in order if match(node, record)]


def check(shelf, library, text):
    node = parse(text, now=NOW)
    wanted = by_match(node, library)
    with shelf.store.read() as db:
        assert find_ids(db, node) == wanted, f"SQL: {text}"
    with shelf.store.read() as db:
        evaluator = shelf.engine._memory.refreshed(db)
        bits = evaluator.evaluate(node, db)
        positions = evaluator.positions
        found = [positions.ids[p] for p in positions.between.sorted(positions.of_bits(bits))]
    assert found[::-1] == wanted, f"bitmaps: {text}"


@OPTIONS
@given(library=made.libraries(), texts=st.lists(made.queries(), min_size=1, max_size=12))
def test_sql_bitmaps_and_match_agree(shelf, library, texts):
    shelf.fill(library)
    shelf.tell()
    for text in texts:
        check(shelf, library, text)


@settings(OPTIONS, max_examples=4)
@given(library=made.libraries(min_size=8, max_size=16))
def test_every_term_agrees(shelf, library):
    shelf.fill(library)
    shelf.tell()
    for text in made.TERMS:
        check(shelf, library, text)


@settings(OPTIONS, max_examples=12)
@given(library=made.libraries(max_size=10), data=st.data())
def test_a_reread_column_equals_a_new_one(shelf, library, data):
    library = [replace(record, is_duplicate=False) for record in library]
    ids = shelf.fill(library)
    shelf.tell()
    text = data.draw(made.queries())
    check(shelf, library, text)
    if not ids:
        return
    changed = data.draw(st.sampled_from(ids))
    fresh = replace(
        data.draw(made.records()), path=library[changed - 1].path, name=library[changed - 1].name,
        mtime_ns=library[changed - 1].mtime_ns, is_missing=library[changed - 1].is_missing,
    )  # fmt: skip
    for table, key in (("files", "id"), ("workflow_metadata", "file_id"),
                       ("file_names", "file_id"), ("file_texts", "file_id")):  # fmt: skip
        shelf.index.execute(f"DELETE FROM {table} WHERE {key}=?", (changed,))
    for table in ("marks", "content_tags", "album_items"):
        shelf.user.execute(f"DELETE FROM {table} WHERE content_id=?", (content_of(changed),))
    shelf.add(changed, fresh)
    library = [fresh if number == changed else r for number, r in enumerate(library, 1)]
    shelf.tell([changed])
    check(shelf, library, text)
    check(shelf, library, data.draw(made.queries()))


def content_of(number):
    return hashlib.blake2b(str(number).encode(), digest_size=16).digest()


PAYLOADS = [
    "'; DROP TABLE files; --", '" OR 1=1 --', "%", "_", "%' OR '1'='1", "\\", "a' || 'b", "*", "?",
    "NEAR(a b)", "a AND b", "col:a", "^a", "{a b}", "\x00", "'", "''", ")", "(",
]  # fmt: skip
FIELDS = ["", "prompt:", "model:", "name:", "path:", "folder:", "tag:", "note:", "sampler:", "ext:"]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_value_becomes_sql(shelf, payload):
    library = [
        Record(f"/library/{name}", name, made.ROOT, positive=(name,), tags=(name,), note=name)
        for name in ("a.png", "b%.png", "c_d' OR 1=1.png")
    ]
    shelf.fill(library)
    shelf.tell()
    for field in FIELDS:
        try:
            node = parse(field + quote(payload))
        except QuerySyntaxError:
            continue
        where, params = to_sql(node)
        assert where == to_sql(parse(field + quote("harmless")))[0]
        assert where.count("?") == len(params)
        check(shelf, library, field + quote(payload))
    assert shelf.index.execute("SELECT count(*) FROM files").fetchone() == (3,)


@pytest.mark.parametrize(
    "text",
    ["age:<999999999y", "age:>999999999y", "age:1y..999999999y", "w:>9223372036854775808",
     "w:1..99999999999999999999", "size:<99999999tb", "seed:>18446744073709551615",
     "steps:99999999999999999999", "duration:<999999999999h"],
)  # fmt: skip
def test_numbers_beyond_those_of_sqlite_agree(shelf, text):
    library = [
        Record(f"/r/{n}.png", f"{n}.png", "/r", mtime_ns=n * 10**17, width=n, size_bytes=n)
        for n in range(1, 4)
    ]
    shelf.fill(library)
    shelf.tell()
    check(shelf, library, text)

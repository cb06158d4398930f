"""What stays in memory and in the cache file gives the answers that the index gives."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from smartgallery_tui.index import news
from smartgallery_tui.query import between, columns, loading, memory, prompts, stored
from smartgallery_tui.query.ast import Words
from smartgallery_tui.query.engine import SearchEngine
from smartgallery_tui.query.positions import Positions
from smartgallery_tui.query.prompts import PromptIndex
from tests.query import records as made
from tests.query.record import Record
from tests.query.test_agreement import OPTIONS, check

FEW = settings(OPTIONS, max_examples=4, phases=[Phase.explicit, Phase.generate])
PREFIXES = ["c*", "ca*", "prompt:f*", "a*", "zzz*"]


def another(shelf, path):
    """Return an engine as a later run of the program has it."""
    return SearchEngine(
        shelf.store.read,
        lambda: shelf.view,
        lambda: shelf.user.total_changes,
        cache=path,
    )


def record(number, **values):
    name = values.pop("name", f"f{number}.png")
    return Record(f"{made.ROOT}/{name}", name, made.ROOT, mtime_ns=number, **values)


def answers(engine, terms=tuple(made.TERMS)):
    return {text: engine.search(text, include_missing=True).ids() for text in terms}


@pytest.fixture
def sealed(monkeypatch):
    """Return a function that forbids reading whole columns from the index, but for marks."""

    def refuse(*_args):
        raise AssertionError("read from the index")

    def seal():
        for name in ("text_column", "number_column"):
            whole = getattr(loading, name)
            monkeypatch.setattr(
                loading, name,
                lambda db, field, order, whole=whole: (
                    whole(db, field, order) if field in loading.MARK_FIELDS else refuse()
                ),
            )  # fmt: skip
        monkeypatch.setattr(Positions, "load", refuse)
        monkeypatch.setattr(PromptIndex, "load", refuse)

    return seal


def test_a_later_run_reads_the_file_alone(shelf, tmp_path, sealed):
    shelf.fill([record(n, positive=("castle",) if n % 2 else ("fox",)) for n in range(1, 9)])
    shelf.tell()
    first = another(shelf, tmp_path / "kept" / "c")
    wanted = answers(first)
    facets = first.facets()
    first.warm_up()
    sealed()
    later = another(shelf, tmp_path / "kept" / "c")
    assert answers(later) == wanted
    assert later.facets() == facets
    before = (tmp_path / "kept" / "c").read_bytes()
    later.warm_up()
    later.close()
    assert (tmp_path / "kept" / "c").read_bytes() == before


@FEW
@given(library=made.libraries(min_size=6, max_size=16))
def test_kept_columns_answer_as_new_ones(shelf, library):
    shelf.fill(library)
    path = shelf.store.data_dir / "c"
    path.unlink(missing_ok=True)
    first = another(shelf, path)
    wanted = answers(first)
    first.warm_up()
    assert path.exists()
    assert answers(another(shelf, path)) == wanted


def test_a_file_of_another_state_counts_for_nothing(shelf, tmp_path):
    shelf.fill([record(1)])
    another(shelf, tmp_path / "c").warm_up()
    shelf.add(2, record(2, positive=("castle",)))
    shelf.tell()
    later = another(shelf, tmp_path / "c")
    assert later.search("castle").ids() == [2]
    shelf.index.execute("UPDATE files SET kind='video' WHERE id=1")
    shelf.tell()
    assert another(shelf, tmp_path / "c").search("kind:video").ids() == [1]
    shelf.view = replace(shelf.view, root_ids=(7,))
    assert another(shelf, tmp_path / "c").search("").ids() == []


def test_a_damaged_file_is_as_good_as_none(shelf, tmp_path):
    shelf.fill([record(n, positive=("castle",)) for n in range(1, 5)])
    path = tmp_path / "c"
    another(shelf, path).warm_up()
    whole = path.read_bytes()
    for broken in (whole[:-1], whole[: len(whole) // 2], b"", whole[:-40] + bytes(40)):
        path.write_bytes(broken)
        assert another(shelf, path).search("castle steps:*").ids() == []
        assert another(shelf, path).search("castle").ids() == [4, 3, 2, 1]
    for at in range(0, len(whole), 97):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 255]) + whole[at + 1 :])
        assert another(shelf, path).search("castle kind:image").ids() == [4, 3, 2, 1]


def test_the_oldest_files_make_room(shelf, tmp_path, monkeypatch):
    monkeypatch.setattr(stored, "KEPT_FILES", 2)
    shelf.fill([record(1)])
    left = tmp_path / ".search-0.cache-99"
    for number, name in enumerate((left.name, "search-1.cache", "search-2.cache", "note.txt"), 1):
        (tmp_path / name).write_text("")
        os.utime(tmp_path / name, (number, number))
    another(shelf, tmp_path / "search-3.cache").warm_up()
    assert sorted(path.name for path in tmp_path.glob("*") if path.is_file()) == [
        "note.txt", "search-2.cache", "search-3.cache",
    ]  # fmt: skip


def test_a_folder_that_cannot_be_written_is_no_error(shelf, tmp_path):
    shelf.fill([record(1)])
    (tmp_path / "file").write_text("")
    engine = another(shelf, tmp_path / "file" / "c")
    engine.warm_up()
    engine.close()
    assert engine.search("").ids() == [1]


def test_a_later_run_reads_the_file_and_what_changed_since(shelf, tmp_path, sealed):
    shelf.fill([record(n, name=f"f{n}_.png", positive=("fox",)) for n in range(1, 21)])
    path = tmp_path / "c"
    another(shelf, path).warm_up()
    before = path.read_bytes()
    shelf.add(21, record(21, positive=("castle",)))
    shelf.tell([21])
    shelf.index.execute("UPDATE files SET kind='video', name='owl.mp4' WHERE id=1")
    shelf.index.execute("DELETE FROM files WHERE id=2")
    shelf.index.execute("UPDATE files SET missing_since_ns=1 WHERE id=3")
    shelf.tell([1, 2], [3])
    sealed()
    later = another(shelf, path)
    assert later.search("castle").ids() == [21]
    assert later.search("fox").ids() == [*range(20, 3, -1), 1]
    assert later.search("kind:video").ids() == later.search("name:owl").ids() == [1]
    later.warm_up()
    later.close()
    assert path.read_bytes() == before, "a few changes are not worth writing the file"


def test_the_file_is_written_again_when_much_has_changed(shelf, tmp_path, monkeypatch):
    shelf.fill([record(n) for n in range(1, 9)])
    path = tmp_path / "c"
    engine = another(shelf, path)
    engine.warm_up()
    before = path.read_bytes()
    monkeypatch.setattr(memory, "OUTDATED", 0)
    shelf.add(9, record(9, positive=("castle",)))
    shelf.tell([9])
    assert engine.search("castle").ids() == [9]
    engine.close()
    assert path.read_bytes() != before
    assert another(shelf, path).search("castle").ids() == [9]


def test_a_gap_in_what_is_known_reads_everything(shelf, tmp_path, monkeypatch):
    monkeypatch.setattr(news, "KEPT", 2)
    shelf.fill([record(1), record(2)])
    path = tmp_path / "c"
    engine = another(shelf, path)
    engine.warm_up()
    for kind in ("video", "audio", "model"):
        shelf.index.execute("UPDATE files SET kind=? WHERE id=1", (kind,))
        shelf.tell([1])
    assert engine.search("kind:model").ids() == [1]
    assert another(shelf, path).search("kind:model").ids() == [1]


CHANGES = (
    "UPDATE files SET kind='audio', name='new_77.png' WHERE id=?",
    "UPDATE files SET missing_since_ns=1 WHERE id=?",
    "UPDATE files SET missing_since_ns=NULL WHERE id=?",
    "UPDATE files SET companion_of=1 WHERE id=?",
    "UPDATE files SET companion_of=NULL WHERE id=?",
    "UPDATE files SET mtime_ns=mtime_ns + 90000000000000000 WHERE id=?",
    "UPDATE files SET mtime_ns=mtime_ns - 90000000000000000 WHERE id=?",
    "DELETE FROM files WHERE id=?",
    "DELETE FROM file_names WHERE file_id=?",
    "UPDATE files SET steps=NULL, model='zz', seed='9' WHERE id=?",
    "UPDATE files SET steps=33, size_bytes=size_bytes + 7 WHERE id=?",
    "UPDATE workflow_metadata SET steps=7, sampler='lcm' WHERE file_id=?",
)
SOME = ("", *made.TERMS[::4])


def orders(engine):
    return {
        sort: engine.search("", sort=sort, include_missing=True).ids()
        for sort in ("name", "folder", "size", "pixels", "rating", "model", "steps", "seed")
    } | {"relevance": engine.search("castle", sort="relevance").ids()}


@settings(OPTIONS, max_examples=8)
@given(
    library=made.libraries(min_size=8, max_size=14),
    steps=st.lists(
        st.tuples(st.sampled_from(CHANGES), st.integers(1, 14), st.booleans()), max_size=10
    ),
)
@pytest.mark.parametrize(("fold", "most"), [(0, 1000), (512, 2), (512, 0)])
def test_any_change_gives_what_a_new_engine_finds(shelf, library, steps, fold, most):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(columns, "FOLD", fold)
        patch.setattr(between, "MOST", most)
        shelf.fill(library)
        path = shelf.store.data_dir / "c"
        path.unlink(missing_ok=True)
        living = another(shelf, path)
        living.warm_up()
        for sql, number, is_asked in steps:
            shelf.index.execute(sql, (number,))
            is_shallow = "missing" in sql
            shelf.tell([] if is_shallow else [number], [number] if is_shallow else [])
            if is_asked:
                answers(living, SOME[:3])
                orders(living)
        wanted = another(shelf, None)
        for engine in (living, another(shelf, path)):
            assert answers(engine, SOME) == answers(wanted, SOME)
            assert engine.facets() == wanted.facets()
            assert orders(engine) == orders(wanted)


@FEW
@given(library=made.libraries(min_size=6, max_size=14))
def test_appended_files_are_found_as_if_they_had_been_there(shelf, library):
    library = sorted(
        (replace(each, is_duplicate=False) for each in library), key=lambda each: each.mtime_ns
    )
    known = len(library) - 2
    shelf.fill(library[:known])
    shelf.tell()
    answers(shelf.engine)
    shelf.engine.warm_up()
    order = shelf.engine._memory._evaluator.positions
    for number in (known + 1, known + 2):
        shelf.add(number, library[number - 1])
        shelf.tell([number])
        for text in made.TERMS:
            check(shelf, library[:number], text)
    assert shelf.engine._memory._evaluator.positions is order


@FEW
@given(library=made.libraries(min_size=8, max_size=16), is_tied=st.booleans())
def test_files_between_others_are_found_as_if_they_had_been_there(shelf, library, is_tied):
    library = [replace(each, is_duplicate=False) for each in library]
    known = len(library) // 2
    shelf.fill(library[:known])
    shelf.tell()
    answers(shelf.engine)
    shelf.engine.warm_up()
    orders(shelf.engine)
    order = shelf.engine._memory._evaluator.positions
    for number in range(known + 1, len(library) + 1):
        if is_tied:
            library[number - 1] = replace(
                library[number - 1], mtime_ns=library[number - 1 - known].mtime_ns
            )
        shelf.add(number, library[number - 1])
        shelf.tell([number])
        if number % 2:
            answers(shelf.engine, SOME[:3])
    for text in made.TERMS:
        check(shelf, library, text)
    wanted = another(shelf, None)
    assert orders(shelf.engine) == orders(wanted)
    assert shelf.engine.facets() == wanted.facets()
    assert shelf.engine._memory._evaluator.positions is order
    for is_descending in (True, False):
        found = shelf.engine.search("", descending=is_descending)
        ids = wanted.search("", descending=is_descending).ids()
        assert found.ids() == ids
        assert [found.position(file_id) for file_id in ids] == list(range(len(ids)))
        for start in range(len(ids)):
            for count in (1, 3):
                assert found._order.ids(start, count) == ids[start : start + count]


def test_older_results_stand_when_files_are_appended(shelf):
    shelf.fill([record(n) for n in range(1, 6)])
    before = shelf.engine.search("")
    shelf.add(6, record(6))
    shelf.tell([6])
    assert shelf.engine.search("").ids() == [6, 5, 4, 3, 2, 1]
    assert before.ids() == [5, 4, 3, 2, 1]
    assert before.position(6) is None
    shelf.add(7, record(0))
    shelf.tell([7])
    assert shelf.engine.search("").ids() == [6, 5, 4, 3, 2, 1, 7]


@FEW
@given(library=made.libraries(min_size=6, max_size=14))
def test_frequent_words_give_the_same(shelf, library):
    library = [replace(each, is_duplicate=False) for each in library]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(prompts, "FREQUENT_TEXTS", 1)
        shelf.fill(library)
        shelf.tell()
        shelf.engine.warm_up()
        for text in (*made.TERMS[:25], *PREFIXES):
            check(shelf, library, text)
        fresh = replace(library[0], positive=("an old fox", "castle of cards"))
        for table, key in (("files", "id"), ("workflow_metadata", "file_id"),
                           ("file_names", "file_id"), ("file_texts", "file_id")):  # fmt: skip
            shelf.index.execute(f"DELETE FROM {table} WHERE {key}=1")
        shelf.add(1, fresh)
        shelf.tell([1])
        for text in (*made.TERMS[:25], *PREFIXES):
            check(shelf, [fresh, *library[1:]], text)
        with shelf.store.read() as db:
            index = shelf.engine._memory._evaluator.columns.prompts(db, 0)
            folded = index.folded(db)
            for word in ("castle", "fox", "tower"):
                node = Words("prompt", (word,))
                assert folded.words(db, node) == index.words(db, node)

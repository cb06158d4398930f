"""The engine: order, pages, view, what it shows after a change, facets, cancelling."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from smartgallery_tui.errors import QueryCancelledError, QuerySyntaxError, QueryTimeoutError
from smartgallery_tui.index.roots import View
from smartgallery_tui.query import engine, first_page, texts
from smartgallery_tui.query.evaluate import Evaluator
from smartgallery_tui.query.facets import FACET_FIELDS
from smartgallery_tui.query.positions import Positions
from smartgallery_tui.query.sorts import natural_key
from tests.query.record import PassValues, Record
from tests.query.records import DAY_NS, ROOT, START_NS

NAMES = ["b10.png", "b9.png", "A1.png", "c.png", "b9.jpg"]


def record(number, **values):
    name = values.pop("name", f"f{number}.png")
    folder = values.pop("folder", ROOT)
    return Record(f"{folder}/{name}", name, ROOT, mtime_ns=START_NS + number * DAY_NS, **values)


def shown(shelf, text="", **options):
    return shelf.engine.search(text, **options).ids()


def test_newest_first_with_pages_and_positions(shelf):
    shelf.fill([record(n) for n in range(100)])
    result = shelf.engine.search()
    assert result.total == len(result.ids()) == 100
    assert result.ids() == list(range(100, 0, -1))
    assert [item.id for item in result.page(10, 3)] == [90, 89, 88]
    assert [item.id for item in result.page(98, 24)] == [2, 1]
    assert result.page(100, 5) == result.page(5, 0) == []
    assert [item.id for item in result.page(-5, 2)] == [100, 99]
    assert [result.position(item_id) for item_id in (100, 1, 55)] == [0, 99, 45]
    assert result.position(101) is result.position(-1) is None
    upward = shelf.engine.search(descending=False)
    assert upward.ids() == list(range(1, 101))
    assert [item.id for item in upward.page(98, 24)] == [99, 100]
    assert upward.position(7) == 6


def test_equal_times_stand_by_id(shelf):
    shelf.fill([replace(record(0, name=f"{n}.png")) for n in range(5)])
    assert shown(shelf) == [5, 4, 3, 2, 1]
    assert shown(shelf, descending=False) == [1, 2, 3, 4, 5]


def test_an_empty_library(shelf):
    assert shown(shelf) == shown(shelf, "castle", sort="relevance") == []
    assert shelf.engine.facets().total == 0
    assert shelf.engine.search("steps:>3", sort="name").page(0, 10) == []


SORTED = [
    ("name", [3, 5, 2, 1, 4]),
    ("size", [4, 3, 2, 1, 5]),
    ("pixels", [1, 3, 2, 4, 5]),
    ("rating", [2, 4, 1, 3, 5]),
    ("model", [3, 1, 2, 4, 5]),
    ("steps", [2, 3, 1, 4, 5]),
    ("seed", [3, 1, 2, 4, 5]),
    ("duration", [5, 1, 2, 3, 4]),
    ("folder", [1, 2, 3, 4, 5]),
    ("prompt", [1, 2, 3, 4, 5]),
]


def sortable():
    def one(n, **values):
        return record(n, name=NAMES[n - 1], **values)

    return [
        one(1, size_bytes=40, width=10, height=10, rating=4, passes=step(30, 2**63)),
        one(2, size_bytes=30, width=30, height=30, rating=1, passes=step(4, 2**64 - 1)),
        one(3, size_bytes=20, width=20, height=20, passes=step(20, 999)),
        one(4, size_bytes=10, rating=3),
        one(5, size_bytes=50, duration_ms=5000),
    ]


def step(steps, seed):
    return (PassValues(steps=steps, seed=seed),)


@pytest.mark.parametrize(("sort", "wanted"), SORTED)
def test_sorts_upward_and_downward_with_the_keyless_last(shelf, sort, wanted):
    shelf.fill(sortable())
    models = {1: "beta.safetensors", 2: "Gamma.safetensors", 3: "Alpha.safetensors"}
    for number, seed, steps in [(1, 2**63, 30), (2, 2**64 - 1, 4), (3, 999, 20)]:
        shelf.index.execute(
            "UPDATE files SET seed=?, steps=?, model=? WHERE id=?",
            (str(seed), steps, models[number], number),
        )
    keyed = {"pixels": 3, "rating": 3, "model": 3, "steps": 3, "seed": 3, "duration": 1}
    count = keyed.get(sort, 5)
    wanted = [number for number in wanted if number in set(wanted[:count])]
    rest = [number for number in range(1, 6) if number not in wanted]
    assert shown(shelf, sort=sort, descending=False) == wanted + rest
    assert shown(shelf, sort=sort) == wanted[::-1] + rest[::-1]
    result = shelf.engine.search(sort=sort)
    assert [result.position(item) for item in result.ids()] == [0, 1, 2, 3, 4]
    assert [item.id for item in result.page(1, 2)] == result.ids()[1:3]
    assert result.position(99) is None


def test_natural_names():
    assert natural_key("File9.png") < natural_key("file10.PNG")
    assert natural_key("2.png") < natural_key("a.png")
    assert natural_key("²") > natural_key("1")


def test_random_is_decided_by_its_seed(shelf):
    shelf.fill([record(n) for n in range(50)])
    first = shown(shelf, sort="random", seed=1)
    assert first == shown(shelf, sort="random", seed=1)
    assert first != shown(shelf, sort="random", seed=2)
    assert sorted(first) == list(range(1, 51))
    assert first[:10] not in (list(range(1, 11)), list(range(50, 40, -1)))


def test_relevance_puts_the_best_match_first(shelf):
    shelf.fill(
        [
            record(1, positive=("a castle far behind a long list of other things in a wood",)),
            record(2, positive=("castle castle",)),
            record(3, name="castle.png", positive=("castle castle",)),
            record(4, positive=("fox",)),
        ]
    )
    assert shown(shelf, "castle", sort="relevance") == [3, 2, 1]
    assert shown(shelf, "castle", sort="relevance", descending=False) == [1, 2, 3]
    assert shown(shelf, "-castle", sort="relevance") == [4]


def test_missing_files_are_hidden_unless_asked_for(shelf):
    shelf.fill([record(1), record(2, is_missing=True)])
    assert shown(shelf) == [1]
    assert shown(shelf, include_missing=True) == [2, 1]
    assert shown(shelf, "missing:yes") == [2]
    assert shown(shelf, "kind:image missing:no") == [1]
    assert shelf.engine.facets()["kind"] == (("image", 1),)


def test_companions_are_never_shown(shelf):
    shelf.fill([record(1), record(2), record(3)])
    shelf.index.execute("UPDATE files SET companion_of=1 WHERE id=2")
    assert shown(shelf) == [3, 1]
    assert [item.companions for item in shelf.engine.search().page(0, 5)] == [(), ()]


def test_the_view_limits_everything(shelf):
    shelf.fill([record(1, folder=f"{ROOT}/in"), record(2, folder=f"{ROOT}/out"), record(3)])
    shelf.view = View((1,), (b"/library/in/",))
    assert shown(shelf) == [1]
    assert shelf.engine.facets()["kind"] == (("image", 1),)
    shelf.view = View((7,))
    assert shown(shelf) == []
    shelf.view = View((1,))
    assert shown(shelf) == [3, 2, 1]


def test_unread_files_are_told(shelf):
    shelf.fill([record(1), record(2)])
    shelf.index.execute("UPDATE files SET state='unread' WHERE id=2")
    assert shelf.engine.search("castle").unread == 1


def test_new_rows_are_seen_at_once(shelf):
    shelf.fill([record(1)])
    assert shown(shelf) == [1]
    shelf.add(2, record(2, positive=("castle",)))
    shelf.tell([2])
    assert shown(shelf, "castle") == [2]
    before = shelf.engine.search()
    shelf.index.execute("DELETE FROM files WHERE id=2")
    shelf.tell([2])
    assert shown(shelf) == [1]
    assert before.total == 2
    assert [item.id for item in before.page(0, 5)] == [1]


def test_a_moved_time_is_seen_although_only_the_id_is_told(shelf):
    shelf.fill([record(1), record(2)])
    assert shown(shelf) == [2, 1]
    shelf.index.execute("UPDATE files SET mtime_ns=? WHERE id=1", (START_NS * 2,))
    shelf.tell([1])
    assert shown(shelf) == [1, 2]


def test_a_told_new_file_is_placed(shelf):
    shelf.fill([record(n) for n in range(1, 9)])
    assert shown(shelf, "castle") == []
    shelf.add(9, record(9, positive=("castle",)))
    shelf.tell([9])
    assert shown(shelf, "castle") == [9]
    shelf.index.execute("UPDATE files SET companion_of=1 WHERE id=9")
    shelf.tell([9])
    assert shown(shelf, "castle") == []


def test_files_that_leave_and_come_back(shelf):
    shelf.fill([record(n, positive=("castle",)) for n in range(1, 5)])
    assert shown(shelf, "castle") == [4, 3, 2, 1]
    shelf.index.execute("UPDATE files SET missing_since_ns=1 WHERE id=2")
    shelf.tell([], [2])
    assert shown(shelf, "castle") == [4, 3, 1]
    assert shelf.engine.search("castle", include_missing=True).total == 4
    shelf.index.execute("UPDATE files SET missing_since_ns=NULL WHERE id=2")
    shelf.index.execute("UPDATE files SET companion_of=1 WHERE id=3")
    shelf.tell([3], [2])
    assert shown(shelf, "castle") == [4, 2, 1]
    assert shelf.engine.search("castle", include_missing=True).ids() == [4, 2, 1]
    assert shown(shelf, "-castle") == shown(shelf, "-fox -castle") == []
    shelf.index.execute("UPDATE files SET companion_of=NULL WHERE id=3")
    shelf.tell([3])
    assert shown(shelf, "castle") == shown(shelf, "-fox") == [4, 3, 2, 1]


def test_a_file_has_another_name(shelf):
    shelf.fill([record(1, name="fox_1.png"), record(2, name="owl_2.png")])
    assert shown(shelf, "name:fox") == shown(shelf, "fox") == [1]
    shelf.index.execute("UPDATE files SET name='Bär_7.PNG' WHERE id=1")
    shelf.tell([1])
    assert shown(shelf, "name:fox") == shown(shelf, "fox") == shown(shelf, "prefix:fox") == []
    assert shown(shelf, "name:bär") == shown(shelf, "bär") == shown(shelf, "prefix:bär") == [1]
    assert shown(shelf, "name:7") == [1]
    assert shown(shelf, sort="name") == [2, 1]


def test_marks_are_seen_at_once(shelf):
    shelf.fill([record(1), record(2, tags=("land",), rating=2)])
    assert shown(shelf, "fav:yes") == []
    assert shelf.engine.facets()["rating"] == (("2", 1),)
    assert shown(shelf, sort="rating") == [2, 1]
    (content,) = shelf.index.execute("SELECT content_id FROM files WHERE id=1").fetchone()
    shelf.user.execute(
        "INSERT INTO marks (content_id, is_favorite, rating, status, note, updated_ns, serial) "
        "VALUES (?, 1, 5, 'approved', 'look again', 0, 2)",
        (content,),
    )
    shelf.engine.marks_changed()
    assert shown(shelf, "fav:yes rating:5 status:approved note:look") == [1]
    assert shelf.engine.facets()["rating"] == (("5", 1), ("2", 1))
    assert shown(shelf, sort="rating") == [1, 2]
    assert shown(shelf, "rating:0") == []


def test_a_cancelled_search_has_no_result(shelf):
    shelf.fill([record(1)])
    cancelled = threading.Event()
    cancelled.set()
    with pytest.raises(QueryCancelledError):
        shelf.engine.search("castle", cancelled=cancelled)
    with pytest.raises(QueryCancelledError):
        shelf.engine.facets("", cancelled=cancelled)


def test_a_wrong_query_is_an_error_never_an_empty_list(shelf):
    with pytest.raises(QuerySyntaxError):
        shelf.engine.search("modle:x")
    with pytest.raises(QuerySyntaxError):
        shelf.engine.facets("steps:x")
    with pytest.raises(QuerySyntaxError):
        shelf.engine.suggest("(")


@pytest.mark.parametrize("text", ["re:/x/", "name:/x/", "prompt:/x/", "model:/x/"])
def test_a_slow_expression_is_given_up(shelf, monkeypatch, text):
    shelf.fill([record(1, positive=("x",), names=(("model", "x"),))])
    monkeypatch.setattr(texts, "REGEX_SECONDS", -1.0)
    with pytest.raises(QueryTimeoutError, match="simpler"):
        shelf.engine.search(text)


def test_a_slow_expression_holds_up_no_other_search(shelf, monkeypatch):
    shelf.fill([record(1, positive=("castle",)), record(2, positive=("fox",))])
    shown(shelf)
    found = []

    def look(self, leaf, db, cancelled=None):
        other = threading.Thread(target=lambda: found.append(shown(shelf, "fox")))
        other.start()
        other.join(10)
        return whole(self, leaf, db, cancelled)

    whole = Evaluator.pattern
    monkeypatch.setattr(Evaluator, "pattern", look)
    assert shown(shelf, "re:/cas/") == [1]
    assert found == [[2]]


def test_what_changes_while_an_expression_is_looked_for_is_seen(shelf, monkeypatch):
    shelf.fill([record(1, positive=("castle",)), record(2, positive=("fox",))])
    whole = Evaluator.pattern
    added = []

    def look(self, leaf, db, cancelled=None):
        bits = whole(self, leaf, db, cancelled)
        if not added:
            added.append(shelf.add(3, record(3, positive=("castle",))))
            shelf.tell([3])
        return bits

    monkeypatch.setattr(Evaluator, "pattern", look)
    assert shown(shelf, "prompt:/cas/") == [3, 1]


def test_a_search_is_cancelled_inside_a_long_step(shelf, monkeypatch):
    shelf.fill([record(n, positive=(f"castle {n}",)) for n in range(300)])
    cancelled = threading.Event()
    monkeypatch.setattr(engine, "_STEPS", 10)
    pairs = Positions.pairs

    def slowly(self, rows):
        for pair in pairs(self, rows):
            cancelled.set()
            yield pair

    monkeypatch.setattr(Positions, "pairs", slowly)
    for text in ("kind:video", "castle", "folder:x", "re:/cas/"):
        cancelled.clear()
        with pytest.raises(QueryCancelledError):
            shelf.engine.search(text, cancelled=cancelled)
    cancelled.clear()
    monkeypatch.setattr(Positions, "pairs", pairs)
    assert len(shown(shelf, "castle", cancelled=cancelled)) == 300


def test_a_search_that_waits_for_another_can_be_cancelled(shelf):
    shelf.fill([record(1)])
    cancelled = threading.Event()
    cancelled.set()
    with shelf.engine._lock, pytest.raises(QueryCancelledError):
        shelf.engine.search("castle", cancelled=cancelled)


@pytest.mark.parametrize("descending", [True, False])
def test_the_first_page_of_a_large_library_does_not_wait_for_its_order(
    shelf, monkeypatch, descending
):
    shelf.fill([record(n, is_missing=n == 3) for n in range(1, 40)])
    shelf.index.execute("UPDATE files SET companion_of=1 WHERE id=5")
    wanted = shown(shelf, descending=descending)
    monkeypatch.setattr(first_page, "LARGE", 10)
    monkeypatch.setattr(first_page, "_FIRST", 20)
    loaded = []
    load = Positions.load
    monkeypatch.setattr(Positions, "load", lambda *args: loaded.append(1) or load(*args))
    shelf.tell()
    result = shelf.engine.search(descending=descending)
    assert result.total == 37
    assert [item.id for item in result.page(0, 12)] == wanted[:12]
    assert [item.id for item in result.page(5, 12)] == wanted[5:17]
    assert not loaded
    shelf.add(50, record(50))
    assert [item.id for item in result.page(15, 12)] == wanted[15:27]
    assert result.ids() == wanted
    assert result.position(wanted[7]) == 7
    assert result.position(50) is None
    assert len(loaded) == 1
    assert shown(shelf)[0] == 50
    assert len(loaded) == 1


def test_a_part_of_a_large_library_is_loaded_at_once(shelf, monkeypatch):
    shelf.fill([record(n, folder=f"{ROOT}/{'in' if n % 2 else 'out'}") for n in range(1, 30)])
    monkeypatch.setattr(first_page, "LARGE", 10)
    shelf.view = View((1,), (b"/library/in/",))
    assert shelf.engine.search().total == 15
    shelf.view = View((7,))
    assert shelf.engine.search().total == 0


def test_searches_of_many_threads(shelf):
    shelf.fill([record(n, positive=("castle" if n % 2 else "fox",)) for n in range(40)])
    found = []

    def work(number):
        found.append((shelf.engine.search("castle").total, len(shelf.engine.facets("fox").fields)))

    threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [(20, len(FACET_FIELDS))] * 8


def test_facets_count_under_the_query(shelf):
    first = record(
        1, folder=f"{ROOT}/a/b", names=(("model", "SDXL/x.safetensors"), ("lora", "l.pt")),
        passes=(PassValues(sampler="euler", scheduler="karras"), PassValues(sampler="lcm")),
        width=10, height=20, generator="ComfyUI", tags=("t",), albums=("al",), status="review",
    )  # fmt: skip
    second = record(
        2, folder=f"{ROOT}/a", names=(("model", "x.safetensors"), ("vae", "v")),
        passes=(PassValues(sampler="euler"),), kind="video", format="mp4",
    )  # fmt: skip
    shelf.fill([first, second, record(40, positive=("castle",))])
    facets = shelf.engine.facets("-castle")
    assert facets.total == 2
    assert set(facets.fields) == set(FACET_FIELDS)
    assert {name: facets[name] for name in FACET_FIELDS} == {
        "model": (("SDXL/x.safetensors", 2),), "lora": (("l.pt", 1),),
        "sampler": (("euler", 2), ("lcm", 1)), "scheduler": (("karras", 1),),
        "vae": (("v", 1),), "folder": (("/library", 2), ("a", 2), ("a/b", 1)),
        "kind": (("image", 1), ("video", 1)), "format": (("mp4", 1), ("png", 1)),
        "generator": (("ComfyUI", 1),), "rating": (), "status": (("review", 1),),
        "tag": (("t", 1),), "album": (("al", 1),), "orient": (("portrait", 1),),
        "month": (("2023-11", 2),),
    }  # fmt: skip
    for name in FACET_FIELDS:
        for value, total in facets[name]:
            assert shelf.engine.search(f'-castle {name}:"{value}"').total == total, (name, value)
    assert shelf.engine.facets("", fields=("kind",)).fields.keys() == {"kind"}
    assert shelf.engine.facets("", fields=()).total == 0


def test_suggestions(shelf):
    shelf.fill(
        [
            record(1, positive=("a castle by night",), names=(("model", "wan2.2_i2v.gguf"),),
                   passes=(PassValues(sampler="dpmpp_2m"),), tags=("landscape",)),
            record(2, positive=("fox",), note="print this"),
        ]
    )  # fmt: skip
    found = shelf.engine.suggest("castel fox")
    assert [(part.text, part.column, part.total) for part in found.parts] == [
        ("castel", 0, 0), ("fox", 7, 1),
    ]  # fmt: skip
    assert [(each.new, each.query) for each in found.spellings] == [("castle", "castle fox")]
    assert shelf.engine.suggest("castle").total == 1
    both = shelf.engine.suggest('castel "by nihgt" model:"wam 2"')
    best = both.spellings[0]
    assert (best.total, best.query) == (1, 'castle "by night" model:wan2')
    assert all(each.total for each in both.spellings)

    def spelt(text):
        return [each.query for each in shelf.engine.suggest(text).spellings]

    assert spelt("model:wam") == ["model:wan"]
    assert spelt("sampler:dpm") == ["sampler:dpmpp_2m"]
    assert spelt("tag:landscpe") == ["tag:landscape"]
    assert "note:print" in spelt("note:prnt")
    assert spelt("landscpe") == ["landscape"]
    assert spelt("folder:libary") == ["folder:library"]
    assert spelt("prompt:xyzzyx") == []
    assert spelt("steps:>9999") == []


def test_completions(shelf):
    shelf.fill(
        [
            record(1, names=(("model", "flux dev.gguf"), ("model", "sdxl"))),
            record(2, names=(("model", "sdxl"),), folder=f"{ROOT}/portraits", tags=("x",)),
        ]
    )

    def texts_of(text, cursor=None):
        return [each.text for each in shelf.engine.complete(text, cursor)]

    assert texts_of("mod") == ["model:"]
    assert texts_of("castle -chec") == ["model:"]
    assert texts_of("(ste") == ["steps:"]
    assert texts_of("model:") == ["sdxl", '"flux dev.gguf"']
    assert texts_of("model:fl") == ['"flux dev.gguf"']
    assert texts_of("model:sdxl,fl") == ['"flux dev.gguf"']
    assert texts_of('model:"flux d') == ['"flux dev.gguf"']
    assert texts_of("kind:vi") == ["video"]
    assert texts_of("folder:port") == ["portraits"]
    assert "today" in texts_of("date:")
    assert "workflow" in texts_of("has:")
    assert texts_of("nofield:x") == texts_of("steps:") == []
    assert texts_of("mod x", 3) == ["model:"]
    done = shelf.engine.complete("a model:sd")[0]
    assert (done.start, done.end, done.label, done.total) == (8, 10, "sdxl", 2)


def test_warming_up_changes_no_answer(shelf):
    shelf.fill([record(1, positive=("castle",)), record(2)])
    cancelled = threading.Event()
    shelf.engine.warm_up(cancelled)
    assert shown(shelf, "castle") == [1]
    cancelled.set()
    shelf.engine.warm_up(cancelled)
    assert shown(shelf) == [2, 1]

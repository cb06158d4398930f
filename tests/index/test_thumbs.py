"""The thumbnail store: found again, pruned by disuse, never in the way."""

import sqlite3
import stat
import threading

import pytest

from smartgallery_tui.index.thumbs import MAX_ENTRY_BYTES, Entry, ThumbStore

A, B, C = (bytes([number]) * 16 for number in (1, 2, 3))


class Clock:
    now = 1_000_000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "cache" / "thumbs.db"


@pytest.fixture
def open_store(path, clock):
    opened = []

    def open_it(place=path, limit_bytes=1 << 20, version=1):
        opened.append(ThumbStore(place, limit_bytes=limit_bytes, version=version, clock=clock))
        return opened[-1]

    yield open_it
    for store in opened:
        store.close()


def test_kept_over_a_restart(open_store, path):
    store = open_store()
    store.add(A, [Entry("thumbnail", b"jpeg", size_px=256), Entry("micro", b"tiny")])
    store.add(A, [Entry("payload", b"bytes", key="kitty 20x10")])
    store.close()
    again = open_store()
    assert again.thumbnail(A, 256) == b"jpeg"
    assert again.micro(A) == b"tiny"
    assert again.payload(A, "kitty 20x10") == b"bytes"
    assert again.payload(A, "sixel 20x10") is None
    assert again.thumbnail(B, 128) is None
    assert again._used_bytes == 13
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_the_smallest_that_is_large_enough(open_store):
    store = open_store()
    store.add(A, [Entry("thumbnail", b"512", size_px=512), Entry("thumbnail", b"256", size_px=256)])
    assert store.thumbnail(A, 128) == b"256"
    assert store.thumbnail(A, 300) == b"512"
    assert store.thumbnail(A, 513) is None
    assert store.with_thumbnail([A, B], 256) == {A}
    assert store.with_thumbnail([A], 600) == set()


def test_a_second_one_replaces_the_first(open_store):
    store = open_store()
    store.add(A, [Entry("micro", b"old")])
    store.add(A, [Entry("micro", b"new")])
    assert store.micro(A) == b"new"


def test_other_versions_are_not_found_and_pruned(open_store):
    old = open_store(version=1)
    old.add(A, [Entry("thumbnail", b"old", size_px=256), Entry("micro", b"old")])
    old.close()
    new = open_store(version=2)
    assert new.thumbnail(A, 128) is None
    assert new.micro(A) is None
    assert new.with_thumbnail([A], 128) == set()
    new.add(B, [Entry("micro", b"new")])
    new.prune()
    assert new._used_bytes == 3


def test_what_was_unused_longest_goes_first(open_store, clock):
    store = open_store(limit_bytes=10_000)
    for number in range(9):
        clock.now += 10
        store.add(bytes([number]) * 16, [Entry("thumbnail", bytes(1000), size_px=256)])
    clock.now += 7200
    assert store.thumbnail(bytes([0]) * 16, 128) is not None
    store.add(A + b"x", [Entry("thumbnail", bytes(1500), size_px=256)])
    kept = [number for number in range(9) if store.with_thumbnail([bytes([number]) * 16], 128)]
    assert kept == [0, 3, 4, 5, 6, 7, 8]
    assert store._used_bytes <= 9_000


def test_pruning_gives_the_space_back(open_store, path):
    store = open_store(limit_bytes=4 << 20)
    for number in range(40):
        store.add(bytes([number]) * 16, [Entry("payload", bytes(100_000), key="k")])
    before = store._used_bytes
    store.set_limit(1 << 20)
    assert store.prune() > 0
    assert store._used_bytes <= 1 << 20 < before
    store.close()
    assert path.stat().st_size < 2 << 20


def test_a_failure_belongs_to_its_decoder(open_store):
    store = open_store()
    store.add(A, [Entry("failure", b"damaged PNG", key="pillow 13")])
    assert store.failures([A, B], "pillow 13") == {A: "damaged PNG"}
    assert store.failures([A], "pillow 14") == {}
    assert store.with_thumbnail([A], 128) == set()
    store.close()
    assert open_store(version=2).failures([A], "pillow 13") == {}


def test_space_is_given_back_a_little_at_a_time(open_store, monkeypatch):
    monkeypatch.setattr("smartgallery_tui.index.thumbs._SHRINK_PAGES", 10)
    store = open_store(limit_bytes=4 << 20)
    for number in range(4):
        store.add(bytes([number]) * 16, [Entry("payload", bytes(50_000), key="k")])
    store.prune_orphans(lambda _contents: set())
    assert store._used_bytes == 0
    rounds = 1
    while store.shrink():
        rounds += 1
    assert rounds > 3


def test_entries_of_vanished_contents_go(open_store):
    store = open_store()
    for number in range(450):
        store.add(number.to_bytes(16, "big"), [Entry("micro", b"x")])
    asked = []

    def known(contents):
        asked.append(len(contents))
        return {content for content in contents if content[-1] % 2}

    after = store.prune_orphans(known)
    assert after == (199).to_bytes(16, "big")
    while after:
        after = store.prune_orphans(known, after)
    assert max(asked) <= 200
    assert store.micro((1).to_bytes(16, "big")) == b"x"
    assert store.micro((2).to_bytes(16, "big")) is None
    assert store._used_bytes == 225


def test_huge_entries_are_not_kept(open_store):
    store = open_store()
    store.add(A, [Entry("payload", bytes(MAX_ENTRY_BYTES + 1), key="k")])
    assert store.payload(A, "k") is None


@pytest.mark.parametrize(
    "content", [b"not a database at all" * 100, b"", b"SQLite format 3\0" * 300]
)
def test_a_file_that_is_no_database_starts_anew(open_store, path, content):
    path.parent.mkdir()
    path.write_bytes(content)
    store = open_store()
    store.add(A, [Entry("micro", b"x")])
    store.close()
    assert open_store().micro(A) == b"x"


def test_damage_found_while_open_starts_anew(open_store, path):
    store = open_store()
    for number in range(200):
        store.add(bytes([number]) * 16, [Entry("payload", bytes(10_000), key="k")])
    store.close()
    data = bytearray(path.read_bytes())
    for place in range(4096, len(data), 512):
        data[place : place + 16] = b"\xff" * 16
    path.write_bytes(data)
    store = open_store()
    for number in range(200):
        store.payload(bytes([number]) * 16, "k")
        store.add(bytes([number]) * 16, [Entry("micro", b"x")])
    assert store.micro(bytes([199]) * 16) == b"x"


def test_another_schema_starts_anew(open_store, path):
    path.parent.mkdir()
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE entry (something)")
        other.execute("PRAGMA user_version=77")
    other.close()
    store = open_store()
    store.add(A, [Entry("micro", b"x")])
    assert store.micro(A) == b"x"


def test_a_place_that_cannot_be_written_keeps_in_memory(open_store, tmp_path):
    (tmp_path / "file").write_text("in the way")
    for place in (tmp_path / "file" / "thumbs.db", None):
        store = open_store(place)
        store.add(A, [Entry("micro", b"x")])
        assert store.micro(A) == b"x"


def test_a_damaged_file_that_cannot_be_removed_is_replaced_by_memory(open_store, path, monkeypatch):
    path.parent.mkdir()
    path.write_bytes(b"no database" * 1000)

    def unlink(_self, **_options):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(type(path), "unlink", unlink)
    store = open_store()
    store.add(A, [Entry("micro", b"kept")])
    assert store.micro(A) == b"kept"
    assert path.read_bytes().startswith(b"no database")


def test_a_locked_file_is_a_miss_not_an_error(open_store, path):
    store = open_store()
    store.add(A, [Entry("micro", b"x")])
    store._file._connection.execute("PRAGMA busy_timeout=10")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    store.add(B, [Entry("micro", b"y")])
    assert store.micro(A) == b"x"
    assert store.micro(B) is None
    other.execute("ROLLBACK")
    other.close()
    store.add(B, [Entry("micro", b"y")])
    assert store.micro(B) == b"y"


def test_closed_it_finds_and_keeps_nothing(open_store):
    store = open_store()
    store.add(A, [Entry("micro", b"x")])
    store.close()
    store.close()
    store.add(B, [Entry("micro", b"y")])
    assert store.micro(A) is None
    assert store.prune() == 0


def test_two_processes_worth_of_stores_and_many_threads(open_store):
    stores = [open_store(), open_store()]
    errors = []

    def work(store, start):
        try:
            for number in range(start, start + 30):
                content = number.to_bytes(16, "big")
                store.add(content, [Entry("micro", content)])
                assert store.micro(content) == content
        except BaseException as error:
            errors.append(error)
            raise

    threads = [threading.Thread(target=work, args=(stores[n % 2], 100 * n)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    for n in range(6):
        content = (100 * n + 7).to_bytes(16, "big")
        assert stores[0].micro(content) == stores[1].micro(content) == content

"""The bounded cache: the behaviour that its users count on."""

import pytest

from smartgallery_tui.jobs import BoundedCache


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def test_keeps_and_forgets(clock):
    cache = BoundedCache(10, 60, clock=clock)
    assert cache.is_empty
    cache.set("a", 1)
    assert cache.get("a") == 1
    assert cache.get("b") is None
    assert len(cache) == 1
    assert cache.remove("a")
    assert not cache.remove("a")
    cache.set("a", 1)
    cache.clear()
    assert cache.is_empty


def test_the_oldest_goes_when_it_is_full(clock):
    cache = BoundedCache(2, 60, clock=clock)
    for key in "abc":
        cache.set(key, key)
    assert cache.get("a") is None
    assert (cache.get("b"), cache.get("c")) == ("b", "c")


def test_a_read_makes_an_entry_the_newest(clock):
    cache = BoundedCache(2, 60, clock=clock)
    cache.set("a", 1)
    cache.set("b", 2)
    cache.get("a")
    cache.set("c", 3)
    assert cache.get("b") is None
    assert cache.get("a") == 1


def test_age_counts_from_the_insertion(clock):
    cache = BoundedCache(10, 60, clock=clock)
    cache.set("a", 1)
    clock.now = 59
    assert cache.get("a") == 1
    clock.now = 61
    assert cache.get("a") is None
    assert len(cache) == 0


def test_setting_again_replaces_without_pushing_out_another(clock):
    cache = BoundedCache(2, 60, clock=clock)
    cache.set("a", 1)
    cache.set("b", 2)
    cache.set("b", 3)
    assert (cache.get("a"), cache.get("b")) == (1, 3)


def test_bounded_by_cost(clock):
    cache = BoundedCache(100, 60, cost=len, clock=clock)
    cache.set("a", bytes(60))
    cache.set("b", bytes(60))
    assert cache.get("a") is None
    cache.set("huge", bytes(101))
    assert cache.get("huge") is None
    assert cache.get("b") is not None


def test_stats(clock):
    cache = BoundedCache(100, 60, cost=len, clock=clock)
    cache.set("a", bytes(10))
    clock.now = 10
    cache.set("b", bytes(20))
    cache.get("a")
    cache.get("a")
    cache.get("none")
    stats = cache.stats()
    assert (stats.size, stats.max_size, stats.used) == (2, 100, 30)
    assert (stats.total_accesses, stats.misses) == (2, 1)
    assert stats.avg_age_seconds == 5

"""What is too old goes though nobody reads."""

from __future__ import annotations

import threading

from smartgallery_tui.jobs import BoundedCache, Expiry


class Clock:
    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def test_a_cache_that_nobody_reads_becomes_empty() -> None:
    clock, looked = Clock(), threading.Semaphore(0)
    cache: BoundedCache[str, bytes] = BoundedCache(100, 10, clock=clock)

    def expire() -> bool:
        is_left = cache.expire()
        looked.release()
        return is_left

    expiry = Expiry(expire, 0.001)
    cache.set("old", b"x")
    expiry.begin()
    assert looked.acquire(timeout=10)
    assert len(cache) == 1, "it is not too old yet"
    clock.now_s = 11
    for _ in range(100):
        assert looked.acquire(timeout=10)
        if cache.is_empty:
            break
    assert cache.is_empty
    cache.set("new", b"y")
    expiry.begin()
    assert looked.acquire(timeout=10), "it begins anew"
    expiry.close()


def test_after_the_end_nothing_is_looked_at() -> None:
    calls: list[int] = []
    expiry = Expiry(lambda: bool(calls.append(1)), 60)
    expiry.begin()
    expiry.close()
    expiry.begin()
    for thread in threading.enumerate():
        if thread.name == "expiry":
            thread.join(10)
            assert not thread.is_alive()
    assert not calls

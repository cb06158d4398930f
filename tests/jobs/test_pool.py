"""The thread pool: order, cancel, errors, close."""

import threading
import time

import pytest

from smartgallery_tui.jobs import JobCancelledError, JobPool, Priority


@pytest.fixture
def pool():
    made = JobPool("test", 1, idle_s=5.0)
    yield made
    made.close(2.0)


def hold(pool):
    """Occupy the only thread; returns the event that frees it."""
    begun, release = threading.Event(), threading.Event()

    def work():
        begun.set()
        release.wait(10)

    pool.submit(work)
    assert begun.wait(5)
    return release


def test_result_and_error(pool):
    assert pool.submit(lambda: 3).result(5) == 3
    failing = pool.submit(lambda: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        failing.result(5)


def test_most_wanted_first_then_newest(pool):
    release = hold(pool)
    order = []
    jobs = [
        pool.submit(lambda name=name: order.append(name), priority=priority)
        for name, priority in [
            ("background", Priority.BACKGROUND),
            ("old", Priority.VISIBLE),
            ("new", Priority.VISIBLE),
        ]
    ]
    release.set()
    for job in jobs:
        job.result(5)
    assert order == ["new", "old", "background"]


def test_cancelled_job_never_runs(pool):
    release = hold(pool)
    ran = []
    token = threading.Event()
    mine = pool.submit(lambda: ran.append("mine"))
    shared = pool.submit(lambda: ran.append("shared"), cancelled=token)
    mine.cancel()
    token.set()
    release.set()
    for job in (mine, shared):
        with pytest.raises(JobCancelledError):
            job.result(5)
    assert not ran


def test_result_times_out(pool):
    release = hold(pool)
    with pytest.raises(TimeoutError):
        pool.submit(lambda: 1).result(0.01)
    release.set()


def test_close_does_not_wait_for_a_hung_job():
    pool = JobPool("test", 1)
    release = hold(pool)
    waiting = pool.submit(lambda: 1)
    began = time.monotonic()
    assert not pool.close(0.1)
    assert time.monotonic() - began < 5
    with pytest.raises(JobCancelledError):
        waiting.result(1)
    with pytest.raises(JobCancelledError):
        pool.submit(lambda: 1)
    release.set()
    assert pool.close(5)


def test_threads_start_late_and_leave_when_idle():
    pool = JobPool("idle", 4, idle_s=0.02)
    names = lambda: [t.name for t in threading.enumerate() if t.name.startswith("idle-")]  # noqa: E731
    assert not names()
    pool.submit(lambda: 1).result(5)
    with pool._lock:
        assert pool._lock.wait_for(lambda: pool._thread_count == 0, 5)
    assert pool.submit(lambda: 2).result(5) == 2
    pool.close(5)


def test_no_more_threads_than_its_size():
    pool = JobPool("size", 2)
    release, seen = threading.Event(), []
    barrier = threading.Barrier(3)

    def work():
        seen.append(threading.current_thread().name)
        if len(seen) <= 2:
            barrier.wait(5)
        release.wait(5)

    jobs = [pool.submit(work) for _ in range(5)]
    barrier.wait(5)
    release.set()
    for job in jobs:
        job.result(5)
    assert len(set(seen)) == 2
    pool.close(5)

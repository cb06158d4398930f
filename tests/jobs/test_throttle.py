"""Events at ten a second."""

import threading

from smartgallery_tui.jobs import Throttle
from smartgallery_tui.records import LibraryChanged, Notice, SyncProgress


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


def progress(done):
    return SyncProgress("reading", done)


def test_first_event_at_once_then_the_latest_with_the_flush():
    seen, clock = [], Clock()
    with Throttle(seen.append, interval_s=1000, clock=clock) as tell:
        for done in range(50):
            tell(progress(done))
        assert seen == [progress(0)]
        tell(LibraryChanged(added=2))
        tell(LibraryChanged(added=3, removed=1))
    assert seen == [progress(0), LibraryChanged(added=5, removed=1), progress(49)]


def test_after_the_interval_the_next_event_goes_at_once():
    seen, clock = [], Clock()
    tell = Throttle(seen.append, interval_s=0.1, clock=clock)
    tell(progress(1))
    clock.now += 0.2
    tell(progress(2))
    assert seen == [progress(1), progress(2)]


def test_a_notice_is_never_held_back():
    seen = []
    with Throttle(seen.append, interval_s=1000) as tell:
        tell(progress(1))
        tell(progress(2))
        tell(Notice("careful"))
        assert seen == [progress(1), Notice("careful")]


def test_what_waits_is_sent_without_another_call():
    seen, arrived = [], threading.Event()

    def emit(event):
        seen.append(event)
        if event == progress(2):
            arrived.set()

    tell = Throttle(emit, interval_s=0.02)
    tell(progress(1))
    tell(progress(2))
    assert arrived.wait(5)
    assert seen[-1] == progress(2)


def test_flush_of_nothing_is_silent():
    seen = []
    Throttle(seen.append).flush()
    assert not seen

"""Long work pauses while somebody waits, and never for ever."""

import threading
import time

import pytest

from smartgallery_tui.jobs import Precedence


def test_long_work_waits_until_nobody_acts():
    precedence = Precedence()
    order: list[str] = []
    reached = threading.Event()

    def long_work():
        reached.set()
        precedence.give_way()
        order.append("long")

    with precedence.taken(), precedence.taken():
        thread = threading.Thread(target=long_work)
        thread.start()
        reached.wait(10)
        order.append("short")
    thread.join(10)
    assert order == ["short", "long"]


def test_who_acts_for_long_does_not_stop_long_work():
    precedence = Precedence()
    with precedence.taken():
        began = time.monotonic()
        precedence.give_way()
        assert time.monotonic() - began < 5


def test_a_failure_lets_long_work_go_on(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("smartgallery_tui.jobs.precedence._PAUSE_S", 60.0)
    precedence = Precedence()
    with pytest.raises(ValueError, match="wrong"), precedence.taken():
        raise ValueError("wrong")
    began = time.monotonic()
    precedence.give_way()
    assert time.monotonic() - began < 30

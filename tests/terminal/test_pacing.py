"""The pacer on links that are computed, not waited for."""

from __future__ import annotations

from smartgallery_tui.terminal.contention import Contention, waited_s
from smartgallery_tui.terminal.pacing import (
    LARGEST_WINDOW_BYTES,
    SMALLEST_WINDOW_BYTES,
    Pacer,
)


def run(rate: float, rtt_s: float, total_bytes: int = 600_000) -> tuple[Pacer, float, float]:
    """Send as fast as the pacer allows; return it, the time taken and the longest queue."""
    pacer = Pacer(base_rtt_s=rtt_s)
    now = free_at = longest = 0.0
    answers: list[float] = []
    left = total_bytes
    while left or answers:
        while left and pacer.room_bytes(now) > 0:
            size = min(left, 4096 if rate < 1e6 else 16384, max(1, pacer.room_bytes(now)))
            left -= size
            free_at = max(free_at, now) + size / rate
            longest = max(longest, free_at - now)
            pacer.sent(size, now)
            answers.append(free_at + rtt_s)
        now = answers.pop(0)
        pacer.acknowledged(now)
    return pacer, now, longest


def test_a_slow_link_keeps_its_queue_short() -> None:
    pacer, _, longest = run(rate=256_000, rtt_s=0.05)
    assert longest < 0.12
    assert pacer.is_slow
    assert 200_000 < (pacer.rate_bytes_per_s or 0) < 320_000


def test_a_very_slow_link_keeps_the_smallest_window() -> None:
    pacer, _, _ = run(rate=64_000, rtt_s=0.1)
    assert pacer.window_bytes == SMALLEST_WINDOW_BYTES


def test_a_long_fast_link_is_filled() -> None:
    pacer, seconds, _ = run(rate=10_000_000, rtt_s=0.15, total_bytes=5_000_000)
    assert not pacer.is_slow
    assert pacer.window_bytes == LARGEST_WINDOW_BYTES
    assert seconds < 6


def test_a_local_terminal_is_never_slow() -> None:
    pacer, seconds, _ = run(rate=80_000_000, rtt_s=0.001)
    assert not pacer.is_slow
    assert seconds < 0.1


def test_one_busy_moment_does_not_make_a_link_slow() -> None:
    pacer = Pacer(base_rtt_s=0.001)
    for number in range(10):
        pacer.sent(16_384, float(number))
        pacer.acknowledged(number + (0.1 if number % 2 else 0.01))
    assert not pacer.is_slow


def test_a_busy_machine_does_not_make_a_link_slow() -> None:
    for is_busy in (True, False):
        pacer = Pacer(base_rtt_s=0.001)
        for number in range(10):
            pacer.sent(16_384, float(number))
            pacer.acknowledged(number + 0.1, is_machine_busy=is_busy)
        assert pacer.is_slow is not is_busy


def test_waiting_for_a_processor_is_measured() -> None:
    assert waited_s() >= 0
    contention = Contention()
    assert not contention.is_high(1.0), "the first look only begins"
    assert not contention.is_high(1_000_000.0), "nobody waits for days"


def test_lost_answers_do_not_stop_everything() -> None:
    pacer = Pacer()
    pacer.sent(1_000_000, 0.0)
    assert pacer.room_bytes(1.0) <= 0
    assert pacer.room_bytes(6.0) > 0


def test_frames_count_until_a_query_covers_them() -> None:
    pacer = Pacer()
    pacer.sent_unmarked(10_000)
    assert pacer.waiting_bytes == 10_000
    pacer.sent(0, 1.0)
    pacer.acknowledged(1.1)
    assert pacer.waiting_bytes == 0
    pacer.acknowledged(1.2)
    assert pacer.is_idle

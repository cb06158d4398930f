"""How fast pictures may be sent without keeping a key press waiting.

After each burst of picture bytes the terminal is asked for its cursor position. The answer comes
back behind those bytes, so it tells that they have arrived: a burst is sent only while fewer
than `window_bytes` are on the way. The answers also tell how long the link's queue is, and from
that its rate.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

QUERY = "\x1b[6n"
"""Asks for the cursor position; the answer is the acknowledgement."""

WINDOW_BYTES = 24 * 1024
SMALLEST_WINDOW_BYTES = 8 * 1024
LARGEST_WINDOW_BYTES = 512 * 1024
SLOW_BYTES_PER_S = 1_000_000
"""Below this a picture is sent in low quality first."""

_QUEUE_HIGH_S = 0.08
_QUEUE_LOW_S = 0.025
_LOST_AFTER_S = 5.0
_SAMPLES = 5
_FEWEST_SAMPLES = 3
_SAMPLE_BYTES = 16384
"""Fewer bytes say nothing: they fit into buffers."""


@dataclass(slots=True)
class _Burst:
    size_bytes: int
    sent_s: float


@dataclass(slots=True)
class Pacer:
    """Counts what is on the way and decides how much more may be sent.

    Times are seconds of one monotonic clock, handed in by the caller. Not thread-safe: one thread
    (the event loop) owns it.
    """

    base_rtt_s: float = 0.0
    """Shortest round trip seen; the probe's answer at first."""
    window_bytes: int = WINDOW_BYTES
    slow_bytes_per_s: float = SLOW_BYTES_PER_S
    is_acknowledged: bool = True
    """False where the terminal never answers: then nothing is held back."""
    _bursts: deque[_Burst] = field(default_factory=deque)
    _rates: deque[float] = field(default_factory=lambda: deque(maxlen=_SAMPLES))
    _rtts_s: deque[float] = field(default_factory=lambda: deque(maxlen=_SAMPLES))
    _unmarked_bytes: int = 0
    _last_answer_s: float = 0.0
    _sample_bytes: int = 0
    _sample_s: float = 0.0

    @property
    def waiting_bytes(self) -> int:
        """Return the bytes sent and not yet acknowledged."""
        return sum(burst.size_bytes for burst in self._bursts) + self._unmarked_bytes

    @property
    def is_idle(self) -> bool:
        """Tell whether everything sent has arrived."""
        return not self._bursts

    @property
    def rate_bytes_per_s(self) -> float | None:
        """Return the measured rate, or None while the link was never filled.

        The best of the last samples: a busy computer can make one look slow, nothing can make a
        slow line look fast.
        """
        if len(self._rates) < _FEWEST_SAMPLES:
            return None
        return max(self._rates)

    @property
    def rtt_s(self) -> float | None:
        """Return the median of the last round trips, queues included."""
        if not self._rtts_s:
            return None
        return sorted(self._rtts_s)[len(self._rtts_s) // 2]

    def words(self) -> str:
        """Return round trip and rate for the log."""
        rate = self.rate_bytes_per_s
        speed = f"{rate / 1000:.0f} kB/s" if rate is not None else "rate unknown"
        return f"{self.base_rtt_s * 1000:.0f} ms, {speed}"

    @property
    def is_slow(self) -> bool:
        """Tell whether low quality should go first."""
        rate = self.rate_bytes_per_s
        return rate is not None and rate < self.slow_bytes_per_s

    def room_bytes(self, now_s: float) -> int:
        """Return how many bytes may be sent now; 0 or less means wait for an acknowledgement."""
        if not self.is_acknowledged:
            return self.window_bytes
        if self._bursts and now_s - self._bursts[-1].sent_s > _LOST_AFTER_S:
            # No answer to anything for this long: the terminal does not answer, or answers were
            # eaten by a suspended session. Go on slowly rather than never.
            self._bursts.clear()
            self._unmarked_bytes = 0
        return self.window_bytes - self.waiting_bytes

    def sent(self, size_bytes: int, now_s: float) -> None:
        """Note a burst that ends with a `QUERY`."""
        size_bytes += self._unmarked_bytes
        self._unmarked_bytes = 0
        self._bursts.append(_Burst(size_bytes, now_s))

    def sent_unmarked(self, size_bytes: int) -> None:
        """Note bytes without a query, a frame of text for one; the next burst counts them."""
        self._unmarked_bytes += size_bytes

    def acknowledged(self, now_s: float, *, is_machine_busy: bool = False) -> None:
        """Note an answer: the oldest burst has arrived.

        Args:
            now_s: When the answer came.
            is_machine_busy: This process had to wait for a processor meanwhile: a low rate may be
                its own and is not counted.
        """
        if not self._bursts:
            return
        burst = self._bursts.popleft()
        rtt = max(0.0, now_s - burst.sent_s)
        self._rtts_s.append(rtt)
        if self.base_rtt_s == 0.0 or rtt < self.base_rtt_s:
            self.base_rtt_s = rtt
        # The line was busy with this burst from the answer before it, or from its own arrival.
        busy_s = now_s - max(self._last_answer_s, burst.sent_s + self.base_rtt_s)
        self._last_answer_s = now_s
        self._sample_bytes += burst.size_bytes
        self._sample_s += max(0.0, busy_s)
        if self._sample_bytes >= _SAMPLE_BYTES and self._sample_s > 0:
            rate = self._sample_bytes / self._sample_s
            if rate >= self.slow_bytes_per_s or not is_machine_busy:
                self._rates.append(rate)
            self._sample_bytes, self._sample_s = 0, 0.0
        self._fit_window(rtt - self.base_rtt_s)

    def forget(self) -> None:
        """Drop all that is on the way: the terminal was left or changed."""
        self._bursts.clear()
        self._unmarked_bytes = 0

    def _fit_window(self, queue_s: float) -> None:
        if queue_s > _QUEUE_HIGH_S:
            self.window_bytes = max(SMALLEST_WINDOW_BYTES, self.window_bytes * 3 // 4)
        elif queue_s < _QUEUE_LOW_S:
            self.window_bytes = min(LARGEST_WINDOW_BYTES, self.window_bytes * 5 // 4)

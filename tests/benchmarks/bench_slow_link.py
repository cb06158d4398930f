"""Keys and text over a slow line while pictures load: `python -m tests.benchmarks.bench_slow_link`.

A terminal at the end of 256 KB/s and 50 ms. Measured are: the first text after the program has
taken the screen, the slowest answer to a cursor key while pictures come in, and picture bytes that
a cursor key sends once all is there (none). Latencies need a machine with nothing else to do.
"""

from __future__ import annotations

import time

from tests.ui.pty.test_picture_bytes import LEFT, PROTOCOLS, RIGHT, start

RATE = 256_000
RTT_S = 0.05
TEXT_LIMIT_S = 1.5
KEY_LIMIT_S = 0.2
_ANSWER = rb"\x1b7\x1b\[\d+;\d+H\x1b\[[\d;]*m[^\x1b]{0,4}ComfyUI"
_KEYS = 8


def measure(protocol: str) -> tuple[float, float, int, float]:
    """Return seconds to text, the slowest answer, picture bytes of a move, seconds to the end."""
    with start(PROTOCOLS[protocol], rate=RATE, rtt_s=RTT_S) as terminal:
        begun = terminal.wait_for(rb"\x1b\[\?1049h")
        text_s = terminal.wait_for(b"ready") - begun
        terminal.wait_for(b"ComfyUI_00002")
        slowest = 0.0
        for number in range(_KEYS):
            at, sent = len(terminal.output), time.monotonic()
            terminal.send(LEFT if number % 2 else RIGHT)
            terminal.wait_for(_ANSWER, start=at)
            slowest = max(slowest, time.monotonic() - sent)
            time.sleep(0.12)
        terminal.settle(1.5)
        end_s = terminal.arrivals[-1][0] - terminal.started - begun
        moves = [terminal.step(key, quiet_s=0.3) for key in (LEFT, RIGHT, LEFT)]
        return text_s, slowest, sum(move.picture_bytes for move in moves), end_s


def main() -> int:
    """Measure and print; fail where a limit is not kept."""
    is_kept = True
    for protocol in PROTOCOLS:
        text_s, slowest_s, picture_bytes, end_s = measure(protocol)
        print(
            f"{protocol:<10} first text {text_s * 1000:5.0f} ms, slowest key"
            f" {slowest_s * 1000:4.0f} ms, all there after {end_s:4.1f} s,"
            f" picture bytes of a move {picture_bytes}"
        )
        is_kept &= text_s < TEXT_LIMIT_S and slowest_s < KEY_LIMIT_S and not picture_bytes
    print(f"limits: {TEXT_LIMIT_S * 1000:.0f} ms, {KEY_LIMIT_S * 1000:.0f} ms, 0 bytes")
    return 0 if is_kept else 1


if __name__ == "__main__":
    raise SystemExit(main())

"""Reading and tracing a PNG against the floor: open it, read 32 KiB, `json.loads` the prompt.

usage: pytest tests/benchmarks/bench_metadata.py --benchmark-enable
Run as a module (`python -m tests.benchmarks.bench_metadata`) it prints the ratio to the floor.
"""

import json
import struct
import sys
import tempfile
import time
import zlib
from pathlib import Path

from smartgallery_tui.containers import open_source, read_container
from smartgallery_tui.metadata import extract
from tests.metadata.graphs import BASE, base, node


def png(prompt: str, pixels_bytes: int = 200_000) -> bytes:
    """Return a PNG that holds a prompt and some pixel data."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", 640, 896, 8, 2, 0, 0, 0)
    parts = [chunk(b"IHDR", header), chunk(b"tEXt", b"prompt\0" + prompt.encode())]
    parts += [chunk(b"IDAT", bytes(pixels_bytes)), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def prompts() -> list[str]:
    """Return a small and a larger prompt."""
    chained = base({"5.model": ["L0", 0]})
    for at in range(8):
        chained[f"L{at}"] = node(
            "LoraLoader", lora_name=f"{at}.safetensors", strength_model=1, strength_clip=1,
            model=[f"L{at + 1}", 0] if at < 7 else ["1", 0], clip=["1", 1],
        )  # fmt: skip
    return [json.dumps(BASE), json.dumps(chained)]


def floor(path: str, prompt: str) -> None:
    with open(path, "rb") as stream:  # noqa: PTH123 - the floor is the plainest open
        stream.read(32 << 10)
    json.loads(prompt)


def ours(path: str) -> None:
    with open_source(path) as source:
        container = read_container(source, path)
    assert extract(container).headline is not None


def ratio(path: str, prompt: str, rounds: int = 60) -> float:
    """Return our time over the floor's, the best of many rounds of each."""
    best = [float("inf"), float("inf")]
    for _ in range(rounds):
        for at, run in enumerate((lambda: floor(path, prompt), lambda: ours(path))):
            started = time.perf_counter()
            run()
            best[at] = min(best[at], time.perf_counter() - started)
    return best[1] / best[0]


def test_read_and_trace(benchmark, tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(png(prompts()[0]))
    benchmark(ours, str(path))


def test_floor(benchmark, tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(png(prompts()[0]))
    benchmark(floor, str(path), prompts()[0])


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for at, prompt in enumerate(prompts()):
            path = Path(folder, f"{at}.png")
            path.write_bytes(png(prompt))
            print(
                f"{len(prompt):6} characters of prompt: {ratio(str(path), prompt):.1f} x the floor"
            )


if __name__ == "__main__":
    sys.exit(main())

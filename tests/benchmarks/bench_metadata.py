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
from smartgallery_tui.metadata import Reader, extract
from tests.metadata.graphs import base, node


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
    """Return prompts as ComfyUI writes them: the default graph, and one with eight LoRAs."""
    words = "a lighthouse on a cliff, storm clouds, volumetric light, film grain, 35mm, "
    plain = base({"2.text": words * 3, "3.text": "worst quality, low quality, blurry, watermark"})
    chained = {**plain, "5": {**plain["5"], "inputs": {**plain["5"]["inputs"], "model": ["L0", 0]}}}
    for at in range(8):
        chained[f"L{at}"] = node(
            "LoraLoader", lora_name=f"{at}.safetensors", strength_model=1, strength_clip=1,
            model=[f"L{at + 1}", 0] if at < 7 else ["1", 0], clip=["1", 1],
        )  # fmt: skip
    return [
        json.dumps(
            {name: {**one, "_meta": {"title": one["class_type"]}} for name, one in g.items()}
        )
        for g in (plain, chained)
    ]


def floor(path: str, prompt: str) -> None:
    with open(path, "rb") as stream:  # noqa: PTH123 - the floor is the plainest open
        stream.read(32 << 10)
    json.loads(prompt)


def ours(path: str, reader: Reader | None) -> None:
    with open_source(path) as source:
        container = read_container(source, path)
    made = reader.extract(container) if reader is not None else extract(container)
    assert made.headline is not None


def ratios(path: str, prompt: str, rounds: int = 200) -> tuple[float, float]:
    """Return our time over the floor's, warm and cold: the best of many rounds of each.

    Warm is a file whose graph differs from earlier ones in its values only, as nearly all files
    of a library do; cold is the first file of a kind.
    """
    reader = Reader()
    for _ in range(3):
        ours(path, reader)
    runs = (lambda: floor(path, prompt), lambda: ours(path, reader), lambda: ours(path, None))
    best = [float("inf")] * 3
    for _ in range(rounds):
        for at, run in enumerate(runs):
            started = time.perf_counter()
            run()
            best[at] = min(best[at], time.perf_counter() - started)
    return best[1] / best[0], best[2] / best[0]


def test_read_and_trace(benchmark, tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(png(prompts()[0]))
    benchmark(ours, str(path), None)


def test_read_and_fill_in(benchmark, tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(png(prompts()[0]))
    reader = Reader()
    benchmark.pedantic(ours, (str(path), reader), rounds=200, warmup_rounds=3)


def test_floor(benchmark, tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(png(prompts()[0]))
    benchmark(floor, str(path), prompts()[0])


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for at, prompt in enumerate(prompts()):
            path = Path(folder, f"{at}.png")
            path.write_bytes(png(prompt))
            warm, cold = ratios(str(path), prompt)
            print(f"{len(prompt):6} characters of prompt: warm {warm:.1f}, cold {cold:.1f} floors")


if __name__ == "__main__":
    sys.exit(main())

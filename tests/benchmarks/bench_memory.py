"""Memory of the browsing app with 100,000 real files: `python -m tests.benchmarks.bench_memory`.

Makes the files (tiny PNGs, each with a ComfyUI prompt, and forty of a real size), scans them once
and browses on a pty: pages, a search, the filters, another order, the large view, zoom. Prints the
resident memory of the program and, apart, of its decode processes. Takes some minutes.

usage: python -m tests.benchmarks.bench_memory [COUNT]
"""

from __future__ import annotations

import json
import os
import random
import struct
import sys
import tempfile
import time
import zlib
from pathlib import Path

from PIL import Image

from smartgallery_tui.library import Library
from tests.benchmarks.make_rows import LORAS, MODELS, SAMPLERS, SCHEDULERS, pick, prompt
from tests.ui.pty.counting_terminal import KITTY, CountingTerminal

LIMIT_MB = 200
_REAL = 40
_BEGAN_S = 1_700_000_000
_WALK = (
    ("large", [b"\r"]), ("forty large ones", [b"n"] * 40), ("actual pixels", [b"W"]),
    ("fitted, back", [b"w", *[b"p"] * 30]), ("information", [b"i"]), ("grid", [b"i", b"q"]),
    ("sixty half pages", [b"J"] * 60), ("the end", [b"G"]), ("the start", [b"g", b"g"]),
    ("a search", [b"/", *(bytes([letter]) for letter in b"castle cfg:>4"), b"\r"]),
    ("no search", [b"\x1b", b"\x1b"]), ("filters", [b"F"]), ("no filters", [b"\x1b", b"F"]),
    ("by name", [b",", b"n"]),
)  # fmt: skip


def chunk(kind: bytes, data: bytes) -> bytes:
    """Return a chunk of a PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def make_files(root: Path, count: int) -> None:
    """Write the files, a thousand in a folder; the large ones are the newest."""
    rng = random.Random(5)
    for number in range(count):
        folder = root / f"{number // 1000:03}"
        if number % 1000 == 0:
            folder.mkdir()
        path = folder / f"ComfyUI_{number:06}_.png"
        path.write_bytes(_tiny(rng, number))
        os.utime(path, (_BEGAN_S + number, _BEGAN_S + number))
    for number in range(_REAL):
        noise = Image.effect_noise((1024, 1024), 24)
        soft = Image.radial_gradient("L").resize((1024, 1024)).rotate(9 * number)
        image = Image.merge("RGB", (Image.blend(noise, soft, 0.7), soft, noise))
        path = root / f"large_{number:02}.png"
        image.save(path, compress_level=1)
        os.utime(path, (_BEGAN_S + count + number, _BEGAN_S + count + number))


def _tiny(rng: random.Random, number: int) -> bytes:
    graph = {
        "3": {"class_type": "KSampler", "inputs": {
            "seed": rng.getrandbits(60), "steps": rng.choice([20, 25, 30]),
            "cfg": rng.choice([1.0, 4.5, 7.0]), "denoise": 1.0,
            "sampler_name": SAMPLERS[pick(rng, SAMPLERS)],
            "scheduler": SCHEDULERS[pick(rng, SCHEDULERS)], "model": ["10", 0],
            "positive": ["6", 0], "negative": ["7", 0], "latent_image": ["5", 0]}},
        "4": {"class_type": "CheckpointLoaderSimple",
              "inputs": {"ckpt_name": MODELS[pick(rng, MODELS)]}},
        "10": {"class_type": "LoraLoader", "inputs": {
            "lora_name": LORAS[pick(rng, LORAS)], "strength_model": 0.8, "strength_clip": 1.0,
            "model": ["4", 0], "clip": ["4", 1]}},
        "5": {"class_type": "EmptyLatentImage",
              "inputs": {"width": 1024, "height": 1024, "batch_size": 1}},
        "6": {"class_type": "CLIPTextEncode", "inputs": {"text": prompt(rng), "clip": ["10", 1]}},
        "7": {"class_type": "CLIPTextEncode", "inputs": {"text": "blurry", "clip": ["10", 1]}},
    }  # fmt: skip
    color = bytes([number * 7 % 256, number // 256 % 256, number // 97 % 256])
    head = struct.pack(">IIBBBBB", 32, 24, 8, 2, 0, 0, 0)
    text = b"prompt\0" + json.dumps(graph).encode()
    pixels = zlib.compress((b"\0" + color * 32) * 24, 1)
    parts = ((b"IHDR", head), (b"tEXt", text), (b"IDAT", pixels), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(kind, data) for kind, data in parts)


def resident_mb(pid: int) -> float:
    """Return the resident memory of a process; 0 when it is gone."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Rss:")) / 1024


def children(pid: int) -> list[int]:
    """Return the ids of a process's children."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            found.append(int(stat.parent.name))
    return found


def browse(root: Path, home: Path, total: int) -> float:
    """Walk through the program and return the most memory that it had, in MB."""
    argv = [sys.executable, "-m", "smartgallery_tui", "--data-dir", str(home / "data"),
            "--cache-dir", str(home / "cache"), str(root)]  # fmt: skip
    env = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "HOME": str(home)}
    most = 0.0
    with CountingTerminal(argv, KITTY, 160, 46, env=env) as terminal:
        terminal.wait_for(f"/{total:,}".encode(), timeout_s=120)
        for what, keys in (("first page", ()), *_WALK):
            for key in keys:
                terminal.send(key)
                time.sleep(0.2)
            time.sleep(2.0)
            own = resident_mb(terminal.pid)
            others = ", ".join(f"{resident_mb(pid):.0f}" for pid in children(terminal.pid))
            most = max(most, own)
            print(f"  {what:<18} {own:6.0f} MB  decode processes: {others or 'none'}", flush=True)
        terminal.send(b"Q")
        time.sleep(1.0)
    return most


def main() -> int:
    """Measure and print; fail above the limit."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as name:
        root = Path(name, "output")
        root.mkdir()
        make_files(root, count)
        folders = {"data_dir": Path(name, "data"), "cache_dir": Path(name, "cache")}
        with Library.open(**folders, roots=[root]) as library:  # type: ignore[arg-type]
            report = library.sync()
        print(f"{report.found:,} files scanned in {report.seconds:.0f} s")
        most = browse(root, Path(name), count + _REAL)
    print(f"most: {most:.0f} MB, limit {LIMIT_MB} MB")
    return 0 if most <= LIMIT_MB else 1


if __name__ == "__main__":
    raise SystemExit(main())

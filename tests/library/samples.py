"""Real little files: PNGs with a ComfyUI prompt, made byte by byte."""

from __future__ import annotations

import json
import struct
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

DAY_NS = 86_400_000_000_000
START_NS = 1_700_000_000_000_000_000


def prompt(text: str = "a castle", *, seed: int = 1, model: str = "sd15.safetensors") -> str:
    return json.dumps(
        {
            "1": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": model}},
            "2": {"class_type": "CLIPTextEncode", "inputs": {"text": text, "clip": ["1", 1]}},
            "3": {"class_type": "CLIPTextEncode", "inputs": {"text": "ugly", "clip": ["1", 1]}},
            "4": {
                "class_type": "EmptyLatentImage",
                "inputs": {"width": 64, "height": 48, "batch_size": 1},
            },
            "5": {
                "class_type": "KSampler",
                "inputs": {
                    "seed": seed, "steps": 20, "cfg": 7.5, "sampler_name": "euler",
                    "scheduler": "karras", "denoise": 1.0, "model": ["1", 0],
                    "positive": ["2", 0], "negative": ["3", 0], "latent_image": ["4", 0],
                },
            },
            "6": {"class_type": "VAEDecode", "inputs": {"samples": ["5", 0], "vae": ["1", 2]}},
            "7": {
                "class_type": "SaveImage",
                "inputs": {"images": ["6", 0], "filename_prefix": "ComfyUI"},
            },
        }
    )  # fmt: skip


def _chunk(kind: bytes, data: bytes) -> bytes:
    crc = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc)


def png(text: str | None = None, *, colour: int = 0, width: int = 4, height: int = 3) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress((b"\0" + bytes([colour]) * width) * height)
    parts = [_chunk(b"IHDR", head)]
    if text is not None:
        parts.append(_chunk(b"tEXt", b"prompt\0" + text.encode("latin-1")))
    parts += [_chunk(b"IDAT", pixels), _chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def write(path: Path, data: bytes, mtime_ns: int | None = None) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    if mtime_ns is not None:
        set_time(path, mtime_ns)
    return path


def set_time(path: Path, mtime_ns: int) -> None:
    import os

    os.utime(path, ns=(mtime_ns, mtime_ns))


def picture(path: Path, number: int = 0, text: str | None = None, **options: object) -> Path:
    """Write a PNG with a graph; the higher the number, the newer the file."""
    body = prompt(text or f"a castle number {number}", seed=number, **options)  # type: ignore[arg-type]
    return write(path, png(body, colour=number % 256), START_NS + number * DAY_NS)

"""Fill the databases with synthetic rows, without files: what the benchmarks of search look at."""

from __future__ import annotations

import os
import random
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from smartgallery_tui.index.connection import connect
from smartgallery_tui.index.search_text import search_form
from smartgallery_tui.index.store import Store
from smartgallery_tui.records.names import normalise_name
from smartgallery_tui.records.text_digest import text_digest

if TYPE_CHECKING:
    import sqlite3

_ADJECTIVES = (
    "ancient amber azure bright broken calm cinematic cold crimson dark delicate dreamy dusty "
    "elegant faded foggy frozen gilded gothic hazy lonely lush majestic misty mossy neon noble "
    "ornate pale quiet rainy rustic silver smoky soft stormy surreal tiny velvet vintage wild"
)
_NOUNS = (
    "woman man girl knight wizard cat fox dragon owl wolf horse robot samurai castle cathedral "
    "village harbor forest mountain valley river ocean desert city street garden tower bridge "
    "train ship lighthouse cottage temple ruins cave island orchard canyon glacier volcano moon "
    "nebula storm sunset lantern mirror teapot violin camera balloon umbrella mask crown sword"
)
ADJECTIVES, NOUNS = _ADJECTIVES.split(), _NOUNS.split()
RARE = [f"{a}{b}{c}" for a in "bdfgklmnprst" for b in ("ar", "el", "in", "or", "un") for c in NOUNS]
MODELS = [f"model_{k:02d}_{v}.safetensors" for k in range(16) for v in ("fp16", "fp8", "bf16")]
LORAS = [f"lora_{n}_{k:02d}.safetensors" for n in "abcdefghijkl" for k in range(12)]
SAMPLERS = ["euler", "euler_ancestral", "dpmpp_2m", "dpmpp_2m_sde", "uni_pc", "heun", "lcm"]
SCHEDULERS = ["normal", "karras", "simple", "beta", "sgm_uniform", "exponential"]
SIZES = [(1024, 1024)] * 6 + [(832, 1216), (1216, 832), (512, 512), (1344, 768), (2048, 2048)]
_START_NS = 1_700_000_000 * 1_000_000_000
_BATCH = 5000


def pick(rng: random.Random, values: list[str]) -> int:
    """Return a place in `values`, the first ones far more often."""
    return min(int(rng.paretovariate(0.9)) - 1, len(values) - 1)


def prompt(rng: random.Random) -> str:
    """Return a prompt of some 30 words, one of them rare."""
    parts = [
        f"{rng.choice(ADJECTIVES)} {rng.choice(ADJECTIVES)} {rng.choice(NOUNS)}"
        for _ in range(rng.randint(3, 9))
    ]
    return ", ".join([*parts, rng.choice(RARE), "masterpiece", "best quality"])


def fill(data_dir: Path, count: int) -> None:
    """Write `count` files, one in four prompts new, into fresh databases."""
    Store(data_dir).close()
    rng = random.Random(1)
    with closing(connect(data_dir / "index.db")) as db:
        db.execute("PRAGMA synchronous=OFF")
        db.execute("PRAGMA cache_size=-200000")
        db.create_function("search_form", 1, search_form)
        db.execute("BEGIN")
        db.execute(
            "INSERT INTO roots (id, path, role, is_online, added_ns) VALUES (1, ?, 'output', 1, 0)",
            (b"/output",),
        )
        names = [("model", n) for n in MODELS] + [("lora", n) for n in LORAS]
        db.executemany(
            "INSERT INTO names (id, role, name, normal) VALUES (?, ?, ?, ?)",
            [(i, r, n, normalise_name(n)) for i, (r, n) in enumerate(names, 1)],
        )
        negative = "worst quality, blurry, watermark"
        add_text(db, 1, negative)
        for start in range(0, count, _BATCH):
            batch(db, rng, start, min(start + _BATCH, count), count)
        db.execute("INSERT INTO texts_fts (rowid, body) SELECT id, search_form(body) FROM texts")
        db.execute("COMMIT")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def add_text(db: sqlite3.Connection, text_id: int, body: str) -> None:
    """Store a prompt."""
    db.execute(
        "INSERT OR IGNORE INTO texts VALUES (?, ?, ?)", (text_id, text_digest(body.encode()), body)
    )


FILE_COLUMNS = (
    "id", "folder_id", "root_id", "path", "name", "kind", "format", "size_bytes", "mtime_ns",
    "inode", "content_id", "state", "reader_version", "width", "height", "generator", "sources",
    "has_workflow", "has_headline", "prompt_preview", "model", "sampler", "scheduler", "steps",
    "cfg", "denoise", "seed", "gen_width", "gen_height", "headline_extra", "pass_count",
    "is_favorite", "rating", "status",
)  # fmt: skip


def batch(db: sqlite3.Connection, rng: random.Random, start: int, end: int, count: int) -> None:
    """Store the files from `start` up to `end`."""
    files, passes, uses, texts = [], [], [], []
    for i in range(start, end):
        number = i + 1
        folder = i // 250 + 1
        if i % 250 == 0:
            path = os.fsencode(f"/output/project{folder % 8}/day{folder}")
            db.execute(
                "INSERT INTO folders (id, root_id, path, mtime_ns, display) VALUES (?, 1, ?, 0, ?)",
                (folder, path, f"project{folder % 8}/day{folder}"),
            )
        text_id = 2 + i // 4
        if i % 4 == 0:
            body = prompt(rng)
            add_text(db, text_id, body)
        name = f"{rng.choice(['ComfyUI', 'ComfyUI', 'flux', 'upscale'])}_{i:07d}_.png"
        model, lora = pick(rng, MODELS), rng.randrange(len(LORAS))
        sampler, scheduler = SAMPLERS[pick(rng, SAMPLERS)], SCHEDULERS[pick(rng, SCHEDULERS)]
        steps, cfg = rng.choice([4, 8, 20, 20, 25, 30, 40]), rng.choice([1.0, 3.5, 5, 7, 7.5, 8])
        seed, (width, height) = str(rng.getrandbits(64)), rng.choice(SIZES)
        mtime = _START_NS + i * 60_000_000_000 * 1_000_000 // max(count, 1_000_000)
        files.append(
            (number, folder, 1, os.fsencode(f"/output/project{folder % 8}/day{folder}/{name}"),
             name, "image", "png", rng.randrange(1 << 22), mtime, number,
             number.to_bytes(16, "big"), "indexed", 1, width, height, "ComfyUI", "prompt,workflow",
             1, 1, body[:200], MODELS[model], sampler, scheduler, steps, cfg, 1.0, seed, width,
             height, "", 1, 0, 0, "")
        )  # fmt: skip
        passes.append(
            (number, 0, "3", "KSampler", MODELS[model], sampler, scheduler, steps, cfg, None, 1.0,
             seed, width, height, str(text_id), "1", "")
        )  # fmt: skip
        uses.append((number, model + 1, None, None))
        if i % 2:
            uses.append((number, len(MODELS) + lora + 1, 0.8, 1.0))
        texts += [(number, text_id, 0, 0), (number, 1, 1, 0)]
    marks = ",".join("?" * len(FILE_COLUMNS))
    db.executemany(f"INSERT INTO files ({', '.join(FILE_COLUMNS)}) VALUES ({marks})", files)
    db.executemany(f"INSERT INTO workflow_metadata VALUES ({','.join('?' * 17)})", passes)
    db.executemany("INSERT INTO file_names VALUES (?, ?, ?, ?)", uses)
    db.executemany(
        "INSERT INTO file_texts (file_id, text_id, role, rank) VALUES (?, ?, ?, ?)", texts
    )


if __name__ == "__main__":
    fill(Path(sys.argv[1]), int(sys.argv[2]))

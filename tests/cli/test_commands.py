from __future__ import annotations

import csv
import gzip
import io
import json
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from tests.cli.conftest import rows
from tests.config.serving import serving

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Done

INSPECT_KEYS = {
    "path", "kind", "format", "width", "height", "duration_s", "sources", "generator", "problem",
    "headline", "passes",
}  # fmt: skip
HEADLINE_KEYS = {
    "model", "models", "loras", "sampler", "scheduler", "steps", "cfg", "guidance", "denoise",
    "seed", "positive", "negative", "width", "height",
}  # fmt: skip
FIND_KEYS = INSPECT_KEYS | {
    "id", "state", "is_favorite", "rating", "status", "tags", "size_bytes", "mtime",
}  # fmt: skip


def test_a_scan_says_what_it_did(sg: Callable[..., Done], pictures: Path) -> None:
    done = sg("scan", pictures, "--json")
    assert done.code == 0
    (report,) = rows(done.out)
    assert set(report) == {"found", "added", "changed", "missing", "problems", "seconds"}
    assert (report["found"], report["added"], report["problems"]) == (6, 6, 0)
    (again,) = rows(sg("scan", pictures, "--json").out)
    assert (again["found"], again["added"], again["changed"]) == (6, 0, 0)


def test_a_scan_keeps_stdout_for_data(sg: Callable[..., Done], pictures: Path) -> None:
    done = sg("scan", pictures)
    assert done.out == b""
    assert "6 files: 6 added" in done.err


def test_the_configured_folder_is_scanned(
    sg: Callable[..., Done], pictures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMARTGALLERY_OUTPUT", str(pictures))
    assert rows(sg("scan", "--json").out)[0]["found"] == 6


def test_find_prints_absolute_real_paths(
    sg: Callable[..., Done], pictures: Path, tmp_path: Path
) -> None:
    link = tmp_path / "link"
    link.symlink_to(pictures)
    sg("scan", link)
    done = sg("find", "--sort", "name")
    found = done.out.decode().splitlines()
    assert done.code == 0
    assert sorted(found) == sorted(str(p) for p in pictures.rglob("*") if p.is_file())


def test_find_prints_rows(sg: Callable[..., Done], scanned: Path) -> None:
    found = rows(sg("find", "--json").out)
    assert len(found) == 6
    for row in found:
        assert set(row) == FIND_KEYS
        assert row["headline"] is None or set(row["headline"]) == HEADLINE_KEYS
        assert row["size_bytes"] == Path(row["path"]).stat().st_size
        assert row["mtime"] == pytest.approx(Path(row["path"]).stat().st_mtime)
    assert {row["state"] for row in found} == {"indexed", "indexed_without_metadata"}
    assert scanned.exists()


def test_find_prints_csv(sg: Callable[..., Done], scanned: Path) -> None:
    table = list(csv.DictReader(io.StringIO(sg("find", "--csv").out.decode())))
    assert len(table) == 6
    assert table[0]["path"].startswith(str(scanned))
    rows = [json.loads(line) for line in sg("find", "--json").out.splitlines()]
    for cells, row in zip(table, rows, strict=True):
        prompts = (row["headline"] or {"positive": []})["positive"]
        assert cells["positive"] == " | ".join(" ".join(text.split()) for text in prompts)
    assert any(cells["positive"] for cells in table)


def test_find_ends_paths_with_nul(sg: Callable[..., Done], scanned: Path) -> None:
    odd = scanned / os.fsdecode(b"two\nlines \xff.png")
    odd.write_bytes(next(scanned.rglob("*.png")).read_bytes())
    sg("scan", scanned)
    found = sg("find", "-0").out.split(b"\0")
    assert os.fsencode(odd) in found
    assert found[-1] == b""
    by_json = [row["path"] for row in rows(sg("find", "--json").out)]
    assert str(odd) in by_json


def test_find_counts_limits_and_fails_when_empty(sg: Callable[..., Done], scanned: Path) -> None:
    assert sg("find", "--count") == (0, b"6\n", "")
    assert len(sg("find", "--limit", "2").out.splitlines()) == 2
    assert sg("find", "no-such-word-anywhere") == (1, b"", "nothing found\n")
    said = sg("find", "no-such-word-anywhere", "kind:*").err.splitlines()
    assert said[0] == "nothing found"
    assert "  no-such-word-anywhere  alone: 0" in said
    assert "  kind:*  alone: 6" in said
    assert sg("find", "no-such-word-anywhere", "--count").out == b"0\n"
    assert sg("find", "--limit", "-1").code == 2
    assert scanned.exists()


def test_a_missing_file_is_found_with_all(sg: Callable[..., Done], scanned: Path) -> None:
    gone = next(scanned.rglob("*.webp"))
    gone.unlink()
    assert rows(sg("scan", scanned, "--json").out)[0]["missing"] == 1
    assert sg("find", "--count").out == b"5\n"
    states = {row["path"]: row["state"] for row in rows(sg("find", "--json", "--all").out)}
    assert states[str(gone)] == "missing"


def test_inspect_needs_no_index(
    sg: Callable[..., Done], pictures: Path, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(pictures)
    files = sorted(str(p.relative_to(pictures)) for p in pictures.rglob("*") if p.is_file())
    done = sg("inspect", "--json", *files)
    assert done.code == 0
    found = rows(done.out)
    assert [row["path"] for row in found] == files
    for row in found:
        assert set(row) == INSPECT_KEYS
        for one in row["passes"]:
            assert set(one) == HEADLINE_KEYS | {"node", "class"}
    assert max(row["headline"]["seed"] for row in found if row["headline"]) == 2**64 - 1
    assert not (own_home / "data" / "smartgallery").exists()


def test_inspect_reads_well(sg: Callable[..., Done], pictures: Path) -> None:
    done = sg("inspect", *pictures.rglob("*.webp"))
    text = done.out.decode()
    assert "made by    ComfyUI (prompt, workflow)" in text
    assert "positive   " in text


def test_inspect_goes_on_after_a_bad_file(sg: Callable[..., Done], pictures: Path) -> None:
    good = next(pictures.rglob("*.png"))
    done = sg("inspect", "--json", pictures / "none.png", pictures, good)
    assert done.code == 1
    first, second, third = rows(done.out)
    assert "No such file" in first["problem"]
    assert second["problem"]
    assert third["headline"]
    assert len(done.err.splitlines()) == 2


def test_workflow_is_byte_true(sg: Callable[..., Done], pictures: Path, tmp_path: Path) -> None:

    texts: dict[str, str] = {}
    for source in pictures.rglob("*.png"):
        with Image.open(source) as picture:
            texts = dict(picture.info)
        if "prompt" in texts:
            break
    assert sg("workflow", source).out == texts["workflow"].encode()
    assert sg("workflow", "--api", source).out == texts["prompt"].encode()
    target = tmp_path / "w.json"
    assert sg("workflow", source, "-o", target).code == 0
    assert target.read_bytes() == texts["workflow"].encode()
    assert sg("workflow", source, "-o", target).code == 2
    bare = next(pictures.rglob("*.jpg"))
    done = sg("workflow", bare)
    assert (done.code, done.out) == (1, b"")
    assert "holds no workflow" in done.err


def test_stats_and_paths_print_data(sg: Callable[..., Done], scanned: Path) -> None:
    (totals,) = rows(sg("stats", "--json").out)
    assert totals["total_files"] == 6
    assert totals["with_workflow"] == 4
    assert totals["unrated_old"] == 0
    assert sum(totals["by_kind"].values()) == sum(totals["by_month"].values()) == 6
    assert sum(totals["size_by_folder"].values()) == totals["size_bytes"]
    for key in ("by_model", "by_lora", "by_sampler", "size_by_model"):
        assert all(isinstance(total, int) for total in totals[key].values()), key
    assert totals["by_sampler"]
    said = sg("stats").out.decode()
    assert said.startswith("files          6")
    for title in ("by model", "by sampler", "by month", "unrated, older than 30 days  0"):
        assert title in said
    (paths,) = rows(sg("paths", "--json").out)
    assert set(paths) == {"config", "data", "cache", "state", "log", "themes", "nodes", "demo"}
    assert scanned.exists()


def test_the_doctor_says_what_was_found(sg: Callable[..., Done]) -> None:
    (facts,) = rows(sg("doctor", "--json").out)
    assert facts["database"]["FTS5"] == "yes"
    assert facts["versions"]["smartgallery"]
    assert "not a terminal" in facts["terminal"]["protocol"]
    assert sg("doctor").code == 0


def test_the_doctor_names_a_folder_that_cannot_be_written(
    sg: Callable[..., Done], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Path] = []
    monkeypatch.setattr(os, "access", lambda path, _how: asked.append(path))  # root may everywhere
    folders = rows(sg("doctor", "--json", "--data-dir", tmp_path / "new" / "er").out)[0]["folders"]
    assert folders["data"].endswith("(cannot be written)")
    assert tmp_path in asked


def test_the_doctor_asks_the_configured_comfyui(
    sg: Callable[..., Done], monkeypatch: pytest.MonkeyPatch
) -> None:
    def said() -> str:
        (facts,) = rows(sg("doctor", "--json").out)
        return str(facts["ComfyUI"]["server"])

    with serving(waiting=2) as port:
        monkeypatch.setenv("SMARTGALLERY_COMFYUI_URL", f"http://127.0.0.1:{port}")
        assert said().endswith("version 0.3.64, 2 running or waiting")
    assert said().endswith("no ComfyUI answers")
    monkeypatch.setenv("SMARTGALLERY_COMFYUI_URL", "")
    assert said().startswith("not asked")


def test_config_init_then_check(sg: Callable[..., Done], own_home: Path) -> None:
    assert sg("config", "init").code == 0
    file = own_home / "config" / "smartgallery" / "config.toml"
    assert sg("config", "check") == (0, f"{file}: no problems\n".encode(), "")
    assert sg("config", "init").code == 2
    file.write_text(file.read_text() + '\n[vieww]\ntheme = "x"\n')
    done = sg("config", "check")
    assert done.code == 1
    assert "did you mean 'view'" in done.err
    assert f"{file}:" in done.err
    file.write_text('[view]\ntheme = "drak"\n[keys]\n"app.favourite" = "b"\n')
    done = sg("config", "check")
    assert "there is no theme 'drak'" in done.err
    assert "app.favourite" in done.err


def test_the_demo_can_be_made_without_a_terminal(sg: Callable[..., Done], tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / ".smartgallery-demo").write_text("1\n")
    done = sg("demo", "--make-only", tmp_path / "d")
    assert done == (0, f"{tmp_path}/d\n".encode(), "")


def test_the_demo_makes_room_for_folders_of_ones_own(
    sg: Callable[..., Done], pictures: Path, own_home: Path
) -> None:
    demo = own_home / "data" / "smartgallery" / "demo"
    shutil.copytree(pictures, demo)
    assert sg("scan", demo).code == 0
    assert sg("find", "--count").out == b"6\n"
    (pictures / "own.png").write_bytes(next(pictures.rglob("*.png")).read_bytes())
    assert sg("scan", pictures).code == 0
    assert sg("find", "--count").out == b"7\n"
    assert all(row["path"].startswith(str(pictures)) for row in rows(sg("find", "--json").out))


def test_profiles_do_not_mix(sg: Callable[..., Done], scanned: Path) -> None:
    assert sg("--profile", "other", "find", "--count").out == b"0\n"
    assert sg("find", "--count", "--profile", "other").out == b"0\n"
    assert scanned.exists()


def test_explain_names_the_node(sg: Callable[..., Done], pictures: Path) -> None:
    source = next(pictures.rglob("*.webp"))
    text = sg("explain", source).out.decode()
    assert "CheckpointLoaderSimple" in text or "UNETLoader" in text
    found = rows(sg("explain", source, "--json").out)
    fields = {given["field"] for node in found for given in node["gave"]}
    assert {"model", "seed", "steps", "positive"} <= fields
    done = sg("explain", next(pictures.rglob("*.jpg")))
    assert (done.code, done.out) == (1, b"")


def test_inspect_reads_text_hidden_in_pixels(sg: Callable[..., Done], tmp_path: Path) -> None:
    text = "a fox\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 5, Size: 64x64"
    payload = gzip.compress(text.encode())
    bits = "".join(
        f"{byte:08b}"
        for byte in b"stealth_pngcomp" + (len(payload) * 8).to_bytes(4, "big") + payload
    )
    size = 64
    alpha = bytearray(b"\xfe" * size * size)
    for number, bit in enumerate(bits):
        alpha[(number % size) * size + number // size] |= int(bit)
    picture = Image.new("RGBA", (size, size))
    picture.putalpha(Image.frombytes("L", (size, size), bytes(alpha)))
    picture.save(tmp_path / "x.png")
    (row,) = rows(sg("inspect", "--json", tmp_path / "x.png").out)
    assert row["sources"] == ["parameters"]
    assert row["headline"]["seed"] == 5

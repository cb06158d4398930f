"""Totals of a library."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from tests.library.samples import DAY_NS, START_NS, picture, set_time, write

if TYPE_CHECKING:
    from pathlib import Path

    from tests.library.conftest import Open


def month_of(time_ns: int) -> str:
    return time.strftime("%Y-%m", time.localtime(time_ns // 1_000_000_000))


def test_totals(open_library: Open, output: Path, tmp_path: Path):
    picture(output / "four.png", 40, model="other.safetensors")
    young = picture(output / "young.png", 5)
    set_time(young, time.time_ns() - DAY_NS)
    write(output / "broken.png", b"\x89PNG\r\n\x1a\n", START_NS)
    write(output / ".smartgallery" / "trash" / "1" / "old.png", b"x" * 100)
    library = open_library(output)
    library.sync()
    ids = library.search("castle").ids()
    library.set_favorite(ids[:2], on=True)
    library.set_rating([library.find_path(str(output / "one.png")) or 0], 3)
    (output / "two.png").unlink()
    library.sync()
    stats = library.stats()
    assert (stats.total_files, stats.missing, stats.problems, stats.unread) == (5, 1, 1, 0)
    assert stats.favorites == 2
    assert stats.by_kind == {"image": 5}
    assert [tuple(value) for value in stats.by_model] == [
        ("sd15.safetensors", 3), ("other.safetensors", 1),
    ]  # fmt: skip
    assert [tuple(value) for value in stats.by_sampler] == [("euler", 4)]
    months = dict(stats.by_month)
    assert months[month_of(START_NS + 40 * DAY_NS)] == 1
    assert sum(months.values()) == 5
    # Old and without a rating: three, four and the broken one.
    assert stats.unrated_old == 3
    assert stats.trash_bytes == 100
    assert stats.index_bytes > 0
    sizes = [path.stat().st_size for path in output.rglob("*.png") if ".smart" not in str(path)]
    assert stats.size_bytes == sum(sizes)


def test_spellings_of_a_name_are_one(open_library: Open, tmp_path: Path):
    names = ["dreamshaper_8.safetensors"] * 2 + ["dreamshaper_8", "SD15\\DreamShaper 8.ckpt"]
    for number, name in enumerate([*names, "other"]):
        picture(tmp_path / "output" / f"{number}.png", number, model=name)
    library = open_library(tmp_path / "output")
    library.sync()
    stats = library.stats()
    assert [tuple(value) for value in stats.by_model] == [
        ("dreamshaper_8.safetensors", 4), ("other", 1),
    ]  # fmt: skip
    assert [value.value for value in stats.size_by_model] == ["dreamshaper_8.safetensors", "other"]
    assert stats.size_bytes == sum(value.total for value in stats.size_by_model)
    assert library.facets("", fields=("model",))["model"] == stats.by_model


def test_totals_of_a_folder_are_its_own(open_library: Open, output: Path):
    open_library(output).sync()
    inner = open_library(output / "sub")
    assert inner.stats().total_files == 1

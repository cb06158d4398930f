"""Files read again on request, unchanged as they are."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from smartgallery_tui.library import Library
from tests.ui.conftest import make_picture

if TYPE_CHECKING:
    from pathlib import Path


def test_only_the_wanted_files_are_read_again(tmp_path: Path) -> None:
    root = tmp_path / "output"
    root.mkdir()
    for number in range(3):
        make_picture(root / f"pic_{number}.png", number)
    with Library.open(data_dir=tmp_path / "data", roots=[root]) as library:
        library.sync()
        first, second, _third = library.search("", sort="name", descending=False).page(0, 3)
        with sqlite3.connect(tmp_path / "data" / "index.db") as db:
            db.execute("UPDATE files SET steps = 99")
        db.close()
        library.read_again([first.id])
        library.sync()
        assert library.item(first.id).steps == 20
        assert library.item(second.id).steps == 99
        library.sync(reparse=True)
        assert library.item(second.id).steps == 21


def test_only_files_that_were_not_read_lately_are_read_again(tmp_path: Path) -> None:
    root = tmp_path / "output"
    root.mkdir()
    for number in range(4):
        make_picture(root / f"pic_{number}.png", number)
    with Library.open(data_dir=tmp_path / "data", roots=[root]) as library:
        library.sync()
        assert library.read_old_again(3600) == 0
        old, unknown, fresh, gone = library.search("", sort="name", descending=False).page(0, 4)
        (root / "pic_3.png").unlink()
        library.sync()
        two_hours_ns = 2 * 3600 * 10**9
        with closing(sqlite3.connect(tmp_path / "data" / "index.db")) as db, db:
            db.execute("UPDATE files SET steps = 99")
            db.execute(
                "UPDATE files SET read_ns = read_ns - ? WHERE id IN (?, ?)",
                (two_hours_ns, old.id, gone.id),
            )
            db.execute("UPDATE files SET read_ns = NULL WHERE id = ?", (unknown.id,))
        assert library.read_old_again(3600) == 2
        assert library.item(old.id).steps == 99, "what is known stays until then"
        library.sync()
        steps = [library.item(each.id).steps for each in (old, unknown, fresh)]
        assert steps == [20, 21, 99]
        assert library.read_old_again(3600) == 0, "they have been read just now"

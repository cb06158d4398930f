from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING

import pytest

from smartgallery_tui.scan import (
    Entry,
    Known,
    Listing,
    Rules,
    count_files,
    diff,
    join,
    list_folder,
    skipped_because,
    walk,
)

if TYPE_CHECKING:
    from pathlib import Path

RULES = Rules(frozenset({".png", ".mp4"}))


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in (
        "a.png",
        "b.PNG",
        "c.txt",
        ".hidden.png",
        "2024/d.mp4",
        "2025/e.png",
        "2025/x/f.png",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x" * len(name))
    return tmp_path


def names(root: Path, rules: Rules = RULES) -> list[str]:
    return sorted(entry.name for listing in walk(str(root), rules) for entry in listing.files)


def test_known_extensions_in_any_case(tree: Path):
    assert names(tree) == ["a.png", "b.PNG", "d.mp4", "e.png", "f.png"]
    hidden = Rules(RULES.extensions, is_hidden_included=True)
    assert ".hidden.png" in names(tree, hidden)


def test_newest_folder_names_first(tree: Path):
    order = [listing.path for listing in walk(str(tree), RULES)]
    assert order == [str(tree), f"{tree}/2025", f"{tree}/2025/x", f"{tree}/2024"]


def test_what_stat_says(tree: Path):
    entry = next(e for e in list_folder(str(tree), RULES).files if e.name == "a.png")
    found = (tree / "a.png").stat()
    assert entry == Entry("a.png", found.st_size, found.st_mtime_ns, found.st_ino)


def test_only_regular_files(tree: Path, monkeypatch: pytest.MonkeyPatch):
    os.mkfifo(tree / "pipe.png")
    (tree / "folder.png").mkdir()
    (tree / "link.png").symlink_to(tree / "a.png")
    (tree / "dangling.png").symlink_to(tree / "nothing")
    sock = socket.socket(socket.AF_UNIX)
    monkeypatch.chdir(tree)  # a socket's path is short
    sock.bind("socket.png")
    sock.close()
    assert names(tree) == ["a.png", "b.PNG", "d.mp4", "e.png", "f.png"]


def test_links_to_folders_are_told_and_not_entered(tree: Path):
    (tree / "loop").symlink_to(tree)
    listing = list_folder(str(tree), RULES)
    assert listing.links == ["loop"]
    assert "loop" not in listing.folders


def test_a_folder_that_cannot_be_read(tree: Path):
    assert list_folder(str(tree / "nothing"), RULES).problem == "No such file or directory"
    assert list_folder(str(tree / "a.png"), RULES).problem == "Not a directory"


def test_reasons(tree: Path):
    (tree / "env").mkdir()
    (tree / "env" / "pyvenv.cfg").touch()
    assert skipped_because(f"{tree}/env", "env", RULES) == "a Python environment"
    assert skipped_because(f"{tree}/models", "models", RULES)
    assert skipped_because(f"{tree}/.smartgallery", ".smartgallery", RULES) == ""
    assert skipped_because(f"{tree}/.x", ".x", RULES) == ""
    assert skipped_because(f"{tree}/2024", "2024", RULES) is None
    wild = Rules(RULES.extensions, exclude=("20*", "a.png"))
    assert skipped_because(f"{tree}/2024", "2024", wild) == ""
    assert names(tree, wild) == ["b.PNG"]


def test_count(tree: Path):
    count = count_files(str(tree), RULES)
    assert (count.files, count.others, count.is_complete) == (5, 2, True)
    assert not count.looks_wrong
    assert not count_files(str(tree), RULES, limit_s=-1).is_complete


def test_join():
    assert join("/", "x") == "/x"
    assert join("/a", "x") == "/a/x"


def known(file_id: int, name: str, **other: object) -> Known:
    values = {"size_bytes": 1, "mtime_ns": 2, "inode": 3, "is_missing": False, **other}
    return Known(file_id, b"/r/" + name.encode(), **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "change", [{"size_bytes": 9}, {"mtime_ns": 1}, {"mtime_ns": 3}, {"inode": 4}]
)
def test_each_fact_tells_a_change(change: dict[str, int]):
    listing = Listing("/r", files=[Entry("a.png", 1, 2, 3)])
    assert not diff(listing, [known(1, "a.png")])
    found = diff(listing, [known(1, "a.png", **change)])
    assert [file_id for file_id, _ in found.changed] == [1]


def test_new_gone_and_back():
    listing = Listing("/r", files=[Entry("new.png", 1, 2, 3), Entry("back.png", 1, 2, 3)])
    rows = [
        known(1, "gone.png"),
        known(2, "back.png", is_missing=True),
        known(3, "x", is_missing=True),
    ]
    found = diff(listing, rows)
    assert [entry.name for entry in found.new] == ["new.png"]
    assert (found.back, found.gone, found.changed) == ([2], [1], [])

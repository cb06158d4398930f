"""Albums, saved searches and folders from the command line; options that do not exist."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import rows

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Done


def test_albums(sg: Callable[..., Done], scanned: Path) -> None:
    assert sg("albums").code == 1
    assert sg("mark", "ext:png", "--album", "Trips/2026", "--album", "Best").code == 0
    assert sg("mark", "ext:webp", "--album", "Trips").code == 0
    assert sg("mark", "ext:png", "--no-album", "best").code == 0
    assert sg("albums").out == b"       0  Best\n       5  Trips\n       4  Trips/2026\n"
    assert sg("albums", "rename", "Trips", "Travel").code == 0
    assert sg("albums", "note", "Travel", "for the wall\nin June").code == 0
    assert sg("albums", "note", "travel").out == b"for the wall\nin June\n"
    assert sg("albums", "note", "Best").code == 1
    assert rows(sg("albums", "list", "--json").out)[1] == {
        "name": "Travel", "files": 5, "own": 1, "note": "for the wall\nin June",
    }  # fmt: skip
    assert sg("find", "album:travel", "--count").out == b"5\n"
    assert sg("albums", "delete", "Travel").code == 0
    assert sg("find", "album:travel", "--count").out == b"0\n"
    done = sg("undo")
    assert done.err == "undone (deletion of the album): Travel, Travel/2026\n"
    assert sg("find", "album:travel", "--count").out == b"5\n"
    assert scanned.exists()


def test_a_note_makes_no_album(sg: Callable[..., Done], scanned: Path) -> None:
    done = sg("albums", "note", "Slip", "words")
    assert (done.code, "there is no album 'Slip'" in done.err) == (2, True)
    assert sg("albums").out == b""
    assert scanned.exists()


@pytest.mark.parametrize(
    ("line", "words"),
    [("albums", "no albums"), ("saved", "no saved searches"), ("saved recent", "no recent"),
     ("trash --list", "the trash is empty"), ("dups", "no two files"), ("roots", "roots add"),
     ("restore --offers", "nothing is offered"), ("backup --list", "no backups yet")],
)  # fmt: skip
def test_a_list_of_nothing_says_so(sg: Callable[..., Done], line: str, words: str) -> None:
    done = sg(*line.split())
    assert (done.code, done.out, done.err.count("\n")) == (1, b"", 1)
    assert words in done.err


@pytest.mark.parametrize(
    "line",
    ["albums rename a", "albums delete", "albums list x", "albums x", "albums delete nothing",
     "saved x", "saved add name", "saved show", "saved rename a", "saved delete nothing",
     "saved add bad cfg:>x", "roots forget", "roots add", "roots list /", "roots forget /",
     "roots add /nowhere"],
)  # fmt: skip
def test_wrong_words_are_refused(sg: Callable[..., Done], scanned: Path, line: str) -> None:
    done = sg(*line.split())
    assert (done.code, done.out) == (2, b"")
    assert done.err.count("\n") == 1
    assert scanned.exists()


def test_saved_searches(sg: Callable[..., Done], scanned: Path) -> None:
    assert sg("saved").code == 1
    assert sg("saved", "add", "Foxes", "fox", "-neon", "--sort", "rating").code == 0
    assert sg("saved").out == b"Foxes\tfox -neon\n"
    assert sg("saved", "rename", "Foxes", "My foxes").code == 0
    assert sg("saved", "show", "My foxes").out == b"fox -neon\n"
    assert rows(sg("saved", "list", "--json").out) == [
        {"name": "My foxes", "query": "fox -neon", "sort": "rating", "is_descending": True}
    ]
    assert sg("saved", "show", "Foxes").code == 1
    assert sg("saved", "delete", "My foxes").code == 0
    assert sg("undo").err == "undone (deletion of the search): My foxes\n"
    assert sg("saved", "recent").code == 1
    assert sg("saved", "forget-recent").code == 0
    assert scanned.exists()


def test_roots(sg: Callable[..., Done], scanned: Path, tmp_path: Path) -> None:
    other = shutil.copytree(scanned, tmp_path / "other")
    assert sg("roots", "add", other).code == 0
    assert "(not scanned yet)" in sg("roots").out.decode()
    sg("scan", other)
    found = rows(sg("roots", "--json").out)
    assert [(row["path"], row["files"]) for row in found] == [(str(scanned), 6), (str(other), 6)]
    assert sg("find", "--count").out == b"12\n"
    done = sg("roots", "forget", other)
    assert (done.code, done.out) == (0, b"")
    assert "6 files; none was touched" in done.err
    assert sg("find", "--count").out == b"6\n"
    assert len(list(other.rglob("*.png"))) == 4


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("mark castle --albm x", "there is no option --albm; did you mean --album?"),
        ("mark castle --favourite", "did you mean --favorite?"),
        ("find castle --jsn", "did you mean --json?"),
        ("find castle --zzz=3", "there is no option --zzz "),
        ("scan --thumb", "did you mean --thumbs?"),
        ("stats --jso", "did you mean --json?"),
        ("--redonly stats", "did you mean --read-only?"),
    ],
)
def test_an_unknown_option_is_never_searched_for(
    sg: Callable[..., Done], line: str, hint: str
) -> None:
    done = sg(*line.split())
    assert (done.code, done.out) == (2, b"")
    assert hint in done.err
    assert "--help)" in done.err


def test_two_dashes_end_the_options(sg: Callable[..., Done], scanned: Path) -> None:
    assert sg("find", "--count", "--", "--albm").code == 1
    assert sg("find", "--limit", "3", "-castle", "--count").code == 0
    assert scanned.exists()


def test_user_data_of_another_machine(
    sg: Callable[..., Done], scanned: Path, tmp_path: Path
) -> None:
    assert sg("restore", "--offers").code == 1
    there = ("--data-dir", tmp_path / "there")
    sg("scan", scanned, *there)
    assert sg("mark", "ext:png", "--rating", "4", *there).code == 0
    (copy,) = (scanned / ".smartgallery").glob("userdata-*.jsonl")
    done = sg("scan", scanned)
    assert "another machine left user data here: 4 marked files, last changed 20" in done.err
    assert f"userdata import {copy}" in done.err
    (offer,) = rows(sg("restore", "--offers", "--json").out)
    assert (offer["path"], offer["root"], offer["files"]) == (str(copy), str(scanned), 4)
    assert sg("restore", "--decline", copy).code == 0
    assert "another machine" not in sg("scan", scanned).err
    assert str(copy) in sg("restore", "--offers").out.decode()
    assert sg("userdata", "import", copy).code == 0
    assert sg("find", "rating:4", "--count").out == b"4\n"
    assert sg("restore", "--offers").code == 1
    assert sg("undo").code == 0
    assert sg("find", "rating:4", "--count").out == b"0\n"
    assert sg("restore").code == 2
    assert sg("restore", "--offers", copy).code == 2
    assert sg("restore", "--decline", tmp_path / "none").code == 2


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("scn here", "'scn' is no command; did you mean scan?"),
        ("one two", "'one' is no command; only one folder or file can be browsed"),
        ("nothere", "no such folder or command: nothere; `smartgallery --help` lists commands"),
        ("config chek", "action: 'chek' is none of check, init; did you mean check?"),
        ("find a --sort nam", "did you mean name?"),
        ("find a --graphics sixl", "did you mean sixel?"),
        ("find a --limit -3", "--limit needs a value"),
        ("find a --limit x", "--limit: 'x' is no whole number"),
        ("find a --json --csv", "--csv and --json exclude each other"),
        ("scan a --thumbs=3", "--thumbs takes no value"),
        ("scan -j a", "there is no option -j"),
        ("export a", "--to is missing"),
        ("dups a", "'a' is one word too many"),
        ("albums delete gone", "there is no album 'gone'; `smartgallery albums` lists them"),
        ("saved delete gone", "there is no saved search 'gone'; `smartgallery saved` lists them"),
        ("stats --config gone.toml", "`smartgallery config init --config gone.toml` writes one"),
    ],
)
def test_what_is_wrong_with_a_line_is_said_with_a_way_out(
    sg: Callable[..., Done], scanned: Path, line: str, said: str
) -> None:
    del scanned
    done = sg(*line.split())
    assert (done.code, done.out) == (2, b"")
    assert said in done.err
    assert len(done.err.splitlines()) == 1


def test_lists_of_nothing_say_what_fills_them(sg: Callable[..., Done], scanned: Path) -> None:
    del scanned
    for line, way in (
        ("saved", "`smartgallery saved add"),
        ("albums", "`smartgallery mark QUERY --album"),
    ):
        done = sg(line)
        assert (done.code, done.out) == (1, b"")
        assert way in done.err


def test_a_first_settings_file_is_written_where_the_line_says(
    sg: Callable[..., Done], tmp_path: Path
) -> None:
    target = tmp_path / "new" / "own.toml"
    done = sg("config", "init", "--config", target)
    assert done.code == 0, done.err
    assert str(target).encode() in done.out
    assert "[library]" in target.read_text()
    assert sg("config", "check", "--config", target).code == 0
    again = sg("config", "init", "--config", target)
    assert again.code != 0
    assert "move it away" in again.err

from __future__ import annotations

import json
import os
import shlex
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from smartgallery_tui.cli.commands import stats

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Done

as_root = os.geteuid() == 0


def complains(done: Done, code: int, part: str) -> None:
    """Check for an exit code, one line on stderr, and nothing on stdout."""
    assert done.code == code
    assert done.out == b""
    assert len(done.err.splitlines()) == 1, done.err
    assert part in done.err
    assert done.err.startswith("smartgallery: ")


def test_no_such_folder(sg: Callable[..., Done], tmp_path: Path) -> None:
    complains(sg("scan", tmp_path / "none"), 2, "no such folder")
    complains(sg(tmp_path / "none"), 2, "no such folder")


def test_a_file_is_no_folder_to_scan(sg: Callable[..., Done], tmp_path: Path) -> None:
    (tmp_path / "x.png").touch()
    complains(sg("scan", tmp_path / "x.png"), 2, "not a folder")


def test_an_empty_folder_is_an_empty_library(sg: Callable[..., Done], tmp_path: Path) -> None:
    done = sg("scan", tmp_path)
    assert done.code == 0
    assert sg("find", "--count") == (1, b"0\n", "")


@pytest.mark.skipif(as_root, reason="root may read everything")
def test_no_permission(sg: Callable[..., Done], tmp_path: Path) -> None:
    (tmp_path / "x").mkdir(mode=0)
    complains(sg("scan", tmp_path / "x"), 2, "permission")


def test_nothing_to_scan(sg: Callable[..., Done]) -> None:
    complains(sg("scan"), 2, "name a folder")


def test_a_file_in_place_of_the_data_folder(sg: Callable[..., Done], tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "out").mkdir()
    complains(sg("scan", tmp_path / "out", "--data-dir", tmp_path / "file"), 3, "data folder")


def test_a_foreign_index_is_set_aside(
    sg: Callable[..., Done], tmp_path: Path, pictures: Path
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "index.db").write_text("not a database at all\n" * 100)
    done = sg("scan", pictures, "--data-dir", data)
    assert done.code == 0
    assert "index.db" in done.err
    assert sg("find", "--count", "--data-dir", data).out == b"6\n"
    assert len(list(data.glob("index.db*"))) >= 2


def test_what_opening_said_is_not_said_again(sg: Callable[..., Done], pictures: Path) -> None:
    assert sg("scan", pictures).code == 0
    (data,) = sg("paths", "--json").out.splitlines()
    newer = sqlite3.connect(Path(json.loads(data)["data"]) / "user.db")
    newer.execute("PRAGMA user_version = 99")
    newer.close()
    complains(sg("mark", "ext:png", "--favorite"), 3, "newer version")


def test_a_data_folder_whose_name_is_no_text(
    sg: Callable[..., Done], tmp_path: Path, pictures: Path
) -> None:
    odd = ("--data-dir", tmp_path / os.fsdecode(b"caf\xe9"), "--cache-dir", tmp_path / "cache")
    assert sg("scan", pictures, *odd).code == 0
    for _ in range(2):
        done = sg("find", "ext:png", "--count", *odd)
        assert (done.code, done.out) == (0, b"4\n")
    assert sg("doctor", *odd).code == sg("stats", *odd).code == 0


def test_foreign_user_data_is_never_touched(sg: Callable[..., Done], tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    other = sqlite3.connect(data / "user.db")
    other.execute("CREATE TABLE mine (x)")
    other.commit()
    other.close()
    before = (data / "user.db").read_bytes()
    complains(sg("find", "--data-dir", data), 3, "user.db")
    assert (data / "user.db").read_bytes() == before


def test_no_terminal(sg: Callable[..., Done], tmp_path: Path) -> None:
    complains(sg(tmp_path), 2, "is not a terminal")
    complains(sg(), 2, "is not a terminal")
    complains(sg("demo"), 2, "is not a terminal")


@pytest.mark.parametrize("command", ["inspect", "explain", "workflow"])
def test_a_file_that_is_not_there_is_named(sg: Callable[..., Done], command: str) -> None:
    complains(sg(command, "/none.png"), 1, "/none.png: cannot be opened")


def test_a_typo_of_a_command(sg: Callable[..., Done]) -> None:
    complains(sg("scna"), 2, "did you mean 'scan'")
    complains(sg("--nothing"), 2, "--nothing")
    complains(sg("scan", "--sort", "x"), 2, "--sort")
    complains(sg("find", "--sort", "x"), 2, "--sort")


@pytest.mark.parametrize("name", ["a/../../b", "..", "x y"])
def test_a_profile_that_is_no_name(sg: Callable[..., Done], name: str) -> None:
    complains(sg("paths", "--profile", name), 2, "profile")


def test_a_named_settings_file_must_exist(sg: Callable[..., Done], tmp_path: Path) -> None:
    complains(sg("paths", "--config", tmp_path / "no.toml"), 2, "no such settings file")


def test_odd_names_are_no_traceback(sg: Callable[..., Done]) -> None:
    complains(sg("scan", "x" * 5000), 2, "x")
    complains(sg("scan", "/dev/null"), 2, "not a folder")
    complains(sg("scan", "a\x1b[2J"), 2, "no such folder")


def test_wrong_settings_are_said_and_ignored(
    sg: Callable[..., Done], tmp_path: Path, pictures: Path
) -> None:
    file = tmp_path / "c.toml"
    file.write_text("[view]\ntheem = 'x'\n")
    done = sg("scan", pictures, "--config", file)
    assert done.code == 0
    assert "c.toml:2: unknown key 'theem'" in done.err


def test_a_defect_is_one_line_and_a_private_report(
    sg: Callable[..., Done], own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_context: object) -> int:
        raise RuntimeError("a secret prompt")

    monkeypatch.setattr(stats, "run", fail)
    complains(sg("stats"), 1, "a report without prompts is in")
    (report,) = (own_home / "state" / "smartgallery").glob("crash-*.txt")
    assert report.stat().st_mode & 0o777 == 0o600
    assert "RuntimeError" in report.read_text()
    assert "secret" not in report.read_text()


@pytest.mark.parametrize(
    ("line", "code", "part"),
    [
        ("saved show NOPE", 1, "there is no saved search 'NOPE'; `smartgallery saved` lists them"),
        ("albums note NOPE", 1, "NOPE: there is no note"),
        ("userdata import /nowhere", 2, "/nowhere: cannot be read: No such file or directory"),
        ("userdata import /", 2, "/: cannot be read: Is a directory"),
        ("userdata import TEXT", 2, "line 1 is no user data of smartgallery-tui"),
        ("userdata import BYTES", 2, "is no user data of smartgallery-tui"),
        ("backup /nowhere/x.db", 2, "no such folder: /nowhere"),
        ("backup ''", 2, "empty"),
        ("restore /nowhere", 2, "no such file: /nowhere"),
        ("restore /", 3, "/ is a folder, not a database"),
        ("scan ''", 2, "the name of a folder is empty"),
        ("export kind:* --to ''", 2, "the name of a folder is empty"),
        ("import TEXT --to ''", 2, "the name of a folder is empty"),
    ],
)
def test_wrong_words_get_one_line(
    sg: Callable[..., Done],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    line: str,
    code: int,
    part: str,
) -> None:
    (tmp_path / "TEXT").write_text("not user data\n")
    (tmp_path / "BYTES").write_bytes(b"\xff\xfe\x00")
    monkeypatch.chdir(tmp_path)
    complains(sg(*shlex.split(line)), code, part)
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == ["BYTES", "TEXT"]


def test_a_file_to_import_that_is_not_there_is_said(
    sg: Callable[..., Done], pictures: Path
) -> None:
    assert sg("scan", pictures).code == 0
    done = sg("import", "/nowhere")
    assert (done.code, done.out) == (1, b"")
    assert done.err.splitlines()[0] == "smartgallery: /nowhere: no such file"


@pytest.mark.parametrize(
    "line",
    ["~nobody-here/x", "scan ~nobody-here/x", "export ext:png --to ~nobody-here/x",
     "export ext:png --to ~nobody-here/x.zip", "import ~nobody-here/x", "roots add ~nobody-here",
     "import /etc/passwd --to ~nobody-here/x", "roots forget ~nobody-here",
     "--config ~nobody-here/x find", "--data-dir ~nobody-here/x find",
     "--cache-dir ~nobody-here/x find"],
)  # fmt: skip
def test_the_home_of_nobody_is_no_crash(
    sg: Callable[..., Done], tmp_path: Path, pictures: Path, monkeypatch: pytest.MonkeyPatch,
    line: str,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    assert sg("scan", pictures).code == 0
    assert "unexpected" not in sg(*line.split()).err


def test_the_home_of_nobody_in_the_settings_is_named(
    sg: Callable[..., Done], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMARTGALLERY_OUTPUT", "~nobody-here/output")
    assert "~nobody-here/output" in sg("config", "check").err
    assert sg("find", "--count").out == b"0\n"

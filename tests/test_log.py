from __future__ import annotations

import logging
import os
import time
from typing import TYPE_CHECKING

from smartgallery_tui import log

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_the_log_is_private_and_one_line_a_record(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "x.log"
    handler = log.open_log(file)
    try:
        logging.getLogger("smartgallery_tui.scan").info("first\nsecond \x1b[2J")
        logging.getLogger("smartgallery_tui.scan").warning("x" * 5000)
    finally:
        log.close_log(handler)
    assert file.stat().st_mode & 0o777 == 0o600
    first, second = log.tail(file)
    assert first.endswith("info    smartgallery_tui.scan first\u00b7second \u00b7[2J")
    assert len(second) < 700


def test_the_tail_is_the_last_lines(tmp_path: Path) -> None:
    file = tmp_path / "x.log"
    file.write_text("".join(f"line {number}\n" for number in range(300)))
    assert log.tail(file) == [f"line {number}" for number in range(200, 300)]
    assert log.tail(tmp_path / "none") == []


def test_a_traceback_shrinks_to_its_place(tmp_path: Path) -> None:
    handler = log.open_log(tmp_path / "x.log")
    try:
        try:
            raise ValueError("a secret prompt")
        except ValueError:
            logging.getLogger("smartgallery_tui").exception("failed")
    finally:
        log.close_log(handler)
    (line,) = log.tail(tmp_path / "x.log")
    assert "ValueError at test_log.py:" in line
    assert "secret" not in line


def test_a_crash_report_holds_no_values(tmp_path: Path) -> None:
    def fail(prompt: str) -> None:
        raise KeyError(prompt)

    try:
        fail("a secret prompt")
    except KeyError as error:
        report = log.write_crash_report(tmp_path / "state", error)
    text = report.read_text()
    assert report.stat().st_mode & 0o777 == 0o600
    assert "KeyError" in text
    assert "in fail" in text
    assert "secret" not in text


def test_each_day_has_its_file_and_the_oldest_go(tmp_path: Path) -> None:
    file = tmp_path / "x.log"
    for day in range(1, 12):
        (tmp_path / f"x.log.2025-01-{day:02}").write_text(f"day {day}\n")
        os.utime(tmp_path / f"x.log.2025-01-{day:02}", (day * 86_400, day * 86_400))
    file.write_text("yesterday\n")
    then = time.time() - 86_400
    os.utime(file, (then, then))
    one, two = log.open_log(file), log.open_log(file)
    try:
        logging.getLogger("smartgallery_tui").info("today")
    finally:
        log.close_log(one)
        log.close_log(two)
    day = time.strftime("%Y-%m-%d", time.localtime(then))
    assert (tmp_path / f"x.log.{day}").read_text() == "yesterday\n"
    assert len(log.tail(file)) == 2, "both wrote into the new file"
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["x.log", *(f"x.log.2025-01-{day:02}" for day in range(6, 12)), f"x.log.{day}"]


def test_a_day_that_fills_a_file_goes_on_in_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log, "MAX_BYTES", 300)
    handler = log.open_log(tmp_path / "x.log")
    try:
        for number in range(12):
            logging.getLogger("smartgallery_tui").info("record %s", number)
    finally:
        log.close_log(handler)
    day = time.strftime("%Y-%m-%d")
    assert (tmp_path / f"x.log.{day}").exists()
    assert (tmp_path / f"x.log.{day}.2").exists()
    assert (tmp_path / "x.log").stat().st_size <= 300

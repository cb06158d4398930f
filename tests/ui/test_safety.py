"""What must hold whatever happens: hostile text, failing and hanging calls, crashes."""

from __future__ import annotations

import io
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from rich.segment import Segment
from textual.color import Color

from smartgallery_tui.errors import SmartGalleryError
from smartgallery_tui.ui.content import BLOCK_LINES, block, fit, line
from smartgallery_tui.ui.control_filter import ControlFilter
from smartgallery_tui.ui.lasting_output import LastingFile
from smartgallery_tui.ui.messages import MarksChanged, SearchAnswered, SyncNews
from smartgallery_tui.ui.screens.popup import ConfirmPopup
from tests.ui.conftest import make_app, settle
from tests.ui.test_grid_keys import grid_of

if TYPE_CHECKING:
    from smartgallery_tui.library import Library
    from smartgallery_tui.ui.app import SmartGalleryApp

HOSTILE = [
    "[red]x[/]", "[/]", "[/b]x", "[@click=app.quit]x[/]", "\x1b]52;c;eA==\x07", "a\nb", "\x9b31m",
    "\udcff", "\u202egnp.exe", "[link=http:..]x",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_text_stays_text(text: str) -> None:
    shown = line(text)
    assert not [char for char in shown.plain if ord(char) < 32 or 0x7F <= ord(char) < 0xA0]
    assert not shown.spans
    assert len(shown.plain) == len(text)


def test_long_text_is_cut_with_a_note() -> None:
    assert block("x" * 50_000).plain.endswith("… 30,000 characters more")
    rows = block("x\n" * 9_000).plain.splitlines()
    assert len(rows) == BLOCK_LINES + 1
    assert "lines more" in rows[-1]


@pytest.mark.parametrize("width", [0, 1, 3, 8, 20])
def test_fit_never_exceeds_its_room(width: int) -> None:
    for text in ("a_long_file_name_0001.png", "漢字漢字漢字漢字漢字.png", "short"):
        assert line(fit(text, width)).cell_length <= width


def test_the_net_catches_what_slipped_through() -> None:
    segments = [Segment("ok"), Segment("a\x1b[2Jb\x07"), Segment("\x1b[1A", None, ((1,),))]
    found = ControlFilter().apply(segments, Color(0, 0, 0))
    assert [segment.text for segment in found] == ["ok", "a·[2Jb·", "\x1b[1A"]
    (odd,) = ControlFilter().apply([Segment("caf\udce9 \u202eevil\u2066")], Color(0, 0, 0))
    assert odd.text == "caf\ufffd evil"


async def test_hostile_rows_crash_nothing(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        grid = grid_of(app)
        item = grid.current
        assert item is not None
        await pilot.press("enter", "i", "escape")
        for text in HOSTILE:
            bad = replace(item, name=text, path=f"/x/{text}", model=text, problem=text)
            app.post_message(MarksChanged(text, [], [bad]))
            await pilot.pause()
            await pilot.press("Y", "escape", "enter")
            await settle(pilot)
            await pilot.press("escape")
        assert app.is_running


async def test_a_failing_call_is_said_and_the_app_lives(
    app: SmartGalleryApp, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object) -> None:
        raise SmartGalleryError("the disk is [red]full[/]")

    def crash(*_args: object) -> None:
        raise ZeroDivisionError

    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        monkeypatch.setattr(library, "set_rating", fail)
        await pilot.press("3")
        await settle(pilot)
        assert app.last_said == "rating: the disk is [red]full[/]"
        monkeypatch.setattr(library, "set_rating", crash)
        await pilot.press("3")
        await settle(pilot)
        assert "ZeroDivisionError" in app.last_said
        assert app.is_running


async def test_leaving_does_not_wait_for_a_hanging_call(
    app: SmartGalleryApp, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = threading.Event()
    monkeypatch.setattr(library, "facets", lambda *_args, **_kwargs: release.wait(30))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("F")
        began = time.monotonic()
        await pilot.press("Q")
    assert time.monotonic() - began < 15
    release.set()


async def test_leaving_asks_while_a_change_is_written(
    app: SmartGalleryApp, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = threading.Event()

    def slow(*_args: object) -> list[object]:
        release.wait(30)
        return []

    monkeypatch.setattr(library, "set_rating", slow)
    app.caps = replace(app.caps, rtt_ms=60_000)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("3", "q", "y")
        assert app.is_running, "a key typed before the question was seen answered it"
        assert isinstance(app.screen, ConfirmPopup)
        await pilot.press("escape")
        release.set()
        await settle(pilot)
        assert app.is_running


async def test_a_stale_answer_is_dropped(app: SmartGalleryApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        grid = grid_of(app)
        assert grid.session.view is not None
        everything = grid.session.view.result
        await pilot.press("slash", *"fox")
        await settle(pilot)
        grid.post_message(SearchAnswered(1, "", everything, [], 0, 0, 0.0))
        await settle(pilot)
        assert grid.session.view.total == 3


async def test_a_crash_leaves_one_line_and_a_report(library: Library) -> None:
    reports: list[BaseException] = []

    def write(error: BaseException) -> str:
        reports.append(error)
        return "/state/crash.txt"

    app = make_app(library, write_crash_report=write)

    async def crash() -> None:
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            app.call_later(lambda: 1 / 0)
            await pilot.pause()

    with pytest.raises(ZeroDivisionError):
        await crash()
    assert len(reports) == 1
    assert "\n" not in app.result.message
    assert "/state/crash.txt" in app.result.message
    assert app.result.code == 1


def test_progress_replaces_progress_only() -> None:
    from smartgallery_tui.records import LibraryChanged, SyncProgress

    news = SyncNews(SyncProgress("reading", 2))
    assert news.can_replace(SyncNews(SyncProgress("reading", 1)))
    assert not news.can_replace(SyncNews(LibraryChanged(1)))


def test_output_survives_its_terminal() -> None:
    class Gone:
        def write(self, _text: str) -> int:
            raise OSError(5, "Input/output error")

        def flush(self) -> None:
            raise AssertionError("flushed after the terminal was gone")

    file = LastingFile(Gone())
    assert file.write("abc") == 3
    file.flush()
    assert file.is_gone


def test_a_letter_that_the_terminal_has_no_bytes_for_ends_no_output() -> None:
    terminal = io.TextIOWrapper(io.BytesIO(), encoding="latin-1", errors="strict")
    file = LastingFile(terminal)
    assert file.write("a\u2580\udce9b") == 4
    file.write("c")
    file.flush()
    assert not file.is_gone
    assert terminal.buffer.getvalue() == b"a??bc"  # type: ignore[attr-defined]

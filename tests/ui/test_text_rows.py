"""Text with leads: what goes on stands below the text, in any width."""

from __future__ import annotations

import pytest
from textual.content import Content

from smartgallery_tui.ui.text_rows import ColumnRow, TextRow


def plain_lines(row: TextRow | ColumnRow, width: int) -> list[str]:
    return [one.plain for one in row.lines(width)]


def test_what_does_not_fit_goes_on_below_the_text() -> None:
    row = TextRow(Content("one two three four five six seven"), Content("Key"), 8)
    assert plain_lines(row, 28) == ["Key     one two three four", "        five six seven"]


def test_a_lead_without_room_stands_on_a_line_of_its_own() -> None:
    row = TextRow(Content("words"), Content("a long lead"), 4)
    assert plain_lines(row, 40) == ["a long lead", "    words"]
    narrow = TextRow(Content("some words more"), Content("Key"), 20)
    assert plain_lines(narrow, 24) == ["Key", "  some words more"]


def test_columns_wrap_each_in_its_own_room() -> None:
    row = ColumnRow(Content("Seed"), (Content("123456789012345678901"), Content("7")), 6)
    assert plain_lines(row, 40) == [
        "Seed  1234567890123456 7                ",
        "      78901                             ",
    ]


@pytest.mark.parametrize("width", [1, 5, 20, 44, 80, 200])
@pytest.mark.parametrize("count", [1, 2, 4])
def test_no_line_is_broader_than_its_room(width: int, count: int) -> None:
    words = Content("a very long value-without-a-blank-in-it 狐狸在雪地里 and so on")
    rows = [TextRow(words, Content("Label"), 11), ColumnRow(Content("Label"), (words,) * count, 11)]
    for row in rows:
        lines = row.lines(width)
        assert "".join(one.plain for one in lines).strip()
        if width >= 20:
            assert max(one.cell_length for one in lines) <= width

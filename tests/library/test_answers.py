from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from smartgallery_tui.library.answers import Answer, Batch

if TYPE_CHECKING:
    from collections.abc import Callable

    from smartgallery_tui.index.rows import ReadRow


def batch_of(*sizes: int, made: list[int]) -> Batch:
    """Return a batch of answers with so many rows; a row is its number, and is noted when made."""
    batch = Batch()
    first = 0
    for size in sizes:

        def rows(numbers: range) -> list[Any]:
            made.extend(numbers)
            return list(numbers)

        make: Callable[[], list[ReadRow]] = partial(rows, range(first, first + size))
        batch.add(Answer(size, make))
        first += size
    return batch


def test_a_batch_knows_its_size_before_a_row_is_made():
    made: list[int] = []
    assert batch_of(75, 75, 10, made=made).count == 160
    assert not made


def test_parts_hold_whole_answers_in_order_and_the_last_is_told():
    made: list[int] = []
    batch = batch_of(15, 15, 15, 40, 75, 5, made=made)
    parts = [(len(rows), is_last) for rows, is_last in batch.parts(50)]
    assert parts == [(85, False), (75, False), (5, True)]
    assert made == list(range(165))


def test_rows_of_a_part_are_made_when_it_is_asked_for():
    made: list[int] = []
    parts = batch_of(50, 50, made=made).parts(50)
    rows, is_last = next(parts)
    assert (len(rows), is_last, len(made)) == (50, False, 50)
    assert [(len(rows), is_last) for rows, is_last in parts] == [(50, True)]


def test_one_part_is_the_last():
    assert [last for _, last in batch_of(3, made=[]).parts(50)] == [True]
    assert not list(Batch().parts(50))

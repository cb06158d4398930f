"""Prompts and file names: many files of one text, odd names, parts and words."""

from __future__ import annotations

import pytest

from smartgallery_tui.query.ast import Words
from smartgallery_tui.query.bitmaps import positions_of
from smartgallery_tui.query.texts import NameIndex
from tests.query.record import Record

NAMES = ["ComfyUI_01234_.png", "castle night.PNG", "Été_東京.jpg", "a\nb.png", "", "x" * 300] + [
    f"n{number}.png" for number in range(9000)
]


@pytest.fixture(scope="module", params=["stems", "no stems"])
def names(request):
    made = NameIndex(NAMES)
    assert made._stems is not None
    if request.param == "no stems":
        made._stems = None
    return made


def test_names_that_hardly_repeat_have_no_stems():
    letters = [
        f"{chr(97 + n % 26)}{chr(97 + n // 26 % 26)}{chr(97 + n // 676)}" for n in range(3000)
    ]
    index = NameIndex(letters)
    assert index._stems is None
    assert positions_of(index.words(Words("", ("bca",), False)), 3000) == [53]


@pytest.mark.parametrize(
    ("text", "found"),
    [("1234", [0, 1240]), ("NIGHT.p", [1]), ("été", [2]), ("京", [2]), ("a\nb", [3]), ("%", []),
     ("n8999", [9005]), ("xxx", [5])],
)  # fmt: skip
def test_parts(names, text, found):
    assert positions_of(names.part(text), len(NAMES)) == found


@pytest.mark.parametrize(
    ("words", "is_prefix", "found"),
    [
        (("01234",), False, [0]),
        (("0123",), False, []),
        (("0123",), True, [0]),
        (("castle", "night"), False, [1]),
        (("comfyui", "01234"), False, [0]),
        (("castle", "ni"), True, [1]),
        (("night", "castle"), False, []),
        (("ete",), False, [2]),
        (("東", "京"), False, [2]),
        (("b",), False, [3]),
        (("a", "b"), False, [3]),
        (("n8999",), False, [9005]),
        (("jpg",), False, [2]),
    ],
)
def test_words(names, words, is_prefix, found):
    assert positions_of(names.words(Words("", words, is_prefix)), len(NAMES)) == found


def test_a_test_sees_every_name_once(names):
    seen = []
    names.where(lambda name: seen.append(name) or False)
    assert seen == [name.casefold() for name in NAMES]


def test_files_that_share_a_prompt(shelf):
    def one(number, text):
        name = f"{number}.png"
        return Record(f"/library/{name}", name, "/library", mtime_ns=number, positive=(text,))

    shelf.fill([one(1, "castle"), one(2, "castle"), one(3, "castle fox"), one(4, "owl")])
    assert shelf.engine.search("castle").ids() == [3, 2, 1]
    assert shelf.engine.search("castle", sort="relevance").total == 3
    for number in (1, 2):
        shelf.index.execute("DELETE FROM file_texts WHERE file_id=?", (number,))
    shelf.index.execute("INSERT INTO file_texts VALUES (2, 3, 0, 0)")
    shelf.tell([1])
    shelf.tell([2])
    assert shelf.engine.search("castle").ids() == [3]
    assert shelf.engine.search("owl").ids() == [4, 2]
    assert shelf.engine.search("owl", sort="relevance").ids() == [4, 2]
    shelf.index.execute("DELETE FROM file_texts WHERE file_id=2")
    shelf.tell([2])
    assert shelf.engine.search("owl").ids() == [4]

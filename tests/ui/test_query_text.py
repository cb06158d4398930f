from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartgallery_tui.ui import query_text


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("", []),
        ("a  b", ["a", "b"]),
        ('"a b" c', ['"a b"', "c"]),
        ('model:"a b",c -x', ['model:"a b",c', "-x"]),
        ("(a OR b) c", ["(a OR b)", "c"]),
        ('"a \\" b" c', ['"a \\" b"', "c"]),
        ('"open end', ['"open end']),
    ],
)
def test_terms(text: str, terms: list[str]) -> None:
    assert query_text.terms(text) == terms


def test_values_of_one_field_become_a_list() -> None:
    text = query_text.toggle("castle", "model", "flux dev")
    assert text == 'castle model:"flux dev"'
    text = query_text.toggle(text, "model", "sdxl")
    assert text == 'castle model:"flux dev",sdxl'
    assert query_text.state_of(text, "model", "sdxl") == "+"
    assert query_text.toggle(text, "model", "flux dev") == "castle model:sdxl"


def test_excluding_takes_the_place_of_asking() -> None:
    text = query_text.toggle("model:a,b", "model", "a", exclude=True)
    assert text == "model:b -model:a"
    assert query_text.state_of(text, "model", "a") == "-"
    assert query_text.toggle(text, "model", "a", exclude=True) == "model:b"


def test_fields() -> None:
    text = 'fox model:a,b -model:c cfg:>7 "x:y"'
    assert query_text.asked_fields(text) == ["model", "cfg"]
    assert query_text.without_field(text, "model") == 'fox -model:c cfg:>7 "x:y"'


@given(st.text(max_size=30), st.text(min_size=1, max_size=20).filter(str.strip))
def test_switching_on_and_off_finds_the_value(text: str, value: str) -> None:
    before = " ".join(query_text.terms('"' + text.replace('"', "").replace("\\", "") + '"'))
    on = query_text.toggle(before, "lora", value)
    assert query_text.state_of(on, "lora", value) == "+"
    assert query_text.toggle(on, "lora", value) == before


def test_usual_names_of_fields() -> None:
    aliases = {"dir": "folder", "stars": "rating"}
    text = '-Dir:a stars:>3 re:/a:b/ "dir:x" (dir:y OR z) dir'
    usual = '-folder:a rating:>3 re:/a:b/ "dir:x" (dir:y OR z) dir'
    assert query_text.canonical(text, aliases) == usual

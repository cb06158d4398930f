"""A JSON object is cut into members whose text stays as it was."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smartgallery_tui.containers.members import member, member_texts, members

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=6,
)


@settings(max_examples=40)
@given(st.dictionaries(st.text(), VALUES), st.sampled_from([None, 1]))
def test_members_join_to_the_object(value: dict[str, object], indent: int | None) -> None:
    text = json.dumps(value, indent=indent)
    found = list(members(text))
    assert [key for key, _ in found] == list(value)
    for key, raw in found:
        assert raw in text
        assert json.dumps(json.loads(raw)) == json.dumps(value[key])


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("", []),
        ("[1]", []),
        ('\ufeff {"a": NaN }', ["a"]),
        ('{"a": 1, "b": ', ["a"]),
        ('{"a": 1 "b": 2}', ["a"]),
        ('{"a": 1, 2: 3}', ["a"]),
        ('{"a" 1}', []),
        ('{"a": 1, "b": ' + "[" * 100_000, ["a"]),
        ('{"a": 1}trailing', ["a"]),
    ],
)
def test_damage_ends_the_walk(text: str, keys: list[str]) -> None:
    assert [key for key, _ in members(text)] == keys


def test_named_members() -> None:
    text = '{"prompt": "{\\"a\\": 1}", "workflow": {"b":  NaN}, "other": 1}'
    assert dict(member_texts(text, ("prompt", "workflow"))) == {
        "prompt": '{"a": 1}',
        "workflow": '{"b":  NaN}',
    }
    assert member(text, "other") == "1"
    assert member(text, "absent") == ""

"""A query that cannot be read: one sentence that says once what to write instead."""

from __future__ import annotations

import re

import pytest

from smartgallery_tui.cli import run
from smartgallery_tui.errors import QuerySyntaxError
from smartgallery_tui.query.parser import parse


@pytest.mark.parametrize("query", ["mdel:flux", "status:aproved", "kind:vidoe"])
def test_a_spelling_is_offered_once(
    query: str, capsys: pytest.CaptureFixture[str], tmp_path: object
) -> None:
    assert run(["find", query, "--data-dir", str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert said.count("did you mean") == 1
    assert "try " not in said
    with pytest.raises(QuerySyntaxError) as caught:
        parse(query)
    assert said.count(f"`{caught.value.suggestion}") <= 1


@pytest.mark.parametrize(
    ("query", "way"),
    [
        ("cfg:>x", "write cfg:0.5, cfg:>0.5 or cfg:0.2..0.8"),
        ("steps:many", "write steps:3, steps:>=3 or steps:2..5"),
        ("seed:abc", "write seed:42,"),
        ("duration:long", "write duration:>10s,"),
        ("fps:fast", "write fps:24,"),
        ("ratio:wide", "write ratio:16:9,"),
        ("model:>3", "write model:3"),
    ],
)
def test_a_wrong_value_is_answered_with_right_ones(query: str, way: str) -> None:
    with pytest.raises(QuerySyntaxError, match=re.escape(way)):
        parse(query)

"""A query that cannot be read: one sentence that says once what to write instead."""

from __future__ import annotations

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

"""Text stays within its limits; sizes that cannot be drawn are problems."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

import pytest

from smartgallery_tui.containers import findings as module
from smartgallery_tui.containers import open_source
from smartgallery_tui.containers.findings import Findings, decode, need, size_problem
from smartgallery_tui.errors import ContainerError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Findings]:
    monkeypatch.setattr(module, "MAX_TEXT_BYTES", 100)
    monkeypatch.setattr(module, "MAX_OTHER_TEXT_BYTES", 50)
    monkeypatch.setattr(module, "MAX_TEXTS", 3)
    (tmp_path / "a").write_bytes(b"x")
    with open_source(str(tmp_path / "a")) as source:
        yield Findings(source, "png", "image")


def test_main_text_above_the_limit_is_a_problem(found: Findings) -> None:
    found.add("Prompt", "x" * 60, "here")
    found.add("workflow", "x" * 60, "here")
    assert [text.key for text in found.texts] == ["prompt"]
    assert found.problem is not None
    assert "workflow" in found.problem


def test_other_text_above_the_limit_is_left_out(found: Findings) -> None:
    for number in range(10):
        found.add(f"k{number}", "x" * 20, "here")
    found.add("prompt", "{}", "here")
    assert [text.key for text in found.texts] == ["k0", "k1", "prompt"]
    assert found.problem is None


def test_number_of_other_texts_is_limited(found: Findings) -> None:
    for number in range(10):
        found.add(f"k{number}", "x", "here")
    assert len(found.texts) == 3


def test_inflating_stops_at_the_limit(found: Findings) -> None:
    found.add_inflated("other", zlib.compress(b"x" * 80), "here")
    found.add_inflated("prompt", b"no zlib", "here")
    assert not found.texts
    assert found.problem is None
    found.add_inflated("prompt", zlib.compress(b"x" * 1000), "here")
    assert not found.texts
    assert found.problem is not None
    found.add_inflated("prompt", zlib.compress(b"x" * 90), "here")
    assert found.texts[0].value == "x" * 90
    found.add("prompt", "x" * 10, "here")
    found.add_inflated("prompt", zlib.compress(b"x"), "here")
    assert len(found.texts) == 2


@pytest.mark.parametrize(
    ("value", "key", "rest"),
    [
        ("prompt:{}", "prompt", "{}"),
        ("WorkFlow: {} ", "workflow", " {} "),
        ("prompter:{}", "make", "prompter:{}"),
    ],
)
def test_prefix_becomes_the_key(found: Findings, value: str, key: str, rest: str) -> None:
    found.add_prefixed("make", value, "here")
    assert (found.texts[0].key, found.texts[0].value) == (key, rest)
    assert found.has(key)


def test_steps_are_limited(found: Findings) -> None:
    found.spend(module.MAX_STEPS)
    with pytest.raises(ContainerError):
        found.spend()


def test_first_problem_stays(found: Findings) -> None:
    found.fail("one")
    found.fail("two")
    assert found.finish().problem == "one"


def test_timing(found: Findings) -> None:
    found.set_timing(750, 6)
    assert (found.duration_ms, found.frames, found.frame_rate) == (750, 6, 8.0)
    found.set_timing(0, 0)
    assert (found.duration_ms, found.frames) == (None, None)


def test_sizes() -> None:
    assert size_problem(4, 3) is None
    assert size_problem(0, 3)
    assert size_problem(4, -1)
    assert size_problem(65_535, 65_535)


def test_decode() -> None:
    assert decode("é東".encode()) == "é東"
    assert decode(b"caf\xe9") == "café"


def test_need() -> None:
    assert need(b"ab", 2, "x") == b"ab"
    with pytest.raises(ContainerError, match="cut off in x"):
        need(b"a", 2, "x")

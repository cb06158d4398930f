"""OpenEXR."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartgallery_tui.containers import findings
from tests.containers.make_pictures import PROMPT, WORKFLOW, exr

if TYPE_CHECKING:
    from tests.containers.conftest import Read


def test_size_and_texts(read: Read) -> None:
    found = read(exr({"prompt": PROMPT, "workflow": WORKFLOW}), "a.exr")
    assert (found.format, found.width, found.height, found.problem) == ("exr", 4, 3, None)
    assert {text.key: text.value for text in found.texts} == {
        "prompt": PROMPT,
        "workflow": WORKFLOW,
    }


def test_tiled_files_are_not_judged_by_lines(read: Read) -> None:
    assert read(exr(flags=0x200, last=0), "a.exr").problem is None


def test_damage(read: Read) -> None:
    whole = exr({"prompt": PROMPT})
    assert read(whole[:40], "a.exr").problem is not None
    assert read(whole[:150], "a.exr").problem == "is cut off in its header"
    assert read(whole[:-60], "a.exr").problem == "is cut off in its pixel data"
    assert read(exr(last=0), "a.exr").problem == "is cut off in its pixel data"
    assert read(whole[:8] + b"\0" * 20, "a.exr").problem == "has no size in its header"
    assert read(whole[:5], "a.exr").problem is not None


def test_long_attribute_of_no_use_is_left_out(read: Read) -> None:
    long_text = "x" * (findings.MAX_OTHER_TEXT_BYTES + 1)
    found = read(exr({"owner": long_text, "prompt": PROMPT}), "a.exr")
    assert [text.key for text in found.texts] == ["prompt"]

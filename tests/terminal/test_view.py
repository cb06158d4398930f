"""What part of a picture a view shows, and what must be decoded for it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from smartgallery_tui.records import Picture
from smartgallery_tui.terminal.view import (
    MOST_WHOLE_PX,
    WHOLE,
    ViewSpec,
    arrange,
    fit_scale,
    in_words,
    most_zoom,
    needed,
    shown_box,
    shown_size,
)

HUGE = (16_000, 12_500)
SCREEN = (1600, 900)

views = st.builds(
    ViewSpec, st.floats(0.5, 120), st.floats(0, 1), st.floats(0, 1), st.integers(0, 3),
    st.booleans(), st.booleans(),
)  # fmt: skip
sides = st.integers(1, 20_000)
boxes = st.tuples(st.integers(40, 3840), st.integers(40, 2160))


def picture(image: Image.Image) -> Picture:
    return Picture(image.width, image.height, image.tobytes())


def drawn(width: int, height: int) -> Image.Image:
    """Return a picture in which no two parts look alike."""
    across = Image.linear_gradient("L").rotate(90).resize((width, height))
    down = Image.linear_gradient("L").resize((width, height))
    return Image.merge("RGB", (across, down, Image.new("L", (width, height), 64)))


def test_a_small_picture_is_doubled_to_fit_where_it_can_be_and_zooms_from_there() -> None:
    assert fit_scale((100, 50), SCREEN) == 2.0
    assert shown_size((100, 50), SCREEN, ViewSpec()) == (200, 100)
    assert shown_size((100, 50), SCREEN, ViewSpec(zoom=1.25)) == (250, 125)
    assert shown_box((100, 50), SCREEN, ViewSpec(zoom=4)) == WHOLE
    assert shown_size((100, 50), SCREEN, ViewSpec(zoom=0.5)) == (100, 50)
    assert shown_size((320, 320), (1280, 704), ViewSpec()) == (640, 640)
    assert shown_size((320, 320), (800, 440), ViewSpec()) == (320, 320), "no part of a pixel"
    assert shown_size((400, 400), (800, 440), ViewSpec()) == (440, 440)


def test_the_words_tell_the_true_scale() -> None:
    small, box = (400, 400), (800, 440)
    assert in_words(ViewSpec(), small, box) == "fit 110 %"
    assert in_words(ViewSpec(), (480, 512), box) == "fit 86 %"
    assert in_words(ViewSpec(zoom=1 / 1.1), small, box) == "100 %"
    assert in_words(ViewSpec(quarter_turns=1), None, box) == "turned 90°"


def test_actual_pixels_of_a_huge_picture_are_within_the_zoom() -> None:
    scale = fit_scale(HUGE, SCREEN)
    assert most_zoom(HUGE, SCREEN) == pytest.approx(8 / scale)
    view = ViewSpec(zoom=1 / scale)
    assert shown_size(HUGE, SCREEN, view) == SCREEN
    cut = needed(HUGE, SCREEN, view)
    assert cut.part != WHOLE
    # The decoded part has the picture's own pixels.
    assert cut.box_px[0] == pytest.approx(cut.part.width * HUGE[0], abs=1)


def test_turns_and_small_steps_of_zoom_need_one_decoding() -> None:
    whole = [ViewSpec(zoom, 0.5, 0.5, turns) for zoom in (1.0, 0.8, 0.5) for turns in range(4)]
    assert len({needed(HUGE, SCREEN, view) for view in whole}) == 1
    assert len({needed((4000, 3000), SCREEN, ViewSpec(zoom)) for zoom in (1.25, 1.5, 1.9)}) == 1


def test_a_few_steps_over_a_huge_picture_need_one_decoding() -> None:
    zoom = 1 / fit_scale(HUGE, SCREEN)
    part = shown_box(HUGE, SCREEN, ViewSpec(zoom=zoom))
    steps = [ViewSpec(zoom, 0.5 + 0.15 * part.width * step) for step in range(12)]
    assert len({needed(HUGE, SCREEN, view) for view in steps}) <= 4


@given(st.tuples(sides, sides), boxes, views)
def test_neither_the_screen_nor_the_memory_is_exceeded(
    size: tuple[int, int], box: tuple[int, int], view: ViewSpec
) -> None:
    cut = needed(size, box, view)
    assert cut.box_px[0] * cut.box_px[1] <= max(MOST_WHOLE_PX, 2.3 * box[0] * box[1]) + 20_000
    width, height = shown_size(size, box, view)
    assert width <= box[0] + 1
    assert height <= box[1] + 1


@pytest.mark.parametrize("turns", range(4))
@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("flipped", [False, True])
@pytest.mark.parametrize("center", [(0.1, 0.2), (0.5, 0.5), (0.8, 0.9)])
def test_a_part_looks_like_the_same_place_of_the_whole(
    monkeypatch: pytest.MonkeyPatch,
    turns: int,
    mirrored: bool,
    flipped: bool,
    center: tuple[float, float],
) -> None:
    size, box = (600, 400), (100, 80)
    image = drawn(*size)
    view = ViewSpec(6.0, *center, turns, mirrored, flipped)
    expected = arrange(picture(image), view, box, size)
    monkeypatch.setattr("smartgallery_tui.terminal.view.MOST_WHOLE_PX", 1)
    cut = needed(size, box, view)
    assert cut.part != WHOLE
    crop = (cut.part.left * size[0], cut.part.top * size[1],
            cut.part.right * size[0], cut.part.bottom * size[1])  # fmt: skip
    part = image.resize(cut.box_px, Image.Resampling.BICUBIC, box=crop)
    found = arrange(picture(part), view, box, size, cut.part)
    assert (found.width_px, found.height_px) == (expected.width_px, expected.height_px)
    assert max(abs(a - b) for a, b in zip(found.rgb, expected.rgb, strict=True)) <= 4

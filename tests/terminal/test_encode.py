"""Encoded pictures, decoded back to pixels."""

from __future__ import annotations

import base64
import io
import itertools
import re

import pytest
from PIL import Image, ImageChops, ImageStat

from smartgallery_tui.records import Picture
from smartgallery_tui.terminal import TerminalCaps
from smartgallery_tui.terminal.encode import (
    Payload,
    encode,
    fitted,
    pack,
    payload_name,
    png_within,
    unpack,
)
from smartgallery_tui.terminal.sixel import SixelBands, corrected, encode_sixel, sixel_within
from smartgallery_tui.terminal.view import ViewSpec, arrange, shown_box

BOX = (26, 13)


def picture(width: int = 260, height: int = 195) -> Picture:
    """Return a smooth picture with a red corner at the top left."""
    image = Image.merge(
        "RGB",
        [
            Image.linear_gradient("L").resize((width, height)),
            Image.linear_gradient("L").rotate(90).resize((width, height)),
            Image.radial_gradient("L").resize((width, height)),
        ],
    )
    image.paste((255, 0, 0), (0, 0, width // 4, height // 4))
    return Picture(width, height, image.tobytes())


def difference(shown: Image.Image, wanted: Picture) -> float:
    """Return the mean difference of two pictures, 0 to 255."""
    original = Image.frombytes("RGB", (wanted.width_px, wanted.height_px), wanted.rgb)
    original = original.crop((0, 0, *shown.size))
    statistics = ImageStat.Stat(ImageChops.difference(shown.convert("RGB"), original))
    return sum(statistics.mean) / 3


@pytest.mark.parametrize("protocol", ["sixel", "kitty"])
def test_a_picture_of_its_size_on_the_screen_is_not_enlarged_to_its_room(protocol: str) -> None:
    caps = TerminalCaps(protocol)
    sharp = encode(picture(240, 240), caps, BOX, shown_px=(240, 240))
    assert (sharp.width_px, sharp.height_px) == (240, 240)
    assert encode(picture(240, 240), caps, BOX).width_px == 260


def test_kitty_gets_a_palette_png() -> None:
    payload = encode(picture(), TerminalCaps("kitty"), BOX)
    shown = Image.open(io.BytesIO(payload.data))
    assert (shown.format, shown.mode, shown.size) == ("PNG", "P", (260, 195))
    assert (payload.width_cells, payload.height_cells) == (26, 10)
    assert payload.decoded_bytes == 260 * 195 * 4
    assert difference(shown, picture()) < 10


def test_low_quality_covers_the_same_cells_with_fewer_bytes() -> None:
    full = encode(picture(), TerminalCaps("kitty"), BOX)
    low = encode(picture(), TerminalCaps("kitty"), BOX, "low")
    assert (low.width_cells, low.height_cells) == (full.width_cells, full.height_cells)
    assert len(low.data) < len(full.data) / 2


def test_a_large_picture_gets_all_its_colours_where_they_fit() -> None:
    smooth = Image.linear_gradient("L").resize((900, 900)).convert("RGB")
    noisy = Image.effect_noise((900, 900), 90).convert("RGB")
    grainy = Image.blend(smooth, noisy, 0.04)
    for image, most in ((smooth, 310_000), (grainy, 400_000), (noisy, 310_000)):
        data = png_within(image, most)
        shown = Image.open(io.BytesIO(data))
        assert shown.size == image.size
        if image is smooth:
            assert shown.mode == "RGB"
            assert shown.tobytes() == image.tobytes()
        else:
            assert shown.mode == "P"
        assert len(data) <= most or image is noisy


def decode_sixel(code: bytes) -> Image.Image:
    """Return the pixels of a sixel as a strict terminal draws them: defining selects nothing."""
    match = re.fullmatch(rb'\x1bP0;1;0q"1;1;(\d+);(\d+)(.*)\x1b\\', code, re.DOTALL)
    assert match, code[:40]
    width, height = int(match[1]), int(match[2])
    image = Image.new("RGB", (width, height))
    pixels = image.load()
    colors: dict[int, tuple[int, int, int]] = {}
    color = (0, 0, 0)
    x = y = 0
    token = re.compile(rb"#(\d+);2;(\d+);(\d+);(\d+)|#(\d+)|!(\d+)([?-~])|([?-~])|(\$)|(-)")
    for part in token.finditer(match[3]):
        if part[1]:
            colors[int(part[1])] = tuple(round(int(part[n]) * 2.55) for n in (2, 3, 4))
        elif part[5]:
            color = colors[int(part[5])]
        elif part[9]:
            x = 0
        elif part[10]:
            x, y = 0, y + 6
        else:
            bits = (part[7] or part[8])[0] - 63
            run = range(x, x + int(part[6] or 1))
            for column, row in itertools.product(run, range(6)):
                if bits >> row & 1:
                    pixels[column, y + row] = color
            x = run.stop
    return image


def test_sixel_draws_the_picture_on_a_strict_terminal() -> None:
    payload = encode(picture(120, 100), TerminalCaps("sixel"), (12, 6))
    shown = decode_sixel(payload.data)
    assert shown.size == (120, 96), "the height is cut to whole bands"
    assert difference(shown, picture(120, 100)) < 11


@pytest.mark.parametrize("cell_height_px", [20, 19, 18, 17])
def test_a_sixel_drawn_in_strips_is_the_same_picture(cell_height_px: int) -> None:
    payload = encode(picture(120, 250), TerminalCaps("sixel"), (12, 13))
    bands = SixelBands(payload.data, cell_height_px)
    whole = decode_sixel(payload.data)
    canvas = Image.new("RGB", whole.size)
    step = 0
    while step < bands.steps:
        last = min(step + 1 + step % 2, bands.steps)
        strip = decode_sixel(bands.strip(step, last).encode("ascii"))
        canvas.paste(strip, (0, bands.line(step) * cell_height_px))
        step = last
    assert canvas.tobytes() == whole.tobytes()


def test_a_large_sixel_takes_as_many_colours_as_there_is_room_for() -> None:
    smooth = picture(600, 498)
    image = Image.frombytes("RGB", (600, 498), smooth.rgb)
    few, rich = encode_sixel(image, 64), sixel_within(image, 400_000)
    assert len(few) < len(rich) <= 400_000
    errors = []
    for code in (few, rich):
        shown = decode_sixel(code).resize((60, 49), Image.Resampling.BOX)
        meant = image.resize((60, 49), Image.Resampling.BOX)
        errors.append(sum(ImageStat.Stat(ImageChops.difference(shown, meant)).rms))
    assert errors[1] < errors[0] / 2, "no bands from afar"
    colors = {code: len(set(re.findall(rb"#(\d+);2", code))) for code in (few, rich)}
    assert colors[few] <= 64 < colors[rich] <= 256


def test_a_rich_sixel_keeps_to_its_bytes() -> None:
    image = Image.effect_noise((600, 498), 90).convert("RGB")
    few = encode_sixel(image, 64)
    assert sixel_within(image, len(few) // 2) == few, "there is nothing smaller to be had"
    middle = sixel_within(image, len(few) * 3 // 2)
    assert len(middle) <= len(few) * 3 // 2


def test_sixel_header_is_replaced_whatever_it_was() -> None:
    assert corrected('\x1bP0;0;0q"1;1;2;2#0;2;1;2;3~\x1b\\') == (
        '\x1bP0;1;0q"1;1;2;2#0;2;1;2;3#0~\x1b\\'
    )


def test_iterm_gets_a_jpeg_of_its_cells() -> None:
    payload = encode(picture(), TerminalCaps("iterm"), BOX)
    keys, _, text = payload.data.removeprefix(b"\x1b]1337;File=").partition(b":")
    assert b"inline=1" in keys
    assert b"width=26;height=10" in keys
    shown = Image.open(io.BytesIO(base64.b64decode(text.removesuffix(b"\x07"))))
    assert (shown.format, shown.size) == ("JPEG", (260, 195))
    assert difference(shown, picture()) < 8


def test_half_blocks_get_two_pixels_a_cell() -> None:
    payload = encode(picture(), TerminalCaps("halfblock"), BOX)
    assert len(payload.data) == 26 * 10 * 2 * 3
    assert payload.data[:3] == b"\xff\x00\x00"


@pytest.mark.parametrize(
    ("size", "box", "expected"),
    [
        ((1024, 512), (260, 260), (260, 130)),
        ((512, 1024), (260, 260), (130, 260)),
        ((250, 250), (260, 260), (260, 260)),
        ((64, 64), (260, 260), (64, 64)),
        ((10_000, 1), (260, 260), (260, 1)),
    ],
)
def test_fitted(size: tuple[int, int], box: tuple[int, int], expected: tuple[int, int]) -> None:
    assert fitted(size, box) == expected


def test_payloads_survive_the_store() -> None:
    payload = Payload(26, 13, 260, 255, b"data")
    assert unpack(pack(payload)) == payload
    assert unpack(b"something else that is long enough") is None
    assert unpack(b"") is None


def test_payload_names_tell_terminals_apart() -> None:
    names = {
        payload_name(caps, box, quality)
        for caps in (TerminalCaps("kitty"), TerminalCaps("sixel"), TerminalCaps("kitty", 8, 16))
        for box in ((26, 13), (20, 10))
        for quality in ("low", "full")
    }
    assert len(names) == 12


def corner(shown: Picture) -> str:
    """Return the corner that is red."""
    image = Image.frombytes("RGB", (shown.width_px, shown.height_px), shown.rgb)
    right, bottom = image.width - 3, image.height - 3
    corners = {"tl": (2, 2), "tr": (right, 2), "bl": (2, bottom), "br": (right, bottom)}
    return next(name for name, at in corners.items() if image.getpixel(at) == (255, 0, 0))


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        (ViewSpec(), "tl"),
        (ViewSpec(quarter_turns=1), "tr"),
        (ViewSpec(quarter_turns=2), "br"),
        (ViewSpec(quarter_turns=3), "bl"),
        (ViewSpec(is_mirrored=True), "tr"),
        (ViewSpec(is_flipped=True), "bl"),
    ],
)
def test_views_turn_the_picture(view: ViewSpec, expected: str) -> None:
    shown = arrange(picture(), view, (400, 400))
    assert corner(shown) == expected
    turned = view.quarter_turns % 2 == 1
    assert (shown.width_px, shown.height_px) == ((195, 260) if turned else (260, 195))


def test_zoom_shows_a_part_that_fills_the_box() -> None:
    shown = arrange(picture(), ViewSpec(zoom=4, center_x=0, center_y=0), (260, 195))
    assert (shown.width_px, shown.height_px) == (260, 195)
    assert set(shown.rgb[:30]) == {255, 0}


@pytest.mark.parametrize("center", [(-1.0, 2.0), (0.5, 0.5), (0.99, 0.01)])
@pytest.mark.parametrize("zoom", [1.0, 1.3, 8.0])
def test_no_view_leaves_the_picture(center: tuple[float, float], zoom: float) -> None:
    view = ViewSpec(zoom=zoom, center_x=center[0], center_y=center[1])
    left, top, right, bottom = shown_box((300, 200), (100, 100), view)
    assert 0 <= left < right <= 1.0000001
    assert 0 <= top < bottom <= 1.0000001

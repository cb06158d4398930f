"""PNG pixels without the rest, and large ones strip by strip."""

import pytest
from PIL import Image, ImageChops

from smartgallery_tui.errors import MediaError
from smartgallery_tui.media import decode
from smartgallery_tui.media.png import PixelFile, one_row_png
from tests.media.conftest import chunk, gradient, png


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "P"])
@pytest.mark.parametrize("rows", [1, 8])
def test_strips_put_together_are_the_picture(tmp_path, opened, monkeypatch, mode, rows):
    monkeypatch.setattr("smartgallery_tui.media.png._STRIP_BYTES", 2000)
    source = gradient(61, 45)
    source = source.quantize(200) if mode == "P" else source.convert(mode)
    source.save(tmp_path / "a.png")
    pixels = PixelFile(opened(tmp_path / "a.png"))
    whole = Image.new(mode, source.size)
    top = count = 0
    for strip in pixels.strips(rows):
        whole.paste(strip, (0, top))
        top += strip.height
        count += 1
    assert top == 45
    assert count > 1
    assert whole.tobytes() == source.tobytes()


def test_a_large_picture_looks_the_same_streamed(tmp_path, opened, monkeypatch):
    gradient(700, 500).save(tmp_path / "a.png")
    whole = decode.decode_still(opened(tmp_path / "a.png"), (100, 100)).image
    monkeypatch.setattr(decode, "STREAM_FROM_PIXELS", 1000)
    streamed = decode.decode_still(opened(tmp_path / "a.png"), (100, 100))
    assert streamed.image.size == whole.size
    assert tuple(streamed.source) == (700, 500)
    assert max(high for _, high in ImageChops.difference(streamed.image, whole).getextrema()) <= 4


def test_streamed_transparency_and_palette(tmp_path, opened, monkeypatch):
    monkeypatch.setattr(decode, "STREAM_FROM_PIXELS", 1000)
    image = gradient(640, 640).quantize(8)
    image.save(tmp_path / "a.png", transparency=image.getpixel((0, 0)))
    found = decode.decode_still(opened(tmp_path / "a.png"), (64, 64)).image
    assert found.getpixel((0, 0)) == (200, 200, 200)


def test_cut_pixel_data_is_noticed_while_streaming(tmp_path, opened, monkeypatch):
    monkeypatch.setattr(decode, "STREAM_FROM_PIXELS", 1000)
    gradient(700, 500).save(tmp_path / "a.png")
    data = (tmp_path / "a.png").read_bytes()
    (tmp_path / "cut.png").write_bytes(data[: len(data) // 2])
    with pytest.raises(MediaError, match="ends too early"):
        decode.decode_still(opened(tmp_path / "cut.png"), (70, 70))
    broken = bytearray(data)
    broken[len(data) // 2] ^= 0xFF
    broken[60] ^= 0xFF
    (tmp_path / "broken.png").write_bytes(broken)
    with pytest.raises(MediaError, match="damaged PNG"):
        decode.decode_still(opened(tmp_path / "broken.png"), (70, 70))


def test_the_view_shows_pixel_chunks_only(tmp_path, opened):
    noise = chunk(b"tEXt", b"prompt\0" + b"x" * 1000)
    (tmp_path / "a.png").write_bytes(png(8, 8, noise, noise))
    pixels = PixelFile(opened(tmp_path / "a.png"))
    assert pixels.read() == png(8, 8)
    assert pixels.seek(-4, 2) == len(png(8, 8)) - 4
    assert pixels.read(100) == png(8, 8)[-4:]
    assert pixels.read(1) == b""
    assert pixels.header[:2] == (8, 8)


def test_impossible_chunks(tmp_path, opened, monkeypatch):
    (tmp_path / "long.png").write_bytes(png(8, 8)[:33] + b"\xff\xff\xff\xffIDAT")
    with pytest.raises(MediaError, match="impossible chunk length"):
        PixelFile(opened(tmp_path / "long.png"))
    monkeypatch.setattr("smartgallery_tui.media.png._MAX_CHUNKS", 10)
    (tmp_path / "many.png").write_bytes(png(8, 8, *[chunk(b"tEXt", b"a\0b")] * 20))
    with pytest.raises(MediaError, match="too many chunks"):
        PixelFile(opened(tmp_path / "many.png"))


def test_one_row_png_undoes_a_filter(tmp_path, opened):
    (tmp_path / "a.png").write_bytes(one_row_png(bytes([1, 2, 250, 10]), row_filter=1))
    with Image.open(tmp_path / "a.png") as image:
        assert image.tobytes() == bytes([1, 3, 253, 7])

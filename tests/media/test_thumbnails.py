"""Stored thumbnails: sizes and pixels."""

import itertools

import pytest
from PIL import Image

from smartgallery_tui.errors import MediaError
from smartgallery_tui.media import thumbnails
from smartgallery_tui.media.ppm import PpmStream
from smartgallery_tui.media.video import Evenly, spread
from smartgallery_tui.records import Picture
from tests.media.conftest import gradient


def picture(width, height):
    return Picture(width, height, gradient(width, height).tobytes())


@pytest.mark.parametrize(
    ("box", "preferred", "size"),
    [((100, 90), 256, 256), ((256, 10), 128, 256), ((257, 300), 256, 320), ((1, 1), 200, 256),
     ((512, 512), 256, 512), ((513, 1), 256, 0), ((1, 1), 1, 128), ((9, 9), 900, 512)],
)  # fmt: skip
def test_sizes_go_in_steps(box, preferred, size):
    assert thumbnails.stored_size_px(box, preferred) == size


def test_a_stored_jpeg_comes_back_as_pixels():
    data = thumbnails.jpeg_of_picture(picture(300, 150), 256, 85)
    found = thumbnails.picture_of_jpeg(data, (128, 128))
    assert (found.width_px, found.height_px) == (128, 64)
    assert len(found.rgb) == 128 * 64 * 3
    wanted = gradient(300, 150).resize((128, 64), Image.Resampling.BOX).tobytes()
    assert sum(abs(a - b) for a, b in zip(found.rgb, wanted, strict=True)) / len(wanted) < 3


def test_damaged_jpegs_are_an_error():
    data = thumbnails.jpeg_of_picture(picture(100, 100), 64, 85)
    for broken in (b"", b"noise", data[:100], data[: len(data) // 2]):
        with pytest.raises(MediaError):
            thumbnails.picture_of_jpeg(broken, (64, 64))
    large = thumbnails.jpeg_of_picture(picture(1000, 10), 1000, 85)
    with pytest.raises(MediaError):
        thumbnails.picture_of_jpeg(large, (64, 64))


def test_shrinking():
    whole = picture(100, 50)
    assert thumbnails.shrink_picture(whole, (100, 100)) is whole
    small = thumbnails.shrink_picture(whole, (20, 20))
    assert (small.width_px, small.height_px, len(small.rgb)) == (20, 10, 600)


def test_ppm_pictures_come_in_any_pieces():
    data = b"P6\n2 1\n255\nabcdef" + b"P6 1 1 255 xyz"
    for step in (1, 3, 7, 100):
        seen = []
        stream = PpmStream(seen.append)
        for start in range(0, len(data), step):
            stream.feed(data[start : start + step])
        assert seen == [Picture(2, 1, b"abcdef"), Picture(1, 1, b"xyz")]
        assert stream.last == seen[-1]


def test_what_is_no_ppm_is_ignored():
    stream = PpmStream()
    stream.feed(b"\0" * 100)
    stream.feed(b"P6 1 1 255 xyz")
    assert stream.last is None


@pytest.mark.parametrize("count", [0, 1, 5, 11, 48, 49, 97, 1000, 1001])
def test_evenly_kept_of_an_unknown_length(count):
    kept = Evenly()
    for index in range(count):
        kept.take(Picture(index, 0, b""))
    found = [one.width_px for one in kept.pictures()]
    assert len(found) <= 49
    assert found == sorted(set(found))
    chosen = spread(found, 11)
    assert len(chosen) == min(count, 11)
    if count:
        assert (chosen[0], chosen[-1]) == (0, count - 1)
    if count > 100:
        gaps = [later - sooner for sooner, later in itertools.pairwise(chosen)]
        assert max(gaps) - min(gaps) <= count / 16

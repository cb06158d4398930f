"""Reads ISO base media files (mp4, mov, m4v, m4a): tracks, timing and tags of `moov`."""

from __future__ import annotations

from dataclasses import dataclass
from struct import unpack_from
from typing import TYPE_CHECKING

from smartgallery_tui.containers.findings import decode, need
from smartgallery_tui.errors import ContainerError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smartgallery_tui.containers.findings import Findings

Box = tuple[bytes, int, int]
"""Type, offset of the content, offset of the end."""

_TRACK_PARTS = frozenset({b"mdia", b"minf", b"stbl"})
_TRACK_DEPTH = 4
_APPLE = "com.apple.quicktime."
_NAMES = {
    b"\xa9cmt": "comment",
    b"\xa9nam": "title",
    b"\xa9des": "description",
    b"desc": "description",
    b"\xa9too": "encoder",
    b"\xa9ART": "artist",
    b"\xa9day": "date",
}


@dataclass(slots=True)
class Track:
    """What the headers of one track say."""

    handler: bytes = b""
    width: int = 0
    height: int = 0
    timescale: int = 0
    duration: int = 0
    """In units of `timescale`."""
    samples: int = 0


def boxes(findings: Findings, at: int, end: int) -> Iterator[Box]:
    """Yield the boxes between two offsets of the file.

    Raises:
        ContainerError: When a box is damaged or reaches past `end`.
    """
    source = findings.source
    while at + 8 <= end:
        findings.spend(3)
        header = need(source.peek(at, 16), 8, "a box")
        size, kind = unpack_from(">I4s", header)
        start = at + 8
        if size == 1:
            size = unpack_from(">Q", need(header, 16, "a box"), 8)[0]
            start = at + 16
        elif size == 0:
            size = end - at
        if size < start - at:
            message = f"a box at byte {at} is damaged"
            raise ContainerError(message)
        yield kind, start, min(at + size, end)
        if at + size > end:
            message = f"is cut off in its {decode(kind)} box"
            raise ContainerError(message)
        at += size


def read_movie(findings: Findings) -> None:
    """Add size, duration, frames and tags of a movie, wherever its `moov` lies.

    Source: ISO/IEC 14496-12; QuickTime File Format, metadata chapter; ffmpeg writes `mdta` keys
    with use_metadata_tags and a comment as (c)cmt without.
    """
    tracks: list[Track] = []
    is_found = False
    try:
        for kind, at, end in boxes(findings, 0, findings.source.size_bytes):
            if kind == b"moov" and not is_found:
                is_found = True
                tracks = read_moov(findings, at, end)
    finally:
        _apply(findings, tracks)
    if not tracks:
        findings.fail("has no tracks" if is_found else "has no moov box: it was never finished")


def read_moov(findings: Findings, at: int, end: int) -> list[Track]:
    """Return the tracks of a `moov`; add the movie's duration and tags."""
    tracks: list[Track] = []
    for kind, start, stop in boxes(findings, at, end):
        if kind == b"mvhd":
            timescale, duration = _read_times(findings, start)
            if timescale and duration:
                findings.duration_ms = round(duration * 1000 / timescale)
        elif kind == b"trak":
            tracks.append(_read_track(findings, start, stop))
        elif kind == b"udta":
            _read_user_data(findings, start, stop)
        elif kind == b"meta":
            _read_meta(findings, start, stop)
    return tracks


def _apply(findings: Findings, tracks: list[Track]) -> None:
    """Take size and timing from the first picture track; without one it is audio."""
    video = next((t for t in tracks if t.handler == b"vide"), None)
    if video is None:
        if any(track.handler == b"soun" for track in tracks):
            findings.kind = "audio"
        return
    if video.width and video.height:
        findings.set_size(video.width, video.height)
    if video.samples:
        findings.frames = video.samples
    if video.timescale and video.duration:
        findings.duration_ms = findings.duration_ms or round(
            video.duration * 1000 / video.timescale
        )
        if video.samples:
            findings.frame_rate = round(video.samples * video.timescale / video.duration, 3)


def _read_times(findings: Findings, at: int) -> tuple[int, int]:
    """Return timescale and duration of an mvhd or mdhd; 0 where unknown."""
    data = need(findings.source.peek(at, 32), 20, "its header")
    if data[0] == 1:
        timescale, duration = unpack_from(">IQ", need(data, 32, "its header"), 20)
        return timescale, 0 if duration == 2**64 - 1 else duration
    timescale, duration = unpack_from(">II", data, 12)
    return timescale, 0 if duration == 2**32 - 1 else duration


def _read_track(findings: Findings, at: int, end: int) -> Track:
    """Return what the boxes of a track say; they nest as trak, mdia, minf, stbl."""
    track = Track()
    pending = [(at, end, _TRACK_DEPTH)]
    while pending:
        at, end, depth = pending.pop()
        for kind, start, stop in boxes(findings, at, end):
            if kind in _TRACK_PARTS:
                if depth:
                    pending.append((start, stop, depth - 1))
            else:
                _take_track_box(findings, track, kind, start, stop)
    return track


def _take_track_box(findings: Findings, track: Track, kind: bytes, at: int, end: int) -> None:
    source = findings.source
    if kind == b"tkhd":
        sides = unpack_from(">II", need(source.peek(end - 8, 8), 8, "a track"))
        track.width, track.height = sides[0] >> 16, sides[1] >> 16
    elif kind == b"mdhd":
        track.timescale, track.duration = _read_times(findings, at)
    elif kind == b"hdlr":
        # minf of QuickTime holds a second hdlr, of data; the first one counts.
        track.handler = track.handler or source.peek(at + 8, 4)
    elif kind in {b"stsz", b"stz2"}:
        track.samples = unpack_from(">I", need(source.peek(at, 12), 12, "a table"), 8)[0]
    elif kind == b"stsd" and track.handler in {b"vide", b"pict"}:
        entry = source.peek(at + 8, 36)
        if len(entry) == 36:
            width, height = unpack_from(">HH", entry, 32)
            if width and height:
                track.width, track.height = width, height


def _read_user_data(findings: Findings, at: int, end: int) -> None:
    """Read `udta`: a `meta` box, or QuickTime texts with a language each."""
    source = findings.source
    for kind, start, stop in boxes(findings, at, end):
        if kind == b"meta":
            _read_meta(findings, start, stop)
        elif kind in _NAMES and stop - start > 4:
            length = unpack_from(">H", source.peek(start, 2))[0]
            text = source.read_at(start + 4, min(length, stop - start - 4))
            findings.add_bytes(_NAMES[kind], text, "MOV text")


def _read_meta(findings: Findings, at: int, end: int) -> None:
    """Read the `meta` of a movie: `keys` name the entries of `ilst`, or four letters do."""
    if findings.source.peek(at + 4, 4) != b"hdlr":
        at += 4
    keys: list[str] = []
    for kind, start, stop in boxes(findings, at, end):
        if kind == b"keys":
            keys = [_key_name(findings, a, b) for _, a, b in boxes(findings, start + 8, stop)]
        elif kind == b"ilst":
            for item, item_at, item_end in boxes(findings, start, stop):
                index = unpack_from(">I", item)[0]
                name = keys[index - 1] if 0 < index <= len(keys) else _NAMES.get(item, "")
                _add_item(findings, name, item_at, item_end)


def _key_name(findings: Findings, at: int, end: int) -> str:
    name = decode(findings.source.read_at(at, min(end - at, 200)))
    return name.removeprefix(_APPLE)


def _add_item(findings: Findings, name: str, at: int, end: int) -> None:
    """Add one entry of an ilst; a free-form one (----) brings its own name."""
    source = findings.source
    for kind, start, stop in boxes(findings, at, end):
        if kind == b"name":
            name = decode(source.read_at(start + 4, min(stop - start - 4, 200)))
        elif kind == b"data" and name and stop - start >= 8:
            if not findings.takes(name, stop - start - 8):
                continue
            type_code = unpack_from(">I", source.peek(start, 4))[0]
            data = source.read_at(start + 8, stop - start - 8)
            text = data.decode("utf-16-be", "replace") if type_code == 2 else decode(data)
            findings.add(name, text, "MP4 tag")

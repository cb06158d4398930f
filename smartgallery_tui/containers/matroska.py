"""Reads Matroska and WebM: size, duration, rate and tags."""

from __future__ import annotations

from struct import unpack_from
from typing import TYPE_CHECKING

from smartgallery_tui.containers.findings import decode, need
from smartgallery_tui.errors import ContainerError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smartgallery_tui.containers.findings import Findings

Element = tuple[int, int, int]
"""Id, offset of the content, offset of the end."""

MAGIC = b"\x1a\x45\xdf\xa3"
_EBML, _SEGMENT, _DOCTYPE = 0x1A45DFA3, 0x18538067, 0x4282
_SEEK_HEAD, _SEEK, _SEEK_ID, _SEEK_AT = 0x114D9B74, 0x4DBB, 0x53AB, 0x53AC
_INFO, _TIME_SCALE, _DURATION, _TITLE = 0x1549A966, 0x2AD7B1, 0x4489, 0x7BA9
_TRACKS, _TRACK, _TRACK_TYPE, _FRAME_NS = 0x1654AE6B, 0xAE, 0x83, 0x23E383
_VIDEO, _WIDTH, _HEIGHT = 0xE0, 0xB0, 0xBA
_TAGS, _TAG, _SIMPLE, _NAME, _STRING = 0x1254C367, 0x7373, 0x67C8, 0x45A3, 0x4487
_CLUSTER = 0x1F43B675
_TYPE_VIDEO, _TYPE_AUDIO = 1, 2


def read_matroska(findings: Findings) -> None:
    """Add size, timing and tags of a Matroska or WebM file; keys in lower case.

    Source: RFC 8794 (EBML), RFC 9559 (Matroska); ffmpeg writes tags in upper case before the
    first cluster.
    """
    segment = _find_segment(findings)
    if segment is None:
        message = "has no segment"
        raise ContainerError(message)
    _, start, end = segment
    state = _State(findings, start)
    try:
        for element, at, stop in elements(findings, start, end):
            if element == _CLUSTER:
                state.clusters += 1
                if state.is_complete():
                    break
            else:
                state.take(element, at, stop)
        state.take_from_seek_head(end)
    finally:
        state.apply()
    if not state.tracks:
        findings.fail("has no tracks")
    elif not state.clusters:
        findings.fail("has no pictures or sound in it")


def _find_segment(findings: Findings) -> Element | None:
    """Return the segment; one that is longer than the file is a problem, yet readable."""
    file_end = findings.source.size_bytes
    at = 0
    while at < file_end:
        element, start, size = element_at(findings, at)
        end = file_end if size is None else start + size
        if end > file_end:
            findings.fail("is cut off")
        if element == _SEGMENT:
            return element, start, min(end, file_end)
        if element == _EBML:
            for inner, inner_at, inner_end in elements(findings, start, min(end, file_end)):
                if inner == _DOCTYPE:
                    name = _text(findings, inner_at, inner_end)
                    findings.format = "webm" if name == "webm" else "mkv"
        at = end
    return None


class _State:
    """What the elements of a segment said."""

    __slots__ = (
        "_findings", "_frame_ns", "_segment_at", "_ticks", "_time_scale_ns", "_visited",
        "clusters", "seeks", "tracks",
    )  # fmt: skip

    def __init__(self, findings: Findings, segment_at: int) -> None:
        self._findings = findings
        self._segment_at = segment_at
        self._time_scale_ns = 1_000_000
        self._ticks = 0.0
        self._frame_ns = 0
        self._visited: set[int] = set()
        self.tracks: list[int] = []
        self.seeks: dict[int, int] = {}
        self.clusters = 0

    def is_complete(self) -> bool:
        """Return whether nothing is gained by walking over clusters."""
        return _TAGS in self._visited or _TAGS in self.seeks or self.clusters > 20_000

    def take(self, element: int, at: int, end: int) -> None:
        """Read one child of the segment."""
        handler = {
            _INFO: self._take_info,
            _TRACKS: self._take_tracks,
            _TAGS: self._take_tags,
            _SEEK_HEAD: self._take_seeks,
        }.get(element)
        if handler is not None and element not in self._visited:
            self._visited.add(element)
            handler(at, end)

    def take_from_seek_head(self, end: int) -> None:
        """Read tags that lie behind the clusters, where the file's index says."""
        if _TAGS not in self._visited and _TAGS in self.seeks:
            at = self._segment_at + self.seeks[_TAGS]
            for element, start, stop in elements(self._findings, at, end):
                self.take(element, start, stop)
                return

    def apply(self) -> None:
        """Turn ticks into milliseconds and frames."""
        findings = self._findings
        duration_ms = round(self._ticks * self._time_scale_ns / 1e6)
        if 0 < duration_ms < 1 << 40:
            findings.duration_ms = duration_ms
        if _TYPE_VIDEO in self.tracks:
            if self._frame_ns:
                findings.frame_rate = round(1e9 / self._frame_ns, 3)
            if findings.duration_ms and self._frame_ns:
                findings.frames = round(findings.duration_ms * 1e6 / self._frame_ns) or None
        elif _TYPE_AUDIO in self.tracks:
            findings.kind = "audio"

    def _take_info(self, at: int, end: int) -> None:
        findings = self._findings
        for element, start, stop in elements(findings, at, end):
            if element == _TIME_SCALE:
                self._time_scale_ns = _number(findings, start, stop)
            elif element == _DURATION:
                self._ticks = _float(findings, start, stop)
            elif element == _TITLE:
                findings.add("title", _text(findings, start, stop), "Matroska title")

    def _take_tracks(self, at: int, end: int) -> None:
        findings = self._findings
        for element, start, stop in elements(findings, at, end):
            if element == _TRACK:
                self._take_track(start, stop)

    def _take_track(self, at: int, end: int) -> None:
        findings = self._findings
        kind = frame_ns = width = height = 0
        for element, start, stop in elements(findings, at, end):
            if element == _TRACK_TYPE:
                kind = _number(findings, start, stop)
            elif element == _FRAME_NS:
                frame_ns = _number(findings, start, stop)
            elif element == _VIDEO:
                sizes = {e: _number(findings, a, b) for e, a, b in elements(findings, start, stop)}
                width, height = sizes.get(_WIDTH, 0), sizes.get(_HEIGHT, 0)
        if kind == _TYPE_VIDEO and _TYPE_VIDEO not in self.tracks:
            self._frame_ns = frame_ns
            findings.set_size(width, height)
        self.tracks.append(kind)

    def _take_seeks(self, at: int, end: int) -> None:
        findings = self._findings
        for element, start, stop in elements(findings, at, end):
            if element != _SEEK:
                continue
            values = {e: _number(findings, a, b) for e, a, b in elements(findings, start, stop)}
            if _SEEK_ID in values and _SEEK_AT in values:
                self.seeks[values[_SEEK_ID]] = values[_SEEK_AT]

    def _take_tags(self, at: int, end: int) -> None:
        findings = self._findings
        for element, start, stop in elements(findings, at, end):
            if element == _TAG:
                for inner, inner_at, inner_end in elements(findings, start, stop):
                    if inner == _SIMPLE:
                        _take_simple_tag(findings, inner_at, inner_end)


def _take_simple_tag(findings: Findings, at: int, end: int) -> None:
    name = value = ""
    for element, start, stop in elements(findings, at, end):
        if element == _NAME:
            name = _text(findings, start, stop).lower()
        elif element == _STRING:
            if not findings.takes(name, stop - start):
                return
            value = _text(findings, start, stop)
    if name:
        findings.add(name, value, "Matroska tag")


def elements(findings: Findings, at: int, end: int) -> Iterator[Element]:
    """Yield the elements between two offsets.

    Raises:
        ContainerError: When an element is damaged or reaches past the end.
    """
    while at < end:
        element, start, size = element_at(findings, at)
        stop = end if size is None else start + size
        yield element, start, min(stop, end)
        if stop > end:
            message = "is cut off"
            raise ContainerError(message)
        at = stop


def element_at(findings: Findings, at: int) -> tuple[int, int, int | None]:
    """Return id, offset of the content and size of an element; no size where it is unknown."""
    findings.spend(3)
    header = findings.source.peek(at, 12)
    id_bytes = 9 - header[0].bit_length() if header else 9
    if id_bytes > 4 or len(header) <= id_bytes:
        message = f"an element at byte {at} is damaged"
        raise ContainerError(message)
    size_bytes = 9 - header[id_bytes].bit_length()
    start = id_bytes + size_bytes
    if size_bytes > 8 or len(header) < start:
        message = f"an element at byte {at} is damaged"
        raise ContainerError(message)
    marker = 1 << 7 * size_bytes
    size = int.from_bytes(header[id_bytes:start], "big") - marker
    element = int.from_bytes(header[:id_bytes], "big")
    return element, at + start, None if size == marker - 1 else size


def _number(findings: Findings, at: int, end: int) -> int:
    return int.from_bytes(findings.source.peek(at, min(end - at, 8)), "big")


def _float(findings: Findings, at: int, end: int) -> float:
    data = need(findings.source.peek(at, min(end - at, 8)), end - at, "its header")
    if len(data) not in {4, 8}:
        return 0.0
    value = float(unpack_from(">f" if len(data) == 4 else ">d", data)[0])
    return value if 0 <= value < 1e15 else 0.0


def _text(findings: Findings, at: int, end: int) -> str:
    return decode(findings.source.read_at(at, end - at).rstrip(b"\0"))

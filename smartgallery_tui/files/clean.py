"""Copies without metadata: the same pixels and sound, byte for byte, and a proof of the rest.

Nothing is decoded or encoded again. The new file is read like any other and searched for the old
texts before it gets its name; if anything is found there is no clean copy.
"""

from __future__ import annotations

import os
import struct
from typing import TYPE_CHECKING

from smartgallery_tui.containers import Source, read_container
from smartgallery_tui.containers.findings import Findings
from smartgallery_tui.errors import ContainerError, FileChangeError
from smartgallery_tui.files import clean_media, clean_pictures
from smartgallery_tui.files.clean_ogg import clean_ogg
from smartgallery_tui.files.pieces import read_pieces, write_all

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from smartgallery_tui.files.pieces import Piece
    from smartgallery_tui.records import Container

# Names of programs and formats, which the headers of streams repeat.
_TECHNICAL = frozenset(
    {"encoder", "duration", "major_brand", "minor_version", "compatible_brands", "writer"}
)
_MALFORMED = (ContainerError, struct.error, IndexError, ValueError)
# What graphs and settings are made of: looked for even where a file seemed to say nothing.
_TELLTALES = ('"class_type"', '"last_node_id"', "Negative prompt:")
_PROOF_CHARACTERS = 40
_MIN_PROOF_CHARACTERS = 8
# Names of programs and formats, which the headers of streams repeat.
_TECHNICAL = frozenset(
    {"encoder", "duration", "major_brand", "minor_version", "compatible_brands", "writer"}
)
_SEARCH_BYTES = 1 << 20

_CLEANERS: dict[str, Callable[[Findings], list[Piece]]] = {
    "png": clean_pictures.clean_png,
    "webp": clean_pictures.clean_webp,
    "jpeg": clean_pictures.clean_jpeg,
    "gif": clean_pictures.clean_gif,
    "bmp": clean_media.plain,
    "exr": clean_media.clean_exr,
    "avif": clean_media.clean_heif,
    "heif": clean_media.clean_heif,
    "mp4": clean_media.clean_movie,
    "mov": clean_media.clean_movie,
    "m4a": clean_media.clean_movie,
    "mkv": clean_media.clean_matroska,
    "webm": clean_media.clean_matroska,
    "flac": clean_media.clean_flac,
    "mp3": clean_media.clean_mp3,
    "ogg": clean_ogg,
    "opus": clean_ogg,
    "wav": clean_media.clean_riff,
    "avi": clean_media.clean_riff,
    "glb": clean_media.clean_glb,
    "svg": clean_media.clean_svg,
}


def fill_clean(source: Source, name: str, fd: int) -> None:
    """Write a copy of a file without metadata, then prove that there is none.

    Args:
        source: The open file.
        name: Its name.
        fd: An empty file, open for reading and writing.

    Raises:
        FileChangeError: The format is not known well enough, the file is damaged, or something
            of its texts would be left.
        ContainerError: The file cannot be read.
    """
    before = read_container(source, name)
    if before.problem:
        message = f"{name!r} {before.problem}: no clean copy is made of a damaged file"
        raise FileChangeError(message)
    cleaner = _CLEANERS.get(before.format)
    if cleaner is None:
        message = f"{name!r}: a clean copy of {before.format} is not known how to make"
        raise FileChangeError(message)
    try:
        pieces = cleaner(Findings(source, before.format, before.kind))
    except _MALFORMED as error:
        damage = str(error) if isinstance(error, ContainerError) else "is damaged"
        message = f"{name!r} {damage}"
        raise FileChangeError(message) from error
    for data in read_pieces(source, pieces):
        write_all(fd, data)
    _prove(before, name, fd)


def _prove(before: Container, name: str, fd: int) -> None:
    """Read the new file and refuse it if it says anything that it should not."""
    facts = os.fstat(fd)
    copy = Source(os.dup(fd), facts, os.pread(fd, 32 * 1024, 0))
    with copy:
        after = read_container(copy, name)
        if after.problem or after.texts or _shape(after) != _shape(before):
            found = after.problem or ", ".join(text.key for text in after.texts) or "other size"
            message = f"{name!r}: the copy is not clean ({found})"
            raise FileChangeError(message)
        texts = [text.value for text in before.texts if text.key not in _TECHNICAL]
        needles = _needles([*texts, *_TELLTALES])
        if _holds(copy, needles):
            message = f"{name!r}: the copy still holds some of its text"
            raise FileChangeError(message)


def _shape(container: Container) -> tuple[object, ...]:
    return (
        container.format,
        container.kind,
        container.width,
        container.height,
        container.frames,
        container.duration_ms if container.kind != "audio" else None,
    )


def _needles(texts: Iterable[str]) -> set[bytes]:
    """Return beginnings of texts, in each encoding that a file may hold them in."""
    found: set[bytes] = set()
    for text in texts:
        start = text.strip()[:_PROOF_CHARACTERS]
        if len(start) >= _MIN_PROOF_CHARACTERS:
            for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
                found.add(start.encode(encoding, "surrogatepass"))
    return found


def _holds(source: Source, needles: set[bytes]) -> bool:
    """Return whether a file holds any of some bytes."""
    overlap = max((len(needle) for needle in needles), default=0)
    at = 0
    while needles and at < source.size_bytes:
        data = source.read_at(at, _SEARCH_BYTES + overlap)
        if any(needle in data for needle in needles):
            return True
        at += _SEARCH_BYTES
    return False

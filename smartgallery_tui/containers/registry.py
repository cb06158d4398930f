"""Chooses the reader of a file by its first bytes."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from smartgallery_tui.containers.findings import Findings
from smartgallery_tui.containers.png import SIGNATURE, read_png
from smartgallery_tui.errors import ContainerError
from smartgallery_tui.records import Container, Kind

if TYPE_CHECKING:
    from smartgallery_tui.containers.source import Source

_KINDS: dict[Kind, str] = {
    "image": ".png .apng .jpg .jpeg .webp .bmp .gif .avif .tif .tiff .exr",
    "video": ".mp4 .m4v .avi .mov .mkv .webm .flv",
    "audio": ".mp3 .wav .ogg .opus .flac .m4a",
    "model": ".glb",
    "other": ".svg .latent .json",
}
KIND_BY_EXTENSION: dict[str, Kind] = {
    extension: kind for kind, extensions in _KINDS.items() for extension in extensions.split()
}
KNOWN_EXTENSIONS = frozenset(KIND_BY_EXTENSION)
"""Extensions of files that belong in a library, with their dot, in lower case."""

_MALFORMED = (ContainerError, struct.error, ValueError, IndexError, KeyError, OverflowError)


def read_container(source: Source, name: str) -> Container:
    """Return what a file's container says, by its magic; never a pixel, never the whole file.

    Damage is data: `problem` names it and what could be read is kept beside it. Call
    `content_id` first where both are wanted: then the end of a picture is read once.

    Args:
        source: An open file.
        name: Its name; the extension decides only for formats without a magic.

    Raises:
        ContainerError: When the disk cannot be read.
    """
    head = source.head
    if head[:8] == SIGNATURE:
        return read_png(source)
    extension = extension_of(name)
    if not head:
        return Container(
            extension[1:], KIND_BY_EXTENSION.get(extension, "other"), problem="is empty"
        )
    # Here, because who reads PNG alone starts the sooner without all the others.
    from smartgallery_tui.containers.formats import sniff

    found = sniff(head, extension)
    if found is None:
        return Container(
            extension[1:],
            KIND_BY_EXTENSION.get(extension, "other"),
            problem="is not a picture, video, sound or graph that can be read",
        )
    format_name, kind, reader = found
    findings = Findings(source, format_name, kind)
    try:
        reader(findings)
    except _MALFORMED as error:
        damage = str(error) if isinstance(error, ContainerError) else "is damaged"
        findings.fail(damage)
    return findings.finish()


def extension_of(name: str) -> str:
    """Return the extension of a file name with its dot, in lower case; "" for none."""
    dot = name.rfind(".")
    return name[dot:].lower() if dot > name.rfind("/") + 1 else ""

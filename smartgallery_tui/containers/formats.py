"""Readers of the formats other than PNG, by the first bytes of a file."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from smartgallery_tui.containers import documents, exr, flac, flv, matroska, ogg
from smartgallery_tui.containers.findings import Findings
from smartgallery_tui.containers.gif import read_gif
from smartgallery_tui.containers.heif import read_heif
from smartgallery_tui.containers.isobmff import read_movie
from smartgallery_tui.containers.jpeg import read_jpeg
from smartgallery_tui.containers.mp3 import is_frame, read_mp3
from smartgallery_tui.containers.riff import read_avi, read_wav, read_webp
from smartgallery_tui.containers.tiff import read_bmp, read_tiff

if TYPE_CHECKING:
    from smartgallery_tui.records import Kind

Reader = Callable[[Findings], None]


def sniff(head: bytes, extension: str) -> tuple[str, Kind, Reader] | None:
    """Return format, kind and reader by magic; by extension where a format has none."""
    for magic, format_name, kind, reader in _BY_START:
        if head.startswith(magic):
            return format_name, kind, reader
    if head[:4] == b"RIFF" and head[8:12] in _RIFF_FORMS:
        return _RIFF_FORMS[head[8:12]]
    if head[4:8] in _BOXES:
        return _sniff_boxes(head)
    found = _BY_EXTENSION.get(extension)
    if found is None or (extension == ".mp3" and not is_frame(head)):
        return None
    return found


def _sniff_boxes(head: bytes) -> tuple[str, Kind, Reader]:
    """Return what a file of ISO boxes is, by its brands."""
    if head[4:8] != b"ftyp":
        return "mov", "video", read_movie
    size = min(int.from_bytes(head[:4], "big"), 512)
    major = head[8:12]
    brands = {head[at : at + 4] for at in range(16, size - 3, 4)} | {major}
    if brands & {b"avif", b"avis"}:
        return "avif", "image", read_heif
    if brands & {b"heic", b"heix", b"hevc", b"mif1", b"msf1"}:
        return "heif", "image", read_heif
    if major == b"qt  ":
        return "mov", "video", read_movie
    if major in {b"M4A ", b"M4B "}:
        return "m4a", "audio", read_movie
    return "mp4", "video", read_movie


_BOXES = frozenset({b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"})
_BY_START: tuple[tuple[bytes, str, Kind, Reader], ...] = (
    (b"\xff\xd8\xff", "jpeg", "image", read_jpeg),
    (b"GIF87a", "gif", "image", read_gif),
    (b"GIF89a", "gif", "image", read_gif),
    (b"II*\0", "tiff", "image", read_tiff),
    (b"MM\0*", "tiff", "image", read_tiff),
    (b"BM", "bmp", "image", read_bmp),
    (exr.MAGIC, "exr", "image", exr.read_exr),
    (matroska.MAGIC, "mkv", "video", matroska.read_matroska),
    (flac.MAGIC, "flac", "audio", flac.read_flac),
    (ogg.MAGIC, "ogg", "audio", ogg.read_ogg),
    (b"ID3", "mp3", "audio", read_mp3),
    (flv.MAGIC, "flv", "video", flv.read_flv),
    (documents.GLB_MAGIC, "glb", "model", documents.read_glb),
)
_RIFF_FORMS: dict[bytes, tuple[str, Kind, Reader]] = {
    b"WEBP": ("webp", "image", read_webp),
    b"WAVE": ("wav", "audio", read_wav),
    b"AVI ": ("avi", "video", read_avi),
}
_BY_EXTENSION: dict[str, tuple[str, Kind, Reader]] = {
    ".mp3": ("mp3", "audio", read_mp3),
    ".svg": ("svg", "other", documents.read_svg),
    ".latent": ("latent", "other", documents.read_safetensors),
    ".safetensors": ("safetensors", "other", documents.read_safetensors),
    ".json": ("json", "other", documents.read_json),
    ".txt": ("txt", "other", documents.read_text),
}

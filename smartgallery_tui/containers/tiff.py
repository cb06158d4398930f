"""Reads TIFF and BMP: size and, for TIFF, the texts of its directories."""

from __future__ import annotations

from struct import unpack_from
from typing import TYPE_CHECKING

from smartgallery_tui.containers.exif import read_directories
from smartgallery_tui.containers.findings import need

if TYPE_CHECKING:
    from smartgallery_tui.containers.findings import Findings

_WIDTH, _HEIGHT, _STRIP_OFFSET, _STRIP_BYTES = 0x0100, 0x0101, 0x0111, 0x0117


def read_tiff(findings: Findings) -> None:
    """Add size and texts of a TIFF.

    Source: TIFF 6.0, sections 2 and 3.
    """
    numbers = read_directories(findings, findings.source.read_at)
    if _WIDTH not in numbers or _HEIGHT not in numbers:
        findings.fail("is cut off before its directory")
        return
    findings.set_size(numbers[_WIDTH], numbers[_HEIGHT])


def read_bmp(findings: Findings) -> None:
    """Add the size of a BMP.

    Source: BITMAPFILEHEADER and BITMAPINFOHEADER, Windows GDI reference.
    """
    head = need(findings.source.head, 26, "its header")
    declared_bytes, header_bytes = unpack_from("<I", head, 2)[0], unpack_from("<I", head, 14)[0]
    if header_bytes == 12:
        width, height = unpack_from("<HH", head, 18)
    else:
        width, height = unpack_from("<ii", head, 18)
    findings.set_size(width, abs(height))
    if declared_bytes > findings.source.size_bytes:
        findings.fail("is cut off")

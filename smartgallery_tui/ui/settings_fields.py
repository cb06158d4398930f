"""The settings that the screen shows, in its order, with how each is changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Value = str | int | bool | tuple[str, ...]
Kind = Literal["text", "folder", "folders", "lines", "number", "switch", "choice"]


@dataclass(frozen=True, slots=True)
class Field:
    """One setting."""

    key: str
    """Section and name, as in the file."""
    label: str
    kind: Kind = "text"
    choices: tuple[Value, ...] = ()


_SIZES = (128, 192, 256, 320, 384, 448, 512)
_PROTOCOLS = ("auto", "kitty", "sixel", "iterm", "halfblock", "none")

GROUPS: tuple[tuple[str, tuple[Field, ...]], ...] = (
    ("Folders", (
        Field("library.output_path", "ComfyUI's output folder", "folder"),
        Field("library.input_path", "ComfyUI's input folder", "folder"),
        Field("library.extra_roots", "More folders", "folders"),
        Field("scan.exclude", "Left out: names and patterns", "lines"),
        Field("scan.hidden", "Hidden files and folders", "switch"),
        Field("scan.workers", "Reading processes (0: by itself)", "number"),
    )),
    ("View", (
        Field("view.theme", "Theme", "choice"),
        Field("view.density", "Density", "choice", ("compact", "normal", "comfortable")),
        Field("view.thumbnail_size", "Picture size", "choice", _SIZES),
        Field("view.thumbnail_quality", "Quality of thumbnails, %", "number"),
        Field("graphics.protocol", "Pictures by", "choice", _PROTOCOLS),
        Field("graphics.passthrough", "Let pictures through tmux", "choice", ("ask", "yes", "no")),
        Field("view.mouse", "Mouse", "switch"),
        Field("view.animate_focus", "Play the picture under the cursor", "switch"),
    )),
    ("Safety", (
        Field("safety.read_only", "Read-only", "switch"),
        Field("safety.confirm", "Ask before changing several files", "switch"),
        Field("safety.trash_days", "Empty the trash after days (0: no)", "number"),
        Field("safety.import_max_mb", "Largest import in MB (0: any)", "number"),
    )),
    ("Program", (
        Field("cache.max_size_mb", "Thumbnail cache, MB", "number"),
        Field("comfyui.url", "ComfyUI's address"),
        Field("tools.ffmpeg", "ffmpeg"),
        Field("tools.ffprobe", "ffprobe"),
        Field("tools.openers", "Programs for O", "lines"),
    )),
)  # fmt: skip
"""Heading and settings of each part."""

FIELDS: tuple[Field, ...] = tuple(field for _, fields in GROUPS for field in fields)


def words_for(value: Value) -> str:
    """Return a value as the list shows it."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, tuple):
        return ", ".join(value)
    return str(value)

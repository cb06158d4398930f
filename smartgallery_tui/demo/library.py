"""Writes the sample library to a folder; never touches a file that is there already."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from PIL import Image, PngImagePlugin

from smartgallery_tui.demo.graphs import a1111_text
from smartgallery_tui.demo.palettes import PALETTES
from smartgallery_tui.demo.plan import make_plan
from smartgallery_tui.demo.scenes import SCENES
from smartgallery_tui.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from smartgallery_tui.demo.plan import Entry

_MARK = ".smartgallery-demo"
_VERSION = "1"
_FRAMES = 12
_EXIF_MAKE, _EXIF_MODEL = 0x010F, 0x0110
_FFMPEG_TIMEOUT_S = 20


@dataclass(frozen=True, slots=True)
class DemoReport:
    """What `make_demo` did."""

    folder: str
    written: int
    """New files; 0 where the library was complete."""


def make_demo(
    folder: str | Path, on_progress: Callable[[int, int], None] | None = None
) -> DemoReport:
    """Draw the sample library into a folder and return what was written.

    A folder that was completed before stays as it is, whatever became of its files since.

    Args:
        folder: Made if it is missing; files of other names in it are left alone.
        on_progress: Called with (files done, files in all) from the calling thread.

    Raises:
        UsageError: The folder cannot be written.
    """
    base = Path(folder)
    try:
        base.mkdir(parents=True, exist_ok=True)
        if (base / _MARK).exists():
            return DemoReport(str(base), 0)
        written = _write_all(base, on_progress)
        (base / _MARK).write_text(_VERSION + "\n")
    except OSError as error:
        raise UsageError(f"{base}: cannot be written: {error.strerror}") from error
    return DemoReport(str(base), written)


def _write_all(base: Path, on_progress: Callable[[int, int], None] | None) -> int:
    plan = make_plan()
    written = 0
    for number, entry in enumerate(plan):
        if on_progress is not None:
            on_progress(number, len(plan))
        target = base / entry.path
        if target.exists():
            continue
        data = _encode(entry)
        if data is None:
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        _write_new(target, data, entry.mtime_s)
        written += 1
    return written


def _write_new(target: Path, data: bytes, mtime_s: int) -> None:
    """Write a whole file under its name or none at all."""
    descriptor, temporary = tempfile.mkstemp(dir=target.parent, prefix=".demo-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        Path(temporary).chmod(0o644)
        os.utime(temporary, (mtime_s, mtime_s))
        Path(temporary).rename(target)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise


def _encode(entry: Entry) -> bytes | None:
    """Return the file's bytes, None where the machine cannot make it (no ffmpeg)."""
    if entry.form == "video":
        return _video(entry)
    if entry.form == "animated":
        return _animated(entry)
    picture = _draw(entry)
    out = io.BytesIO()
    if entry.form == "bare-jpeg":
        picture.save(out, "JPEG", quality=88)
    elif entry.form == "webp":
        picture.save(out, "WEBP", quality=88, method=0, exif=_exif(entry))
    else:
        picture.save(out, "PNG", compress_level=1, pnginfo=_png_texts(entry))
    return out.getvalue()


def _draw(entry: Entry) -> Image.Image:
    rng = Random(entry.number)  # noqa: S311 - a drawing, not a secret
    return SCENES[entry.scene_number](rng, entry.size, PALETTES[entry.palette_number])


def _payloads(entry: Entry) -> tuple[str, str]:
    """Return prompt and workflow as ComfyUI writes them."""
    graph = entry.graph(entry.recipe)
    return json.dumps(graph.prompt()), json.dumps(graph.workflow())


def _png_texts(entry: Entry) -> PngImagePlugin.PngInfo:
    texts = PngImagePlugin.PngInfo()
    if entry.form == "a1111":
        texts.add_text("parameters", a1111_text(entry.recipe))
    elif entry.form == "png":
        prompt, workflow = _payloads(entry)
        texts.add_text("prompt", prompt)
        texts.add_text("workflow", workflow)
    return texts


def _exif(entry: Entry) -> Image.Exif:
    prompt, workflow = _payloads(entry)
    exif = Image.Exif()
    exif[_EXIF_MODEL] = f"prompt:{prompt}"
    exif[_EXIF_MAKE] = f"workflow:{workflow}"
    return exif


def _animated(entry: Entry) -> bytes:
    out = io.BytesIO()
    first, *others = _frames(entry)
    first.save(
        out, "WEBP", save_all=True, append_images=others, duration=90, loop=0, quality=80,
        method=0, exif=_exif(entry),
    )  # fmt: skip
    return out.getvalue()


def _frames(entry: Entry) -> list[Image.Image]:
    """Return frames of a slow pan over one large drawing, there and back."""
    width, height = entry.size
    rng = Random(entry.number)  # noqa: S311 - a drawing, not a secret
    wide = (width * 3 // 2, height)
    whole = SCENES[entry.scene_number](rng, wide, PALETTES[entry.palette_number])
    frames = []
    for number in range(_FRAMES):
        there = 1 - abs(1 - 2 * number / _FRAMES)
        left = round(there * (wide[0] - width))
        frames.append(whole.crop((left, 0, left + width, height)))
    return frames


def _video(entry: Entry) -> bytes | None:
    """Return a short MP4 with its prompt, None without a working ffmpeg."""
    ffmpeg = shutil.which("ffmpeg")
    if ffmpeg is None:
        return None
    prompt, workflow = _payloads(entry)
    width, height = entry.size
    with tempfile.TemporaryDirectory() as scratch:
        target = Path(scratch, "out.mp4")
        command = [
            ffmpeg, "-v", "error", "-nostdin", "-y", "-f", "rawvideo", "-pix_fmt", "rgb24",
            "-s", f"{width}x{height}", "-r", "8", "-i", "-", "-map_metadata", "-1",
            "-metadata", f"prompt={prompt}", "-metadata", f"workflow={workflow}",
            "-movflags", "use_metadata_tags+faststart", "-c:v", "libx264", "-preset", "ultrafast",
            "-pix_fmt", "yuv420p", "-fflags", "+bitexact", str(target),
        ]  # fmt: skip
        frames = b"".join(frame.tobytes() for frame in _frames(entry))
        try:
            subprocess.run(  # noqa: S603 - our own list of arguments, no shell
                command, input=frames, capture_output=True, check=True, timeout=_FFMPEG_TIMEOUT_S
            )
            return target.read_bytes()
        except (subprocess.SubprocessError, OSError):
            return None

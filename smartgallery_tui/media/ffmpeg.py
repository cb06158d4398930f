"""Ask the system's ffmpeg for frames and durations, under limits.

The only module that knows ffmpeg. ffmpeg-python composes the arguments; its own ways of running
a program have neither a time limit nor a safe input and are not used. What a file may make
ffmpeg do is bounded by lists: local files only, real containers only (a playlist disguised as a
video opens other files), known decoders only, a limit of pixels.
"""

from __future__ import annotations

import json
import re
import shutil
import threading
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from smartgallery_tui.errors import (
    MediaCancelledError,
    MediaError,
    ToolMissingError,
    UndecodableError,
)
from smartgallery_tui.jobs import Finished, ProcessLimits, run
from smartgallery_tui.media.ppm import PpmStream

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from smartgallery_tui.records import Picture

PROBE_LIMITS: Final = ProcessLimits(wall_s=10.0, stdout_bytes=1 << 20)
FRAME_LIMITS: Final = ProcessLimits(wall_s=15.0, stdout_bytes=256 << 20)
CLIP_LIMITS: Final = ProcessLimits(wall_s=30.0, stdout_bytes=2 << 30)
_MAX_PIXELS: Final = 80_000_000
_CONTAINERS: Final = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,flv"
_SOUND: Final = "mp3,wav,flac,ogg,aac"
_DECODERS: Final = (
    "h264,hevc,vp8,vp9,libvpx,libvpx-vp9,av1,libdav1d,libaom-av1,mpeg4,prores,mjpeg,ffv1,"
    "rawvideo,utvideo,huffyuv,ffvhuff,qtrle,png,dnxhd,flv,vp6f"
)
_KINDS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "h264": ("h264",),
        "hevc": ("hevc",),
        "vp9": ("vp9", "libvpx-vp9"),
        "av1": ("av1", "libdav1d", "libaom-av1"),
        "prores": ("prores",),
        "ffv1": ("ffv1",),
    }
)
_WHERE: Final = re.compile(r"^\[[^\]]* @ 0x[0-9a-f]+\] ")
_INSTALL: Final = (
    "install it (Debian, Ubuntu: apt-get install -y ffmpeg) or set [tools] in the configuration"
)


@dataclass(frozen=True, slots=True)
class FfmpegStatus:
    """What `doctor` tells about ffmpeg."""

    ffmpeg: str = ""
    """Absolute path, or "" where it is missing."""
    ffprobe: str = ""
    version: str = ""
    decodes: tuple[str, ...] = ()
    """Which of the kinds of video that ComfyUI saves it can decode."""
    problem: str = ""
    """One line, or ""."""


@dataclass(frozen=True, slots=True)
class VideoFacts:
    """What a probe found; None where the file does not say."""

    duration_ms: int | None = None
    width_px: int | None = None
    height_px: int | None = None
    frames: int | None = None
    frame_rate: float | None = None


class Ffmpeg:
    """ffmpeg and ffprobe of this system. Methods block; call them from worker threads.

    Args:
        ffmpeg: Name or path of the program.
        ffprobe: Name or path of its companion.
        closing: When set, every running program is ended within 0.1 s.
    """

    def __init__(
        self,
        ffmpeg: str = "ffmpeg",
        ffprobe: str = "ffprobe",
        closing: threading.Event | None = None,
    ) -> None:
        self._names = (ffmpeg, ffprobe)
        self._closing = closing or threading.Event()
        self._found: dict[str, str] = {}

    def status(self) -> FfmpegStatus:
        """Return where the programs are, which version and what it decodes; runs ffmpeg twice."""
        ffmpeg, ffprobe = (shutil.which(name) or "" for name in self._names)
        if not ffmpeg:
            return FfmpegStatus("", ffprobe, problem=_missing(self._names[0]))
        done = self._run([ffmpeg, "-version"], PROBE_LIMITS)
        first = done.stdout.decode("utf-8", "replace").split("\n", 1)[0]
        version = first.removeprefix("ffmpeg version ").split(" Copyright")[0]
        if done.returncode:
            problem = f"{ffmpeg} does not run: {_reason(done, '')}"
            return FfmpegStatus(ffmpeg, ffprobe, version, problem=problem)
        decodes = self._decoded_kinds(ffmpeg)
        problem = "" if ffprobe else _missing(self._names[1])
        if not decodes:
            problem = f"{ffmpeg} has none of the decoders that videos need"
        return FfmpegStatus(ffmpeg, ffprobe, version, decodes, problem)

    def _decoded_kinds(self, program: str) -> tuple[str, ...]:
        """Return which kinds of video a build of ffmpeg has a decoder for; builds differ."""
        done = self._run([program, "-hide_banner", "-decoders"], PROBE_LIMITS)
        listed = done.stdout.decode("utf-8", "replace").splitlines()
        words = [line.split() for line in listed]
        there = {parts[1] for parts in words if len(parts) > 1 and parts[0].startswith("V")}
        return tuple(kind for kind, names in _KINDS.items() if there.intersection(names))

    def probe(self, path: str) -> VideoFacts:
        """Return what ffprobe says of a file.

        Args:
            path: Absolute.

        Raises:
            ToolMissingError: ffprobe is not installed.
            MediaError: It is no video or audio file, or the probe took too long.
        """
        shown = "format=duration:stream=codec_type,width,height,nb_frames,avg_frame_rate"
        argv = [
            self._program(1), "-v", "error", "-max_pixels", str(_MAX_PIXELS),
            "-protocol_whitelist", "file", "-format_whitelist", f"{_CONTAINERS},{_SOUND}",
            "-show_entries", shown, "-of", "json", path,
        ]  # fmt: skip
        done = self._run(argv, PROBE_LIMITS)
        if done.stopped_by or done.returncode:
            raise MediaError(f"cannot probe the video: {_reason(done, path)}")
        try:
            return _facts(json.loads(done.stdout))
        except (ValueError, LookupError, TypeError, AttributeError, OverflowError) as error:
            raise MediaError("cannot probe the video: unreadable answer") from error

    def frame(self, path: str, at_s: float, box_px: tuple[int, int]) -> Picture:
        """Return the frame at a time, fitted to the box.

        Raises:
            ToolMissingError: ffmpeg is not installed.
            MediaError: There is no frame at that time, or it cannot be decoded.
        """
        frames = PpmStream()
        done = self._decode(
            path, box_px, frames.feed, FRAME_LIMITS, before={"ss": f"{at_s:.3f}"}, frame_limit=1
        )
        if frames.last is None:
            raise UndecodableError(f"cannot decode the video: {_reason(done, path)}")
        return frames.last

    def last_frame(self, path: str, box_px: tuple[int, int], tail_s: float) -> Picture:
        """Return the very last frame, decoding the last `tail_s` seconds.

        Raises:
            ToolMissingError: ffmpeg is not installed.
            MediaError: There is no frame in that time, or it cannot be decoded.
        """
        frames = PpmStream()
        before = {"sseof": f"-{tail_s:.3f}"}
        done = self._decode(path, box_px, frames.feed, CLIP_LIMITS, before=before)
        if frames.last is None:
            raise UndecodableError(f"cannot decode the video: {_reason(done, path)}")
        return frames.last

    def every_frame(
        self, path: str, box_px: tuple[int, int], take: Callable[[Picture], None]
    ) -> None:
        """Hand every frame from the first to the last to `take`, fitted to the box.

        Raises:
            ToolMissingError: ffmpeg is not installed.
            MediaError: Not a single frame can be decoded.
        """
        frames = PpmStream(take)
        done = self._decode(path, box_px, frames.feed, CLIP_LIMITS)
        if frames.last is None:
            raise UndecodableError(f"cannot decode the video: {_reason(done, path)}")

    def _decode(
        self,
        path: str,
        box_px: tuple[int, int],
        sink: Callable[[bytes], None],
        limits: ProcessLimits,
        *,
        before: dict[str, str] | None = None,
        frame_limit: int = 0,
    ) -> Finished:
        # Imported here: it costs 40 ms and drags in a package that reads sys.path.
        import ffmpeg

        source = ffmpeg.input(
            path, threads=1, max_pixels=_MAX_PIXELS, protocol_whitelist="file",
            format_whitelist=_CONTAINERS, codec_whitelist=_DECODERS, **(before or {}),
        )  # fmt: skip
        shrink = (
            f"scale=w='min(iw,{box_px[0]})':h='min(ih,{box_px[1]})'"
            ":force_original_aspect_ratio=decrease"
        )
        count = {"vframes": frame_limit} if frame_limit else {}
        # Named with a pipe: a '%' in the name of an output file would be a pattern.
        target = source.output(
            "pipe:", map="0:v:0", an=None, sn=None, dn=None, vf=shrink, pix_fmt="rgb24",
            format="image2pipe", vcodec="ppm", threads=1, **count,
        )  # fmt: skip
        quiet = target.global_args("-nostdin", "-v", "error")
        argv: list[str] = ffmpeg.compile(quiet, cmd=self._program(0))
        return self._run(argv, limits, sink)

    def _run(
        self,
        argv: list[str],
        limits: ProcessLimits,
        sink: Callable[[bytes], None] | None = None,
    ) -> Finished:
        try:
            return run(argv, limits, cancelled=self._closing, sink=sink)
        except OSError as error:  # no memory or no descriptor left: not the file's fault
            raise MediaError(f"{argv[0]} cannot be started: {error.strerror}") from error

    def _program(self, index: int) -> str:
        name = self._names[index]
        path = self._found.get(name) or shutil.which(name)
        if not path:
            raise ToolMissingError(_missing(name))
        self._found[name] = path
        return path


def _missing(name: str) -> str:
    return f"{name} is not installed, so videos have no preview: {_INSTALL}"


def _reason(done: Finished, path: str) -> str:
    """Return why a run gave nothing, in one line.

    Raises:
        MediaCancelledError: We stopped it ourselves.
    """
    if done.stopped_by == "time":
        return "it took too long and was stopped"
    if done.stopped_by == "cancelled":
        raise MediaCancelledError("the program is closing")
    if done.stopped_by == "output":
        return "it gave too much output and was stopped"
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    if not lines:
        return "no frame there" if done.returncode == 0 else f"ffmpeg ended with {done.returncode}"
    if "not on whitelist" in lines[0]:
        return "not a video of a known kind"
    text = _WHERE.sub("", lines[0]).removeprefix(f"{path}: ")
    return " ".join(text.split())[:120]


def _facts(answer: dict[str, Any]) -> VideoFacts:
    streams = answer.get("streams") or []
    video: dict[str, Any] = next((one for one in streams if one.get("codec_type") == "video"), {})
    duration = answer.get("format", {}).get("duration")
    frames = video.get("nb_frames")
    rate = str(video.get("avg_frame_rate") or "0/0").partition("/")
    has_rate = rate[2] and float(rate[2]) > 0 and float(rate[0]) > 0
    return VideoFacts(
        duration_ms=round(float(duration) * 1000) if duration else None,
        width_px=video.get("width"),
        height_px=video.get("height"),
        frames=int(frames) if frames and int(frames) > 0 else None,
        frame_rate=float(rate[0]) / float(rate[2]) if has_rate else None,
    )

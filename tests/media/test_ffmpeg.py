"""Videos through ffmpeg: frames, limits, hostile files, and programs that misbehave."""

import ast
import errno
import itertools
import os
import threading
import time
from pathlib import Path

import pytest

import smartgallery_tui
from smartgallery_tui.errors import MediaCancelledError, MediaError, ToolMissingError
from smartgallery_tui.jobs import ProcessLimits
from smartgallery_tui.media import ffmpeg as module
from smartgallery_tui.media import video
from smartgallery_tui.media.ffmpeg import Ffmpeg
from tests.media.conftest import make_video


def fake(tmp_path, body):
    """Return the path of a program that stands in for ffmpeg."""
    path = tmp_path / "fake"
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return str(path)


def frame_number(picture):
    """Return which frame of the `clip` fixture this is."""
    return round((picture.rgb[len(picture.rgb) // 2] - 16) / 7)


def test_frame(clip):
    found = Ffmpeg().frame(clip, 1.0, (80, 80))
    assert (found.width_px, found.height_px) == (80, 48)
    assert frame_number(found) == 16


def test_poster(clip):
    assert frame_number(video.poster(Ffmpeg(), clip, (80, 80), 2000)) == 16
    assert frame_number(video.poster(Ffmpeg(), clip, (80, 80), 1000)) == 8
    assert frame_number(video.poster(Ffmpeg(), clip, (80, 80), None)) == 16


def test_poster_of_a_clip_shorter_than_told(tmp_path, clip):
    path = tmp_path / "short.mp4"
    make_video(path, bytes([200]) * 64 * 48 * 2, "64x48", 30)
    assert video.poster(Ffmpeg(), str(path), (64, 64), None).width_px == 64


def test_storyboard_goes_to_the_true_last_frame(clip):
    frames = video.whole_clip(Ffmpeg(), clip, (80, 80))
    numbers = [frame_number(frame) for frame in frames]
    assert (len(numbers), numbers[0], numbers[-1]) == (11, 0, 31)
    assert {later - sooner for sooner, later in itertools.pairwise(numbers)} <= {3, 4}


def test_last_frame_of_a_long_video(clip):
    assert frame_number(video.last_frame(Ffmpeg(), clip, (80, 80))) == 31
    assert video.seek_times_s(100_000) == [float(10 * index) for index in range(10)]


def test_probe(clip):
    facts = Ffmpeg().probe(clip)
    assert (facts.duration_ms, facts.frames, facts.frame_rate) == (2000, 32, 16.0)
    assert (facts.width_px, facts.height_px) == (160, 96)


@pytest.mark.parametrize(
    "name", ["-y.mp4", "concat:a|b.mp4", "http:127.0.0.1.mp4", "pipe:.mp4", "%03d.mp4", "a\nb.mp4"]
)
def test_awkward_names_are_files(tmp_path, clip, name):
    (tmp_path / name).write_bytes(Path(clip).read_bytes())
    assert Ffmpeg().frame(str(tmp_path / name), 0.0, (80, 80)).width_px == 80


@pytest.mark.parametrize(
    "text",
    [
        "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{clip}\n",
        "ffconcat version 1.0\nfile '{clip}'\n",
        "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nm=video 9999 RTP/AVP 96\n",
    ],
)
def test_playlists_in_disguise_are_refused(tmp_path, clip, text):
    (tmp_path / "a.mp4").write_text(text.format(clip=clip))
    for attempt in (Ffmpeg().probe, lambda path: Ffmpeg().frame(path, 0.0, (80, 80))):
        with pytest.raises(MediaError, match="not a video of a known kind"):
            attempt(str(tmp_path / "a.mp4"))


def test_damaged_videos_say_why_in_one_line(tmp_path, clip):
    data = Path(clip).read_bytes()
    for index, part in enumerate([data[: len(data) // 2], b"", b"noise" * 1000]):
        path = tmp_path / f"{index}.mp4"
        path.write_bytes(part)
        with pytest.raises(MediaError, match="cannot decode the video") as caught:
            video.poster(Ffmpeg(), str(path), (80, 80), None)
        assert "\n" not in str(caught.value)


def test_missing_programs(tmp_path, clip):
    gone = Ffmpeg("no-such-ffmpeg", "no-such-ffprobe")
    for attempt in (gone.probe, lambda path: gone.frame(path, 0.0, (9, 9))):
        with pytest.raises(ToolMissingError, match="apt-get install -y ffmpeg"):
            attempt(clip)
    status = gone.status()
    assert (status.ffmpeg, status.version) == ("", "")
    assert "not installed" in status.problem


def test_status(clip):
    status = Ffmpeg().status()
    assert status.ffmpeg.startswith("/")
    assert {"h264", "vp9"} <= set(status.decodes)
    assert status.ffprobe.startswith("/")
    assert status.version[0] in "0123456789nN"
    assert status.problem == ""


def test_status_of_a_program_that_fails(tmp_path):
    broken = Ffmpeg(fake(tmp_path, "echo broken library >&2; exit 127"))
    assert "broken library" in broken.status().problem


def test_a_hung_program_is_killed_with_its_children(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "FRAME_LIMITS", ProcessLimits(wall_s=0.8))
    pids = tmp_path / "pids"
    hung = Ffmpeg(fake(tmp_path, f"sleep 100 & echo $! $$ > {pids}; wait"))
    with pytest.raises(MediaError, match="took too long"):
        hung.frame("/nowhere.mp4", 0.0, (9, 9))
    deadline = time.monotonic() + 60
    for pid in map(int, pids.read_text().split()):
        while Path(f"/proc/{pid}").exists() and "Z" not in state_of(pid):
            assert time.monotonic() < deadline
            time.sleep(0.01)


def test_closing_ends_a_running_program(tmp_path):
    closing = threading.Event()
    hung = Ffmpeg(fake(tmp_path, "sleep 100"), closing=closing)
    timer = threading.Timer(0.1, closing.set)
    timer.start()
    with pytest.raises(MediaCancelledError):
        video.poster(hung, "/nowhere.mp4", (9, 9), None)
    timer.join()


def state_of(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return "Z"


def test_a_program_that_writes_rubbish(tmp_path):
    for body in ("head -c 100000 /dev/zero", "printf 'P6 99999 99999 255 '", "exit 0"):
        with pytest.raises(MediaError, match="cannot decode the video"):
            Ffmpeg(fake(tmp_path, body)).frame("/nowhere.mp4", 0.0, (9, 9))
    for body in ("echo hello", "echo '[]'", "exit 1"):
        with pytest.raises(MediaError, match="cannot probe the video"):
            Ffmpeg("ffmpeg", fake(tmp_path, body)).probe("/nowhere.mp4")


def test_what_ffmpeg_is_asked_for(tmp_path):
    seen = tmp_path / "seen"
    with pytest.raises(MediaError):
        Ffmpeg(fake(tmp_path, f'printf "%s\\n" "$@" > {seen}')).frame("/a/-i %d.mp4", 0.5, (9, 9))
    words = seen.read_text().splitlines()
    pairs = set(itertools.pairwise(words))
    assert {("-i", "/a/-i %d.mp4"), ("-threads", "1"), ("-protocol_whitelist", "file")} <= pairs
    assert {("-max_pixels", "80000000"), ("-v", "error"), ("-ss", "0.500")} <= pairs
    assert {"-nostdin", "-format_whitelist", "-codec_whitelist", "pipe:"} <= set(words)


def test_one_module_alone_imports_ffmpeg_python():
    package = Path(smartgallery_tui.__file__).parent
    users = set()
    for path in package.rglob("*.py"):
        text = path.read_text()
        for node in ast.walk(ast.parse(text)) if "ffmpeg" in text else ():
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if any(name.split(".")[0] == "ffmpeg" for name in names):
                users.add(path.relative_to(package).as_posix())
    assert users == {"media/ffmpeg.py"}


def test_no_process_is_left(clip):
    Ffmpeg().frame(clip, 0.0, (9, 9))
    children = Path(f"/proc/self/task/{threading.get_native_id()}/children").read_text().split()
    names = [Path(f"/proc/{pid}/comm").read_text().strip() for pid in children]
    assert "ffmpeg" not in names


def test_a_build_without_decoders_says_so(tmp_path):
    status = Ffmpeg(fake(tmp_path, "echo ffmpeg version 9 Copyright"), "ffprobe").status()
    assert status.version == "9"
    assert status.decodes == ()
    assert "none of the decoders" in status.problem


@pytest.mark.parametrize(
    "answer",
    ['{"format": {"duration": "inf"}}', '{"format": {"duration": "nan"}}', "[]", '{"streams": [1]}',
     '{"streams": [{"codec_type": "video", "avg_frame_rate": "1e999/1", "nb_frames": "x"}]}'],
)  # fmt: skip
def test_answers_that_no_probe_gives_are_one_line(tmp_path, answer):
    with pytest.raises(MediaError, match="unreadable answer"):
        Ffmpeg("ffmpeg", fake(tmp_path, f"echo '{answer}'")).probe("/nowhere.mp4")


def test_a_machine_that_starts_nothing_more_is_told_in_one_line(tmp_path, monkeypatch):
    def popen(*_arguments, **_options):
        raise OSError(errno.ENOMEM, os.strerror(errno.ENOMEM))

    monkeypatch.setattr("subprocess.Popen", popen)
    tool = Ffmpeg(fake(tmp_path, ""), fake(tmp_path, ""))
    with pytest.raises(MediaError, match="cannot be started: Cannot allocate memory"):
        tool.frame("/nowhere.mp4", 0.0, (9, 9))
    with pytest.raises(MediaError, match="cannot be started"):
        tool.probe("/nowhere.mp4")

"""Decode processes: what crashes, hangs or lies costs one file."""

import contextlib
import errno
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest
from PIL import Image

from smartgallery_tui.errors import MediaError, NoPreviewError
from smartgallery_tui.media import decode, worker
from smartgallery_tui.media.pool import DecodePool
from tests.media.conftest import chunk, gradient, png

LIMIT_S = 60.0


def is_alive(pid):
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def wait_for(condition, limit_s=LIMIT_S):
    deadline = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


@pytest.fixture
def picture(tmp_path):
    gradient(300, 200).save(tmp_path / "a.png")
    return str(tmp_path / "a.png")


@pytest.fixture(scope="session")
def endless(tmp_path_factory):
    """A picture that takes a second or more: a large streamed PNG."""
    path = tmp_path_factory.mktemp("slow") / "slow.png"
    Image.new("L", (9_000, 12_000)).save(path, compress_level=1)
    return str(path)


def test_pixels_and_jpegs(pool, picture):
    found = pool.still(picture, (100, 100), stored_px=256, micro_px=64)
    assert (found.picture.width_px, found.picture.height_px) == (100, 67)
    assert len(found.picture.rgb) == 100 * 67 * 3
    assert found.source_size_px == (300, 200)
    state = Path(picture).stat()
    assert (found.size_bytes, found.mtime_ns) == (state.st_size, state.st_mtime_ns)
    assert found.stored[:2] == found.micro[:2] == b"\xff\xd8"


def test_sharp_pictures(pool, picture):
    assert pool.still(picture, (150, 150), is_sharp=True).picture.width_px == 150


def test_any_name_goes(pool, tmp_path):
    path = os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9\n\x1b[2J.png")
    gradient(10, 10).save(path)
    assert pool.still(path, (5, 5)).picture.width_px == 5


def test_reasons(pool, tmp_path):
    (tmp_path / "a.svg").write_bytes(b"<svg/>")
    with pytest.raises(NoPreviewError, match="SVG"):
        pool.still(str(tmp_path / "a.svg"), (9, 9))
    with pytest.raises(MediaError, match="cannot open the file"):
        pool.still(str(tmp_path / "gone.png"), (9, 9))


def test_frames(pool, tmp_path):
    frames = [Image.new("RGB", (20, 20), (12 * index, 0, 0)) for index in range(20)]
    frames[0].save(tmp_path / "a.webp", save_all=True, append_images=frames[1:], duration=50,
                   lossless=True)  # fmt: skip
    path = str(tmp_path / "a.webp")
    first = pool.frames(path, (10, 10), 3)
    assert [one.picture.rgb[0] for one in first] == [0, 12, 24]
    assert [one.duration_ms for one in first] == [50] * 3
    spread = pool.frames(path, (10, 10), 11, is_spread=True)
    reds = [one.picture.rgb[0] // 12 for one in spread]
    assert (len(reds), reds[0], reds[-1]) == (11, 0, 19)
    assert reds == sorted(set(reds))
    assert len(pool.frames(path, (10, 10), 50, is_spread=True)) == 20


def test_frames_of_a_damaged_animation(pool, tmp_path):
    frames = [gradient(64, 64).rotate(10 * index) for index in range(9)]
    frames[0].save(tmp_path / "a.gif", save_all=True, append_images=frames[1:])
    data = (tmp_path / "a.gif").read_bytes()
    (tmp_path / "cut.gif").write_bytes(data[: len(data) * 2 // 3])
    assert 1 <= len(pool.frames(str(tmp_path / "cut.gif"), (64, 64), 9)) < 9
    with pytest.raises(MediaError):
        pool.frames(str(tmp_path / "none.gif"), (64, 64), 9)


def test_starts_late_and_keeps_its_process(picture):
    pool = DecodePool(2)
    assert not pool.process_ids()
    pool.warm()
    pool.warm()
    first = pool.process_ids()
    assert len(first) == 1
    pool.still(picture, (9, 9))
    assert pool.process_ids() == first
    pool.close()
    assert not is_alive(first[0])


@pytest.mark.parametrize("how", [signal.SIGSEGV, signal.SIGKILL])
def test_a_crash_costs_one_file(picture, endless, how):
    pool = DecodePool(1)
    pool.still(picture, (9, 9))
    [pid] = pool.process_ids()
    errors = []

    def decode_it():
        try:
            pool.still(endless, (9, 9))
        except MediaError as error:
            errors.append(str(error))

    thread = threading.Thread(target=decode_it)
    thread.start()
    wait_for(lambda: endless in " ".join(open_files(pid)))
    os.kill(pid, how)
    thread.join(LIMIT_S)
    assert errors == [f"the decoder crashed on this file ({how.name})"]
    assert pool.still(picture, (9, 9)).picture.width_px == 9
    assert pool.process_ids() != [pid]
    pool.close()


def open_files(pid):
    found = []
    for link in Path(f"/proc/{pid}/fd").iterdir():
        try:
            found.append(str(link.readlink()))
        except OSError:
            continue
    return found


def test_a_process_killed_while_idle_costs_nothing(picture):
    pool = DecodePool(1)
    pool.still(picture, (9, 9))
    [pid] = pool.process_ids()
    os.kill(pid, signal.SIGKILL)
    wait_for(lambda: not is_alive(pid))
    assert pool.still(picture, (9, 9)).picture.width_px == 9
    pool.close()


def test_too_slow_is_killed(picture, endless):
    pool = DecodePool(1)
    pool.warm()
    [pid] = pool.process_ids()
    with pytest.raises(MediaError, match="took longer than 0 s"):
        pool.still(endless, (9, 9), limit_s=0.3)
    assert not is_alive(pid)
    assert pool.still(picture, (9, 9)).picture.width_px == 9
    pool.close()


def test_close_ends_busy_processes_at_once(endless):
    pool = DecodePool(2)
    errors = []

    def decode_it():
        try:
            pool.still(endless, (9, 9))
        except MediaError as error:
            errors.append(error)

    threads = [threading.Thread(target=decode_it) for _ in range(4)]
    for thread in threads:
        thread.start()
    wait_for(lambda: len(pool.process_ids()) == 2)
    pids = pool.process_ids()
    began = time.monotonic()
    pool.close()
    for thread in threads:
        thread.join(LIMIT_S)
    assert time.monotonic() - began < 10
    assert len(errors) == 4
    assert not any(is_alive(pid) for pid in pids)
    with pytest.raises(MediaError, match="closing"):
        pool.still(endless, (9, 9))


def test_a_busy_process_dies_when_we_are_killed(endless, tmp_path):
    code = f"""
        import threading, time
        from smartgallery_tui.media.pool import DecodePool
        pool = DecodePool(1)
        threading.Thread(target=lambda: pool.still({endless!r}, (9, 9)), daemon=True).start()
        while not pool.process_ids():
            time.sleep(0.01)
        print(pool.process_ids()[0], flush=True)
        time.sleep(100)
        """
    ours = subprocess.Popen([sys.executable, "-c", textwrap.dedent(code)], stdout=subprocess.PIPE)
    with ours:
        pid = int(ours.stdout.readline())
        assert is_alive(pid)
        ours.kill()
    wait_for(lambda: not is_alive(pid))


def test_memory_is_bounded(tmp_path, picture):
    Image.new("RGB", (5_000, 4_000)).save(tmp_path / "large.webp", quality=10, method=0)
    pool = DecodePool(1, memory_bytes=200 << 20)
    with pytest.raises(MediaError):
        pool.still(str(tmp_path / "large.webp"), (9, 9))
    assert pool.still(picture, (9, 9)).picture.width_px == 9
    pool.close()


def test_large_pictures_need_little_memory(tmp_path):
    Image.new("RGB", (6_000, 6_000), (10, 20, 30)).save(tmp_path / "a.png", compress_level=1)
    Image.new("RGB", (6_000, 6_000), (10, 20, 30)).save(tmp_path / "a.jpg")
    pool = DecodePool(1, memory_bytes=300 << 20)
    for name in ("a.png", "a.jpg"):
        found = pool.still(str(tmp_path / name), (100, 100))
        assert found.source_size_px == (6_000, 6_000)
        assert found.picture.rgb[0] in range(8, 13)
    status = Path(f"/proc/{pool.process_ids()[0]}/status").read_text()
    peak_kib = int(status.split("VmHWM:")[1].split()[0])
    assert peak_kib < 100 << 10
    pool.close()


def test_hostile_files_leave_the_process_alive(pool, tmp_path):
    second = chunk(b"IHDR", b"\0\0\x50\0\0\0\x50\0\x08\2\0\0\0")
    files = [
        png(8, 8, second), b"", b"\x89PNG\r\n\x1a\n", b"II*\0\xff\xff\xff\xff", b"GIF89a",
        b"RIFF\xff\xff\xff\xffWEBPVP8 \xff\xff\xff\x7f", bytes(4096), b"BM" + b"\xff" * 60,
    ]  # fmt: skip
    pool.warm()
    before = pool.process_ids()
    for index, data in enumerate(files):
        (tmp_path / str(index)).write_bytes(data)
        with contextlib.suppress(MediaError):
            pool.still(str(tmp_path / str(index)), (9, 9))
    assert set(before) <= set(pool.process_ids())


def test_the_process_imports_no_toolkit_and_has_no_terminal(picture):
    pool = DecodePool(1)
    pool.still(picture, (9, 9))
    [pid] = pool.process_ids()
    for fd in (0, 1, 2):
        assert str(Path(f"/proc/{pid}/fd/{fd}").readlink()) == "/dev/null"
    assert os.getsid(pid) == pid
    pool.close()
    code = "import sys, smartgallery_tui.media.worker; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {"textual", "rich", "peewee", "sqlite3", "dataclasses", "multiprocessing", "ffmpeg"}
    assert not heavy & set(done.stdout.split())


def test_an_answer_of_another_shape_is_an_error(picture, monkeypatch):
    for header in ({"ok": True}, {"ok": True, "parts": [["rgb", 5]]}, {"ok": True, "parts": "x"}):
        with pytest.raises(ValueError, match=r".+"):
            __import__("smartgallery_tui.media.pool", fromlist=["x"])._decoded(header, b"12345")


def test_answer_in_this_process(tmp_path, picture):
    request = {"task": "still", "path": picture, "box": [10, 10]}
    [(header, payload)] = worker.answer(request)
    assert (header["width_px"], header["height_px"], len(payload)) == (10, 7, 210)
    [(header, _)] = worker.answer({"task": "still", "path": "/nowhere", "box": [1, 1]})
    assert header["ok"] is False
    [(header, _)] = worker.answer({"task": "still", "path": picture, "box": 3})
    assert header["ok"] is False
    assert decode.sniff(b"") == ""


def test_all_pixels_with_their_lowest_bits(pool, tmp_path):
    image = Image.frombytes("RGBA", (3, 2), bytes(range(24)))
    image.save(tmp_path / "a.png")
    assert pool.rgba(str(tmp_path / "a.png")) == (bytes(range(24)), 3, 2)
    image.convert("RGB").save(tmp_path / "a.jpg")
    with pytest.raises(NoPreviewError, match="lowest bits"):
        pool.rgba(str(tmp_path / "a.jpg"))
    (tmp_path / "cut.png").write_bytes((tmp_path / "a.png").read_bytes()[:50])
    with pytest.raises(MediaError, match="damaged"):
        pool.rgba(str(tmp_path / "cut.png"))


def test_resting_processes_end_without_another_request(picture):
    pool = DecodePool(2, idle_s=0.2)
    pool.still(picture, (9, 9))
    [pid] = pool.process_ids()
    wait_for(lambda: not is_alive(pid))
    assert pool.process_ids() == []
    pool.still(picture, (9, 9))
    assert pool.process_ids() not in ([], [pid])
    pool.close()


def test_a_machine_that_starts_nothing_more_is_told_in_one_line(picture, monkeypatch):
    before = len(list(Path("/proc/self/fd").iterdir()))

    def popen(*_arguments, **_options):
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))

    with contextlib.closing(DecodePool(1)) as pool:
        monkeypatch.setattr("subprocess.Popen", popen)
        pool.warm()
        for _ in range(2):
            with pytest.raises(MediaError, match="no decoder can be started: Too many open files"):
                pool.still(picture, (9, 9))
        assert len(list(Path("/proc/self/fd").iterdir())) <= before
        monkeypatch.undo()
        assert pool.still(picture, (9, 9)).picture.rgb


@pytest.mark.parametrize("header", [b"[" * 100_000, b"{", b"[]", b'{"ok": true, "parts": [1]}'])
def test_a_header_that_is_no_object_ends_the_process(picture, monkeypatch, header):
    script = f"""
import socket, struct, sys
channel = socket.socket(fileno=int(sys.argv[1]))
channel.recv(9999)
channel.sendall(struct.pack(">IIII", 0, 0, {len(header)}, 0) + {header!r})
channel.recv(1)
"""
    monkeypatch.setattr("smartgallery_tui.media.pool._START", script)
    with contextlib.closing(DecodePool(1)) as pool, pytest.raises(MediaError):
        pool.still(picture, (9, 9))

"""Only regular files are opened, and reads stay inside them."""

from __future__ import annotations

import hashlib
import os
import socket
from pathlib import Path

import pytest

from smartgallery_tui.containers import content_id, open_source
from smartgallery_tui.errors import ContainerError


def test_facts_and_reads(tmp_path: Path) -> None:
    data = bytes(range(256)) * 300
    path = tmp_path / "a.png"
    path.write_bytes(data)
    facts = path.stat()
    with open_source(str(path)) as source:
        assert (source.size_bytes, source.mtime_ns) == (len(data), facts.st_mtime_ns)
        assert source.head == data[:32768]
        assert source.read_at(10, 5) == data[10:15]
        assert source.read_at(32760, 20) == data[32760:32780]
        assert source.read_at(len(data) - 3, 100) == data[-3:]
        assert source.read_at(len(data) + 5, 3) == b""
        assert not source.has_tail
        assert source.tail == data[-16384:]
        assert source.has_tail


def test_peek_equals_read_at(tmp_path: Path) -> None:
    data = os.urandom(400_000)
    path = tmp_path / "a"
    path.write_bytes(data)
    with open_source(str(path)) as source:
        steps = [(i, 12) for i in range(0, 390_000, 777)]
        steps += [(100_000, 9), (99_000, 20_000), (399_995, 50), (5, 3)]
        for offset, count in steps:
            assert source.peek(offset, count) == data[offset : offset + count]


def test_small_file_has_its_tail_without_a_read(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"abc")
    with open_source(str(path)) as source:
        assert source.has_tail
        assert source.tail == b"abc"


def test_dir_fd(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    folder = os.open(tmp_path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        with open_source("a", dir_fd=folder) as source:
            assert source.head == b"abc"
    finally:
        os.close(folder)


def test_undecodable_name(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/\xff\xfe.png"
    Path(os.fsdecode(path)).write_bytes(b"abc")
    for name in (path, os.fsdecode(path)):
        with open_source(name) as source:
            assert source.size_bytes == 3


def test_links_fifos_sockets_folders_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_bytes(b"abc")
    (tmp_path / "link").symlink_to("file")
    (tmp_path / "dangling").symlink_to("nothing")
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "folder").mkdir()
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket")
        for name in ("link", "dangling", "fifo", "folder", "socket", "absent", "nul\0name"):
            with pytest.raises(ContainerError) as caught:
                open_source(name)
            assert "\n" not in str(caught.value)


def test_unreadable_disk_becomes_our_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"x" * 50_000)

    def fail(*_: object) -> bytes:
        raise OSError(5, "Input/output error")

    source = open_source(str(path))
    monkeypatch.setattr(os, "pread", fail)
    with pytest.raises(ContainerError, match="Input/output error"):
        source.read_at(40_000, 5)
    with pytest.raises(ContainerError, match="Input/output error"):
        open_source(str(path))
    source.close()


def test_short_reads_are_continued(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = os.urandom(50_000)
    path = tmp_path / "a"
    path.write_bytes(data)
    whole = os.pread
    with open_source(str(path)) as source:
        monkeypatch.setattr(os, "pread", lambda fd, count, at: whole(fd, min(count, 1000), at))
        assert source.read_at(100, 49_000) == data[100:49_100]
        os.truncate(path, 45_000)
        assert source.read_at(40_000, 9_000) == data[40_000:45_000]


def test_content_id_is_size_head_and_tail(tmp_path: Path) -> None:
    data = os.urandom(70_000)
    path = tmp_path / "a"
    path.write_bytes(data)
    want = hashlib.blake2b(
        len(data).to_bytes(8, "little") + data[:8192] + data[-16384:], digest_size=16
    ).digest()
    with open_source(str(path)) as source:
        assert content_id(source) == want
    changed = bytearray(data)
    changed[9000] ^= 1
    path.write_bytes(changed)
    with open_source(str(path)) as source:
        assert content_id(source) == want
    path.write_bytes(data + b"!")
    with open_source(str(path)) as source:
        assert content_id(source) != want


def test_content_id_takes_each_byte_of_a_small_file_once(tmp_path: Path) -> None:
    for count in (0, 1, 9_000, 24_576, 24_577):
        data = os.urandom(count)
        path = tmp_path / str(count)
        path.write_bytes(data)
        parts = data if count <= 24_576 else data[:8192] + data[-16384:]
        want = hashlib.blake2b(count.to_bytes(8, "little") + parts, digest_size=16).digest()
        with open_source(str(path)) as source:
            assert content_id(source) == want

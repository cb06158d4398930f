"""The loop of a decode process: one request in, pixels or one line of reason out.

A message is two lengths (header, payload; 4 bytes each, big-endian), a JSON object and raw
bytes. Nothing that arrives from here is ever unpickled, so a decoder that was taken over by a
hostile file can send wrong pixels and no more.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import socket
import struct
import sys
import threading
from typing import TYPE_CHECKING

from smartgallery_tui.errors import MediaError, NoPreviewError
from smartgallery_tui.media import decode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PIL import Image

LENGTHS = struct.Struct(">II")
BEGUN = LENGTHS.pack(0, 0)
"""Comes before the answers: from here on, what ends the process is the file's doing."""
MAX_HEADER_BYTES = 1 << 20
_FRAMES_BYTES = 96 << 20

Parts = list[tuple[str, bytes]]


def main(channel_fd: int, memory_bytes: int) -> None:
    """Answer requests until the other end closes, then leave.

    Args:
        channel_fd: A connected stream socket, the only way in or out.
        memory_bytes: Limit of the address space.
    """
    _limit(memory_bytes)
    channel = socket.socket(fileno=channel_fd)
    threading.Thread(target=_watch_parent, args=(channel_fd,), daemon=True).start()
    with contextlib.suppress(OSError, EOFError):
        while True:
            request = json.loads(_receive(channel))
            channel.sendall(BEGUN)
            for header, payload in answer(request):
                text = json.dumps(header).encode()
                channel.sendall(LENGTHS.pack(len(text), len(payload)) + text)
                channel.sendall(payload)


def answer(request: dict[str, object]) -> Iterator[tuple[dict[str, object], bytes]]:
    """Yield the messages that answer one request; the last one has no `more`.

    A request holds `task` (`still`, `frames` or `rgba`), `path`, `box`; a still may ask for a
    `part` (fractions), and for `stored_px` and `micro_px` (JPEGs of these longest sides, at
    `quality`).
    """
    try:
        fd = decode.open_regular(str(request["path"]))
    except MediaError as error:
        yield {"ok": False, "reason": str(error), "fault": "access"}, b""
        return
    try:
        state = os.fstat(fd)
        stamp = {"size_bytes": state.st_size, "mtime_ns": state.st_mtime_ns}
        task = _TASKS[str(request["task"])]
        for header, payload in task(fd, request):
            yield {"ok": True, **stamp, **header}, payload
    except NoPreviewError as error:
        yield {"ok": False, "reason": str(error), "fault": "kind"}, b""
    except MediaError as error:
        fault = "access" if decode.is_of_system(error.__cause__) else "content"
        yield {"ok": False, "reason": str(error), "fault": fault}, b""
    finally:
        os.close(fd)


def _still(fd: int, request: dict[str, object]) -> Iterator[tuple[dict[str, object], bytes]]:
    box = _box(request["box"])
    stored_px, micro_px = _number(request, "stored_px"), _number(request, "micro_px")
    quality = _number(request, "quality", 85)
    wide_box = (max(box[0], stored_px), max(box[1], stored_px))
    still = decode.decode_still(
        fd, wide_box, is_sharp=bool(request.get("is_sharp")), part=_part(request.get("part"))
    )
    parts: Parts = [("rgb", b"")]
    for name, side_px in (("stored", stored_px), ("micro", micro_px)):
        if side_px:
            small = decode.shrink(still.image, (side_px, side_px))
            parts.append((name, decode.to_jpeg(small, quality)))
    image = decode.shrink(still.image, box)
    parts[0] = ("rgb", image.tobytes())
    header = _shape(image, still.source)
    header["parts"] = [[name, len(data)] for name, data in parts]
    yield header, b"".join(data for _, data in parts)


def _frames(fd: int, request: dict[str, object]) -> Iterator[tuple[dict[str, object], bytes]]:
    box, limit = _box(request["box"]), _number(request, "limit", 1)
    wanted = _spread(fd, limit) if request.get("is_spread") else None
    sent_bytes = 0
    last = max(wanted) + 1 if wanted else limit
    for index, (still, duration_ms) in enumerate(decode.decode_frames(fd, box, last)):
        if wanted is not None and index not in wanted:
            continue
        data = still.image.tobytes()
        sent_bytes += len(data)
        if sent_bytes > _FRAMES_BYTES:
            break
        header = _shape(still.image, still.source)
        header |= {"parts": [["rgb", len(data)]], "duration_ms": duration_ms, "more": True}
        yield header, data
    yield {"parts": []}, b""


def _rgba(fd: int, _request: dict[str, object]) -> Iterator[tuple[dict[str, object], bytes]]:
    image = decode.decode_rgba(fd)
    data = image.tobytes()
    header = _shape(image, decode.Size(*image.size))
    yield header | {"parts": [["rgba", len(data)]]}, data


_TASKS = {"still": _still, "frames": _frames, "rgba": _rgba}


def _spread(fd: int, limit: int) -> frozenset[int]:
    count = decode.frame_count(fd)
    if count <= limit:
        return frozenset(range(count))
    return frozenset(round(step * (count - 1) / (limit - 1)) for step in range(limit))


def _shape(image: Image.Image, source: decode.Size) -> dict[str, object]:
    return {"width_px": image.width, "height_px": image.height, "source": list(source)}


def _number(request: dict[str, object], name: str, default: int = 0) -> int:
    value = request.get(name, default)
    return value if isinstance(value, int) else default


def _box(value: object) -> tuple[int, int]:
    if not isinstance(value, list) or len(value) != 2:
        raise MediaError("a box has a width and a height")
    return max(1, int(value[0])), max(1, int(value[1]))


def _part(value: object) -> decode.Part:
    if not isinstance(value, list) or len(value) != 4:
        return decode.WHOLE
    left, top, right, bottom = (min(1.0, max(0.0, float(each))) for each in value)
    return left, top, right, bottom


def _receive(channel: socket.socket) -> bytes:
    head = _exactly(channel, LENGTHS.size)
    header_bytes, payload_bytes = LENGTHS.unpack(head)
    return _exactly(channel, header_bytes + payload_bytes)


def _exactly(channel: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        piece = channel.recv(count - len(data))
        if not piece:
            raise EOFError
        data += piece
    return data


def _limit(memory_bytes: int) -> None:
    for name, limit in ((resource.RLIMIT_AS, memory_bytes), (resource.RLIMIT_CORE, 0)):
        hard = resource.getrlimit(name)[1]
        resource.setrlimit(name, (limit if hard < 0 else min(limit, hard), hard))


def _watch_parent(channel_fd: int) -> None:
    """Leave at once when the other end is gone, even in the middle of a decode."""
    import select  # used by this thread alone

    poll = select.poll()
    poll.register(channel_fd, select.POLLRDHUP | select.POLLHUP)
    poll.poll()
    os._exit(0)


def start() -> None:
    """Run `main` with the numbers on the command line."""
    main(int(sys.argv[1]), int(sys.argv[2]))

from __future__ import annotations

import socket
import threading
from contextlib import closing

import pytest

from smartgallery_tui.config import server
from smartgallery_tui.config.server import ask_server, local_address
from tests.config.serving import serving


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("http://127.0.0.1:8188", ("127.0.0.1", 8188)),
        ("http://localhost/", ("localhost", 8188)),
        ("localhost:9000", ("localhost", 9000)),
        ("http://0.0.0.0:8188", ("127.0.0.1", 8188)),
        ("http://[::1]:8000", ("::1", 8000)),
        ("http://example.org:8188", None),
        ("http://10.0.0.5:8188", None),
        ("https://127.0.0.1:8188", None),
        ("file:///etc/passwd", None),
        ("http://me:secret@127.0.0.1", None),
        ("http://127.0.0.1:99999", None),
        ("what is this", None),
    ],
)
def test_only_this_machine_has_an_address(url: str, address: tuple[str, int] | None) -> None:
    assert local_address(url) == address


def test_a_server_tells_its_version_and_queue() -> None:
    with serving(waiting=3) as port:
        found = ask_server("127.0.0.1", port, is_asking_queue=True)
    assert found is not None
    assert (found.version, found.waiting) == ("0.3.64", 3)


def test_what_does_not_answer_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "TIMEOUT_S", 0.05)
    assert ask_server("127.0.0.1", 1) is None
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        assert ask_server("127.0.0.1", silent.getsockname()[1]) is None


@pytest.mark.parametrize("reply", [b"nonsense\r\n\r\n", b"HTTP/1.0 200 OK\r\n\r\n[1]"])
def test_what_is_no_comfyui_is_none(reply: bytes) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as other:

        def answer() -> None:
            connection, _ = other.accept()
            connection.recv(1000)
            connection.sendall(reply)
            connection.close()

        thread = threading.Thread(target=answer)
        thread.start()
        assert ask_server("127.0.0.1", other.getsockname()[1]) is None
        thread.join()

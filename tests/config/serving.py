"""A small server that answers as a ComfyUI does."""

from __future__ import annotations

import http.server
import json
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@contextmanager
def serving(argv: Sequence[str] = ("main.py",), waiting: int = 0) -> Iterator[int]:
    """Answer on a free port of this machine meanwhile; gives the port."""
    answers = {
        "/system_stats": {"system": {"argv": list(argv), "comfyui_version": "0.3.64"}},
        "/prompt": {"exec_info": {"queue_remaining": waiting}},
    }

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer = answers.get(self.path)
            self.send_response(200 if answer else 404)
            self.end_headers()
            self.wfile.write(json.dumps(answer).encode())

        def log_message(self, *_: object) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()

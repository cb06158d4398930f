"""Asks a ComfyUI of this machine who it is and what it does; no other machine is ever asked."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

TIMEOUT_S = 0.3
DEFAULT_PORT = 8188
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1", "0.0.0.0"})  # noqa: S104 - compared, not bound
_MAX_REPLY_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Server:
    """A ComfyUI that answers."""

    version: str = ""
    arguments: tuple[str, ...] = ()
    """Its command line, the script first."""
    waiting: int | None = None
    """Jobs that run or wait; None where it does not tell."""


def local_address(url: str) -> tuple[str, int] | None:
    """Return host and port of an address on this machine, None for any other text.

    A scheme may be left out; `https` is none of ComfyUI's local addresses.
    """
    try:
        parts = urlsplit(url if "//" in url else f"//{url}", scheme="http")
        port = parts.port or DEFAULT_PORT
    except ValueError:
        return None
    host = (parts.hostname or "").lower()
    if parts.scheme != "http" or host not in _LOCAL or parts.username is not None:
        return None
    return ("127.0.0.1" if host == "0.0.0.0" else host), port  # noqa: S104 - compared, not bound


def ask_server(host: str, port: int, *, is_asking_queue: bool = False) -> Server | None:
    """Return what answers at an address of this machine, None if that is no ComfyUI.

    Blocks for at most `TIMEOUT_S` a question.
    """
    try:
        system = _get(host, port, "/system_stats")["system"]
        words = tuple(str(word) for word in system["argv"])
        version = str(system.get("comfyui_version") or "")
        waiting = None
        if is_asking_queue:
            waiting = int(_get(host, port, "/prompt")["exec_info"]["queue_remaining"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return Server(version, words, waiting)


def _get(host: str, port: int, route: str) -> Any:
    """Return the JSON that a route answers.

    Raises:
        OSError: Nobody answers in time.
        ValueError: The answer is no JSON.
    """
    import http.client  # 20 ms, and few runs ask

    connection = http.client.HTTPConnection(host, port, timeout=TIMEOUT_S)
    try:
        connection.request("GET", route)
        return json.loads(connection.getresponse().read(_MAX_REPLY_BYTES))
    except http.client.HTTPException as error:
        raise OSError(str(error)) from error
    finally:
        connection.close()

"""Finds a ComfyUI installation and its output folder without being told."""

from __future__ import annotations

import configparser
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from smartgallery_tui.config.server import ask_server, local_address
from smartgallery_tui.records.home import at_home

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

COMMON_PLACES = (
    "/workspace/ComfyUI", "/ComfyUI", "/opt/ComfyUI", "/opt/comfyui", "/root/ComfyUI",
    "/app/ComfyUI", "~/ComfyUI", "~/comfy/ComfyUI", "/basedir",
)  # fmt: skip
"""Where images for rented machines and the usual instructions put it."""

PROBE_PORTS = (8188, 8000)
"""Where a ComfyUI listens by default, the desktop version last."""
_MARKS = ("main.py", "nodes.py", "folder_paths.py")


@dataclass(frozen=True, slots=True)
class Detection:
    """What was found, and where was looked for it."""

    install_dir: str = ""
    output_dir: str = ""
    """"" where no existing output folder was found."""
    input_dir: str = ""
    how: str = ""
    """One line that says why this installation was taken."""
    looked: tuple[str, ...] = field(default=())
    """One line a place, in order."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    base: Path
    how: str
    arguments: Sequence[str] = ()


def detect_comfyui(
    env: Mapping[str, str],
    *,
    working_dir: str | Path | None = None,
    is_probing: bool = False,
    url: str = "",
    places: Sequence[str] = COMMON_PLACES,
    proc_dir: str | Path = "/proc",
) -> Detection:
    """Return the first ComfyUI found: named, running, noted by its tools, near, or usual.

    Args:
        env: Environment with `COMFYUI_PATH` and `HOME`.
        working_dir: Where to start walking up; None: the process's own.
        is_probing: Ask the loopback ports of a running server, at most 0.3 s each.
        url: The configured address of the server; asked first.
        places: Folders to try last.
        proc_dir: Where the system lists its processes.
    """
    looked: list[str] = []
    start = Path(working_dir) if working_dir else _here()
    servers = _addresses(url) if is_probing else []
    for candidate in _candidates(env, start, servers, places, Path(proc_dir), looked):
        output = _folder(candidate, "--output-directory", "output")
        if output:
            return Detection(
                install_dir=str(candidate.base),
                output_dir=output,
                input_dir=_folder(candidate, "--input-directory", "input"),
                how=candidate.how,
                looked=tuple(looked),
            )
    return Detection(looked=tuple(looked))


def _candidates(
    env: Mapping[str, str],
    start: Path,
    servers: Sequence[tuple[str, int]],
    places: Sequence[str],
    proc_dir: Path,
    looked: list[str],
) -> Iterator[_Candidate]:
    named = env.get("COMFYUI_PATH", "")
    looked.append(f"COMFYUI_PATH ({named or 'not set'})")
    if named:
        yield _Candidate(at_home(named), "COMFYUI_PATH")
    for host, port in servers:
        looked.append(f"a server on {host}:{port}")
        yield from _from_server(host, port)
    looked.append("running processes")
    yield from _from_processes(proc_dir)
    home = at_home(env.get("HOME") or "~")
    for path in _noted_workspaces(home / ".config/comfy-cli/config.ini", looked):
        yield _Candidate(path, "comfy-cli's config")
    looked.append(f"{start} and the folders above it")
    for folder in (start, *start.parents):
        if _is_install(folder):
            yield _Candidate(folder, f"above {start}")
    usual = [home / place[2:] if place.startswith("~/") else Path(place) for place in places]
    for path in dict.fromkeys(usual):
        looked.append(str(path))
        if _is_install(path) or _is_folder(path / "output"):
            yield _Candidate(path, "in a usual place")


def _here() -> Path:
    """Return the folder one stands in; it may have been removed meanwhile."""
    try:
        return Path.cwd()
    except OSError:
        return Path("/")


def _is_folder(path: Path) -> bool:
    """Whether there is a folder that we may look for: others' homes are closed to us."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def _is_install(folder: Path) -> bool:
    try:
        return all((folder / name).is_file() for name in _MARKS) and (folder / "comfy").is_dir()
    except OSError:
        return False


def _folder(candidate: _Candidate, option: str, name: str) -> str:
    """Return an existing folder of an installation, its command line respected, or ""."""
    arguments = list(candidate.arguments)
    base = _argument(arguments, "--base-directory")
    chosen = _argument(arguments, option)
    folder = candidate.base / chosen if chosen else candidate.base / (base or "") / name
    try:
        return str(folder.resolve()) if _is_folder(folder) else ""
    except OSError:
        return ""


def _argument(arguments: list[str], option: str) -> str:
    for number, word in enumerate(arguments):
        if word == option and number + 1 < len(arguments):
            return arguments[number + 1]
        if word.startswith(option + "="):
            return word.partition("=")[2]
    return ""


def _from_processes(proc_dir: Path) -> Iterator[_Candidate]:
    """Yield the installations that run on this machine, as far as we may look."""
    try:
        entries = sorted(entry for entry in os.listdir(proc_dir) if entry.isdigit())  # noqa: PTH208 - names only, of thousands
    except OSError:
        return
    for entry in entries:
        try:
            raw = (proc_dir / entry / "cmdline").read_bytes()
            if b"main.py" not in raw:
                continue
            words = [os.fsdecode(word) for word in raw.split(b"\0") if word]
            script = next(word for word in words if word.endswith("main.py"))
            folder = ((proc_dir / entry / "cwd").readlink() / script).parent
        except (OSError, StopIteration):
            continue
        if _is_install(folder):
            yield _Candidate(folder, f"running as process {entry}", words)


def _addresses(url: str) -> list[tuple[str, int]]:
    configured = local_address(url) if url else None
    usual = [("127.0.0.1", port) for port in PROBE_PORTS]
    return list(dict.fromkeys([configured, *usual] if configured else usual))


def _from_server(host: str, port: int) -> Iterator[_Candidate]:
    """Yield the installation behind a port of this machine; its command line tells the folders."""
    server = ask_server(host, port)
    if server is not None and server.arguments and Path(server.arguments[0]).is_absolute():
        yield _Candidate(
            Path(server.arguments[0]).parent, f"the server on port {port}", server.arguments
        )


def _noted_workspaces(path: Path, looked: list[str]) -> list[Path]:
    looked.append(str(path))
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read_string(path.read_text("utf-8"))
    except (OSError, ValueError, configparser.Error):
        return []
    noted = [parser.defaults().get(k, "") for k in ("default_workspace", "recent_workspace")]
    return [at_home(text.strip("'\"")) for text in noted if text]

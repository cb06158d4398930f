from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from smartgallery_tui.config import comfy, detect_comfyui
from tests.config.serving import serving


def install(folder: Path, *, with_output: bool = True) -> Path:
    (folder / "comfy").mkdir(parents=True)
    for name in ("main.py", "nodes.py", "folder_paths.py"):
        (folder / name).touch()
    for name in ("output", "input") if with_output else ():
        (folder / name).mkdir()
    return folder


@pytest.fixture
def empty(tmp_path: Path) -> dict[str, object]:
    """Look nowhere but where the test says."""
    (tmp_path / "work").mkdir()
    return {"working_dir": tmp_path / "work", "places": (), "proc_dir": tmp_path / "proc"}


def test_nothing_found_says_where_was_looked(tmp_path: Path, empty: dict[str, object]) -> None:
    found = detect_comfyui({"HOME": str(tmp_path)}, **empty)  # type: ignore[arg-type]
    assert found.output_dir == ""
    assert found.looked[0] == "COMFYUI_PATH (not set)"
    assert any("comfy-cli" in line for line in found.looked)


def test_the_variable_comes_first(tmp_path: Path, empty: dict[str, object]) -> None:
    named = install(tmp_path / "named")
    install(tmp_path / "other")
    empty["places"] = (str(tmp_path / "other"),)
    found = detect_comfyui({"COMFYUI_PATH": str(named)}, **empty)  # type: ignore[arg-type]
    assert found.output_dir == str(named / "output")
    assert found.input_dir == str(named / "input")
    assert found.how == "COMFYUI_PATH"


def test_comfy_cli_notes_its_workspace(tmp_path: Path, empty: dict[str, object]) -> None:
    base = install(tmp_path / "space")
    config = tmp_path / ".config" / "comfy-cli" / "config.ini"
    config.parent.mkdir(parents=True)
    config.write_text(f"[DEFAULT]\nrecent_workspace = {base}\nbackground = ('127.0.0.1', 1, 2)\n")
    found = detect_comfyui({"HOME": str(tmp_path)}, **empty)  # type: ignore[arg-type]
    assert found.install_dir == str(base)


def test_an_installation_around_the_working_folder_is_found(
    tmp_path: Path, empty: dict[str, object]
) -> None:
    base = install(tmp_path / "here")
    empty["working_dir"] = base / "comfy"
    assert detect_comfyui({}, **empty).install_dir == str(base)  # type: ignore[arg-type]


def test_a_running_process_tells_its_folders(tmp_path: Path, empty: dict[str, object]) -> None:
    base = install(tmp_path / "run", with_output=False)
    (tmp_path / "elsewhere").mkdir()
    process = tmp_path / "proc" / "42"
    process.mkdir(parents=True)
    words = ["python", "main.py", "--listen", "--output-directory", str(tmp_path / "elsewhere")]
    (process / "cmdline").write_bytes(b"\0".join(word.encode() for word in words) + b"\0")
    (process / "cwd").symlink_to(base)
    found = detect_comfyui({}, **empty)  # type: ignore[arg-type]
    assert found.output_dir == str(tmp_path / "elsewhere")
    assert found.how == "running as process 42"


def test_a_usual_place_is_tried_last(tmp_path: Path, empty: dict[str, object]) -> None:
    base = install(tmp_path / "usual")
    empty["places"] = (str(tmp_path / "none"), str(base))
    assert detect_comfyui({}, **empty).how == "in a usual place"  # type: ignore[arg-type]


def test_a_home_that_is_closed_to_us_is_no_place(
    tmp_path: Path, empty: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    closed, base = tmp_path / "root", install(tmp_path / "usual")
    stat = Path.stat

    def guarded(path: Path, **options: bool) -> os.stat_result:
        if path.is_relative_to(closed):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return stat(path, **options)

    monkeypatch.setattr(Path, "stat", guarded)
    empty["places"] = (str(closed / "ComfyUI"), str(base))
    env = {"COMFYUI_PATH": str(closed / "mine"), "HOME": str(closed)}
    assert detect_comfyui(env, **empty).install_dir == str(base)  # type: ignore[arg-type]


def test_standing_in_a_folder_that_was_removed(
    tmp_path: Path, empty: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    empty["working_dir"] = None
    assert detect_comfyui({}, **empty).install_dir == ""  # type: ignore[arg-type]


def test_a_server_on_this_machine_tells_its_folders(
    tmp_path: Path, empty: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    base = install(tmp_path / "served")
    monkeypatch.setattr(comfy, "PROBE_PORTS", (1,))
    with serving(argv=[str(base / "main.py"), "--port", "1"]) as port:
        url = f"http://localhost:{port}"
        found = detect_comfyui({}, is_probing=True, url=url, **empty)  # type: ignore[arg-type]
    assert found.output_dir == str(base / "output")
    assert found.how == f"the server on port {port}"


def test_no_server_is_no_error(empty: dict[str, object], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comfy, "PROBE_PORTS", (1,))
    found = detect_comfyui({}, is_probing=True, **empty)  # type: ignore[arg-type]
    assert found.output_dir == ""

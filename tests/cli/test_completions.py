"""Completion scripts, asked as a shell asks them."""

from __future__ import annotations

import shlex
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from smartgallery_tui.cli.parser import COMMANDS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Done

_ASK = """
source "$1"
shift
COMP_WORDS=("$@")
COMP_CWORD=$(( $# - 1 ))
_shtab_smartgallery smartgallery "${!#}" "${COMP_WORDS[COMP_CWORD-1]}"
printf '%s\\n' "${COMPREPLY[@]}"
"""


@pytest.fixture
def complete(sg: Callable[..., Done], tmp_path: Path) -> Callable[..., list[str]]:
    """Return a function that completes the last of some words as bash does."""
    script = tmp_path / "c.bash"
    command = f"{shlex.quote(sys.executable)} -m smartgallery_tui"
    text = sg("completions", "bash").out.decode()
    script.write_text(f'smartgallery() {{ {command} "$@"; }}\n{text}')

    def ask(*words: str) -> list[str]:
        done = subprocess.run(
            ["bash", "-c", _ASK, "bash", script, "smartgallery", *words],
            check=True, capture_output=True, text=True,
        )  # fmt: skip
        assert done.stderr == ""
        return done.stdout.split()

    return ask


def test_commands_options_and_values(complete: Callable[..., list[str]], tmp_path: Path) -> None:
    (tmp_path / "pictures").mkdir()
    (tmp_path / "picture.png").touch()
    assert {command.name for command in COMMANDS} <= set(complete(""))
    assert complete("sc") == ["scan"]
    assert complete("find", "--so") == ["--sort"]
    assert "rating" in complete("find", "--sort", "")
    assert complete("scan", f"{tmp_path}/pic") == [f"{tmp_path}/pictures"]
    assert len(complete("inspect", f"{tmp_path}/pic")) == 2


def test_names_are_asked_for(
    complete: Callable[..., list[str]], sg: Callable[..., Done], pictures: Path, own_home: Path
) -> None:
    sg("scan", pictures)
    assert sg("saved", "add", "best", "rating:5").code == 0
    assert sg("saved", "add", "two words", "rating:2").code == 0
    sg("mark", "ext:png", "--tag", "keep", "--album", "trips/alps")
    (own_home / "config" / "smartgallery" / "profiles" / "other").mkdir(parents=True)
    assert complete("saved", "show", "") == ["best"]
    assert complete("saved", "ren") == ["rename"]
    assert complete("--theme", "no") == ["nord"]
    assert sg("completions", "--words", "profiles").out == b"other\n"
    assert sg("completions", "--words", "tags").out == b"keep\n"
    assert b"trips/alps" in sg("completions", "--words", "albums").out


def test_nothing_is_known_before_the_first_scan(sg: Callable[..., Done], own_home: Path) -> None:
    assert sg("completions", "--words", "saved") == (0, b"", "")
    assert not (own_home / "data" / "smartgallery").exists()
    assert sg("completions").code == 2


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_other_shells_have_a_script(sg: Callable[..., Done], shell: str) -> None:
    script = sg("completions", shell).out.decode()
    assert "completions --words saved" in script
    assert "scan" in script

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from smartgallery_tui.cli.commands.man import page
from smartgallery_tui.cli.parser import COMMANDS


def test_the_page_names_every_command_and_no_blank_line() -> None:
    lines = list(page())
    for command in COMMANDS:
        assert f".SS {command.name}" in lines
    assert all(lines), "man(7) wants no empty lines"
    assert lines[0].startswith(".TH SMARTGALLERY 1")
    requests = {line.split()[0] for line in lines if line.startswith(".")}
    assert requests <= {".TH", ".SH", ".SS", ".TP", ".B", ".br"}
    assert not [line for line in lines if re.search(r"(?<!\\)--", line)], "dashes are escaped"


@pytest.mark.skipif(shutil.which("groff") is None, reason="groff is not installed")
def test_the_formatter_has_no_complaint() -> None:
    done = subprocess.run(
        ["groff", "-man", "-Tascii", "-ww"],
        input="\n".join(page()).encode(),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0
    assert done.stderr == b""

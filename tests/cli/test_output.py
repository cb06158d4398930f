from __future__ import annotations

import io
import json

from smartgallery_tui.cli.output import Output


class Terminal(io.TextIOWrapper):
    """A text stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_a_terminal_gets_harmless_lines() -> None:
    raw = io.BytesIO()
    stream = Terminal(raw, "utf-8")
    Output(stream).line("a\x1b]52;c;eA==\x07\nb \udcff \u202e")
    stream.flush()
    assert raw.getvalue().decode() == "a\u241b]52;c;eA==\u2407\u240ab \ufffd \u00b7\n"


def test_a_pipe_gets_the_bytes_of_the_name() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, "utf-8")
    out = Output(stream)
    out.line("a\udcff\x1b[2J")
    out.line("lone \ud800")
    assert raw.getvalue() == b"a\xff\x1b[2J\nlone \\ud800\n"


def test_json_is_ascii_and_keeps_undecodable_bytes() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, "utf-8")
    Output(stream).json({"path": "\udcff\x1b\u00e9"})
    assert raw.getvalue() == b'{"path": "\\udcff\\u001b\\u00e9"}\n'
    assert json.loads(raw.getvalue())["path"] == "\udcff\x1b\u00e9"


def test_a_status_line_needs_a_terminal() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, "utf-8")
    Output(stream).status("50 %")
    stream.flush()
    assert raw.getvalue() == b""


def test_a_closed_stream_is_no_terminal() -> None:
    assert not Output(None).is_terminal
    Output(None).line("nothing")

"""The choice of a protocol, from recorded answers of terminals."""

from __future__ import annotations

import pytest

from smartgallery_tui.terminal import prepare_environment
from smartgallery_tui.terminal.replies import parse_replies
from smartgallery_tui.terminal.select_protocol import choose
from smartgallery_tui.terminal.tmux import TmuxClient

OK = b"\x1b_Gi=31;OK\x1b\\"
SIXEL = b"\x1b[?62;4;22c"
NO_SIXEL = b"\x1b[?62;22c"


def name(text: bytes) -> bytes:
    """Return an XTVERSION answer."""
    return b"\x1bP>|" + text + b"\x1b\\"


RECORDED = [
    (OK + name(b"kitty(0.41.1)") + b"\x1b[6;20;10t" + NO_SIXEL, {}, "kitty"),
    (OK + name(b"kitty(0.26.5)") + NO_SIXEL, {}, "halfblock"),
    (OK + name(b"ghostty 1.2.0") + NO_SIXEL, {}, "kitty"),
    (OK + name(b"WezTerm 20240203-110809-5046fc22") + SIXEL, {}, "iterm"),
    (OK + name(b"iTerm2 3.6.1") + SIXEL, {}, "iterm"),
    (OK + name(b"Konsole 25.04.1") + SIXEL, {}, "sixel"),
    (OK + NO_SIXEL, {"TERM_PROGRAM": "WarpTerminal"}, "halfblock"),
    (name(b"foot(1.21.0)") + SIXEL, {}, "sixel"),
    (name(b"XTerm(398)") + SIXEL, {}, "sixel"),
    (name(b"XTerm(398)") + NO_SIXEL, {}, "halfblock"),
    (name(b"xterm.js(5.6.0-beta)") + SIXEL, {}, "iterm"),
    (SIXEL, {"TERM_PROGRAM": "vscode"}, "iterm"),
    (b"\x1b[?61;4;6;7;14;21;22;23;24;28;32;42c", {}, "sixel"),
    (b"\x1b[?6c", {}, "halfblock"),
    (b"", {}, "halfblock"),
    (OK + SIXEL, {"ZELLIJ": "0"}, "halfblock"),
]


@pytest.mark.parametrize(("answer", "env", "protocol"), RECORDED)
def test_recorded_terminals(answer: bytes, env: dict[str, str], protocol: str) -> None:
    caps = choose(parse_replies(answer), "auto", env)
    assert caps.protocol == protocol
    assert caps.reason


def test_an_override_wins_and_says_so() -> None:
    caps = choose(parse_replies(OK + name(b"kitty(0.41.1)") + NO_SIXEL), "sixel", {})
    assert caps.protocol == "sixel"
    assert "asked for" in caps.reason
    assert "kitty" in caps.reason


KITTY_CLIENT = TmuxClient("kitty(0.41.1)", ("RGB", "title"), has_passthrough=True)


@pytest.mark.parametrize(
    ("client", "answer", "protocol", "word"),
    [
        (KITTY_CLIENT, OK + SIXEL, "kitty", "tmux"),
        (KITTY_CLIENT, SIXEL, "halfblock", "did not answer"),
        (TmuxClient("kitty(0.41.1)"), SIXEL, "halfblock", "allow-passthrough"),
        (TmuxClient("XTerm(398)", ("sixel",), has_passthrough=True), SIXEL, "halfblock", "XTerm"),
        (TmuxClient("kitty(0.41.1)", is_utf8=False), OK, "none", "tmux -u"),
        (TmuxClient(), SIXEL, "halfblock", "unknown"),
        (TmuxClient(is_known=False), OK + name(b"kitty(0.41.1)"), "kitty", "through tmux"),
    ],
)
def test_tmux(client: TmuxClient, answer: bytes, protocol: str, word: str) -> None:
    caps = choose(parse_replies(answer), "auto", {"TMUX": "/tmp/x"}, client)
    assert caps.protocol == protocol
    assert word in caps.reason
    assert caps.is_tmux


def test_passthrough_is_offered_where_it_would_help() -> None:
    def needs(client: TmuxClient | None) -> bool:
        return choose(parse_replies(SIXEL), "auto", {}, client).needs_passthrough

    assert needs(TmuxClient("kitty(0.41.1)"))
    assert not needs(KITTY_CLIENT)
    assert not needs(TmuxClient("XTerm(398)"))
    assert not needs(TmuxClient("kitty(0.41.1)", is_known=False))
    assert not needs(None)


def test_tmux_without_rgb_keeps_ids_small() -> None:
    client = TmuxClient("kitty(0.41.1)", ("256",), has_passthrough=True)
    assert not choose(parse_replies(OK), "auto", {}, client).has_wide_ids


@pytest.mark.parametrize(
    ("answer", "env", "colors"),
    [
        (b"", {"NO_COLOR": "1", "COLORTERM": "truecolor"}, "none"),
        (b"", {"TERM": "xterm-256color"}, "256"),
        (b"", {"TERM": "xterm"}, "256"),
        (b"", {"TERM": "xterm-16color"}, "16"),
        (b"", {"TERM": "linux"}, "16"),
        (b"", {"TERM": "rxvt"}, "16"),
        (b"", {"TERM": "xterm-256color", "COLORTERM": "truecolor"}, "truecolor"),
        (name(b"foot(1.21.0)"), {"TERM": "foot"}, "truecolor"),
        (b"", {"TERM": "vt220"}, "none"),
    ],
)
def test_colors(answer: bytes, env: dict[str, str], colors: str) -> None:
    assert choose(parse_replies(answer), "auto", env).colors == colors


def test_cell_size_comes_from_the_terminal_or_is_said_to_be_assumed() -> None:
    caps = choose(parse_replies(b"\x1b[6;32;15t" + NO_SIXEL), "auto", {})
    assert (caps.cell_width_px, caps.cell_height_px, caps.notes) == (15, 32, ())
    caps = choose(parse_replies(b"\x1b[6;0;0t" + NO_SIXEL), "auto", {})
    assert (caps.cell_width_px, caps.cell_height_px) == (10, 20)
    assert "assumed" in caps.notes[0]


def test_hostile_names_are_harmless() -> None:
    caps = choose(parse_replies(name(b"\x07\xff]0;x" * 50) + NO_SIXEL), "auto", {})
    assert len(caps.brand) <= 60
    assert caps.brand.isprintable()


@pytest.mark.parametrize(
    ("env", "expected"),
    [
        ({}, "30"),
        ({"SSH_CONNECTION": "1"}, "400"),
        ({"TMUX": "x", "SSH_CONNECTION": "1"}, "30"),
        ({"TMUX": "x", "ESCDELAY": "25"}, "25"),
        ({"STY": "x", "ESCDELAY": "25"}, "400"),
        ({"SSH_TTY": "x", "ESCDELAY": "900"}, "900"),
        ({"ESCDELAY": "50"}, "50"),
    ],
)
def test_escape_delay(env: dict[str, str], expected: str | None) -> None:
    prepare_environment(env)
    assert env.get("ESCDELAY") == expected

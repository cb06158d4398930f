"""One question to the terminal: what is written, what came back, what follows from it.

One write carries all questions; the last is one that every terminal answers (primary device
attributes), so its answer ends the waiting, however long the line is.
"""

from __future__ import annotations

import base64
import time
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

from smartgallery_tui.terminal.kitty import wrap
from smartgallery_tui.terminal.replies import FILE_QUERY_ID, QUERY_ID, Replies, parse_replies
from smartgallery_tui.terminal.select_protocol import choose, draws_placeholders, is_remote
from smartgallery_tui.terminal.shared_files import SharedFiles

if TYPE_CHECKING:
    from collections.abc import Mapping

    from smartgallery_tui.records import GraphicsName
    from smartgallery_tui.terminal.caps import TerminalCaps
    from smartgallery_tui.terminal.shared_files import SharedFile
    from smartgallery_tui.terminal.tmux import TmuxClient

_KITTY_QUERY = f"\x1b_Gi={QUERY_ID},s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\"
_NAME_QUERY = "\x1b[>q"
_CELL_QUERY = "\x1b[16t"
_SYNC_QUERY = "\x1b[?2026$p"
_ATTRIBUTES_QUERY = "\x1b[c"
_PIXEL = b"\0\0\0"
_LONGEST_ANSWER_BYTES = 1 << 16
"""Of all that comes meanwhile, a pasted text perhaps."""


class Inquiry:
    """A probe of the terminal. Used by one thread at a time.

    Args:
        override: A protocol to use whatever the terminal says, or `auto`.
        env: Environment variables.
        client: What tmux says of its client, inside tmux.
        is_live: The app draws and reads keys meanwhile: only what it does not take for keys is
            asked.
    """

    def __init__(
        self,
        override: GraphicsName,
        env: Mapping[str, str],
        client: TmuxClient | None,
        *,
        is_live: bool = False,
    ) -> None:
        self._override = override
        self._env = env
        self._client = client
        self._is_live = is_live
        self._answer = b""
        self._started_s = 0.0
        self._rtt_s = 0.0
        self._files, self._file = (None, None) if is_remote(env) else _test_file()

    @property
    def text(self) -> str:
        """What to write; the clock starts."""
        self._started_s = time.monotonic()
        is_tmux = self._client is not None
        questions = wrap(_KITTY_QUERY, is_tmux=is_tmux)
        if self._file is not None:
            name = base64.b64encode(self._file.path.encode("utf-8", "surrogateescape")).decode()
            query = f"\x1b_Gi={FILE_QUERY_ID},s=1,v=1,a=q,t=f,f=24;{name}\x1b\\"
            questions += wrap(query, is_tmux=is_tmux)
        if is_tmux:
            questions += wrap(_NAME_QUERY, is_tmux=True)
        questions += _NAME_QUERY + _SYNC_QUERY
        if not self._is_live:
            questions += _CELL_QUERY
        return questions + _ATTRIBUTES_QUERY

    def hear(self, data: bytes) -> bool:
        """Take what the terminal sent; True when nothing more is to come.

        What passes through tmux comes back later than tmux's own answers.
        """
        self._answer = (self._answer + data)[-_LONGEST_ANSWER_BYTES:]
        replies = parse_replies(self._answer)
        is_complete = replies.attributes is not None and not self._waits_for_kitty(replies)
        if is_complete and not self._rtt_s:
            self._rtt_s = time.monotonic() - self._started_s
        return is_complete

    def _waits_for_kitty(self, replies: Replies) -> bool:
        client = self._client
        if client is None:
            return False
        if client.is_known and not (client.has_passthrough and draws_placeholders(client.name)):
            return False
        is_file_open = self._file is not None and replies.kitty_file is None
        return replies.kitty is None or is_file_open

    def caps(
        self, window: tuple[int, int, int, int], before: TerminalCaps | None = None
    ) -> TerminalCaps:
        """Return what follows from the answers; the inquiry is over.

        Args:
            window: Columns, rows, width and height in pixels, from the kernel; zeros: unknown.
            before: What was known; the size of a cell is kept where nothing tells it.
        """
        self.close()
        replies = parse_replies(self._answer, rtt_ms=self._rtt_s * 1000)
        found = choose(replace(replies, window=window), self._override, self._env, self._client)
        if before is None or found.is_cell_size_known:
            return found
        return replace(
            found,
            cell_width_px=before.cell_width_px,
            cell_height_px=before.cell_height_px,
            is_cell_size_known=before.is_cell_size_known,
        )

    def close(self) -> None:
        """Remove the test file."""
        if self._files is not None:
            self._file = None
            self._files.close()


def _test_file() -> tuple[SharedFiles | None, SharedFile | None]:
    """Return a file of one pixel that only a terminal on this machine can read."""
    try:
        with ExitStack() as failing:
            files = SharedFiles()
            failing.callback(files.close)
            file = files.write(_PIXEL)
            failing.pop_all()
    except OSError:
        return None, None
    return files, file

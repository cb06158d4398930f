"""Count before indexing: a wrong folder (a home, a disk) shows within two seconds."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from smartgallery_tui.scan.rules import skipped_because
from smartgallery_tui.scan.walk import join

if TYPE_CHECKING:
    import threading

    from smartgallery_tui.scan.rules import Rules


@dataclass(frozen=True, slots=True)
class Count:
    """How much there is to index."""

    files: int
    """Of a known kind."""
    others: int
    """Files of other kinds."""
    is_complete: bool
    """False where the time was up first."""

    @property
    def looks_wrong(self) -> bool:
        """Whether most of what was seen is no picture at all."""
        return self.others > 1000 and self.others > 10 * self.files


def count_files(
    root: str, rules: Rules, *, limit_s: float = 2.0, cancelled: threading.Event | None = None
) -> Count:
    """Return how many files `root` holds, from names alone, in at most `limit_s` seconds."""
    deadline = time.monotonic() + limit_s
    extensions, is_plain = rules.extensions, not rules.exclude
    files = others = 0
    waiting = [root]
    while waiting:
        if time.monotonic() > deadline or (cancelled is not None and cancelled.is_set()):
            return Count(files, others, is_complete=False)
        here = waiting.pop()
        try:
            with os.scandir(here) as entries:
                for entry in entries:
                    name = entry.name
                    if entry.is_dir(follow_symlinks=False):
                        path = join(here, name)
                        if skipped_because(path, name, rules) is None:
                            waiting.append(path)
                    # As `takes` would say: without a call for nearly all names.
                    elif (is_plain and name[-4:] in extensions and name[0] != ".") or rules.takes(
                        name
                    ):
                        files += 1
                    else:
                        others += 1
        except OSError:
            continue
    return Count(files, others, is_complete=True)

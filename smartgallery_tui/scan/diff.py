"""Compare what a folder holds with what is known of it.

Size, modification time (any difference, an older one too) and inode tell a changed file; a
rewrite within the clock's resolution that keeps all three cannot be told by any `stat`.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from smartgallery_tui.scan.walk import Entry, Listing


class Known(NamedTuple):
    """A file as it was seen last."""

    id: int
    path: bytes
    size_bytes: int
    mtime_ns: int
    inode: int
    is_missing: bool


@dataclass(slots=True)
class Changes:
    """What one folder's files became."""

    new: list[Entry] = field(default_factory=list)
    changed: list[tuple[int, Entry]] = field(default_factory=list)
    back: list[int] = field(default_factory=list)
    """Missing files that are there again, unchanged."""
    gone: list[int] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.new or self.changed or self.back or self.gone)


def diff(
    listing: Listing, known: Iterable[Known | tuple[int, bytes, int, int, int, bool]]
) -> Changes:
    """Return the changes that lead from `known` to `listing`."""
    changes = Changes()
    prefix = os.fsencode(listing.path.rstrip("/") + "/")
    rest = {item[1]: item for item in known}
    if not rest:
        changes.new += listing.files
        return changes
    take, cut, encode = rest.pop, len(prefix), os.fsencode
    for entry in listing.files:
        name = entry[0]
        raw = name.encode() if name.isascii() else encode(name)
        item = take(prefix + raw, None)
        if item is None:
            changes.new.append(entry)
        elif item[2] != entry[1] or item[3] != entry[2] or item[4] != entry[3]:
            changes.changed.append((item[0], entry))
        elif item[5]:
            changes.back.append(item[0])
    changes.gone += [item[0] for item in rest.values() if not item[5] and len(item[1]) > cut]
    return changes

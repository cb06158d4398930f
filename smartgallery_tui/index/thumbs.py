"""`thumbs.db`: made thumbnails and encoded pictures, kept by content and forgotten by disuse.

Everything here can be made again. So no error of this file ever reaches a user: what cannot be
read is a miss, what cannot be written is not kept, and a damaged file starts anew.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from smartgallery_tui.index.cache_file import CacheFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

EntryKind = Literal["thumbnail", "micro", "payload", "failure"]

MAX_ENTRY_BYTES: Final = 16 << 20
_APPLICATION_ID: Final = 0x53475448
_SCHEMA_VERSION: Final = 1
_KINDS: Final[dict[EntryKind, int]] = {"thumbnail": 0, "micro": 1, "payload": 2, "failure": 3}
_TOUCH_AFTER_S: Final = 3600
_TOUCH_BATCH: Final = 500
_PRUNE_TO: Final = 0.9
_PRUNE_BATCH: Final = 200
_SHRINK_PAGES: Final = 2_000
"""Take some 20 ms: nobody who wants a thumbnail meanwhile waits for longer."""
_MEMORY_LIMIT_BYTES: Final = 32 << 20
_SCHEMA: Final = f"""
DROP TABLE IF EXISTS entry;
CREATE TABLE entry (
    id INTEGER PRIMARY KEY,
    content_id BLOB NOT NULL,
    kind INTEGER NOT NULL,
    size_px INTEGER NOT NULL,
    key TEXT NOT NULL,
    version INTEGER NOT NULL,
    size_bytes INTEGER NOT NULL,
    used_s INTEGER NOT NULL,
    data BLOB NOT NULL
);
CREATE UNIQUE INDEX entry_name ON entry (content_id, kind, size_px, key);
CREATE INDEX entry_use ON entry (used_s, size_bytes);
PRAGMA application_id={_APPLICATION_ID};
PRAGMA user_version={_SCHEMA_VERSION};
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to keep for a content."""

    kind: EntryKind
    data: bytes
    size_px: int = 0
    """Longest side of a thumbnail."""
    key: str = ""
    """Name of a payload: whatever tells two encodings of one picture apart. Of a failure: the
    decoder, so that a newer one may try again."""


class ThumbStore:
    """The store of thumbnails and payloads. Safe to call from any thread and many processes.

    Args:
        path: The database file; its folder is made. None, or a place that cannot be written,
            keeps a little in memory.
        limit_bytes: What the entries may take; the longest unused go first.
        version: Entries of another version are neither found nor kept.
        clock: Seconds since the epoch.
    """

    def __init__(
        self,
        path: str | Path | None,
        *,
        limit_bytes: int,
        version: int,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._limit_bytes = limit_bytes
        self._version = version
        self._clock = clock
        self._lock = threading.RLock()
        self._touched: dict[int, int] = {}
        self._used_bytes = 0
        self._file = CacheFile(
            Path(path) if path is not None else None, _SCHEMA, _SCHEMA_VERSION, self._opened
        )

    def thumbnail(self, content_id: bytes, least_px: int) -> bytes | None:
        """Return the smallest kept thumbnail of at least this longest side, or None."""
        return self._find(
            "SELECT id, used_s, data FROM entry WHERE content_id=? AND kind=0 AND size_px>=?"
            " AND version=? ORDER BY size_px LIMIT 1",
            (content_id, least_px, self._version),
        )

    def micro(self, content_id: bytes) -> bytes | None:
        """Return the kept micro thumbnail, or None."""
        return self._find(
            "SELECT id, used_s, data FROM entry WHERE content_id=? AND kind=1 AND version=?",
            (content_id, self._version),
        )

    def payload(self, content_id: bytes, key: str) -> bytes | None:
        """Return the kept payload of this name, or None."""
        return self._find(
            "SELECT id, used_s, data FROM entry WHERE content_id=? AND kind=2 AND size_px=0"
            " AND key=? AND version=?",
            (content_id, key, self._version),
        )

    def add(self, content_id: bytes, entries: Sequence[Entry]) -> None:
        """Keep entries of one content in one transaction; replaces those of the same name."""
        now = int(self._clock())
        rows = [
            (content_id, _KINDS[entry.kind], entry.size_px, entry.key, self._version,
             len(entry.data), now, entry.data)
            for entry in entries
            if len(entry.data) <= MAX_ENTRY_BYTES
        ]  # fmt: skip
        with self._lock:
            if not rows or not self._file.write(
                "INSERT OR REPLACE INTO entry"
                " (content_id, kind, size_px, key, version, size_bytes, used_s, data)"
                " VALUES (?,?,?,?,?,?,?,?)",
                rows,
            ):
                return
            self._used_bytes += sum(row[5] for row in rows)
            if self._used_bytes > self._limit_bytes:
                self.prune()

    def with_thumbnail(self, content_ids: Iterable[bytes], least_px: int) -> set[bytes]:
        """Return which of these contents have a thumbnail of at least this longest side."""
        found = set()
        with self._lock:
            for content_id in content_ids:
                if self._file.rows(
                    "SELECT 1 FROM entry WHERE content_id=? AND kind=0 AND size_px>=?"
                    " AND version=? LIMIT 1",
                    (content_id, least_px, self._version),
                ):
                    found.add(content_id)
        return found

    def failures(self, content_ids: Iterable[bytes], decoder: str) -> dict[bytes, str]:
        """Return why this decoder could make nothing of these contents, as far as it is known."""
        found = {}
        with self._lock:
            for content_id in content_ids:
                rows = self._file.rows(
                    "SELECT data FROM entry WHERE content_id=? AND kind=3 AND size_px=0"
                    " AND key=? AND version=?",
                    (content_id, decoder, self._version),
                )
                if rows:
                    found[content_id] = bytes(rows[0][0]).decode("utf-8", "replace")
        return found

    def prune(self) -> int:
        """Forget what was unused longest until a tenth of the limit is free; return how many.

        Entries of other versions go first.
        """
        with self._lock:
            self._flush_touched()
            self._file.write("DELETE FROM entry WHERE version<>?", [(self._version,)])
            self._used_bytes = _sum_bytes(self._file)
            removed = 0
            if self._used_bytes <= self._limit_bytes:
                return removed
            target_bytes = self._limit_bytes * _PRUNE_TO
            while self._used_bytes > target_bytes:
                oldest = self._file.rows(
                    "SELECT id, size_bytes FROM entry ORDER BY used_s, id LIMIT ?", (_PRUNE_BATCH,)
                )
                gone = []
                for row_id, size_bytes in oldest:
                    if self._used_bytes <= target_bytes:
                        break
                    gone.append((row_id,))
                    self._used_bytes -= size_bytes
                if not gone or not self._file.write("DELETE FROM entry WHERE id=?", gone):
                    break
                removed += len(gone)
            self._file.give_back_space(_SHRINK_PAGES)
            return removed

    def prune_orphans(
        self, known: Callable[[Sequence[bytes]], set[bytes]], after: bytes = b""
    ) -> bytes:
        """Look at a slice of the contents; forget those that no file has any more.

        Args:
            known: Given some contents, returns those that files have.
            after: Where the slice begins: what the last call returned.

        Returns:
            Where the next slice begins; b"" after the last one.
        """
        with self._lock:
            rows = self._file.rows(
                "SELECT DISTINCT content_id FROM entry WHERE content_id>?"
                " ORDER BY content_id LIMIT ?",
                (after, _PRUNE_BATCH),
            )
        contents = [bytes(row[0]) for row in rows]
        alive = known(contents) if contents else set()
        orphans = [(content,) for content in contents if content not in alive]
        is_last = len(contents) < _PRUNE_BATCH
        with self._lock:
            if orphans:
                self._file.write("DELETE FROM entry WHERE content_id=?", orphans)
            if is_last:
                self._used_bytes = _sum_bytes(self._file)
        return b"" if is_last else contents[-1]

    def shrink(self) -> bool:
        """Give some unused space of the file back to the disk; return whether there is more."""
        with self._lock:
            return self._file.give_back_space(_SHRINK_PAGES)

    def set_limit(self, limit_bytes: int) -> None:
        """Change the limit; takes effect with the next entry or `prune`."""
        with self._lock:
            self._limit_bytes = limit_bytes

    def close(self) -> None:
        """Write down what was used and close the file. Further calls find and keep nothing."""
        with self._lock:
            if not self._file.is_closed:
                self._flush_touched()
                self._file.close()

    def _opened(self, file: CacheFile) -> None:
        """Look at what a file holds that was just opened."""
        if file.is_in_memory:
            self._limit_bytes = min(self._limit_bytes, _MEMORY_LIMIT_BYTES)
        self._touched.clear()
        self._used_bytes = _sum_bytes(file)

    def _find(self, sql: str, parameters: tuple[object, ...]) -> bytes | None:
        with self._lock:
            rows = self._file.rows(sql, parameters)
            if not rows:
                return None
            row_id, used_s, data = rows[0]
            now = int(self._clock())
            if now - used_s > _TOUCH_AFTER_S:
                self._touched[row_id] = now
                if len(self._touched) >= _TOUCH_BATCH:
                    self._flush_touched()
            return bytes(data)

    def _flush_touched(self) -> None:
        rows = [(now, row_id) for row_id, now in self._touched.items()]
        self._touched.clear()
        if rows:
            self._file.write("UPDATE entry SET used_s=? WHERE id=?", rows)


def _sum_bytes(file: CacheFile) -> int:
    rows = file.rows("SELECT total(size_bytes), 0, 0 FROM entry")
    return int(rows[0][0]) if rows else 0

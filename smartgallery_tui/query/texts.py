"""Words and expressions in prompts and file names, as sets of positions."""

from __future__ import annotations

import re
import time
from array import array
from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING

from smartgallery_tui.errors import QueryTimeoutError
from smartgallery_tui.index.search_text import search_form
from smartgallery_tui.query.bitmaps import bits_of
from smartgallery_tui.query.columns import TextColumn
from smartgallery_tui.query.compare import REGEX_TEXT_LIMIT, regex

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from smartgallery_tui.query.ast import Words
    from smartgallery_tui.query.bitmaps import Bits
    from smartgallery_tui.query.positions import Positions

REGEX_SECONDS = 2.0
"""Time that one regular expression may take over all texts."""
_CHUNK = 4096
"""File names in one piece of text."""
_MAX_STEMS = 2000
"""Different stems of file names up to which they are worth keeping."""
_NUMBER = re.compile(rb"\d+")
_DIGIT = re.compile("[0-9]")
_TO_WORD = bytes(
    code if code >= 128 or chr(code).isdigit() or chr(code).islower() or code == 10
    else ord(chr(code).lower()) if chr(code).isupper()
    else 32
    for code in range(256)
)  # fmt: skip


def fts_phrase(words: Sequence[str], is_prefix: bool) -> str:
    """Return the FTS5 expression for consecutive words; they hold no quote."""
    return '"' + " ".join(words) + '"' + ("*" if is_prefix else "")


def deadline_guard() -> Callable[[], None]:
    """Return a function that raises QueryTimeoutError when `REGEX_SECONDS` are over."""
    seconds = REGEX_SECONDS
    end = time.monotonic() + seconds

    def check() -> None:
        if time.monotonic() > end:
            raise QueryTimeoutError(
                f"the regular expression takes longer than {seconds:.0f} s; make it simpler"
            )

    return check


class PromptIndex:
    """Which files use which text, for one role of texts.

    Args:
        db: A connection to the index.
        role: 0 positive, 1 negative.
        positions: The order that sets refer to.
    """

    def __init__(self, db: sqlite3.Connection, role: int, positions: Positions) -> None:
        self._role = role
        self._count = positions.count
        rows = positions.pairs(
            (file_id, text_id)
            for text_id, file_id in db.execute(
                "SELECT text_id, file_id FROM file_texts WHERE role=? ORDER BY text_id", (role,)
            )
        )
        listed = list(rows)
        self._files = array("i", [position for position, _ in listed])
        sizes = [0] * ((listed[-1][1] if listed else 0) + 2)
        for _, text_id in listed:
            sizes[text_id + 1] += 1
        self._starts = array("i", accumulate(sizes))
        self._replaced: Bits = 0
        self._later: dict[int, list[int]] = {}

    def words(self, db: sqlite3.Connection, node: Words) -> Bits:
        """Return the files with a text that holds the words."""
        cursor = db.execute(
            "SELECT rowid FROM texts_fts WHERE texts_fts MATCH ?",
            (fts_phrase(node.words, node.is_prefix),),
        )
        return self.of_texts([row[0] for row in cursor.fetchall()])

    def pattern(self, db: sqlite3.Connection, pattern: str) -> Bits:
        """Return the files with a text in which the regular expression is found."""
        search = regex(pattern).search
        check = deadline_guard()
        found: list[int] = []
        cursor = db.execute(
            "SELECT id, body FROM texts WHERE id IN (SELECT text_id FROM file_texts WHERE role=?)",
            (self._role,),
        )
        for text_id, body in cursor:
            if search(body, 0, REGEX_TEXT_LIMIT):
                found.append(text_id)
            check()
        return self.of_texts(found)

    def users(self, text_id: int) -> list[int]:
        """Return the positions of the files that use a text; some may have left it since."""
        found = list(self._later.get(text_id, ()))
        if text_id < len(self._starts) - 1:
            found += self._files[self._starts[text_id] : self._starts[text_id + 1]]
        return found

    def of_texts(self, text_ids: Iterable[int]) -> Bits:
        """Return the files that use any of the texts."""
        starts, files, size = self._starts, self._files, len(self._starts) - 1
        found: list[int] = []
        later: list[int] = []
        for text_id in text_ids:
            if text_id < size:
                start, end = starts[text_id], starts[text_id + 1]
                if end - start == 1:
                    found.append(files[start])
                elif end > start:
                    found.extend(files[start:end])
            if self._later and text_id in self._later:
                later.extend(self._later[text_id])
        bits = bits_of(found, self._count) & ~self._replaced
        return bits | bits_of(later, self._count) if later else bits

    def replace(
        self, db: sqlite3.Connection, changed: Bits, ids: str, positions: Positions
    ) -> None:
        """Take the texts of some files anew; `ids` is their ids as JSON."""
        self._replaced |= changed
        if self._later:
            gone = set(positions.of_bits(changed))
            for text_id in list(self._later):
                left = [p for p in self._later[text_id] if p not in gone]
                self._later[text_id] = left
        rows = db.execute(
            "SELECT file_id, text_id FROM file_texts WHERE role=? "
            "AND file_id IN (SELECT value FROM json_each(?))",
            (self._role, ids),
        )
        for position, text_id in positions.pairs(rows):
            self._later.setdefault(text_id, []).append(position)


class NameIndex:
    """All file names, as text in which parts and words are found.

    Args:
        names: The names by position.
    """

    def __init__(self, names: Sequence[str]) -> None:
        self._count = len(names)
        self._plain: list[bytes] = []
        self._words: list[bytes] = []
        self._offsets: list[array[int]] = []
        self._word_offsets: list[array[int]] = []
        for start in range(0, len(names), _CHUNK):
            self._add(names[start : start + _CHUNK])
        self._stems = self._find_stems()

    def _add(self, names: Sequence[str]) -> None:
        plain = [_encode(name.casefold().replace("\n", "\x00")) for name in names]
        words = [
            b" %b " % (raw if name.isascii() else _word_form(name)).translate(_TO_WORD)
            for name, raw in zip(names, plain, strict=True)
        ]
        self._plain.append(b"\n".join(plain))
        self._words.append(b"\n".join(words))
        self._offsets.append(_offsets(plain))
        self._word_offsets.append(_offsets(words))

    def _find_stems(self) -> TextColumn | None:
        """Return the words of names with each number as `0`; None where they hardly repeat.

        A million names have few stems, as programs number their files.
        """
        groups: dict[bytes, array[int]] = {}
        for number, chunk in enumerate(self._words):
            stems = _NUMBER.sub(b"0", chunk).split(b"\n")
            for position, stem in enumerate(stems, number * _CHUNK):
                if stem in groups:
                    groups[stem].append(position)
                else:
                    groups[stem] = array("i", (position,))
            if len(groups) > _MAX_STEMS:
                return None
        return TextColumn(
            (
                (position, stem.decode("utf-8", "surrogatepass"))
                for stem, positions in groups.items()
                for position in positions
            ),
            self._count,
        )

    def part(self, text: str) -> Bits:
        """Return the files whose name holds `text`, whatever the case."""
        needle = _encode(text.casefold().replace("\n", "\x00"))
        found: list[int] = []
        for number, chunk in enumerate(self._plain):
            found += self._hits(number, _find_all(chunk, needle), self._offsets)
        return bits_of(found, self._count)

    def words(self, node: Words) -> Bits:
        """Return the files whose name holds the words next to each other."""
        if self._stems is not None and not any(map(_DIGIT.search, node.words)):
            tail_text = "" if node.is_prefix else " "
            pattern = re.compile(f" {' +'.join(map(re.escape, node.words))}{tail_text}")
            return self._stems.where(lambda stem: pattern.search(stem) is not None)
        tail = b"" if node.is_prefix else b" "
        encoded = [_encode(word) for word in node.words]
        found: list[int] = []
        first, *rest = [re.escape(word) for word in encoded]
        expression = re.compile(b" " + b" +".join([first, *rest]) + tail)
        for number, chunk in enumerate(self._words):
            if len(encoded) == 1:
                hits = _find_all(chunk, b" " + encoded[0] + tail)
            else:
                hits = (match.start() for match in expression.finditer(chunk))
            found += self._hits(number, hits, self._word_offsets)
        return bits_of(found, self._count)

    def where(self, test: Callable[[str], bool]) -> Bits:
        """Return the files whose casefolded name passes a test."""
        found: list[int] = []
        for number, chunk in enumerate(self._plain):
            for line, name in enumerate(chunk.split(b"\n"), number * _CHUNK):
                if test(name.decode("utf-8", "surrogatepass").replace("\x00", "\n")):
                    found.append(line)
        return bits_of(found, self._count)

    def _hits(
        self, number: int, hits: Iterable[int], offsets: Sequence[array[int]]
    ) -> Iterator[int]:
        starts = offsets[number]
        base = number * _CHUNK - 1
        last = -1
        for hit in hits:
            line = bisect_right(starts, hit)
            if line != last:
                yield base + line
                last = line


def _find_all(chunk: bytes, needle: bytes) -> Iterator[int]:
    at = chunk.find(needle)
    while at >= 0:
        yield at
        at = chunk.find(needle, at + 1)


def _encode(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _word_form(name: str) -> bytes:
    return _encode(search_form(name).replace("\n", " "))


def _offsets(lines: Sequence[bytes]) -> array[int]:
    found = array("i", [0])
    at = 0
    for line in lines[:-1]:
        at += len(line) + 1
        found.append(at)
    return found

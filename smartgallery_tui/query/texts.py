"""Words and expressions in prompts and file names, as sets of positions."""

from __future__ import annotations

import re
import time
from array import array
from bisect import bisect_right
from typing import TYPE_CHECKING

from smartgallery_tui.errors import QueryCancelledError, QueryTimeoutError
from smartgallery_tui.index.search_text import search_form
from smartgallery_tui.query.bitmaps import bits_of
from smartgallery_tui.query.columns import TextColumn
from smartgallery_tui.query.packing import Reader, pack

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from smartgallery_tui.query.ast import Words
    from smartgallery_tui.query.bitmaps import Bits

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


def deadline_guard(cancelled: threading.Event | None = None) -> Callable[[], None]:
    """Return a function that raises QueryTimeoutError when `REGEX_SECONDS` are over.

    It raises QueryCancelledError when `cancelled` is set.
    """
    seconds = REGEX_SECONDS
    end = time.monotonic() + seconds

    def check() -> None:
        if cancelled is not None and cancelled.is_set():
            raise QueryCancelledError("the search was given up")
        if time.monotonic() > end:
            raise QueryTimeoutError(
                f"the regular expression takes longer than {seconds:.0f} s; make it simpler"
            )

    return check


class NameIndex:
    """All file names, as text in which parts and words are found.

    Args:
        names: The names by position.
    """

    def __init__(self, names: Sequence[str]) -> None:
        self._count = 0
        self._plain: list[bytes] = []
        self._words: list[bytes] = []
        self._offsets: list[array[int]] = []
        self._word_offsets: list[array[int]] = []
        self._add_all(names)
        self._stems = self._find_stems()

    @classmethod
    def unpack(cls, data: Reader) -> NameIndex:
        """Return what `pack` wrote."""
        made = cls(())
        made._count = data.meta["count"]
        lines = [min(_CHUNK, made._count - at) for at in range(0, made._count, _CHUNK)]
        made._plain = [bytes(data.raw(size)) for size in data.meta["plain"]]
        made._words = [bytes(data.raw(size)) for size in data.meta["words"]]
        made._offsets = [data.numbers("i", size) for size in lines]
        made._word_offsets = [data.numbers("i", size) for size in lines]
        made._stems = None
        if size := data.meta["stems"]:
            made._stems = TextColumn.unpack(Reader(bytes(data.raw(size))), made._count)
        return made

    @property
    def count(self) -> int:
        """How many names there are."""
        return self._count

    def pack(self) -> bytes:
        """Return all of it as bytes."""
        stems = b"" if self._stems is None else self._stems.pack()
        meta = {
            "count": self._count,
            "plain": [len(chunk) for chunk in self._plain],
            "words": [len(chunk) for chunk in self._words],
            "stems": len(stems),
        }
        offsets = [each.tobytes() for each in (*self._offsets, *self._word_offsets)]
        return pack(meta, *self._plain, *self._words, *offsets, stems)

    def append(self, names: Sequence[str]) -> None:
        """Take in the names of positions that were appended."""
        start = self._count
        self._add_all(names)
        if self._stems is None:
            return
        self._stems.grow(self._count)
        stems = [
            (position, _stem(b" %b " % _words_of(name, _plain(name))))
            for position, name in enumerate(names, start)
        ]
        new = ((1 << len(names)) - 1) << start
        self._stems.replace(new, stems)

    def replace(self, names: Mapping[int, str]) -> None:
        """Take other names of some positions."""
        for position, name in names.items():
            number, line = divmod(position, _CHUNK)
            plain = self._plain[number].split(b"\n")
            if plain[line] == _plain(name) and name.isascii():
                continue
            words = self._words[number].split(b"\n")
            plain[line] = _plain(name)
            words[line] = b" %b " % _words_of(name, plain[line])
            self._plain[number], self._words[number] = b"\n".join(plain), b"\n".join(words)
            self._offsets[number], self._word_offsets[number] = _offsets(plain), _offsets(words)
            if self._stems is not None:
                self._stems.replace(1 << position, [(position, _stem(words[line]))])

    def _add_all(self, names: Sequence[str]) -> None:
        """Fill the last chunk, then add others."""
        free = -self._count % _CHUNK
        if free and names:
            self._add(names[:free])
            self._join_last(self._plain, self._offsets)
            self._join_last(self._words, self._word_offsets)
        for start in range(free, len(names), _CHUNK):
            self._add(names[start : start + _CHUNK])

    @staticmethod
    def _join_last(texts: list[bytes], offsets: list[array[int]]) -> None:
        """Make one chunk of the last two."""
        text, starts = texts.pop(), offsets.pop()
        shift = len(texts[-1]) + 1
        texts[-1] += b"\n" + text
        offsets[-1].extend([at + shift for at in starts])

    def _add(self, names: Sequence[str]) -> None:
        self._count += len(names)
        plain = [_plain(name) for name in names]
        words = [b" %b " % _words_of(*each) for each in zip(names, plain, strict=True)]
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


def _plain(name: str) -> bytes:
    return _encode(name.casefold().replace("\n", "\x00"))


def _words_of(name: str, plain: bytes) -> bytes:
    return (plain if name.isascii() else _word_form(name)).translate(_TO_WORD)


def _stem(words: bytes) -> str:
    return _NUMBER.sub(b"0", words).decode("utf-8", "surrogatepass")


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

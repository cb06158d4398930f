"""Columns as bytes and back: a line of JSON that says what is there, then the numbers themselves.

Nothing that is read back is executed; a damaged text raises ValueError.
"""

from __future__ import annotations

import json
import zlib
from array import array
from typing import Any

_LEVEL = 1


def pack(meta: object, *parts: bytes) -> bytes:
    """Return `meta` (anything JSON can write) and raw parts, compressed."""
    head = json.dumps(meta, separators=(",", ":")).encode("ascii")
    return zlib.compress(b"".join((len(head).to_bytes(8, "little"), head, *parts)), _LEVEL)


class Reader:
    """Reads what `pack` wrote, part after part.

    Args:
        packed: The compressed bytes.

    Raises:
        ValueError: They are damaged.
    """

    def __init__(self, packed: bytes) -> None:
        try:
            self._data = memoryview(zlib.decompress(packed))
        except zlib.error as error:
            raise ValueError(str(error)) from error
        end = 8 + int.from_bytes(self._data[:8], "little")
        self.meta: Any = json.loads(bytes(self._data[8:end]))
        self._at = end

    def raw(self, size: int) -> memoryview:
        """Return the next `size` bytes."""
        start, self._at = self._at, self._at + size
        if size < 0 or self._at > len(self._data):
            raise ValueError("the data end early")
        return self._data[start : self._at]

    def numbers(self, typecode: str, count: int) -> array[Any]:
        """Return the next numbers as an array."""
        found = array(typecode)
        found.frombytes(self.raw(count * found.itemsize))
        return found

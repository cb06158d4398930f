"""What a terminal shows after the bytes that a program wrote, however they were cut."""

from __future__ import annotations

import codecs
import re
import unicodedata

_CODE = re.compile(
    r"\x1b\[(?P<parameters>[0-?]*)[ -/]*(?P<final>[@-~])"
    r"|\x1b[\]PX^_].*?(?:\x07|\x1b\\)"
    r"|\x1b[()#%*+].|\x1b(?P<single>[^\[\]PX^_()#%*+])",
    re.DOTALL,
)


class Shown:
    """The cells of a terminal of that size. It knows text, cursor moves and erasing."""

    def __init__(self, columns: int, rows: int) -> None:
        self._columns, self._rows = columns, rows
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._rest = ""
        self._cells: dict[tuple[int, int], str] = {}
        self._y = self._x = 0
        self._saved = (0, 0)
        self._last = " "
        self._wraps = True

    def feed(self, data: bytes) -> None:
        """Take what the program wrote; a code may come in pieces."""
        text = self._rest + self._decoder.decode(data)
        at = 0
        while at < len(text):
            if text[at] != "\x1b":
                self._put(text[at])
                at += 1
                continue
            code = _CODE.match(text, at)
            if code is None:
                break
            self._obey(code)
            at = code.end()
        self._rest = text[at:]

    def text(self) -> str:
        """Return the lines."""
        return "\n".join(
            "".join(self._cells.get((y, x), " ") for x in range(self._columns)).rstrip()
            for y in range(self._rows)
        )

    def _put(self, char: str) -> None:
        if char == "\r":
            self._x = 0
        elif char == "\n":
            self._y = min(self._y + 1, self._rows - 1)
        elif char == "\b":
            self._x = max(0, self._x - 1)
        elif char >= " " and not unicodedata.combining(char):
            self._keep_inside()
            self._cells[self._y, self._x] = self._last = char
            self._x += 1
            if unicodedata.east_asian_width(char) in {"W", "F"}:
                self._cells[self._y, self._x] = ""
                self._x += 1

    def _keep_inside(self) -> None:
        """Behind the last column: go on in the next line, or stay where wrapping is off."""
        if self._x >= self._columns:
            if self._wraps:
                self._x, self._y = 0, min(self._y + 1, self._rows - 1)
            else:
                self._x = self._columns - 1

    def _obey(self, code: re.Match[str]) -> None:
        if code["single"] == "7":
            self._saved = (self._y, self._x)
        elif code["single"] == "8":
            self._y, self._x = self._saved
        elif code["final"] is not None and code["parameters"][:1] not in {"<", ">", "="}:
            numbers = [int(each or 0) for each in re.split("[;:]", code["parameters"].lstrip("?"))]
            self._control(code["final"], numbers, is_private="?" in code["parameters"])

    def _control(self, final: str, numbers: list[int], *, is_private: bool) -> None:
        count = max(1, numbers[0])
        if is_private:
            self._switch(numbers, is_on=final == "h")
        elif final in "Hf":
            self._y, self._x = count - 1, max(1, *numbers[1:2], 1) - 1
        elif final in "ABCD":
            self._y += {"A": -count, "B": count}.get(final, 0)
            self._x += {"C": count, "D": -count}.get(final, 0)
        elif final == "G":
            self._x = count - 1
        elif final == "d":
            self._y = count - 1
        elif final == "b":
            for _ in range(count):
                self._put(self._last)
        elif final in "JK":
            self._erase(final, numbers[0])

    def _switch(self, modes: list[int], *, is_on: bool) -> None:
        if 1049 in modes:
            self._cells.clear()
        if 7 in modes:
            self._wraps = is_on

    def _erase(self, final: str, how: int) -> None:
        here = (self._y, self._x)
        for place in list(self._cells):
            is_meant = final == "J" or place[0] == self._y
            if is_meant and (how >= 2 or (place >= here if how == 0 else place <= here)):
                del self._cells[place]

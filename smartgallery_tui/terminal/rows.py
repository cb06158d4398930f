"""One line of a picture as terminal cells that can be cut anywhere.

A grid joins such rows with captions into screen lines. A dialog may cover part of a line, so
every row can give any slice of itself, as ready escape codes or as coloured text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

from smartgallery_tui.terminal.kitty import id_sgr, placeholder_cells, placeholder_run
from smartgallery_tui.terminal.screen_cells import overlay_code

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_HALF_BLOCK = "\u2580"


class Span(NamedTuple):
    """Text in one style. Colours are `#rrggbb`, or a palette number as text, or None."""

    text: str
    foreground: str | None = None
    background: str | None = None


class Row(Protocol):
    """A line of cells."""

    @property
    def width_cells(self) -> int:
        """Return the number of columns."""

    @property
    def is_self_styled(self) -> bool:
        """Tell whether `body` changes colours, so that the next run must set its own again."""

    @property
    def ink(self) -> str:
        """Return the SGR parameters that are added to the ground style."""

    @property
    def is_blank(self) -> bool:
        """Tell whether no foreground colour shows."""

    def body(self, start: int, end: int) -> str:
        """Return the cells from column `start` up to `end`, escape codes included."""

    def spans(self, start: int, end: int) -> Iterator[Span]:
        """Yield the same cells as plain text with colours."""


@dataclass(frozen=True, slots=True)
class BlankRow:
    """Empty cells."""

    width_cells: int
    ink: str = ""
    is_self_styled: bool = False
    is_blank: bool = True

    def body(self, start: int, end: int) -> str:
        """Return blanks."""
        return " " * (end - start)

    def spans(self, start: int, end: int) -> Iterator[Span]:
        """Yield blanks."""
        yield Span(" " * (end - start))


@dataclass(frozen=True, slots=True)
class OverlayRow:
    """Blanks under a picture that is drawn over the cells (sixel, iTerm2).

    Writing the blanks erases what was drawn there. They carry a code of our own that says whose
    they are: `ScreenMemory` takes it out and tells when they are really written.
    """

    width_cells: int
    number: int
    line: int
    ink: str = ""
    is_self_styled: bool = False
    is_blank: bool = True

    def body(self, start: int, end: int) -> str:
        """Return blanks that name their picture."""
        return overlay_code(self.number, self.line, start, end - start) + " " * (end - start)

    def spans(self, start: int, end: int) -> Iterator[Span]:
        """Yield blanks."""
        yield Span(" " * (end - start))


@dataclass(frozen=True, slots=True)
class PlaceholderRow:
    """Kitty's Unicode placeholders of one line of a picture."""

    picture_id: int
    line: int
    width_cells: int
    has_repeat: bool = True
    is_self_styled: bool = False
    is_blank: bool = False

    @property
    def ink(self) -> str:
        """Return the picture's id as a foreground colour."""
        return id_sgr(self.picture_id)

    def body(self, start: int, end: int) -> str:
        """Return the shortest text that stands for these cells."""
        return placeholder_run(self.line, start, end, has_repeat=self.has_repeat)

    def spans(self, start: int, end: int) -> Iterator[Span]:
        """Yield every cell with both diacritics, so that it may be cut again."""
        number = self.picture_id
        color = str(number) if number < 256 else f"#{number:06x}"
        yield Span(placeholder_cells(self.line, start, end), color)


@dataclass(frozen=True, slots=True)
class BlockRow:
    """Half blocks: an upper and a lower pixel in each cell."""

    cells: tuple[tuple[str, str], ...]
    """Upper and lower colour of each cell: `2;r;g;b` or `5;n`, or the number of an old colour."""
    text: str
    """All cells with their escape codes, as `block_text` makes them."""
    ink: str = ""
    is_self_styled: bool = True
    is_blank: bool = False

    @property
    def width_cells(self) -> int:
        """Return the number of columns."""
        return len(self.cells)

    def body(self, start: int, end: int) -> str:
        """Return the cells; a colour is written only where it changes."""
        if start == 0 and end == len(self.cells):
            return self.text
        return block_text(self.cells[start:end])

    def spans(self, start: int, end: int) -> Iterator[Span]:
        """Yield one span a cell."""
        for upper, lower in self.cells[start:end]:
            yield Span(_HALF_BLOCK, _color_name(upper), _color_name(lower))


def block_text(cells: Sequence[tuple[str, str]]) -> str:
    """Return half-block cells with their escape codes."""
    out: list[str] = []
    last_upper = last_lower = ""
    for upper, lower in cells:
        if upper == lower:
            if lower != last_lower:
                out.append(f"\x1b[{_ground(lower)}m")
                last_lower = lower
            out.append(" ")
            continue
        if upper != last_upper and lower != last_lower:
            out.append(f"\x1b[{_ink(upper)};{_ground(lower)}m")
        elif upper != last_upper:
            out.append(f"\x1b[{_ink(upper)}m")
        elif lower != last_lower:
            out.append(f"\x1b[{_ground(lower)}m")
        last_upper, last_lower = upper, lower
        out.append(_HALF_BLOCK)
    return "".join(out)


def _ink(color: str) -> str:
    """Return the SGR parameters of a foreground: of the old colours, the codes of their time."""
    if ";" in color:
        return f"38;{color}"
    number = int(color)
    return str(30 + number if number < 8 else 82 + number)


def _ground(color: str) -> str:
    return f"48;{color}" if ";" in color else str(40 + int(color))


@dataclass(frozen=True, slots=True)
class ShadeRow:
    """Brightness as characters, for terminals without colours."""

    text: str
    ink: str = ""
    is_self_styled: bool = False
    is_blank: bool = False

    @property
    def width_cells(self) -> int:
        """Return the number of columns."""
        return len(self.text)

    def body(self, start: int, end: int) -> str:
        """Return the characters."""
        return self.text[start:end]

    def spans(self, start: int, end: int) -> Iterator[Span]:
        """Yield the characters."""
        yield Span(self.text[start:end])


def _color_name(sgr_color: str) -> str:
    kind, _, rest = sgr_color.partition(";")
    if not rest:
        return kind
    if kind == "5":
        return rest
    red, green, blue = (int(part) for part in rest.split(";"))
    return f"#{red:02x}{green:02x}{blue:02x}"

"""Screen lines made of ready escape codes that the compositor may still cut anywhere.

Textual's own strips are lists of styled segments: one for every half-block cell costs 20 ms a
page. A `RunStrip` holds runs that already know their escape codes, joins them once, and cuts
them at any column when a dialog covers a part of the line.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.color import ColorSystem
from rich.console import COLOR_SYSTEMS
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.strip import Strip

from smartgallery_tui.terminal.rows import Row, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.console import Console
    from textual.app import App


_BLACK = Color(0, 0, 0)


@dataclass(frozen=True, slots=True)
class TextRun:
    """Text in one style; wide characters are cut to blanks, never in half."""

    text: str
    width_cells: int
    ink: str
    """SGR parameters that are added to the ground style."""
    style: Style
    is_self_styled: bool = False
    is_blank: bool = False

    def body(self, start: int, end: int) -> str:
        """Return the text of these columns."""
        if start == 0 and end == self.width_cells:
            return self.text
        return cut_text(self.text, start, end)

    def spans(self, start: int, end: int) -> Iterable[Span]:
        """Yield the text; its style is added by the strip."""
        yield Span(self.body(start, end))


def cut_text(text: str, start: int, end: int) -> str:
    """Return the columns from `start` up to `end`; a halved wide character becomes a blank."""
    out: list[str] = []
    at = 0
    for char in text:
        width = cell_len(char)
        if width == 0:
            if out and start < at <= end:
                out.append(char)
            continue
        inside = min(at + width, end) - max(at, start)
        if inside == width:
            out.append(char)
        elif inside > 0:
            out.append(" " * inside)
        at += width
        if at >= end and width:
            break
    return "".join(out)


def fit_text(text: str, width_cells: int) -> str:
    """Return `text` in exactly this many columns: padded, or cut with an ellipsis."""
    length = cell_len(text)
    if length <= width_cells:
        return text + " " * (width_cells - length)
    if width_cells <= 1:
        return "\u2026"[:width_cells]
    cut = cut_text(text, 0, width_cells - 1)
    return cut + "\u2026" + " " * (width_cells - 1 - cell_len(cut))


def color_system(console: Console) -> ColorSystem:
    """Return the colours of the app's terminal."""
    return COLOR_SYSTEMS[console.color_system or "truecolor"]


def style_codes(style: Style, color_system: ColorSystem) -> str:
    """Return the SGR parameters of a Rich style."""
    return Strip.render_ansi(style, color_system)


def shown_style(style: Style, app: App[object]) -> Style:
    """Return a style as the terminal can show it.

    Lines that are ready escape codes do not pass Textual's filters: NO_COLOR is applied here. In
    16 colours a highlight is reversed: any pair of the theme's colours may come out alike there.
    """
    if app.no_color:
        for line_filter in app.get_line_filters():
            (segment,) = line_filter.apply([Segment("x", style)], _BLACK)
            style = segment.style or style
    ground = style.bgcolor
    if ground is not None and color_system(app.console) is ColorSystem.STANDARD:
        number = ground.downgrade(ColorSystem.STANDARD).number
        if number not in {None, 0}:
            return Style(reverse=True)
    return style


class RunStrip(Strip):
    """A line of runs on one ground style.

    Args:
        runs: What the line shows, from the left. What goes beyond the width is cut off: a picture
            may still be there in its old size while its widget is smaller already, and a line
            that is too long would be written over whatever stands beside it.
        width_cells: Width of the line.
        base: Ground style.
        base_codes: The same as SGR parameters.
    """

    __slots__ = ("_base", "_base_codes", "_runs", "_width_cells")

    def __init__(
        self, runs: Sequence[Row | TextRun], width_cells: int, base: Style, base_codes: str
    ) -> None:
        self._runs = _cut([(run, 0, run.width_cells) for run in runs], 0, width_cells)
        self._base = base
        self._base_codes = base_codes
        self._width_cells = width_cells
        super().__init__((), width_cells)

    @property
    def _segments(self) -> list[Segment]:
        """The line as styled segments, for dialogs and screenshots; slow, so made when asked."""
        found: list[Segment] = []
        for run, start, end in self._runs:
            style = self._base + run.style if isinstance(run, TextRun) else self._base
            found += [
                Segment(span.text, style + _span_style(span)) for span in run.spans(start, end)
            ]
        return found

    @_segments.setter
    def _segments(self, value: list[Segment]) -> None:
        """Ignore what the base class stores: the runs are the content."""

    def render(self, console: Console) -> str:
        """Return the escape codes of the line."""
        out: list[str] = []
        base = f"0;{self._base_codes}" if self._base_codes else "0"
        ink: str | None = None
        for run, start, end in self._runs:
            change = _change(base, ink, run)
            if change is not None:
                out.append(change)
                ink = run.ink
            out.append(run.body(start, end))
            if run.is_self_styled:
                ink = None
        out.append("\x1b[0m")
        return "".join(out)

    def crop(self, start: int, end: int | None = None) -> Strip:
        """Return the columns from `start` up to `end`."""
        last = self._width_cells if end is None else min(end, self._width_cells)
        first = max(0, start)
        if first == 0 and last == self._width_cells:
            return self
        return self._slice(first, max(first, last))

    def divide(self, cuts: Iterable[int]) -> Sequence[Strip]:
        """Return the strips between the cuts."""
        found: list[Strip] = []
        start = 0
        for cut in cuts:
            if cut > self._width_cells:
                break
            found.append(self.crop(start, cut))
            start = cut
        return found

    def _slice(self, start: int, end: int) -> RunStrip:
        part = RunStrip((), end - start, self._base, self._base_codes)
        part._runs = _cut(self._runs, start, end)
        return part


def _cut(
    runs: Iterable[tuple[Row | TextRun, int, int]], start: int, end: int
) -> tuple[tuple[Row | TextRun, int, int], ...]:
    """Return the runs, each with the part of it that is shown, from one column to another."""
    kept: list[tuple[Row | TextRun, int, int]] = []
    at = 0
    for run, first, last in runs:
        width = last - first
        left, right = max(start - at, 0), min(end - at, width)
        if left < right:
            kept.append((run, first + left, first + right))
        at += width
        if at >= end:
            break
    return tuple(kept)


def _change(base: str, ink: str | None, run: Row | TextRun) -> str | None:
    """Return what sets the colours of a run where `ink` is in force, or None if they fit.

    Blanks show no foreground: between two placeholders only the ids have to change.
    """
    if ink is not None:
        if run.ink == ink or (run.is_blank and _is_foreground(ink)):
            return None
        if _is_foreground(ink) and run.ink and _is_foreground(run.ink):
            return f"\x1b[{run.ink}m"
    return f"\x1b[{base};{run.ink}m" if run.ink else f"\x1b[{base}m"


def _is_foreground(ink: str) -> bool:
    """Tell whether SGR parameters set a foreground colour and nothing else."""
    return not ink or (ink.startswith("38;") and ink.count(";") == (2 if ink[3] == "5" else 4))


def _span_style(span: Span) -> Style:
    if span.foreground is None and span.background is None:
        return Style.null()
    return Style(color=_rich_color(span.foreground), bgcolor=_rich_color(span.background))


def _rich_color(name: str | None) -> str | None:
    if name is None or name.startswith("#"):
        return name
    return f"color({name})"

"""Output that survives its terminal: a connection that drops must not keep the program waiting.

Textual writes in a thread of its own; that thread would die with the first error, its queue would
fill up, and leaving the program would wait for it for ever.
"""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any

from smartgallery_tui.ui.pictures.driver import GalleryDriver

if TYPE_CHECKING:
    from textual.app import App


class LastingFile:
    """Writes to a file until that fails, then drops everything.

    Args:
        file: The terminal.
    """

    def __init__(self, file: IO[str]) -> None:
        self._file = file
        self.is_gone = False

    def write(self, text: str) -> int:
        """Write, or drop the text where there is nobody to read it."""
        if not self.is_gone:
            try:
                self._put(text)
            except (OSError, ValueError):
                self.is_gone = True
        return len(text)

    def _put(self, text: str) -> None:
        try:
            self._file.write(text)
        except UnicodeEncodeError:  # a letter that it has no bytes for is no lost connection
            self._file.write(text.encode("ascii", "replace").decode("ascii"))

    def flush(self) -> None:
        """Flush, or do nothing where there is nobody to read it."""
        if not self.is_gone:
            try:
                self._file.flush()
            except (OSError, ValueError):
                self.is_gone = True

    def fileno(self) -> int:
        """Return the descriptor."""
        return self._file.fileno()

    def isatty(self) -> bool:
        """Tell whether it is a terminal."""
        return self._file.isatty()


class LastingDriver(GalleryDriver):
    """The gallery's driver on an output that survives its terminal."""

    def __init__(
        self,
        app: App[Any],
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        if self._file is not None:
            self._file = LastingFile(self._file)  # type: ignore[assignment]

    def use_mouse(self, *, is_used: bool) -> None:
        """Take the mouse from the terminal, or leave it to it, from now on."""
        if not is_used:
            self._disable_mouse_support()
        self._mouse = is_used
        self._enable_mouse_support()

    def _enable_mouse_support(self) -> None:
        """Ask for buttons, wheel and drags only: other motions are traffic for nothing."""
        if self._mouse:
            self.write("\x1b[?1000h\x1b[?1002h\x1b[?1006h")
            self.flush()

    def _disable_mouse_support(self) -> None:
        """Leave the mouse to the terminal again."""
        if self._mouse:
            self.write("\x1b[?1006l\x1b[?1002l\x1b[?1000l")
            self.flush()

"""How a long copy is stopped, and who hears how far it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartgallery_tui.errors import FileChangeError
from smartgallery_tui.records import CANCELLED

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable


class Watch:
    """Looks at a copy between two parts of it.

    Args:
        cancelled: Stops it.
        copied: Hears how many bytes were written since it heard last.
    """

    def __init__(
        self,
        cancelled: threading.Event | None = None,
        copied: Callable[[int], object] | None = None,
    ) -> None:
        self._cancelled = cancelled
        self._copied = copied

    def check(self) -> None:
        """Go on, unless it is to be stopped.

        Raises:
            FileChangeError: It is.
        """
        if self._cancelled is not None and self._cancelled.is_set():
            raise FileChangeError(CANCELLED)

    def wrote(self, size_bytes: int) -> None:
        """Tell that a part is written."""
        if self._copied is not None:
            self._copied(size_bytes)

"""Settings that change while a library is open."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING

from smartgallery_tui.index import moving
from smartgallery_tui.library.base import resolve_root
from smartgallery_tui.library.showing import Showing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from smartgallery_tui.records import Settings


class Settling(Showing):
    """Takes new settings without being closed."""

    def use_settings(self, settings: Settings) -> bool:
        """Apply other settings to the open library; return whether it shows other folders now.

        Folders that the settings name newly join the library and the view; the next sync reads
        them. Read-only holds as the settings say: a caller that was told otherwise by a flag
        hands that in. Names of external tools hold for pictures from the next start.

        Raises:
            UsageError: A folder does not exist or cannot be read; nothing has changed then.
        """
        before = self.settings
        named = (settings.library.output_path, settings.library.input_path)
        for path in (*named, *settings.library.extra_roots):
            if path:
                resolve_root(path)
        self.settings = settings
        self._read_only = settings.safety.read_only
        pictures = self._opened_pictures
        if pictures is not None:
            pictures.use_settings(settings)
        if settings.scan != before.scan and self._store.is_writable:
            self._writer.run("index", moving.list_all_again)
            if not settings.scan.hidden:
                hide = partial(moving.leave_hidden_out, now_ns=time.time_ns())
                self._writer.run("index", hide)
                self._rows_changed()
        if settings.library == before.library:
            return False
        self._choose_view(())
        self._rows_changed()
        return True

    def _rows_changed(self, ids: Iterable[int] | None = None) -> None:
        raise NotImplementedError

"""`Library`: the one door to everything below the screens and the commands."""

from __future__ import annotations

import threading
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Self

from smartgallery_tui.index.store import Store
from smartgallery_tui.library.events import Reporter
from smartgallery_tui.library.exporting import Exporting
from smartgallery_tui.library.handing_over import HandingOver
from smartgallery_tui.library.keeping import Keeping
from smartgallery_tui.library.opening import Opening
from smartgallery_tui.library.remembering import Remembering
from smartgallery_tui.library.searching import Searching
from smartgallery_tui.library.settling import Settling
from smartgallery_tui.library.syncing import Syncing
from smartgallery_tui.paths import find_paths
from smartgallery_tui.records import Settings

if TYPE_CHECKING:
    from collections.abc import Sequence


class Library(Exporting, Searching, Keeping, Syncing, Settling, Remembering, HandingOver, Opening):
    """An open library. Every method may be called from any thread; `close` it at the end.

    Knows no screen and prints nothing: values in, values out, events to a callable.
    """

    @classmethod
    def open(
        cls,
        *,
        data_dir: str | Path | None = None,
        roots: Sequence[str | Path] = (),
        read_only: bool = False,
        cache_dir: str | Path | None = None,
        settings: Settings | None = None,
    ) -> Self:
        """Open the library in `data_dir`, which is made if it does not exist.

        Args:
            data_dir: Folder of the databases; None: the profile's.
            roots: Folders to look at: each becomes part of the library, and searches, facets and
                totals are limited to them. None: all roots but the input folder.
            read_only: Refuse changes of files and marks.
            cache_dir: Folder of the thumbnail store; None: the one that belongs to `data_dir`.
            settings: Applied as they are; None: the defaults.

        Raises:
            UsageError: A root is no folder.
            IndexForeignError: `user.db` is not ours.
            DatabaseError: The data folder cannot be used.
        """
        paths = find_paths(data_dir=data_dir, cache_dir=cache_dir)
        library = cls(
            Store(paths.data_dir),
            settings=settings or Settings(),
            cache_dir=Path(paths.cache_dir),
            read_only=read_only,
        )
        library._sync_lock = threading.Lock()
        library._reporter = Reporter(None)
        with ExitStack() as undone:
            undone.callback(library.close)
            library._catch_up()
            library._choose_view(roots)
            if not library.read_only:
                library._recovered = library.recover_changes()
            undone.pop_all()
        return library

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

"""`Library`: the one door to everything below the screens and the commands."""

from __future__ import annotations

import threading
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Generic, Self, TypeVar

from smartgallery_tui.index.store import Store
from smartgallery_tui.library.context import Context
from smartgallery_tui.library.folders import Folders
from smartgallery_tui.library.parts import Parts
from smartgallery_tui.library.searching import close_engine, query_aliases
from smartgallery_tui.paths import find_paths
from smartgallery_tui.records import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")


class Of(Generic[T]):
    """A name on the door: what it means, and how it is called, is said at the part behind it.

    Args:
        find: Returns the method or the value of that part.
    """

    def __init__(self, find: Callable[[Parts], T]) -> None:
        self._find = find

    def __get__(self, library: Library, _owner: type[Library]) -> T:
        return self._find(library._parts)  # noqa: SLF001 - a part of the door


class Library:
    """An open library. Every method may be called from any thread; `close` it at the end.

    Knows no screen and prints nothing: values in, values out, events to a callable. It does no
    work itself: it names what its parts do. What is missing here becomes a method of the part whose
    job it is, and a line of the table below.

    Args:
        parts: What stands behind the door; `open` puts it together.
    """

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._closing = threading.Lock()

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
        context = Context(
            Store(paths.data_dir),
            settings=settings or Settings(),
            cache_dir=Path(paths.cache_dir),
            read_only=read_only,
        )
        with ExitStack() as undone:
            undone.callback(context.close)
            context.marks.catch_up()
            Folders(context).choose_view(roots)
            library = cls(Parts(context))
            undone.pop_all()
            undone.callback(library.close)
            if not library.read_only:
                context.recovered = library._parts.recovering.recover_changes()
            undone.pop_all()
        return library

    def close(self) -> None:
        """Finish writing and close the databases. Idempotent; decoding ends within two seconds."""
        parts = self._parts
        parts.showing.close()
        with self._closing:
            if parts.context.is_closed:
                return
            parts.context.is_closed = True
        parts.keeping.close()
        close_engine(parts.searching)
        parts.context.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    # What it is.
    settings = Of(lambda parts: parts.context.settings)
    data_dir = Of(lambda parts: parts.context.data_dir)
    cache_dir = Of(lambda parts: parts.context.cache_dir)
    read_only = Of(lambda parts: parts.context.read_only)
    why_read_only = Of(lambda parts: parts.context.why_read_only)
    can_index = Of(lambda parts: parts.context.can_index)
    notices = Of(lambda parts: parts.context.notices)

    # Folders.
    roots = Of(lambda parts: parts.context.roots)
    viewed_roots = Of(lambda parts: parts.context.viewed_roots)
    add_root = Of(lambda parts: parts.folders.add_root)
    offered_roots = Of(lambda parts: parts.folders.offered_roots)
    root_files = Of(lambda parts: parts.folders.root_files)
    unnamed_roots = Of(lambda parts: parts.folders.unnamed_roots)
    default_folder = Of(lambda parts: parts.folders.default_folder)
    newest_folders = Of(lambda parts: parts.folders.newest_folders)
    folders = Of(lambda parts: parts.folders.folders)
    view_key = Of(lambda parts: parts.folders.view_key)

    # Graphs.
    use_node_rules = Of(lambda parts: parts.explaining.use_node_rules)
    node_rules = Of(lambda parts: parts.explaining.node_rules)
    node_tree = Of(lambda parts: parts.explaining.node_tree)

    # Items.
    item = Of(lambda parts: parts.looking.item)
    items = Of(lambda parts: parts.looking.items)
    generation = Of(lambda parts: parts.looking.generation)
    generations = Of(lambda parts: parts.looking.generations)
    last_read_ns = Of(lambda parts: parts.looking.last_read_ns)
    raw = Of(lambda parts: parts.looking.raw)
    find_path = Of(lambda parts: parts.looking.find_path)
    input_items = Of(lambda parts: parts.looking.input_items)
    stats = Of(lambda parts: parts.looking.stats)
    duplicates = Of(lambda parts: parts.looking.duplicates)
    data_version = Of(lambda parts: parts.looking.data_version)

    # Searches.
    search = Of(lambda parts: parts.searching.search)
    facets = Of(lambda parts: parts.searching.facets)
    suggest = Of(lambda parts: parts.searching.suggest)
    complete = Of(lambda parts: parts.searching.complete)
    warm_up = Of(lambda parts: parts.searching.warm_up)
    query_aliases = staticmethod(query_aliases)

    # Pictures: these block, call them from worker threads.
    thumbnail = Of(lambda parts: parts.showing.thumbnail)
    picture = Of(lambda parts: parts.showing.picture)
    micro = Of(lambda parts: parts.showing.micro)
    cached_payload = Of(lambda parts: parts.showing.cached_payload)
    store_payload = Of(lambda parts: parts.showing.store_payload)
    prefetch = Of(lambda parts: parts.showing.prefetch)
    frames = Of(lambda parts: parts.showing.frames)
    storyboard = Of(lambda parts: parts.showing.storyboard)
    make_thumbnails = Of(lambda parts: parts.showing.make_thumbnails)
    media_notice = Of(lambda parts: parts.showing.media_notice)
    picture_stats = Of(lambda parts: parts.showing.picture_stats)

    # What the user says of pictures.
    user_data = Of(lambda parts: parts.marking.user_data)
    users_data = Of(lambda parts: parts.marking.users_data)
    shared_data = Of(lambda parts: parts.marking.shared_data)
    mark = Of(lambda parts: parts.marking.mark)
    set_favorite = Of(lambda parts: parts.marking.set_favorite)
    set_rating = Of(lambda parts: parts.marking.set_rating)
    set_status = Of(lambda parts: parts.marking.set_status)
    set_note = Of(lambda parts: parts.marking.set_note)
    tag = Of(lambda parts: parts.marking.tag)
    untag = Of(lambda parts: parts.marking.untag)
    album_add = Of(lambda parts: parts.marking.album_add)
    album_remove = Of(lambda parts: parts.marking.album_remove)
    put_into_albums = Of(lambda parts: parts.marking.put_into_albums)

    # Searches, albums and what the screens remember.
    saved_searches = Of(lambda parts: parts.remembering.saved_searches)
    save_search = Of(lambda parts: parts.remembering.save_search)
    rename_saved = Of(lambda parts: parts.remembering.rename_saved)
    delete_saved = Of(lambda parts: parts.remembering.delete_saved)
    recent_searches = Of(lambda parts: parts.remembering.recent_searches)
    note_search = Of(lambda parts: parts.remembering.note_search)
    forget_recent_searches = Of(lambda parts: parts.remembering.forget_recent_searches)
    albums = Of(lambda parts: parts.remembering.albums)
    rename_album = Of(lambda parts: parts.remembering.rename_album)
    delete_album = Of(lambda parts: parts.remembering.delete_album)
    album_note = Of(lambda parts: parts.remembering.album_note)
    set_album_note = Of(lambda parts: parts.remembering.set_album_note)
    ui_state = Of(lambda parts: parts.remembering.ui_state)
    remember = Of(lambda parts: parts.remembering.remember)

    # Single places.
    watch = Of(lambda parts: parts.indexing.watch)
    index_paths = Of(lambda parts: parts.indexing.index_paths)

    # Changes of files.
    rename = Of(lambda parts: parts.changing.rename)
    name_problem = Of(lambda parts: parts.changing.name_problem)
    move = Of(lambda parts: parts.changing.move)
    copy = Of(lambda parts: parts.changing.copy)
    trash = Of(lambda parts: parts.changing.trash)
    make_folder = Of(lambda parts: parts.changing.make_folder)
    rename_folder = Of(lambda parts: parts.changing.rename_folder)
    trash_folder = Of(lambda parts: parts.changing.trash_folder)

    # The trash.
    trashed = Of(lambda parts: parts.trashing.trashed)
    restore = Of(lambda parts: parts.trashing.restore)
    delete = Of(lambda parts: parts.trashing.delete)
    delete_trashed = Of(lambda parts: parts.trashing.delete_trashed)
    empty_trash = Of(lambda parts: parts.trashing.empty_trash)

    # Back and forth.
    undo = Of(lambda parts: parts.stepping.undo)
    redo = Of(lambda parts: parts.stepping.redo)

    # Files from elsewhere.
    import_files = Of(lambda parts: parts.bringing.import_files)
    import_plan = Of(lambda parts: parts.bringing.import_plan)
    importable = Of(lambda parts: parts.bringing.importable)

    # Files to elsewhere.
    export = Of(lambda parts: parts.exporting.export)
    export_archive = Of(lambda parts: parts.exporting.export_archive)
    export_table = Of(lambda parts: parts.exporting.export_table)
    export_folder = Of(lambda parts: parts.exporting.export_folder)
    comfy_workflows_folder = Of(lambda parts: parts.exporting.comfy_workflows_folder)

    # User data beside the pictures.
    restore_offers = Of(lambda parts: parts.volumes.restore_offers)
    decline_restore = Of(lambda parts: parts.volumes.decline_restore)

    # What must not be lost.
    backup = Of(lambda parts: parts.keeping.backup)
    backups = Of(lambda parts: parts.keeping.backups)
    restore_backup = Of(lambda parts: parts.keeping.restore_backup)
    export_user_data = Of(lambda parts: parts.keeping.export_user_data)
    import_user_data = Of(lambda parts: parts.keeping.import_user_data)
    check_integrity = Of(lambda parts: parts.keeping.check_integrity)
    keep_safe = Of(lambda parts: parts.keeping.keep_safe)

    # Syncs.
    sync = Of(lambda parts: parts.syncing.sync)
    use_readers = Of(lambda parts: parts.syncing.use_readers)
    sync_progress = Of(lambda parts: parts.syncing.sync_progress)
    read_again = Of(lambda parts: parts.syncing.read_again)
    read_old_again = Of(lambda parts: parts.syncing.read_old_again)

    # Settings and folders while it is open.
    use_settings = Of(lambda parts: parts.settling.use_settings)
    forget_root = Of(lambda parts: parts.settling.forget_root)

    # Texts and names from this machine.
    copy_to_tmux = Of(lambda parts: parts.handing_over.copy_to_tmux)
    save_copied_text = Of(lambda parts: parts.handing_over.save_copied_text)
    list_inside = Of(lambda parts: parts.handing_over.list_inside)
    log_lines = Of(lambda parts: parts.handing_over.log_lines)
    fetch_command = Of(lambda parts: parts.handing_over.fetch_command)

    # Other programs.
    openers = Of(lambda parts: parts.opening.openers)
    open_with = Of(lambda parts: parts.opening.open_with)
    shell_line = Of(lambda parts: parts.opening.shell_line)
    run_shell = Of(lambda parts: parts.opening.run_shell)
    real_path = Of(lambda parts: parts.opening.real_path)

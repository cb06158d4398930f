"""Changes files inside the library's folders: rename, move, copy, trash, restore, clean copies."""

from smartgallery_tui.files.archive import ENDINGS, Packer, writing
from smartgallery_tui.files.changes import Change, Journal, from_row, inverse, to_row
from smartgallery_tui.files.clean import fill_clean
from smartgallery_tui.files.export import Exporter
from smartgallery_tui.files.guard import OWN_FOLDER, Guard, check_name, keep_extension, usable_name
from smartgallery_tui.files.operations import Done, Operations
from smartgallery_tui.files.recovery import recover
from smartgallery_tui.files.trash import Trash
from smartgallery_tui.files.watch import Watch

__all__ = [
    "ENDINGS",
    "OWN_FOLDER",
    "Change",
    "Done",
    "Exporter",
    "Guard",
    "Journal",
    "Operations",
    "Packer",
    "Trash",
    "Watch",
    "check_name",
    "fill_clean",
    "from_row",
    "inverse",
    "keep_extension",
    "recover",
    "to_row",
    "usable_name",
    "writing",
]

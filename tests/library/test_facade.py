"""The door: every name stands for a part, every part has its names, and parts do not inherit."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path
from typing import TYPE_CHECKING

import smartgallery_tui.library
from smartgallery_tui.library.facade import Library, Of

if TYPE_CHECKING:
    from tests.library.conftest import Open

FOLDER = Path(smartgallery_tui.library.__file__).parent
NAMES = [name for name, value in vars(Library).items() if isinstance(value, Of)]
PROMISED = {
    "sync", "watch", "search", "facets", "item", "generation", "raw", "thumbnail", "picture",
    "set_favorite", "set_rating", "set_status", "set_note", "tag", "untag", "album_add",
    "album_remove", "rename", "copy", "move", "trash", "restore", "make_folder", "rename_folder",
    "trash_folder", "import_files", "export", "undo", "redo", "stats", "backup",
}  # fmt: skip
"""What scripts may count on."""


def test_every_name_is_there(open_library: Open) -> None:
    library = open_library()
    assert not [name for name in NAMES if getattr(library, name, None) is None]
    assert set(NAMES) >= PROMISED


def test_every_name_is_described_where_it_leads(open_library: Open) -> None:
    library = open_library()
    methods = [getattr(library, name) for name in NAMES]
    assert not [m.__qualname__ for m in methods if callable(m) and not inspect.getdoc(m)]


def test_a_name_is_called_as_its_method_is(open_library: Open) -> None:
    library = open_library()
    found = {name: getattr(library, name) for name in NAMES}
    assert not [
        f"{name} leads to {method.__qualname__}"
        for name, method in found.items()
        if inspect.ismethod(method) and method.__name__ != name
    ]


def test_parts_inherit_from_no_part() -> None:
    """What a part needs of another one is handed to it."""
    classes = {
        node.name: [base.id for base in node.bases if isinstance(base, ast.Name)]
        for path in FOLDER.glob("*.py")
        for node in ast.parse(path.read_text("utf-8")).body
        if isinstance(node, ast.ClassDef)
    }
    inheriting = {
        name: mine for name, bases in classes.items() if (mine := set(bases) & set(classes))
    }
    # The halves of a sync may be made for a few named places instead of whole roots.
    assert set(inheriting) <= {"_Look", "_ReadThese"}

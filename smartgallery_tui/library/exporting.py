"""Export: copies, clean copies, workflows, prompts and tables, written outside the journal."""

from __future__ import annotations

import json
import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from smartgallery_tui.config.comfy import detect_comfyui
from smartgallery_tui.containers import open_source, read_container
from smartgallery_tui.errors import FileChangeError, UsageError
from smartgallery_tui.files import ENDINGS, Exporter, Watch, usable_name
from smartgallery_tui.index import roots as root_rows
from smartgallery_tui.library.batch import REFUSALS, Batch
from smartgallery_tui.library.changes import together
from smartgallery_tui.library.packing import Contents, Packing, as_bytes
from smartgallery_tui.library.tables import csv_head, csv_row, described, row_shape
from smartgallery_tui.metadata import payloads
from smartgallery_tui.records import Outcome
from smartgallery_tui.records.home import at_home

if TYPE_CHECKING:
    import threading
    from collections.abc import Sequence

    from smartgallery_tui.library.context import Context
    from smartgallery_tui.library.looking import Looking
    from smartgallery_tui.library.marking import Marking
    from smartgallery_tui.records import Item, Told

KINDS = ("original", "clean", "workflow", "prompt")
TABLES = ("csv", "jsonl")
_PAGE_ROWS = 500


class Exporting:
    """Writes new files into any folder; a taken name gets a number, nothing is replaced.

    Args:
        context: The open library.
        looking: Knows what was understood of files.
        marking: Knows what the user said of them.
    """

    def __init__(self, context: Context, looking: Looking, marking: Marking) -> None:
        self._context = context
        self._looking = looking
        self._marking = marking

    def export(
        self,
        ids: Sequence[int],
        folder: str,
        *,
        kind: str = "original",
        clean: bool = False,
        cancelled: threading.Event | None = None,
        told: Told | None = None,
    ) -> list[Outcome]:
        """Write something of each file into a folder, which is made if it is not there.

        Args:
            ids: Which files.
            folder: Where to; any folder of this machine.
            kind: `original`; `clean`: the same pixels without metadata; `workflow` and `prompt`:
                the embedded text, byte for byte, named after the file.
            clean: The same as kind `clean`.
            cancelled: Stops between two files and within a copy.
            told: Hears how far it is.

        Raises:
            UsageError: The kind is unknown.
        """
        folder = str(at_home(folder).absolute())
        self._check_export(kind, KINDS, folder)
        wanted = "clean" if clean else kind
        items = {item.id: item for item in self._looking.items(ids)}
        is_copy = wanted in {"original", "clean"}
        size_bytes = sum(item.size_bytes for item in items.values()) if is_copy else 0
        batch = Batch(len(ids), cancelled, told, size_bytes)
        exporter = Exporter(self._context.guard(), folder, watch=batch.watch)

        def write(item: Item) -> list[Outcome]:
            return [Outcome(item.id, ok=True, path=_write(exporter, item, wanted))]

        for file_id in ids:
            item = items.get(file_id)
            if item is None:
                batch.fail([(file_id, "")], "is gone")
            else:
                batch.do([(file_id, item.path)], partial(write, item))
        return batch.finish()

    def export_archive(
        self,
        ids: Sequence[int],
        path: str,
        *,
        clean: bool = False,
        workflows: bool = False,
        table: bool = False,
        cancelled: threading.Event | None = None,
        told: Told | None = None,
    ) -> list[Outcome]:
        """Pack files into one new archive; outcomes that are ok have its path.

        Args:
            ids: Which files.
            path: Of the archive; `.zip`, `.tar`, `.tar.gz` or `.tgz`. A taken name gets a number.
            clean: Pack copies without metadata.
            workflows: Add the workflow of each file that has one.
            table: Add a table (CSV) of all.
            cancelled: Stops it; nothing is written then.
            told: Hears how far it is.

        Raises:
            UsageError: The name is none of an archive.
        """
        folder, _, name = str(at_home(path).absolute()).rpartition("/")
        if not name.lower().endswith(ENDINGS):
            raise UsageError(f"{name!r} is no name of an archive; one ends in {', '.join(ENDINGS)}")
        self._check_export("original", KINDS, folder or "/")
        items = {item.id: item for item in self._looking.items(ids)}
        contents = Contents(clean, workflows, self._table if table else None)
        packing = Packing(
            self._context.guard(), [root.path for root in self._context.roots()], contents
        )
        return packing.run(ids, items, (folder or "/", name), cancelled, told)

    def export_table(
        self,
        ids: Sequence[int],
        folder: str,
        kind: str,
        *,
        name: str = "smartgallery",
        cancelled: threading.Event | None = None,
    ) -> Outcome:
        """Write what is known of files into one new file, CSV or JSON lines.

        Args:
            ids: Which files, in this order; those that are gone are left out.
            folder: Where to.
            kind: `csv` or `jsonl`, the columns and objects of `find`.
            name: Name of the file without its extension.
            cancelled: Stops it; nothing is written then.

        Raises:
            UsageError: The kind is unknown.
        """
        folder = str(at_home(folder).absolute())
        self._check_export(kind, TABLES, folder)
        items = self._looking.items(ids)
        try:
            data = self._table(items, kind, cancelled)
            path = Exporter(self._context.guard(), folder).text(f"{name}.{kind}", data)
        except REFUSALS as error:
            return Outcome(0, ok=False, reason=str(error))
        return Outcome(0, ok=True, path=path)

    def _table(
        self, items: Sequence[Item], kind: str = "csv", cancelled: threading.Event | None = None
    ) -> bytes:
        """Return what is known of items as text, a page of them at a time."""
        watch = Watch(cancelled)
        lines = [csv_head()] if kind == "csv" else []
        for start in range(0, len(items), _PAGE_ROWS):
            watch.check()
            page = items[start : start + _PAGE_ROWS]
            for row in described(page, self._looking.generations, self._marking.users_data):
                if kind == "csv":
                    lines.append(csv_row(*row))
                else:
                    lines.append(json.dumps(row_shape(*row), ensure_ascii=True, allow_nan=False))
        return "".join(f"{line}\n" for line in lines).encode("utf-8", "surrogateescape")

    def _check_export(self, kind: str, kinds: Sequence[str], folder: str) -> None:
        if kind not in kinds:
            raise UsageError(f"unknown export {kind!r}; one of {', '.join(kinds)}")
        if root_rows.enclosing(self._context.roots(), os.path.realpath(folder)) is not None:
            self._context.require_changes_allowed()

    @staticmethod
    def export_folder() -> str:
        """Return the folder that exports go to where no other was chosen."""
        return str(Path.home() / "smartgallery-exports")

    def comfy_workflows_folder(self) -> str:
        """Return the folder whose workflows ComfyUI's own panel lists; "" if no ComfyUI is known.

        Asks no server; looks beside the output folder first.
        """
        for root in self._context.roots():
            base = Path(root.path).parent
            if (base / "main.py").is_file() and (base / "comfy").is_dir():
                return str(base / "user/default/workflows")
        found = detect_comfyui(os.environ).install_dir
        return str(Path(found) / "user/default/workflows") if found else ""


def _write(exporter: Exporter, item: Item, kind: str) -> str:
    if kind == "clean":
        return exporter.clean(item.path)
    if kind == "original":
        paths = [exporter.original(path) for path in together(item)]
        return paths[0]
    with open_source(item.path) as source:
        found = payloads(read_container(source, item.name))
    text = found.workflow if kind == "workflow" else found.prompt
    if text is None:
        message = f"{item.name!r} holds no {kind}"
        raise FileChangeError(message)
    stem = item.name.rpartition(".")[0] or item.name
    return exporter.text(usable_name(f"{stem}.json"), as_bytes(text))

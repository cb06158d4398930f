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
from smartgallery_tui.files import Exporter
from smartgallery_tui.index import catalog
from smartgallery_tui.index import roots as root_rows
from smartgallery_tui.library.bringing import Bringing
from smartgallery_tui.library.changes import CANCELLED, REFUSALS
from smartgallery_tui.library.tables import csv_head, csv_row, row_shape
from smartgallery_tui.metadata import payloads
from smartgallery_tui.records import Outcome

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Sequence

    from smartgallery_tui.records import Item

KINDS = ("original", "clean", "workflow", "prompt")
TABLES = ("csv", "jsonl")


class Exporting(Bringing):
    """Writes new files into any folder; a taken name gets a number, nothing is replaced."""

    def export(
        self,
        ids: Sequence[int],
        folder: str,
        *,
        kind: str = "original",
        clean: bool = False,
        cancelled: threading.Event | None = None,
        told: Callable[[int, int], object] | None = None,
    ) -> list[Outcome]:
        """Write something of each file into a folder, which is made if it is not there.

        Args:
            ids: Which files.
            folder: Where to; any folder of this machine.
            kind: `original`; `clean`: the same pixels without metadata; `workflow` and `prompt`:
                the embedded text, byte for byte, named after the file.
            clean: The same as kind `clean`.
            cancelled: Stops between two files and within a copy.
            told: Hears how many of how many are done.

        Raises:
            UsageError: The kind is unknown.
        """
        self._check_export(kind, KINDS, folder)
        folder = str(Path(folder).expanduser().absolute())
        exporter = Exporter(self._guard(), folder, cancelled=cancelled)
        wanted = "clean" if clean else kind
        with self._store.read() as db:
            items = {item.id: item for item in catalog.items(db, list(ids))}
        outcomes = []
        for number, file_id in enumerate(ids):
            if told is not None:
                told(number, len(ids))
            item = items.get(file_id)
            if item is None or (cancelled is not None and cancelled.is_set()):
                reason = "is gone" if item is None else CANCELLED
                outcomes.append(Outcome(file_id, ok=False, reason=reason))
                continue
            try:
                path = _write(exporter, item, wanted)
            except REFUSALS as error:
                outcomes.append(Outcome(file_id, ok=False, reason=str(error), path=item.path))
                continue
            outcomes.append(Outcome(file_id, ok=True, path=path))
        return outcomes

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
        self._check_export(kind, TABLES, folder)
        lines = [csv_head()] if kind == "csv" else []
        with self._store.read() as db:
            items = catalog.items(db, list(ids))
        for item in items:
            if cancelled is not None and cancelled.is_set():
                return Outcome(0, ok=False, reason=CANCELLED)
            said = self.user_data(item.id)
            if kind == "csv":
                lines.append(csv_row(item, said.tags))
            else:
                row = row_shape(item, self.generation(item.id), said)
                lines.append(json.dumps(row, ensure_ascii=True, allow_nan=False))
        data = "".join(f"{line}\n" for line in lines).encode("utf-8", "surrogateescape")
        try:
            target = str(Path(folder).expanduser().absolute())
            path = Exporter(self._guard(), target).text(f"{name}.{kind}", data)
        except REFUSALS as error:
            return Outcome(0, ok=False, reason=str(error))
        return Outcome(0, ok=True, path=path)

    def _check_export(self, kind: str, kinds: Sequence[str], folder: str) -> None:
        if kind not in kinds:
            raise UsageError(f"unknown export {kind!r}; one of {', '.join(kinds)}")
        if root_rows.enclosing(self.roots(), os.path.realpath(folder)) is not None:
            self._require_changes_allowed()

    @staticmethod
    def export_folder() -> str:
        """Return the folder that exports go to where no other was chosen."""
        return str(Path.home() / "smartgallery-exports")

    def comfy_workflows_folder(self) -> str:
        """Return the folder whose workflows ComfyUI's own panel lists; "" if no ComfyUI is known.

        Asks no server; looks beside the output folder first.
        """
        for root in self.roots():
            base = Path(root.path).parent
            if (base / "main.py").is_file() and (base / "comfy").is_dir():
                return str(base / "user/default/workflows")
        found = detect_comfyui(os.environ).install_dir
        return str(Path(found) / "user/default/workflows") if found else ""


def _write(exporter: Exporter, item: Item, kind: str) -> str:
    if kind == "clean":
        return exporter.clean(item.path)
    if kind == "original":
        paths = [exporter.original(path) for path in (item.path, *item.companions)]
        return paths[0]
    with open_source(item.path) as source:
        found = payloads(read_container(source, item.name))
    text = found.workflow if kind == "workflow" else found.prompt
    if text is None:
        message = f"{item.name!r} holds no {kind}"
        raise FileChangeError(message)
    stem = item.name.rpartition(".")[0] or item.name
    write = partial(exporter.text, f"{stem}.json")
    try:
        return write(text.encode("utf-8", "surrogateescape"))
    except UnicodeEncodeError:
        return write(text.encode("utf-8", "surrogatepass"))

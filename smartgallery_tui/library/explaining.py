"""The graph of a file, node by node: the library's part for the detail screen."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from smartgallery_tui.containers import open_source, read_container
from smartgallery_tui.errors import ContainerError, SmartGalleryError
from smartgallery_tui.index import catalog, found
from smartgallery_tui.library.node_rules import NodeRules, load_node_rules
from smartgallery_tui.library.sync import known_votes
from smartgallery_tui.metadata.tree import node_tree
from smartgallery_tui.paths import find_paths

if TYPE_CHECKING:
    from pathlib import Path

    from smartgallery_tui.index.store import Store
    from smartgallery_tui.metadata import Orders
    from smartgallery_tui.records import Container
    from smartgallery_tui.records.graphs import NodeSummary


class Explaining:
    """Reads graphs from the files themselves: the index holds none.

    Args:
        store: Where the files lie and what they have shown so far.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._rules_file: Path | None = None

    def use_node_rules(self, file: Path) -> NodeRules:
        """Read by the rules of a file from here on, and return them.

        The file is looked at again by each sync, which reads everything anew when its rules
        have changed.
        """
        self._rules_file = file
        return self.node_rules()

    def node_rules(self) -> NodeRules:
        """Return the rules for nodes as their file has them now: the profile's, if none was set."""
        return load_node_rules(self._rules_file or find_paths().rules_file)

    def node_tree(self, file_id: int) -> tuple[NodeSummary, ...]:
        """Return the nodes of a file's graph, from the one that wrote it upwards.

        Raises:
            SmartGalleryError: There is no such item, or its file cannot be read.
        """
        container, companions = self._containers(file_id)
        return node_tree(
            container, companions=companions, rules=self.node_rules().rules, orders=self.orders()
        )

    def orders(self) -> Orders:
        """Return what files of this library have shown of the order of widgets."""
        return known_votes(self._store).orders()

    def _containers(self, file_id: int) -> tuple[Container, list[Container]]:
        with self._store.read() as db:
            items = catalog.items(db, [file_id])
            paths = found.stills(db, file_id)
        if not items:
            raise SmartGalleryError(f"there is no item {file_id}")
        companions = []
        for path in paths:
            try:
                companions.append(_read(os.fsdecode(path)))
            except ContainerError:
                continue
        return _read(items[0].path), companions


def _read(path: str) -> Container:
    with open_source(path) as source:
        return read_container(source, path.rsplit("/", 1)[-1])

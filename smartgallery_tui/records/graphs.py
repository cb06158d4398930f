"""A file's graph as a detail screen shows it, and the reasons behind what was read of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

NodeCategory = Literal["output", "sampling", "model", "text", "input", "processing"]
"""What a node is there for."""


@dataclass(frozen=True, slots=True)
class NodeSummary:
    """One node of the tree that grows from the node that wrote the file."""

    node: str
    """Id in the graph."""
    class_type: str
    title: str = ""
    """Title given by a user; "" where it is the class name."""
    depth: int = 0
    """Links between this node and the one that wrote the file."""
    values: tuple[tuple[str, str], ...] = ()
    """Inputs that differ from the node's defaults, ready to be shown."""
    defaults: tuple[tuple[str, str], ...] = ()
    """Inputs that are as the node class gives them."""
    via: str = ""
    """Input of the node above that this one feeds; "" at the root."""
    links: tuple[tuple[str, str], ...] = ()
    """Inputs fed by nodes that stand elsewhere in the tree: name and `class #id`."""
    category: NodeCategory = "processing"
    is_muted: bool = False
    """True for a node that was muted or bypassed: it did not run."""
    is_unused: bool = False
    """True for a node that does not lead to the file."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """What one node contributed to what is known of a file."""

    node: str
    """Id in the graph; "" for a text of another tool."""
    class_type: str
    title: str = ""
    gave: tuple[tuple[str, str], ...] = ()
    """Field and value, such as `("steps", "20")`."""
    note: str = ""
    """Why nothing was taken, or what was not understood."""

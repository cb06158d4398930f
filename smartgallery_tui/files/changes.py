"""Changes of the disk as values: what is intended, what was done, and what takes it back."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

Action = Literal[
    "move", "copy", "import", "trash", "restore", "make_folder", "remove_folder", "delete"
]  # fmt: skip
"""A rename is a move within a folder; an import copies from outside the roots."""

_INVERSE: Mapping[Action, Action] = {
    "move": "move",
    "copy": "trash",
    "import": "trash",
    "trash": "restore",
    "restore": "trash",
    "make_folder": "remove_folder",
    "remove_folder": "make_folder",
}


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one file or folder. Paths are absolute."""

    action: Action
    source: str = ""
    """Where it is; "" where nothing was before."""
    target: str = ""
    """Where it will be; "" where nothing is left."""
    scratch: str = ""
    """Name beside the target under which bytes are collected when they must be copied."""
    device: int = 0
    inode: int = 0
    size_bytes: int = 0
    mtime_ns: int = 0
    """What the entry is: before the change in an intent, after it in a finished one."""
    trash_id: str = ""
    """Where the change goes through the trash."""
    is_folder: bool = False


class Journal(Protocol):
    """Keeps changes so that they can be taken back, and finished after a crash.

    Each call returns when what it says is on the disk.
    """

    def intend(self, change: Change) -> int:
        """Note a change that is about to happen; return its number."""

    def amend(self, entry: int, change: Change) -> None:
        """Note that an intended change goes elsewhere."""

    def finish(self, entry: int, change: Change) -> None:
        """Note a change as done."""

    def fail(self, entry: int, reason: str) -> None:
        """Note that a change did not happen."""


def inverse(change: Change) -> Change | None:
    """Return the change that takes a finished one back; None where nothing can."""
    action = _INVERSE.get(change.action)
    if action is None:
        return None
    return replace(change, action=action, source=change.target, target=change.source, scratch="")


def to_row(change: Change) -> dict[str, Any]:
    """Return a change as a JSON object; undecodable bytes of paths stay as surrogates."""
    return asdict(change)


def from_row(row: Mapping[str, Any]) -> Change:
    """Return the change that `to_row` wrote."""
    return Change(**row)

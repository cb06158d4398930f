"""Texts to copy: gathered in a lane, handed to the terminal, to tmux or to a file."""

from __future__ import annotations

import base64
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from textual.message import Message

from smartgallery_tui.errors import SmartGalleryError
from smartgallery_tui.ui.generation_text import generation_text, lora_tag

if TYPE_CHECKING:
    from smartgallery_tui.library import Library
    from smartgallery_tui.records import Generation
    from smartgallery_tui.ui.background import Call

CLIPBOARD_LIMIT = 74_994
"""Base64 characters that terminals take through OSC 52; longer texts go to a file."""
MANY = 2_000
"""Items whose values are copied together at most."""


@dataclass
class TextGathered(Message):
    """A text to copy is here, and where it has been put already."""

    what: str
    text: str
    count: int
    is_in_tmux: bool
    path: str
    """File that holds it where it is too long for a clipboard, or ""."""


def gather(library: Library, ids: list[int], what: str, words: str, *, is_tmux: bool) -> Call:
    """Return a call that reads a text of items and puts it where the terminal cannot."""

    def call(_cancelled: object) -> TextGathered:
        text = _text(library, ids[:MANY], what)
        suffix = ".json" if what in {"workflow", "prompt", "json"} else ".txt"
        return _put(library, text, words, suffix, len(ids), is_tmux=is_tmux)

    return call


def put_away(library: Library, text: str, words: str, *, is_tmux: bool) -> Call:
    """Return a call that puts a known text where the terminal cannot."""
    return lambda _cancelled: _put(library, text, words, ".txt", 1, is_tmux=is_tmux)


def _put(
    library: Library, text: str, words: str, suffix: str, count: int, *, is_tmux: bool
) -> TextGathered:
    is_long = len(base64.b64encode(text.encode("utf-8", "replace"))) > CLIPBOARD_LIMIT
    path = library.save_copied_text(text, suffix) if text and is_long else ""
    is_in_tmux = bool(text) and is_tmux and library.copy_to_tmux(text)
    return TextGathered(words, text, count, is_in_tmux, path)


def _text(library: Library, ids: list[int], what: str) -> str:
    if what == "fetch":
        return library.fetch_command([item.path for item in library.items(ids)])
    texts = [_of_item(library, item_id, what) for item_id in ids]
    return "\n".join(text for text in texts if text)


def _of_item(library: Library, item_id: int, what: str) -> str:
    item = library.item(item_id)
    simple = {
        "path": item.path,
        "name": item.name,
        "folder": item.path[: -len(item.name)].rstrip("/") or "/",
    }
    if what in simple:
        return simple[what]
    if what in {"workflow", "prompt"}:
        return library.raw(item_id)[what] or ""
    generation = library.generation(item_id)
    if what == "parameters":
        return _as_written(library, item_id) or generation_text(generation)
    if what == "json":
        fields = {"path": item.path, **asdict(generation)}
        return json.dumps(fields, ensure_ascii=False, default=str)
    return _of_generation(generation, what)


def _as_written(library: Library, item_id: int) -> str:
    """Return the text as the file itself has it, if it has one that others can read."""
    try:
        written = library.raw(item_id)["parameters"] or ""
    except SmartGalleryError:
        return ""
    return written if "\nSteps: " in written or written.startswith("Steps: ") else ""


def _of_generation(generation: Generation, what: str) -> str:
    headline = generation.headline
    if headline is None:
        return ""
    if what == "seed":
        return "" if headline.seed is None else str(headline.seed)
    if what == "loras":
        return " ".join(lora_tag(lora) for lora in headline.loras)
    texts = headline.positive if what == "positive" else headline.negative
    return "\n".join(texts)

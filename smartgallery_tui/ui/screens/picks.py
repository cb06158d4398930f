"""What the pickers offer, read in lanes: searches, albums, folders, months, things alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartgallery_tui.ui.content import plain
from smartgallery_tui.ui.query_text import folders_of, quote, state_of, term_value
from smartgallery_tui.ui.screens.picker import Pick, PicksLoaded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from smartgallery_tui.library import Library
    from smartgallery_tui.records import FacetValue, Headline, Item
    from smartgallery_tui.records.albums import AlbumInfo
    from smartgallery_tui.ui.background import Call

_PROMPT_CHARS = 120
_FACETS: Mapping[str, tuple[str, str, str]] = {
    "album": ("Albums", "album", "album"),
    "folder": ("Folders", "folder", "folder"),
    "month": ("Months", "month", "date"),
    "tag": ("Tags", "tag", "tag"),
}
"""Picker -> title, facet, query field."""


def searches(library: Library) -> Call:
    """Return a call that reads saved searches, albums and recent queries."""

    def call(_cancelled: object) -> PicksLoaded:
        picks = [
            Pick(
                saved.name,
                saved.text,
                _saved_note(library, saved.text),
                f"{saved.sort} {'down' if saved.is_descending else 'up'}",
                kind="search",
                name=saved.name,
            )
            for saved in library.saved_searches()
        ]
        picks += [
            Pick(
                album.leaf,
                f"album:{quote(album.name)}",
                _album_note(album),
                kind="album",
                name=album.name,
                depth=album.depth,
            )
            for album in library.albums()
        ]
        picks += [Pick(text, text, "recent") for text in library.recent_searches()]
        return PicksLoaded("Searches and albums", picks, can_save=True)

    return call


def _album_note(album: AlbumInfo) -> str:
    """Return how many files an album has, those below it, and the first line of its note."""
    below = f" +{album.total - album.own:,} below" if album.total > album.own else ""
    note = album.note.strip().partition("\n")[0]
    return f"album, {album.own:,}{below}{f': {note}' if note else ''}"


def _saved_note(library: Library, text: str) -> str:
    """Return what a saved search looks for, and which of its folders have nothing any more."""
    named = folders_of(text)
    gone = [name for name in named if not library.search(f"folder:{quote(name)}").total]
    return f"saved: {text}" if not gone else f"folder gone: {', '.join(gone)}; saved: {text}"


def facet(library: Library, name: str, text: str) -> Call:
    """Return a call that reads the values of a facet.

    Args:
        library: Where they are counted.
        name: Of the picker.
        text: The query that is asked now, with the usual names of its fields.
    """
    title, field, asked = _FACETS[name]

    def call(_cancelled: object) -> PicksLoaded:
        values = library.facets("", fields=(field,))[field]
        now = term_value(text, asked)
        picks = [Pick(f"any {name}", "", f"takes {asked}:{now} away")] if now else []
        picks += [
            Pick(value.value, value.value, _facet_note(text, asked, value)) for value in values
        ]
        return PicksLoaded(title, picks, field=asked)

    return call


def _facet_note(text: str, field: str, value: FacetValue) -> str:
    is_asked = state_of(text, field, value.value) == "+"
    return f"{value.total:,}, asked for: again takes it away" if is_asked else f"{value.total:,}"


def alike(library: Library, item: Item) -> Call:
    """Return a call that makes searches for items that have something in common with one."""

    def call(_cancelled: object) -> PicksLoaded:
        picks: list[Pick] = []
        headline = library.generation(item.id).headline
        if headline is not None:
            picks += _alike(headline)
        stem = item.name.rsplit(".", 1)[0].rstrip("_0123456789")
        if stem:
            picks.append(Pick("Same name prefix", f"prefix:{quote(stem)}", stem))
        return PicksLoaded("More like this", picks)

    return call


def _alike(headline: Headline) -> list[Pick]:
    picks: list[Pick] = []
    for text in headline.positive[:1]:
        start = " ".join(text.split())[:_PROMPT_CHARS]
        if start:
            picks.append(Pick("Same prompt", f"prompt:{quote(start)}", plain(start, 60)))
    if headline.seed is not None:
        picks.append(Pick("Same seed", f"seed:{headline.seed}", str(headline.seed)))
    if headline.model:
        picks.append(Pick("Same model", f"model:{quote(headline.model)}", headline.model))
    picks += [
        Pick("Same LoRA", f"lora:{quote(lora.name)}", lora.name) for lora in headline.loras[:8]
    ]
    if headline.sampler and headline.steps is not None:
        query = f"sampler:{quote(headline.sampler)} steps:{headline.steps}"
        picks.append(Pick("Same sampler and steps", query, query))
    return picks

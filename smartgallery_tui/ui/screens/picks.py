"""What the pickers offer, read in lanes: searches, albums, folders, months, things alike."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from smartgallery_tui.ui import format as words
from smartgallery_tui.ui.content import plain
from smartgallery_tui.ui.note_text import first_line
from smartgallery_tui.ui.query_text import folders_of, quote, state_of, term_value
from smartgallery_tui.ui.screens.picker import Pick, PicksLoaded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from smartgallery_tui.library import Library
    from smartgallery_tui.records import FacetValue, Headline, Item
    from smartgallery_tui.records.albums import AlbumInfo
    from smartgallery_tui.records.searches import SavedSearch
    from smartgallery_tui.ui.background import Call

_PROMPT_CHARS = 120
_NODES = 40
"""Kinds of nodes that a search for the same workflow names."""
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
        picks = [_saved(library, saved) for saved in library.saved_searches()]
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
    note = first_line(album.note)
    return f"album, {album.own:,}{below}{f': {note}' if note else ''}"


def _saved(library: Library, saved: SavedSearch) -> Pick:
    """Return a saved search; its note says which of its folders have nothing any more."""
    named = folders_of(saved.text)
    gone = ", ".join(name for name in named if not library.search(f"folder:{quote(name)}").total)
    return Pick(
        saved.name,
        saved.text,
        f"folder gone: {gone}; saved: {saved.text}" if gone else f"saved: {saved.text}",
        f"{saved.sort} {'down' if saved.is_descending else 'up'}",
        kind="search",
        name=saved.name,
        lacks=gone,
    )


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
        generation = library.generation(item.id)
        headline = generation.headline
        picks = [] if headline is None else _alike(headline)
        nodes = sorted({use.name for use in generation.names if use.role == "node"})
        if nodes:
            query = _same_nodes(library, nodes)
            what = f"its {len(nodes)} kinds of nodes and no others"
            picks.append(Pick("Same workflow", query, what))
            if headline is not None and headline.model:
                query += f" model:={quote(headline.model)}"
                picks.append(Pick("Same workflow and model", query, headline.model))
        picks.append(_batch(item))
        if "_" in item.name:
            prefix = item.name.partition("_")[0]
            picks.append(Pick("Same name prefix", f"prefix:{quote(prefix)}", prefix))
        return PicksLoaded("More like this", [_counted(library, pick) for pick in picks])

    return call


def _same_nodes(library: Library, nodes: Sequence[str]) -> str:
    """Return the search for graphs of these kinds of nodes and, where it can be said, no others."""
    query = " ".join(f"node:={quote(name)}" for name in nodes[:_NODES])
    found = library.facets(query, fields=("node",))["node"]
    others = [value.value for value in found if value.value not in nodes]
    return " ".join([query, *(f"-node:={quote(name)}" for name in others[:_NODES])])


def _counted(library: Library, pick: Pick) -> Pick:
    total = words.count(library.search(pick.query).total, "file")
    return replace(pick, note=f"{pick.note}  {total}" if pick.note else total)


def _batch(item: Item) -> Pick:
    """Return the search for what came out of one run: same beginning, seed and minute."""
    minute_ns = 60 * 10**9
    first, last = (words.date(item.mtime_ns + way * minute_ns).replace(" ", "T") for way in (-1, 1))
    parts = [f"date:{first}..{last}"]
    if "_" in item.name:
        parts.insert(0, f"prefix:{quote(item.name.partition('_')[0])}")
    if item.seed is not None:
        parts.append(f"seed:{item.seed}")
    return Pick("Same batch", " ".join(parts), "same prefix and seed, within a minute")


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

"""Read many files: graphs that differ in their values only are traced once."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, Final, Literal

from smartgallery_tui.metadata.blanks import SIDE, Blanked, blank
from smartgallery_tui.metadata.findings import Findings, findings_of, headline_from
from smartgallery_tui.metadata.generators import read_generation_text
from smartgallery_tui.metadata.moulds import Moulds
from smartgallery_tui.metadata.output import media_of
from smartgallery_tui.metadata.payloads import looks_like_workflow
from smartgallery_tui.metadata.reading import decoded_workflow, find_texts, read_graph, read_prompt
from smartgallery_tui.metadata.rules import NO_RULES, Rules
from smartgallery_tui.metadata.templates import Template, UnfitError
from smartgallery_tui.metadata.votes import Vote, Votes, votes_of
from smartgallery_tui.records.generation import Container, Generation, Headline, NameUse

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from smartgallery_tui.metadata.generators.reading import TextReading
    from smartgallery_tui.metadata.payloads import Found
    from smartgallery_tui.metadata.widgets import Orders

READER_VERSION: Final = 5
"""Raised when files are read better; lower than 256."""
MEMORY_BYTES: Final = 16 << 20
_TEMPLATE_BYTES: Final = 8 << 10
"""What a template takes beside its key, by estimate."""

_PLAIN: Final = {
    ("prompt",): ("prompt",),
    ("prompt", "workflow"): ("prompt", "workflow"),
}
"""Keys of the texts of files whose graph may be known by its text: what they hold."""

_Known = Template | Literal["seen", "unfit", "by size"]
Look = tuple[str, str, int | None, int | None]
"""What of a file the answer for its graph may depend on: what it holds, format, width, height."""


def version_of(rules: Rules) -> int:
    """Return what tells answers by these rules from those of another version or rules."""
    return rules.version << 8 | READER_VERSION


def look_of(container: Container) -> Look:
    """Return what of a file the answer for its graph may depend on."""
    return media_of(container), container.format, container.width, container.height


class Reader:
    """Reads one file after the other; the answers do not depend on what was read before.

    A graph met for the second time (but for its values, see `blanks`) is made into a template;
    from the third on, reading it is filling in that template. Use from one thread.

    Args:
        rules: What a user taught about node classes.
        orders: Widget orders learned from other files.
        memory_bytes: About what the templates may take; when they take more, all are dropped.
            0: no templates.
    """

    def __init__(
        self,
        rules: Rules = NO_RULES,
        orders: Orders | None = None,
        *,
        memory_bytes: int = MEMORY_BYTES,
    ) -> None:
        self.rules: Final = rules
        self.orders: Final = orders
        self._votes = Votes()
        self._new_votes: list[Vote] = []
        self._memory_bytes = memory_bytes
        self._used_bytes = 0
        self._known: dict[Hashable, _Known] = {}
        self._moulds = Moulds()

    @property
    def version(self) -> int:
        """Return what tells answers of this reader from those of another version or rules."""
        return version_of(self.rules)

    def extract(self, container: Container, companions: Sequence[Container] = ()) -> Generation:
        """Return how a file was made, as far as its texts say.

        Total: bad input gives a record with `problem` and never an error.

        Args:
            container: What was read of the file.
            companions: Files that may speak for it; used only where the file says nothing.
        """
        known = self._of_known_text(container)
        if known is not None:
            return known
        found = find_texts(container, companions)
        if found.prompt is None and found.workflow is None and not found.others:
            return Generation()
        read = read_generation_text(found.others) if found.others else None
        found.parameters = read[1] if read is not None else None
        said = self._findings(found, container)
        sources = _sources(found)
        if said is None:
            if read is not None:
                return _from_text(read[0], sources)
            return Generation("ComfyUI" if sources else None, sources, problem=found.problem)
        made = Generation(
            "ComfyUI", sources, said.headline, said.passes, said.names, found.problem,
            said.warnings,
        )  # fmt: skip
        return _filled(made, read[0]) if read is not None else made

    def _of_known_text(self, container: Container) -> Generation | None:
        """Return what a file says whose graph is known but for its values; else None."""
        texts = container.texts
        sources = _PLAIN.get(tuple([text.key for text in texts]))
        if sources is None or (len(texts) > 1 and not looks_like_workflow(texts[1].value)):
            return None
        try:
            known = self.known(texts[0].value.encode(), look_of(container))
        except UnicodeEncodeError:
            return None
        said = known[0].filled(known[1]) if known is not None else None
        if said is None:
            return None
        return Generation(
            "ComfyUI", sources, said.headline, said.passes, said.names, None, said.warnings
        )

    def known(self, prompt: bytes, look: Look) -> tuple[Template, Blanked] | None:
        """Return the template of a graph that is known but for its values, and those; else None.

        Args:
            prompt: The graph as JSON in UTF-8.
            look: What the file is; its other texts say nothing of the graph.
        """
        blanked = self._moulds.blanked(prompt)
        if blanked is None:
            return None
        known = self._known_as(blanked, look)[1]
        return (known, blanked) if isinstance(known, Template) else None

    def _findings(self, found: Found, container: Container) -> Findings | None:
        if self._memory_bytes and found.is_plain and found.prompt_graph:
            said = self._remembered(found, found.prompt_graph, container)
            if said is not None:
                return said
        reading = read_graph(found, container, self.rules, self.orders)
        if self._memory_bytes:
            self._learn(found)
        return findings_of(reading) if reading is not None else None

    def _learn(self, found: Found) -> None:
        """Learn orders of widgets where a file has both forms of a graph, met so for the first."""
        prompt = found.prompt_graph
        if not prompt or not found.workflow or not self._votes.wants(prompt):
            return
        workflow = decoded_workflow(found)
        if workflow is not None:
            votes = votes_of(prompt, workflow)
            self._votes.add(votes)
            self._new_votes += votes

    def take_votes(self) -> list[Vote]:
        """Return what was learned of widget orders since this was last asked."""
        votes, self._new_votes = self._new_votes, []
        return votes

    def _remembered(
        self, found: Found, prompt: dict[str, Any], container: Container
    ) -> Findings | None:
        """Return what a prompt says if one like it was met before; leave it as it was if not."""
        blanked = blank(prompt)
        if blanked is None:
            return None
        key, known = self._known_as(blanked, look_of(container))
        if isinstance(known, Template):
            said = known.filled(blanked)
            if said is not None:
                return said
        elif known is None:
            self._keep(key, "seen", len(blanked.key))
        elif known == "seen":
            return self._make(key, found, container, blanked)
        blanked.restore()
        return None

    def _known_as(self, blanked: Blanked, look: Look) -> tuple[Hashable, _Known | None]:
        """Return the key of a graph and what is known under it."""
        media, format_name, width, height = look
        key: Hashable = (media, format_name, blanked.key)
        known = self._known.get(key)
        if known == "by size":
            key = (key, width, height, *blanked.sides)
            known = self._known.get(key)
        return key, known

    def _make(
        self, key: Hashable, found: Found, container: Container, blanked: Blanked
    ) -> Findings | None:
        """Make a template of a graph and return what the graph says; it is no longer blank."""
        is_by_size = isinstance(key, tuple) and isinstance(key[0], tuple)
        if is_by_size:
            blanked.restore(SIDE)
        marked = read_prompt(found, container, self.rules)
        summed = findings_of(marked) if marked is not None and marked.passes else None
        blanked.restore()
        reading = read_prompt(found, container, self.rules)
        if reading is None or not reading.passes or marked is None or summed is None:
            self._keep(key, "unfit")
            return None
        said = findings_of(reading)
        if not is_by_size and (marked.graph.has_compared_sizes or reading.graph.has_compared_sizes):
            self._keep(key, "by size")
            return said
        try:
            template = Template(summed, blanked)
        except UnfitError:
            self._keep(key, "unfit")
            return said
        filled = template.filled(blanked)
        is_right = filled is not None and filled[:3] == said[:3]
        self._keep(key, template if is_right else "unfit", _TEMPLATE_BYTES)
        if is_right and found.prompt and found.prompt_graph:
            self._moulds.add(found.prompt_graph, found.prompt.encode(), blanked)
        return said

    def _keep(self, key: Hashable, known: _Known, more_bytes: int = 0) -> None:
        self._used_bytes += more_bytes
        if self._used_bytes > self._memory_bytes:
            self._known.clear()
            self._moulds.clear()
            self._used_bytes = 0
        self._known[key] = known


def _sources(found: Found) -> tuple[str, ...]:
    given = (
        ("prompt", found.prompt), ("workflow", found.workflow), ("parameters", found.parameters),
    )  # fmt: skip
    return tuple([name for name, text in given if text is not None])


def _from_text(read: TextReading, sources: tuple[str, ...]) -> Generation:
    """Return the record of a file that only a tool's text speaks for; its first pass is shown."""
    return Generation(
        generator=read.generator,
        sources=sources,
        headline=headline_from(read.passes[0], read.passes),
        passes=read.passes,
        names=read.names,
    )


def _filled(made: Generation, read: TextReading) -> Generation:
    """Return a graph's record whose empty fields are filled from a text beside the graph."""
    given = headline_from(read.passes[0], read.passes)
    names = {(use.role, use.name): use for use in (*made.names, *read.names)}
    if made.headline is None:
        return replace(made, headline=given, passes=read.passes, names=tuple(names.values()))
    gaps = {}
    for one in fields(Headline):
        name = one.name
        if name in ("width", "height", "models", "loras"):
            continue
        value = getattr(given, name)
        if getattr(made.headline, name) in (None, ()) and value not in (None, (), 0):
            gaps[name] = value
    gaps.pop("cfg", None) if made.headline.guidance is not None else None
    return replace(
        made, headline=replace(made.headline, **gaps), names=_named(made.names, read.names)
    )


def _named(known: tuple[NameUse, ...], more: tuple[NameUse, ...]) -> tuple[NameUse, ...]:
    """Return names of a graph, with those of a text only for roles that the graph leaves empty."""
    roles = {use.role for use in known}
    return known + tuple(use for use in more if use.role not in roles)

"""What differs between items: figures, values node by node, prompts word by word."""

from __future__ import annotations

import difflib
import json
from typing import TYPE_CHECKING, Any

from textual.content import Content

from smartgallery_tui.ui import format as words
from smartgallery_tui.ui.content import line
from smartgallery_tui.ui.text_rows import ColumnRow, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from smartgallery_tui.records import Generation, Item
    from smartgallery_tui.ui.text_rows import Row

_LABEL_CELLS = 16
_VALUE_CHARS = 300
_PROMPT_CHARS = 4_000
_MOST_NODE_ROWS = 200
Graph = dict[str, dict[str, Any]]


def differences(
    items: Sequence[Item],
    generations: Sequence[Generation],
    graphs: Sequence[str | None] = (),
) -> list[Row]:
    """Return the fields that are not the same everywhere, prompts by word, values by node."""
    tables = [_fields(*pair) for pair in zip(items, generations, strict=True)]
    rows: list[Row] = []
    for label in tables[0]:
        values = [table[label] for table in tables]
        if len(set(values)) > 1:
            rows.append(_row(label, values))
    for title, texts in (
        ("Prompt", [_text(generation, is_negative=False) for generation in generations]),
        ("Negative prompt", [_text(generation, is_negative=True) for generation in generations]),
    ):
        for number, other in enumerate(texts[1:], 2):
            if other != texts[0]:
                rows.append(text(line(f"{title}, 1 to {number}", "bold $accent")))
                rows.append(text(word_changes(texts[0], other)))
    rows += node_differences(graphs)
    if not rows:
        return [text(line("No field differs.", "dim"))]
    numbers = tuple(Content.styled(f"{number}", "bold") for number, _ in enumerate(items, 1))
    return [ColumnRow(Content(), numbers, _LABEL_CELLS), *rows]


def word_changes(before: str, after: str) -> Content:
    """Return a text with the words that went struck through and those that came in bold."""
    old, new = before[:_PROMPT_CHARS].split(), after[:_PROMPT_CHARS].split()
    parts: list[Content] = []
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for what, a_start, a_end, b_start, b_end in matcher.get_opcodes():
        if what == "equal":
            parts.append(line(" ".join(old[a_start:a_end]), "$foreground-muted"))
            continue
        if a_end > a_start:
            parts.append(line(" ".join(old[a_start:a_end]), "$text-error strike"))
        if b_end > b_start:
            parts.append(line(" ".join(new[b_start:b_end]), "bold $success"))
    return Content(" ").join(parts)


def _text(generation: Generation, *, is_negative: bool) -> str:
    headline = generation.headline
    if headline is None:
        return ""
    return " ".join(headline.negative if is_negative else headline.positive)


def _fields(item: Item, generation: Generation) -> dict[str, str]:
    headline = generation.headline
    fields = {"Size": words.dimensions(item), "File size": words.size(item.size_bytes)}
    names = ("sampler", "scheduler", "steps", "cfg", "guidance", "denoise", "seed")
    fields["Model"] = ", ".join(headline.models) if headline else ""
    fields["LoRAs"] = ", ".join(
        f"{lora.name} {lora.strength_model}" for lora in (headline.loras if headline else ())
    )
    for name in names:
        value = getattr(headline, name) if headline else None
        fields[name.upper() if name == "cfg" else name.capitalize()] = (
            "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
        )
    return fields


def node_differences(prompts: Sequence[str | None]) -> list[Row]:
    """Return the inputs that are not the same in all graphs, each node under its own heading."""
    tables = [plain_inputs(read_graph(prompt)) for prompt in prompts]
    places = dict.fromkeys(place for table in tables for place in table)
    rows: list[Row] = []
    last = ""
    for node, name in places:
        values = [table.get((node, name), "") for table in tables]
        if len(set(values)) == 1:
            continue
        if node != last:
            rows.append(text(line(node, "bold $accent")))
            last = node
        rows.append(_row(f"  {name}", values))
        if len(rows) >= _MOST_NODE_ROWS:
            rows.append(text(line("… more differences", "dim")))
            break
    return rows


def _row(label: str, values: Sequence[str]) -> ColumnRow:
    cells = tuple(line(value or "-", limit=_VALUE_CHARS) for value in values)
    return ColumnRow(line(label, "$foreground-muted"), cells, _LABEL_CELLS)


def read_graph(prompt: str | None) -> Graph:
    """Return the nodes of an API graph by their ids; none where it cannot be read."""
    try:
        value = json.loads(prompt or "")
    except (ValueError, RecursionError):
        return {}
    if not isinstance(value, dict):
        return {}
    return {
        str(key): node
        for key, node in value.items()
        if isinstance(node, dict) and isinstance(node.get("class_type"), str)
    }


def plain_inputs(graph: Graph) -> dict[tuple[str, str], str]:
    """Return the values that are no links: (`KSampler #3`, input) -> text."""
    found: dict[tuple[str, str], str] = {}
    for key, node in graph.items():
        inputs = _inputs(node)
        linked = {name for name, _link in _links(graph, inputs)}
        for name, value in inputs.items():
            if name not in linked:
                text = value if isinstance(value, str) else json.dumps(value, default=str)
                found[f"{node['class_type']} #{key}", name] = text
    return found


def _inputs(node: Mapping[str, Any]) -> Mapping[str, Any]:
    inputs = node.get("inputs")
    return inputs if isinstance(inputs, dict) else {}


def _links(graph: Graph, inputs: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in inputs.items():
        if isinstance(value, list) and len(value) == 2 and str(value[0]) in graph:
            yield name, str(value[0])

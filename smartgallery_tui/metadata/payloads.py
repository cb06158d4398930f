"""Sort the texts of a container: ComfyUI prompt, ComfyUI workflow, generation text of others."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from smartgallery_tui.metadata.decode import load_object, load_plain_object
from smartgallery_tui.metadata.graph import is_prompt

if TYPE_CHECKING:
    from collections.abc import Mapping

    from smartgallery_tui.records.generation import Container


@dataclass(frozen=True, slots=True)
class Payloads:
    """The raw texts of a file, as they lay in it."""

    prompt: str | None = None
    """A ComfyUI graph in API form."""
    workflow: str | None = None
    """A ComfyUI workflow as the editor saves it."""
    parameters: str | None = None
    """The generation text of any other tool."""


@dataclass(slots=True)
class Found:
    """Texts and what was already decoded of them."""

    prompt: str | None = None
    workflow: str | None = None
    parameters: str | None = None
    others: dict[str, str] = field(default_factory=dict)
    """Every text that is none of ComfyUI's two, by key; the first of a key wins."""
    prompt_graph: dict[str, Any] | None = None
    workflow_graph: dict[str, Any] | None = None
    is_plain: bool = False
    """Whether `prompt_graph` says all that its text says: JSON without NaN, NUL and the like."""
    problem: str | None = None
    """One line where a text under ComfyUI's keys cannot be read."""

    def as_payloads(self) -> Payloads:
        """Return the raw texts."""
        return Payloads(self.prompt, self.workflow, self.parameters)


def is_workflow(value: Any) -> bool:
    """Tell whether a JSON value is a workflow as the editor saves it."""
    return (
        isinstance(value, dict)
        and isinstance(value.get("nodes"), list)
        and any(isinstance(node, dict) and "type" in node for node in value["nodes"])
        and "edges" not in value
    )


def find_payloads(container: Container, *, is_lazy: bool = False) -> Found:
    """Return the texts of a container by their part.

    Args:
        container: What was read of the file.
        is_lazy: Do not decode a text under the key `workflow` that starts like an object.
    """
    found = Found()
    for text in container.texts:
        value = text.value
        if not value or not value.strip("\x00 \t\r\n"):
            continue
        if text.key == "prompt" and found.prompt is None and _take_prompt(value, found):
            continue
        if (
            is_lazy and text.key == "workflow" and found.workflow is None
            and looks_like_workflow(value)
        ):  # fmt: skip
            found.workflow = value
            continue
        if _take_object(value, found):
            continue
        found.others.setdefault(text.key, value)
        if text.key in ("prompt", "workflow") and value[:1] in "{[" and not found.problem:
            found.problem = f"the {text.key} in this file is not a graph that can be read"
    return found


def looks_like_workflow(value: str) -> bool:
    """Tell whether a text under the key `workflow` may be taken for one without decoding it."""
    return value[:1] == "{" and '"nodes"' in value


def _take_prompt(value: str, found: Found) -> bool:
    plain = load_plain_object(value)
    graph = load_object(value) if plain is None else plain
    if graph is None or not is_prompt(graph):
        return graph is not None and _take_graph(graph, value, found)
    found.prompt, found.prompt_graph, found.is_plain = value, graph, plain is not None
    return True


def _take_object(value: str, found: Found) -> bool:
    """Take a text that is a graph, or an object that holds graphs."""
    if "nodes" not in value and "class_type" not in value and '"prompt"' not in value:
        return False
    graph = load_object(value)
    if graph is None:
        return False
    return _take_graph(graph, value, found) or _take_wrapped(graph, found)


def _take_graph(graph: dict[str, Any], text: str, found: Found) -> bool:
    if is_prompt(graph):
        if found.prompt is None:
            found.prompt, found.prompt_graph = text, graph
        return True
    if is_workflow(graph):
        if found.workflow is None:
            found.workflow, found.workflow_graph = text, graph
        return True
    return False


def _take_wrapped(outer: Mapping[str, Any], found: Found) -> bool:
    """Take graphs from inside an object, as a video's comment or an API export holds them."""
    is_taken = False
    extra = outer.get("extra")
    inside = [outer.get(name) for name in ("prompt", "workflow", "output")]
    inside += [outer.get("extra_pnginfo"), extra.get("prompt") if isinstance(extra, dict) else None]
    for value in inside:
        if isinstance(value, str):
            graph = load_object(value)
            is_taken |= graph is not None and _take_graph(graph, value, found)
        elif isinstance(value, dict):
            if "workflow" in value and not is_prompt(value) and not is_workflow(value):
                value = value["workflow"]
            is_taken |= isinstance(value, dict) and _take_graph(value, _encoded(value), found)
    return is_taken


def _encoded(value: dict[str, Any]) -> str:
    """Return JSON for a graph that lay inside another object: its own text does not exist."""
    import json

    return json.dumps(value, ensure_ascii=False)

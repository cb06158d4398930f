"""Reads files that are text or hold JSON: GLB, safetensors, SVG, workflow JSON, text."""

from __future__ import annotations

import json
import re
from struct import unpack_from
from typing import TYPE_CHECKING

from smartgallery_tui.containers.findings import MAX_TEXT_BYTES, decode, need
from smartgallery_tui.containers.members import member, member_texts, members
from smartgallery_tui.errors import ContainerError

if TYPE_CHECKING:
    from smartgallery_tui.containers.findings import Findings
    from smartgallery_tui.containers.source import Source

GLB_MAGIC = b"glTF"
_GRAPHS = ("prompt", "workflow")
_GRAPH_CHECK_BYTES = 1 << 20
_SVG_SEARCH_BYTES = 4 << 20
_SVG_TAG_BYTES = 8192
_MAX_JSON_BYTES = 16 << 20
_LENGTH = re.compile(r"^\s*([0-9]{1,9}(?:\.[0-9]{1,9})?)\s*(?:px)?\s*$")
_STEPS_LINE = re.compile(r"^Steps: \d", re.MULTILINE)


def read_glb(findings: Findings) -> None:
    """Add the texts that a GLB keeps in `asset.extras`.

    Source: glTF 2.0, 4.4 (GLB); ComfyUI writes `prompt` and `workflow` as JSON strings.
    """
    source = findings.source
    head = need(source.head, 20, "its header")
    total, length = unpack_from("<I", head, 8)[0], unpack_from("<I", head, 12)[0]
    if total > source.size_bytes:
        findings.fail("is cut off")
    if head[16:20] != b"JSON" or length > MAX_TEXT_BYTES:
        message = "its header is damaged"
        raise ContainerError(message)
    text = decode(source.read_at(20, length))
    for key, value in member_texts(member(member(text, "asset"), "extras"), _GRAPHS):
        findings.add(key, value, "GLB extras")


def read_safetensors(findings: Findings) -> None:
    """Add the texts in the header of a safetensors file, as `.latent` files are.

    Source: safetensors format: 8 bytes of length, then JSON with `__metadata__`.
    """
    source = findings.source
    length = unpack_from("<Q", need(source.head, 8, "its header"))[0]
    if length > MAX_TEXT_BYTES or 8 + length > source.size_bytes:
        message = "is cut off in its header or is no safetensors file"
        raise ContainerError(message)
    text = decode(source.read_at(8, length))
    if not text.startswith("{"):
        message = "is no safetensors file"
        raise ContainerError(message)
    end = 0
    for key, raw in members(text):
        if key == "__metadata__":
            for name, value in members(raw):
                findings.add(name, _unquote(value), "safetensors metadata")
        else:
            end = max(end, _tensor_end(raw))
    if 8 + length + end > source.size_bytes:
        findings.fail("is cut off")


def _unquote(raw: str) -> str:
    return str(json.loads(raw)) if raw[:1] == '"' else raw


def _tensor_end(raw: str) -> int:
    offsets = re.search(r'"data_offsets"\s*:\s*\[\s*\d{1,18}\s*,\s*(\d{1,18})\s*\]', raw)
    return int(offsets.group(1)) if offsets else 0


def read_svg(findings: Findings) -> None:
    """Add size and the `metadata` of an SVG; no XML is interpreted, so no entity is expanded.

    Source: SVG 1.1, 21; ComfyUI writes `{"prompt": .., "workflow": ..}` as CDATA.
    """
    source = findings.source
    data = source.read_at(0, min(source.size_bytes, _SVG_SEARCH_BYTES))
    start = data.find(b"<svg")
    end = data.find(b">", start, start + _SVG_TAG_BYTES)
    if start < 0 or end < 0:
        message = "is no SVG"
        raise ContainerError(message)
    _set_svg_size(findings, decode(data[start:end]))
    if b"<metadata" in data and b"</metadata" not in data:
        data = source.read_at(0, min(source.size_bytes, MAX_TEXT_BYTES))
    text = _svg_metadata(decode(data))
    graphs = list(member_texts(text, _GRAPHS))
    for key, value in graphs or ([("metadata", text)] if text else []):
        findings.add(key, value, "SVG metadata")
    if b"</svg" not in source.tail and data[end - 1 : end] != b"/":
        findings.fail("is cut off")


def _svg_metadata(svg: str) -> str:
    """Return the text of the first `metadata` element, out of its CDATA; "" for none."""
    start = svg.find(">", max(svg.find("<metadata"), 0))
    end = svg.find("</metadata", start)
    if start < 0 or end < 0 or "<metadata" not in svg:
        return ""
    text = svg[start + 1 : end].strip()
    if text.startswith("<![CDATA[") and text.endswith("]]>"):
        return text[9:-3].strip()
    from html import unescape  # its table is large, and few files need it

    return unescape(text)


def _set_svg_size(findings: Findings, tag: str) -> None:
    values = dict(re.findall(r'\b(width|height|viewBox)\s*=\s*["\']([^"\']{0,200})["\']', tag))
    sizes = [_LENGTH.match(values.get(name, "")) for name in ("width", "height")]
    box = values.get("viewBox", "").replace(",", " ").split()
    if sizes[0] and sizes[1]:
        width, height = (round(float(size.group(1))) for size in sizes if size)
    elif len(box) == 4 and all(_LENGTH.match(part) for part in box[2:]):
        width, height = round(float(box[2])), round(float(box[3]))
    else:
        return
    if width and height:
        findings.width, findings.height = width, height


def holds_graph(source: Source) -> bool:
    """Return whether a `.json` file looks like a ComfyUI graph, mostly from its first 32 KiB.

    Only such files belong in the index. A graph whose first node starts with more than 1 MiB of
    text is missed.
    """
    head = source.head
    if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] != b"{":
        return False
    if _looks_like_graph(head):
        return True
    return len(head) < source.size_bytes and _looks_like_graph(
        source.read_at(0, _GRAPH_CHECK_BYTES)
    )


def _looks_like_graph(data: bytes) -> bool:
    if b'"class_type"' in data:
        return True
    return b'"nodes"' in data and (b'"last_node_id"' in data or b'"links"' in data)


def read_json(findings: Findings) -> None:
    """Add the graphs of a workflow file: an export for the API, a saved workflow, or both in one.

    Text that is no graph is kept under the key `json`.
    """
    source = findings.source
    if source.size_bytes > _MAX_JSON_BYTES:
        message = f"is longer than {_MAX_JSON_BYTES >> 20} MiB"
        raise ContainerError(message)
    text = decode(source.read_at(0, source.size_bytes))
    parts = dict(members(text))
    if parts.get("nodes", "")[:1] == "[":
        findings.add("workflow", text, "JSON file")
    elif any('"class_type"' in raw for key, raw in parts.items() if key not in _GRAPHS):
        findings.add("prompt", text, "JSON file")
    else:
        graphs = list(member_texts(text, _GRAPHS))
        for key, value in graphs or [("json", text)]:
            findings.add(key, value, "JSON file")
    if not parts and not text.rstrip().endswith("}"):
        findings.fail("is cut off or no JSON")


def read_text(findings: Findings) -> None:
    """Add a text file that stands beside a picture: `parameters` when it reads like them."""
    source = findings.source
    text = decode(source.read_at(0, min(source.size_bytes, 1 << 20)))
    key = "parameters" if _STEPS_LINE.search(text) else "text"
    findings.add(key, text, "text file")

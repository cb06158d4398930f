"""GLB, safetensors, SVG, workflow JSON and text."""

from __future__ import annotations

import json
import struct
from typing import TYPE_CHECKING

import pytest

from smartgallery_tui.containers import documents, open_source
from smartgallery_tui.containers.documents import holds_graph
from tests.containers.make_media import comfy_svg, glb, latent, svg
from tests.containers.make_pictures import PARAMETERS, PROMPT, WORKFLOW

if TYPE_CHECKING:
    from pathlib import Path

    from tests.containers.conftest import Read


def texts(found: object) -> dict[str, str]:
    return {text.key: text.value for text in found.texts}


BOTH = {"prompt": PROMPT, "workflow": WORKFLOW}


def test_glb(read: Read) -> None:
    found = read(glb(), "a.glb")
    assert (found.format, found.kind, found.problem) == ("glb", "model", None)
    assert texts(found) == BOTH
    assert texts(read(glb({"prompt": {"3": {}}}), "a.glb")) == {"prompt": '{"3": {}}'}
    assert texts(read(glb([]), "a.glb")) == {}


def test_glb_damage(read: Read) -> None:
    assert read(glb()[:-10], "a.glb").problem == "is cut off"
    assert read(glb()[:10], "a.glb").problem is not None
    assert read(glb().replace(b"JSON", b"BIN\0", 1), "a.glb").problem is not None


def test_latent(read: Read) -> None:
    found = read(latent(**BOTH), "a.latent")
    assert (found.format, found.kind, found.problem) == ("latent", "other", None)
    assert texts(found) == BOTH
    assert texts(read(latent(), "a.safetensors")) == {}
    no_string = latent(a="1").replace(b'"1"', b"123")
    assert texts(read(no_string, "a.latent")) == {"a": "123"}


def test_latent_damage(read: Read) -> None:
    assert read(latent(**BOTH)[:60], "a.latent").problem is not None
    assert read(latent(end=999), "a.latent").problem == "is cut off"
    assert read(latent()[:5], "a.latent").problem is not None
    assert read(struct.pack("<Q", 4) + b"[1] ", "a.latent").problem == "is no safetensors file"
    assert read(latent().replace(b"data_offsets", b"data_nothing"), "a.latent").problem is None


def test_svg(read: Read) -> None:
    found = read(comfy_svg(), "a.svg")
    assert (found.format, found.kind, found.width, found.height) == ("svg", "other", 64, 48)
    assert texts(found) == BOTH
    assert found.problem is None


@pytest.mark.parametrize(
    ("size", "want"),
    [
        ('viewBox="0 0 64,48"', (64, 48)),
        ('width="100%" height="100%"', (None, None)),
        ('width="0" height="5"', (None, None)),
        ("", (None, None)),
    ],
)
def test_svg_size(read: Read, size: str, want: tuple[object, object]) -> None:
    found = read(svg(size=size), "a.svg")
    assert (found.width, found.height) == want


def test_svg_metadata_in_other_forms(read: Read) -> None:
    escaped = PROMPT.replace('"', "&quot;")
    found = read(svg(f'<metadata id="m">{{"prompt": {escaped}}}</metadata>'), "a.svg")
    assert texts(found) == {"prompt": PROMPT}
    assert texts(read(svg("<metadata>by hand</metadata>"), "a.svg")) == {"metadata": "by hand"}
    assert texts(read(svg("<metadata/>"), "a.svg")) == {}
    assert texts(read(svg("<metadata>"), "a.svg")) == {}


def test_svg_with_metadata_beyond_the_first_part(
    read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "_SVG_SEARCH_BYTES", 120)
    assert texts(read(comfy_svg(), "a.svg")) == BOTH


def test_svg_damage(read: Read) -> None:
    assert read(b"<html>", "a.svg").problem == "is no SVG"
    assert read(comfy_svg()[:-9], "a.svg").problem == "is cut off"
    assert read(b'<svg width="1" height="1"/>', "a.svg").problem is None
    assert read(b"<svg " * 50_000, "a.svg").problem == "is no SVG"


@pytest.mark.parametrize(
    ("text", "want"),
    [
        (WORKFLOW, {"workflow": WORKFLOW}),
        (PROMPT, {"prompt": PROMPT}),
        (f'{{"prompt": {PROMPT}, "workflow": {WORKFLOW}}}', BOTH),
        ('{"a": 1}', {"json": '{"a": 1}'}),
    ],
)
def test_json(read: Read, text: str, want: dict[str, str]) -> None:
    found = read(text.encode(), "a.json")
    assert (found.format, found.kind, found.problem) == ("json", "other", None)
    assert texts(found) == want


def test_json_damage(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(b"[1", "a.json").problem is not None
    monkeypatch.setattr(documents, "_MAX_JSON_BYTES", 5)
    assert read(b'{"a": 1}', "a.json").problem is not None


@pytest.mark.parametrize(
    ("text", "want"),
    [
        (WORKFLOW, True),
        (PROMPT, True),
        ("\ufeff " + PROMPT, True),
        ('{"3": {"inputs": {"text": "' + "x" * 50_000 + '"}, "class_type": "A"}}', True),
        ('{"a": "' + "x" * 50_000 + '"}', False),
        ('{"nodes": 1}', False),
        ("[]", False),
        ("", False),
    ],
)
def test_holds_graph(tmp_path: Path, text: str, want: bool) -> None:
    path = tmp_path / "a.json"
    path.write_text(text)
    with open_source(str(path)) as source:
        assert holds_graph(source) is want


def test_text(read: Read) -> None:
    assert texts(read(PARAMETERS.encode(), "a.txt")) == {"parameters": PARAMETERS}
    assert texts(read(b"notes", "a.txt")) == {"text": "notes"}


def test_safetensors_metadata_is_byte_true(read: Read) -> None:
    odd = '{"a":  "\u00e9", "seed": 18446744073709551615}'
    assert json.loads(texts(read(latent(prompt=odd), "a.latent"))["prompt"]) == json.loads(odd)
    assert texts(read(latent(prompt=odd), "a.latent"))["prompt"] == odd

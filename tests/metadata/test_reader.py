"""A reader that remembers graphs gives the answers of one that does not."""

import copy
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from smartgallery_tui.metadata import Reader, extract, parse_rules
from smartgallery_tui.metadata.blanks import KINDS, blank
from smartgallery_tui.metadata.decode import load_plain_object
from smartgallery_tui.metadata.moulds import Moulds
from smartgallery_tui.metadata.templates import Template
from tests.metadata.graphs import BASE, base, container, node

calm = settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate),
)


def loras() -> dict[str, Any]:
    return base(
        {"5.model": ["8", 0], "2.clip": ["9", 1]},
        n8=node(
            "LoraLoader", lora_name="one.safetensors", strength_model=0.5, strength_clip=1,
            model=["9", 0], clip=["9", 1],
        ),
        n9=node(
            "LoraLoader", lora_name="two.safetensors", strength_model=1, strength_clip=1.0,
            model=["1", 0], clip=["1", 1],
        ),
    )  # fmt: skip


def rows() -> dict[str, Any]:
    return base(
        {"5.model": ["8", 0]},
        n8=node(
            "Power Lora Loader (rgthree)", model=["1", 0], clip=["1", 1],
            lora_1={"on": True, "lora": "one.safetensors", "strength": 0.7},
            lora_2={"on": False, "lora": "two.safetensors", "strength": 0.4, "strengthTwo": 0.2},
        ),
    )  # fmt: skip


def two_passes() -> dict[str, Any]:
    second = copy.deepcopy(BASE["5"])
    second["inputs"].update(latent_image=["5", 0], seed=77, denoise=0.4, add_noise="disable")
    return base({"6.samples": ["8", 0]}, n8=second, n9=node("SaveImage", images=["6", 0]))


def joined() -> dict[str, Any]:
    return base(
        {"2.text": ["8", 0], "3.text": ["9", 0]},
        n8=node("StringConcatenate", string_a="a ship", string_b="at sea", delimiter=", "),
        n9=node("ImpactWildcardEncode", wildcard_text="a", populated_text="rain <lora:x:0.5>"),
    )


def two_savers() -> dict[str, Any]:
    return base(
        n8=node("ImageScaleBy", image=["6", 0], scale_by=2.0, upscale_method="area"),
        n9=node("SaveImage", images=["8", 0], filename_prefix="large"),
    )


def switched() -> dict[str, Any]:
    return base(
        {"2.text": ["8", 0]},
        n8=node("ImpactSwitch", select=1, input1=["9", 0], input2=["10", 0]),
        n9=node("PrimitiveString", value="one way"),
        n10=node("PrimitiveString", value="the other way"),
        n11=node("ConditioningZeroOut", conditioning=["3", 0]),
    )


SHAPES = (
    lambda: copy.deepcopy(BASE), loras, rows, two_passes, joined, two_savers, switched
)  # fmt: skip
VALUES = st.sampled_from([
    0, 1, 2, 20, 31, 640, 896, 1280, -1, 2**64 - 1, 700_001, 500_001, (1 << 60), 0.0, 1.0, 0.4,
    810_001.0, -0.5, True, False, None, "", " ", "None", "euler", "normal", "20", "nan", "disable",
    "a lighthouse", "fog", "a ship", "at sea", "a ship, at sea", "(masterpiece:1.2)", "1girl",
    "base.safetensors", "one.safetensors", "two.safetensors", "a picture.png", "640x896",
    "<lora:one:0.3> a cat", "x <lora:y:0>", "embedding:bad, fog", "fog, embedding:bad",
    "\x00t0\x00", "\x00w1", " lead", "trail ", "on", ["1", 0], ["3", 0], ["99", 0], {"a": 1},
])  # fmt: skip

USUAL = (7, 8, 0.3, 2.5, "waves and foam", "z.safetensors", "heun")


def places(graph: dict[str, Any]) -> list[tuple[str, str]]:
    return [(name, key) for name, made in graph.items() for key in made["inputs"]]


@st.composite
def changed_graphs(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Return graphs of one shape: some values of each are changed, usual ones most often."""
    make = draw(st.sampled_from(SHAPES))
    made = []
    for _ in range(draw(st.integers(3, 8))):
        graph = make()
        plain = [(n, k) for n, k in places(graph) if k in KINDS]
        for _ in range(draw(st.integers(0, 4))):
            name, key = draw(st.sampled_from(plain))
            old = graph[name]["inputs"][key]
            alike = [v for v in USUAL if type(v) is type(old)]
            if alike:
                graph[name]["inputs"][key] = draw(st.sampled_from(alike))
        if draw(st.integers(0, 2)) == 0:
            name, key = draw(st.sampled_from(places(graph)))
            graph[name]["inputs"][key] = draw(VALUES)
        made.append(graph)
    return made


@calm
@given(changed_graphs(), st.sampled_from([None, (640, 896), (1280, 1792)]))
def test_remembering_changes_no_answer(graphs, size):
    reader = Reader()
    for graph in [*graphs, *graphs, graphs[0]]:
        given_container = container(prompt=graph, size=size)
        assert reader.extract(given_container) == extract(given_container)


@pytest.mark.parametrize("shape", SHAPES)
def test_all_of_one_shape_are_remembered(shape):
    reader = Reader()
    for seed in range(1, 6):
        graph = shape()
        graph["5"]["inputs"]["seed"] = seed
        given_container = container(prompt=graph, size=(640, 896))
        assert reader.extract(given_container) == extract(given_container)
    assert sum(isinstance(known, Template) for known in reader._known.values()) == 1


@pytest.mark.parametrize("shape", SHAPES)
def test_blanks_can_be_filled_again(shape):
    graph = shape()
    made = blank(graph)
    assert made is not None
    assert made.values
    assert graph != shape()
    made.restore()
    assert graph == shape()


@calm
@given(changed_graphs(), st.data())
def test_a_mould_gives_what_decoding_gives(graphs, data):
    moulds = Moulds()
    for graph in graphs:
        node_id, name = data.draw(st.sampled_from(places(graph)))
        if data.draw(st.booleans()):
            graph[node_id]["inputs"][name] = data.draw(st.text() | st.floats() | st.integers())
        text = json.dumps(graph, ensure_ascii=data.draw(st.booleans()))
        known = moulds.blanked(text.encode())
        decoded = load_plain_object(text)
        made = blank(decoded) if decoded is not None else None
        if known is not None:
            assert made is not None
            assert known.key == made.key
            assert repr(known.values) == repr(made.values)
            assert known.kinds == made.kinds
            assert known.compared == made.compared
        if made is not None:
            made.restore()
            moulds.add(decoded, text.encode(), made)
            assert decoded == graph


@pytest.mark.parametrize("text", [
    '"a", "clip": ["1", 1], "text": "b"', '"a\\", "b"', '"a", "b"', '["a"]', '"a"}, "x": {"y": "b"',
    '"a\\u0000b"', '"a\n"', '"a', "7", "null", "", '"\\ud800"',
])  # fmt: skip
def test_a_mould_takes_one_value_for_each_blank(text):
    graph = base({"2.text": "a ship"})
    made, moulds = blank(graph), Moulds()
    assert made is not None
    made.restore()
    plain = json.dumps(graph)
    moulds.add(graph, plain.encode(), made)
    for good in ("mist", 'a \\ b "c" \t', "\u00e9\U0001f600"):
        assert moulds.blanked(plain.replace('"a ship"', json.dumps(good)).encode()) is not None
    assert moulds.blanked(plain.replace('"a ship"', text).encode()) is None


@pytest.mark.parametrize("steps", [
    "[1", "true", "0", "-3", "2.5", "", '"7"', "7, 8", '7, "cfg": 5', '7, "cfg": 5.5, "steps": 7',
])  # fmt: skip
def test_a_mould_takes_one_number_for_each_of_two_side_by_side(steps):
    graph = base({"5.steps": 31, "5.cfg": 6.5})
    made, moulds = blank(graph), Moulds()
    assert made is not None
    made.restore()
    plain = json.dumps(graph)
    moulds.add(graph, plain.encode(), made)
    for good, cfg in ((31, 6.5), (8, 2), (31, 2.5), (8, 2)):
        text = plain.replace('"steps": 31, "cfg": 6.5', f'"steps": {good}, "cfg": {cfg}')
        known = moulds.blanked(text.encode())
        assert known is not None
        assert repr(known.values) == repr(blank(json.loads(text)).values)
    assert moulds.blanked(plain.replace('"steps": 31', f'"steps": {steps}').encode()) is None


def test_a_mould_forgets_old_values():
    graph = base()
    made, moulds = blank(graph), Moulds()
    assert made is not None
    made.restore()
    moulds.add(graph, json.dumps(graph).encode(), made)
    for width in range(1, 3000):
        text = json.dumps(base({"4.width": width})).encode()
        known = moulds.blanked(text)
        assert known is not None
        assert width in known.values
    assert max(len(run) for run in moulds._runs.values()) <= 1000
    known = moulds.blanked(json.dumps(base({"7.filename_prefix": "x" * 2000})).encode())
    assert known is not None
    assert "x" * 2000 in known.values
    assert max(len(text) for run in moulds._runs.values() for text in run) < 1000


def test_a_file_known_by_its_text_is_read_as_any_other():
    reader = Reader()
    for at, text in enumerate(("a boat", "a train", "a plane", 'a na\u00efve "boat"')):
        graph = base({"2.text": text, "5.seed": at + 1})
        for more in ({}, {"workflow": {"nodes": []}}, {"workflow": "{}"}, {"parameters": "x"}):
            given_container = container(prompt=graph, **more)
            assert reader.extract(given_container) == extract(given_container)


def test_memory_is_bounded():
    reader = Reader(memory_bytes=60_000)
    for at in range(40):
        for _ in range(3):
            graph = base({"4.batch_size": at})
            assert reader.extract(container(prompt=graph)).headline is not None
    assert sum(isinstance(known, Template) for known in reader._known.values()) < 8


def test_rules_are_kept():
    rules, problems = parse_rules('[[node]]\nclass = "CLIPTextEncode"\nmodel = "text"\n')
    assert not problems
    reader = Reader(rules)
    for text in ("a boat", "a train", "a plane", "a boat"):
        given_container = container(prompt=base({"2.text": text}))
        assert reader.extract(given_container) == extract(given_container, rules=rules)


@pytest.mark.parametrize("text", ["NaN", "Infinity", "1e400", "123456789012345678901234567890"])
def test_odd_numbers_are_not_remembered_wrongly(text):
    reader = Reader()
    plain = json.dumps(BASE)
    for value in (text, "0", "null", text, "0", "null", text):
        given_container = container(prompt=plain.replace('"batch_size": 1', f'"seed": {value}'))
        assert reader.extract(given_container) == extract(given_container)

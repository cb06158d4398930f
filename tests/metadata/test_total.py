"""Whatever a file holds: an answer, no error, in bounded time."""

import json
import time
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from smartgallery_tui.metadata import extract, learn, parse_rules, payloads
from smartgallery_tui.metadata.explain import explain
from smartgallery_tui.metadata.tree import node_tree
from smartgallery_tui.records import Container, Generation
from tests.metadata.graphs import BASE, base, container, node

LIMIT_S = 10.0
"""Of processor time: a busy machine must not fail a test."""

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["\ud800", "None", "a.safetensors", "<lora:x:1>", "1e999", "640x896"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=4,
)
input_names = st.sampled_from(
    [
        "model",
        "clip",
        "positive",
        "negative",
        "conditioning",
        "latent_image",
        "samples",
        "image",
        "images",
        "pixels",
        "seed",
        "steps",
        "cfg",
        "sampler_name",
        "scheduler",
        "denoise",
        "sigmas",
        "guider",
        "noise",
        "sampler",
        "text",
        "prompt",
        "text_embeds",
        "pipe",
        "any_01",
        "lora_1",
        "lora_name",
        "loras",
        "lora_stack",
        "ckpt_name",
        "width",
        "height",
        "resolution",
        "select",
        "input1",
        "switch",
        "on_true",
        "populated_text",
        "string_a",
        "string_b",
        "delimiter",
        "upscale_model",
        "scale_by",
    ]
)
class_types = st.sampled_from(
    [
        "KSampler",
        "SamplerCustomAdvanced",
        "SaveImage",
        "VAEDecode",
        "CLIPTextEncode",
        "Reroute",
        "ImpactSwitch",
        "BasicGuider",
        "StringConcatenate",
        "ConditioningCombine",
        "LoraLoader",
        "Unknown",
        "EmptyLatentImage",
        "PreviewImage",
        "BasicPipe",
        "FaceDetailer",
        "JoinStrings",
    ]
)


def links(ids: int) -> st.SearchStrategy[list[Any]]:
    return st.tuples(st.integers(0, ids).map(str), st.integers(-1, 4)).map(list)


nodes = st.fixed_dictionaries({
    "class_type": class_types,
    "inputs": st.dictionaries(input_names, links(8) | json_values, max_size=9),
})  # fmt: skip
prompts = st.dictionaries(st.integers(0, 8).map(str), nodes, max_size=9)

editor_nodes = st.fixed_dictionaries({
    "id": st.integers(0, 6),
    "type": class_types | st.sampled_from(["PrimitiveNode", "SetNode", "GetNode", "sub"]),
    "mode": st.sampled_from([0, 0, 0, 2, 4]),
    "inputs": st.lists(
        st.fixed_dictionaries(
            {"name": input_names, "type": st.just("X"), "link": st.integers(0, 9)}
        ),
        max_size=4,
    ),
    "outputs": st.lists(st.fixed_dictionaries({"name": st.text(max_size=3), "type": st.just("X")})),
    "widgets_values": json_values,
})  # fmt: skip
editor_links = st.tuples(
    st.integers(0, 9), st.integers(-10, 6), st.integers(0, 3), st.integers(-20, 6),
    st.integers(0, 3), st.just("X"),
).map(list)  # fmt: skip
levels = st.fixed_dictionaries({
    "nodes": st.lists(editor_nodes | json_values, max_size=7),
    "links": st.lists(editor_links | json_values, max_size=9),
})  # fmt: skip
calm = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate),
)


def answer(given_container: Container) -> Generation:
    started = time.process_time()
    made = extract(given_container)
    explain(given_container)
    node_tree(given_container)
    payloads(given_container)
    assert time.process_time() - started < 2 * LIMIT_S
    assert_no_links(made)
    return made


def assert_no_links(made: Generation) -> None:
    for one in (made.headline, *made.passes):
        if one is None:
            continue
        assert one.sampler is None or isinstance(one.sampler, str)
        assert one.seed is None or 0 <= one.seed < 2**64
        assert one.steps is None or type(one.steps) is int
        assert all(isinstance(text, str) for text in (*one.positive, *one.negative, *one.models))


@calm
@given(prompts)
def test_random_prompts(prompt):
    answer(container(prompt=prompt))


@calm
@given(levels, levels)
def test_random_workflows(level, inner):
    answer(container(workflow={**level, "definitions": {"subgraphs": [{**inner, "id": "sub"}]}}))


@calm
@given(
    st.dictionaries(st.sampled_from(["prompt", "workflow", "parameters", "comment"]), json_values)
)
def test_random_texts(texts):
    answer(container(**texts))


@calm
@given(st.text(alphabet='Steps: 20, Negative prompt:"{}[]<lora:x>\n\\', max_size=80))
def test_random_infotexts(text):
    answer(container(parameters=text + "\nSteps: 20, Sampler: x, Seed: 1"))


@calm
@given(st.integers(0, len(json.dumps(BASE))))
def test_a_cut_prompt(at):
    made = answer(container(prompt=json.dumps(BASE)[:at]))
    assert made.headline is None or at == len(json.dumps(BASE))


@calm
@given(json_values, json_values)
def test_learning_from_anything(prompt, workflow):
    learn(prompt if isinstance(prompt, dict) else {}, {"nodes": workflow})


@calm
@given(st.text(max_size=60))
def test_rules_from_anything(text):
    parse_rules(text)


def chain(length: int, class_type: str, name: str) -> dict[str, Any]:
    graph = {str(at): node(class_type, **{name: [str(at + 1), 0]}) for at in range(length)}
    graph[str(length)] = node("CheckpointLoaderSimple", ckpt_name="far.safetensors")
    return graph


@pytest.mark.parametrize(
    "graph",
    [
        pytest.param(chain(100_000, "Reroute", "model"), id="reroutes"),
        pytest.param(chain(20_000, "LoraLoader", "model"), id="model chain"),
        pytest.param(chain(20_000, "KSampler", "latent_image"), id="latents"),
        pytest.param(chain(20_000, "StringConcatenate", "string_a"), id="strings"),
        pytest.param(chain(20_000, "ConditioningCombine", "conditioning_1"), id="conditioning"),
    ],
)
def test_long_chains_end_in_time(graph):
    everything = {f"s{name}": made for name, made in base().items()}
    for made in everything.values():
        for name, value in made["inputs"].items():
            if isinstance(value, list):
                made["inputs"][name] = [f"s{value[0]}", value[1]]
    everything["s5"]["inputs"].update(model=["0", 0], positive=["0", 0], latent_image=["0", 0])
    everything["s2"]["inputs"]["text"] = ["0", 0]
    given_container = container(prompt={**everything, **graph})
    started = time.process_time()
    made = extract(given_container)
    assert time.process_time() - started < LIMIT_S
    assert made.sources == ("prompt",)


def test_many_samplers_end_in_time():
    graph = {
        str(at): node(
            "KSampler", steps=5, seed=at, model=["m", 0], positive=["p", 0],
            latent_image=[str(at + 1), 0],
        )
        for at in range(10_000)
    }  # fmt: skip
    graph["m"] = node("CheckpointLoaderSimple", ckpt_name="a.safetensors")
    graph["p"] = node("CLIPTextEncode", text="x", clip=["m", 1])
    graph["s"] = node("SaveImage", images=["0", 0])
    started = time.process_time()
    made = extract(container(prompt=graph))
    assert time.process_time() - started < LIMIT_S
    assert made.headline is not None
    assert made.headline.seed == 0
    assert made.warnings


def test_many_savers_end_in_time():
    graph = {str(at): node("SaveImage", images=["x0", 0]) for at in range(3_000)}
    graph |= {f"x{at}": node("KSampler", model=[f"x{at + 1}", 0]) for at in range(3_000)}
    started = time.process_time()
    extract(container(prompt=graph, size=(512, 512)))
    assert time.process_time() - started < LIMIT_S


def test_a_wide_web_of_texts_ends_in_time():
    graph = base({"2.text": ["t0", 0]})
    for at in range(40):
        graph[f"t{at}"] = node(
            "StringConcatenate", string_a=[f"t{at + 1}", 0], string_b=[f"t{at + 1}", 0],
            delimiter=",",
        )  # fmt: skip
    graph["t40"] = node("PrimitiveString", value="x")
    started = time.process_time()
    extract(container(prompt=graph))
    assert time.process_time() - started < LIMIT_S


def test_nested_subgraphs_that_multiply_end_in_time():
    subgraphs = [
        {
            "id": f"g{at}",
            "nodes": [{"id": n, "type": f"g{at + 1}", "mode": 0} for n in range(10)],
            "links": [],
        }
        for at in range(12)
    ]
    workflow = {
        "nodes": [{"id": 1, "type": "g0"}],
        "links": [],
        "definitions": {"subgraphs": subgraphs},
    }
    started = time.process_time()
    extract(container(workflow=workflow))
    assert time.process_time() - started < LIMIT_S


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        '{"1":' * 100_000,
        '{"1": {"class_type": "KSampler", "inputs": {"seed": ' + "9" * 10_000 + "}}}",
        '{"1": {"class_type": "KSampler", "inputs": {"steps": 1e400, "cfg": -Infinity}}}',
        '{"1": {"class_type": "\ud800", "inputs": {"text": "\udfff"}}}',
        '{"1": {"class_type": 5, "inputs": []}, "2": null, "3": {"class_type": "SaveImage"}}',
        "\ufeff{}",
        "\x00",
    ],
)
def test_broken_texts(text):
    for key in ("prompt", "workflow", "parameters", "comment"):
        answer(container(**{key: text}))


def test_an_unreadable_prompt_is_a_problem():
    made = extract(container(prompt='{"1": {"class_type": "KSam'))
    assert made.problem is not None
    assert made.headline is None

"""Workflows as the editor saves them, by the cases that make them hard."""

from typing import Any

import pytest

from smartgallery_tui.metadata import extract, learn
from smartgallery_tui.metadata.ui_format import graph_from_workflow
from tests.metadata.graphs import BASE, check, container

TYPES = {
    "model": "MODEL", "clip": "CLIP", "vae": "VAE", "positive": "CONDITIONING",
    "negative": "CONDITIONING", "latent_image": "LATENT", "samples": "LATENT", "images": "IMAGE",
}  # fmt: skip
WIDGETS: dict[str, Any] = {
    "1": ["base.safetensors"], "2": ["a lighthouse"], "3": ["fog"], "4": [640, 896, 1],
    "5": [31, "randomize", 22, 5.5, "euler", "normal", 1.0], "6": [], "7": ["x"],
}  # fmt: skip
OUTPUTS = {
    "1": ["MODEL", "CLIP", "VAE"], "2": ["CONDITIONING"], "3": ["CONDITIONING"], "4": ["LATENT"],
    "5": ["LATENT"], "6": ["IMAGE"], "7": [],
}  # fmt: skip


def editor(*, as_objects: bool = False) -> dict[str, Any]:
    """Return the base graph as the editor saves it."""
    nodes, links = [], []
    for node_id, made in BASE.items():
        inputs = []
        for name, value in made["inputs"].items():
            if not isinstance(value, list):
                continue
            link_id = len(links) + 1
            origin, slot = int(value[0]), value[1]
            kind = TYPES[name]
            at = len(inputs)
            inputs.append({"name": name, "type": kind, "link": link_id})
            row: Any = [link_id, origin, slot, int(node_id), at, kind]
            if as_objects:
                names = ("id", "origin_id", "origin_slot", "target_id", "target_slot", "type")
                row = dict(zip(names, row, strict=True))
            links.append(row)
        nodes.append({
            "id": int(node_id), "type": made["class_type"], "mode": 0, "inputs": inputs,
            "outputs": [{"name": n, "type": n} for n in OUTPUTS[node_id]],
            "widgets_values": list(WIDGETS[node_id]),
        })  # fmt: skip
    return {"version": 0.4, "nodes": nodes, "links": links, "extra": {}}


def by_id(workflow: dict[str, Any], node_id: int) -> dict[str, Any]:
    return next(made for made in workflow["nodes"] if made["id"] == node_id)


def add(workflow: dict[str, Any], node_id: int, kind: str, **more: Any) -> dict[str, Any]:
    made = {"id": node_id, "type": kind, "mode": 0, "inputs": [], "outputs": [], **more}
    workflow["nodes"].append(made)
    return made


def connect(workflow: dict[str, Any], origin: int, slot: int, node_id: int, name: str, kind: str,
            widget: bool = False) -> None:  # fmt: skip
    """Draw a line to an input, which is made if the node has none of that name."""
    link_id = 1000 + len(workflow["links"])
    target = by_id(workflow, node_id)
    entry = next((e for e in target["inputs"] if e["name"] == name), None)
    if entry is None:
        entry = {"name": name, "type": kind}
        if widget:
            entry["widget"] = {"name": name}
        target["inputs"].append(entry)
    entry["link"] = link_id
    workflow["links"].append([link_id, origin, slot, node_id, target["inputs"].index(entry), kind])


def read(workflow: dict[str, Any]):
    return extract(container(workflow=workflow))


@pytest.mark.parametrize("as_objects", [False, True])
def test_links_as_lists_and_objects(as_objects):
    made = read(editor(as_objects=as_objects))
    check(made)
    assert made.sources == ("workflow",)


def test_values_by_name_win():
    workflow = editor()
    by_id(workflow, 5)["widgets_values_named"] = {
        "seed": 5, "steps": 22, "cfg": 5.5, "sampler_name": "euler", "scheduler": "normal",
        "denoise": 1,
    }  # fmt: skip
    check(read(workflow), seed=5)


def test_values_as_an_object():
    workflow = editor()
    by_id(workflow, 4)["widgets_values"] = {"width": 512, "height": 768, "batch_size": 1}
    check(read(workflow), width=512, height=768)


def test_an_old_sampler_without_control_value():
    workflow = editor()
    by_id(workflow, 5)["widgets_values"] = [31, 22, 5.5, "euler", "normal", 1.0]
    check(read(workflow))


def test_a_bypassed_lora_passes_the_model_through():
    workflow = editor()
    add(workflow, 8, "LoraLoader", mode=4, widgets_values=["a.safetensors", 1, 1],
        outputs=[{"name": "MODEL", "type": "MODEL"}, {"name": "CLIP", "type": "CLIP"}])  # fmt: skip
    connect(workflow, 1, 0, 8, "model", "MODEL")
    connect(workflow, 1, 1, 8, "clip", "CLIP")
    connect(workflow, 8, 0, 5, "model", "MODEL")
    connect(workflow, 8, 1, 2, "clip", "CLIP")
    check(read(workflow))
    by_id(workflow, 8)["mode"] = 0
    check(read(workflow), loras=(("a.safetensors", 1),))


def test_a_muted_node_is_gone():
    workflow = editor()
    by_id(workflow, 3)["mode"] = 2
    check(read(workflow), negative=())


def test_reroutes_primitives_and_notes():
    workflow = editor()
    add(workflow, 8, "Reroute", inputs=[{"name": "", "type": "*", "link": None}],
        outputs=[{"name": "", "type": "MODEL"}])  # fmt: skip
    connect(workflow, 1, 0, 8, "", "*")
    connect(workflow, 8, 0, 5, "model", "MODEL")
    add(workflow, 9, "PrimitiveNode", widgets_values=["a tower"],
        outputs=[{"name": "STRING", "type": "STRING"}])  # fmt: skip
    connect(workflow, 9, 0, 2, "text", "STRING", widget=True)
    add(workflow, 10, "Note", widgets_values=["not a prompt"])
    check(read(workflow), positive=("a tower",))


def test_set_and_get_nodes():
    workflow = editor()
    add(workflow, 8, "SetNode", widgets_values=["the model"], outputs=[{"name": "*", "type": "*"}])
    connect(workflow, 1, 0, 8, "MODEL", "MODEL")
    add(workflow, 9, "GetNode", widgets_values=["the model"],
        outputs=[{"name": "MODEL", "type": "MODEL"}])  # fmt: skip
    connect(workflow, 9, 0, 5, "model", "MODEL")
    check(read(workflow))


def test_links_that_are_broadcast():
    workflow = editor()
    by_id(workflow, 2)["inputs"][0]["link"] = None
    workflow["extra"]["ue_links"] = [
        {"downstream": 2, "downstream_slot": 0, "upstream": "1", "upstream_slot": 1, "type": "CLIP"}
    ]
    graph = graph_from_workflow(workflow)
    assert graph.nodes["2"].links["clip"] == ("1", 1)


def subgraph(*, proxies: Any = None, values: Any = None, inputs: Any = None) -> dict[str, Any]:
    """Return the base graph with encoder, latent, sampler and decoder inside a subgraph."""
    inner = editor()
    inside = [by_id(inner, at) for at in (1, 2, 3, 4, 5, 6)]
    by_id(inner, 2)["inputs"].append(
        {"name": "text", "type": "STRING", "widget": {"name": "text"}, "link": 90}
    )
    by_id(inner, 5)["inputs"].append(
        {"name": "seed", "type": "INT", "widget": {"name": "seed"}, "link": 91}
    )
    names = ("id", "origin_id", "origin_slot", "target_id", "target_slot", "type")
    rows = [row for row in inner["links"] if row[3] != 7]
    rows += [[90, -10, 0, 2, 1, "STRING"], [91, -10, 1, 5, 4, "INT"], [92, 6, 0, -20, 0, "IMAGE"]]
    definition = {
        "id": "aa-bb", "name": "made", "nodes": inside,
        "links": [dict(zip(names, row, strict=True)) for row in rows],
        "inputs": [{"name": "text", "type": "STRING"}, {"name": "seed", "type": "INT"}],
        "outputs": [{"name": "IMAGE", "type": "IMAGE"}],
    }  # fmt: skip
    save = by_id(inner, 7)
    save["inputs"][0]["link"] = 500
    instance = {
        "id": 57, "type": "aa-bb", "mode": 0, "inputs": inputs or [],
        "outputs": [{"name": "IMAGE", "type": "IMAGE"}],
        "properties": {"proxyWidgets": proxies} if proxies else {},
        "widgets_values": values or [],
    }  # fmt: skip
    return {
        "version": 0.4, "nodes": [instance, save], "links": [[500, 57, 0, 7, 0, "IMAGE"]],
        "definitions": {"subgraphs": [definition]},
    }  # fmt: skip


WIDGET_INPUTS = [
    {"name": "text", "type": "STRING", "widget": {"name": "text"}, "link": None},
    {"name": "seed", "type": "INT", "widget": {"name": "seed"}, "link": None},
]


def test_a_subgraph_keeps_its_inner_values():
    made = read(subgraph())
    check(made)
    assert made.passes[0].node == "57:5"


def test_values_promoted_through_inputs():
    check(
        read(subgraph(values=["a tower", 8], inputs=WIDGET_INPUTS)), positive=("a tower",), seed=8
    )


def test_values_promoted_through_proxies():
    given = subgraph(proxies=[["-1", "seed"], ["-1", "text"]], values=[8, "a tower"])
    check(read(given), positive=("a tower",), seed=8)
    given = subgraph(proxies=[["-1", "text"], ["5", "steps"], ["-1", "seed"]],
                     values=["a tower", 40, 8])  # fmt: skip
    check(read(given), positive=("a tower",), seed=8, steps=40)
    given = subgraph(proxies=[["-1", "text"], ["5", "steps"], ["-1", "seed"]],
                     values=["a tower", 8])  # fmt: skip
    check(read(given), positive=("a tower",), seed=8)


def test_a_count_that_does_not_fit_leaves_the_inner_values():
    check(read(subgraph(proxies=[["-1", "seed"]], values=[8, 9, 10, 11])))


def test_a_bypassed_instance():
    workflow = editor()
    workflow["definitions"] = {"subgraphs": [{
        "id": "aa-bb", "nodes": [], "links": [], "inputs": [{"name": "model", "type": "MODEL"}],
        "outputs": [{"name": "MODEL", "type": "MODEL"}],
    }]}  # fmt: skip
    add(workflow, 8, "aa-bb", mode=4, outputs=[{"name": "MODEL", "type": "MODEL"}])
    connect(workflow, 1, 0, 8, "model", "MODEL")
    connect(workflow, 8, 0, 5, "model", "MODEL")
    check(read(workflow))


def test_a_subgraph_inside_a_subgraph():
    workflow = subgraph(values=["a tower", 8], inputs=WIDGET_INPUTS)
    inner = workflow["definitions"]["subgraphs"][0]
    outer = {
        "id": "outer", "nodes": [{**workflow["nodes"][0], "id": 3, "inputs": [
            {**WIDGET_INPUTS[0], "link": 1}, {**WIDGET_INPUTS[1], "link": 2}]}],
        "links": [
            {"id": 1, "origin_id": -10, "origin_slot": 0, "target_id": 3, "target_slot": 0},
            {"id": 2, "origin_id": -10, "origin_slot": 1, "target_id": 3, "target_slot": 1},
            {"id": 3, "origin_id": 3, "origin_slot": 0, "target_id": -20, "target_slot": 0},
        ],
        "inputs": [{"name": "words"}, {"name": "number"}], "outputs": [{"name": "IMAGE"}],
    }  # fmt: skip
    workflow["definitions"]["subgraphs"] = [outer, inner]
    instance = workflow["nodes"][0]
    instance.update(type="outer", widgets_values=["a ship", 9], inputs=[
        {"name": "words", "type": "STRING", "widget": {"name": "words"}, "link": None},
        {"name": "number", "type": "INT", "widget": {"name": "number"}, "link": None},
    ])  # fmt: skip
    made = read(workflow)
    check(made, positive=("a ship",), seed=9)
    assert made.passes[0].node == "57:3:5"


@pytest.mark.parametrize("mark", ["workflow>pair", "workflow/pair"])
def test_group_nodes(mark):
    workflow = editor()
    two, three = by_id(workflow, 2), by_id(workflow, 3)
    workflow["nodes"] = [made for made in workflow["nodes"] if made["id"] not in (2, 3)]
    workflow["extra"]["groupNodes"] = {
        "pair": {"nodes": [{**two, "index": 0}, {**three, "index": 1}], "links": [], "external": []}
    }
    outputs = [{"name": name, "type": "CONDITIONING"} for name in ("a", "b")]
    add(workflow, 12, mark, widgets_values=["a tower", "rain"], outputs=outputs)
    connect(workflow, 1, 1, 12, "CLIPTextEncode clip", "CLIP")
    connect(workflow, 1, 1, 12, "CLIPTextEncode 2 clip", "CLIP")
    connect(workflow, 12, 0, 5, "positive", "CONDITIONING")
    connect(workflow, 12, 1, 5, "negative", "CONDITIONING")
    check(read(workflow), positive=("a tower",), negative=("rain",))
    assert graph_from_workflow(workflow).nodes["12:0"].links["clip"] == ("1", 1)


def test_an_unknown_node_names_its_widgets_itself():
    workflow = editor()
    made = by_id(workflow, 2)
    made.update(type="SomeEncoder", widgets_values=[3, "a tower"])
    made["inputs"] += [
        {"name": "weight", "type": "INT", "widget": {"name": "weight"}, "link": None},
        {"name": "text", "type": "STRING", "widget": {"name": "text"}, "link": None},
    ]
    check(read(workflow), positive=("a tower",))


def test_an_order_is_learned_from_files_with_both_forms():
    prompt = {"1": {"class_type": "Odd", "inputs": {"seed": 4, "steps": 5, "model": ["2", 0]}}}
    workflow = {"nodes": [{"id": 1, "type": "Odd", "widgets_values": [4, "fixed", 5]}]}
    assert learn(prompt, workflow) == {"Odd": ("seed", "control_after_generate", "steps")}
    workflow["nodes"][0]["widgets_values"] = [9, 5]
    assert learn(prompt, workflow) == {}


def test_a_learned_order_is_used():
    workflow = editor()
    by_id(workflow, 5).update(type="OddSampler", widgets_values=[5.5, 31, 22])
    made = extract(container(workflow=workflow), orders={"OddSampler": ("cfg", "seed", "steps")})
    check(made, sampler=None, scheduler=None)


def test_the_workflow_stands_in_for_a_prompt_without_sampler():
    prompt = {"9": {"class_type": "SaveImage", "inputs": {"images": ["8", 0]}},
              "8": {"class_type": "LoadImage", "inputs": {"image": "x.png"}}}  # fmt: skip
    made = extract(container(prompt=prompt, workflow=editor()))
    check(made)
    assert made.sources == ("prompt", "workflow")


def test_the_seed_that_ran_stands_in_the_list():
    workflow = editor()
    add(workflow, 8, "Seed (rgthree)", widgets_values=[123, "", "", ""],
        widgets_values_named={"seed": -1}, outputs=[{"name": "SEED", "type": "INT"}])  # fmt: skip
    connect(workflow, 8, 0, 5, "seed", "INT", widget=True)
    check(read(workflow), seed=123)


def test_promoted_widgets_without_values_keep_the_inner_ones():
    given = subgraph(proxies=[["2", "text"], ["5", "seed"], ["5", "control_after_generate"]],
                     inputs=WIDGET_INPUTS)  # fmt: skip
    check(read(given))


def test_values_of_inputs_that_only_the_definition_names():
    check(read(subgraph(values=["a tower", 8])), positive=("a tower",), seed=8)
    check(read(subgraph(values=[None, 8])), seed=8)
    check(read(subgraph(values=["a tower", 8, "fixed"])))


def test_an_unknown_sampler_names_its_values_by_their_shape():
    workflow = editor()
    sampler = by_id(workflow, 5)
    sampler["type"] = "SomeOtherSampler"
    sampler["widgets_values"] = [True, 8, "fixed", 12, 4, "dpmpp_2m", "karras", 0.5, "x"]
    check(
        read(workflow), sampler="dpmpp_2m", scheduler="karras", steps=12, cfg=4.0, denoise=0.5,
        seed=8,
    )  # fmt: skip
    sampler["widgets_values"] = [8, "x", 12, "y", "dpmpp_2m", "karras", 2.5]
    assert read(workflow).headline is None


def test_detailers_of_segments_are_passes():
    workflow = editor()
    by_id(workflow, 7)["inputs"][0]["link"] = None
    add(
        workflow, 8, "ToBasicPipe", outputs=[{"name": "basic_pipe", "type": "BASIC_PIPE"}],
    )  # fmt: skip
    connect(workflow, 1, 0, 8, "model", "MODEL")
    connect(workflow, 2, 0, 8, "positive", "CONDITIONING")
    connect(workflow, 3, 0, 8, "negative", "CONDITIONING")
    add(
        workflow, 9, "DetailerForEachPipe", outputs=[{"name": "IMAGE", "type": "IMAGE"}],
        widgets_values=[256, True, 768, 77, "fixed", 9, 3, "uni_pc", "beta57", 0.5, 5, True],
    )  # fmt: skip
    connect(workflow, 6, 0, 9, "image", "IMAGE")
    connect(workflow, 8, 0, 9, "basic_pipe", "BASIC_PIPE")
    connect(workflow, 9, 0, 7, "images", "IMAGE")
    check(read(workflow), sampler="uni_pc", scheduler="beta57", steps=9, cfg=3.0, seed=77)


def test_a_chain_of_clown_samplers():
    workflow = editor()
    by_id(workflow, 1).update(
        type="ClownModelLoader",
        widgets_values=["base.safetensors", "default", "a.safetensors", ".none", ".none", ".none",
                        "flux", "ae.safetensors"],
    )  # fmt: skip
    first = by_id(workflow, 5)
    first["type"] = "ClownsharKSampler_Beta"
    first["widgets_values"] = [
        0.5, "res_3m", "bong_tangent", 30, 15, 1, 4, 31, "fixed", "standard", True,
    ]  # fmt: skip
    add(
        workflow, 8, "ClownsharkChainsampler_Beta", outputs=[{"name": "output", "type": "LATENT"}],
        widgets_values=[0.5, "res_2m", -1, 3, "resample", True],
    )  # fmt: skip
    connect(workflow, 5, 0, 8, "latent_image", "LATENT")
    connect(workflow, 8, 0, 6, "samples", "LATENT")
    made = read(workflow)
    check(made, sampler="res_2m", scheduler=None, steps=None, cfg=3.0)
    assert [one.steps for one in made.passes] == [30, None]


def test_an_encoder_that_keeps_both_texts_of_a_video():
    workflow = editor()
    sampler = by_id(workflow, 5)
    sampler["type"] = "WanVideoSampler"
    sampler["inputs"] = []
    sampler["widgets_values"] = [22, 5.5, 5, 31, "fixed", True, "unipc", 0, 1]
    add(
        workflow, 9, "WanVideoTextEncodeCached", outputs=[{"name": "text_embeds", "type": "T"}],
        widgets_values=["t5.safetensors", "bf16", "a lighthouse", "fog", "disabled", True, "gpu"],
    )  # fmt: skip
    connect(workflow, 1, 0, 5, "model", "WANVIDEOMODEL")
    connect(workflow, 4, 0, 5, "image_embeds", "LATENT")
    connect(workflow, 9, 0, 5, "text_embeds", "WANVIDEOTEXTEMBEDS")
    check(read(workflow), sampler="unipc", scheduler="unipc")


def test_an_instance_lists_only_the_inputs_that_are_linked():
    workflow = subgraph(values=["a tower", 8], inputs=[{**WIDGET_INPUTS[1], "link": 501}])
    add(workflow, 90, "PrimitiveInt", outputs=[{"name": "INT"}], widgets_values=[77, "fixed"])
    workflow["links"].append([501, 90, 0, 57, 0, "INT"])
    check(read(workflow), positive=("a tower",), seed=77)


def test_a_widget_shown_through_two_levels():
    workflow = subgraph(proxies=[["5", "steps"], ["2", "text"]])
    inner = workflow["definitions"]["subgraphs"][0]
    instance = workflow["nodes"][0]
    outer = {
        "id": "cc-dd", "nodes": [instance], "inputs": [],
        "links": [{"id": 1, "origin_id": 57, "origin_slot": 0, "target_id": -20,
                   "target_slot": 0, "type": "IMAGE"}],
        "outputs": [{"name": "IMAGE", "type": "IMAGE"}],
    }  # fmt: skip
    workflow["definitions"]["subgraphs"] = [outer, inner]
    workflow["nodes"][0] = {
        "id": 58, "type": "cc-dd", "mode": 0, "inputs": [],
        "outputs": [{"name": "IMAGE", "type": "IMAGE"}],
        "properties": {"proxyWidgets": [["57", "steps"], ["57", "text"]]},
        "widgets_values": [44, "a tower"],
    }  # fmt: skip
    workflow["links"] = [[500, 58, 0, 7, 0, "IMAGE"]]
    check(read(workflow), steps=44, positive=("a tower",))


def test_several_loras_of_a_video_in_one_node():
    workflow = editor()
    sampler = by_id(workflow, 5)
    sampler["type"] = "WanVideoSampler"
    sampler["inputs"] = []
    sampler["widgets_values"] = [22, 5.5, 5, 31, "fixed", True, "unipc", 0, 1]
    add(workflow, 8, "WanVideoSetLoRAs", outputs=[{"name": "model", "type": "WANVIDEOMODEL"}])
    add(
        workflow, 9, "WanVideoLoraSelectMulti", outputs=[{"name": "lora", "type": "WANVIDLORA"}],
        widgets_values=["a.safetensors", 0.5, "none", 1, "b.safetensors", 1, "none", 1, "none", 1,
                        False, False],
    )  # fmt: skip
    connect(workflow, 1, 0, 8, "model", "WANVIDEOMODEL")
    connect(workflow, 9, 0, 8, "lora", "WANVIDLORA")
    connect(workflow, 8, 0, 5, "model", "WANVIDEOMODEL")
    connect(workflow, 4, 0, 5, "image_embeds", "LATENT")
    made = read(workflow)
    assert made.headline is not None
    shown = [(use.name, use.strength_model) for use in made.headline.loras]
    assert shown == [("a.safetensors", 0.5), ("b.safetensors", 1.0)]


def test_a_lone_number_written_as_text():
    workflow = editor()
    for node_id, name, text in ((8, "width", "960"), (9, "height", "544")):
        add(workflow, node_id, "Int", outputs=[{"name": "INT"}], widgets_values=[text])
        connect(workflow, node_id, 0, 4, name, "INT", widget=True)
    check(read(workflow), width=960, height=544)

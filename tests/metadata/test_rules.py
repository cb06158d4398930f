"""Rules that teach a class, explanations and the node tree."""

from smartgallery_tui.metadata import extract, parse_rules
from smartgallery_tui.metadata.explain import explain
from smartgallery_tui.metadata.tree import node_tree
from tests.metadata.graphs import base, check, container, node
from tests.metadata.test_editor import by_id, editor

RULES = """
[[node]]
class = "OddSampler"
sampler = "algo"
steps = "count"
cfg = "force"
seed = "dice"
latent = "start"
positive = "yes"
negative = "no"
model = "brain"
"""


def odd_graph():
    return base(
        n5=node(
            "OddSampler", algo="euler", scheduler="normal", count=22, force=5.5, dice=31,
            start=["4", 0], yes=["2", 0], no=["3", 0], brain=["1", 0],
        ),
    )  # fmt: skip


def test_a_rule_teaches_a_sampler():
    rules, problems = parse_rules(RULES)
    assert problems == ()
    assert extract(container(prompt=odd_graph())).headline is None
    check(extract(container(prompt=odd_graph()), rules=rules))


def test_a_rule_can_ignore_a_class():
    graph = base({"7.images": ["8", 0]}, n8=node("FaceDetailer", image=["6", 0], model=["1", 0],
                                                steps=9, seed=1, cfg=1))  # fmt: skip
    graph["9"] = node("SaveImage", images=["6", 0], filename_prefix="y")
    rules, problems = parse_rules('[[node]]\nclass = "FaceDetailer"\nignore = true\n')
    assert problems == ()
    check(extract(container(prompt=graph), rules=rules))


def test_wrong_rules_are_named_with_their_lines():
    text = """# mine
[[node]]
class = "A"
stepz = "x"

[[node]]
steps = "y"

[[node]]
class = "B"
cfg = 5

[other]
"""
    rules, problems = parse_rules(text)
    assert [problem.line for problem in problems] == [13, 4, 6, 11]
    assert "did you mean 'steps'" in problems[1].message
    assert set(rules.inputs) == {"A", "B"}
    assert parse_rules("[[node]]\nclass = ")[1][0].line == 2
    assert parse_rules("node = 3")[1]


def test_explain_names_the_node_of_each_value():
    graph = base(n20=node("CLIPTextEncode", text="unused", clip=["1", 1]),
                 n7=node("SaveImage", images=["21", 0], filename_prefix="x"),
                 n21=node("OddFilter", images=["6", 0], amount=4))  # fmt: skip
    found = {line.node: line for line in explain(container(prompt=graph))}
    assert ("steps", "22") in found["5"].gave
    assert ("positive", "a lighthouse") in found["2"].gave
    assert ("size", "640x896") in found["4"].gave
    assert found["1"].gave == (("model", "base.safetensors (input ckpt_name)"),)
    assert found["7"].note == "wrote the file"
    assert found["20"].note.startswith("left out")
    assert found["21"].note.startswith("not understood")


def test_explain_of_another_tools_text():
    lines = explain(container(parameters="a\nSteps: 5, Sampler: Euler, Seed: 1"))
    assert [line.class_type for line in lines] == ["A1111"]
    assert ("steps", "5") in lines[0].gave
    assert explain(container()) == []


def test_the_tree_grows_from_the_save_node():
    graph = base({"7.filename_prefix": "mine"}, n20=node("CLIPTextEncode", text="unused"))
    rows = node_tree(container(prompt=graph))
    assert [(row.class_type, row.depth) for row in rows[:4]] == [
        ("SaveImage", 0), ("VAEDecode", 1), ("KSampler", 2), ("CheckpointLoaderSimple", 3),
    ]  # fmt: skip
    sampler = rows[2]
    assert ("steps", "22") in sampler.values
    assert "denoise" not in dict(sampler.values), "the default is not shown"
    assert [row.node for row in rows if row.is_unused] == ["20"]


def test_the_tree_marks_muted_nodes():
    workflow = editor()
    made = {"id": 8, "type": "LoraLoader", "mode": 4, "widgets_values": ["a.safetensors", 1, 1]}
    workflow["nodes"].append(made)
    by_id(workflow, 3)["title"] = "What not to see"
    rows = node_tree(container(workflow=workflow))
    assert [(row.class_type, row.is_muted) for row in rows if row.is_muted] == [
        ("LoraLoader", True)
    ]
    assert "What not to see" in [row.title for row in rows]
    assert node_tree(container()) == ()

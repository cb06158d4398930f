"""The cases that make headline fields hard, each as a small graph."""

import json

import pytest

from smartgallery_tui.metadata import extract, payloads
from smartgallery_tui.records import Container, NamedText
from smartgallery_tui.records.names import normalise_name
from tests.metadata.graphs import BASE, base, check, container, node, read
from tests.metadata.test_packs import flux


def two_passes(**save):
    """Return the base graph with a larger second pass; both are saved."""
    return base(
        n10=node("LatentUpscale", upscale_method="nearest-exact", width=1280, height=1792,
                 crop="disabled", samples=["5", 0]),
        n11=node("KSampler", seed=9, steps=14, cfg=8, sampler_name="dpmpp_2m",
                 scheduler="simple", denoise=0.5, model=["1", 0], positive=["2", 0],
                 negative=["3", 0], latent_image=["10", 0]),
        n12=node("VAEDecode", samples=["11", 0], vae=["1", 2]),
        n13=node("SaveImage", filename_prefix="y", images=["12", 0]),
        **save,
    )  # fmt: skip


def test_the_pixel_size_tells_which_save_made_the_file():
    check(read(two_passes(), size=(640, 896)))
    check(read(two_passes(), size=(1280, 1792)), seed=9, steps=14, cfg=8, sampler="dpmpp_2m",
          scheduler="simple")  # fmt: skip


def test_otherwise_the_deepest_save():
    made = read(two_passes(), size=(3000, 900))
    check(made, seed=9, steps=14, cfg=8, sampler="dpmpp_2m", scheduler="simple")
    assert [one.node for one in made.passes] == ["5", "11"]


def test_a_picture_upscaled_by_a_model_is_sized_by_its_name():
    graph = base(
        n20=node("UpscaleModelLoader", model_name="RealESRGAN_x4.pth"),
        n21=node("ImageUpscaleWithModel", upscale_model=["20", 0], image=["6", 0]),
        n22=node("SaveImage", images=["21", 0], filename_prefix="z"),
        n23=node("CheckpointLoaderSimple", ckpt_name="late.safetensors"),
    )
    made = read(graph, size=(2560, 3584))
    check(made)
    assert ("upscaler", "RealESRGAN_x4.pth") in [(use.role, use.name) for use in made.names]
    assert "late.safetensors" not in [use.name for use in made.names]


def test_a_dead_branch_says_nothing():
    graph = base(
        n20=node("CheckpointLoaderSimple", ckpt_name="other.safetensors"),
        n21=node("KSampler", seed=1, steps=99, cfg=1, sampler_name="lcm", scheduler="simple",
                 model=["20", 0], positive=["2", 0], negative=["3", 0], latent_image=["4", 0]),
        n22=node("PreviewImage", images=["21", 0]),
    )  # fmt: skip
    check(read(graph))


def test_a_graph_of_previews_only():
    check(read(base(n7=node("PreviewImage", images=["6", 0]))))


def test_the_media_kind_chooses_the_writer():
    graph = base(
        n20=node("SVD_img2vid_Conditioning", width=1024, height=576, video_frames=14,
                 clip_vision=["21", 1], init_image=["6", 0], vae=["21", 2]),
        n21=node("ImageOnlyCheckpointLoader", ckpt_name="svd.safetensors"),
        n22=node("KSampler", seed=2, steps=15, cfg=2.5, sampler_name="euler", scheduler="karras",
                 denoise=1, model=["21", 0], positive=["20", 0], negative=["20", 1],
                 latent_image=["20", 2]),
        n23=node("VAEDecode", samples=["22", 0], vae=["21", 2]),
        n24=node("SaveAnimatedWEBP", images=["23", 0], filename_prefix="v", fps=10),
    )  # fmt: skip
    check(read(graph))
    check(read(graph, kind="animated"), seed=2, steps=15, cfg=2.5, scheduler="karras",
          model="svd.safetensors", models=("base.safetensors", "svd.safetensors"), width=1024,
          height=576)  # fmt: skip


def test_a_last_pass_without_noise_takes_the_seed_from_upstream():
    def sampler(**inputs):
        return node("KSamplerAdvanced", steps=22, cfg=5.5, sampler_name="euler",
                    scheduler="normal", start_at_step=0, end_at_step=10000, **inputs)  # fmt: skip

    graph = base(
        n5=sampler(add_noise="disable", noise_seed=0, model=["20", 0], positive=["2", 0],
                   negative=["3", 0], latent_image=["21", 0]),
        n20=node("CheckpointLoaderSimple", ckpt_name="refiner.safetensors"),
        n21=sampler(add_noise="enable", noise_seed=31, model=["1", 0], positive=["2", 0],
                    negative=["3", 0], latent_image=["4", 0]),
    )  # fmt: skip
    check(read(graph), model="refiner.safetensors",
          models=("base.safetensors", "refiner.safetensors"))  # fmt: skip


def test_slots_of_a_node_with_both_sides():
    graph = base(
        {"5.positive": ["8", 0], "5.negative": ["8", 1]},
        n8=node("ControlNetApplyAdvanced", positive=["2", 0], negative=["3", 0],
                control_net=["9", 0], image=["10", 0], strength=1),
        n9=node("ControlNetLoader", control_net_name="canny.safetensors"),
        n10=node("LoadImage", image="edges.png"),
    )  # fmt: skip
    made = read(graph)
    check(made)
    names = [(use.role, use.name) for use in made.names]
    assert ("controlnet", "canny.safetensors") in names
    assert ("input", "edges.png") in names


def test_swapped_slots_follow_the_links():
    graph = base(
        {"5.positive": ["8", 1], "5.negative": ["8", 0]},
        n8=node("InstructPixToPixConditioning", positive=["3", 0], negative=["2", 0],
                vae=["1", 2], pixels=["9", 0]),
        n9=node("LoadImage", image="x.png"),
    )  # fmt: skip
    check(read(graph))


def test_zeroed_sides_are_empty():
    graph = base({"5.negative": ["8", 0]}, n8=node("ConditioningZeroOut", conditioning=["2", 0]))
    check(read(graph), negative=())
    graph["5"]["inputs"]["positive"] = ["8", 0]
    check(read(graph), positive=(), negative=())


def test_a_guider_with_two_conditionings():
    graph = flux(
        n5=node("DualCFGGuider", cfg_conds=5.5, cfg_cond2_negative=2, model=["1", 0],
                cond1=["3", 0], cond2=["20", 0], negative=["3", 0]),
        n20=node("CLIPTextEncode", text="fog", clip=["2", 0]),
    )  # fmt: skip
    check(read(graph))


def test_combined_conditionings_give_all_texts():
    graph = base(
        {"5.positive": ["8", 0]},
        n8=node("ConditioningCombine", conditioning_1=["2", 0], conditioning_2=["9", 0]),
        n9=node("ConditioningSetArea", conditioning=["10", 0], width=64, height=64, x=0, y=0,
                strength=1),
        n10=node("CLIPTextEncode", text="a ship", clip=["1", 1]),
    )  # fmt: skip
    check(read(graph), positive=("a lighthouse", "a ship"))
    del graph["8"]["inputs"]["conditioning_1"]
    check(read(graph), positive=("a ship",))


def test_stage_b_is_fed_through_its_conditioning():
    graph = base(
        {"5.steps": 10, "5.cfg": 1.1, "5.positive": ["8", 0], "5.model": ["20", 0]},
        n8=node("StableCascade_StageB_Conditioning", conditioning=["2", 0], stage_c=["21", 0]),
        n20=node("UNETLoader", unet_name="b.safetensors"),
        n21=node("KSampler", seed=7, steps=20, cfg=4, sampler_name="euler", scheduler="simple",
                 denoise=1, model=["1", 0], positive=["2", 0], negative=["3", 0],
                 latent_image=["22", 0]),
        n22=node("StableCascade_EmptyLatentImage", width=1024, height=1024, compression=42),
    )  # fmt: skip
    made = read(graph)
    check(made, steps=10, cfg=1.1, model="b.safetensors",
          models=("base.safetensors", "b.safetensors"))  # fmt: skip
    assert [one.steps for one in made.passes] == [20, 10]


def test_a_path_that_starts_from_a_picture_has_no_size():
    graph = base({"5.latent_image": ["8", 0]}, n4=None,
                 n8=node("VAEEncode", pixels=["9", 0], vae=["1", 2]),
                 n9=node("ImageScale", image=["10", 0], width=640, height=640, crop="center",
                         upscale_method="area"),
                 n10=node("LoadImage", image="x.png"))  # fmt: skip
    check(read(graph), width=None, height=None)


def test_a_size_from_another_nodes_slots():
    graph = base(
        {"4.width": ["8", 1], "4.height": ["8", 2]},
        n8=node("WanCameraEmbedding", camera_pose="Zoom In", width=640, height=896, length=81),
    )
    check(read(graph))
    graph["8"] = node("GetImageSize", image=["9", 0])
    graph["9"] = node("LoadImage", image="x.png")
    check(read(graph), width=None, height=None)


def test_merged_models_are_all_named():
    graph = base(
        {"5.model": ["8", 0]},
        n8=node("ModelMergeAdd", model1=["1", 0], model2=["9", 0]),
        n9=node("CheckpointLoaderSimple", ckpt_name="second.safetensors"),
    )
    check(read(graph), models=("base.safetensors", "second.safetensors"))


def test_a_clip_file_is_no_model():
    graph = base({"1.ckpt_name": None}, n1=node("UNETLoader", unet_name="u.safetensors"),
                 n30=node("CLIPLoader", clip_name="t5.safetensors", type="sd3"))  # fmt: skip
    graph["2"]["inputs"]["clip"] = graph["3"]["inputs"]["clip"] = ["30", 0]
    made = read(graph)
    check(made, model="u.safetensors")
    assert ("clip", "t5.safetensors") in [(use.role, use.name) for use in made.names]


def test_hypernetworks_embeddings_and_written_loras_are_names():
    graph = base(
        {"5.model": ["8", 0], "2.text": "embedding:SDA768.pt a lighthouse <lora:pixel:0.5>"},
        n8=node("HypernetworkLoader", hypernetwork_name="old.pt", strength=1, model=["1", 0]),
    )
    made = read(graph)
    check(made, positive=("embedding:SDA768.pt a lighthouse <lora:pixel:0.5>",))
    names = {(use.role, use.name) for use in made.names}
    assert {("hypernetwork", "old.pt"), ("embedding", "SDA768.pt"), ("lora", "pixel")} <= names


@pytest.mark.parametrize(
    ("class_type", "steps"), [("LTXVScheduler", 30), ("Flux2Scheduler", 4), ("SDTurboScheduler", 1)]
)
def test_a_scheduler_node_without_a_name_gives_its_class(class_type, steps):
    graph = flux(n8=node(class_type, steps=steps, max_shift=2, model=["1", 0]))
    check(read(graph), cfg=None, negative=(), scheduler=class_type, steps=steps)


def test_split_sigmas_lead_to_the_scheduler():
    graph = flux()
    graph["10"]["inputs"]["sigmas"] = ["20", 1]
    graph["20"] = node("SplitSigmas", step=3, sigmas=["8", 0])
    check(read(graph), cfg=None, negative=())


def test_the_largest_seed_and_numbers_as_text():
    check(read(base({"5.seed": 2**64 - 1})), seed=2**64 - 1)
    check(read(base({"5.seed": 2**64})), seed=None)
    check(read(base({"5.steps": "22", "5.cfg": "5.5"})))


def test_values_that_are_not_numbers():
    text = json.dumps(BASE).replace("5.5", "NaN")
    check(extract(container(prompt=text)), cfg=None)
    graph = base({"5.seed": ["404", 0], "5.sampler_name": ["404", 1]})
    check(read(graph), seed=None, sampler=None)


@pytest.mark.parametrize("rename", [lambda at: f"57:{at}", lambda at: f"node {at}", lambda at: at])
def test_ids_of_any_form(rename):
    graph = {}
    for name, made in base().items():
        inputs = {
            k: [rename(v[0]), v[1]] if isinstance(v, list) else v for k, v in made["inputs"].items()
        }
        graph[rename(name)] = {"class_type": made["class_type"], "inputs": inputs,
                               "is_changed": ["x"]}  # fmt: skip
    check(read(graph))


def test_old_input_names():
    graph = base()
    inputs = graph["5"]["inputs"]
    del inputs["seed"]
    inputs.update({"Random seed after every gen": 31, "sampler_name": "sample_dpmpp_2m"})
    check(read(graph), sampler="sample_dpmpp_2m", seed=31)


def test_video_comments_of_all_eras():
    prompt = json.dumps(BASE)
    outer = json.dumps({"prompt": prompt, "workflow": {"nodes": [{"id": 1, "type": "Note"}]}})
    made = extract(container(comment=outer, kind="video"))
    check(made)
    assert made.sources == ("prompt", "workflow")
    check(extract(container(prompt=json.dumps(prompt), kind="video")))
    check(extract(container(prompt=prompt, kind="video")))
    assert payloads(container(prompt=prompt)).prompt == prompt


def test_a_companion_speaks_for_a_silent_file():
    silent = Container("mp4", "video")
    check(extract(silent, companions=[container(prompt=BASE)]))
    assert extract(silent).headline is None


def test_a_prompt_that_is_text_is_no_graph():
    made = extract(container(prompt="a lighthouse", description="by hand"))
    assert made.sources == ()
    assert made.headline is None
    assert made.problem is None


def test_an_empty_workflow_beside_a_text():
    text = "a\nSteps: 5, Sampler: Euler, Seed: 1"
    given = Container("png", "image", texts=(NamedText("workflow", "", "x"),
                                             NamedText("parameters", text, "x")))  # fmt: skip
    assert extract(given).sources == ("parameters",)


@pytest.mark.parametrize(
    "name", ["SDXL\\Juggernaut_XL-v9.safetensors", "juggernaut xl v9", "a/b/JUGGERNAUT-XL_V9.ckpt"]
)
def test_names_are_compared_in_one_spelling(name):
    assert normalise_name(name) == "juggernaut xl v9"


def test_a_name_of_separators_only_is_kept():
    assert normalise_name("...") == "..."
    assert normalise_name("") == ""


def test_sigmas_written_as_numbers():
    made = read(
        base(
            n5=node("SamplerCustomAdvanced", noise=["12", 0], guider=["13", 0], sampler=["14", 0],
                    sigmas=["11", 0], latent_image=["4", 0]),
            n10=node("ManualSigmas", sigmas="0.909375, 0.725, 0.421875, 0.0"),
            n11=node("FlipSigmas", sigmas=["10", 0]),
            n12=node("RandomNoise", noise_seed=31),
            n13=node("CFGGuider", model=["1", 0], positive=["2", 0], negative=["3", 0], cfg=1.0),
            n14=node("KSamplerSelect", sampler_name="euler"),
        )
    )  # fmt: skip
    check(made, steps=3, scheduler="ManualSigmas", cfg=1.0)


def test_the_last_pass_is_the_one_that_no_other_builds_on():
    made = read(
        base(
            {"6.samples": ["9", 0]},
            n8=node("KSampler", seed=8, steps=4, cfg=1.0, sampler_name="lcm", scheduler="simple",
                    denoise=1.0, model=["1", 0], positive=["2", 0], negative=["3", 0],
                    latent_image=["10", 2]),
            n9=node("LatentConcat", samples1=["5", 0], samples2=["8", 0], dim="t"),
            n10=node("WanSoundImageToVideoExtend", positive=["2", 0], negative=["3", 0],
                     video_latent=["5", 0], length=77),
        )
    )  # fmt: skip
    check(made, seed=8, steps=4, cfg=1.0, sampler="lcm", scheduler="simple")

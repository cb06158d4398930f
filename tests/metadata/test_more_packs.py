"""Graphs in the shapes of popular node packs: pipes, loaders in one node, chains of samplers."""

from typing import Any

from smartgallery_tui.metadata import extract
from tests.metadata.graphs import base, check, container, node, read


def lora_rows(made: Any) -> list[tuple[str, float | None, float | None]]:
    return [(use.name, use.strength_model, use.strength_clip) for use in made.headline.loras]


def test_a_detailer_pipe_is_a_second_pass():
    made = read(
        base(
            {"7.images": ["12", 0]},
            n10=node(
                "ToDetailerPipe", model=["1", 0], clip=["1", 1], vae=["1", 2], positive=["2", 0],
                negative=["3", 0], bbox_detector=["11", 0], wildcard="",
            ),
            n11=node("UltralyticsDetectorProvider", model_name="bbox/face.pt"),
            n12=node(
                "FaceDetailerPipe", image=["6", 0], detailer_pipe=["10", 0], guide_size=512,
                seed=99, steps=12, cfg=6.0, sampler_name="dpmpp_2m", scheduler="karras",
                denoise=0.4,
            ),
        )
    )  # fmt: skip
    check(made, sampler="dpmpp_2m", scheduler="karras", steps=12, cfg=6.0, seed=99)
    assert len(made.passes) == 2


def test_an_edited_basic_pipe_gives_the_new_text():
    made = read(
        base(
            {"6.samples": ["13", 3]},
            n10=node(
                "ToBasicPipe", model=["1", 0], clip=["1", 1], vae=["1", 2], positive=["2", 0],
                negative=["3", 0],
            ),
            n11=node("EditBasicPipe", basic_pipe=["10", 0], positive=["12", 0]),
            n12=node("CLIPTextEncode", text="edited", clip=["1", 1]),
            n13=node(
                "ImpactKSamplerBasicPipe", basic_pipe=["11", 0], seed=5, steps=9, cfg=3.0,
                sampler_name="euler", scheduler="normal", latent_image=["4", 0], denoise=0.7,
            ),
        )
    )  # fmt: skip
    check(made, positive=("edited",), seed=5, steps=9, cfg=3.0)


def easy(loader: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "1": loader,
        "2": node(
            "easy preSampling", pipe=["1", 0], steps=20, cfg=7.0, sampler_name="euler",
            scheduler="karras", denoise=1.0, seed=44,
        ),
        "3": node("easy kSampler", pipe=["2", 0], image_output="Save", save_prefix="ComfyUI"),
        **more,
    }  # fmt: skip


EASY = {
    "model": "m.safetensors", "sampler": "euler", "scheduler": "karras", "steps": 20, "cfg": 7.0,
    "seed": 44, "positive": ("pos text",), "negative": ("neg text",),
}  # fmt: skip


def test_easy_full_loader():
    loader = node(
        "easy fullLoader", ckpt_name="m.safetensors", vae_name="Baked VAE", clip_skip=-2,
        lora_name="l.safetensors", lora_model_strength=0.6, lora_clip_strength=0.5,
        resolution="832 x 1216", empty_latent_width=512, empty_latent_height=512,
        positive="pos text", negative="neg text", batch_size=1,
    )  # fmt: skip
    made = read(easy(loader))
    check(made, **EASY, width=832, height=1216, loras=(("l.safetensors", 0.6),))
    assert lora_rows(made) == [("l.safetensors", 0.6, 0.5)]


def test_easy_stack_of_one_strength_and_a_hires_fix():
    loader = node(
        "easy a1111Loader", ckpt_name="m.safetensors", lora_name="None", lora_model_strength=1.0,
        resolution="width x height (custom)", empty_latent_width=512, empty_latent_height=768,
        positive="pos text", negative="neg text", optional_lora_stack=["9", 0],
    )  # fmt: skip
    stack = node(
        "easy loraStack", toggle=True, mode="simple", num_loras=1, lora_1_name="a.safetensors",
        lora_1_strength=0.5, lora_1_model_strength=1.0, lora_1_clip_strength=1.0,
        lora_2_name="b.safetensors", lora_2_strength=0.3,
    )  # fmt: skip
    made = read(
        easy(
            loader,
            **{
                "9": stack,
                "5": node(
                    "easy hiresFix", pipe=["3", 0], model_name="4x.pth", rescale="by percentage",
                    rescale_method="nearest", percent=50, width=1024, height=1024,
                ),
                "6": node(
                    "easy preDetailerFix", pipe=["5", 0], guide_size=256, seed=3, steps=12, cfg=6,
                    sampler_name="lcm", scheduler="normal", denoise=0.5,
                ),
                "7": node("easy detailerFix", pipe=["6", 0], image_output="Save"),
            },
        )
    )  # fmt: skip
    check(
        made, **{**EASY, "sampler": "lcm", "scheduler": "normal", "steps": 12, "cfg": 6.0,
                 "seed": 3}, width=512, height=768, loras=(("a.safetensors", 0.5),),
    )  # fmt: skip
    assert lora_rows(made) == [("a.safetensors", 0.5, 0.5)]


def test_easy_loader_with_a_model_from_outside():
    loader = node(
        "easy fluxLoader", ckpt_name="None", lora_name="None", resolution="1024 x 1024",
        positive="pos text", model_override=["8", 0], clip_override=["9", 0],
    )  # fmt: skip
    made = read(
        easy(
            loader,
            **{
                "8": node("UNETLoader", unet_name="flux.safetensors"),
                "9": node("DualCLIPLoader", clip_name1="a", clip_name2="b"),
            },
        )
    )
    check(
        made, **{**EASY, "model": "flux.safetensors", "negative": ()}, width=1024, height=1024
    )  # fmt: skip


def test_efficiency_stack_of_one_strength():
    made = read(
        base(
            {"5.model": ["8", 0]},
            n8=node("Apply LoRA Stack", model=["1", 0], clip=["1", 1], lora_stack=["9", 0]),
            n9=node(
                "LoRA Stacker", input_mode="simple", lora_count=2, lora_name_1="a.safetensors",
                lora_wt_1=0.7, model_str_1=1.0, clip_str_1=1.0, lora_name_2="None",
                lora_name_3="z.safetensors", lora_wt_3=1.0,
            ),
        )
    )  # fmt: skip
    assert lora_rows(made) == [("a.safetensors", 0.7, 0.7)]


def wan(**more: Any) -> dict[str, Any]:
    return {
        "1": node("WanVideoModelLoader", model="wan.safetensors"),
        "5": node(
            "WanVideoTextEncodeCached", model_name="umt5.safetensors",
            positive_prompt="a dog runs", negative_prompt="blurry",
        ),
        "7": node("WanVideoEmptyEmbeds", width=832, height=480, num_frames=81),
        "10": node("WanVideoDecode", vae=["11", 0], samples=["9", 0]),
        "11": node("WanVideoVAELoader", model_name="wan_vae.safetensors"),
        "12": node("VHS_VideoCombine", images=["10", 0], frame_rate=16),
        **more,
    }  # fmt: skip


WAN = {
    "model": "wan.safetensors", "cfg": 1.0, "seed": 42, "positive": ("a dog runs",),
    "negative": ("blurry",), "width": 832, "height": 480,
}  # fmt: skip


def test_wan_sampler_with_a_scheduler_node():
    graph = wan(
        **{
            "8": node("WanVideoSchedulerv2", scheduler="unipc", steps=6, shift=5.0),
            "9": node(
                "WanVideoSamplerv2", model=["1", 0], image_embeds=["7", 0],
                text_embeds=["5", 0], scheduler=["8", 3], cfg=1.0, seed=42,
            ),
        }
    )  # fmt: skip
    check(read(graph, kind="video"), **WAN, sampler="unipc", scheduler="unipc", steps=6)


def test_wan_in_two_passes_with_loras():
    common = {
        "image_embeds": ["7", 0], "text_embeds": ["5", 0], "steps": 8, "shift": 5.0,
        "scheduler": "dpm++_sde",
    }  # fmt: skip
    graph = wan(
        **{
            "2": node("WanVideoModelLoader", model="low.safetensors"),
            "3": node("WanVideoSetLoRAs", model=["2", 0], lora=["22", 0]),
            "1": node("WanVideoModelLoader", model="wan.safetensors", lora=["20", 0]),
            "20": node(
                "WanVideoLoraSelect", lora="hi.safetensors", strength=0.9, prev_lora=["21", 0]
            ),
            "21": node(
                "WanVideoLoraSelectMulti", lora_0="m.safetensors", strength_0=0.5, lora_1="none",
                strength_1=1.0, lora_2="off.safetensors", strength_2=0.0,
            ),
            "22": node("WanVideoLoraSelect", lora="lo.safetensors", strength=1.0),
            "8": node("WanVideoSampler", model=["1", 0], cfg=2.0, seed=42, **common),
            "9": node(
                "WanVideoSampler", model=["3", 0], samples=["8", 0], cfg=1.0, seed=43, **common
            ),
        }
    )  # fmt: skip
    made = read(graph, kind="video")
    check(
        made, **{**WAN, "model": "low.safetensors", "seed": 43}, sampler="dpm++_sde", steps=8,
        models=("wan.safetensors", "low.safetensors"), scheduler="dpm++_sde",
        loras=(("m.safetensors", 0.5), ("hi.safetensors", 0.9), ("lo.safetensors", 1.0)),
    )  # fmt: skip


def test_tinyterra_loras_written_in_the_loader():
    made = read(
        {
            "1": node(
                "ttN pipeLoader_v2", ckpt_name="m.safetensors", loras="<lora:xx:0.6>",
                positive="pos text", negative="neg text", empty_latent_width=640,
                empty_latent_height=768, seed=3,
            ),
            "2": node(
                "ttN pipeKSampler_v2", pipe=["1", 0], lora_name="a.safetensors",
                lora_strength=0.5, upscale_method="None", rescale="by percentage", width=1024,
                height=1024, steps=20, cfg=7.0, sampler_name="euler", scheduler="karras",
                image_output="Save", seed=44, denoise=1.0,
            ),
        }
    )  # fmt: skip
    check(made, **EASY, width=640, height=768, loras=(("xx", 0.6), ("a.safetensors", 0.5)))


def test_a_chained_sampler_keeps_the_seed_before_it():
    made = read(
        base(
            {"6.samples": ["9", 0]},
            n8=node(
                "ClownsharKSampler_Beta", model=["1", 0], positive=["2", 0], negative=["3", 0],
                latent_image=["4", 0], sampler_name="exponential/res_2s", scheduler="beta57",
                steps=30, steps_to_run=10, denoise=1.0, cfg=5.5, seed=8,
            ),
            n9=node(
                "ClownsharkChainsampler_Beta", model=["1", 0], latent_image=["8", 0],
                sampler_name="exponential/res_3m", steps_to_run=-1, cfg=4.0,
            ),
        )
    )  # fmt: skip
    check(
        made, sampler="exponential/res_3m", scheduler=None, steps=None, cfg=4.0, seed=8
    )  # fmt: skip
    assert made.passes[0].steps == 30


def test_fooocus_nodes():
    made = read(
        {
            "1": node(
                "Fooocus Loader", base_model_name="m.safetensors", refiner_model_name="None",
                positive_prompt="pos text", negative_prompt="neg text",
                resolution="1152x896 (1.29)", optional_lora_stack=["3", 0],
            ),
            "3": node(
                "Fooocus LoraStack", toggle=True, num_loras=1, lora_1_name="a.safetensors",
                lora_1_strength=0.5,
            ),
            "2": node(
                "Fooocus PreKSampler", pipe=["1", 0], steps=20, cfg=7.0, sampler_name="euler",
                scheduler="karras", denoise=1.0, seed=44,
            ),
            "4": node("Fooocus KSampler", pipe=["2", 0], image_output="Save"),
        }
    )  # fmt: skip
    check(made, **EASY, width=1152, height=896, loras=(("a.safetensors", 0.5),))


def test_a_styler_with_texts_for_two_encoders():
    made = read(
        base(
            {"2.text": ["8", 0], "3.text": ["8", 3]},
            n8=node(
                "SDXLPromptStylerAdvanced",
                text_positive_g="castle",
                text_positive_l="towers",
                text_negative="fog",
                style="base",
            ),
        )
    )
    check(made, positive=("castle",))


def test_no_side_gets_the_text_of_the_other():
    made = read(
        base({"2.text": ["8", 0]}, n8=node("SomeStyler", text_negative="fog", style="base"))
    )
    check(made, positive=())


def test_trigger_words_that_are_on():
    made = read(
        base(
            {"2.text": ["9", 0]},
            n8=node(
                "TriggerWord Toggle (LoraManager)", trigger_words=["10", 2],
                toggle_trigger_words={
                    "__value__": [{"text": "on1", "active": True}, {"text": "x", "active": False}]
                },
            ),
            n9=node("JoinStrings", delimiter=", ", string1=["8", 0], string2="and more"),
            n10=node("Lora Loader (LoraManager)", model=["1", 0], text="", loras=[]),
        )
    )  # fmt: skip
    check(made, positive=("on1, and more",))


def test_strings_appended_without_commas():
    made = read(
        base(
            {"2.text": ["8", 0]},
            n8=node(
                "StringFunction|pysssss", action="append", tidy_tags="no", text_a="one ",
                text_b="two", text_c="",
            ),
        )
    )  # fmt: skip
    check(made, positive=("one two",))


def editor(at: int, kind: str, inputs: str, outputs: str, values: list[Any]) -> dict[str, Any]:
    """Return a node of an older editor: inputs and outputs are `NAME:link` pairs."""
    return {
        "id": at, "type": kind, "mode": 0, "widgets_values": values,
        "inputs": [
            {"name": name, "type": "X", "link": int(link)}
            for name, _, link in (part.partition(":") for part in inputs.split())
        ],
        "outputs": [
            {"name": name, "type": "X", "links": [int(link)]}
            for name, _, link in (part.partition(":") for part in outputs.split())
        ],
    }  # fmt: skip


def test_an_older_efficiency_sampler_writes_none_for_its_control():
    nodes = [
        editor(
            1, "Efficient Loader", "", "MODEL:1 CONDITIONING+:2 CONDITIONING-:3 LATENT:4",
            ["m.safetensors", "Baked VAE", -2, "None", 1, 1, "pos text", "neg text", "none",
             "comfy", 512, 768, 1],
        ),
        editor(
            2, "KSampler (Efficient)", "model:1 positive:2 negative:3 latent_image:4", "IMAGE:5",
            [44, None, 20, 7, "euler", "karras", 1, "auto", "true"],
        ),
        editor(3, "SaveImage", "images:5", "", ["x"]),
    ]  # fmt: skip
    links = [[1, 1, 0, 2, 0, "X"], [2, 1, 1, 2, 1, "X"], [3, 1, 2, 2, 2, "X"],
             [4, 1, 3, 2, 3, "X"], [5, 2, 0, 3, 0, "X"]]  # fmt: skip
    made = extract(container(workflow={"nodes": nodes, "links": links}))
    check(made, **EASY, width=512, height=768)


def test_easy_nodes_of_an_older_editor():
    nodes = [
        editor(
            1, "easy fullLoader", "", "pipe:1",
            ["m.safetensors", "Default", "Baked VAE", -2, "None", 1, 1, "832 x 1216", 512, 512,
             "pos text", "none", "comfy", "neg text", "none", "comfy", 1, False],
        ),
        editor(
            2, "easy preSampling", "pipe:1", "pipe:2",
            [20, 7, "euler", "karras", 1, 44, "randomize"],
        ),
        editor(3, "easy kSampler", "pipe:2", "image:3", ["Hide", 0, "ComfyUI"]),
        editor(4, "SaveImage", "images:3", "", ["x"]),
    ]  # fmt: skip
    links = [[1, 1, 0, 2, 0, "X"], [2, 2, 0, 3, 0, "X"], [3, 3, 0, 4, 0, "X"]]
    made = extract(container(workflow={"nodes": nodes, "links": links}))
    # Where the texts after the first lie differs between versions: they stay blank.
    check(made, **{**EASY, "negative": ()}, width=832, height=1216)


def test_values_behind_one_of_the_wrong_type_stay_blank():
    nodes = [
        editor(1, "CheckpointLoaderSimple", "", "MODEL:1 CLIP:2", ["base.safetensors"]),
        editor(2, "CLIPTextEncode", "clip:2", "CONDITIONING:3", ["a lighthouse"]),
        editor(4, "EmptyLatentImage", "", "LATENT:4", [640, 896, 1]),
        editor(
            5, "KSampler", "model:1 positive:3 latent_image:4", "LATENT:5",
            [31, "fixed", "something new", 22, 5.5, "euler", "normal", 1.0],
        ),
        editor(7, "SaveImage", "images:5", "", ["x"]),
    ]  # fmt: skip
    links = [[1, 1, 0, 5, 0, "X"], [2, 1, 1, 2, 0, "X"], [3, 2, 0, 5, 1, "X"],
             [4, 4, 0, 5, 2, "X"], [5, 5, 0, 7, 0, "X"]]  # fmt: skip
    made = extract(container(workflow={"nodes": nodes, "links": links}))
    check(made, sampler=None, scheduler=None, steps=None, cfg=None, negative=())


def test_a_size_picked_from_a_list():
    made = read(
        base(
            {"4.width": ["8", 0], "4.height": ["8", 1]},
            n8=node(
                "CR SDXL Aspect Ratio",
                width=1024,
                height=1024,
                swap_dimensions="Off",
                aspect_ratio="3:4 portrait 896x1152",
            ),
        )
    )
    check(made, width=896, height=1152)

"""Graphs in the shapes of popular node packs: every headline field of each."""

import pytest

from tests.metadata.graphs import base, check, node, read


def test_rgthree_power_lora_loader_takes_rows_that_are_on():
    graph = base(
        {"5.model": ["8", 0], "2.clip": ["8", 1]},
        n8=node(
            "Power Lora Loader (rgthree)",
            PowerLoraLoaderHeaderWidget={"type": "PowerLoraLoaderHeaderWidget"},
            lora_1={"on": True, "lora": "a.safetensors", "strength": 0.7},
            lora_2={"on": False, "lora": "b.safetensors", "strength": 1},
            lora_3={"on": True, "lora": "c.safetensors", "strength": 0},
            **{"Add Lora": ""},
            model=["1", 0],
            clip=["1", 1],
        ),
    )
    check(read(graph), loras=(("a.safetensors", 0.7),))


def test_rgthree_lora_stack():
    graph = base(
        {"5.model": ["8", 0]},
        n8=node(
            "Lora Loader Stack (rgthree)", lora_01="a.safetensors", strength_01=0.5,
            lora_02="None", strength_02=1, lora_03="c.safetensors", strength_03=1,
            lora_04="None", strength_04=1, model=["1", 0], clip=["1", 1],
        ),
    )  # fmt: skip
    check(read(graph), loras=(("a.safetensors", 0.5), ("c.safetensors", 1)))


def test_rgthree_context_hands_on_all():
    graph = base(
        {
            "5.model": ["8", 1], "5.positive": ["8", 4], "5.negative": ["8", 5],
            "5.latent_image": ["8", 6], "5.seed": ["8", 8],
        },
        n8=node(
            "Context (rgthree)", base_ctx=["9", 0], positive=["2", 0], latent=["4", 0],
        ),
        n9=node(
            "Context (rgthree)", model=["1", 0], clip=["1", 1], vae=["1", 2],
            positive=["3", 0], negative=["3", 0], seed=["10", 0],
        ),
        n10=node("Seed (rgthree)", seed=77),
    )  # fmt: skip
    check(read(graph), seed=77)


def test_rgthree_config_values():
    graph = base(
        {
            "5.steps": ["8", 0], "5.cfg": ["8", 2], "5.sampler_name": ["8", 3],
            "5.scheduler": ["8", 4],
        },
        n8=node(
            "KSampler Config (rgthree)", steps_total=28, refiner_step=20, cfg=4.5,
            sampler_name="uni_pc", scheduler="beta",
        ),
    )  # fmt: skip
    check(read(graph), steps=28, cfg=4.5, sampler="uni_pc", scheduler="beta")


def test_a_random_seed_stays_blank():
    graph = base({"5.seed": ["8", 0]}, n8=node("Seed (rgthree)", seed=-1))
    check(read(graph), seed=None)


def efficient(**loader):
    return {
        "1": node(
            "Efficient Loader",
            **{
                "ckpt_name": "base.safetensors", "vae_name": "Baked VAE", "clip_skip": -2,
                "lora_name": "None", "lora_model_strength": 1, "lora_clip_strength": 1,
                "positive": "a lighthouse", "negative": "fog", "token_normalization": "none",
                "weight_interpretation": "comfy", "empty_latent_width": 640,
                "empty_latent_height": 896, "batch_size": 1, **loader,
            },
        ),
        "2": node(
            "KSampler (Efficient)", seed=31, steps=22, cfg=5.5, sampler_name="euler",
            scheduler="normal", denoise=1, preview_method="auto", vae_decode="true",
            model=["1", 0], positive=["1", 1], negative=["1", 2], latent_image=["1", 3],
            optional_vae=["1", 4],
        ),
        "3": node("SaveImage", filename_prefix="x", images=["2", 5]),
    }  # fmt: skip


def test_efficient_loader():
    check(read(efficient()))


def test_efficient_loader_with_lora_and_stack():
    graph = efficient(lora_name="a.safetensors", lora_model_strength=0.6, lora_stack=["9", 0])
    graph["9"] = node(
        "LoRA Stacker", input_mode="simple", lora_count=2,
        lora_name_1="b.safetensors", lora_wt_1=0.4, model_str_1=1, clip_str_1=1,
        lora_name_2="c.safetensors", lora_wt_2=0.3, model_str_2=1, clip_str_2=1,
        lora_name_3="d.safetensors", lora_wt_3=0.3, model_str_3=1, clip_str_3=1,
    )  # fmt: skip
    wanted = (("b.safetensors", 0.4), ("c.safetensors", 0.3), ("a.safetensors", 0.6))
    check(read(graph), loras=wanted)


def test_efficient_sdxl():
    graph = {
        "1": node(
            "Eff. Loader SDXL", base_ckpt_name="base.safetensors", base_clip_skip=-2,
            refiner_ckpt_name="None", refiner_clip_skip=-2, positive_ascore=6,
            negative_ascore=2, vae_name="Baked VAE", positive="a lighthouse", negative="fog",
            empty_latent_width=640, empty_latent_height=896, batch_size=1,
        ),
        "2": node(
            "KSampler SDXL (Eff.)", noise_seed=31, steps=22, cfg=5.5, sampler_name="euler",
            scheduler="normal", start_at_step=0, refine_at_step=-1, preview_method="auto",
            vae_decode="true", sdxl_tuple=["1", 0], latent_image=["1", 1], optional_vae=["1", 2],
        ),
        "3": node("SaveImage", filename_prefix="x", images=["2", 3]),
    }  # fmt: skip
    check(read(graph))


def test_easy_use_split_sampler_with_lora_stack():
    graph = {
        "1": node(
            "easy fullLoader", ckpt_name="base.safetensors", config_name="Default",
            vae_name="Baked VAE", clip_skip=-1, lora_name="None", lora_model_strength=1,
            lora_clip_strength=1, resolution="width x height (custom)", empty_latent_width=640,
            empty_latent_height=896, positive=["4", 0], negative="fog", batch_size=1,
            a1111_prompt_style=False, optional_lora_stack=["5", 0],
        ),
        "2": node(
            "easy preSampling", steps=22, cfg=5.5, sampler_name="euler", scheduler="normal",
            denoise=1, seed=31, pipe=["1", 0],
        ),
        "3": node(
            "easy kSampler", image_output="Save", link_id=0, save_prefix="x", pipe=["2", 0],
        ),
        "4": node("easy positive", positive="a lighthouse"),
        "5": node(
            "easy loraStack", toggle=True, mode="simple", num_loras=1,
            lora_1_name="a.safetensors", lora_1_strength=0.8, lora_1_model_strength=1,
            lora_1_clip_strength=1, lora_2_name="b.safetensors", lora_2_strength=0.8,
        ),
    }  # fmt: skip
    check(read(graph), loras=(("a.safetensors", 0.8),))


def test_tinyterra_pipe():
    graph = {
        "1": node(
            "ttN pipeLoader_v2", ckpt_name="base.safetensors", config_name="Default",
            vae_name="Baked VAE", clip_skip=-1, loras="None", positive="a lighthouse",
            positive_token_normalization="none", negative="fog", empty_latent_aspect="custom",
            empty_latent_width=640, empty_latent_height=896, seed=5,
        ),
        "2": node(
            "ttN pipeKSampler_v2", lora_name="a.safetensors", lora_strength=0.5,
            upscale_method="None", steps=22, cfg=5.5, sampler_name="euler", scheduler="normal",
            denoise=1, image_output="Preview", save_prefix="x", seed=31, pipe=["1", 0],
        ),
        "3": node("SaveImage", filename_prefix="x", images=["2", 8]),
    }  # fmt: skip
    check(read(graph), loras=(("a.safetensors", 0.5),))


def test_comfyroll_stack_applied():
    graph = base(
        {"5.model": ["8", 0], "2.clip": ["8", 1]},
        n8=node("CR Apply LoRA Stack", model=["1", 0], clip=["1", 1], lora_stack=["9", 0]),
        n9=node(
            "CR LoRA Stack", switch_1="On", lora_name_1="a.safetensors", model_weight_1=0.9,
            clip_weight_1=0.8, switch_2="Off", lora_name_2="b.safetensors", model_weight_2=1,
            clip_weight_2=1, switch_3="On", lora_name_3="None", model_weight_3=1, clip_weight_3=1,
        ),
    )  # fmt: skip
    check(read(graph), loras=(("a.safetensors", 0.9),))


def test_comfyroll_aspect_ratio():
    graph = base(
        {"5.latent_image": ["8", 4]},
        n8=node(
            "CR SDXL Aspect Ratio", width=1024, height=1024,
            aspect_ratio="3:4 portrait 896x1152", swap_dimensions="Off", upscale_factor=1,
            batch_size=1,
        ),
        n4=None,
    )  # fmt: skip
    check(read(graph), width=896, height=1152)


def test_lora_manager_with_stack():
    graph = base(
        {"5.model": ["8", 0], "2.clip": ["8", 1]},
        n8=node(
            "Lora Loader (LoraManager)", text="<lora:neon:0.50> <lora:off:1>",
            loras={"__value__": [
                {"name": "neon", "strength": "0.50", "active": True, "clipStrength": "0.4"},
                {"name": "off", "strength": 1, "active": False},
            ]},
            model=["1", 0], clip=["1", 1], lora_stack=["9", 0],
        ),
        n9=node(
            "Lora Stacker (LoraManager)", text="<lora:more:0.2>",
            loras=[{"name": "more", "strength": 0.2, "active": True}],
        ),
    )  # fmt: skip
    check(read(graph), loras=(("more", 0.2), ("neon", 0.5)))


def test_impact_wildcard_loads_inline_lora():
    graph = base(
        {"5.model": ["8", 0], "5.positive": ["8", 2]},
        n8=node(
            "ImpactWildcardEncode", wildcard_text="a __thing__", mode="populate", seed=2,
            populated_text="a lighthouse <lora:sea:0.6>", model=["1", 0], clip=["1", 1],
            **{"Select to add LoRA": "x", "Select to add Wildcard": "y"},
        ),
    )  # fmt: skip
    made = read(graph)
    check(made, positive=("a lighthouse <lora:sea:0.6>",), loras=(("sea", 0.6),))
    assert made.headline is not None
    assert made.headline.loras[0].in_prompt


def test_face_detailer_is_a_pass_after_the_sampler():
    graph = base(
        {"7.images": ["8", 0]},
        n8=node(
            "FaceDetailer", image=["6", 0], model=["1", 0], clip=["1", 1], vae=["1", 2],
            positive=["2", 0], negative=["3", 0], bbox_detector=["9", 0], guide_size=512,
            seed=99, steps=12, cfg=3, sampler_name="dpmpp_2m", scheduler="karras", denoise=0.4,
            wildcard="", cycle=1,
        ),
        n9=node("UltralyticsDetectorProvider", model_name="bbox/face_yolov8m.pt"),
    )  # fmt: skip
    made = read(graph)
    check(made, seed=99, steps=12, cfg=3, sampler="dpmpp_2m", scheduler="karras")
    assert [one.class_type for one in made.passes] == ["KSampler", "FaceDetailer"]


def test_impact_basic_pipe():
    graph = base(
        {"7.images": ["8", 0]},
        n5=node(
            "ImpactKSamplerBasicPipe", basic_pipe=["9", 0], seed=31, steps=22, cfg=5.5,
            sampler_name="euler", scheduler="normal", latent_image=["4", 0], denoise=1,
        ),
        n8=node("VAEDecode", samples=["5", 1], vae=["5", 2]),
        n9=node(
            "ToBasicPipe", model=["1", 0], clip=["1", 1], vae=["1", 2], positive=["2", 0],
            negative=["3", 0],
        ),
    )  # fmt: skip
    check(read(graph))


def test_ultimate_upscale():
    graph = base(
        {"7.images": ["8", 0]},
        n8=node(
            "UltimateSDUpscale", upscale_by=2, seed=8, steps=20, cfg=8, sampler_name="ddim",
            scheduler="simple", denoise=0.2, mode_type="Linear", tile_width=512,
            tile_height=512, image=["6", 0], model=["1", 0], positive=["2", 0],
            negative=["3", 0], vae=["1", 2], upscale_model=["9", 0],
        ),
        n9=node("UpscaleModelLoader", model_name="4x-UltraSharp.pth"),
    )  # fmt: skip
    made = read(graph)
    check(made, seed=8, steps=20, cfg=8, sampler="ddim", scheduler="simple")
    assert ("upscaler", "4x-UltraSharp.pth") in [(use.role, use.name) for use in made.names]


def wan(**loader):
    return {
        "1": node("WanVideoModelLoader", model="Wan/wan2.1.safetensors", base_precision="fp16",
                  quantization="disabled", load_device="main_device", **loader),
        "2": node("LoadWanVideoT5TextEncoder", model_name="umt5.safetensors", precision="bf16"),
        "3": node("WanVideoTextEncode", positive_prompt="a lighthouse", negative_prompt="fog",
                  force_offload=True, t5=["2", 0]),
        "4": node("WanVideoEmptyEmbeds", width=640, height=896, num_frames=81),
        "5": node("WanVideoSampler", steps=22, cfg=5.5, shift=5, seed=31, force_offload=True,
                  scheduler="unipc", riflex_freq_index=0, denoise_strength=1, model=["1", 0],
                  text_embeds=["3", 0], image_embeds=["4", 0]),
        "6": node("WanVideoDecode", vae=["7", 0], samples=["5", 0], tile_x=272),
        "7": node("WanVideoVAELoader", model_name="wan_vae.safetensors", precision="bf16"),
        "8": node("VHS_VideoCombine", images=["6", 0], frame_rate=16, filename_prefix="x",
                  format="video/h264-mp4", save_output=True),
    }  # fmt: skip


def test_wan_video_wrapper():
    check(
        read(wan()), model="Wan/wan2.1.safetensors", sampler="unipc", scheduler="unipc",
    )  # fmt: skip


def test_wan_video_lora_chain():
    graph = wan(lora=["9", 0])
    graph["9"] = node("WanVideoLoraSelect", lora="a.safetensors", strength=0.9, prev_lora=["10", 0])
    graph["10"] = node(
        "WanVideoLoraSelectMulti", lora_0="b.safetensors", strength_0=0.5, lora_1="none",
        strength_1=1,
    )  # fmt: skip
    check(
        read(graph), model="Wan/wan2.1.safetensors", sampler="unipc", scheduler="unipc",
        loras=(("b.safetensors", 0.5), ("a.safetensors", 0.9)),
    )  # fmt: skip


def test_clownshark():
    graph = base(
        {"6.samples": ["8", 0]},
        n5=None,
        n8=node(
            "ClownsharKSampler_Beta", eta=0.5, sampler_name="exponential/res_2s",
            scheduler="beta57", steps=22, steps_to_run=-1, denoise=1, cfg=5.5, seed=31,
            sampler_mode="standard", bongmath=True, model=["1", 0], positive=["2", 0],
            negative=["3", 0], latent_image=["4", 0],
        ),
    )  # fmt: skip
    check(read(graph), sampler="exponential/res_2s", scheduler="beta57")


def test_inspire_seed_node_and_sampler():
    graph = base(
        {"5.seed": ["8", 0]},
        n8=node("Seed Everywhere", seed=1234),
    )
    graph["5"]["class_type"] = "KSampler //Inspire"
    graph["5"]["inputs"]["noise_mode"] = "GPU(=A1111)"
    check(read(graph), seed=1234)


def flux(**nodes):
    graph = {
        "1": node("UNETLoader", unet_name="base.safetensors", weight_dtype="default"),
        "2": node("DualCLIPLoader", clip_name1="t5.safetensors", clip_name2="l.safetensors",
                  type="flux"),
        "3": node("CLIPTextEncode", text="a lighthouse", clip=["2", 0]),
        "4": node("FluxGuidance", guidance=3.5, conditioning=["3", 0]),
        "5": node("BasicGuider", model=["1", 0], conditioning=["4", 0]),
        "6": node("RandomNoise", noise_seed=31),
        "7": node("KSamplerSelect", sampler_name="euler"),
        "8": node("BasicScheduler", scheduler="normal", steps=22, denoise=1, model=["1", 0]),
        "9": node("EmptySD3LatentImage", width=640, height=896, batch_size=1),
        "10": node("SamplerCustomAdvanced", noise=["6", 0], guider=["5", 0], sampler=["7", 0],
                   sigmas=["8", 0], latent_image=["9", 0]),
        "11": node("VAEDecode", samples=["10", 0], vae=["12", 0]),
        "12": node("VAELoader", vae_name="ae.safetensors"),
        "13": node("SaveImage", filename_prefix="x", images=["11", 0]),
    }  # fmt: skip
    graph.update({name.removeprefix("n"): made for name, made in nodes.items()})
    return graph


def test_flux_custom_sampler():
    made = read(flux())
    check(made, cfg=None, negative=())
    assert made.headline is not None
    assert made.headline.guidance == 3.5


def test_a_seed_node_on_random_noise():
    graph = flux(n6=node("RandomNoise", noise_seed=["20", 0]), n20=node("easy seed", seed=555))
    check(read(graph), cfg=None, negative=(), seed=555)


def test_gguf_and_nunchaku():
    graph = flux(n1=node("UnetLoaderGGUF", unet_name="flux-Q4.gguf"))
    check(read(graph), model="flux-Q4.gguf", cfg=None, negative=())
    graph = flux(
        n1=node("NunchakuFluxLoraLoader", lora_name="a.safetensors", lora_strength=0.9,
                model=["21", 0]),
        n21=node("NunchakuFluxDiTLoader", model_path="svdq-flux", cache_threshold=0,
                 attention="nunchaku-fp16", cpu_offload="auto", device_id=0),
    )  # fmt: skip
    check(read(graph), model="svdq-flux", cfg=None, negative=(), loras=(("a.safetensors", 0.9),))


def test_nunchaku_lora_stack():
    graph = flux(
        n1=node("NunchakuFluxLoraStack", model=["21", 0], lora_name_1="a.safetensors",
                lora_strength_1=0.5, lora_name_2="None", lora_strength_2=1),
        n21=node("NunchakuFluxDiTLoader", model_path="svdq-flux"),
    )  # fmt: skip
    check(read(graph), model="svdq-flux", cfg=None, negative=(), loras=(("a.safetensors", 0.5),))


def test_detail_daemon_wraps_the_sampler():
    graph = flux(
        n7=node("DetailDaemonSamplerNode", detail_amount=0.1, start=0.2, sampler=["20", 0]),
        n20=node("KSamplerSelect", sampler_name="euler"),
    )
    check(read(graph), cfg=None, negative=())


def test_image_saver_selectors():
    graph = base(
        {
            "1.ckpt_name": ["8", 0], "5.sampler_name": ["9", 0], "5.scheduler": ["10", 0],
            "5.seed": ["11", 0], "5.steps": ["12", 0], "5.cfg": ["13", 0],
            "4.width": ["14", 0], "4.height": ["14", 1], "2.text": ["15", 0],
        },
        n7=node("Image Saver", images=["6", 0], filename="%time", path="", extension="png",
                steps=["12", 0], cfg=["13", 0], modelname=["8", 0], sampler_name=["9", 0],
                positive=["15", 0], seed_value=["11", 0], width=512, height=512),
        n8=node("Checkpoint Selector (Image Saver)", ckpt_name="base.safetensors"),
        n9=node("Sampler Selector (Image Saver)", sampler_name="euler"),
        n10=node("Scheduler Selector (Image Saver)", scheduler="normal"),
        n11=node("Seed Generator (Image Saver)", seed=31),
        n12=node("Int Literal (Image Saver)", int=22),
        n13=node("Cfg Literal (Image Saver)", float=5.5),
        n14=node("Width/Height Literal (Image Saver)", width=640, height=896),
        n15=node("String Literal (Image Saver)", string="a lighthouse"),
    )  # fmt: skip
    check(read(graph))


def test_pysssss_loaders_and_shown_text():
    graph = base(
        {"1.ckpt_name": {"content": "base.safetensors", "image": None}, "2.text": ["8", 0]},
        n8=node("ShowText|pysssss", text=["9", 0], text_0="a lighthouse"),
        n9=node("OllamaGenerate", prompt="invent something", model="llama"),
    )
    graph["1"]["class_type"] = "CheckpointLoader|pysssss"
    check(read(graph))


def test_text_written_at_run_time_stays_blank():
    graph = base(
        {"2.text": ["9", 0]}, n9=node("OllamaGenerate", prompt="invent something", model="llama")
    )
    check(read(graph), positive=())


def test_texts_are_joined():
    graph = base(
        {"2.text": ["8", 0]},
        n8=node("JoinStrings", string1=["9", 0], string2="house", delimiter=""),
        n9=node("Text Multiline", text="a light"),
    )
    check(read(graph))
    graph["8"] = node(
        "StringFunction|pysssss", action="append", tidy_tags="no", text_a="a light",
        text_b="house", text_c="", result="x",
    )  # fmt: skip
    assert "a light" in read(graph).headline.positive[0]  # type: ignore[union-attr]


def test_styler_gives_each_side_its_text():
    graph = base(
        {"2.text": ["8", 0], "3.text": ["8", 1]},
        n8=node("SDXLPromptStyler", text_positive="a lighthouse", text_negative="fog",
                style="base", log_prompt=False),
    )  # fmt: skip
    check(read(graph))


def test_a_switch_takes_the_chosen_input():
    graph = base(
        {"5.model": ["8", 0], "5.positive": ["10", 0]},
        n8=node("ImpactSwitch", select=2, sel_mode=False, input1=["9", 0], input2=["1", 0]),
        n9=node("CheckpointLoaderSimple", ckpt_name="other.safetensors"),
        n10=node("ComfySwitchNode", switch=True, on_false=["3", 0], on_true=["2", 0]),
    )
    check(read(graph))


def test_size_pickers():
    graph = base(
        {"5.latent_image": ["8", 0]},
        n4=None,
        n8=node("SDXLEmptyLatentSizePicker+", resolution="640x896 (0.71)", batch_size=1,
                width_override=0, height_override=0),
    )  # fmt: skip
    check(read(graph))
    graph["8"]["inputs"]["width_override"] = 1000
    check(read(graph), width=1000)


def test_flux_sampler_params():
    graph = base(
        n5=node("FluxSamplerParams+", seed="31", sampler="euler", scheduler="normal", steps="22",
                guidance="3.5", max_shift="", base_shift="", denoise="1.0", model=["1", 0],
                conditioning=["2", 0], latent_image=["4", 0]),
    )  # fmt: skip
    check(read(graph), cfg=None, negative=())


def test_xlabs_sampler():
    graph = base(
        n5=node("XlabsSampler", noise_seed=31, steps=22, timestep_to_start_cfg=1, true_gs=5.5,
                image_to_image_strength=0, denoise_strength=1, model=["1", 0],
                conditioning=["2", 0], neg_conditioning=["3", 0], latent_image=["4", 0]),
    )  # fmt: skip
    check(read(graph), sampler=None, scheduler=None)


def test_hunyuan_wrapper():
    graph = {
        "1": node("HyVideoModelLoader", model="base.safetensors", base_precision="bf16"),
        "2": node("HyVideoTextEncode", prompt="a lighthouse", text_encoders=["3", 0]),
        "3": node("DownloadAndLoadHyVideoTextEncoder", llm_model="llava", clip_model="clip"),
        "4": node("HyVideoSampler", width=640, height=896, num_frames=33, steps=22,
                  embedded_guidance_scale=6, flow_shift=9, seed=31, force_offload=1,
                  model=["1", 0], hyvid_embeds=["2", 0], scheduler="FlowMatch"),
        "5": node("HyVideoDecode", vae=["6", 0], samples=["4", 0]),
        "6": node("HyVideoVAELoader", model_name="vae.safetensors"),
        "7": node("VHS_VideoCombine", images=["5", 0], filename_prefix="x"),
    }  # fmt: skip
    check(read(graph), cfg=None, negative=(), sampler="FlowMatch", scheduler="FlowMatch")


def test_a_node_with_four_texts_gives_the_linked_one():
    graph = base(
        {"2.text": ["8", 1]},
        n8=node("Text String", text="one", text_b="a lighthouse", text_c="", text_d=""),
    )
    check(read(graph))


@pytest.mark.parametrize(
    "saver",
    [
        "SDPromptSaver",
        "Save Image (LoraManager)",
        "SaveImageWithMetaData",
        "Image Save",
        "Image Saver",
    ],
)
def test_savers_of_packs_come_before_previews(saver):
    graph = base(
        n7=node(saver, images=["6", 0]),
        n20=node("KSampler", seed=1, steps=9, cfg=1, sampler_name="lcm", scheduler="simple",
                 model=["1", 0], positive=["2", 0], negative=["3", 0], latent_image=["5", 0]),
        n21=node("PreviewImage", images=["20", 0]),
    )  # fmt: skip
    check(read(graph))


def test_context_big_hands_on_sampler_settings():
    graph = base(
        {"5.sampler_name": ["8", 11], "5.scheduler": ["8", 12], "5.steps": ["8", 9]},
        n8=node("Context Big (rgthree)", base_ctx=["9", 0]),
        n9=node("Context Big (rgthree)", sampler=["10", 3], scheduler=["10", 4], steps=["10", 0]),
        n10=node("KSampler Config (rgthree)", steps_total=28, refiner_step=20, cfg=4.5,
                 sampler_name="uni_pc", scheduler="beta"),
    )  # fmt: skip
    check(read(graph), steps=28, sampler="uni_pc", scheduler="beta")


def test_arithmetic_stays_blank():
    graph = base({"4.width": ["8", 0]}, n8=node("CM_IntBinaryOperation", op="Mul", a=320, b=2))
    check(read(graph), width=None, height=None)


def test_lora_tags_loaded_from_text():
    graph = base(
        {"5.model": ["8", 0], "2.clip": ["8", 1]},
        n8=node("LoraTagLoader", text="x <lora:sea:0.4>", model=["1", 0], clip=["1", 1]),
    )
    check(read(graph), loras=(("sea", 0.4),))


def test_a_sampler_provider_is_a_pass():
    graph = base(
        n5=node("TwoSamplersForMask", latent_image=["4", 0], base_sampler=["8", 0],
                mask_sampler=["8", 0], mask=["9", 0]),
        n8=node("KSamplerProvider", seed=31, steps=22, cfg=5.5, sampler_name="euler",
                scheduler="normal", denoise=1, basic_pipe=["10", 0]),
        n9=node("LoadImageMask", image="m.png", channel="red"),
        n10=node("ToBasicPipe", model=["1", 0], clip=["1", 1], vae=["1", 2], positive=["2", 0],
                 negative=["3", 0]),
    )  # fmt: skip
    check(read(graph), width=None, height=None)


def test_a_conditioning_enhancer_hands_its_texts_on():
    graph = base(
        {"5.positive": ["8", 0]}, n8=node("ConditioningEnhancer", conditioning=["2", 0], gain=1)
    )
    check(read(graph))


@pytest.mark.parametrize(("flag", "text"), [(True, "a lighthouse"), (False, "fog")])
def test_a_switch_whose_flag_is_linked(flag, text):
    graph = base(
        {"5.positive": ["8", 0]},
        n8=node("ComfySwitchNode", switch=["9", 0], on_false=["3", 0], on_true=["2", 0]),
        n9=node("PrimitiveBoolean", value=flag),
    )
    check(read(graph), positive=(text,))

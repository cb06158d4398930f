"""Texts of other tools: every headline field of at least three files for each tool."""

import gzip
import json
from typing import Any

import pytest

from smartgallery_tui.metadata import extract, payloads, read_stealth_alpha
from smartgallery_tui.records import Headline
from tests.metadata.graphs import base, container


def fields(headline: Headline | None) -> dict[str, Any]:
    assert headline is not None
    loras = tuple((use.name, use.strength_model) for use in headline.loras)
    return {
        "model": headline.model, "sampler": headline.sampler, "scheduler": headline.scheduler,
        "steps": headline.steps, "cfg": headline.cfg, "seed": headline.seed,
        "positive": headline.positive, "negative": headline.negative,
        "size": (headline.width, headline.height), "loras": loras,
    }  # fmt: skip


def want(*values: Any) -> dict[str, Any]:
    names = (
        "model", "sampler", "scheduler", "steps", "cfg", "seed", "positive", "negative", "size",
        "loras",
    )  # fmt: skip
    return dict(zip(names, values, strict=True))


A1111_NEW = """a lighthouse, <lora:sea:0.7>
at night
Negative prompt: fog,
low quality
Steps: 22, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 5.5, Seed: 31, Size: 640x896, \
Model hash: abc, Model: base, Denoising strength: 0.4, Hires upscale: 2, Hires steps: 9, \
Hires upscaler: "4x, sharp", Lora hashes: "sea: 123", Version: v1.10.1"""
A1111_OLD = """a lighthouse
Steps: 22, Sampler: DPM++ 2M Karras, CFG scale: 5.5, Seed: 31, Size: 640x896, Model: base"""
FORGE = """a lighthouse
Negative prompt: fog
Steps: 22, Sampler: Euler, Schedule type: Simple, CFG scale: 1, Distilled CFG Scale: 3.5, \
Seed: 31, Size: 640x896, Model: flux1-dev, Version: f2.0.1, Module 1: ae, Module 2: t5xxl_fp16"""
SDNEXT = """a lighthouse
Negative prompt: fog
Steps: 22, Size: 640x896, Sampler: UniPC, Seed: 31, CFG scale: 5.5, Model: base, App: SD.Next, \
Version: 1a2b3c, Operations: txt2img"""
COMFY_SAVER = """a lighthouse
Negative prompt: fog
Steps: 22, Sampler: euler_karras, CFG Scale: 5.5, Seed: 31, Size: 640x896, Model: base, \
Hashes: {"model": "1", "lora:sea": "2"}, Version: ComfyUI"""

SWARM: dict[str, Any] = {
    "sui_image_params": {
        "prompt": "a lighthouse", "negativeprompt": "fog", "model": "SDXL/base", "seed": 31,
        "steps": 22, "cfgscale": 5.5, "width": 640, "height": 896, "sampler": "euler",
        "scheduler": "normal", "loras": ["sea"], "loraweights": ["0.7"], "swarm_version": "0.9",
    },
    "sui_extra_data": {"date": "2026-11-22"},
}  # fmt: skip
SWARM_OLD = {
    "sui_image_params": {
        "prompt": "a lighthouse <lora:sea:0.7>", "model": "base", "seed": 31, "steps": 22,
        "cfgscale": 5.5, "width": 640, "height": 896, "comfyuisampler": "euler",
        "comfyuischeduler": "normal",
    }
}  # fmt: skip
SWARM_MANY = {
    "sui_image_params": {
        "prompt": "a lighthouse", "negative_prompt": "fog", "model": "base", "seed": -1,
        "steps": 22, "cfg_scale": 5.5, "width": 640, "height": 896, "sampler": "euler",
        "scheduler": "normal", "loras": "sea,wave", "loraweights": "0.7,0.2",
    }
}  # fmt: skip

FOOOCUS: dict[str, Any] = {
    "prompt": "a lighthouse", "negative_prompt": "fog", "base_model": "base",
    "refiner_model": "None", "performance": "Speed", "steps": 22, "sampler": "euler",
    "scheduler": "normal", "guidance_scale": 5.5, "seed": "31", "resolution": "(640, 896)",
    "loras": [["sea.safetensors", 0.7, "123"]], "vae": "Default (model)", "sharpness": 2.0,
    "metadata_scheme": "fooocus",
}  # fmt: skip
FOOOCUS_LOG = {
    "Prompt": "a lighthouse", "Negative Prompt": "fog", "Base Model": "base",
    "Refiner Model": "None", "Performance": "Quality", "Sampler": "euler", "Scheduler": "normal",
    "Guidance Scale": 5.5, "Seed": 31, "Resolution": "640\u00d7896", "Sharpness": 2, "Steps": 22,
    "LoRA 1": "sea.safetensors : 0.7",
}  # fmt: skip
FOOOCUS_A1111 = """a lighthouse
Negative prompt: fog
Steps: 22, Sampler: Euler, Seed: 31, Size: 640x896, CFG scale: 5.5, Sharpness: 2, \
Model: base, Lora hashes: "sea: 12", Version: Fooocus v2.5.0"""

INVOKE = {
    "app_version": "5.6.0", "generation_mode": "txt2img", "positive_prompt": "a lighthouse",
    "negative_prompt": "fog", "width": 640, "height": 896, "seed": 31, "cfg_scale": 5.5,
    "steps": 22, "scheduler": "euler", "model": {"key": "k", "name": "base", "type": "main"},
    "loras": [{"model": {"key": "l", "name": "sea"}, "weight": 0.7}],
}  # fmt: skip
INVOKE_3 = {
    "app_version": "3.0.2", "positive_prompt": "a lighthouse", "negative_prompt": "fog",
    "width": 640, "height": 896, "seed": 31, "cfg_scale": 5.5, "steps": 22,
    "scheduler": "euler", "model": {"model_name": "base", "base_model": "sd-1"},
    "loras": [{"lora": {"model_name": "sea", "base_model": "sd-1"}, "weight": 0.7}],
}  # fmt: skip
INVOKE_2 = {
    "model": "stable diffusion", "model_weights": "base", "app_version": "2.3.0",
    "image": {
        "prompt": [{"prompt": "a lighthouse [fog]", "weight": 1}], "steps": 22, "cfg_scale": 5.5,
        "seed": 31, "sampler": "k_euler", "width": 640, "height": 896,
    },
}  # fmt: skip
DREAM = '"a lighthouse [fog]" -s 22 -S 31 -W 640 -H 896 -C 5.5 -A k_euler'

NOVEL = {
    "prompt": "a lighthouse", "uc": "fog", "steps": 22, "sampler": "k_euler", "seed": 31,
    "scale": 5.5, "noise_schedule": "karras", "width": 640, "height": 896,
}  # fmt: skip
NOVEL_4 = {
    **NOVEL,
    "v4_prompt": {
        "caption": {"base_caption": "a lighthouse", "char_captions": [{"char_caption": "keeper"}]}
    },
    "v4_negative_prompt": {"caption": {"base_caption": "fog", "char_captions": []}},
}

EASY = {
    "prompt": "a lighthouse", "negative_prompt": "fog", "seed": "31",
    "num_inference_steps": "22", "guidance_scale": "5.5", "width": "640", "height": "896",
    "sampler_name": "euler", "scheduler_name": "normal", "use_stable_diffusion_model": "base",
    "use_lora_model": "sea", "lora_alpha": "0.7",
}  # fmt: skip
EASY_LISTS = {**EASY, "use_lora_model": ["sea", "wave"], "lora_alpha": [0.7, 0.2], "seed": 31}
EASY_TITLES = {
    "Prompt": "a lighthouse", "Negative Prompt": "fog", "Seed": 31, "Steps": 22,
    "Guidance Scale": 5.5, "Width": 640, "Height": 896, "Sampler": "euler",
    "Stable Diffusion model": "base",
}  # fmt: skip

DRAW = {
    "c": "a lighthouse", "uc": "fog", "model": "base.ckpt", "sampler": "Euler a", "scale": 5.5,
    "seed": 31, "size": "640x896", "steps": 22, "strength": 1,
    "lora": [{"model": "sea.ckpt", "weight": 0.7}],
}  # fmt: skip
DRAW_2 = {
    "c": "a lighthouse", "uc": "fog",
    "v2": {
        "model": "base.ckpt", "steps": 22, "guidanceScale": 5.5, "seed": 31, "width": 640,
        "height": 896, "loras": [{"file": "sea.ckpt", "weight": 0.7}],
    },
}  # fmt: skip


def xmp(comment: dict[str, Any]) -> str:
    text = json.dumps(comment).replace("&", "&amp;").replace('"', "&quot;")
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><rdf:Description><exif:UserComment>'
        f'<rdf:Alt><rdf:li xml:lang="x-default">{text}</rdf:li></rdf:Alt>'
        "</exif:UserComment></rdf:Description></rdf:RDF></x:xmpmeta>"
    )


P, N, SIZE, SEA = ("a lighthouse",), ("fog",), (640, 896), (("sea", 0.7),)

CASES = [
    ("A1111", {"parameters": A1111_NEW},
     want("base", "DPM++ 2M", "Karras", 22, 5.5, 31, ("a lighthouse, <lora:sea:0.7>\nat night",),
          ("fog,\nlow quality",), SIZE, SEA)),
    ("A1111", {"parameters": A1111_OLD},
     want("base", "DPM++ 2M", "Karras", 22, 5.5, 31, P, (), SIZE, ())),
    ("Forge", {"usercomment": FORGE},
     want("flux1-dev", "Euler", "Simple", 22, 1.0, 31, P, N, SIZE, ())),
    ("SD.Next", {"parameters": SDNEXT},
     want("base", "UniPC", None, 22, 5.5, 31, P, N, SIZE, ())),
    ("ComfyUI", {"parameters": COMFY_SAVER},
     want("base", "euler", "karras", 22, 5.5, 31, P, N, SIZE, ())),
    ("SwarmUI", {"parameters": SWARM},
     want("SDXL/base", "euler", "normal", 22, 5.5, 31, P, N, SIZE, SEA)),
    ("SwarmUI", {"usercomment": SWARM_OLD},
     want("base", "euler", "normal", 22, 5.5, 31, ("a lighthouse <lora:sea:0.7>",), (), SIZE, SEA)),
    ("SwarmUI", {"parameters": SWARM_MANY},
     want("base", "euler", "normal", 22, 5.5, None, P, N, SIZE, (*SEA, ("wave", 0.2)))),
    ("Fooocus", {"parameters": FOOOCUS, "fooocus_scheme": "fooocus"},
     want("base", "euler", "normal", 22, 5.5, 31, P, N, SIZE, (("sea.safetensors", 0.7),))),
    ("Fooocus", {"comment": FOOOCUS_LOG},
     want("base", "euler", "normal", 22, 5.5, 31, P, N, SIZE, (("sea.safetensors", 0.7),))),
    ("Fooocus", {"parameters": FOOOCUS_A1111, "fooocus_scheme": "a1111"},
     want("base", "Euler", None, 22, 5.5, 31, P, N, SIZE, (("sea", None),))),
    ("InvokeAI", {"invokeai_metadata": INVOKE, "invokeai_workflow": {"nodes": [], "edges": []}},
     want("base", "euler", "euler", 22, 5.5, 31, P, N, SIZE, SEA)),
    ("InvokeAI", {"invokeai_metadata": INVOKE_3},
     want("base", "euler", "euler", 22, 5.5, 31, P, N, SIZE, SEA)),
    ("InvokeAI", {"dream": DREAM, "sd__metadata": INVOKE_2},
     want("base", "k_euler", "k_euler", 22, 5.5, 31, P, N, SIZE, ())),
    ("InvokeAI", {"dream": DREAM},
     want(None, "k_euler", "k_euler", 22, 5.5, 31, P, N, SIZE, ())),
    ("NovelAI", {"software": "NovelAI", "source": "NovelAI Diffusion V3 0BA06C50",
                 "comment": NOVEL},
     want("NovelAI Diffusion V3", "k_euler", "karras", 22, 5.5, 31, P, N, SIZE, ())),
    ("NovelAI", {"software": "NovelAI", "comment": NOVEL_4},
     want(None, "k_euler", "karras", 22, 5.5, 31, ("a lighthouse", "keeper"), N, SIZE, ())),
    ("NovelAI", {"usercomment": {"Comment": json.dumps(NOVEL), "Software": "NovelAI",
                                 "Source": "NovelAI Diffusion V4 37442FCA"}},
     want("NovelAI Diffusion V4", "k_euler", "karras", 22, 5.5, 31, P, N, SIZE, ())),
    ("Easy Diffusion", EASY,
     want("base", "euler", "normal", 22, 5.5, 31, P, N, SIZE, SEA)),
    ("Easy Diffusion", {"usercomment": EASY_LISTS},
     want("base", "euler", "normal", 22, 5.5, 31, P, N, SIZE, (*SEA, ("wave", 0.2)))),
    ("Easy Diffusion", {"comment": EASY_TITLES},
     want("base", "euler", None, 22, 5.5, 31, P, N, SIZE, ())),
    ("Draw Things", {"xmp": xmp(DRAW)},
     want("base.ckpt", "Euler a", None, 22, 5.5, 31, P, N, SIZE, (("sea.ckpt", 0.7),))),
    ("Draw Things", {"usercomment": DRAW_2},
     want("base.ckpt", None, None, 22, 5.5, 31, P, N, SIZE, (("sea.ckpt", 0.7),))),
    ("Draw Things", {"xmp": xmp({**DRAW, "c": 'a "quoted" & lighthouse', "lora": []})},
     want("base.ckpt", "Euler a", None, 22, 5.5, 31, ('a "quoted" & lighthouse',), N, SIZE, ())),
]  # fmt: skip


@pytest.mark.parametrize(("generator", "texts", "wanted"), CASES)
def test_all_fields(generator, texts, wanted):
    given = container(**texts)
    made = extract(given)
    assert made.generator == generator
    assert made.sources == ("parameters",)
    assert fields(made.headline) == wanted
    assert payloads(given).parameters


def test_a_hires_fix_is_a_second_pass():
    made = extract(container(parameters=A1111_NEW))
    assert [one.steps for one in made.passes] == [22, 9]
    assert made.passes[1].denoise == 0.4
    assert ("upscaler", "4x, sharp") in [(use.role, use.name) for use in made.names]


def test_quoted_values_hold_commas_and_line_ends():
    text = 'a\nSteps: 5, Sampler: "Euler, \\"x\\"\\n", Seed: 1'
    made = extract(container(parameters=text))
    assert made.headline is not None
    assert made.headline.sampler == 'Euler, "x"'


def test_a_text_without_steps_says_nothing():
    assert (
        extract(container(parameters="just words, Seed of doubt", comment="Steps")).headline is None
    )


def test_the_graph_wins_and_the_text_fills_gaps():
    graph = base({"2.text": ["9", 0]}, n9={"class_type": "OllamaGenerate", "inputs": {}})
    made = extract(container(prompt=graph, parameters=A1111_OLD.replace("Seed: 31", "Seed: 99")))
    assert made.sources == ("prompt", "parameters")
    assert made.headline is not None
    assert made.headline.positive == ("a lighthouse",)
    assert made.headline.seed == 31
    assert made.headline.model == "base.safetensors"


def hidden(text: str, width: int, height: int, kind: str) -> bytes:
    data = text.encode()
    if kind.endswith("comp"):
        data = gzip.compress(data)
    stream = kind.encode() + (len(data) * 8).to_bytes(4, "big") + data
    bits = [byte >> (7 - at) & 1 for byte in stream for at in range(8)]
    offsets = (3,) if "png" in kind else (0, 1, 2)
    pixels = bytearray(b"\xfe" * (width * height * 4))
    places = ((y * width + x) * 4 + o for x in range(width) for y in range(height) for o in offsets)
    for bit, place in zip(bits, places, strict=False):
        pixels[place] |= bit
    return bytes(pixels)


@pytest.mark.parametrize(
    "kind", ["stealth_pnginfo", "stealth_pngcomp", "stealth_rgbinfo", "stealth_rgbcomp"]
)
def test_texts_hidden_in_pixels(kind):
    pixels = hidden(A1111_OLD, 90, 50, kind)
    assert read_stealth_alpha(pixels, 90, 50) == A1111_OLD


def test_plain_pixels_hide_nothing():
    assert read_stealth_alpha(b"\xff" * 400, 10, 10) is None
    assert read_stealth_alpha(b"", 10, 10) is None
    assert read_stealth_alpha(hidden("x" * 99, 40, 8, "stealth_pnginfo"), 40, 8) is None

"""What is known of node classes and input names: the one table of special cases.

The tracer works by input names and links. Only what a name cannot tell stands here.

Source: the node definitions of ComfyUI and of the public node packs named in each row.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

# --- input names, in the order in which they are asked for ---

SEED_INPUTS = (
    "noise_seed",
    "seed",
    "rand_seed",
    "seed_num",
    "main_seed",
    "Random seed after every gen",
)
STEPS_INPUTS = ("steps", "steps_total", "num_inference_steps", "num_steps")
CFG_INPUTS = ("cfg", "cfg_conds", "cfg_scale", "cfg_scale_start", "true_gs", "true_cfg_scale")
SAMPLER_INPUTS = ("sampler_name", "sampler_type", "sampler_mode_name", "algorithm", "sampler")
SCHEDULER_INPUTS = ("scheduler", "scheduler_name", "basic_scheduler")
DENOISE_INPUTS = ("denoise", "denoise_strength", "denoising_strength")
GUIDANCE_INPUTS = (
    "guidance", "embedded_guidance_scale", "guidance_embed", "flux_guidance", "guidance_scale",
)  # fmt: skip
WIDTH_INPUTS = ("width", "empty_latent_width", "latent_width")
HEIGHT_INPUTS = ("height", "empty_latent_height", "latent_height")
RESOLUTION_INPUTS = ("resolution", "dimensions", "aspect_ratio", "size")
MODEL_FILE_INPUTS = (
    "ckpt_name", "unet_name", "base_ckpt_name", "model_name", "model_path", "model",
    "checkpoint", "ckpt", "base_model_name", "gguf_name", "diffusion_model", "diffusion_name",
    "transformer_name",
)  # fmt: skip
LATENT_INPUTS = (
    "latent_image", "latent", "samples", "samples_to", "samples1", "latents", "optional_latent",
    "latent1", "latent_a", "video_latent", "av_latent", "init_latent", "LATENT", "image_embeds",
    "embeds", "stage_c", "pixels", "image", "images", "IMAGE", "image1", "image_a", "image_1",
    "destination", "input_image", "video", "upscaled_image", "segs",
)  # fmt: skip
VALUE_INPUTS = (
    "value", "int", "float", "number", "Number", "Value", "seed", "noise_seed", "val",
    "integer", "INT", "FLOAT", "input",
)  # fmt: skip
STRING_INPUTS = (
    "populated_text", "value", "string", "text", "prompt", "String", "Text", "STRING",
    "text_0", "input", "source", "text1", "opt_text", "content", "selected",
)  # fmt: skip
SHARED_EMBEDS = ("text_embeds", "hyvid_embeds", "prompt_embeds")
"""One input that brings both sides."""
GUIDER_POSITIVE = ("conditioning", "positive", "cond1", "cond", "conds", "base_positive")
GUIDER_NEGATIVE = ("negative", "cond2", "neg", "neg_conditioning")
SAMPLER_POSITIVE = (
    "positive", "conditioning", "base_positive", "text_embeds", "hyvid_embeds", "prompt_embeds",
    "positive_conditioning", "cond", "conditioning_positive", "prompt", "positive_prompt",
    "positive_embeds",
)  # fmt: skip
SAMPLER_NEGATIVE = (
    "negative", "neg_conditioning", "base_negative", "text_embeds", "hyvid_embeds",
    "negative_conditioning", "conditioning_negative", "negative_prompt", "negative_embeds",
    "prompt_embeds",
)  # fmt: skip

SWITCH_FLAGS = ("switch", "boolean", "condition", "select", "index")
"""Inputs by which a switch chooses."""

_MODEL_LINK = re.compile(
    r"^(base_|refiner_|opt_|optional_|low_|high_|wan_)?"
    r"(model|models|MODEL|unet|transformer|diffusion_model|supir_model|SUPIR_model|pipeline)"
    r"(_?(\d+|[abc]|opt|high|low|high_noise|low_noise|high_low_noise|override))?$"
)
_PIPE_LINK = re.compile(
    r"^(.*_)?(pipe|ctx|context|bus|tuple|any|anything|pipeline|loader_settings)(_?\d+)?$",
    re.IGNORECASE,
)
_LORA_LINK = re.compile(
    r"^(optional_|opt_|prev_|model_)?(lora|loras|lora_stack|lora_params|stack|LORA_STACK)(_?\d+)?$"
)
_TEXT_INPUT = re.compile(
    r"^(text|prompt|text_g|text_l|clip_l|clip_g|t5xxl|t5|llama|mt5xl|bert|text_positive|"
    r"text_negative|text_positive_[gl]|positive_prompt|negative_prompt|populated_text|tags|lyrics|string|"
    r"user_prompt|positive|negative|positive_g|positive_l|negative_g|negative_l|pos_g|pos_l|"
    r"neg_g|neg_l|prompt_text|text_prompt|text_pos|text_neg|text_pos_g|text_pos_l|global_prompt|"
    r"positive_text|negative_text|prompt_positive|prompt_negative|text1|text2|caption|"
    r"llm_prompt|qwen_prompt|gemma_prompt|description)$"
)
_NO_CONDITIONING = re.compile(
    r"^(.*_)?(model|models|clip|vae|image|images|pixels|latent|latents|samples|mask|masks|"
    r"control_net|clip_vision|clip_vision_output|style_model|gligen\w*|noise|sampler|sigmas|"
    r"width|height|seed|steps|cfg|denoise|audio|video|lora|lora_stack|strength|insightface|"
    r"instantid|ipadapter|vae_name|image\d+|batch_size|length)$",
    re.IGNORECASE,
)
_PARTS = re.compile(r"^(text|string|prompt|str|input|t|s|p)_?([0-9]{1,2}|[a-h])$", re.IGNORECASE)
_NUMBERED = re.compile(r"^(.*?)_?(\d{1,3})$")

# --- classes ---

ZERO_CONDITIONING = re.compile(r"ZeroOut|EmptyConditioning|^easy nullNode")
"""Nodes whose conditioning says nothing."""
WRITTEN_AT_RUN_TIME = re.compile(
    r"LLM|Ollama|Florence|Caption|Interrogat|WD14|Tagger|TextGenerate|TextGenerat|Gemini|GPT|"
    r"Chat|JoyCap|Moondream|LLaVA|Llava|Qwen2?_?VL|QwenVL|Describe|ImageToPrompt|Img2Prompt|"
    r"PromptEnhanc|Enhancer|OpenAI|Claude|Deepseek"
)
"""Nodes whose text is made while the graph runs: it is not in the file."""
NOT_A_SAMPLER = re.compile(
    r"Scheduler$|Guider|Train|Loader$|KSamplerSelect|^KSampler Config|Selector|"
    r"^easy preSamplingNoise|ModelSampling|SamplerOptions|ClownOptions|SharkOptions|^Sigmas"
)
ENDING = re.compile(
    r"save|videocombine|video combine|imagewriter|export|sendimage|websocket", re.IGNORECASE
)
"""Nodes that write a file."""
NOT_ENDING = re.compile(
    r"latent|lora|model|checkpoint|text|prompt|conditioning|clip|vae|json|_?string", re.IGNORECASE
)
WRITES_MEDIA = re.compile(
    r"image|video|audio|gif|webp|png|webm|glb|mesh|prompt ?saver", re.IGNORECASE
)
"""Words that make a writer one of pictures or sounds whatever else its name says."""
PREVIEW = re.compile(r"preview|compare", re.IGNORECASE)
INLINE_LORA_CLASSES = re.compile(
    r"Wildcard|Lora ?Tag|LoraTag|LoRA from Prompt|Load LoRA Tag|LoadLoraFromPrompt|MultiLora|"
    r"PromptControl|PCLazy|ScheduleToModel|^easy (full|a1111|comfy)|LoraTextExtractor|"
    r"Power Prompt|SDXL Power Prompt|Prompt \(LoraManager\)|smZ CLIPTextEncode",
    re.IGNORECASE,
)
"""Nodes that load `<lora:name:0.8>` written in their text; ComfyUI's own encoder does not."""

OUTPUT_INPUTS: Mapping[str, tuple[str, ...]] = {
    # class: the input that each output hands on, where the names of consumer and input differ
    "KSampler Config (rgthree)": (
        "steps_total", "refiner_step", "cfg", "sampler_name", "scheduler",
    ),
    "SDXL Config (rgthree)": ("steps_total", "refiner_step", "cfg"),
    "Input Parameters (Image Saver)": (
        "seed", "steps", "cfg", "sampler_name", "scheduler", "denoise",
    ),
    "Text String": ("text", "text_b", "text_c", "text_d"),
    "SDXLPromptStylerAdvanced": (
        "text_positive_g", "text_positive_l", "", "text_negative", "text_negative",
        "text_negative",
    ),
    "easy seed": ("seed",),
    "CR Seed": ("seed",),
    "PrimitiveInt": ("value",),
    "ImpactInt": ("value",),
    "Image Size to Number": (),
    "GetImageSize": (),
    "GetImageSize+": (),
    "GetImageSizeAndCount": (),
}  # fmt: skip
"""An empty row: nothing that it gives is in the file."""

POSITIVE_NEGATIVE_SLOTS: Mapping[str, tuple[int, int]] = {
    # class: slots of the positive and of the negative output, where they are not 0 and 1
    "Efficient Loader": (1, 2),
    "Eff. Loader SDXL": (1, 2),
    "KSampler (Efficient)": (1, 2),
    "easy fullLoader": (4, 5),
    "FromBasicPipe": (3, 4),
    "FromBasicPipe_v2": (4, 5),
    "Context (rgthree)": (4, 5),
    "Context Big (rgthree)": (4, 5),
    "Context Switch (rgthree)": (4, 5),
    "ApplyInstantID": (1, 2),
    "ttN pipeLoader_v2": (2, 3),
    "ttN pipeKSampler_v2": (2, 3),
}

LORA_FREE_TEXT = frozenset({"Lora Loader (LoraManager)", "Lora Stacker (LoraManager)"})
"""Their `text` repeats the list of LoRAs; it is no prompt."""

PATCH_LOADERS = frozenset({"DiffControlNetLoader", "HypernetworkLoader"})
"""They take a model and load something that is no model."""


class Traits(NamedTuple):
    """What the class name alone tells."""

    is_zero: bool
    is_runtime_text: bool
    is_never_sampler: bool
    is_sampler_name: bool
    is_saver: bool
    is_preview: bool
    is_through: bool
    is_choice: bool
    loads_inline_loras: bool


@lru_cache(maxsize=4096)
def traits(class_type: str) -> Traits:
    """Return what a class name tells."""
    lower = class_type.casefold()
    return Traits(
        is_zero=bool(ZERO_CONDITIONING.search(class_type)),
        is_runtime_text=bool(WRITTEN_AT_RUN_TIME.search(class_type)),
        is_never_sampler=bool(NOT_A_SAMPLER.search(class_type)),
        is_sampler_name="sampler" in lower or "shark" in lower,
        is_saver=bool(ENDING.search(class_type))
        and bool(WRITES_MEDIA.search(class_type) or not NOT_ENDING.search(class_type)),
        is_preview=bool(PREVIEW.search(class_type)),
        is_through="reroute" in lower or class_type == "easy cleanGpuUsed",
        is_choice=any(word in lower for word in ("switch", "ifelse", "if else")),
        loads_inline_loras=bool(INLINE_LORA_CLASSES.search(class_type)),
    )


@lru_cache(maxsize=8192)
def input_kind(name: str) -> str:
    """Return what an input's name tells: `model`, `pipe`, `lora` or "" for anything else."""
    if _MODEL_LINK.match(name):
        return "model"
    if _PIPE_LINK.match(name):
        return "pipe"
    if _LORA_LINK.match(name):
        return "lora"
    return ""


@lru_cache(maxsize=8192)
def text_side(name: str) -> str | None:
    """Return `positive`, `negative` or "" (either) for an input of prompt text, else None."""
    if not _TEXT_INPUT.match(name):
        return None
    if "neg" in name:
        return "negative"
    return "positive" if "pos" in name else ""


@lru_cache(maxsize=8192)
def carries_conditioning(name: str) -> bool:
    """Tell whether a link of this name may lead to prompt text."""
    return not _NO_CONDITIONING.match(name)


@lru_cache(maxsize=8192)
def is_text_part(name: str) -> bool:
    """Tell whether an input is one of several numbered texts that a node joins."""
    return bool(_PARTS.match(name))


def selected_inputs(
    class_type: str, inputs: Mapping[str, Any], links: Mapping[str, Any]
) -> tuple[str, ...] | None:
    """Return the inputs that a reroute or switch hands on, or None for any other node.

    The first of them that is linked is what the node gives.
    """
    known = traits(class_type)
    if known.is_through:
        return tuple(links)
    if known.is_choice:
        return _chosen(inputs, links)
    return None


def _chosen(inputs: Mapping[str, Any], links: Mapping[str, Any]) -> tuple[str, ...] | None:
    flag = next(
        (inputs[n] for n in ("switch", "boolean", "condition", "value") if n in inputs), None
    )
    for yes, no in (
        ("on_true", "on_false"),
        ("true_value", "false_value"),
        ("if_true", "if_false"),
    ):
        if yes in inputs or no in inputs:
            return (yes if flag else no,) if isinstance(flag, bool) else None
    number = next((inputs[n] for n in ("select", "index", "Input", "input") if n in inputs), None)
    numbered = [name for name in links if _NUMBERED.match(name)]
    if type(number) is int:
        wanted = [n for n in numbered if _suffix(n) == number]
        return tuple(wanted) or None
    if isinstance(number, str | list) or not numbered:
        return None
    return tuple(numbered)


def _suffix(name: str) -> int:
    found = _NUMBERED.match(name)
    return int(found[2]) if found else -1

"""Widget orders of node packs whose older files name nothing: one row for each class.

Source: the node definitions of the public packs that each group names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_SAMPLER = "steps|I;cfg|F;sampler_name|C;scheduler|C;denoise|F"

PACK_WIDGETS: Mapping[str, str] = {
    # Efficiency nodes
    "KSampler (Efficient)": f"seed|I;x|!;{_SAMPLER};preview_method|C;vae_decode|C",
    "KSampler Adv. (Efficient)": (
        "add_noise|C;noise_seed|I;x|!;steps|I;cfg|F;sampler_name|C;scheduler|C;start_at_step|I;"
        "end_at_step|I;return_with_leftover_noise|C;preview_method|C;vae_decode|C"
    ),
    "Efficient Loader": (
        "ckpt_name|C;vae_name|C;clip_skip|I;lora_name|C;lora_model_strength|F;"
        "lora_clip_strength|F;positive|S;negative|S;token_normalization|C;"
        "weight_interpretation|C;empty_latent_width|I;empty_latent_height|I;batch_size|I"
    ),
    "Eff. Loader SDXL": (
        "base_ckpt_name|C;base_clip_skip|I;refiner_ckpt_name|C;refiner_clip_skip|I;"
        "positive_ascore|F;negative_ascore|F;vae_name|C;positive|S;negative|S;"
        "token_normalization|C;weight_interpretation|C;empty_latent_width|I;"
        "empty_latent_height|I;batch_size|I"
    ),
    # rgthree
    "KSampler Config (rgthree)": "steps_total|I;refiner_step|I;cfg|F;sampler_name|C;scheduler|C",
    "Seed (rgthree)": "seed|I",
    "Lora Loader Stack (rgthree)": (
        "lora_01|C;strength_01|F;lora_02|C;strength_02|F;lora_03|C;strength_03|F;lora_04|C;"
        "strength_04|F"
    ),
    # Easy-Use and tinyterra
    "easy seed": "seed|I;x|!",
    "easy positive": "positive|S",
    "easy fullLoader": (
        "ckpt_name|C;config_name|C;vae_name|C;clip_skip|I;lora_name|C;lora_model_strength|F;"
        "lora_clip_strength|F;resolution|C;empty_latent_width|I;empty_latent_height|I;positive|S"
    ),
    "easy preSampling": f"{_SAMPLER};seed|I;x|!",
    "easy negative": "negative|S",
    "easy int": "value|I",
    "easy float": "value|F",
    "easy string": "value|S",
    # Impact and Inspire
    "ImpactWildcardEncode": (
        "wildcard_text|S;populated_text|S;mode|?;Select to add LoRA|?;Select to add Wildcard|?;"
        "seed|I;x|!"
    ),
    "ImpactWildcardProcessor": (
        "wildcard_text|S;populated_text|S;mode|?;seed|I;x|!;Select to add Wildcard|?"
    ),
    "FaceDetailer": (
        "guide_size|F;guide_size_for|B;max_size|F;seed|I;x|!;steps|I;cfg|F;sampler_name|C;"
        "scheduler|C;denoise|F"
    ),
    "FaceDetailerPipe": (
        "guide_size|F;guide_size_for|B;max_size|F;seed|I;x|!;steps|I;cfg|F;sampler_name|C;"
        "scheduler|C;denoise|F"
    ),
    **dict.fromkeys(
        (
            "DetailerForEach", "DetailerForEachDebug", "DetailerForEachPipe",
            "DetailerForEachDebugPipe", "DetailerForEachPipeForAnimateDiff", "SEGSDetailer",
        ),
        "guide_size|F;guide_size_for|B;max_size|F;seed|I;x|!;steps|I;cfg|F;sampler_name|C;"
        "scheduler|C;denoise|F",
    ),
    "MaskDetailerPipe": (
        "guide_size|F;guide_size_for|B;max_size|F;mask_mode|B;seed|I;x|!;steps|I;cfg|F;"
        "sampler_name|C;scheduler|C;denoise|F"
    ),
    "KSampler //Inspire": f"seed|I;x|!;{_SAMPLER};noise_mode|C;batch_seed_mode|C;"
    "variation_seed|I;variation_strength|F",
    # Ultimate SD Upscale
    "UltimateSDUpscale": f"upscale_by|F;seed|I;x|!;{_SAMPLER}",
    # GGUF, nunchaku, WanVideoWrapper
    "UnetLoaderGGUF": "unet_name|C",
    "CLIPLoaderGGUF": "clip_name|C;type|C",
    "DualCLIPLoaderGGUF": "clip_name1|C;clip_name2|C;type|C",
    "NunchakuFluxDiTLoader": (
        "model_path|C;cache_threshold|F;attention|C;cpu_offload|C;device_id|I;data_type|C;"
        "i2f_mode|C"
    ),
    "NunchakuFluxLoraLoader": "lora_name|C;lora_strength|F",
    "WanVideoLoraSelect": "lora|C;strength|F;low_mem_load|B",
    "WanVideoLoraSelectMulti": (
        "lora_0|C;strength_0|F;lora_1|C;strength_1|F;lora_2|C;strength_2|F;lora_3|C;strength_3|F;"
        "lora_4|C;strength_4|F;low_mem_load|B;merge_loras|B"
    ),
    "WanVideoModelLoader": (
        "model|C;base_precision|C;quantization|C;load_device|C;attention_mode|C"
    ),
    "WanVideoEmptyEmbeds": "width|I;height|I;num_frames|I",
    "WanVideoTextEncode": "positive_prompt|S;negative_prompt|S;force_offload|B",
    "WanVideoTextEncodeCached": (
        "model_name|C;precision|C;positive_prompt|S;negative_prompt|S;quantization|C;"
        "use_disk_cache|B;device|C"
    ),
    "WanVideoTextEncodeSingle": "prompt|S;force_offload|B",
    "WanVideoSampler": (
        "steps|I;cfg|F;shift|F;seed|I;x|!;force_offload|B;scheduler|C;riflex_freq_index|I;"
        "denoise_strength|F"
    ),
    # KJNodes, Crystools, pysssss, comfyroll, WAS
    "JoinStrings": "delimiter|S",
    "INTConstant": "value|I",
    "FloatConstant": "value|F",
    "StringConstant": "string|S",
    "StringConstantMultiline": "string|S;strip_newlines|B",
    "CR Prompt Text": "prompt|S",
    "CR Text": "text|S",
    "CR LoRA Stack": (
        "switch_1|C;lora_name_1|C;model_weight_1|F;clip_weight_1|F;switch_2|C;lora_name_2|C;"
        "model_weight_2|F;clip_weight_2|F;switch_3|C;lora_name_3|C;model_weight_3|F;"
        "clip_weight_3|F"
    ),
    "CheckpointLoader|pysssss": "ckpt_name|?;prefix|?",
    "LoraLoader|pysssss": "lora_name|?;strength_model|F;strength_clip|F;prefix|?",
    "Text Multiline": "text|S",
    "ShowText|pysssss": "text_0|?",
    # RES4LYF
    "ClownsharKSampler_Beta": (
        "eta|F;sampler_name|C;scheduler|C;steps|I;steps_to_run|I;denoise|F;cfg|F;seed|I;x|!;"
        "sampler_mode|C;bongmath|B"
    ),
    "ClownsharkChainsampler_Beta": (
        "eta|F;sampler_name|C;steps_to_run|I;cfg|F;sampler_mode|C;bongmath|B"
    ),
    "ClownModelLoader": (
        "model_name|C;weight_dtype|C;clip_name1|C;clip_name2_opt|C;clip_name3_opt|C;"
        "clip_name4_opt|C;clip_type|C;vae_name|C"
    ),
    "VAEEncodeAdvanced": (
        "resize_to_input|C;width|I;height|I;mask_channel|C;invert_mask|B;latent_type|C"
    ),
}  # fmt: skip

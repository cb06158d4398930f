"""Find the values of a sampler in a bare list by their shape.

Source: the names of samplers and schedulers are those of ComfyUI's own `KSampler`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

CONTROLS = frozenset({"fixed", "increment", "decrement", "randomize", "increment-wrap"})
"""What an editor writes behind a seed: how it changes with each run."""

_SAMPLERS = frozenset({
    "euler", "euler_cfg_pp", "euler_ancestral", "euler_ancestral_cfg_pp", "heun", "heunpp2",
    "exp_heun_2_x0", "exp_heun_2_x0_sde", "dpm_2", "dpm_2_ancestral", "lms", "dpm_fast",
    "dpm_adaptive", "dpmpp_2s_ancestral", "dpmpp_2s_ancestral_cfg_pp", "dpmpp_sde",
    "dpmpp_sde_gpu", "dpmpp_2m", "dpmpp_2m_cfg_pp", "dpmpp_2m_sde", "dpmpp_2m_sde_gpu",
    "dpmpp_2m_sde_heun", "dpmpp_2m_sde_heun_gpu", "dpmpp_3m_sde", "dpmpp_3m_sde_gpu", "ddpm",
    "lcm", "ipndm", "ipndm_v", "deis", "res_multistep", "res_multistep_cfg_pp",
    "res_multistep_ancestral", "res_multistep_ancestral_cfg_pp", "gradient_estimation",
    "gradient_estimation_cfg_pp", "er_sde", "seeds_2", "seeds_3", "sa_solver", "sa_solver_pece",
    "ddim", "uni_pc", "uni_pc_bh2",
})  # fmt: skip
_SCHEDULERS = frozenset({
    "simple", "sgm_uniform", "karras", "exponential", "ddim_uniform", "beta", "normal",
    "linear_quadratic", "kl_optimal",
})  # fmt: skip


def guess_run(values: Sequence[Any]) -> dict[str, Any]:
    """Name steps, cfg, sampler, scheduler, denoise and seed where they stand as in a sampler.

    Nothing is named unless a whole number, a number, the name of a sampler and that of a
    scheduler follow each other.
    """
    for at in range(2, len(values) - 1):
        steps, cfg, sampler, scheduler = values[at - 2 : at + 2]
        if not (isinstance(sampler, str) and isinstance(scheduler, str)):
            continue
        if sampler not in _SAMPLERS or scheduler not in _SCHEDULERS:
            continue
        if type(steps) is int and type(cfg) in (int, float):
            found = {"steps": steps, "cfg": cfg, "sampler_name": sampler, "scheduler": scheduler}
            return found | _denoise(values, at + 2) | _seed(values, at - 3)
    return {}


def _denoise(values: Sequence[Any], at: int) -> dict[str, Any]:
    value = values[at] if at < len(values) else None
    is_share = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1
    return {"denoise": value} if is_share else {}


def _seed(values: Sequence[Any], at: int) -> dict[str, Any]:
    if at < 1 or not isinstance(values[at], str) or values[at] not in CONTROLS:
        return {}
    return {"seed": values[at - 1]} if type(values[at - 1]) is int else {}

"""What every reader of a generation text gives, and the careful reading of single fields."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from smartgallery_tui.metadata.values import MAX_SEED, as_float, as_int, as_name
from smartgallery_tui.records.generation import LoraUse, NameUse, SamplingPass

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


@dataclass(frozen=True, slots=True)
class TextReading:
    """One tool's text, understood."""

    generator: str
    passes: tuple[SamplingPass, ...]
    """One pass, or two where the tool ran a second one (hires fix, refiner)."""
    names: tuple[NameUse, ...] = ()


def first(fields: Mapping[str, Any], *names: str) -> Any:
    """Return the first of these fields that is there and not blank."""
    for name in names:
        value = fields.get(name)
        if value is not None and value != "":
            return value
    return None


def seed_value(value: Any) -> int | None:
    """Return a seed from 0 to 2**64-1, else None: -1 means that it is not known."""
    found = as_int(value)
    return found if found is not None and 0 <= found <= MAX_SEED else None


def step_count(value: Any) -> int | None:
    """Return a number of steps above zero, else None."""
    found = as_int(value)
    return found if found is not None and 0 < found < 1_000_000 else None


def pixels(value: Any) -> int | None:
    """Return a side in pixels, else None."""
    found = as_int(value)
    return found if found is not None and 0 < found < 1 << 20 else None


def texts(*values: Any) -> tuple[str, ...]:
    """Return the non-blank ones of some texts or lists of texts, each once."""
    found: dict[str, None] = {}
    for value in values:
        for text in value if isinstance(value, list | tuple) else (value,):
            if isinstance(text, str) and text.strip():
                found[text.strip()] = None
    return tuple(found)


def text_pass(
    fields: Mapping[str, Any],
    *,
    models: Iterable[Any] = (),
    loras: Sequence[LoraUse] = (),
    positive: tuple[str, ...] = (),
    negative: tuple[str, ...] = (),
) -> SamplingPass:
    """Return a pass from fields under our own names; values of a wrong kind become None."""
    names = [name for model in models if (name := as_name(model)) is not None]
    width, height = pixels(fields.get("width")), pixels(fields.get("height"))
    is_sized = width is not None and height is not None
    return SamplingPass(
        node="",
        class_type="",
        models=tuple(dict.fromkeys(names)),
        loras=tuple(loras),
        sampler=as_name(fields.get("sampler")),
        scheduler=as_name(fields.get("scheduler")),
        steps=step_count(fields.get("steps")),
        cfg=as_float(fields.get("cfg")),
        guidance=as_float(fields.get("guidance")),
        denoise=as_float(fields.get("denoise")),
        seed=seed_value(fields.get("seed")),
        positive=positive,
        negative=negative,
        width=width if is_sized else None,
        height=height if is_sized else None,
    )


def lora_names(loras: Iterable[LoraUse]) -> list[NameUse]:
    """Return LoRAs as names for search."""
    return [NameUse("lora", use.name, use.strength_model, use.strength_clip) for use in loras]


def model_names(names: Iterable[str]) -> list[NameUse]:
    """Return models as names for search."""
    return [NameUse("model", name) for name in names]

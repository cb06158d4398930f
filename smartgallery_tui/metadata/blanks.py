"""Blank out of a graph what only passes through to the answer and never steers how it is read.

Most files of a library come from a few workflows: their graphs differ in seeds, texts, sizes and
file names alone. With those blanked such graphs are equal, so one of them need be traced.

A value is blanked only if any other value of its kind would be traced the same way: a seed of 0,
a strength of 0, a text `None` or one that reads like a number or a file name stays, because the
tracer decides by it. Two equal values get the same blank, since the tracer drops repetitions.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from smartgallery_tui.metadata.names import MEDIA_FILE, WEIGHTS_FILE
from smartgallery_tui.metadata.nodes import traits

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Set

MAX_BLANKS = 200
"""A graph with more values is not blanked."""

TEXT_MARK = re.compile("(\x00t[0-9]+\x00)")

_MAX_FILE_NAME = 150
_NO_NAMES = frozenset({"none", "null", "undefined", "disabled"})


class Kind(NamedTuple):
    """A kind of values of which none steers the tracer more than another."""

    accepts: Callable[[Any], bool]
    """Tells whether a value is of the kind."""
    marks: tuple[Any, ...]
    """What stands for its values: at the n-th place of `Blanked.values` the n-th."""
    is_compared: bool = False
    """Whether the tracer asks if two such values are equal."""
    is_float: bool = False
    """Whether the tracer takes whole numbers for others."""
    varies: bool = False
    """Whether hardly two files have the same value."""


def _numbers(first: int) -> tuple[int, ...]:
    return tuple(range(first, first + MAX_BLANKS))


def _words(letter: str, end: str = "") -> tuple[str, ...]:
    return tuple([f"\0{letter}{at}{end}" for at in range(MAX_BLANKS)])


def _is_whole(value: Any) -> bool:
    return type(value) is int and value > 0


def _is_side(value: Any) -> bool:
    return type(value) is int and 0 < value < 1 << 20


def _is_amount(value: Any) -> bool:
    return type(value) in (float, int) and 0 < value < 1e6


def _is_strength(value: Any) -> bool:
    return type(value) in (float, int) and value != 0 and -1e6 < value < 1e6


def _is_word(value: Any) -> bool:
    return type(value) is str and value.isidentifier() and value.casefold() not in _NO_NAMES


def _is_text(value: Any) -> bool:
    """Accept what reads like no number and no file name: as_float and the names ask for those."""
    if type(value) is not str or not (value[:1].isalpha() or value.startswith(("(", "[", '"'))):
        return False
    return "." not in value[-24:-1] or not (WEIGHTS_FILE.search(value) or MEDIA_FILE.search(value))


def _is_weights(value: Any) -> bool:
    return (
        type(value) is str
        and value.endswith((".safetensors", ".ckpt", ".gguf", ".pt"))
        and len(value) < _MAX_FILE_NAME
        and not value[0].isspace()
    )


def _is_picture(value: Any) -> bool:
    return (
        type(value) is str
        and value.endswith((".png", ".jpg", ".jpeg", ".webp"))
        and len(value) < _MAX_FILE_NAME
        and "<" not in value
        and "embedding:" not in value
    )


def _is_prefix(value: Any) -> bool:
    return type(value) is str and "." not in value and "<" not in value and ":" not in value


SEED = Kind(_is_whole, _numbers(1 << 60), varies=True)
STEPS = Kind(_is_side, _numbers(700_001))
SIDE = Kind(_is_side, _numbers(500_001))
AMOUNT = Kind(_is_amount, _numbers(810_001), is_float=True)
STRENGTH = Kind(_is_strength, _numbers(910_001), is_compared=True, is_float=True)
WORD = Kind(_is_word, _words("w"))
TEXT = Kind(_is_text, _words("t", "\0"), is_compared=True, varies=True)
WEIGHTS = Kind(_is_weights, _words("f", ".safetensors"), is_compared=True)
PICTURE = Kind(_is_picture, _words("p", ".png"), is_compared=True)
PREFIX = Kind(_is_prefix, _words("o"))

KINDS: Mapping[str, Kind] = {
    **dict.fromkeys(("seed", "noise_seed"), SEED),
    "steps": STEPS,
    **dict.fromkeys(("width", "height", "empty_latent_width", "empty_latent_height"), SIDE),
    **dict.fromkeys(("cfg", "denoise", "guidance"), AMOUNT),
    **dict.fromkeys(("strength_model", "strength_clip"), STRENGTH),
    **dict.fromkeys(("sampler_name", "scheduler"), WORD),
    **dict.fromkeys(
        (
            "text", "prompt", "positive", "negative", "text_g", "text_l", "clip_l", "clip_g",
            "t5xxl", "positive_prompt", "negative_prompt", "string", "string_a", "string_b",
            "value", "populated_text", "wildcard_text",
        ),
        TEXT,
    ),
    **dict.fromkeys(("ckpt_name", "unet_name", "lora_name"), WEIGHTS),
    "image": PICTURE,
    "filename_prefix": PREFIX,
}  # fmt: skip
"""Inputs that may be blanked, by name."""


_LORA_ROW: Mapping[str, Kind] = {
    "lora": WEIGHTS, "strength": STRENGTH, "strengthTwo": STRENGTH,
}  # fmt: skip
"""A row of rgthree's Power Lora Loader: `{on, lora, strength}`."""


class Hole(NamedTuple):
    """A place of a graph where a mark may stand."""

    kind: Kind
    place: int
    """Place in `Blanked.values`; holes with equal values share it where they are compared."""
    loads_tags: bool
    """Whether a LoRA written in this text is loaded: then it is no blank."""


class Blanked:
    """A graph with its blanks, and what stood there.

    Attributes:
        key: The blanked graph as bytes: equal for graphs that are traced alike.
        values: The different values.
        kinds: The kind of each value.
        compared: The values that the tracer compares with others; none is of two such kinds.
        may_name: Whether LoRAs or embeddings may be named in a text among the values.
    """

    __slots__ = ("_firsts", "_places", "compared", "key", "kinds", "may_name", "values")

    def __init__(
        self,
        key: bytes = b"",
        kinds: list[Kind] | None = None,
        values: list[Any] | None = None,
        compared: Set[Any] | None = None,
        may_name: bool = True,
    ) -> None:
        self.key = key
        self.values: list[Any] = [] if values is None else values
        self.kinds: list[Kind] = [] if kinds is None else kinds
        self._firsts: dict[Any, int] = {}
        self.compared: Set[Any] = self._firsts.keys() if compared is None else compared
        self.may_name = may_name
        self._places: list[tuple[dict[str, Any], str, Any, int, Mapping[str, Any]]] = []

    def take(
        self, inputs: dict[str, Any], kinds: Mapping[str, Kind], raw: Mapping[str, Any]
    ) -> None:
        """Put marks in the inputs of a node.

        Args:
            inputs: The inputs, or one of them that is an object.
            kinds: The kind of each input that may be blanked.
            raw: The node.
        """
        values = self.values
        for name, value in inputs.items():
            if name in kinds:
                accepts, marks, is_compared, is_float, _ = kind = kinds[name]
                if not accepts(value) or (
                    kind is TEXT and "<" in value and _loads_inline_loras(raw)
                ):
                    continue
                at = new = len(values)
                if is_compared:
                    at = self._firsts.setdefault(value, new)
                if at == new:
                    values.append(float(value) if is_float else value)
                    self.kinds.append(kind)
                self._places.append((inputs, name, value, at, raw))
                inputs[name] = marks[at]
            elif type(value) is dict and kinds is KINDS:
                self.take(value, _LORA_ROW, raw)

    @property
    def slots(self) -> dict[Any, tuple[Kind, int]]:
        """Kind and place in `values` of each mark."""
        return {kind.marks[at]: (kind, at) for at, kind in enumerate(self.kinds)}

    @property
    def holes(self) -> list[Hole]:
        """What stood at each mark, in the order of the graph."""
        return [
            Hole(self.kinds[at], at, self.kinds[at] is TEXT and _loads_inline_loras(raw))
            for _inputs, _name, _value, at, raw in self._places
        ]

    @property
    def sides(self) -> tuple[int, ...]:
        """The widths and heights."""
        return tuple([v for v, kind in zip(self.values, self.kinds, strict=True) if kind is SIDE])

    def restore(self, kind: Kind | None = None) -> None:
        """Put back everything, or what is of one kind."""
        slots = self.slots if kind is not None else {}
        for inputs, name, value, _at, _raw in self._places:
            if kind is None or slots[inputs[name]][0] is kind:
                inputs[name] = value

    def put(self, value: Any) -> None:
        """Put the same value everywhere; `restore` takes it away."""
        for inputs, name, *_rest in self._places:
            inputs[name] = value


def blank(prompt: Mapping[str, Any]) -> Blanked | None:
    """Put marks into a decoded prompt, in place; None, and nothing changed, if it is unusual."""
    made = Blanked()
    try:
        for raw in prompt.values():
            inputs = raw.get("inputs") if type(raw) is dict else None
            if type(inputs) is dict:
                made.take(inputs, KINDS, raw)
        made.key = orjson.dumps(prompt)
    except (IndexError, TypeError, ValueError):
        # More values than there are marks, or something that JSON does not hold.
        made.restore()
        return None
    return made


def _loads_inline_loras(raw: Mapping[str, Any]) -> bool:
    class_type = raw.get("class_type")
    return not isinstance(class_type, str) or traits(class_type).loads_inline_loras

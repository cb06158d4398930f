"""Rules by which a user teaches a node class: which input holds which field.

A rules file is TOML::

    [[node]]
    class = "MySampler"
    sampler = "algo"
    steps = "count"

    [[node]]
    class = "MyNote"
    ignore = true
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

FIELD_INPUTS: Mapping[str, str] = {
    # field of a rule: the input under which the tracer looks for it
    "model": "ckpt_name",
    "lora": "lora_name",
    "lora_strength": "strength_model",
    "vae": "vae_name",
    "sampler": "sampler_name",
    "scheduler": "scheduler",
    "steps": "steps",
    "cfg": "cfg",
    "guidance": "guidance",
    "denoise": "denoise",
    "seed": "seed",
    "positive": "positive",
    "negative": "negative",
    "text": "text",
    "width": "width",
    "height": "height",
    "latent": "latent_image",
    "image": "image",
}
_LINKED = {"model": "model"}
"""Fields whose input has another name where it is a link."""

_TABLE = re.compile(r"^[ \t]*\[\[\s*node\s*\]\]", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Rules:
    """Checked rules: by node class, field and input."""

    inputs: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    ignored: frozenset[str] = frozenset()

    @property
    def version(self) -> int:
        """A number that changes with the rules: 0 for none, else less than 2**32."""
        if not self.inputs and not self.ignored:
            return 0
        taught = sorted((name, sorted(fields.items())) for name, fields in self.inputs.items())
        text = repr((taught, sorted(self.ignored))).encode("utf-8", "surrogatepass")
        return int.from_bytes(blake2b(text, digest_size=4).digest(), "big") or 1

    def applied(self, class_type: str, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return a node's inputs with the taught ones also under the names that are traced."""
        taught = self.inputs.get(class_type)
        if taught is None:
            return inputs
        made = dict(inputs)
        for name, source in taught.items():
            if source in inputs:
                is_link = isinstance(inputs[source], list)
                target = _LINKED.get(name, FIELD_INPUTS[name]) if is_link else FIELD_INPUTS[name]
                made[target] = inputs[source]
        return made


@dataclass(frozen=True, slots=True)
class RuleProblem:
    """Something wrong in a rules file."""

    line: int
    """Counted from 1; 0 where the whole file is meant."""
    message: str


NO_RULES = Rules()


def parse_rules(text: str) -> tuple[Rules, tuple[RuleProblem, ...]]:
    """Return the rules of a TOML text and what is wrong with it; what is right still holds."""
    import tomllib  # where there are rules only

    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        line = int(found[1]) if found else max(1, len(text.splitlines()))
        return NO_RULES, (RuleProblem(line, f"not TOML: {error}"),)
    problems = [
        RuleProblem(_line_of(text, name), f"unknown table {name!r}; rules are [[node]] tables")
        for name in data
        if name != "node"
    ]
    rows = data.get("node", [])
    if not isinstance(rows, list):
        return NO_RULES, (*problems, RuleProblem(_line_of(text, "node"), "write [[node]]"))
    inputs: dict[str, dict[str, str]] = {}
    ignored: set[str] = set()
    starts = [text.count("\n", 0, found.start()) + 1 for found in _TABLE.finditer(text)]
    for at, row in enumerate(rows):
        line = starts[at] if at < len(starts) else 0
        _read_row(row, text, line, inputs, ignored, problems)
    return Rules(inputs, frozenset(ignored)), tuple(problems)


def _read_row(
    row: Any,
    text: str,
    line: int,
    inputs: dict[str, dict[str, str]],
    ignored: set[str],
    problems: list[RuleProblem],
) -> None:
    class_type = row.get("class") if isinstance(row, dict) else None
    if not isinstance(class_type, str) or not class_type:
        problems.append(RuleProblem(line, 'a rule needs class = "..."'))
        return
    if row.get("ignore") is True:
        ignored.add(class_type)
    taught = inputs.setdefault(class_type, {})
    for name, value in row.items():
        if name in ("class", "ignore"):
            continue
        at = _line_of(text, name, line)
        if name not in FIELD_INPUTS:
            from difflib import get_close_matches  # for a mistake only

            near = get_close_matches(name, FIELD_INPUTS, 1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            problems.append(RuleProblem(at, f"unknown field {name!r}{hint}"))
        elif not isinstance(value, str) or not value:
            problems.append(RuleProblem(at, f"{name} must name an input"))
        else:
            taught[name] = value


def _line_of(text: str, name: str, start: int = 1) -> int:
    """Return the line, from `start` on, that sets a name; `start` where none does."""
    wanted = re.compile(rf"^\s*\[*\s*[\"']?{re.escape(name)}[\"']?\s*[\]=]")
    for at, line in enumerate(text.splitlines(), 1):
        if at >= start and wanted.match(line):
            return at
    return start

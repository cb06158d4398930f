"""Make the compact table of widget orders that the metadata room ships.

usage: make_widget_table.py NODES.json.gz OUT.json

NODES holds, by node class, `widgets` (names in the order of `widgets_values`), optionally
`widgets_2026` (the order of a later version), and `inputs` with `name`, `type` and `default`.
OUT maps a class to its orders, one string each, and an object of default values.
"""

import gzip
import json
import sys
from pathlib import Path

_LETTERS = {"INT": "I", "FLOAT": "F", "STRING": "S", "BOOLEAN": "B", "COMBO": "C"}


def row(names: list[str], types: dict[str, str]) -> str:
    """Return one order: names with a type letter, joined by semicolons."""
    parts = []
    for name in names:
        letter = "!" if name == "control_after_generate" else types.get(name, "?")
        parts.append(f"{name}|{letter}")
    return ";".join(parts)


def names_of_inputs(node: dict) -> list[str]:
    """Return the inputs that hold values, with the control that follows a seed."""
    names = []
    for entry in node["inputs"]:
        if entry.get("widget") or (entry.get("widget") is None and entry.get("type") in _LETTERS):
            names.append(entry["name"])
            if entry["name"] in ("seed", "noise_seed") or entry.get("control_after_generate"):
                names.append("control_after_generate")
    return names


def defaults_of(node: dict) -> dict:
    """Return the short default values of a node's inputs; a choice defaults to its first option."""
    found = {}
    for entry in node["inputs"]:
        options = entry.get("options")
        value = entry.get("default", options[0] if options else None)
        if isinstance(value, bool | int | float) or (isinstance(value, str) and len(value) < 40):
            found[entry["name"]] = value
    return found


def main() -> None:
    """Write the table."""
    source, target = (Path(argument) for argument in sys.argv[1:3])
    with gzip.open(source, "rt", encoding="utf-8") as stream:
        nodes = json.load(stream)
    table = {}
    for name, node in sorted(nodes.items()):
        if name.startswith("_"):
            continue
        types = {i["name"]: _LETTERS.get(i.get("type") or "", "?") for i in node["inputs"]}
        names = node.get("widgets") or names_of_inputs(node)
        if not names:
            continue
        orders = [row(names, types)]
        if node.get("widgets_2026") and node["widgets_2026"] != node["widgets"]:
            orders.append(row(node["widgets_2026"], types))
        table[name] = [*orders, defaults_of(node)]
    text = json.dumps(table, ensure_ascii=False, separators=(",", ":")).replace("],", "],\n")
    target.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

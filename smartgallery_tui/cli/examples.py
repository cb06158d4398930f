"""Examples of each command, for its `--help` and the manual page."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

EXAMPLES: Mapping[str, tuple[tuple[str, str], ...]] = MappingProxyType({
    "browse": (
        ("smartgallery ~/ComfyUI/output", "browse a folder"),
        ("smartgallery picture.png", "its folder, with the cursor on it"),
        ("smartgallery --follow", "the newest picture, as it lands"),
        ("smartgallery --read-only /mnt/share", "look, change nothing"),
    ),
    "demo": (
        ("smartgallery demo", "make it and browse it"),
        ("smartgallery demo --make-only ~/sample", "only make it, print its folder"),
    ),
    "scan": (
        ("smartgallery scan ~/ComfyUI/output", "index it; again: only what changed"),
        ("smartgallery scan . --thumbs --json", "thumbnails, too; totals as JSON"),
    ),
    "find": (
        ("smartgallery find castle -neon model:flux --limit 20", "the newest twenty"),
        ("smartgallery find 'rating:4..' -0 | xargs -0 ls -l", "safe for every name"),
        ("smartgallery find seed:42 --json", "one object a line"),
    ),
    "inspect": (
        ("smartgallery inspect picture.png", "how it was made"),
        ("smartgallery inspect *.png --json", "one object a file"),
    ),
    "explain": (("smartgallery explain picture.png", "which node gave which value"),),
    "workflow": (
        ("smartgallery workflow picture.png -o workflow.json", "what ComfyUI loads"),
        ("smartgallery workflow picture.png --api", "the prompt that ran"),
    ),
    "stats": (("smartgallery stats", "totals by kind, model and folder"),),
    "paths": (("smartgallery paths --json", "settings, data, cache, log"),),
    "doctor": (("smartgallery doctor", "terminal, tools, folders, ComfyUI"),),
    "mark": (
        ("smartgallery mark 'model:flux seed:42' --tag keep --rating 5", ""),
        ("smartgallery mark name:draft --no-favorite", ""),
    ),
    "import": (("smartgallery import ~/Downloads/*.png --to ~/ComfyUI/output", "copies"),),
    "trash": (
        ("smartgallery trash 'rating:1 age:>90d'", "`undo` brings back"),
        ("smartgallery trash --list", "what lies in it"),
        ("smartgallery trash --empty --older-than 30", "for ever"),
    ),
    "export": (
        ("smartgallery export rating:5 --to ~/best", "copies"),
        ("smartgallery export tag:share --to ~/share --clean", "without metadata"),
    ),
    "undo": (("smartgallery undo", "the last change of marks or files"),),
    "pick": (
        ("scp $(smartgallery pick) laptop:", "choose by eye"),
        ("smartgallery pick model:flux -0 | xargs -0 cp -t ~/best", ""),
    ),
    "dups": (("smartgallery dups --json", "a group a line"),),
    "albums": (
        ("smartgallery albums", "list them"),
        ("smartgallery albums rename drafts work/drafts", ""),
    ),
    "saved": (
        ("smartgallery saved add best rating:5", "keep a search"),
        ("smartgallery find \"$(smartgallery saved show best)\"", "use it"),
    ),
    "roots": (
        ("smartgallery roots", "list the folders"),
        ("smartgallery roots add /mnt/more", "one more"),
        ("smartgallery roots forget /mnt/more", "no file is touched, marks stay"),
    ),
    "backup": (("smartgallery backup ~/marks.db", "marks, tags, albums, notes"),),
    "restore": (("smartgallery restore ~/marks.db", "what was there is kept beside it"),),
    "userdata": (
        ("smartgallery userdata export > marks.jsonl", ""),
        ("smartgallery userdata import marks.jsonl", "on another machine"),
    ),
    "completions": (
        ("eval \"$(smartgallery completions bash)\"", "in ~/.bashrc"),
        ("smartgallery completions zsh > ~/.zfunc/_smartgallery", "a folder of $fpath"),
        ("smartgallery completions fish > ~/.config/fish/completions/smartgallery.fish", ""),
    ),
    "man": (("smartgallery man | man -l -", "read it"),),
    "config": (
        ("smartgallery config init", "a commented file"),
        ("smartgallery config check", "what cannot be used, with its line"),
    ),
})  # fmt: skip
"""Command to lines of a shell, each with what it is for or ""."""


def epilog(command: str) -> str:
    """Return the examples as the end of a help text, or ""."""
    examples = EXAMPLES.get(command, ())
    width = max((len(line) for line, words in examples if words), default=0)
    lines = [
        f"  {line}" if not words else f"  {line:<{width}}  # {words}" for line, words in examples
    ]
    return "\n".join(["examples:", *lines]) if lines else ""

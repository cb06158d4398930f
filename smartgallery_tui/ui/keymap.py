"""Keys: from the registry and the user's `[keys]` to bindings, chords and words for keys.

Single keys are Textual bindings; a chord (`g g`) is kept here and fed by the app. A user's
keymap is checked before it is used: what cannot be used is said, never silently dropped.
"""

from __future__ import annotations

import difflib
import unicodedata
from typing import TYPE_CHECKING

from textual.binding import Binding
from textual.keys import KEY_NAME_REPLACEMENTS, Keys

from smartgallery_tui.ui.actions import ACTIONS, Action, Scope, for_screen

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

PROFILES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "nsxiv": {
        "app.next": ("n", "space"),
        "app.mark_step": ("M",),
        "app.mark": ("m",),
        "app.move": ("g m",),
        "app.note": ("g n",),
        "grid.open": ("enter",),
        "detail.close": ("enter", "q"),
    }
}
"""Ready keymaps: action id to its keys."""

_NAMED = {key.value for key in Keys} | {"space"}
_MODIFIERS = ("ctrl+", "shift+", "alt+")
_REFUSED = {"tilde": "OpenSSH takes it after Enter"}
_WORDS = {
    "left": "←", "right": "→", "up": "↑", "down": "↓", "pageup": "PgUp", "pagedown": "PgDn",
    "home": "Home", "end": "End", "enter": "Enter", "escape": "Esc", "backspace": "Backspace",
    "space": "Space", "delete": "Del", "tab": "Tab", "f1": "F1",
}  # fmt: skip


def textual_key(key: str) -> str:
    """Return Textual's name of a key: `?` is `question_mark`, `G` stays."""
    if len(key) != 1 or key.isalnum():
        return key
    name = unicodedata.name(key, "").lower().replace("-", "_").replace(" ", "_")
    return KEY_NAME_REPLACEMENTS.get(name, name)


def show_key(key: str) -> str:
    """Return a key or chord as people know it: `ctrl+d` is `^D`."""
    words = []
    for part in key.split():
        if part.startswith("ctrl+") and len(part) == 6:
            words.append("^" + part[-1].upper())
        else:
            words.append(_WORDS.get(part, part))
    return " ".join(words)


def bindings_for(scope: Scope) -> list[Binding | tuple[str, str] | tuple[str, str, str]]:
    """Return the bindings of a screen; an action with chords only gets a key nobody can press."""
    bindings: list[Binding | tuple[str, str] | tuple[str, str, str]] = []
    for action in for_screen(scope):
        keys = ",".join(textual_key(key) for key in action.keys if " " not in key)
        bindings.append(
            Binding(
                keys or _unreachable(action),
                action.action,
                action.label,
                id=action.id,
                tooltip=action.tooltip,
                group=Binding.Group(action.group),
            )
        )
    return bindings


def _unreachable(action: Action) -> str:
    return f"chord-only-{action.id.replace('.', '-')}"


class Keymap:
    """The keys in force: defaults with the user's changes.

    Args:
        overrides: Pairs of action id and keys; keys are separated by commas, the two keys of a
            chord by a blank. The id `profile` names a ready keymap.
    """

    def __init__(self, overrides: Sequence[tuple[str, str]] = ()) -> None:
        self.problems: list[str] = []
        """One line for each entry that could not be used."""
        self._keys: dict[str, tuple[str, ...]] = {action.id: action.keys for action in ACTIONS}
        self._changed: set[str] = set()
        for name, keys in overrides:
            if name == "profile":
                self._use_profile(keys)
        for name, keys in overrides:
            if name != "profile":
                self._use(name, [key.strip() for key in _split_keys(keys)])
        self._drop_clashes()
        self._drop_hidden_keys()

    def keys(self, action_id: str) -> tuple[str, ...]:
        """Return the keys of an action as people write them."""
        return self._keys.get(action_id, ())

    def show(self, action_id: str) -> str:
        """Return the keys of an action for a help line."""
        return " ".join(show_key(key) for key in self.keys(action_id))

    def textual(self) -> dict[str, str]:
        """Return what `App.set_keymap` wants: only what the user changed."""
        return {
            action.id: ",".join(textual_key(key) for key in self._keys[action.id] if " " not in key)
            or _unreachable(action)
            for action in ACTIONS
            if action.id in self._changed
        }

    def chords(self, scope: Scope) -> dict[str, list[tuple[str, Action]]]:
        """Return first key -> (second key, action), both by Textual's names."""
        found: dict[str, list[tuple[str, Action]]] = {}
        for action in for_screen(scope):
            for key in self._keys[action.id]:
                first, _, second = key.partition(" ")
                if second:
                    found.setdefault(textual_key(first), []).append((textual_key(second), action))
        return found

    def _use_profile(self, name: str) -> None:
        profile = PROFILES.get(name)
        if profile is None:
            known = ", ".join(sorted(PROFILES))
            self.problems.append(f"[keys] profile: there is no profile {name!r} (known: {known})")
            return
        for action_id, own in profile.items():
            self._use(action_id, list(own))

    def _use(self, action_id: str, keys: list[str]) -> None:
        if action_id not in self._keys:
            near = difflib.get_close_matches(action_id, self._keys, 1)
            hint = f"; did you mean {near[0]}?" if near else ""
            self.problems.append(f"[keys] {action_id}: there is no such action{hint}")
            return
        good = [key for key in keys if self._is_usable(action_id, key)]
        if good or not any(keys):
            self._keys[action_id] = tuple(good)
            self._changed.add(action_id)

    def _is_usable(self, action_id: str, key: str) -> bool:
        if not key:
            return False
        for part in key.split():
            name = textual_key(part)
            if name.startswith("alt+"):
                self.problems.append(
                    f"[keys] {action_id}: {part} is not used: terminals send it as Esc and a key"
                )
                return False
            if name in _REFUSED:
                self.problems.append(f"[keys] {action_id}: {part} is not used: {_REFUSED[name]}")
                return False
            if not _is_known_key(name):
                self.problems.append(f"[keys] {action_id}: {part} is not a key")
                return False
        return True

    def _drop_clashes(self) -> None:
        """Let a changed key win over the default that had it, and say so."""
        for changed_id in sorted(self._changed):
            for key in self._keys[changed_id]:
                for other in _neighbours(changed_id):
                    if key in self._keys[other.id]:
                        self._take(other.id, key, changed_id)

    def _take(self, loser_id: str, key: str, winner_id: str) -> None:
        self._keys[loser_id] = tuple(k for k in self._keys[loser_id] if k != key)
        self._changed.add(loser_id)
        if not self._keys[loser_id]:
            self.problems.append(
                f"[keys] {winner_id} takes {show_key(key)}: {loser_id} is left without a key"
            )

    def _drop_hidden_keys(self) -> None:
        """Drop a single key that chords of the same screen begin with: it could never act."""
        firsts: dict[Scope, set[str]] = {}
        for action in ACTIONS:
            begun = {key.split()[0] for key in self._keys[action.id] if " " in key}
            for screen in action.screens:
                firsts.setdefault(screen, set()).update(begun)
        for action in ACTIONS:
            for key in self._keys[action.id]:
                if any(key in firsts[screen] for screen in action.screens):
                    kept = tuple(other for other in self._keys[action.id] if other != key)
                    self._keys[action.id] = kept
                    self._changed.add(action.id)
                    self.problems.append(
                        f"[keys] {action.id}: {show_key(key)} begins a chord and cannot act alone"
                    )


def _split_keys(keys: str) -> Iterable[str]:
    """Split at commas; a comma alone, or after another one, is the key itself."""
    if keys.strip() in {",", ""}:
        return [keys.strip()]
    return [part or "," for part in keys.replace(",,", ",comma").split(",")]


def _is_known_key(name: str) -> bool:
    bare = name
    for modifier in _MODIFIERS:
        bare = bare.removeprefix(modifier)
    if len(bare) == 1:
        return bare.isprintable()
    if bare in _NAMED:
        return True
    try:
        unicodedata.lookup(_unicode_name(bare))
    except KeyError:
        return False
    return True


def _unicode_name(name: str) -> str:
    for original, replacement in KEY_NAME_REPLACEMENTS.items():
        if name == replacement:
            name = original
    return name.replace("_", " ").replace("hyphen minus", "hyphen-minus").upper()


def _neighbours(action_id: str) -> list[Action]:
    mine = next(action for action in ACTIONS if action.id == action_id)
    return [
        action
        for action in ACTIONS
        if action.id != action_id and set(action.screens) & set(mine.screens)
    ]

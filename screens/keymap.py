"""Which key does what: `keymaps/default.toml`, and a file of the user's own on top of it."""

from __future__ import annotations

from pathlib import Path

import msgspec

from agent_console.domain.errors import BadInput
from agent_console.resources.paths import keymap_file, read_toml
from screens.actions import BY_ID

_SHAKY = {"f1", "f10", "f11", "escape", "ctrl+s", "ctrl+q", "ctrl+j", "ctrl+m", "ctrl+h", "ctrl+i"}
"""Keys that terminal windows, multiplexers or the line discipline take; never the only way."""


class Keymap(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Keys and leader letters by action id."""

    leader: tuple[str, ...]
    keys: dict[str, tuple[str, ...]]
    letters: dict[str, str]

    def shown(self, action_id: str) -> str:
        """The key as people write it: F2, or the leader and its letter."""
        keys = self.keys.get(action_id, ())
        if keys:
            return keys[0].upper().replace("CTRL+", "^")
        letter = self.letters.get(action_id)
        return f"{self.leader[0].upper().replace('CTRL+', '^')} {letter}" if letter else ""


class _Own(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    leader: tuple[str, ...] = ()
    keys: dict[str, tuple[str, ...]] = {}
    letters: dict[str, str] = {}


def load_keymap(own: str = "") -> Keymap:
    """The default keymap with the keys of the file `own` on top. Raises BadInput naming what clashes or is unknown."""
    keymap = read_toml(keymap_file("default"), Keymap)
    if own:
        keymap = _merged(keymap, read_toml(Path(own).expanduser(), _Own))
    _check(keymap, own or "default.toml")
    return keymap


def _merged(keymap: Keymap, own: _Own) -> Keymap:
    return Keymap(own.leader or keymap.leader, {**keymap.keys, **own.keys}, {**keymap.letters, **own.letters})


def _check(keymap: Keymap, path: str) -> None:
    unknown = (set(keymap.keys) | set(keymap.letters)) - set(BY_ID)
    if unknown:
        raise _bad(path, "error.keymap_unknown", names="、".join(sorted(unknown)))
    keys = [key for own in keymap.keys.values() for key in own] + list(keymap.leader)
    for name, values in (("keys", keys), ("letters", list(keymap.letters.values()))):
        twice = sorted({value for value in values if values.count(value) > 1})
        if twice:
            raise _bad(path, "error.keymap_twice", names="、".join(twice), table=name)
    if set(keymap.leader) <= _SHAKY:
        raise _bad(path, "error.keymap_leader", names="、".join(keymap.leader))
    lost = sorted(set(BY_ID) - set(keymap.letters))
    if lost:
        raise _bad(path, "error.keymap_lost", names="、".join(lost))


def _bad(path: str, key: str, **fields: str) -> BadInput:
    return BadInput(key, "advice.keymap", path=path, **fields)

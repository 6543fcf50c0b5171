"""Which key does what: `keymaps/default.toml`, and a file of the user's own on top of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from agent_console.domain.errors import BadInput
from agent_console.resources.paths import keymap_file, read_toml
from agent_console.texts import say
from screens.actions import ARTICLE_KEYS, BY_ID, MONITOR_BY_ID, ORDER_BY_ID, Action, Place

_KNOWN: dict[Place, dict[str, Action]] = {"seat": BY_ID, "order": ORDER_BY_ID, "monitor": MONITOR_BY_ID}

_SHAKY = {"f1", "f10", "f11", "escape", "ctrl+s", "ctrl+q", "ctrl+j", "ctrl+m", "ctrl+h", "ctrl+i"}
"""Keys that terminal windows, multiplexers or the line discipline take; never the only way."""


class Keymap(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Keys and leader letters by action id."""

    leader: tuple[str, ...]
    keys: dict[str, tuple[str, ...]]
    letters: dict[str, str]
    order_keys: dict[str, tuple[str, ...]] = {}
    order_letters: dict[str, str] = {}
    monitor_keys: dict[str, tuple[str, ...]] = {}
    monitor_letters: dict[str, str] = {}
    article_keys: dict[str, tuple[str, ...]] = {}

    def first_of_article(self, name: str) -> str:
        """The first key of an entry that is read in full, as people write it."""
        key = self.article_keys[name][0]
        named = say(f"key.{key}") if key in ("space", "up", "down", "home") else _written(key)
        return key if len(key) == 1 else named

    def shown(self, action_id: str) -> str:
        """The key as people write it: F2, or the leader and its letter."""
        keys = self.keys.get(action_id, ())
        if keys:
            return _written(keys[0])
        letter = self.letters.get(action_id)
        return f"{_written(self.leader[0])} {letter}" if letter else ""

    def shown_for(self, action: Action) -> str:
        """The same for an action of any screen; on the order's screen and the monitor a letter needs no leader."""
        if action.place == "seat":
            return self.shown(action.id)
        keys = self.keys_of(action)
        return _written(keys[0]) if keys else self.letter_of(action)

    def meant_by(self, key: str, *, in_call: bool) -> str:
        """The action of the seat that a function key means now; "" where it has none."""
        ids = [name for name, keys in self.keys.items() if key in keys]
        now = (name for name in ids if BY_ID[name].key_when in ("always", "call" if in_call else "idle"))
        return next(now, ids[0] if ids else "")

    def letter_of(self, action: Action) -> str:
        """The letter behind the leader."""
        return self.tables_of(action.place)[1].get(action.id, "")

    def keys_of(self, action: Action) -> tuple[str, ...]:
        """Its function keys."""
        return self.tables_of(action.place)[0].get(action.id, ())

    def lettered(self, character: str, actions: Iterable[Action]) -> str:
        """Id of the one of `actions` a letter means where it needs no leader; "" where it means none."""
        return next((one.id for one in actions if character and self.letter_of(one) == character), "")

    def tables_of(self, place: Place) -> tuple[dict[str, tuple[str, ...]], dict[str, str]]:
        """Keys and letters of a screen."""
        tables: dict[Place, tuple[dict[str, tuple[str, ...]], dict[str, str]]] = {
            "seat": (self.keys, self.letters),
            "order": (self.order_keys, self.order_letters),
            "monitor": (self.monitor_keys, self.monitor_letters),
        }
        return tables[place]


class _Own(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    leader: tuple[str, ...] = ()
    keys: dict[str, tuple[str, ...]] = {}
    letters: dict[str, str] = {}
    order_keys: dict[str, tuple[str, ...]] = {}
    order_letters: dict[str, str] = {}
    monitor_keys: dict[str, tuple[str, ...]] = {}
    monitor_letters: dict[str, str] = {}
    article_keys: dict[str, tuple[str, ...]] = {}


def _written(key: str) -> str:
    return key.upper().replace("CTRL+", "^")


def load_keymap(own: str = "") -> Keymap:
    """The default keymap with the keys of the file `own` on top. Raises BadInput naming what clashes or is unknown."""
    keymap = read_toml(keymap_file("default"), Keymap)
    if own:
        keymap = _merged(keymap, read_toml(Path(own).expanduser(), _Own))
    _check(keymap, own or "default.toml")
    return keymap


def _merged(keymap: Keymap, own: _Own) -> Keymap:
    tables = [name for name in Keymap.__struct_fields__ if name != "leader"]
    merged = {name: {**getattr(keymap, name), **getattr(own, name)} for name in tables}
    return Keymap(own.leader or keymap.leader, **merged)


def _check(keymap: Keymap, path: str) -> None:
    unknown = set(keymap.article_keys) - set(ARTICLE_KEYS)
    lost = {name for name in ARTICLE_KEYS if not keymap.article_keys.get(name)}
    for place, known in _KNOWN.items():
        keys, letters = keymap.tables_of(place)
        unknown |= (set(keys) | set(letters)) - set(known)
        lost |= set(known) - set(letters)
    if unknown:
        raise _bad(path, "error.keymap_unknown", names="、".join(sorted(unknown)))
    for table, twice in _used_twice(keymap):
        if twice:
            raise _bad(path, "error.keymap_twice", names="、".join(twice), table=table)
    if set(keymap.leader) <= _SHAKY:
        raise _bad(path, "error.keymap_leader", names="、".join(keymap.leader))
    if lost:
        raise _bad(path, "error.keymap_lost", names="、".join(sorted(lost)))


def _used_twice(keymap: Keymap) -> Iterator[tuple[str, list[str]]]:
    """Each table with the keys or letters that mean two things in it."""
    for place in _KNOWN:
        keys, letters = keymap.tables_of(place)
        table = "" if place == "seat" else f"{place}_"
        yield f"{table}keys", _clashing(keymap) if place == "seat" else _twice([*_all_of(keys), *keymap.leader])
        yield f"{table}letters", _twice(list(letters.values()))
    yield "article_keys", _twice(_all_of(keymap.article_keys))


def _all_of(keys: dict[str, tuple[str, ...]]) -> list[str]:
    return [key for own in keys.values() for key in own]


def _clashing(keymap: Keymap) -> list[str]:
    """Keys of the seat that mean two things at the same time; one for a call and one for none do not clash."""
    pairs = [(key, BY_ID[name].key_when) for name, own in keymap.keys.items() for key in own]
    pairs += [(key, "always") for key in keymap.leader]
    return sorted(
        {
            key
            for index, (key, when) in enumerate(pairs)
            for other, then in pairs[index + 1 :]
            if key == other and {when, then} != {"idle", "call"}
        }
    )


def _twice(values: list[str]) -> list[str]:
    return sorted({value for value in values if values.count(value) > 1})


def _bad(path: str, key: str, **fields: str) -> BadInput:
    return BadInput(key, "advice.keymap", path=path, **fields)

"""Streams as the server works on them: folded states, kept between pushes, changed in memory and written at the end."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from agent_console.desk.commands import COMMANDS, Evolve
from agent_console.domain.confidentiality.secrecy_facts import CLOSING, ERASING, OPENING
from agent_console.domain.events import Envelope, known, type_of
from agent_console.domain.intake.calls import CallErased
from agent_console.domain.work_order.order_life_facts import Amended
from agent_console.server.feeding.sight import Words, device_word, words_of
from agent_console.server.pushing.sealing import OwnerKeys, RoleRow, kept_keys
from agent_console.server.store.database import Row, Transaction
from agent_console.store.bodies import split, whole
from agent_console.store.keyring import Cipher

FOREVER = 1 << 62
"""End of a sight that lasts."""

MOST_KEPT = 20_000
"""States kept between pushes, in streams."""

ENVELOPE_COLUMNS = (
    "id, stream, version, type, schema, code, rule_book, calendar, actor, role, unit, authority, seat, device, n,"
    " occurred_at, clock_offset, cause"
)
ERASED_BY = (CallErased, *ERASING)


class Folding(NamedTuple):
    """How the streams of a prefix are folded."""

    empty: msgspec.Struct | None
    evolve: Evolve


_FOLDINGS = sorted(
    {handled.prefix: Folding(handled.empty, handled.evolve) for handled in COMMANDS.values()}.items(),
    key=lambda named: -len(named[0]),
)
"""The longest prefix first, for it is the one that counts."""

_LEFT_ALONE = Folding(None, lambda state, _: state)


def folding_of(stream: str) -> Folding:
    """How a stream is folded; streams of notes are not."""
    for prefix, folding in _FOLDINGS:
        if stream.startswith(prefix):
            return folding
    return _LEFT_ALONE


class Planned(msgspec.Struct, frozen=True, gc=False):
    """An event that is to be written: its fact, the parts of its body, and the words that came and went with it."""

    envelope: Envelope
    fact: msgspec.Struct
    body: str
    sealed: bytes | None
    time_doubtful: bool
    opened: tuple[str, ...]
    closed: tuple[str, ...]


class Trace(NamedTuple):
    """An event as far as a conflict tells of it. field: of the form, where it changed one."""

    version: int
    id: str
    cause: str
    field: str


_TRACES = 64
"""Events a stream remembers; whoever missed more is told of these."""


class Kept(msgspec.Struct, frozen=True, gc=False):
    """A stream as it stands in the database. spells: words that hold, each with the seq it holds from."""

    version: int
    state: Any
    keys: OwnerKeys
    spells: Mapping[str, int]
    devices: Words
    traces: tuple[Trace, ...] = ()
    read_only: bool = False
    erased: bool = False


NOTHING_KEPT = Kept(0, None, OwnerKeys(), {}, frozenset())


class _Mark(NamedTuple):
    version: int
    state: Any
    keys: OwnerKeys
    words: Words
    devices: Words
    erased: bool
    planned: int


class Stream:
    """One stream while a group of pushes is decided."""

    def __init__(self, name: str, kept: Kept) -> None:
        """Begin with what is kept."""
        self.name = name
        self.kept = kept
        self.folding = folding_of(name)
        self.version = kept.version
        self.state: Any = kept.state if kept.version else self.folding.empty
        self.keys = kept.keys
        self.words: Words = frozenset(kept.spells)
        self.devices = kept.devices
        self.erased = kept.erased
        self.planned: list[Planned] = []

    def mark(self) -> _Mark:
        """Where it stands now."""
        return _Mark(self.version, self.state, self.keys, self.words, self.devices, self.erased, len(self.planned))

    def back_to(self, mark: _Mark) -> None:
        """Forget what came after the mark."""
        self.version, self.state, self.keys, self.words, self.devices, self.erased, count = mark
        del self.planned[count:]

    def add(self, envelope: Envelope, fact: msgspec.Struct, doubtful: bool, roles: Roles) -> None:
        """Append a fact: keys, state and words follow it."""
        self._change_keys(fact, roles)
        entry = type_of(fact)
        body, personal = split(entry, fact, secret=self.keys.secret)
        sealed = None
        if personal is not None and not self.keys.erased:
            self.keys = self.keys.ready(roles.cipher)
            sealed = self.keys.seal(personal, envelope.id)
        self.state = self.folding.evolve(self.state, fact)
        self.version += 1
        if isinstance(fact, ERASED_BY):
            self.keys, self.erased = self.keys.destroyed(), True
        words = self._words_after(envelope.device)
        opened: tuple[str, ...] = ()
        closed: tuple[str, ...] = ()
        if words != self.words:
            opened, closed = tuple(sorted(words - self.words)), tuple(sorted(self.words - words))
            self.words = words
        self.planned.append(Planned(envelope, fact, body.decode(), sealed, doubtful, opened, closed))

    def after(self, version: int) -> list[Trace]:
        """Events after the one of that version, as far back as is remembered."""
        if version >= self.version:
            return []
        return [trace for trace in (*self.kept.traces, *self._traces()) if trace.version > version]

    def _traces(self) -> list[Trace]:
        """Of what is planned."""
        return [_trace(one.envelope.version, one.envelope.id, one.envelope.cause, one.fact) for one in self.planned]

    def _change_keys(self, fact: msgspec.Struct, roles: Roles) -> None:
        if isinstance(fact, CLOSING) and not self.keys.secret:
            self.keys = self.keys.closed(roles.readers, roles.held, roles.cipher)
        elif isinstance(fact, OPENING) and self.keys.secret:
            self.keys = self.keys.opened()

    def _words_after(self, device: str) -> Words:
        if device and (word := device_word(device)) not in self.devices:
            self.devices |= {word}
        return words_of(self.state, self.devices, secret=self.keys.secret)

    def settled(self, first: Mapping[str, int]) -> Kept:
        """What is kept once all was written; `first`: the seq each word holds from."""
        if not self.planned:
            return self.kept
        traces = (*self.kept.traces, *self._traces())[-_TRACES:]
        read_only = self.kept.read_only
        return Kept(self.version, self.state, self.keys, dict(first), self.devices, traces, read_only, self.erased)


def _trace(version: int, id_: str, cause: str, fact: msgspec.Struct | None) -> Trace:
    return Trace(version, id_, cause, fact.field if isinstance(fact, Amended) else "")


class Roles(msgspec.Struct, frozen=True):
    """Who reads confidential orders of a line, the keys of roles the server has, and the cipher of new keys."""

    readers: tuple[str, ...] = ()
    held: Mapping[str, bytes] = {}
    cipher: Cipher = "aes256"


class States:
    """States of one jurisdiction kept between pushes; each counts only for the version it was folded at."""

    def __init__(self) -> None:
        """Keep nothing yet."""
        self._kept: OrderedDict[str, Kept] = OrderedDict()

    def at(self, stream: str, version: int) -> Kept | None:
        """What is kept of a stream that has so many events."""
        if not version:
            return NOTHING_KEPT
        kept = self._kept.get(stream)
        if kept is None or kept.version != version:
            return None
        self._kept.move_to_end(stream)
        return kept

    def keep(self, stream: str, kept: Kept) -> None:
        """Keep it for the next push."""
        self._kept[stream] = kept
        self._kept.move_to_end(stream)
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)


async def load(
    at: Transaction, jurisdiction: str, versions: Mapping[str, int], states: States, held: Mapping[str, bytes]
) -> dict[str, Stream]:
    """Streams that have these many events, folded where they are not kept."""
    found = {name: states.at(name, version) for name, version in versions.items()}
    missing = sorted(name for name, kept in found.items() if kept is None)
    loaded = await _fold(at, jurisdiction, missing, held) if missing else {}
    for name, kept in loaded.items():
        states.keep(name, kept)
    return {name: Stream(name, kept or loaded[name]) for name, kept in found.items()}


async def _fold(
    at: Transaction, jurisdiction: str, streams: Sequence[str], held: Mapping[str, bytes]
) -> dict[str, Kept]:
    keys = await load_keys(at, jurisdiction, streams, held)
    sql = "SELECT stream, who, from_seq FROM sight WHERE stream {among} AND jurisdiction = $2 AND to_seq = $3"
    spells: dict[str, dict[str, int]] = {}
    for stream, who, first in await at.fetch_among(sql, streams, jurisdiction, FOREVER):
        spells.setdefault(stream, {})[who] = first
    sql = (
        "SELECT stream, version, type, schema, id, device, cause, body, sealed FROM event"
        " WHERE stream {among} AND jurisdiction = $2 ORDER BY stream, version"
    )
    folded: dict[str, Kept] = {}
    for stream, *row in await at.fetch_among(sql, streams, jurisdiction):
        folded[stream] = _with(folded.get(stream), stream, row, keys[stream], spells.get(stream, {}))
    return folded


def _with(kept: Kept | None, stream: str, row: Row, keys: OwnerKeys, spells: Mapping[str, int]) -> Kept:
    version, kind, schema, id_, device, cause, body, sealed = row
    folding = folding_of(stream)
    state = kept.state if kept else folding.empty
    fact, is_newer = read_fact(kind, schema, whole_body(body, sealed, keys, id_))
    devices = (kept.devices if kept else frozenset()) | ({device_word(device)} if device else frozenset())
    erased = (kept.erased if kept else False) or isinstance(fact, ERASED_BY)
    read_only = (kept.read_only if kept else False) or is_newer
    traces = (*(kept.traces if kept else ()), _trace(version, id_, cause, fact))[-_TRACES:]
    return Kept(version, folding.evolve(state, fact), keys, spells, devices, traces, read_only, erased)


def whole_body(body: str, sealed: bytes | None, keys: OwnerKeys, id_: str) -> bytes | None:
    """Open and personal fields of the event of that id together; None where the personal ones are gone."""
    if sealed is None:
        return body.encode()
    personal = keys.unseal(bytes(sealed), id_)
    return None if personal is None else whole(body.encode(), personal)


def read_fact(kind: str, schema: int, body: bytes | None) -> tuple[msgspec.Struct | None, bool]:
    """A fact from its whole body, None where it was erased; and whether a newer program wrote it."""
    entry = known(kind)
    if entry is None or schema > entry.schema:
        return None, True
    if body is None:
        return None, False
    fact: msgspec.Struct = msgspec.json.decode(body, type=entry.struct)
    return fact, False


async def load_keys(
    at: Transaction, jurisdiction: str, owners: Iterable[str], held: Mapping[str, bytes]
) -> dict[str, OwnerKeys]:
    """Keys of owners, none where an owner has none."""
    names = list(owners)
    sql = "SELECT owner, key FROM sealing_key WHERE owner {among} AND jurisdiction = $2"
    places = {owner: bytes(key) for owner, key in await at.fetch_among(sql, names, jurisdiction)}
    rows: dict[str, list[RoleRow]] = {}
    sql = (
        "SELECT owner, role, number, key FROM role_key WHERE owner {among} AND jurisdiction = $2 ORDER BY role, number"
    )
    for owner, role, number, key in await at.fetch_among(sql, names, jurisdiction):
        rows.setdefault(owner, []).append((role, number, bytes(key)))
    return {owner: kept_keys(places.get(owner), rows.get(owner, ()), held) for owner in names}

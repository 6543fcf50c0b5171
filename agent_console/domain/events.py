"""Facts: what happened, never changed afterwards.

A fact is a frozen struct registered with `@fact("call.taken", personal=(…))`. The store writes it as the body of an
`Event`; the fields named `personal` are sealed with the key of `key_owner`. An event whose type is not known here was
written by a newer version: its stream is read-only until the program is brought up to date.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import msgspec

from agent_console.domain.instants import Instant

FactT = TypeVar("FactT", bound=msgspec.Struct)


class Envelope(msgspec.Struct, frozen=True, gc=False):
    """Everything that stands around a fact.

    id: UUIDv7, the identity. stream: "call:<uuid>", "order:<uuid>", "seat:<device>". version: 1, 2, … in the stream.
    type, schema: name and form of the body. rule_book, calendar: hashes of what was applied. n: running number of the
    device, gapless, the order of things. occurred_at: UTC microseconds; clock_offset: microseconds to add to reach the
    server's clock, None while never measured. cause: id of the command that led to it. unit: the
    actor's, "" for those of the line; authority: "self_declared" on a lone seat, "token" where a server vouched.
    """

    id: str
    stream: str
    version: int
    type: str
    schema: int
    jurisdiction: str
    rule_book: str
    calendar: str
    actor: str
    role: str
    unit: str
    authority: str
    seat: str
    device: str
    n: int
    occurred_at: Instant
    clock_offset: int | None
    cause: str


class Event(msgspec.Struct, frozen=True):
    """An envelope and its fact. `fact` is None where the type is unknown here or the personal part was erased."""

    envelope: Envelope
    fact: msgspec.Struct | None


class FactType(msgspec.Struct, frozen=True):
    """How a fact is written: its name, the form of its body, and which fields are personal."""

    name: str
    struct: type[msgspec.Struct]
    schema: int
    personal: tuple[str, ...]


_BY_NAME: dict[str, FactType] = {}
_BY_STRUCT: dict[type[msgspec.Struct], FactType] = {}


def fact(name: str, *, personal: tuple[str, ...] = (), schema: int = 1) -> Callable[[type[FactT]], type[FactT]]:
    """Register a struct as the fact `name`; `personal` names the fields to seal."""

    def register(struct: type[FactT]) -> type[FactT]:
        entry = FactType(name, struct, schema, personal)
        _BY_NAME[name] = entry
        _BY_STRUCT[struct] = entry
        return struct

    return register


def type_of(body: msgspec.Struct) -> FactType:
    """Registration of a fact."""
    return _BY_STRUCT[type(body)]


def all_known() -> tuple[FactType, ...]:
    """Every registration there is, by name."""
    return tuple(_BY_NAME[name] for name in sorted(_BY_NAME))


def known(name: str) -> FactType | None:
    """Registration of the type `name`, or None where a newer version wrote it."""
    return _BY_NAME.get(name)

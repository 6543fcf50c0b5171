"""Entries of the outbox as they travel."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from agent_console.desk.commands import History, Past
from agent_console.domain.instants import Instant
from agent_console.store.outbox import HISTORY, KeptEntry, KeptStep
from agent_console.store.seat_file import Store
from agent_console.sync.wire import Entry, Step

_ERASED = msgspec.Raw(b"null")
"""Body of a step whose content was erased before it could be sent: the server turns the entry down, and says so."""


def entries_to_send(store: Store, limit: int, most_bytes: int, offset: Instant | None) -> list[Entry]:
    """The first entries that wait, in order of n, as many as fit; one at least. offset: microseconds to the server's.

    Raises EntryLocked where the first is about a confidential order this process cannot open, or rests on one.
    """
    entries: list[Entry] = []
    for entry, size in _sized(store, limit, offset):
        most_bytes -= size
        if entries and most_bytes < 0:
            break
        entries.append(entry)
    return entries


def _sized(store: Store, limit: int, offset: Instant | None) -> Iterator[tuple[Entry, int]]:
    for kept in store.outbox.queued(limit):
        entry = as_sent(store, kept, offset)
        yield entry, len(msgspec.json.encode(entry))


def as_sent(store: Store, kept: KeptEntry, offset: Instant | None) -> Entry:
    """One entry; a clock offset that was known when it was made counts more than the one of now."""
    return Entry(
        n=kept.n or 0,
        id=kept.id,
        at=kept.at,
        steps=tuple(_step(store, step) for step in kept.steps),
        jurisdiction=kept.jurisdiction,
        rule_book=kept.rule_book,
        calendar=kept.calendar,
        seat=kept.seat,
        actor=kept.actor,
        role=kept.role,
        unit=kept.unit,
        offset=offset if kept.clock_offset is None else kept.clock_offset,
    )


def _step(store: Store, kept: KeptStep) -> Step:
    if kept.body is None:
        body = _ERASED
    elif kept.command == HISTORY:
        body = _history(store, kept)
    else:
        body = msgspec.Raw(kept.body)
    return Step(kept.stream, kept.base, kept.command, body, kept.events)


def _history(store: Store, kept: KeptStep) -> msgspec.Raw:
    wanted = set(kept.events)
    events = tuple(
        Past(event.envelope, msgspec.Raw(msgspec.json.encode(event.fact)))
        for event, _ in store.log.to_fold(kept.stream)
        if event.envelope.id in wanted
    )
    return msgspec.Raw(msgspec.json.encode(History(events)))

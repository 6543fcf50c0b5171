"""A stream where the server has something else than the seat: confirmed events first, then what waits, decided again.

What no longer decides shows nothing; it stays in the outbox until the server has said so, and then in the tray.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from itertools import groupby
from typing import Any

import msgspec

from agent_console.desk.commands import COMMANDS, NOTE, Handling, Noted, may_be_noted
from agent_console.desk.desk import Desk, not_for_readers
from agent_console.desk.orders import secrecy
from agent_console.desk.reports import figures
from agent_console.desk.sync.keys import keys_are_here
from agent_console.domain.confidentiality.secrecy_facts import ERASING
from agent_console.domain.context import Context
from agent_console.domain.decisions import Done
from agent_console.domain.errors import UnknownName
from agent_console.domain.events import Event, known
from agent_console.domain.intake.calls import CallErased
from agent_console.domain.people import Actor
from agent_console.domain.work_order.order_clocks import is_recalculated
from agent_console.domain.work_order.order_life_facts import Recalculated
from agent_console.domain.work_order.orders import Order
from agent_console.domain.work_order.orders import evolve as evolve_order
from agent_console.store.log import Context as WriteContext
from agent_console.store.mirror import Told
from agent_console.store.outbox import HISTORY, KeptEntry, KeptStep
from agent_console.store.seat_file import Store

Facts = tuple[msgspec.Struct, ...]


def rewrite(desk: Desk, store: Store, stream: str, told: Sequence[Told], cursor: int) -> None:
    """Inside a transaction: let the confirmed events of a stream go on with `told`, then decide what waits again."""
    pending = {event.envelope.id: event for event, seq in store.log.to_fold(stream) if seq is None}
    with store.mirror.rewriting(stream):
        store.mirror.drop_pending(stream)
    append(desk, store, stream, told)
    events = store.mirror.fold_anew(stream)
    if _may_go_on(events):
        for entry in store.outbox.not_confirmed(stream, cursor):
            base = len(events)
            for step in entry.steps:
                events += _again(desk, store, entry, step, events, pending)
            store.outbox.decided_on(entry.id, stream, base)
    keep_figures(desk, stream, events)


def append(desk: Desk, store: Store, stream: str, told: Sequence[Told]) -> list[Event]:
    """Inside a transaction: append what the server has; its keys change hands as they would on this seat."""
    version = store.log.version(stream)
    added: list[Event] = []
    for _, together in groupby(told, key=lambda one: one.envelope.cause):
        some = tuple(together)
        facts = tuple(one.fact for one in some if one.fact is not None)
        secrecy.change_keys(store, stream, facts, desk.rule_book)
        for one in some:
            version += 1
            added.append(store.mirror.append(one, version))
    return added


def keep_figures(desk: Desk, stream: str, events: Sequence[Event]) -> None:
    """Inside a transaction: write the due times of an order as it stands after all of its events."""
    if not stream.startswith("order:"):
        return
    order = _order(events)
    if order.id and not order.withheld:
        figures.keep(desk, stream, order)


def _may_go_on(events: Sequence[Event]) -> bool:
    is_over = any(isinstance(event.fact, (CallErased, *ERASING)) for event in events)
    return not is_over and all(event.fact is not None for event in events)


def _again(
    desk: Desk, store: Store, entry: KeptEntry, step: KeptStep, events: Sequence[Event], pending: dict[str, Event]
) -> list[Event]:
    """Decide a step on the events its stream has by now; those that follow are kept."""
    if step.command == HISTORY:
        return _told_again(store, step, events, pending)
    facts = _noted(step, events) if step.command == NOTE else _decided(desk, entry, step, events)
    if not facts or not keys_are_here(desk, store, facts):
        return []
    secrecy.change_keys(store, step.stream, facts, desk.rule_book)
    return store.log.append(
        facts,
        stream=step.stream,
        expected_version=len(events),
        context=_written_by(entry),
        ids=step.events,
    )


def _told_again(store: Store, step: KeptStep, events: Sequence[Event], pending: dict[str, Event]) -> list[Event]:
    there = {event.envelope.id for event in events}
    again = [pending[id_] for id_ in step.events if id_ in pending and id_ not in there]
    placed = [
        msgspec.structs.replace(event, envelope=msgspec.structs.replace(event.envelope, version=place))
        for place, event in enumerate(again, len(events) + 1)
    ]
    if placed:
        store.log.take_in(placed)
    return placed


def _noted(step: KeptStep, events: Sequence[Event]) -> Facts:
    if step.body is None:
        return ()
    noted = msgspec.json.decode(step.body, type=Noted)
    entry = known(noted.type)
    if entry is None:
        return ()
    happened: msgspec.Struct = msgspec.json.decode(noted.fact, type=entry.struct)
    if not may_be_noted(step.stream, happened) or _is_known(events, happened):
        return ()
    return (happened,)


def _is_known(events: Sequence[Event], happened: msgspec.Struct) -> bool:
    """Whether another seat, or this one, has said so before: see `is_recalculated`."""
    return isinstance(happened, Recalculated) and is_recalculated(_order(events), happened)


def _order(events: Sequence[Event]) -> Order:
    return reduce(evolve_order, (event.fact for event in events), Order())


def _decided(desk: Desk, entry: KeptEntry, step: KeptStep, events: Sequence[Event]) -> Facts:
    handled = COMMANDS.get(step.command)
    if handled is None or step.body is None:
        return ()
    command = msgspec.json.decode(step.body, type=handled.struct)
    state: Any = reduce(handled.evolve, (event.fact for event in events), handled.empty)
    try:
        context = _context(desk, entry, handled, state)
    except UnknownName:
        return ()
    decision = not_for_readers(state, context) or handled.decide(state, command, context)
    return decision.facts if isinstance(decision, Done) else ()


def _context(desk: Desk, entry: KeptEntry, handled: Handling, state: Any) -> Context:
    """What the entry was decided on, as far as this seat still knows it: its instant, its person, its book."""
    book, now = desk.books.present(entry.jurisdiction), entry.at + (entry.clock_offset or 0)
    if handled.context == "order":
        book = desk.books.under(state.rule_book or entry.jurisdiction, state.book_version, now)
    actor = Actor(entry.actor, entry.role, entry.unit, self_declared=entry.authority == "self_declared")
    return Context(book, desk.calendar, now, actor, desk.directory(book.code))


def _written_by(entry: KeptEntry) -> WriteContext:
    return WriteContext(
        actor=entry.actor,
        role=entry.role,
        unit=entry.unit,
        authority=entry.authority,
        seat=entry.seat,
        jurisdiction=entry.jurisdiction,
        rule_book=entry.rule_book,
        calendar=entry.calendar,
        cause=entry.id,
        occurred_at=entry.at,
        clock_offset=entry.clock_offset,
    )
